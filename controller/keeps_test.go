package controller_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// TestACallBackKnowsWhatTheFirstCallLearned: but for what was a secret, which is
// on no disk.
func TestACallBackKnowsWhatTheFirstCallLearned(t *testing.T) {
	inBubbleWith(t, func(*controller.Options) {}, []string{"testdata/keeps.yaml"}, func(r *rig) {
		r.sim.Endpoint("PJSIP/+79160000002@trunk", func(o *simswitch.Outgoing) {
			o.Answer(time.Second)
			o.OnAnswer(func(p *simswitch.Phone) { r.pressWhen(p, "press one", "1") })
		})
		p := r.sim.Call("+79160000002", "640")
		r.hears(p, "Which order?")
		p.Press("1234")
		r.hears(p, "Which code?")
		p.Press("9753")
		r.hears(p, "We will call you back at")
		p.Press("1")
		r.hears(p, "It is kept.")
		cb := r.promise()
		if diff := cmp.Diff(map[string]any{"order": "1234"}, cb.About.Vars); diff != "" {
			t.Errorf("the promise carries (-want +got):\n%s", diff)
		}
		if saved, err := json.Marshal(r.call("+79160000002")); err != nil || strings.Contains(string(saved), "9753") {
			t.Errorf("the secret is saved: %s (%v)", saved, err)
		}
		anna := r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(time.Second)
		r.until("they talk", func() bool { return r.promise().State == callback.Connected })
		customer := r.sim.Dialled("PJSIP/+79160000002@trunk")[0]
		anna.Hangup()
		r.hears(customer, "That was about order 1234.")
	})
}
