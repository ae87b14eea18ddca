package acd

import (
	"fmt"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// two are a queue with a rule, and the one into which it overflows, which bob
// serves.
func two(change func(*Queue)) Rules {
	front := Queue{Name: "front", JoinEmpty: true}
	change(&front)
	agents := crew("ann", "bob")
	agents[0].Queues, agents[1].Queues = []string{"front"}, []string{"back"}
	return Rules{Queues: []Queue{front, {Name: "back", MaxLength: 2}}, Agents: agents}
}

func over(o Overflow) func(*Queue) {
	o.To = "back"
	return func(q *Queue) { q.Overflow = append(q.Overflow, o) }
}

func estimateOf(queue string, mean time.Duration) queues.Estimated {
	return queues.Estimated{Queue: queue, Joining: queues.Estimate{Known: true, Mean: mean, Low: mean / 2, High: 2 * mean}}
}

func TestOverflowAtJoining(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		rule   Overflow
		before func(*desk)
		why    string // "" when the place stays
	}{
		{"length not reached", Overflow{Length: 2}, func(d *desk) { d.call("x1", "front") }, ""},
		{"length", Overflow{Length: 2}, func(d *desk) { d.call("x1", "front"); d.call("x2", "front") }, "overflow: length"},
		{"nothing is known of the wait", Overflow{EWT: time.Minute}, func(*desk) {}, ""},
		{"a short wait", Overflow{EWT: time.Minute}, func(d *desk) { d.do(estimateOf("front", time.Minute)) }, ""},
		{"ewt", Overflow{EWT: time.Minute}, func(d *desk) { d.do(estimateOf("front", 61*time.Second)) }, "overflow: ewt"},
		{"somebody is there", Overflow{NoAgents: true}, func(d *desk) { d.logIn("ann"); d.do(queues.Pause{Agent: "ann"}) }, ""},
		{"no agents", Overflow{NoAgents: true}, func(*desk) {}, "overflow: no agents"},
		{"but nobody is there either", Overflow{NoAgents: true}, func(d *desk) { d.do(queues.LogOut{Agent: "bob"}) }, ""},
		{"but it is full", Overflow{NoAgents: true}, func(d *desk) {
			d.call("x1", "back")
			d.call("x2", "back")
			d.call("x3", "back")
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := open(t, two(over(c.rule)))
			d.logIn("bob")
			d.do(queues.Pause{Agent: "bob"})
			c.before(d)
			if c.name == "but it is full" {
				want(t, "the third caller", d.place("x3"), "left: full")
			}
			taken := d.now
			d.call("p1", "front")
			if c.why == "" {
				want(t, "the place", d.place("p1"), "waiting in front")
				return
			}
			want(t, "the place", d.place("p1"), "waiting in back")
			want(t, "since", d.saved["p1"].TakenAt, taken)
			want(t, "moves", d.saved["p1"].Moves, 1)
			moved := of[queues.Moved](d)
			if len(moved) != 1 || moved[0].From != "front" || moved[0].Why != c.why || moved[0].Place.Queue != "back" {
				t.Errorf("moved is %+v", moved)
			}
			n := d.note("place.moved").Data
			want(t, "the journal", []any{n["from"], n["to"], n["why"], n["kept"], n["queue"]}, []any{"front", "back", c.why, true, "back"})
		})
	}
}

func TestOverflowAfterAWait(t *testing.T) {
	t.Parallel()
	for _, anew := range []bool{false, true} {
		t.Run(fmt.Sprint("anew ", anew), func(t *testing.T) {
			t.Parallel()
			d := open(t, two(over(Overflow{After: time.Minute, Anew: anew})))
			d.logIn("bob", "ann")
			d.do(queues.Pause{Agent: "bob"}, queues.Pause{Agent: "ann"})
			taken := d.now
			d.call("p1", "front")
			d.pass(30 * time.Second)
			d.call("later", "back")
			d.do(queues.Take{Place: queues.Place{ID: "b1", Queue: "front", CallbackID: "c1"}, Hold: true})
			d.pass(30 * time.Second)
			want(t, "the place", d.place("p1"), "waiting in back")
			want(t, "it keeps its time", d.saved["p1"].TakenAt.Equal(taken), !anew)
			d.do(queues.Unpause{Agent: "bob"})
			first := map[bool]string{false: "p1", true: "later"}[anew]
			want(t, "who is first there", d.ringing(first), "bob")
			d.pass(30 * time.Second)
			want(t, "a promise flows over, too", d.place("b1"), "resting in back")
		})
	}
}

func TestOverflowWaitsForRoom(t *testing.T) {
	t.Parallel()
	d := open(t, two(over(Overflow{After: time.Minute})))
	d.logIn("bob")
	d.do(queues.Pause{Agent: "bob"})
	d.call("x1", "back")
	d.call("x2", "back")
	d.call("p1", "front")
	d.pass(2 * time.Minute)
	want(t, "the other queue is full", d.place("p1"), "waiting in front")
	d.do(queues.Leave{PlaceID: "x1"})
	d.pass(overflowRetry)
	want(t, "now it is not", d.place("p1"), "waiting in back")
}

func TestAnOfferIsNotTakenBackForOverflow(t *testing.T) {
	t.Parallel()
	d := open(t, two(func(q *Queue) {
		over(Overflow{After: time.Minute})(q)
		q.MaxWait = 2 * time.Minute
	}))
	d.logIn("bob")
	d.call("p1", "front")
	d.pass(55 * time.Second)
	d.logIn("ann")
	want(t, "who rings", d.ringing("p1"), "ann")
	d.pass(10 * time.Second)
	want(t, "still", d.ringing("p1"), "ann")
	d.gone("ann", queues.OfferNoAnswer)
	want(t, "then it flows over, and rings on", d.ringing("p1"), "bob")
	want(t, "the place", d.place("p1"), "offered in back")
}

func TestLimitsOfTheQueue(t *testing.T) {
	t.Parallel()
	d := open(t, Rules{Queues: []Queue{{Name: "support", MaxLength: 2, MaxWait: time.Minute}}, Agents: crew("ann")})
	promise := func(id string) {
		d.do(queues.Take{Place: queues.Place{ID: id, Queue: "support", CallbackID: "c-" + id}, Hold: true})
	}
	d.call("p0", "support")
	want(t, "nobody is on duty", d.place("p0"), "left: no_agents")
	promise("b1")
	want(t, "but promises may come", d.place("b1"), "resting in support")
	d.logIn("ann")
	d.do(queues.Pause{Agent: "ann"})
	d.call("p1", "support")
	d.call("p2", "support")
	d.call("p3", "support")
	want(t, "the third", d.place("p3"), "left: full")
	want(t, "the reason in the journal", d.note("place.left").Data["reason"], any("full"))
	promise("b2")
	want(t, "but promises may come", d.place("b2"), "resting in support")
	d.pass(time.Minute)
	want(t, "who waited for too long", d.place("p1")+", "+d.place("p2"), "left: timeout, left: timeout")
	want(t, "but no promise", d.place("b1"), "resting in support")
}

func TestTheLastAgentLeaves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		rule  func(*Queue)
		live  string
		later string
	}{
		{"callers stay", func(*Queue) {}, "waiting in front", "left: no_agents"},
		{"callers leave", func(q *Queue) { q.LeaveEmpty = true }, "left: no_agents", "left: no_agents"},
		{"callers flow over", over(Overflow{NoAgents: true}), "waiting in back", "waiting in back"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := open(t, two(func(q *Queue) { c.rule(q); q.JoinEmpty = false }))
			d.logIn("ann", "bob")
			d.do(queues.Pause{Agent: "bob"})
			d.call("talks", "front")
			d.answer("ann")
			d.call("p1", "front")
			d.do(queues.Take{Place: queues.Place{ID: "b1", Queue: "front", CallbackID: "c1"}, Hold: true})
			d.do(queues.LogOut{Agent: "ann"})
			want(t, "the caller", d.place("p1"), c.live)
			promise := map[string]string{"waiting in back": "resting in back"}[c.live]
			if promise == "" {
				promise = "resting in front"
			}
			want(t, "the promise", d.place("b1"), promise)
			want(t, "the one who talks", d.place("talks"), "served in front")
			d.call("p2", "front")
			want(t, "who comes now", d.place("p2"), c.later)
		})
	}
}

// TestManyLeaveInTurns: an Apply looks at a stated number of places only.
func TestManyLeaveInTurns(t *testing.T) {
	t.Parallel()
	d := open(t, Rules{Queues: []Queue{{Name: "support", LeaveEmpty: true}}, Agents: crew("ann")})
	d.logIn("ann")
	d.do(queues.Pause{Agent: "ann"})
	const callers = 3*sweptAtOnce + 10
	for i := range callers {
		d.call(fmt.Sprintf("p%d", i), "support")
		if i%3 == 0 {
			d.do(queues.Convert{PlaceID: fmt.Sprintf("p%d", i), CallbackID: fmt.Sprintf("c%d", i)})
		}
	}
	d.do(queues.LogOut{Agent: "ann"})
	for rounds := 0; ; rounds++ {
		if over := len(of[queues.Over](d)); over > sweptAtOnce {
			t.Fatalf("%d places left at once", over)
		}
		wake := of[queues.Wake](d)
		if len(wake) == 0 || wake[0].At.IsZero() {
			want(t, "rounds", rounds, callers/sweptAtOnce)
			break
		}
		d.do(queues.Tick{})
	}
	for _, p := range d.g.Places() {
		if p.CallbackID == "" {
			t.Errorf("%s is still there", p.ID)
		}
	}
	want(t, "the promises", len(d.g.Places()), (callers+2)/3)
}

func TestAPlaceForAnUnknownQueueEndsAtOnce(t *testing.T) {
	t.Parallel()
	d := open(t, support())
	d.call("p1", "nowhere")
	want(t, "the place", d.place("p1"), "left: unavailable")
	want(t, "its holder is told", len(of[queues.Over](d)), 1)
	d.do(queues.Restore{Place: queues.Place{ID: "p2", Queue: "gone from the rules", State: queues.PlaceWaiting, TakenAt: start}})
	want(t, "the place", d.place("p2"), "left: unavailable")
}
