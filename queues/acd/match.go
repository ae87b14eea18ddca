package acd

import (
	"slices"

	"github.com/linekeeper/linekeeper/queues"
)

// todo is what an event has changed that others depend on; it is worked off
// before Apply answers.
type todo struct {
	spots   []*spot  // places that came to wait, or for which a tier opened
	agents  []*agent // agents who can be rung now
	queues  []*queue // queues that may be served by another agent again, or borrow
	empty   []*queue // queues whose last agent went off duty
	stirred []*queue // queues whose places came, went or moved
}

// match rings agents. Before the event no place waited for which an agent could
// be rung; so only the lanes matter that the event touched: those of new places,
// and those that agents who became free may serve.
//
// First each place gets agents of its own queue, the first place first, whichever
// queue it is in; then agents are lent who still have nobody of their own.
func (g *Group) match(t *turn) {
	for seen := 0; ; {
		for ; seen < len(g.todo.spots); seen++ { // which may grow
			g.review(t, g.todo.spots[seen])
		}
		if len(g.todo.spots)+len(g.todo.agents)+len(g.todo.queues) == 0 {
			return
		}
		opened := len(g.todo.queues)
		g.serve(t, g.touched(), (*lane).own)
		if len(g.todo.spots) == seen && len(g.todo.queues) == opened {
			break
		} // else agents were taken who were kept for later places, and these look for others
	}
	g.lend(t)
	g.joinRinging(t)
	g.todo.spots, g.todo.agents, g.todo.queues = g.todo.spots[:0], g.todo.agents[:0], g.todo.queues[:0]
}

// touched lists the lanes that the event touched.
func (g *Group) touched() lanes {
	var lanes lanes
	for _, s := range g.todo.spots {
		if s.inLane() {
			lanes.list(s.lane())
		}
	}
	for _, a := range g.todo.agents {
		if a.pooled {
			for _, seat := range a.seats {
				lanes.listAll(seat.class)
			}
		}
	}
	for _, q := range g.todo.queues {
		for _, c := range q.listed {
			lanes.listAll(c)
		}
	}
	return lanes
}

// lend rings agents of other queues for the queues that borrow.
func (g *Group) lend(t *turn) {
	var lanes lanes
	for _, q := range g.queues {
		if q.borrows {
			for _, c := range q.listed {
				last := len(c.lanes) - 1
				lanes.list(c.lanes[last])
				lanes.list(c.absent[last])
			}
		}
	}
	g.serve(t, lanes, (*lane).borrowed)
}

// serve offers the places of these lanes, first in order first, to the agents
// that find chooses for a lane, until there are none left.
func (g *Group) serve(t *turn, l lanes, find func(*lane) *seat) {
	h := l[:0]
	for _, lane := range l {
		lane.listed = false
		if find(lane) != nil {
			lane.head, _ = lane.waiting.first()
			h = append(h, lane)
		}
	}
	h.order()
	for len(h) > 0 {
		lane := h[0]
		best := find(lane)
		if best == nil {
			h.drop()
			continue
		}
		s := lane.head
		if best.agent.keeps != nil {
			g.unkeep(t, best.agent)
		}
		if s.State == queues.PlaceResting {
			g.keep(t, s, best.agent)
		} else {
			for _, to := range lane.along(best) {
				g.offer(t, s, to)
			}
		}
		var more bool
		if lane.head, more = lane.waiting.first(); !more {
			h.drop()
		} else {
			h.down(0)
		}
	}
}

// own chooses the agent to ring for the first place of a lane; nil when no agent
// of the queue's own can be rung.
func (l *lane) own() *seat {
	c := l.class
	if l.waiting.len() == 0 || l.limited() {
		return nil
	}
	if best, ok := c.idle.first(); ok && best.tier <= l.open {
		return best
	}
	return l.keptForLater()
}

// along lists who is rung together with an agent: all whom the open tiers have,
// where the strategy says so.
func (l *lane) along(best *seat) []*seat {
	if l.class.queue.rule.Strategy != RingAll || best.lenders != nil {
		return []*seat{best}
	}
	var all []*seat
	for _, s := range l.class.idle.from(0) {
		if s.tier > l.open {
			break
		}
		all = append(all, s)
	}
	return all
}

// borrowed chooses an agent of another queue to ring for the first place of a
// lane.
func (l *lane) borrowed() *seat {
	c := l.class
	if l.waiting.len() == 0 || l.limited() {
		return nil
	}
	var best *seat
	before := c.queue.rule.Strategy.seatBefore()
	for _, lenders := range c.lent {
		s, ok := lenders.idle.first()
		if ok && lenders.spare(c.queue.rule.Borrow.Keep) && (best == nil || before(s, best)) {
			best = s
		}
	}
	return best
}

// joinRinging lets agents who became free, and whom no place waits for, be rung
// along with the others where the strategy is to ring all.
func (g *Group) joinRinging(t *turn) {
	for _, a := range slices.Clone(g.todo.agents) {
		if !a.pooled {
			continue
		}
		var best *spot
		var by *seat
		for _, seat := range a.seats {
			if seat.class.queue.rule.Strategy != RingAll {
				continue
			}
			for _, s := range seat.class.offered.from(0) {
				if s.openTier(t.now) >= seat.tier {
					if best == nil || spotBefore(s, best) {
						best, by = s, seat
					}
					break
				}
			}
		}
		if best != nil {
			g.offer(t, best, by)
		}
	}
}

// lanes is a heap of lanes, the one with the first place on top.
type lanes []*lane

// list adds a lane that has places; listed keeps one from being added twice.
func (l *lanes) list(one *lane) {
	if !one.listed && one.waiting.len() > 0 {
		one.listed = true
		*l = append(*l, one)
	}
}

func (l *lanes) listAll(c *class) {
	for i := range c.lanes {
		l.list(c.lanes[i])
		l.list(c.absent[i])
	}
}

func (l lanes) order() {
	for i := len(l)/2 - 1; i >= 0; i-- {
		l.down(i)
	}
}

func (l *lanes) drop() {
	h := *l
	h[0] = h[len(h)-1]
	*l = h[:len(h)-1]
	l.down(0)
}

func (l lanes) down(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(l); child++ {
			if l[child].before(l[least]) {
				least = child
			}
		}
		if least == i {
			return
		}
		l[i], l[least] = l[least], l[i]
		i = least
	}
}

func (l *lane) before(o *lane) bool { return spotBefore(l.head, o.head) }
