package acd

import (
	"fmt"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

func TestHoldersAreToldHowTheyStand(t *testing.T) {
	t.Parallel()
	d := open(t, support())
	d.call("p1", "support")
	u := of[queues.Update](d)
	if len(u) != 1 || u[0].Ahead != 0 || u[0].Estimate.Known {
		t.Fatalf("the update is %+v", u)
	}
	d.call("p2", "support")
	want(t, "ahead", of[queues.Update](d)[0].Ahead, 1)
	d.do(queues.Tick{})
	want(t, "nothing changed", len(d.cmds), 0)
	est := queues.Estimate{Known: true, Mean: 3 * time.Minute, Low: 2 * time.Minute, High: 4 * time.Minute}
	ev := queues.Estimated{Queue: "support", Joining: est, Places: map[string]queues.Estimate{"p2": est, "px": est}}
	d.do(ev)
	got := of[queues.Update](d)
	if len(got) != 1 || got[0].Place.ID != "p2" || got[0].Estimate != est || got[0].Able != 0 {
		t.Fatalf("the update is %+v", got)
	}
	n := d.note("place.estimated").Data
	want(t, "the journal", []any{n["ahead"], n["mean_s"], n["low_s"], n["high_s"]}, []any{1, 180.0, 120.0, 240.0})
	d.do(ev)
	want(t, "once", len(d.notes()), 0)
	want(t, "the view", d.g.View("support", d.now).Places[1].Estimate, est)
	want(t, "joining", d.g.View("support", d.now).Joining, est)
	d.logIn("ann", "bob")
	d.answer("bob")
	served := d.note("place.served").Data
	want(t, "how it stood", served["ahead"], any(1))
	if served["estimate"] == nil {
		t.Error("the journal does not hold the service against the estimate")
	}
	d.call("p3", "support")
	d.do(queues.Leave{PlaceID: "p1"})
	want(t, "who comes up is told", of[queues.Update](d)[0].Place.ID, "p3")
}

// TestTheQueueIsToldInTurn: the head at once, everybody else on some Tick, and
// none of them costs more than a stated number.
func TestTheQueueIsToldInTurn(t *testing.T) {
	t.Parallel()
	d := open(t, support())
	const callers = 3 * roundTold
	for i := range callers {
		d.call(fmt.Sprintf("p%04d", i), "support")
	}
	d.pass(10 * time.Second)
	ahead := map[string]int{}
	d.do(queues.Leave{PlaceID: "p0000"})
	note := func() int {
		told := of[queues.Update](d)
		for _, u := range told {
			ahead[u.Place.ID] = u.Ahead
		}
		return len(told)
	}
	want(t, "told at once", note(), headTold)
	for round := range 5 {
		d.pass(time.Second)
		if n := note(); n > roundTold+headTold {
			t.Fatalf("%d holders are told in round %d", n, round)
		}
	}
	want(t, "all are told", len(ahead), callers-1)
	for id, n := range ahead {
		if want := fmt.Sprintf("p%04d", n+1); id != want {
			t.Fatalf("%s is told that %d are ahead", id, n)
		}
	}
	d.pass(time.Second)
	want(t, "then it is quiet", len(of[queues.Update](d)), 0)
}

func TestTheJournalBeginsWithTheRules(t *testing.T) {
	t.Parallel()
	d := open(t, tiered())
	d.do(queues.Tick{})
	want(t, "the notes", d.notes(), []string{"queue.opened", "agent.opened", "agent.opened"})
	q := d.note("queue.opened").Data
	want(t, "strategy", []any{q["queue"], q["engine"], q["strategy"]}, []any{"support", "linekeeper", "longest_idle"})
	want(t, "tiers", q["tiers"], any([]map[string]any{
		{"after_s": 0.0, "skills": map[string]int{"expert": 5}}, {"after_s": 30.0, "skills": map[string]int{}},
	}))
	a := d.note("agent.opened").Data
	want(t, "the agent", a, map[string]any{
		"agent": "ann", "name": "ann", "phone": "1", "skills": map[string]int{"expert": 7}, "queues": []string{"support"},
	})
	d.do(queues.Tick{})
	want(t, "once", len(d.notes()), 0)
}

func TestView(t *testing.T) {
	t.Parallel()
	d := open(t, levels2())
	d.logIn("ann")
	d.call("p1", "level1")
	d.call("p2", "level1")
	d.do(queues.Take{Place: queues.Place{ID: "b1", Queue: "level1", CallbackID: "c1"}, Hold: true})
	d.answer("ann")
	v := d.g.View("level1", d.now)
	var ids []string
	for _, p := range v.Places {
		ids = append(ids, p.ID)
	}
	want(t, "places", ids, []string{"p2", "b1", "p1"})
	want(t, "counts", v.Counts, queues.Counts{Waiting: 1, Resting: 1, Served: 1, Promises: 1, Talking: 1})
	want(t, "agents", len(v.Agents), 1)
	want(t, "no such queue", d.g.View("none", d.now).Queue, "")
	want(t, "the queues", d.g.Queues(), []string{"level1", "level2"})
	want(t, "all places", len(d.g.Places()), 3)
	_, ok := d.g.Agent("none")
	want(t, "no such agent", ok, false)
}
