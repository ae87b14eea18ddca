package acd

import (
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// spot is a place with what only the group knows of it.
type spot struct {
	queues.Place
	alarm
	queue *queue
	class *class
	open  int32        // the last tier that is open for it while it waits
	slot  int32        // of its Save in this turn, from 1
	shelf *tree[*spot] // of its class: where it stands now, nil for nowhere
	legs  []*leg       // that ring for it, or the one that talks
	kept  *agent       // kept free while the customer is being called, nil for none
	since time.Time    // since when
	told  told
	est   queues.Estimate // the last that was made
	join  *standing       // when it was first estimated; nil before, and after a restart

	asked     bool // its holder asked that it enters, so somebody is on the line, or will be at once
	due       bool // Due was sent
	estimated bool // the journal has its first estimate
	endUnseen bool // its conversation ended while nobody looked
	inLine    bool // it is in queue.order
	aside     bool // it is in queue.aside
	live      bool // it is counted in queue.live
	busy      bool // it is counted in queue.busy
	loose     bool // it is counted in queue.loose
	keeping   bool // it is counted in queue.keeping
}

// told is how a place stood when its holder was last told.
type told struct {
	known bool
	ahead int32
	able  int32
	quote queues.Quote
}

// standing is how a place stood when it was first estimated.
type standing struct {
	ahead int
	est   queues.Estimate
}

func spotBefore(a, b *spot) bool { return a.Before(b.Place) }

// promise says whether nobody is on the line: a promise whose customer has not
// confirmed yet.
func (s *spot) promise() bool { return s.CallbackID != "" && s.CallID == "" }

// limited says whether the limits of the queue concern it: promises are never
// thrown out.
func (s *spot) limited() bool { return s.CallbackID == "" }

// counts says whether others wait behind this place. One that rests until it is
// asked for does not count.
func (s *spot) counts() bool {
	switch s.State {
	case queues.PlaceWaiting, queues.PlaceOffered:
		return true
	case queues.PlaceResting:
		return !s.EnterAfter.IsZero()
	}
	return false
}

// place puts a spot where its state wants it, in all indexes and counts. It is
// called after whatever changed the spot; what its order depends on must not have
// changed since without lift.
func (g *Group) place(t *turn, s *spot) {
	q := s.queue
	var freed *agent
	if s.kept != nil && (s.State != queues.PlaceResting || !s.counts()) {
		freed = g.part(t, s)
	}
	shelf := s.shelfNow(t.now)
	if shelf != s.shelf {
		if s.shelf != nil {
			s.shelf.remove(s)
		}
		if shelf != nil {
			shelf.insert(s)
		}
		s.shelf = shelf
		if s.inLane() {
			g.todo.spots = append(g.todo.spots, s)
		}
	}
	if inLine := s.counts(); inLine != s.inLine {
		s.inLine = inLine
		if inLine {
			q.order.insert(s)
		} else {
			q.order.remove(s)
		}
		g.stir(q)
	}
	full, tight := q.full(), q.tight()
	busy := s.State == queues.PlaceOffered || s.State == queues.PlaceServed
	if busy != s.busy {
		s.busy = busy
		q.busy += change(busy)
	}
	live := unserved(s.State) && s.counts() && s.limited()
	if live != s.live {
		s.live = live
		q.live += change(live)
	}
	g.countFlight(s)
	if full && !q.full() || tight && !q.tight() {
		g.todo.queues = append(g.todo.queues, q)
	}
	if aside := s.State != queues.PlaceLeft && !s.inLine; aside != s.aside {
		s.aside = aside
		if aside {
			q.aside[s.ID] = s
		} else {
			delete(q.aside, s.ID)
		}
	}
	g.clock.set(&s.alarm, g.deadline(s, t.now))
	if freed != nil {
		g.count(t, freed)
	}
}

func change(more bool) int {
	if more {
		return 1
	}
	return -1
}

// lift takes a spot out of all indexes and counts of its queue, so that it may
// change queue or order; place puts it back.
func (g *Group) lift(t *turn, s *spot) {
	state, after := s.State, s.EnterAfter
	s.State, s.EnterAfter = queues.PlaceLeft, time.Time{}
	g.place(t, s)
	s.State, s.EnterAfter = state, after
}

// shelfNow is the tree of its class in which a spot belongs.
func (s *spot) shelfNow(now time.Time) *tree[*spot] {
	switch {
	case s.State == queues.PlaceWaiting || s.wantsAgent(now):
		s.open = int32(s.openTier(now))
		return &s.lane().waiting
	case s.State == queues.PlaceOffered:
		return &s.class.offered
	case s.counts():
		return &s.class.held
	}
	return nil
}

// openTier is the last tier that is open for a place by its age in the queue.
func (s *spot) openTier(now time.Time) int {
	tiers := s.queue.rule.Tiers
	open := 0
	for open+1 < len(tiers) && !now.Before(s.QueuedAt.Add(tiers[open+1].After)) {
		open++
	}
	return open
}

// stir marks a queue whose places came, went or moved.
func (g *Group) stir(q *queue) {
	q.stale = true
	if !q.stirred {
		q.stirred = true
		g.todo.stirred = append(g.todo.stirred, q)
	}
}
