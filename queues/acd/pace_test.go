package acd

import (
	"math"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/queues"
)

// checkKeeping looks whether each agent who is kept free is so for one promise
// that is being called, and for none that comes after another which needs an agent
// at once.
func (w *world) checkKeeping(t *rapid.T) {
	kept := 0
	for _, a := range w.g.agents {
		s := a.keeps
		if s == nil {
			continue
		}
		kept++
		if s.kept != a || !slices.Contains(w.g.kept, s) {
			t.Fatalf("%s is kept for %s, which has %v", a.rule.ID, s.ID, s.kept)
		}
		if a.state != queues.AgentIdle || a.pooled || !s.due || s.State != queues.PlaceResting || !s.counts() {
			t.Fatalf("%s is %s and kept for %+v", a.rule.ID, a.state, s.Place)
		}
		for _, o := range w.g.spots {
			if o.State == queues.PlaceWaiting && w.ownTier(a, o) && !o.queue.full() && spotBefore(o, s) {
				t.Fatalf("%s is kept for %s while %s waits, which comes first", a.rule.ID, s.ID, o.ID)
			}
		}
	}
	if kept != len(w.g.kept) {
		t.Fatalf("%d agents are kept for %d promises", kept, len(w.g.kept))
	}
	for _, s := range w.g.spots {
		free := func(a *agent) bool { return w.canBeRung(a) && w.ownTier(a, s) }
		if s.wantsAgent(w.now) && !s.queue.tight() && slices.ContainsFunc(w.g.agents, free) {
			t.Fatalf("%s is not called although an agent is free", s.ID)
		}
	}
}

// checkDial holds a call to a customer against the bound: there is an agent for
// each who is being called, now or by the time the customer is there.
func (w *world) checkDial(t *rapid.T, d queues.Due, ev queues.Event) {
	s := w.g.spots[d.Place.ID]
	if s == nil || !s.due || s.State != queues.PlaceResting {
		return // over or lost in the same turn
	}
	if d.InFlight > d.Free {
		t.Fatalf("%s is called as the %dth, and there are agents for %d", s.ID, d.InFlight, d.Free)
	}
	if s.kept != nil {
		return // checkKeeping: an agent of its own
	}
	told, ok := ev.(queues.Estimated)
	if !ok {
		return // its agent was taken by an earlier place in the same turn
	}
	if est := told.Places[s.ID]; !est.Known || est.Mean > max(told.Lead, time.Duration(0)) && told.Lead > 0 {
		t.Fatalf("%s is called %v before its turn, and a call takes %v", s.ID, est.Mean, told.Lead)
	}
	claims := 0
	for _, o := range w.g.spots {
		if o.queue != s.queue || !o.counts() || o.kept != nil || o.State == queues.PlaceOffered {
			continue
		}
		if called := o.due && o.State == queues.PlaceResting && o.promise(); called || o == s || spotBefore(o, s) {
			claims++
		}
	}
	if claims > int(math.Round(told.Freeing)) {
		t.Fatalf("%s is called while %d need an agent, and %.1f will be free", s.ID, claims, told.Freeing)
	}
}
