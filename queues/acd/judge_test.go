package acd

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/queues"
)

// What must hold after every event, looked up by the rules alone.

// checkIdle looks for a place that waits although an agent could be rung for it.
func (w *world) checkIdle(t *rapid.T) {
	for _, s := range w.g.spots {
		if s.State != queues.PlaceWaiting || s.queue.full() {
			continue
		}
		for _, a := range w.g.agents {
			if !w.canBeRung(a) {
				continue
			}
			if w.ownTier(a, s) {
				t.Fatalf("%s waits in %s although %s could be rung", s.ID, s.Queue, a.rule.ID)
			}
			if w.mayLend(a, s) {
				t.Fatalf("%s waits in %s although %s could be lent", s.ID, s.Queue, a.rule.ID)
			}
		}
	}
	for _, s := range w.g.spots {
		if s.State != queues.PlaceOffered || s.queue.rule.Strategy != RingAll {
			continue
		}
		for _, a := range w.g.agents {
			if w.canBeRung(a) && w.ownTier(a, s) && !w.late(a, s) {
				t.Fatalf("%s is free and not rung along with the others for %s", a.rule.ID, s.ID)
			}
		}
	}
}

// late says whether an agent was free all along, and a tier opened for it while
// others were being rung: it is rung with the next offer.
func (w *world) late(a *agent, s *spot) bool {
	return s.legs[0].asked.Sub(s.QueuedAt) < w.tierAfter(a, s)
}

func (w *world) tierAfter(a *agent, s *spot) time.Duration {
	for _, tier := range w.rule(s.Queue).Tiers {
		if hasAll(a.rule.Skills, tier.Skills) {
			return tier.After
		}
	}
	return 0
}

func (w *world) canBeRung(a *agent) bool {
	phone := w.phones[a.rule.Phone]
	return a.keeps == nil && a.duty.On && !a.duty.Paused && a.duty.WrapUp.IsZero() && a.leg == nil && !w.now.Before(a.retryAt) &&
		phone != queues.PhoneInUse && phone != queues.PhoneOffline && phone != queues.PhoneRinging
}

// ownTier says by the rules alone whether an agent may serve a place as one of
// its queue.
func (w *world) ownTier(a *agent, s *spot) bool {
	q := w.rule(s.Queue)
	if len(a.rule.Queues) > 0 && !slices.Contains(a.rule.Queues, q.Name) || !hasAll(a.rule.Skills, s.Skills) {
		return false
	}
	if len(q.Tiers) == 0 {
		return true
	}
	for _, tier := range q.Tiers {
		if hasAll(a.rule.Skills, tier.Skills) {
			return w.now.Sub(s.QueuedAt) >= tier.After
		}
	}
	return false
}

func (w *world) mayLend(a *agent, s *spot) bool {
	q := w.rule(s.Queue)
	if q.Borrow == nil || !s.queue.borrows || !hasAll(a.rule.Skills, q.Borrow.Skills) || !hasAll(a.rule.Skills, s.Skills) {
		return false
	}
	if len(q.Tiers) > 0 && w.now.Sub(s.QueuedAt) < q.Tiers[len(q.Tiers)-1].After || w.serves(a, q.Name) {
		return false
	}
	lent := false
	for _, from := range q.Borrow.From {
		if !w.serves(a, from) {
			continue
		}
		lent = true
		free := 0
		for _, b := range w.g.agents {
			if w.canBeRung(b) && w.serves(b, from) {
				free++
			}
		}
		if free-1 < q.Borrow.Keep {
			return false
		}
	}
	return lent
}

func (w *world) serves(a *agent, queue string) bool {
	q := w.rule(queue)
	if len(a.rule.Queues) > 0 && !slices.Contains(a.rule.Queues, queue) {
		return false
	}
	return len(q.Tiers) == 0 || slices.ContainsFunc(q.Tiers, func(tier Tier) bool { return hasAll(a.rule.Skills, tier.Skills) })
}

func (w *world) rule(name string) Queue {
	return w.rules.Queues[slices.IndexFunc(w.rules.Queues, func(q Queue) bool { return q.Name == name })]
}

func hasAll(skills, needs []queues.Skill) bool {
	for _, n := range needs {
		if !slices.ContainsFunc(skills, func(s queues.Skill) bool { return s.Name == n.Name && s.Level >= n.Level }) {
			return false
		}
	}
	return true
}

// checkChoice looks whether a place or an agent was passed over by an offer of
// the last event. All offers are made at its end, so whoever still waits, or is
// still free, was there.
func (w *world) checkChoice(t *rapid.T, r queues.Ring) {
	s, a := w.g.spots[r.Place.ID], w.g.ids[r.Agent]
	if s == nil || a.leg == nil || a.leg.channel != r.Channel {
		return // withdrawn in the same turn
	}
	own := w.ownTier(a, s)
	for _, o := range w.g.spots {
		if o.State != queues.PlaceWaiting || o.queue.full() || !w.ownTier(a, o) {
			continue
		}
		if !own {
			t.Fatalf("%s is lent to %s while %s of its own queue %s waits", r.Agent, s.ID, o.ID, o.Queue)
		}
		if o.Before(s.Place) {
			t.Fatalf("%s is rung for %s, and %s is passed over", r.Agent, s.ID, o.ID)
		}
	}
	if !own {
		w.checkKept(t, a, s)
		return
	}
	for _, b := range w.g.agents {
		if w.canBeRung(b) && w.ownTier(b, s) {
			if s.queue.rule.Strategy == RingAll {
				t.Fatalf("%s is not rung for %s, of ring_all", b.rule.ID, s.ID)
			}
			if !w.kept[a] && !w.kept[b] && w.preferred(b, a, s) {
				t.Fatalf("%s is rung for %s by %s although %s comes first", a.rule.ID, s.ID, s.queue.rule.Strategy, b.rule.ID)
			}
		}
	}
}

// checkKept looks whether the queues that lend an agent keep enough free ones.
func (w *world) checkKept(t *rapid.T, a *agent, s *spot) {
	b := s.queue.rule.Borrow
	if b == nil || !s.queue.borrows {
		t.Fatalf("%s is rung for %s, whose queue it does not serve", a.rule.ID, s.ID)
	}
	for _, from := range b.From {
		if !w.serves(a, from) || w.rule(from).Strategy == RingAll { // its free agents may be rung after the loan
			continue
		}
		free := 0
		for _, o := range w.g.agents {
			if w.canBeRung(o) && w.serves(o, from) {
				free++
			}
		}
		if free < b.Keep {
			t.Fatalf("%s is lent to %s, and %s keeps %d free agents, not %d", a.rule.ID, s.Queue, from, free, b.Keep)
		}
	}
}

// preferred says whether b is to be rung before a.
func (w *world) preferred(b, a *agent, s *spot) bool {
	q := s.queue.rule
	tierOf := func(a *agent) int {
		return slices.IndexFunc(q.Tiers, func(t Tier) bool { return hasAll(a.rule.Skills, t.Skills) })
	}
	if x, y := tierOf(b), tierOf(a); x != y {
		return x < y
	}
	offered := func(a *agent) time.Time {
		if d, ok := w.before[a.rule.ID]; ok {
			return d.OfferedAt
		}
		return noTime
	}
	switch q.Strategy {
	case LongestIdle:
		return b.duty.FreeAt.Before(a.duty.FreeAt)
	case RoundRobin:
		return offered(b).Before(offered(a))
	case FewestCalls:
		return b.duty.Calls < a.duty.Calls
	case LeastTalk:
		return b.duty.TalkS < a.duty.TalkS
	case TopDown:
		return b.rank < a.rank
	case SkillBest:
		return scoreOf(b.rule, q, s.Skills) > scoreOf(a.rule, q, s.Skills)
	}
	return false
}

// checkIndexes counts anew what the group counts as it goes.
func (w *world) checkIndexes(t *rapid.T) {
	type counts struct{ order, live, busy, staff, free int }
	for _, q := range w.g.queues {
		var want counts
		for _, s := range w.g.spots {
			if s.queue != q {
				continue
			}
			if s.counts() {
				want.order++
			}
			if s.counts() && s.limited() {
				want.live++
			}
			if s.State == queues.PlaceOffered || s.State == queues.PlaceServed {
				want.busy++
			}
		}
		for _, a := range w.g.agents {
			if slices.Contains(a.queues, q) {
				if a.duty.On {
					want.staff++
				}
				if a.pooled {
					want.free++
				}
			}
		}
		got := counts{q.order.len(), q.live, q.busy, q.staff, q.free}
		if got != want {
			t.Fatalf("queue %s counts %+v, not %+v", q.rule.Name, got, want)
		}
		for _, c := range q.listed {
			shelved := c.offered.len() + c.held.len()
			for _, l := range slices.Concat(c.lanes, c.absent) {
				shelved += l.waiting.len()
			}
			for _, s := range w.g.spots {
				if s.class == c && s.counts() {
					shelved--
				}
			}
			if shelved != 0 {
				t.Fatalf("the shelves of queue %s hold %d places too many", q.rule.Name, shelved)
			}
		}
	}
}
