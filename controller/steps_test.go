package controller_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

func TestStepsHaveNames(t *testing.T) {
	t.Parallel()
	known := map[string]bool{"": true}
	for i, s := range controller.Steps() {
		if int(s) != i+1 || known[s.String()] || !strings.HasSuffix(s.Sentence(), ".") {
			t.Errorf("step %d is called %q: %q", s, s, s.Sentence())
		}
		known[s.String()] = true
	}
	if none := controller.Step(len(known)); none.String() != "" || none.Sentence() != "" || controller.Step(0).String() != "" {
		t.Error("what is no step has a name")
	}
}

// TestStepsOfAKeptPromise holds the order of the steps: nothing is asked of the
// switch before it is stored.
func TestStepsOfAKeptPromise(t *testing.T) {
	var mu sync.Mutex
	var seen []string
	inBubbleWith(t, func(o *controller.Options) {
		o.At = func(s controller.Step, _ string) {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, s.String())
		}
	}, nil, func(r *rig) {
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(3 * time.Second).TalkFor(10 * time.Second)
		const trunk = "PJSIP/+79160000002@trunk"
		r.sim.Endpoint(trunk, func(o *simswitch.Outgoing) {
			o.RingAfter(time.Second)
			o.Answer(4 * time.Second)
			o.OnAnswer(func(p *simswitch.Phone) { r.pressWhen(p, "press one", "1") })
		})
		r.until("the line knows Anna", func() bool { return len(r.line().Agents) == 1 })
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		r.until("the promise is kept", func() bool { return r.promise().State == callback.Done })
		mu.Lock()
		defer mu.Unlock()
		// The line stores its places beside the promise: its steps have no order with the promise's.
		own := slices.DeleteFunc(seen, func(s string) bool { return strings.HasPrefix(s, "place.") || strings.HasPrefix(s, "leg.") })
		want := []string{
			"asked.decided", "asked.stored", "asked.handed", "asked.told", "due.decided", "due.stored", "dial.asking", "dial.answered",
			"ringing.decided", "ringing.stored", "answered.decided", "answered.stored", "greeted", "yes.decided", "yes.stored",
			"agent.decided", "agent.stored", "connect.asked", "bridge.asking", "bridge.answered", "connected.decided", "connected.stored",
			"done.decided", "done.stored",
		}
		if diff := cmp.Diff(want, own); diff != "" {
			t.Errorf("the steps (-want +got):\n%s", diff)
		}
	})
}
