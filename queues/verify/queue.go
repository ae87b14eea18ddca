package verify

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

// queue is the line of one queue: its open places that no agent took yet, best
// first, and what the journal says of how it is served.
type queue struct {
	name    string
	own     bool // linekeeper distributes, not the switch
	opened  bool // queue.opened was seen
	tiers   []tier
	atOnce  int  // the most agents who may serve it at once, 0 for no limit
	lent    bool // agents of other queues serve it now
	run     int  // counts the starts of the daemon, as far as they can be seen
	offered bool // an offer was seen
	served  bool // a service was seen

	classes []*class // by priority, the highest first; empty ones stay
}

// tier opens for a place that has waited so long, for agents with these skills.
type tier struct {
	after time.Duration
	needs map[string]int
}

// class is the places of one priority, the oldest first.
type class struct {
	priority int
	places   []*place
}

func (v *Verifier) queue(name string) *queue {
	q := v.queues[name]
	if q == nil {
		q = &queue{name: name}
		v.queues[name] = q
	}
	return q
}

func (q *queue) class(priority int) *class {
	i, found := slices.BinarySearchFunc(q.classes, priority, func(c *class, p int) int { return cmp.Compare(p, c.priority) })
	if !found {
		q.classes = slices.Insert(q.classes, i, &class{priority: priority})
	}
	return q.classes[i]
}

func (c *class) rank(p *place) int {
	return sort.Search(len(c.places), func(i int) bool { return !c.places[i].before(p) })
}

func (q *queue) insert(p *place) {
	c := q.class(p.priority)
	c.places = slices.Insert(c.places, c.rank(p), p)
}

func (q *queue) remove(p *place) {
	c := q.class(p.priority)
	if i := c.rank(p); i < len(c.places) && c.places[i] == p {
		c.places = slices.Delete(c.places, i, i+1)
	}
}

// better visits the places that are to be served before p, best first.
func (q *queue) better(p *place, visit func(*place)) {
	for _, c := range q.classes {
		if c.priority < p.priority {
			return
		}
		for _, other := range c.places {
			if !other.before(p) {
				break
			}
			visit(other)
		}
	}
}

// passesByPriority says whether somebody who came before p waits with a lower
// priority.
func (q *queue) passesByPriority(p *place) bool {
	for _, c := range q.classes {
		if c.priority < p.priority && len(c.places) > 0 && c.places[0].takenAt.Before(p.takenAt) {
			return true
		}
	}
	return false
}

func (v *Verifier) queueOpened(e journal.Entry) {
	q := v.queue(e.Queue)
	q.own, q.opened = e.Text("engine") == "linekeeper", true
	q.atOnce = int(number(e, "at_once"))
	q.tiers, q.lent = nil, false
	for _, t := range e.Maps("tiers") {
		after, _ := t["after_s"].(float64)
		q.tiers = append(q.tiers, tier{seconds(after), journal.Levels(t["skills"])})
	}
	v.restarted(q)
	for _, p := range v.places {
		if p.queue == q {
			p.offers.open = nil
		}
	}
}

// restarted: the daemon began anew. What was under way is not known.
func (v *Verifier) restarted(q *queue) {
	q.run++
	v.dropDoubts(q)
}

func (v *Verifier) queueBorrowing(e journal.Entry) { v.queue(e.Queue).lent = e.Flag("on") }
