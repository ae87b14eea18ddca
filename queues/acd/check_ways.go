package acd

import (
	"fmt"
	"slices"
)

// Faults of the ways between queues: overflow and borrowing.

func (c *checker) overflow(q Queue) {
	for i, o := range q.Overflow {
		nth := fmt.Sprintf("rule %d", i+1)
		switch {
		case o.To == q.Name:
			c.queue(q, "overflow", nth+" leads into the queue itself", "name another queue")
		case !c.queues[o.To]:
			c.queue(q, "overflow", nth+": "+c.noQueue(o.To)+" with engine linekeeper", "write one of these: "+c.names())
		}
		if o.After < 0 || o.Length < 0 || o.EWT < 0 {
			c.queue(q, "overflow", nth+" has a negative condition", "write it without the minus, or leave it out")
		}
		if o.After == 0 && o.Length == 0 && o.EWT == 0 && !o.NoAgents {
			c.queue(q, "overflow", nth+" has no condition", "say when: after, length, ewt or no_agents")
		}
	}
}

func (c *checker) borrow(q Queue) {
	b := q.Borrow
	if b == nil {
		return
	}
	if len(b.From) == 0 {
		c.queue(q, "borrow", "it says from nobody", "name the queues whose agents may be lent in from")
	}
	for i, name := range b.From {
		switch {
		case name == q.Name:
			c.queue(q, "borrow", "it borrows from itself", "name other queues")
		case !c.queues[name]:
			c.queue(q, "borrow", c.noQueue(name)+" with engine linekeeper", "write one of these: "+c.names())
		case slices.Contains(b.From[:i], name):
			c.queue(q, "borrow", name+" is listed twice", "remove one")
		}
	}
	if b.Above <= 0 {
		c.queue(q, "borrow", "it does not say when to begin", "write the expected wait in above, such as 3m")
	}
	if b.Below < 0 || b.Below > b.Above {
		c.queue(q, "borrow", fmt.Sprintf("it would end at a wait below %v although it begins above %v", b.Below, b.Above),
			"let below be less than above")
	}
	if b.Keep < 0 {
		c.queue(q, "borrow", fmt.Sprintf("keep is %d", b.Keep), "write how many free agents the lending queue keeps, from 0")
	}
	c.wanted(q, "borrow", b.Skills)
}

// loops finds queues from which overflow leads back to them.
func (c *checker) loops() {
	to := map[string][]string{}
	for _, q := range c.Queues {
		for _, o := range q.Overflow {
			if o.To != q.Name && c.queues[o.To] {
				to[q.Name] = append(to[q.Name], o.To)
			}
		}
	}
	const (
		open   = 1 // on the way that is being followed
		closed = 2 // leads round nowhere, or was told
	)
	state := map[string]int{}
	var way []string
	var follow func(name string)
	follow = func(name string) {
		switch state[name] {
		case open:
			round := append(slices.Clone(way[slices.Index(way, name):]), name)
			c.fail(Fault{
				Queue: name, Field: "overflow", What: "it leads round in a circle: " + join(round),
				Remedy: "remove one of these overflows",
			})
			return
		case closed:
			return
		}
		state[name], way = open, append(way, name)
		for _, next := range to[name] {
			follow(next)
		}
		state[name], way = closed, way[:len(way)-1]
	}
	for _, q := range c.Queues {
		follow(q.Name)
	}
}
