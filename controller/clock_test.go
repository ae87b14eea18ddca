package controller_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// wallClock is a clock on the wall that can be put forward and back.
type wallClock struct{ ahead atomic.Int64 }

func (w *wallClock) now() time.Time      { return time.Now().Add(time.Duration(w.ahead.Load())) }
func (w *wallClock) put(d time.Duration) { w.ahead.Add(int64(d)) }

// hanging has a promises' clock of its own.
func (w *wallClock) hanging(o *controller.Options) { o.Clock = w.now }

// dialledAt waits for the nth dial and gives how long the test has lasted by then.
func (r *rig) dialledAt(endpoint string, n int, since time.Time) time.Duration {
	r.t.Helper()
	r.until(fmt.Sprintf("dial %d", n), func() bool { return len(r.sim.Dialled(endpoint)) >= n })
	return time.Since(since)
}

func near(got, want time.Duration) bool { return got >= want && got <= want+2*time.Second }

const jumpTrunk = "PJSIP/+79160000002@trunk"

func TestATimeThatWasChosenFollowsTheClockOnTheWall(t *testing.T) {
	for _, tc := range []struct {
		name string
		jump time.Duration
		want time.Duration // from the beginning, with a window two hours from then
	}{
		{"put forward by an hour", time.Hour, time.Hour},
		{"put back by an hour", -time.Hour, 3 * time.Hour},
		{"put forward past the window", 3 * time.Hour, 20 * time.Minute},
		{"put right by a second", time.Second, 2*time.Hour - time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			wall := &wallClock{}
			inBubbleWith(t, wall.hanging, nil, func(r *rig) {
				r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
				r.sim.Endpoint(jumpTrunk, simswitch.NoAnswer())
				start := time.Now()
				_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{
					Number: "+79160000002", Window: callback.Window{From: start.Add(2 * time.Hour)},
				})
				r.must(err)
				time.Sleep(20 * time.Minute)
				wall.put(tc.jump)
				time.Sleep(time.Until(start.Add(tc.want)) - time.Minute)
				if got := r.dialledAt(jumpTrunk, 1, start); !near(got, tc.want) {
					t.Errorf("dialled after %s, want %s", got, tc.want)
				}
			})
		})
	}
}

func TestAPauseLastsHoweverTheClocksArePut(t *testing.T) {
	for _, jump := range []time.Duration{time.Hour, -time.Hour, time.Second, -time.Second} {
		t.Run(jump.String(), func(t *testing.T) {
			wall := &wallClock{}
			inBubbleWith(t, wall.hanging, nil, func(r *rig) {
				r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
				r.sim.Endpoint(jumpTrunk, func(o *simswitch.Outgoing) { o.Refuse(time.Second, telephony.CauseBusy) })
				_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
				r.must(err)
				r.until("the first attempt ends", func() bool {
					cb := r.promise()
					return len(cb.Attempts) == 1 && cb.State == callback.Waiting
				})
				cb, first := r.promise(), time.Now()
				pause := cb.NotBefore.Sub(cb.Attempts[0].EndedAt)
				time.Sleep(time.Minute)
				wall.put(jump)
				if got := r.dialledAt(jumpTrunk, 2, first); got < pause-time.Second || got > pause+2*time.Second {
					t.Errorf("dialled again after %s, want a pause of %s", got, pause)
				}
			})
		})
	}
}

func TestAClockThatIsPutForwardEndsNoCall(t *testing.T) {
	for _, jump := range []time.Duration{time.Hour, -time.Hour} {
		t.Run(jump.String(), func(t *testing.T) {
			wall := &wallClock{}
			inBubbleWith(t, wall.hanging, nil, func(r *rig) {
				r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(time.Second)
				r.sim.Endpoint(jumpTrunk, func(o *simswitch.Outgoing) {
					o.RingAfter(time.Second)
					o.Answer(10 * time.Second)
					o.OnAnswer(func(p *simswitch.Phone) { r.pressWhen(p, "press one", "1") })
				})
				_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
				r.must(err)
				r.until("it rings", func() bool { return r.promise().State == callback.Ringing })
				wall.put(jump)
				time.Sleep(3 * time.Second)
				r.until("they talk", func() bool { return r.promise().State == callback.Connected })
				if cb := r.promise(); len(cb.Attempts) != 1 {
					t.Errorf("connected by %+v", cb.Attempts)
				}
			})
		})
	}
}

// TestInTheNightOfTheClockChange asks in the evening and wants the call when the
// customer's morning begins, by a clock that was changed in the night.
func TestInTheNightOfTheClockChange(t *testing.T) {
	for _, tc := range []struct{ zone, number, evening, morning string }{
		{"Europe/Berlin", "+4930901820", "2026-03-28T20:30:00+01:00", "2026-03-29T09:00:00+02:00"},
		{"Europe/Berlin", "+4930901820", "2026-10-24T20:30:00+02:00", "2026-10-25T09:00:00+01:00"},
		{"America/New_York", "+12127363100", "2026-03-07T20:30:00-05:00", "2026-03-08T09:00:00-04:00"},
		{"America/New_York", "+12127363100", "2026-10-31T20:30:00-04:00", "2026-11-01T09:00:00-05:00"},
	} {
		t.Run(tc.zone+tc.evening[:7], func(t *testing.T) {
			evening, err := time.Parse(time.RFC3339, tc.evening)
			if err != nil {
				t.Fatal(err)
			}
			morning, err := time.Parse(time.RFC3339, tc.morning)
			if err != nil {
				t.Fatal(err)
			}
			zone, err := time.LoadLocation(tc.zone)
			if err != nil {
				t.Fatal(err)
			}
			wall := &wallClock{}
			byDayThere := byRules(func(p *callback.Policy) {
				p.Prefixes = []string{tc.number[:3]}
				p.Hours = &dialplan.Hours{Location: zone}
				for day := range p.Hours.Week {
					p.Hours.Week[day] = []dialplan.Span{{From: 9 * 60, To: 20 * 60}}
				}
			})
			inBubbleWith(t, func(o *controller.Options) { wall.hanging(o); byDayThere(o) }, nil, func(r *rig) {
				wall.put(time.Until(evening))
				trunk := "PJSIP/" + tc.number + "@trunk"
				r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
				r.sim.Endpoint(trunk, simswitch.NoAnswer())
				_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: tc.number})
				r.must(err)
				if cb := r.promise(); !cb.NotBefore.Equal(morning) || !cb.Dormant() {
					t.Fatalf("in the evening it is %+v", cb)
				}
				time.Sleep(morning.Sub(wall.now()) - time.Minute)
				if len(r.sim.Dialled(trunk)) > 0 {
					t.Error("dialled before the morning")
				}
				r.dialledAt(trunk, 1, time.Now())
				if late := wall.now().Sub(morning); !near(late, 0) {
					t.Errorf("dialled %s after the hours began", late)
				}
			})
		})
	}
}
