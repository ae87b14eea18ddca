package controller_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

const wanted = "+79160000002"

// cutOff runs a daemon that dies at a step of the promise to wanted, whose customer
// talks when called; test goes on when it is dead, with the second one to be started.
func cutOff(t *testing.T, step controller.Step, policy callback.UncertainPolicy, test func(r *rig)) {
	var m *mortal
	inBubbleWith(t, func(o *controller.Options) {
		p := o.Callbacks.Policies["support"]
		p.Uncertain, p.RingTimeout = policy, 20*time.Second
		o.Callbacks.Policies["support"] = p
		if m == nil { // the first run dies, the second does not
			m = newMortal(1)
			m.only = step.String()
		} else {
			m = newMortal(0)
		}
		m.inhabit(o)
	}, nil, func(r *rig) {
		m.end = func() { r.stop() }
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(3 * time.Second).TalkFor(20 * time.Second)
		r.sim.Endpoint("PJSIP/"+wanted+"@trunk", func(o *simswitch.Outgoing) {
			o.RingAfter(time.Second)
			o.Answer(4 * time.Second)
			o.OnAnswer(func(p *simswitch.Phone) { r.keepPressing(p) })
		})
		r.until("the line knows Anna", func() bool { return len(r.line().Agents) == 1 })
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: wanted})
		r.must(err)
		<-m.died
		r.kill()
		test(r)
	})
}

func (r *rig) startAgain() {
	r.t.Helper()
	time.Sleep(500 * time.Millisecond)
	r.sim.Reopen()
	r.start()
}

func (r *rig) why(want string) {
	r.t.Helper()
	story, err := r.ctl.Why(r.ctx(), r.promise().ID)
	r.must(err)
	if !strings.Contains(strings.Join(story, "\n"), want) {
		r.t.Errorf("why does not say %q:\n%s", want, strings.Join(story, "\n"))
	}
}

func TestTheSwitchIsAskedUntilACallCannotComeAnyMore(t *testing.T) {
	cutOff(t, controller.StepDueStored, callback.AskSwitch, func(r *rig) {
		r.startAgain()
		r.until("it is uncertain", func() bool { return r.promise().State == callback.Uncertain })
		since := r.promise().Since
		r.until("that is over", func() bool { return r.promise().State != callback.Uncertain })
		cb := r.promise()
		if took := cb.Since.Sub(since); cb.State != callback.Waiting || took < 25*time.Second || took > 45*time.Second {
			t.Errorf("after %s it is %s: %+v", took, cb.State, cb)
		}
		r.why("switch was asked again for")
		r.until("the promise is kept", func() bool { return r.promise().State == callback.Done })
		cb = r.promise()
		dialled := len(r.sim.Dialled("PJSIP/" + wanted + "@trunk"))
		if dialled != 1 || len(cb.Attempts) != 2 || cb.Attempts[1].At.Before(cb.Attempts[0].EndedAt.Add(2*time.Minute)) {
			t.Errorf("dialled %d times for %+v", dialled, cb)
		}
	})
}

func TestACallThatComesAfterAllGoesOn(t *testing.T) {
	for name, come := range map[string]func(r *rig, ring func()){
		"and is heard of": func(_ *rig, ring func()) { ring() },
		"in a gap": func(r *rig, ring func()) {
			ring()
			r.sim.Disconnect() // before it is told of
			time.Sleep(2 * time.Second)
			r.sim.Reconnect()
		},
	} {
		t.Run(name, func(t *testing.T) {
			cutOff(t, controller.StepDueStored, callback.AskSwitch, func(r *rig) {
				r.startAgain()
				r.until("it is uncertain", func() bool { return r.promise().State == callback.Uncertain })
				time.Sleep(12 * time.Second) // the first look found nothing
				leg := callback.ChannelID(r.promise().ID, 1)
				come(r, func() {
					r.must(r.sim.Originate(context.Background(), telephony.OriginateRequest{
						ID: telephony.ChannelID(leg), Endpoint: "PJSIP/" + wanted + "@trunk", Timeout: 20 * time.Second,
					}))
				})
				r.until("the promise is kept", func() bool { return r.promise().State == callback.Done })
				cb := r.promise()
				if dialled := len(r.sim.Dialled("PJSIP/" + wanted + "@trunk")); dialled != 1 || len(cb.Attempts) != 1 {
					t.Errorf("dialled %d times for %+v", dialled, cb)
				}
				r.why("was found alive on the switch")
			})
		})
	}
}

// TestWhetherTheyHaveTalked lets the daemon die around the bridge of customer and
// agent, and the customer hang up before it is back.
func TestWhetherTheyHaveTalked(t *testing.T) {
	for _, tc := range []struct {
		at      controller.Step
		policy  callback.UncertainPolicy
		state   callback.State
		outcome callback.Outcome
		says    string
	}{
		{controller.StepAgentStored, callback.HoldForOperator, callback.Waiting, callback.OutcomeAbandoned, "hung up before an agent came"},
		{controller.StepBridgeAsking, callback.CountAsTry, callback.Waiting, callback.OutcomeUnconfirmed, "have talked cannot be known, so it counts as a try"},
		{controller.StepBridgeAsking, callback.AskSwitch, callback.Waiting, callback.OutcomeUnconfirmed, "have talked cannot be known, so it counts as a try"},
		{controller.StepBridgeAnswered, callback.HoldForOperator, callback.Uncertain, callback.OutcomeUnconfirmed, "have talked cannot be known, so an operator has to decide"},
	} {
		t.Run(tc.at.String()+" "+string(tc.policy), func(t *testing.T) {
			cutOff(t, tc.at, tc.policy, func(r *rig) {
				r.sim.Dialled("PJSIP/" + wanted + "@trunk")[0].Hangup()
				r.startAgain()
				r.until("the attempt has an end", func() bool { last, _ := r.promise().Last(); return last.Outcome != callback.OutcomePending })
				cb := r.promise()
				if last, _ := cb.Last(); cb.State != tc.state || last.Outcome != tc.outcome {
					t.Errorf("it is %s: %+v", cb.State, cb)
				}
				r.why(tc.says)
				if cb.State == callback.Uncertain {
					_, err := r.ctl.OrderCallback(r.ctx(), cb.ID, callback.Resolve{Outcome: callback.OutcomeConnected, By: callback.ByOperator})
					r.must(err)
				}
				r.until("the promise is kept", func() bool { return r.promise().State == callback.Done })
			})
		})
	}
}

// TestAPlaceholderWhoseAnswerWasLostIsTakenBack lets the switch insert a placeholder and its answer get lost: nobody is
// rung for it beside the one that takes its stead.
func TestAPlaceholderWhoseAnswerWasLostIsTakenBack(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(3 * time.Second).TalkFor(20 * time.Second)
		r.until("the line knows Anna", func() bool { return len(r.line().Agents) == 1 })
		r.sim.Inject(simswitch.Fault{
			Op: simswitch.OpOriginate, Times: 1, LostReply: true, Delay: time.Second,
			Err: &telephony.Error{Kind: telephony.KindRetryable, Err: errDead},
		})
		p := r.sim.Call(wanted, "600")
		r.hears(p, "Balance one")
		p.Press("2")
		r.until("they talk", func() bool { return len(p.Bridged()) > 0 })
		snap, err := r.sim.Snapshot(r.ctx())
		r.must(err)
		if len(snap.Channels) != 2 {
			t.Errorf("beside caller and agent there are %+v", snap.Channels)
		}
		r.result(wanted, dialplan.ResultAgent)
	})
}
