package controller_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap/zapcore"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// zapLevel keeps passing tests quiet; LK_TEST_LOG=1 shows what the daemon says.
func zapLevel() zapcore.Level {
	if os.Getenv("LK_TEST_LOG") != "" {
		return zapcore.DebugLevel
	}
	return zapcore.ErrorLevel
}

const ivan = "+79161234501"

func TestKnownCallerHearsTheBalance(t *testing.T) {
	inBubble(t, func(r *rig) {
		p := r.sim.Call(ivan, "600")
		r.hears(p, "Ivan, good to hear you.")
		r.hears(p, "Balance one")
		p.Press("1")
		r.hears(p, "Enter your PIN")
		p.Press("2580#")
		r.hears(p, "Your balance is")
		p.Hangup()
		c := r.result(ivan, dialplan.ResultIVR)
		if c.State.Caller.Account != "1001" {
			t.Errorf("the caller is %+v", c.State.Caller)
		}
	})
}

func TestCallerWaitsAndTalks(t *testing.T) {
	inBubble(t, func(r *rig) {
		anna := r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(2 * time.Second).TalkFor(40 * time.Second)
		first, second := r.sim.Call("+79160000001", "600"), r.sim.Call("+79160000002", "600")
		r.hears(first, "Balance one")
		first.Press("2")
		r.until("the first talks", func() bool { return len(first.Bridged()) > 0 })
		if !first.Hears(anna.Phone()) && anna.Phone() != nil {
			t.Log("the agent's own leg is behind the placeholder")
		}
		second.Press("2")
		r.hears(second, "next in line")
		r.until("the second talks", func() bool { return len(second.Bridged()) > 0 })
		r.hears(first, "Thank you.")
		if c := r.result("+79160000001", dialplan.ResultAgent); c.Agent != "Anna" || c.TalkedS < 30 {
			t.Errorf("agent %q, talked %.1f s", c.Agent, c.TalkedS)
		}
		if c := r.result("+79160000002", dialplan.ResultAgent); c.WaitedS < 20 {
			t.Errorf("the second waited %.1f s", c.WaitedS)
		}
	})
}

func TestAbandonedAndNoAgents(t *testing.T) {
	inBubble(t, func(r *rig) {
		p := r.sim.Call("+79160000001", "600")
		r.hears(p, "Balance one")
		p.Press("2")
		r.hears(p, "Nobody is here.")
		r.result("+79160000001", dialplan.ResultNoAgents)

		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).Miss(100)
		p = r.sim.Call("+79160000002", "600")
		r.hears(p, "Balance one")
		p.Press("2")
		r.hears(p, "next in line")
		p.Hangup()
		r.result("+79160000002", dialplan.ResultAbandoned)
		r.until("the placeholder is gone", func() bool { return len(r.queue.Waiting()) == 0 })
	})
}

// inLine brings three callers into line while Anna talks to another.
func inLine(r *rig) (anna *simswitch.Agent, waiting []*simswitch.Phone) {
	anna = r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(time.Second)
	busy := r.sim.Call("+79160000009", "600")
	r.hears(busy, "Balance one")
	busy.Press("2")
	r.until("Anna talks", func() bool { return len(busy.Bridged()) > 0 })
	for i := range 3 {
		p := r.sim.Call("+7916000000"+string(rune('1'+i)), "600")
		r.hears(p, "Balance one")
		p.Press("2")
		r.until("it stands in line", func() bool { return len(r.queue.Waiting()) == i+1 })
		waiting = append(waiting, p)
	}
	return anna, waiting
}

func TestCallbackKeepsThePlace(t *testing.T) {
	inBubble(t, func(r *rig) {
		anna, w := inLine(r)
		r.sim.Endpoint("PJSIP/+79160000002@trunk", func(o *simswitch.Outgoing) {
			o.RingAfter(time.Second)
			o.Answer(5 * time.Second)
			o.OnAnswer(func(p *simswitch.Phone) {
				r.pressWhen(p, "press one", "1")
			})
		})
		r.hears(w[1], "call you back when your turn comes")
		w[1].Press("1")
		r.hears(w[1], "We will call you back at")
		w[1].Press("1")
		r.hears(w[1], "We will call you when your turn comes")
		r.result("+79160000002", dialplan.ResultCallback)

		anna.Hangup() // the busy one
		r.until("the first in line is served", func() bool { return len(w[0].Bridged()) > 0 })
		if n := len(r.sim.Dialled("PJSIP/+79160000002@trunk")); n > 1 {
			t.Errorf("dialled %d times already", n)
		}
		anna.Hangup()
		r.until("the promise is connected", func() bool { return r.promise().State == callback.Connected })
		customer := r.sim.Dialled("PJSIP/+79160000002@trunk")[0]
		if len(w[2].Bridged()) > 0 {
			t.Error("a later caller was served before the promise")
		}
		r.until("the agent's name is known", func() bool { return r.promise().Agent == "Anna" })
		anna.Hangup()
		r.hears(customer, "Thank you.")
		r.until("the last is served", func() bool { return len(w[2].Bridged()) > 0 })
		cb := r.promise()
		if cb.State != callback.Done || len(cb.Attempts) != 1 || cb.Attempts[0].Outcome != callback.OutcomeConnected {
			t.Errorf("the promise is %s after %+v", cb.State, cb.Attempts)
		}
		why, err := r.ctl.Why(r.ctx(), cb.ID)
		r.must(err)
		if story := strings.Join(why, "\n"); len(why) < 4 || !strings.Contains(story, "Anna") || !strings.Contains(story, "while 2nd in line") {
			t.Errorf("the story is:\n%s", strings.Join(why, "\n"))
		}
	})
}

// pressWhen is a person who waits for words and presses keys. It runs beside
// the test, which alone may wait for the bubble.
func (r *rig) pressWhen(p *simswitch.Phone, words, keys string) {
	r.person(p, func() bool {
		if heard(p, words) {
			p.Press(keys)
			return true
		}
		return false
	})
}

// person acts again and again until it is done, the call or the test is over.
func (r *rig) person(p *simswitch.Phone, act func() (done bool)) {
	r.people.Go(func() {
		for {
			if over, _ := p.Ended(); over || act() {
				return
			}
			select {
			case <-time.After(50 * time.Millisecond):
			case <-r.over:
				return
			}
		}
	})
}

func TestCallerHangsUpOnTheAgent(t *testing.T) {
	inBubble(t, func(r *rig) {
		anna := r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(time.Second)
		p := r.sim.Call("+79160000001", "600")
		r.hears(p, "Balance one")
		p.Press("2")
		r.until("they talk", func() bool { return len(p.Bridged()) > 0 })
		time.Sleep(10 * time.Second)
		p.Hangup()
		if c := r.result("+79160000001", dialplan.ResultAgent); c.TalkedS < 10 {
			t.Errorf("talked %.1f s, want 10 or more", c.TalkedS)
		}
		r.until("the agent is let go", func() bool { return anna.Phone() == nil })
		if evs := r.events("place.left"); len(evs) != 1 || evs[0].Data["reason"] != "served" {
			t.Errorf("the place ended so: %+v", evs)
		}
	})
}

func TestCustomerWantsNoCallAnyMore(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
		const trunk = "PJSIP/+79160000002@trunk"
		r.sim.Endpoint(trunk, func(o *simswitch.Outgoing) {
			o.Answer(time.Second)
			o.OnAnswer(func(p *simswitch.Phone) { r.pressWhen(p, "press one", "9") })
		})
		r.until("the line knows Anna", func() bool { return len(r.line().Agents) == 1 })
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		r.until("the promise is closed", func() bool { return r.promise().State == callback.Cancelled })
		customer := r.sim.Dialled(trunk)[0]
		r.hears(customer, "Goodbye!")
		r.until("the customer is let go", func() bool { over, _ := customer.Ended(); return over })
	})
}
