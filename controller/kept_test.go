package controller_test

import (
	"context"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// TestKilledAtEachStepOfAKeptPromise is the story of one customer who wants to talk,
// with the daemon dying at each step of it in turn: they are called once, or the
// attempt that may not have been made is written down as uncertain.
func TestKilledAtEachStepOfAKeptPromise(t *testing.T) {
	for step := controller.StepAskedDecided; step <= controller.StepDoneStored; step++ {
		if step == controller.StepDialSent { // only a real switch has it
			continue
		}
		t.Run(step.String(), func(t *testing.T) { keepThroughDeath(t, step) })
	}
}

func keepThroughDeath(t *testing.T, step controller.Step) {
	var m *mortal
	inBubbleWith(t, func(o *controller.Options) {
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
		const trunk = "PJSIP/+79160000002@trunk"
		r.sim.Endpoint(trunk, func(o *simswitch.Outgoing) {
			o.RingAfter(time.Second)
			o.Answer(4 * time.Second)
			o.OnAnswer(func(p *simswitch.Phone) { r.keepPressing(p) })
		})
		r.until("the line knows Anna", func() bool { return len(r.line().Agents) == 1 })
		wanted := controller.NewCallback{Number: "+79160000002", Key: "once"}
		if step == controller.StepWokenDecided || step == controller.StepWokenStored {
			wanted.Window.From = time.Now().Add(time.Minute)
		}
		ctl := r.ctl
		r.people.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			_, _ = ctl.AddCallback(ctx, wanted) // the daemon may die before it answers
		})
		<-m.died
		r.restart(500 * time.Millisecond)
		asked, err := r.ctl.AddCallback(r.ctx(), wanted)
		r.must(err)
		r.until("the promise is kept", func() bool { return r.promise().State == callback.Done })
		cb, dialled := r.promise(), len(r.sim.Dialled(trunk))
		want := 1
		if step == controller.StepDueStored || step == controller.StepDialAsking { // nobody can know that the switch was not asked
			want = 2
			if cb.Attempts[0].Outcome != callback.OutcomeUnconfirmed {
				t.Errorf("the first attempt is %+v", cb.Attempts[0])
			}
		}
		if len(cb.Attempts) != want || dialled != 1 || cb.ID != asked.Callback.ID || !cb.PlaceAt.Equal(asked.Callback.PlaceAt) {
			t.Errorf("dialled %d times for %+v", dialled, cb)
		}
		r.until("no place is left", func() bool {
			open, err := r.store.Load(r.ctx())
			r.must(err)
			return len(open.Places)+len(open.Calls) == 0
		})
		snap, err := r.sim.Snapshot(r.ctx())
		r.must(err)
		if len(snap.Channels)+len(snap.Bridges) > 0 {
			t.Errorf("left on the switch: %+v", snap)
		}
		if evs := r.events(callback.NoteDone); len(evs) != 1 {
			t.Errorf("the promise was kept %d times", len(evs))
		}
	})
}

// TestAPlaceThatWasParkedIsLeftAsParked ends the daemon between a promise that gave its
// place up for a later one, and the leaving of that place.
func TestAPlaceThatWasParkedIsLeftAsParked(t *testing.T) {
	var m *mortal
	inBubbleWith(t, func(o *controller.Options) {
		if m == nil {
			m = newMortal(1)
			m.only = controller.StepFailedStored.String()
		} else {
			m = newMortal(0)
		}
		m.inhabit(o)
		p := o.Callbacks.Policies["support"]
		p.Retries = map[callback.Outcome]callback.Retry{callback.OutcomeBusy: {After: time.Hour, Anew: true}}
		o.Callbacks.Policies["support"] = p
	}, nil, func(r *rig) {
		m.end = func() { r.stop() }
		r.sim.Endpoint("PJSIP/+79160000002@trunk", simswitch.Busy(time.Second))
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
		asked, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		<-m.died
		r.restart(time.Second)
		r.until("no place is open", func() bool {
			open, err := r.store.Load(r.ctx())
			r.must(err)
			return len(open.Places) == 0
		})
		left := r.events("place.left")
		if len(left) != 1 || left[0].Place != asked.Callback.PlaceID || left[0].Data["reason"] != "parked" {
			t.Errorf("places were left: %+v", left)
		}
		if cb := r.promise(); !cb.Dormant() || cb.PlaceID == asked.Callback.PlaceID {
			t.Errorf("the promise is %+v", cb)
		}
	})
}
