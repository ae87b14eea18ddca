package controller_test

import (
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// An agent who takes the place of a promise hears that the customer is being
// called, and is told when nobody answers, before the call to the agent ends.
func TestAgentWhoWaitsInVainIsTold(t *testing.T) {
	inBubble(t, func(r *rig) {
		anna := r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(time.Second)
		busy := r.sim.Call("+79160000009", "600")
		r.hears(busy, "Balance one")
		busy.Press("2")
		r.until("Anna talks", func() bool { return len(busy.Bridged()) > 0 })
		r.sim.Endpoint("PJSIP/+79160000002@trunk", simswitch.NoAnswer())
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002", Name: "Olga"})
		r.must(err)
		var placeholder telephony.ChannelID
		r.until("the promise stands in line", func() bool {
			waiting := r.queue.Waiting()
			if len(waiting) == 1 {
				placeholder = waiting[0]
			}
			return len(waiting) == 1
		})
		if n := len(r.promise().Attempts); n > 0 {
			t.Errorf("%d calls were made to wait for an agent who talks", n)
		}
		anna.Hangup()
		r.until("the customer is dialled", func() bool { return len(r.promise().Attempts) == 1 })
		agent := r.sim.Phone(placeholder)
		r.hears(agent, "We are calling the customer: Olga")
		r.hears(agent, "The customer did not answer")
		r.until("Anna is let go", func() bool { over, _ := agent.Ended(); return over })
		if h := agent.Heard(); !h[len(h)-1].Complete {
			t.Error("the last words were cut off")
		}
		if cb := r.promise(); cb.State != callback.Waiting || cb.Attempts[0].Outcome != callback.OutcomeNoAnswer {
			t.Errorf("the promise is %s after %+v", cb.State, cb.Attempts)
		}
	})
}
