package controller_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// TestNoAnswerToTheDial loses the switch's answer to the request to dial: where the
// customer is being called the call goes on, and where nothing is known of it the
// policy decides. Nobody is called by a second leg meanwhile.
func TestNoAnswerToTheDial(t *testing.T) {
	const trunk = "PJSIP/+79160000002@trunk"
	lost := &telephony.Error{Kind: telephony.KindRetryable, Err: errors.New("the connection broke")}
	for name, one := range map[string]struct {
		fault    simswitch.Fault // of the first dial
		ringsAt  time.Duration   // after the dial
		hold     bool
		state    callback.State
		dials    int
		attempts []callback.Outcome
	}{
		"it rings":        {simswitch.Fault{Err: lost, LostReply: true}, time.Second, false, callback.Done, 1, []callback.Outcome{callback.OutcomeConnected}},
		"it rings late":   {simswitch.Fault{Err: lost, LostReply: true}, 12 * time.Second, false, callback.Done, 1, []callback.Outcome{callback.OutcomeConnected}},
		"slow":            {simswitch.Fault{Delay: 8 * time.Second}, time.Second, false, callback.Done, 1, []callback.Outcome{callback.OutcomeConnected}},
		"never dialled":   {simswitch.Fault{Err: lost, Delay: 8 * time.Second}, time.Second, false, callback.Done, 1, []callback.Outcome{callback.OutcomeUnconfirmed, callback.OutcomeConnected}},
		"held":            {simswitch.Fault{Err: lost, Delay: 8 * time.Second}, time.Second, true, callback.Uncertain, 0, []callback.Outcome{callback.OutcomeUnconfirmed}},
		"surely refused":  {simswitch.Fault{Err: lost}, time.Second, true, callback.Done, 1, []callback.Outcome{callback.OutcomeFailed, callback.OutcomeConnected}},
		"held, but rings": {simswitch.Fault{Err: lost, LostReply: true}, time.Second, true, callback.Done, 1, []callback.Outcome{callback.OutcomeConnected}},
	} {
		t.Run(name, func(t *testing.T) {
			inBubbleWith(t, func(o *controller.Options) {
				for queue, p := range o.Callbacks.Policies {
					if one.hold {
						p.Uncertain = callback.HoldForOperator
					}
					o.Callbacks.Policies[queue] = p
				}
			}, nil, func(r *rig) {
				r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(3 * time.Second).TalkFor(20 * time.Second)
				r.sim.Endpoint(trunk, func(o *simswitch.Outgoing) {
					o.RingAfter(one.ringsAt)
					o.Answer(one.ringsAt + time.Second)
					o.OnAnswer(func(p *simswitch.Phone) { r.keepPressing(p) })
				})
				r.until("the line knows Anna", func() bool { return len(r.line().Agents) == 1 })
				one.fault.Op, one.fault.Times = simswitch.OpOriginate, 1
				r.sim.Inject(one.fault)
				_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
				r.must(err)
				r.until("the promise is "+string(one.state), func() bool { return r.promise().State == one.state })
				var outcomes []callback.Outcome
				for _, a := range r.promise().Attempts {
					outcomes = append(outcomes, a.Outcome)
				}
				if diff := cmp.Diff(one.attempts, outcomes); diff != "" || len(r.sim.Dialled(trunk)) != one.dials {
					t.Errorf("dialled %d times, want %d; attempts (-want +got):\n%s", len(r.sim.Dialled(trunk)), one.dials, diff)
				}
			})
		})
	}
}
