package acd

import (
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// What becomes of places that a queue does not want, or that waited too long.

// overflowRetry is how long a place waits that should flow over but whose new
// queue does not take it, until that is tried again.
const overflowRetry = 10 * time.Second

// admit lets a place come into its queue, or sends it where that is to be gone to
// instead; it says whether the place is in some queue.
func (g *Group) admit(t *turn, s *spot) bool {
	for range len(g.queues) {
		to, reason := g.turnedAway(s.queue, s, len(g.queues))
		if reason != "" {
			g.end(t, s, reason, !hungUp)
			return false
		}
		if to == nil {
			break
		}
		g.relocate(t, s, g.named[to.To], !to.Anew, to.whyAtJoining(s.queue, s), "")
	}
	return true
}

// turnedAway says whether a queue sends on whoever comes now, or why it does not
// take them. It sends nobody where they are not taken. hops bounds the way.
func (g *Group) turnedAway(q *queue, s *spot, hops int) (to *Overflow, reason queues.LeaveReason) {
	for i := range q.rule.Overflow {
		o := &q.rule.Overflow[i]
		if o.whyAtJoining(q, s) != "" && g.takes(o, s, hops-1) {
			return o, ""
		}
	}
	switch {
	case !s.limited():
	case q.staff == 0 && !q.rule.JoinEmpty:
		return nil, queues.LeftNoAgents
	case q.rule.MaxLength > 0 && q.liveBeside(s) >= q.rule.MaxLength:
		return nil, queues.LeftFull
	}
	return nil, ""
}

// takes says whether the queue of an overflow, or one that it sends on to, takes
// a place.
func (g *Group) takes(o *Overflow, s *spot, hops int) bool {
	q := g.named[o.To]
	if q == nil || q == s.queue || hops <= 0 {
		return false
	}
	to, reason := g.turnedAway(q, s, hops)
	return to != nil || reason == ""
}

// liveBeside is how many live callers wait in a queue besides this one.
func (q *queue) liveBeside(s *spot) int {
	if s.live && s.queue == q {
		return q.live - 1
	}
	return q.live
}

// Why a place flows over.
const (
	overflowWait     = "overflow: wait"
	overflowLength   = "overflow: length"
	overflowEWT      = "overflow: ewt"
	overflowNoAgents = "overflow: no agents"
)

// whyAtJoining gives the condition that sends on a place that comes into the
// queue now; "" when none does.
func (o *Overflow) whyAtJoining(q *queue, s *spot) string {
	switch {
	case o.NoAgents && q.staff == 0:
		return overflowNoAgents
	case !s.limited():
	case o.Length > 0 && q.liveBeside(s) >= o.Length:
		return overflowLength
	case o.EWT > 0 && q.joining.Known && q.joining.Mean > o.EWT:
		return overflowEWT
	}
	return ""
}

// review does what waiting alone has brought about: a place flows over, leaves
// because it waited for too long, or more agents may serve it.
func (g *Group) review(t *turn, s *spot) {
	if s.State == queues.PlaceOffered && s.ringsAll() {
		g.ringMore(t, s)
		return
	}
	if s.State != queues.PlaceWaiting && (s.State != queues.PlaceResting || !s.counts()) {
		return
	}
	for i := range s.queue.rule.Overflow {
		o := &s.queue.rule.Overflow[i]
		if o.After > 0 && !t.now.Before(s.QueuedAt.Add(o.After)) && g.takes(o, s, len(g.queues)) {
			g.relocate(t, s, g.named[o.To], !o.Anew, overflowWait, "")
			g.admit(t, s)
			return
		}
	}
	if end := s.longest(); !end.IsZero() && !t.now.Before(end) {
		g.end(t, s, queues.LeftTimeout, !hungUp)
		return
	}
	if s.State == queues.PlaceResting {
		g.stir(s.queue)
	}
	g.place(t, s)
}

// ringMore lets the agents of a tier that opens be rung along with those who are
// being rung, if no place waits for them; see joinRinging.
func (g *Group) ringMore(t *turn, s *spot) {
	for _, seat := range s.class.idle.from(0) {
		if seat.tier > s.openTier(t.now) {
			break
		}
		g.todo.agents = append(g.todo.agents, seat.agent)
	}
	g.place(t, s)
}

// ringsAll says whether all agents are to be rung at once for a place.
func (s *spot) ringsAll() bool { return s.queue.rule.Strategy == RingAll }

// wake reviews a place whose time for something has come.
func (s *spot) wake(g *Group, t *turn) { g.review(t, s) }

// longest is when a live caller has waited for too long; zero for never.
func (s *spot) longest() time.Time {
	if wait := s.queue.rule.MaxWait; wait > 0 && s.limited() && s.State == queues.PlaceWaiting {
		return s.QueuedAt.Add(wait)
	}
	return noTime
}

// deadline is when something about a place changes by time alone; zero for never.
func (g *Group) deadline(s *spot, now time.Time) time.Time {
	var next time.Time
	sooner := func(at time.Time) {
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	switch {
	case !s.counts():
		return next
	case s.State == queues.PlaceOffered:
		if tiers, open := s.queue.rule.Tiers, s.openTier(now); s.ringsAll() && open+1 < len(tiers) {
			return s.QueuedAt.Add(tiers[open+1].After)
		}
		return next
	}
	for _, o := range s.queue.rule.Overflow {
		if at := s.QueuedAt.Add(o.After); o.After > 0 {
			if !now.Before(at) {
				at = now.Add(overflowRetry)
			}
			sooner(at)
		}
	}
	if s.State == queues.PlaceResting {
		if now.Before(s.EnterAfter) {
			sooner(s.EnterAfter)
		}
		if !s.inLane() {
			return next
		}
	}
	if tiers := s.queue.rule.Tiers; int(s.open)+1 < len(tiers) {
		sooner(s.QueuedAt.Add(tiers[s.open+1].After))
	}
	sooner(s.longest())
	return next
}

// sweptAtOnce is how many places of queues that nobody serves any more one Apply
// looks at.
const sweptAtOnce = 64

// emptied notes that the last agent of a queue went off duty.
func (g *Group) emptied(q *queue) {
	leads := q.rule.LeaveEmpty
	for _, o := range q.rule.Overflow {
		leads = leads || o.NoAgents
	}
	if leads && !q.emptied {
		q.emptied, q.swept = true, nil
		g.todo.empty = append(g.todo.empty, q)
	}
}

// evacuate lets places go on or leave whose queue nobody serves any more.
func (g *Group) evacuate(t *turn) {
	left := sweptAtOnce
	for len(g.todo.empty) > 0 && left > 0 {
		q := g.todo.empty[0]
		for ; left > 0 && q.emptied; left-- {
			q.emptied = q.staff == 0 && g.sweep(t, q)
		}
		if !q.emptied {
			g.todo.empty = g.todo.empty[1:]
		}
	}
}

// sweep looks at the next place; false when there is none.
func (g *Group) sweep(t *turn, q *queue) bool {
	from := 0
	if q.swept != nil {
		from = q.order.rank(q.swept)
		if q.swept.inLine && q.swept.queue == q {
			from++
		}
	}
	for _, s := range q.order.from(from) {
		q.swept = s
		if s.State == queues.PlaceOffered {
			return true // by agents who are lent
		}
		for i := range q.rule.Overflow {
			o := &q.rule.Overflow[i]
			if o.NoAgents && g.takes(o, s, len(g.queues)) {
				g.relocate(t, s, g.named[o.To], !o.Anew, overflowNoAgents, "")
				g.admit(t, s)
				return true
			}
		}
		if q.rule.LeaveEmpty && s.limited() {
			g.end(t, s, queues.LeftNoAgents, !hungUp)
		}
		return true
	}
	return false
}
