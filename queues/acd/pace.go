package acd

import (
	"math"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// When the customers of promises are called.
//
// A promise whose turn it is gets an agent like any other place; but as nobody is
// on the line, the agent is not rung but kept free while the customer is being
// called. So its order holds against whoever came later, and nobody is called for
// whom there is no agent. An agent who is kept for a later place is taken for an
// earlier one that needs an agent at once.
//
// That the agent need not wait, customers are called before an agent is free when
// the estimate says that one will be by the time the customer is there; see
// dialAhead.

// wantsAgent says whether an agent is to be kept free for a promise.
func (s *spot) wantsAgent(now time.Time) bool {
	return s.State == queues.PlaceResting && s.counts() && s.promise() && s.kept == nil && !now.Before(s.EnterAfter)
}

// inLane says whether a place stands where agents are looked for.
func (s *spot) inLane() bool { return s.shelf != nil && s.shelf == &s.lane().waiting }

// lane is where agents are looked for, for a place that wants one.
func (s *spot) lane() *lane {
	if s.State == queues.PlaceResting {
		return s.class.absent[s.open]
	}
	return s.class.lanes[s.open]
}

// limited says whether no agent may be had because of how many serve at once.
func (l *lane) limited() bool {
	if l.absent {
		return l.class.queue.tight()
	}
	return l.class.queue.full()
}

// keep keeps an agent free for the customer of a promise, who is to be called now
// if that was not done.
func (g *Group) keep(t *turn, s *spot, a *agent) {
	free := s.class.idle.len() + s.queue.keeping
	s.kept, s.since, a.keeps = a, t.now, s
	g.kept = append(g.kept, s)
	g.place(t, s)
	g.count(t, a)
	g.tellDue(t, s, queues.Due{Ahead: s.queue.order.rank(s), InFlight: s.queue.keeping, Free: max(free, s.queue.keeping)})
}

// unkeep lets an agent go who was kept free; the promise goes on.
func (g *Group) unkeep(t *turn, a *agent) {
	s := a.keeps
	g.part(t, s)
	g.place(t, s)
	g.count(t, a)
}

// part ends what keep began, for place and unkeep, which see to the rest.
func (g *Group) part(t *turn, s *spot) *agent {
	a := s.kept
	s.kept, a.keeps = nil, nil
	g.kept = slices.DeleteFunc(g.kept, func(o *spot) bool { return o == s })
	t.notePlace("place.awaited", s, map[string]any{
		"agent": a.rule.ID, "waited_s": inSeconds(t.now.Sub(s.since)), "came": s.State == queues.PlaceWaiting,
	})
	return a
}

// keptForLater finds an agent for the first place of a lane who is kept for a
// later one: of those, the one who is kept for the last. A promise whose customer
// is not there takes nobody's agent.
func (l *lane) keptForLater() *seat {
	if l.absent {
		return nil
	}
	head, _ := l.waiting.first()
	var best *seat
	for _, s := range l.class.queue.group.kept {
		if !spotBefore(head, s) || best != nil && spotBefore(s, best.agent.keeps) {
			continue
		}
		for _, seat := range s.kept.seats {
			if seat.class == l.class && seat.tier <= l.open {
				best = seat
			}
		}
	}
	return best
}

// tellDue tells a promise that it is time to dial its customer, if it was not told.
func (g *Group) tellDue(t *turn, s *spot, due queues.Due) {
	if s.due {
		return
	}
	s.due = true
	g.place(t, s)
	due.Place, due.Estimate, due.Lead = s.Place, s.est, s.queue.lead
	t.do(due)
}

// dialAhead tells the promises of a queue whose customers are to be called before
// an agent is free. Two things must hold: the expected wait is no longer than the
// call takes until the customer is there; and with those who are being called
// already, and all who are to be served before, there are no more than agents who
// will be free by then. No agent is free now, or the promise would have one.
func (g *Group) dialAhead(t *turn, q *queue) {
	claims, most := q.loose, int(math.Round(q.freeing))
	for ahead, s := range q.order.from(0) {
		if claims >= most {
			return
		}
		switch {
		case s.State == queues.PlaceOffered, s.kept != nil, s.loose:
			continue
		case s.wantsAgent(t.now) && !s.due && s.est.Known && s.est.Mean <= q.lead && s.class.able > 0:
			g.tellDue(t, s, queues.Due{Ahead: ahead, InFlight: q.keeping + q.loose + 1, Free: q.keeping + most})
		}
		claims++
	}
}

// countFlight keeps the counts of promises whose customers are being called.
func (g *Group) countFlight(s *spot) {
	if keeping := s.kept != nil; keeping != s.keeping {
		s.keeping = keeping
		s.queue.keeping += change(keeping)
	}
	if loose := s.due && s.promise() && s.counts() && s.State == queues.PlaceResting && s.kept == nil; loose != s.loose {
		s.loose = loose
		s.queue.loose += change(loose)
	}
}
