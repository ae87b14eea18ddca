package acd

import (
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

func support(change ...func(*Queue)) Rules {
	q := Queue{Name: "support", JoinEmpty: true}
	for _, f := range change {
		f(&q)
	}
	return Rules{Queues: []Queue{q}, Agents: crew("ann", "bob")}
}

func TestWhoLetsItRingIsPausedAndTheNextAgentIsRung(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		pause time.Duration
		end   func(*desk)
		why   string
	}{
		{"by the switch", 0, func(d *desk) { d.gone("ann", queues.OfferNoAnswer) }, "no_answer"},
		{"rejected", 0, func(d *desk) { d.gone("ann", queues.OfferRejected) }, "rejected"},
		{"by our own clock", 30 * time.Second, func(d *desk) { d.now = d.now.Add(20 * time.Second); d.do(queues.Tick{}) }, "no_answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := open(t, support(func(q *Queue) { q.RONAPause = c.pause }))
			d.logIn("ann", "bob")
			d.call("p1", "support")
			d.call("p2", "support") // rings bob
			d.gone("bob", queues.OfferFailed)
			d.pass(6 * time.Second) // bob may be rung again
			d.do(queues.Leave{PlaceID: "p2"})
			c.end(d)
			want(t, "why", d.note("offer.ended").Data["why"], any(c.why))
			want(t, "ann", d.state("ann"), queues.AgentPaused)
			want(t, "the reason", d.duty["ann"].Reason, "rona")
			want(t, "the next agent at once", d.ringing("p1"), "bob")
			want(t, "a leg of its own", d.saved["p1"].Channel, "lk-place-p1-2")
			d.do(queues.Leave{PlaceID: "p1"})
			d.pass(29 * time.Second)
			want(t, "ann", d.state("ann"), queues.AgentPaused)
			d.pass(2 * time.Second)
			if c.pause > 0 {
				want(t, "ann after the pause", d.state("ann"), queues.AgentIdle)
				return
			}
			want(t, "ann", d.state("ann"), queues.AgentPaused)
			d.do(queues.Unpause{Agent: "ann"})
			want(t, "ann", d.state("ann"), queues.AgentIdle)
		})
	}
}

func TestWhoseTurnItWasKeepsTheHeadAfterRONA(t *testing.T) {
	t.Parallel()
	r := support()
	r.Agents = crew("ann")
	d := open(t, r)
	d.logIn("ann")
	d.call("p1", "support")
	d.call("p2", "support")
	d.gone("ann", queues.OfferNoAnswer)
	want(t, "nobody is left", d.place("p1"), "waiting in support")
	d.do(queues.Unpause{Agent: "ann"})
	want(t, "who rings for the first", d.ringing("p1"), "ann")
	want(t, "who rings for the second", d.ringing("p2"), "")
}

func TestAPhoneThatCannotBeReachedIsTriedLess(t *testing.T) {
	t.Parallel()
	r := support()
	r.Agents = crew("ann")
	d := open(t, r)
	d.logIn("ann")
	d.call("p1", "support")
	for _, pause := range []time.Duration{5, 10, 20, 40, 60, 60} {
		want(t, "who rings", d.ringing("p1"), "ann")
		d.gone("ann", queues.OfferUnreachable)
		want(t, "ann is not paused", d.state("ann"), queues.AgentIdle)
		d.pass(pause*time.Second - time.Second)
		want(t, "nobody is rung yet", d.ringing("p1"), "")
		d.pass(time.Second)
	}
	d.answer("ann")
	d.gone("ann", "")
	d.call("p2", "support")
	d.do(queues.Refused{PlaceID: "p2", Channel: d.leg("ann").channel, Retryable: true, Err: "503"})
	d.pass(5 * time.Second)
	want(t, "an answer forgives", d.ringing("p2"), "ann")
}

func TestAPhoneInUseIsNotRung(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		phone queues.PhoneState
		state queues.AgentState
	}{
		{queues.PhoneInUse, queues.AgentBusy}, {queues.PhoneRinging, queues.AgentBusy}, {queues.PhoneOffline, queues.AgentOffline},
		{queues.PhoneUnknown, queues.AgentRinging}, {queues.PhoneIdle, queues.AgentRinging},
	} {
		r := support()
		r.Agents = crew("ann")
		d := open(t, r)
		d.logIn("ann")
		d.do(queues.PhoneSeen{Phone: "PJSIP/ann", State: c.phone})
		d.call("p1", "support")
		want(t, "ann with a phone "+string(c.phone), d.state("ann"), c.state)
		d.do(queues.PhonesSeen{})
		want(t, "a phone that nobody knows of is rung", d.ringing("p1"), "ann")
	}
}

func TestWrapUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		rule    func(*Queue)
		ready   bool          // the agent may end it
		endsAt  time.Duration // by itself, 0 for never
		noWork  bool
		already bool
	}{
		{name: "none", rule: func(*Queue) {}, noWork: true},
		{name: "fixed", rule: func(q *Queue) { q.WrapUp = 10 * time.Second }, endsAt: 10 * time.Second},
		{name: "by the agent", rule: func(q *Queue) { q.WrapUpByAgent = true }, ready: true},
		{name: "by the agent, limited", rule: func(q *Queue) { q.WrapUpByAgent, q.WrapUp = true, 10*time.Second }, ready: true, endsAt: 10 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			talk := func() *desk {
				d := open(t, support(c.rule))
				d.logIn("ann")
				d.call("p1", "support")
				d.answer("ann")
				d.gone("ann", "")
				return d
			}
			d := talk()
			if c.noWork {
				want(t, "ann", d.state("ann"), queues.AgentIdle)
				return
			}
			a, _ := d.g.Agent("ann")
			want(t, "what ann works after", a.Queue+" "+a.Place, "support p1")
			d.call("p2", "support")
			want(t, "nobody is rung meanwhile", d.ringing("p2"), "")
			err := d.g.Allowed(queues.Ready{Agent: "ann"}, d.now)
			want(t, "ann may end it", err == nil, c.ready)
			d.do(queues.Ready{Agent: "ann"})
			want(t, "who rings", d.ringing("p2") == "ann", c.ready)
			d = talk()
			d.pass(c.endsAt + time.Minute)
			want(t, "it ended by itself", d.state("ann") == queues.AgentIdle, c.endsAt > 0)
		})
	}
}

func TestPausesHaveAnAllowance(t *testing.T) {
	t.Parallel()
	r := support()
	r.Reasons = map[string]time.Duration{"lunch": 30 * time.Minute}
	d := open(t, r)
	d.logIn("ann")
	d.do(queues.Pause{Agent: "ann", Reason: "lunch"})
	a, _ := d.g.Agent("ann")
	want(t, "until", a.Until, d.now.Add(30*time.Minute))
	d.pass(20 * time.Minute)
	d.do(queues.Unpause{Agent: "ann"})
	d.do(queues.Pause{Agent: "ann", Reason: "meeting"})
	d.pass(time.Hour)
	want(t, "a reason without allowance does not end", d.state("ann"), queues.AgentPaused)
	d.do(queues.Pause{Agent: "ann", Reason: "lunch"})
	d.pass(10 * time.Minute)
	want(t, "ann when it is used up", d.state("ann"), queues.AgentIdle)
	err := d.g.Allowed(queues.Pause{Agent: "ann", Reason: "lunch"}, d.now)
	want(t, "why not", err.Error(), "ann has used up the 30m0s for pauses with reason lunch; pause with another reason; the allowance begins anew at the next log-in")
	d.do(queues.Pause{Agent: "ann", Reason: "lunch"})
	want(t, "ann", d.state("ann"), queues.AgentIdle)
	d.do(queues.LogOut{Agent: "ann"}, queues.LogIn{Agent: "ann"}, queues.Pause{Agent: "ann", Reason: "lunch"})
	want(t, "ann the next day", d.state("ann"), queues.AgentPaused)
}

func TestOrdersDuringACallHoldAfterIt(t *testing.T) {
	t.Parallel()
	r := support(func(q *Queue) { q.WrapUp = 10 * time.Second })
	r.Reasons = map[string]time.Duration{"lunch": 5 * time.Minute}
	for _, c := range []struct {
		name  string
		order queues.Event
		then  []queues.AgentState // after the call, after the wrap-up
	}{
		{"log out", queues.LogOut{Agent: "ann"}, []queues.AgentState{queues.AgentOff, queues.AgentOff}},
		{"pause", queues.Pause{Agent: "ann", Reason: "lunch"}, []queues.AgentState{queues.AgentWrapUp, queues.AgentPaused}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := open(t, r)
			d.logIn("ann")
			d.call("p1", "support")
			d.answer("ann")
			d.do(c.order)
			want(t, "ann", d.state("ann"), queues.AgentTalking)
			d.pass(time.Hour)
			d.gone("ann", "")
			want(t, "ann after the call", d.state("ann"), c.then[0])
			d.pass(10 * time.Second)
			want(t, "ann then", d.state("ann"), c.then[1])
			d.pass(5*time.Minute - time.Second)
			want(t, "the pause begins after the call", d.state("ann"), c.then[1])
		})
	}
}

func TestAnAgentWhoStopsWhileRungIsLetGo(t *testing.T) {
	t.Parallel()
	for name, order := range map[string]queues.Event{
		"log out": queues.LogOut{Agent: "ann"}, "pause": queues.Pause{Agent: "ann"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := open(t, support())
			d.logIn("ann", "bob")
			d.call("p1", "support")
			channel := d.leg("ann").channel
			d.do(order)
			want(t, "withdrawn", of[queues.Withdraw](d)[0].Channel, channel)
			want(t, "who rings", d.ringing("p1"), "bob")
			d.do(queues.Answered{PlaceID: "p1", Channel: channel})
			want(t, "a late answer is withdrawn", of[queues.Withdraw](d)[0].Channel, channel)
			want(t, "the place", d.place("p1"), "offered in support")
		})
	}
}

func TestAllowed(t *testing.T) {
	t.Parallel()
	d := open(t, support(func(q *Queue) { q.WrapUp = 10 * time.Second }))
	check := func(ev queues.Event, wanted string, already bool) {
		t.Helper()
		err := d.g.Allowed(ev, d.now)
		if err == nil {
			if wanted != "" {
				t.Errorf("%+v is allowed", ev)
			}
			return
		}
		want(t, "why not", err.Error(), wanted)
		want(t, "already", err.(*Refusal).Already, already)
	}
	check(queues.LogIn{Agent: "eve"}, `there is no agent "eve"; see the agents in the configuration`, false)
	check(queues.LogOut{Agent: "ann"}, "ann is logged out already", true)
	check(queues.Pause{Agent: "ann"}, "ann is logged out; log in first", false)
	check(queues.Unpause{Agent: "ann"}, "ann is logged out; log in first", false)
	check(queues.LogIn{Agent: "ann"}, "", false)
	d.logIn("ann")
	check(queues.LogIn{Agent: "ann"}, "ann is logged in already", true)
	check(queues.Unpause{Agent: "ann"}, "ann is not paused", true)
	check(queues.Ready{Agent: "ann"}, "ann is not in wrap-up", true)
	d.do(queues.Pause{Agent: "ann", Reason: "lunch"})
	check(queues.Pause{Agent: "ann", Reason: "lunch"}, "ann is paused already", true)
	check(queues.Pause{Agent: "ann", Reason: "tea"}, "", false)
	d.do(queues.Unpause{Agent: "ann"})
	d.call("p1", "support")
	check(queues.Move{PlaceID: "p9", Queue: "sales"}, `there is no place "p9" in line; it may have been served or have left; see the queue`, false)
	check(queues.Move{PlaceID: "p1"}, "no queue is named; name the queue to move to", false)
	check(queues.Move{PlaceID: "p1", Queue: "support"}, "place p1 is in support already", true)
	check(queues.Move{PlaceID: "p1", Queue: "sales"}, "", false)
	check(queues.Tick{}, "", false)
	d.answer("ann")
	check(queues.Ready{Agent: "ann"}, "ann is in a call; hang up first", false)
	d.gone("ann", "")
	check(queues.Ready{Agent: "ann"}, "wrap-up after calls of support lasts 10s and is not ended by the agent; wait, or set wrap_up_by_agent of the queue", false)
}
