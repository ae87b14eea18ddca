package acd

import "time"

// alarm wakes its owner at a time. It is in the clock while it is set.
type alarm struct {
	at    time.Time
	pos   int // in the clock, from 1; 0 when it is not set
	owner sleeper
}

// sleeper is whoever has an alarm.
type sleeper interface {
	// wake is called once the alarm's time has come; the alarm is not set then.
	wake(g *Group, t *turn)
}

// clock holds the alarms that are set: a heap with the next one on top.
type clock []*alarm

// next is when the first alarm goes off; zero when none is set.
func (c clock) next() time.Time {
	if len(c) == 0 {
		return time.Time{}
	}
	return c[0].at
}

// set lets an alarm go off at a time; the zero time puts it off.
func (c *clock) set(a *alarm, at time.Time) {
	switch {
	case at.IsZero():
		c.drop(a)
	case a.pos == 0:
		a.at = at
		*c = append(*c, a)
		a.pos = len(*c)
		c.up(a.pos - 1)
	case !at.Equal(a.at):
		a.at = at
		c.down(c.up(a.pos - 1))
	}
}

// pop takes out the first alarm if its time has come by now.
func (c *clock) pop(now time.Time) *alarm {
	if len(*c) == 0 || now.Before((*c)[0].at) {
		return nil
	}
	a := (*c)[0]
	c.drop(a)
	return a
}

func (c *clock) drop(a *alarm) {
	if a.pos == 0 {
		return
	}
	h, i := *c, a.pos-1
	last := len(h) - 1
	if i != last {
		h.swap(i, last)
	}
	h[last] = nil
	*c = h[:last]
	a.pos, a.at = 0, time.Time{}
	if i != last {
		c.down(c.up(i))
	}
}

func (c clock) swap(i, j int) {
	c[i], c[j] = c[j], c[i]
	c[i].pos, c[j].pos = i+1, j+1
}

func (c clock) up(i int) int {
	for i > 0 {
		parent := (i - 1) / 2
		if !c[i].at.Before(c[parent].at) {
			break
		}
		c.swap(i, parent)
		i = parent
	}
	return i
}

func (c clock) down(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(c); child++ {
			if c[child].at.Before(c[least].at) {
				least = child
			}
		}
		if least == i {
			return
		}
		c.swap(i, least)
		i = least
	}
}
