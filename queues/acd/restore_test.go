package acd

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// crash begins anew from what was saved. alive and served say what the switch
// shows of each place's leg.
func (d *desk) crash(alive, served map[string]bool) {
	d.t.Helper()
	d.g = New(d.g.rules)
	var cmds []queues.Command
	apply := func(ev queues.Event) {
		d.do(ev)
		cmds = append(cmds, d.cmds...)
	}
	for id, duty := range d.duty {
		text, err := json.Marshal(duty)
		if err != nil {
			d.t.Fatal(err)
		}
		var kept queues.Duty
		if err := json.Unmarshal(text, &kept); err != nil {
			d.t.Fatalf("%s: %v", id, err)
		}
		apply(queues.RestoreAgent{Duty: kept})
	}
	for id, p := range d.saved {
		apply(queues.Restore{Place: p, Alive: alive[id], Served: served[id]})
	}
	d.cmds = cmds
	if rings := of[queues.Ring](d); len(rings) > 0 {
		d.t.Fatalf("somebody is rung before all is known: %+v", rings)
	}
}

var yes = map[string]bool{"p1": true}

func TestATalkGoesOnOverARestart(t *testing.T) {
	t.Parallel()
	d := open(t, support(func(q *Queue) { q.WrapUp = 10 * time.Second }))
	d.logIn("ann")
	d.call("p1", "support")
	d.answer("ann")
	d.call("p2", "support")
	d.now = d.now.Add(30 * time.Second)
	d.crash(yes, yes)
	serve := of[queues.Serve](d)
	if len(serve) != 1 || serve[0].Channel != "lk-place-p1-1" || serve[0].Place.Agent != "ANN" {
		t.Fatalf("serve is %+v", serve)
	}
	d.do(queues.PhonesSeen{Phones: []queues.PhoneSeen{{Phone: "PJSIP/ann", State: queues.PhoneInUse}}})
	want(t, "ann", d.state("ann"), queues.AgentTalking)
	want(t, "ann is not rung", d.ringing("p2"), "")
	d.now = d.now.Add(30 * time.Second)
	d.gone("ann", "")
	want(t, "the place", d.place("p1"), "left: served")
	a, _ := d.g.Agent("ann")
	if a.TalkS < 60 || a.TalkS > 61 {
		t.Errorf("ann talked %v s", a.TalkS)
	}
	want(t, "calls", a.Calls, 1)
	want(t, "ann", d.state("ann"), queues.AgentWrapUp)
	d.crash(nil, nil)
	want(t, "a wrap-up goes on, too", d.state("ann"), queues.AgentWrapUp)
	d.pass(10 * time.Second)
	want(t, "then the next", d.ringing("p2"), "ann")
}

func TestATalkThatEndedWhileNobodyLooked(t *testing.T) {
	t.Parallel()
	d := open(t, support(func(q *Queue) { q.WrapUp = 10 * time.Second }))
	d.logIn("ann")
	d.call("p1", "support")
	d.answer("ann")
	d.now = d.now.Add(time.Minute)
	d.crash(nil, nil)
	want(t, "the place", d.place("p1"), "left: served")
	want(t, "ann works after it", d.state("ann"), queues.AgentWrapUp)
	if _, told := d.note("place.left").Data["talked_s"]; told {
		t.Error("the journal pretends to know how long they talked")
	}
	a, _ := d.g.Agent("ann")
	want(t, "talk", a.TalkS, 0.0)
}

func TestAnOfferIsMadeAnewAfterARestart(t *testing.T) {
	t.Parallel()
	d := open(t, support())
	d.logIn("ann", "bob")
	d.call("p1", "support")
	d.crash(yes, nil)
	want(t, "the leg is withdrawn", of[queues.Withdraw](d)[0].Channel, "lk-place-p1-1")
	want(t, "nobody is rung yet", d.ringing("p1"), "")
	d.do(queues.PhonesSeen{Phones: []queues.PhoneSeen{{Phone: "PJSIP/ann", State: queues.PhoneRinging}}})
	want(t, "nor whose phone rings still", d.ringing("p1"), "bob")
	want(t, "under a new channel", d.leg("bob").channel, "lk-place-p1-2")
	want(t, "ann", d.state("ann"), queues.AgentBusy)
	d.do(queues.PhoneSeen{Phone: "PJSIP/ann", State: queues.PhoneIdle})
	want(t, "ann", d.state("ann"), queues.AgentIdle)
}

func TestAnOfferThatWasAnsweredWhileNobodyLooked(t *testing.T) {
	t.Parallel()
	d := open(t, support())
	d.logIn("ann")
	d.call("p1", "support")
	d.crash(yes, yes)
	want(t, "the place", d.place("p1"), "served in support")
	want(t, "by", d.saved["p1"].Agent, "ANN")
	want(t, "its holder is told", len(of[queues.Serve](d)), 1)
	want(t, "the journal", d.note("offer.ended").Data["why"], any("answered"))
	d.do(queues.PhonesSeen{})
	want(t, "ann", d.state("ann"), queues.AgentTalking)
}

func TestNobodyIsRungBeforePhonesAreKnown(t *testing.T) {
	t.Parallel()
	d := open(t, support())
	d.logIn("ann")
	d.do(queues.Pause{Agent: "ann"})
	d.call("p1", "support")
	d.do(queues.Unpause{Agent: "ann"})
	d.gone("ann", queues.OfferBusy)
	d.crash(nil, nil)
	want(t, "a Tick is asked for", of[queues.Wake](d)[0].At, d.now.Add(phonePatience))
	d.call("p2", "support")
	d.now = d.now.Add(phonePatience - 2*time.Millisecond)
	d.do(queues.Tick{})
	want(t, "nobody", d.ringing("p1")+d.ringing("p2"), "")
	d.now = d.now.Add(2 * time.Millisecond)
	d.do(queues.Tick{})
	want(t, "three seconds without a word are enough", d.ringing("p1"), "ann")
}

func TestATalkOfAnAgentWhoIsNotInTheRulesAnyMore(t *testing.T) {
	t.Parallel()
	d := open(t, support())
	d.logIn("ann")
	d.call("p1", "support")
	d.answer("ann")
	d.g.rules.Agents = crew("bob")
	d.crash(yes, yes)
	want(t, "it goes on", d.place("p1"), "served in support")
	want(t, "nothing is saved of her", len(of[queues.SaveAgent](d)), 0)
	d.do(queues.PhonesSeen{}, queues.Gone{PlaceID: "p1", Channel: "lk-place-p1-1"})
	want(t, "and ends", d.place("p1"), "left: served")
}

func TestPausesGoOnOverARestart(t *testing.T) {
	t.Parallel()
	r := support(func(q *Queue) { q.RONAPause = time.Minute })
	r.Reasons = map[string]time.Duration{"lunch": 10 * time.Minute}
	d := open(t, r)
	d.logIn("ann", "bob")
	d.call("p1", "support")
	d.gone("ann", queues.OfferNoAnswer)
	d.do(queues.Pause{Agent: "bob", Reason: "lunch"})
	d.now = d.now.Add(30 * time.Second)
	d.crash(nil, nil)
	d.do(queues.PhonesSeen{})
	d.pass(29 * time.Second)
	want(t, "ann", d.state("ann"), queues.AgentPaused)
	d.pass(2 * time.Second)
	want(t, "ann after a minute", d.state("ann"), queues.AgentRinging)
	a, _ := d.g.Agent("bob")
	want(t, "bob's lunch", a.Reason, "lunch")
	want(t, "ends", a.Until.Sub(d.duty["bob"].PausedAt), 10*time.Minute)
}
