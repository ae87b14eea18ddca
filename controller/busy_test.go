package controller_test

import (
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// TestSleepersWakeHoweverBusyTheDaemonIs keeps the promises at work all the time:
// one that sleeps must be brought back from disk all the same.
func TestSleepersWakeHoweverBusyTheDaemonIs(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).TalkFor(5 * time.Second)
		const trunk = "PJSIP/+79160000002@trunk"
		r.sim.Endpoint(trunk, func(o *simswitch.Outgoing) {
			o.Answer(time.Second)
			o.OnAnswer(func(p *simswitch.Phone) { r.keepPressing(p) })
		})
		wanted := controller.NewCallback{Number: "+79160000002"}
		wanted.Window.From = time.Now().Add(100 * time.Second)
		_, err := r.ctl.AddCallback(r.ctx(), wanted)
		r.must(err)
		r.until("the promise is kept", func() bool {
			// Somebody always wants something of another promise.
			_, _ = r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+12125550100"}) // refused by the rules
			return r.promise().State == callback.Done
		})
	})
}
