package controller_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// agentsFirst runs a test for both engines: with one agent on duty, by whom the
// customers are called first.
func agentsFirst(t *testing.T, mode callback.Mode, test func(r *rig, agent *simswitch.Agent, hotline string)) {
	for _, engine := range []string{"asterisk", "linekeeper"} {
		t.Run(engine, func(t *testing.T) {
			hotline, options := "support", func(o *controller.Options) {}
			if engine == "linekeeper" {
				hotline = "desk"
				rules := desk()
				rules.Queues[0].Overflow = nil
				options = func(o *controller.Options) { o.Own = rules }
			}
			inBubbleWith(t, func(o *controller.Options) {
				options(o)
				for name, p := range o.Callbacks.Policies {
					p.Mode = mode
					o.Callbacks.Policies[name] = p
				}
			}, documentsOf(engine), func(r *rig) {
				var agent *simswitch.Agent
				if engine == "linekeeper" {
					agent = r.phone("201")
					r.order("anna", controller.AgentLogin, "")
				} else {
					agent = r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(time.Second)
				}
				synctest.Wait()
				test(r, agent, hotline)
			})
		})
	}
}

func documentsOf(engine string) []string {
	if engine == "linekeeper" {
		return []string{"testdata/own/desk.yaml", "testdata/own/english.yaml"}
	}
	return nil
}

// hear waits until the agent on the place of the promise hears words.
func (r *rig) hear(agent *simswitch.Agent, hotline, words string) {
	r.t.Helper()
	r.until("the agent hears "+words, func() bool {
		for _, place := range r.queueOf(hotline).Places {
			if p := r.sim.Phone(telephony.ChannelID(place.Channel)); place.Channel != "" && p != nil && heard(p, words) {
				return true
			}
		}
		return agentHeard(agent, words)
	})
}

const olga = "PJSIP/+79160000002@trunk"

// customer waits until the customer is being called.
func (r *rig) customer() *simswitch.Phone {
	r.t.Helper()
	r.until("the customer is called", func() bool { return len(r.sim.Dialled(olga)) > 0 })
	return r.sim.Dialled(olga)[0]
}

func picksUp(o *simswitch.Outgoing) { o.Answer(3 * time.Second) }

func (r *rig) ask(hotline string) {
	r.t.Helper()
	_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{
		Number: "+79160000002", Name: "Olga", Hotline: hotline, Question: "Is it ready?", Reason: callback.ReasonWeb,
	})
	r.must(err)
}

func TestTheAgentIsCalledFirst(t *testing.T) {
	agentsFirst(t, callback.AgentFirst, func(r *rig, agent *simswitch.Agent, hotline string) {
		r.sim.Endpoint(olga, picksUp)
		r.ask(hotline)
		r.hear(agent, hotline, "We are calling the customer: Olga")
		r.hear(agent, hotline, "Asked for it on the web site. Not identified. The question is on your display.")
		leg := r.customer()
		r.hears(leg, "You asked for a call on our web site.")
		leg.Press("1")
		r.until("they talk", func() bool { return len(leg.Bridged()) > 0 })
		agent.Hangup()
		r.until("the promise is kept", func() bool { return r.promise().State == callback.Done })
		if took := r.events("callback.agent_took"); len(took) != 1 || took[0].Seq > r.events("callback.dialling")[0].Seq {
			r.t.Errorf("the agent took the place %d times, or after the dial", len(took))
		}
	})
}

func TestTheAgentDecidesFirst(t *testing.T) {
	agentsFirst(t, callback.AgentPreview, func(r *rig, agent *simswitch.Agent, hotline string) {
		r.sim.Endpoint(olga, picksUp)
		r.ask(hotline)
		r.hear(agent, hotline, "A callback. Olga, number")
		r.hear(agent, hotline, "To call, press one.")
		agent.Press("5")
		r.hear(agent, hotline, "There is no such choice.")
		agent.Press("2")
		r.hear(agent, hotline, "Thank you. You may hang up.")
		r.until("it is put off", func() bool { return r.promise().Postponed == 1 })
		if n := len(r.promise().Attempts); n > 0 {
			r.t.Fatalf("%d calls were made of what was put off", n)
		}
		r.until("another agent is asked", func() bool { return len(r.events("callback.shown")) == 2 })
		r.restart(time.Second)
		r.until("and asked anew after a restart", func() bool { return len(r.events("callback.shown")) == 3 })
		time.Sleep(2 * time.Second)
		agent.Press("1")
		leg := r.customer()
		r.hears(leg, "To speak to an operator")
		leg.Press("1")
		r.until("they talk", func() bool { return len(leg.Bridged()) > 0 })
		agent.Hangup()
		r.until("the promise is kept", func() bool { return r.promise().State == callback.Done })
		var answers []string
		for _, ev := range r.events("callback.previewed") {
			answers = append(answers, ev.Text("answer"))
		}
		if got := strings.Join(answers, " "); got != "postpone accept" {
			r.t.Errorf("the answers are %q", got)
		}
	})
}

func TestTheAgentPassesItOn(t *testing.T) {
	agentsFirst(t, callback.AgentPreview, func(r *rig, agent *simswitch.Agent, hotline string) {
		r.ask(hotline)
		for n := 1; n <= 3; n++ {
			r.until("the agent is asked", func() bool { return len(r.events("callback.shown")) == n })
			time.Sleep(time.Second)
			agent.Press("3")
			r.until("it is passed on", func() bool { return len(r.events("callback.previewed")) == n })
		}
		r.until("it waits for a while", func() bool { return !r.promise().NotBefore.IsZero() })
		if n := len(r.promise().Attempts); n > 0 {
			r.t.Errorf("%d calls were made of what nobody wanted", n)
		}
		_, _, err := r.ctl.CancelCallback(r.ctx(), r.promise().ID, "test", "")
		r.must(err)
	})
}
