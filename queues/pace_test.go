package queues

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// checkDial holds a call to a customer against the bound: with all who are to be
// served before, and all others who are being called, there is an agent for each,
// now or by the time the customer is there.
func (w *world) checkDial(t *rapid.T, d Due, ev Event) {
	s := w.line.spots[d.Place.ID]
	if s == nil || s.State == PlaceServed {
		return // an agent took the placeholder, and so is there
	}
	free, able := 0, 0
	for _, a := range w.line.crew.agents {
		switch a.State {
		case AgentIdle, AgentRinging:
			free++
			able++
		case AgentTalking, AgentWrapUp, AgentBusy:
			able++
		}
	}
	claims := 0
	for _, o := range w.line.order {
		called := o.due && o.CallbackID != ""
		if o == s || called || o.counts() && o.Before(s.Place) {
			claims++
		}
	}
	for _, f := range w.line.foreign {
		if foreignBeforePlace(f, s.Place) {
			claims++
		}
	}
	told, fresh := ev.(Estimated)
	if fresh {
		free += int(math.Round(told.Freeing))
	}
	switch {
	case !w.line.crew.known:
		if d.Ahead > 0 {
			t.Fatalf("%s is called with %d ahead and nobody known to be free", s.ID, d.Ahead)
		}
	case able == 0:
		t.Fatalf("%s is called to wait for agents who are not there", s.ID)
	case claims > free:
		t.Fatalf("%s is called while %d need an agent and %d are free or will be", s.ID, claims, free)
	case d.Free > free || d.InFlight > claims+w.behind(s):
		t.Fatalf("%s is told that %d are free and %d are being called; there are %d and %d", s.ID, d.Free, d.InFlight, free, claims)
	}
}

// behind is how many come after a place.
func (w *world) behind(s *spot) (n int) {
	for _, o := range w.line.order {
		if s.Before(o.Place) {
			n++
		}
	}
	return n
}

func TestCustomersAreCalledAheadOfTheirTurn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.agents(AgentTalking, AgentTalking)
	b.wait("a")
	for _, id := range []string{"p", "q"} {
		b.wait(id)
		b.do(Convert{PlaceID: id, CallbackID: "cb-" + id})
	}
	soon, late := Estimate{Known: true, Mean: 20 * time.Second}, Estimate{Known: true, Mean: 21 * time.Second}
	due := func(freeing float64, p, q Estimate) (ids string) {
		for _, cmd := range b.do(Estimated{
			Queue: "support", Places: map[string]Estimate{"p": p, "q": q}, Lead: 20 * time.Second, Freeing: freeing,
		}) {
			if d, ok := cmd.(Due); ok {
				ids += d.Place.ID
			}
		}
		return ids
	}
	for _, step := range []struct {
		what    string
		freeing float64
		p, q    Estimate
		want    string
	}{
		{"it takes longer than the call", 2, late, late, ""},
		{"the one agent is for the caller ahead", 1.4, soon, soon, ""},
		{"there are two agents", 1.6, soon, soon, "p"},
		{"both agents are spoken for", 2, soon, soon, ""},
		{"there is a third", 3, soon, soon, "q"},
	} {
		if got := due(step.freeing, step.p, step.q); got != step.want {
			t.Errorf("%s: %q is called, want %q", step.what, got, step.want)
		}
	}
}

// TestAnExpectedAgentCountsOnce: what estimates expect is not added to who came
// since.
func TestAnExpectedAgentCountsOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.agents(AgentTalking)
	b.wait("p")
	b.wait("q")
	soon := Estimate{Known: true, Mean: time.Second}
	b.do(Estimated{Queue: "support", Places: map[string]Estimate{"p": soon, "q": soon}, Freeing: 1})
	b.do(Convert{PlaceID: "p", CallbackID: "cb-p"})
	b.do(Convert{PlaceID: "q", CallbackID: "cb-q"})
	cmds := b.do(AgentSeen{Agent{ID: "PJSIP/101", State: AgentIdle}})
	b.want(cmds, "agent.state", "due p")
}
