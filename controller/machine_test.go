package controller_test

import (
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

const answersAlone = "PJSIP/+79160000002@trunk"

// atMachine calls a customer whose phone is answered by something that talks, with
// the machine told apart by the switch.
func atMachine(t *testing.T, then callback.MachineAction, test func(r *rig, p *simswitch.Phone)) {
	options := func(o *controller.Options) {
		o.Callbacks.Machines = controller.DetectTalk
		for name, p := range o.Callbacks.Policies {
			p.Machine, p.MaxAttempts = then, 1
			o.Callbacks.Policies[name] = p
		}
	}
	inBubbleWith(t, options, nil, func(r *rig) {
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(time.Second)
		r.sim.Endpoint(answersAlone, simswitch.Answer(time.Second))
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		r.until("it is answered", func() bool { return r.promise().State == callback.Answered })
		p := r.sim.Dialled(answersAlone)[0]
		r.hears(p, "You asked us to call you back")
		p.Talk(true)
		test(r, p)
	})
}

func (r *rig) machineLearned(p *simswitch.Phone, detail string) {
	r.t.Helper()
	r.until("the attempt is over", func() bool { return !r.promise().Open() })
	last, _ := r.promise().Last()
	if last.Outcome != callback.OutcomeMachine || last.Detail != detail {
		r.t.Errorf("the attempt ended as %+v", last)
	}
	if n := len(r.events(callback.NoteConfirmed)) + len(r.events(callback.NoteConnected)); n > 0 || len(p.Bridged()) > 0 {
		r.t.Error("an agent was given a machine")
	}
	for _, took := range r.events(callback.NoteAgentTook) { // faster than the hint
		if released := r.events(callback.NoteAgentReleased); len(released) == 0 || released[0].At.Sub(took.At) > 5*time.Second {
			r.t.Errorf("an agent who came at %s was let go by %+v", took.At, released)
		}
	}
	r.until("it is hung up", func() bool { over, _ := p.Ended(); return over })
}

func TestMachineIsHungUpOn(t *testing.T) {
	atMachine(t, callback.MachineHangUp, func(r *rig, p *simswitch.Phone) {
		r.machineLearned(p, "nobody pressed a key")
	})
}

func TestMachineIsLeftAMessage(t *testing.T) {
	atMachine(t, callback.MachineMessage, func(r *rig, p *simswitch.Phone) {
		r.until("it is taken for a machine", func() bool { return len(r.events(callback.NoteMachine)) == 1 })
		time.Sleep(6 * time.Second)
		said := len(p.Heard())
		for _, h := range p.Heard() {
			if strings.Contains(string(h.Media), "could not reach you") {
				t.Error("the message was spoken into the greeting")
			}
		}
		p.Talk(false)
		time.Sleep(500 * time.Millisecond)
		p.Talk(true) // the tone
		time.Sleep(200 * time.Millisecond)
		p.Talk(false)
		r.hears(p, "could not reach you")
		r.machineLearned(p, "message left")
		if n := len(p.Heard()) - said; n != 1 {
			t.Errorf("the machine heard %d things after its greeting, want the message alone", n)
		}
	})
}

// Who says much when they answer is a person all the same, once they press 1.
func TestPersonWhoTalksLikeAMachine(t *testing.T) {
	for _, then := range []callback.MachineAction{callback.MachineHangUp, callback.MachineMessage} {
		t.Run(string(then), func(t *testing.T) {
			atMachine(t, then, func(r *rig, p *simswitch.Phone) {
				r.until("it is taken for a machine", func() bool { return len(r.events(callback.NoteMachine)) == 1 })
				time.Sleep(3 * time.Second)
				p.Press("1")
				r.until("they talk", func() bool { return r.promise().State == callback.Connected })
				p.Talk(false)
				p.Hangup()
				r.until("the promise is kept", func() bool { return r.promise().State == callback.Done })
			})
		})
	}
}

// Nobody is watched where nobody asked for it, and a short greeting tells nothing.
func TestShortGreetingIsNoMachine(t *testing.T) {
	atMachine(t, callback.MachineHangUp, func(r *rig, p *simswitch.Phone) {
		time.Sleep(2 * time.Second)
		p.Talk(false)
		time.Sleep(5 * time.Second)
		if n := len(r.events(callback.NoteMachine)); n > 0 {
			t.Errorf("taken for a machine %d times", n)
		}
		p.Press("9")
		r.until("it is cancelled", func() bool { return r.promise().State == callback.Cancelled })
	})
}

func TestOwnerIsAskedFirst(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(time.Second)
		r.sim.Endpoint(answersAlone, simswitch.Answer(time.Second))
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002", Verify: callback.VerifyByCall})
		r.must(err)
		r.until("the owner is called", func() bool { return r.promise().State == callback.Answered })
		if n := len(r.events(callback.NoteAgentTook)); n > 0 || r.promise().Placed {
			t.Errorf("a place was taken before the yes: %+v", r.promise())
		}
		owner := r.sim.Dialled(answersAlone)[0]
		r.hears(owner, "Somebody asked us to call this number")
		owner.Press("1")
		r.hears(owner, "We will call you when your turn comes")
		r.until("the customer is called", func() bool { return len(r.sim.Dialled(answersAlone)) == 2 })
		customer := r.sim.Dialled(answersAlone)[1]
		r.hears(customer, "You asked us to call you back")
		customer.Press("1")
		r.until("they talk", func() bool { return r.promise().State == callback.Connected })
		customer.Hangup()
		r.until("the promise is kept", func() bool { return r.promise().State == callback.Done })
	})
}
