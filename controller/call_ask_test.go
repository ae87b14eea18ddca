package controller_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// waysToAsk runs a test on a daemon with a hotline that has each way to ask.
func waysToAsk(t *testing.T, options func(*controller.Options), test func(r *rig)) {
	inBubbleWith(t, options, []string{"testdata/ways.yaml"}, test)
}

// chooses calls the hotline of ways and presses a key of its menu.
func (r *rig) chooses(from, key string) *simswitch.Phone {
	r.t.Helper()
	p := r.sim.Call(from, "640")
	r.hears(p, "Message one")
	p.Press(key)
	return p
}

const (
	lena = "+79160000041"
	mila = "+79160000042"
)

// hearsTake waits until a phone hears its n-th message, and returns its name.
func (r *rig) hearsTake(p *simswitch.Phone, n int) string {
	r.t.Helper()
	name := fmt.Sprintf("%s-message-%d", r.call(lena).ID, n)
	r.until("the message is played", func() bool { return heard(p, "recording:"+name) })
	return name
}

func TestMessageOfACallback(t *testing.T) {
	waysToAsk(t, nil, func(r *rig) {
		p := r.chooses(lena, "1")
		r.hears(p, "If this is right, press one.")
		p.Press("1")
		r.hears(p, "After the tone")
		r.hears(p, string(simswitch.ToneBeep))
		p.Speak(4 * time.Second)
		time.Sleep(4 * time.Second)
		p.Press("#")
		first := r.hearsTake(p, 1)
		p.Press("2")
		r.until("the second take is recorded", func() bool { return r.isRecording(2) })
		p.Speak(3 * time.Second)
		second := r.hearsTake(p, 2) // silence has ended it
		p.Press("1")
		r.hears(p, "We will call you when your turn comes.")
		r.result(lena, dialplan.ResultCallback)
		if cb := r.promise(); cb.About.Message != second || cb.Reason != callback.ReasonInstead {
			t.Errorf("the promise is %+v", cb)
		}
		r.recordings(second)
		if len(r.events("callback.message_left")) != 1 || first == second {
			t.Error("the journal does not tell of the message")
		}
	})
}

// isRecording says whether the n-th message of the newest call goes on.
func (r *rig) isRecording(n int) bool {
	for _, rec := range r.sim.Recordings() {
		if rec.Until.IsZero() && rec.Name == fmt.Sprintf("%s-message-%d", r.call(lena).ID, n) {
			return true
		}
	}
	return false
}

// recordings checks which messages the switch keeps, each with speech in it.
func (r *rig) recordings(want ...string) {
	r.t.Helper()
	all := r.sim.Recordings()
	if len(all) != len(want) {
		r.t.Fatalf("the switch keeps %+v, want %v", all, want)
	}
	for i, rec := range all {
		if rec.Name != want[i] || rec.Spoken == 0 {
			r.t.Errorf("the switch keeps %+v, want %s with speech in it", rec, want[i])
		}
	}
}

func TestMessageOfWhoHangsUp(t *testing.T) {
	waysToAsk(t, nil, func(r *rig) {
		p := r.chooses(lena, "1")
		r.hears(p, "If this is right, press one.")
		p.Press("1")
		r.hears(p, string(simswitch.ToneBeep))
		p.Speak(4 * time.Second)
		time.Sleep(4 * time.Second)
		p.Hangup()
		c := r.result(lena, dialplan.ResultCallback)
		cb := r.promise()
		if cb.About.Message == "" || c.CallbackID != cb.ID {
			t.Errorf("the promise is %+v of call %+v", cb, c)
		}
		r.recordings(cb.About.Message)
	})
}

func TestMessageAcrossARestart(t *testing.T) {
	waysToAsk(t, nil, func(r *rig) {
		p := r.chooses(lena, "1")
		r.hears(p, "If this is right, press one.")
		p.Press("1")
		r.hears(p, string(simswitch.ToneBeep))
		p.Speak(10 * time.Second)
		r.restart(2 * time.Second)
		name := r.hearsTake(p, 1)
		p.Press("1")
		r.hears(p, "We will call you when your turn comes.")
		if cb := r.promise(); cb.About.Message != name {
			t.Errorf("the promise is %+v", cb)
		}
		r.recordings(name)
	})
}

func TestMessageThatCannotBeRecorded(t *testing.T) {
	waysToAsk(t, nil, func(r *rig) {
		r.sim.Fail(simswitch.OpRecordMessage, &telephony.Error{Kind: telephony.KindPermanent, Err: context.Canceled}, 3)
		p := r.chooses(lena, "1")
		r.hears(p, "If this is right, press one.")
		p.Press("1")
		r.hears(p, "We did not hear anything.")
		r.hears(p, "We will call you when your turn comes.")
		if cb := r.promise(); cb.About.Message != "" {
			t.Errorf("the promise is %+v", cb)
		}
	})
}

// TestLastOfASlot lets two callers choose the last call of a time at once.
func TestLastOfASlot(t *testing.T) {
	waysToAsk(t, nil, func(r *rig) {
		var callers []*simswitch.Phone
		for _, from := range []string{lena, mila} {
			p := r.chooses(from, "2")
			r.hears(p, "If this is right, press one.")
			p.Press("1")
			r.hears(p, "For other times, press nine.")
			callers = append(callers, p)
		}
		for _, p := range callers {
			p.Press("2")
		}
		faster, slower := callers[0], callers[1]
		r.until("one of them has it", func() bool { return heard(faster, "We will call you today") || heard(slower, "We will call you today") })
		if heard(slower, "We will call you today") {
			faster, slower = slower, faster
		}
		r.hears(slower, "This time has just been taken.")
		slower.Press("2")
		r.hears(slower, "We will call you today")
		cbs, err := r.store.Callbacks(context.Background(), store.CallbackFilter{})
		r.must(err)
		if len(cbs) != 2 || cbs[0].Window.From.Equal(cbs[1].Window.From) {
			t.Fatalf("the promises are %+v", cbs)
		}
		for _, cb := range cbs {
			if !cb.Dormant() || !cb.PlaceAt.Equal(cb.Window.From) || cb.Window.Until.Sub(cb.Window.From) != time.Hour {
				t.Errorf("the promise is %+v", cb)
			}
		}
		if evs := r.events("callback.refused"); len(evs) != 1 || evs[0].Data["rule"] != string(callback.RuleSlotFull) {
			t.Errorf("refused: %+v", evs)
		}
	})
}

// TestSlotsByTheCallersClock: it is midnight in London, and eleven is the next full
// hour in Vladivostok.
func TestSlotsByTheCallersClock(t *testing.T) {
	waysToAsk(t, nil, func(r *rig) {
		p := r.chooses("+74232000001", "2")
		r.hears(p, "If this is right, press one.")
		p.Press("1")
		r.hears(p, "For a call today between eleven a.m. and noon, press two.")
		p.Press("2")
		r.hears(p, "We will call you today between eleven a.m. and noon")
		r.until("the call is over", func() bool { over, _ := p.Ended(); return over })
		if cb := r.promise(); cb.Window.From.UTC().Hour() != 1 {
			t.Errorf("the promise is %+v", cb)
		}
	})
}

// TestSlotsKeepTheCallingHours: no time is told at which nobody may be called.
func TestSlotsKeepTheCallingHours(t *testing.T) {
	waysToAsk(t, func(o *controller.Options) {
		hours := &dialplan.Hours{Location: time.UTC}
		for day := range hours.Week {
			hours.Week[day] = []dialplan.Span{{From: 18 * 60, To: 19 * 60}} // by the customer's clock: Moscow's 18:00 is 15:00 in London
		}
		p := o.Callbacks.Policies["ways"]
		p.Hours = hours
		o.Callbacks.Policies["ways"] = p
	}, func(r *rig) {
		p := r.chooses(lena, "2")
		r.hears(p, "If this is right, press one.")
		p.Press("1")
		r.hears(p, "For a call today between six and seven p.m., press two.")
		r.hears(p, "For a call tomorrow between six and seven p.m., press three.")
	})
}

func TestOlderPromiseIsTakenBack(t *testing.T) {
	waysToAsk(t, nil, func(r *rig) {
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: lena, Hotline: "ways", Queue: "support"})
		r.must(err)
		p := r.chooses(lena, "1")
		r.hears(p, "If this is right, press one.")
		p.Press("1")
		r.hears(p, "We have already promised to call you")
		r.hears(p, "press nine")
		p.Press("9")
		r.hears(p, "The callback is cancelled.")
		r.result(lena, dialplan.ResultIVR)
		r.until("the promise is cancelled", func() bool { return r.promise().State == callback.Cancelled })
		evs := r.events(callback.NoteCancelled)
		if len(evs) != 1 || evs[0].Data["by"] != callback.ByCustomer || evs[0].Data["why"] != "called again and pressed 9" {
			t.Errorf("cancelled: %+v", evs)
		}
	})
}

// placeTo finds the place of a number.
func (r *rig) placeTo(number string) queues.Place {
	r.t.Helper()
	for _, p := range r.line().Places {
		if p.Number == number {
			return p.Place
		}
	}
	return queues.Place{}
}

// busyLine has one agent who talks to somebody.
func (r *rig) busyLine() (anna *simswitch.Agent, busy *simswitch.Phone) {
	r.t.Helper()
	anna = r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(time.Second)
	busy = r.chooses("+79160000009", "3")
	r.until("Anna talks", func() bool { return len(busy.Bridged()) > 0 })
	return anna, busy
}

func TestLongWaitIsDeclinedAndTaken(t *testing.T) {
	waysToAsk(t, nil, func(r *rig) {
		anna, _ := r.busyLine()
		var callers []*simswitch.Phone
		for i := range 4 {
			callers = append(callers, r.chooses(fmt.Sprintf("+7916000005%d", i), "3"))
			r.until("it stands in line", func() bool { return len(r.queue.Waiting()) == i+1 })
			time.Sleep(time.Second) // so that nobody came at the same time
		}
		stays := r.chooses(lena, "4")
		time.Sleep(time.Second)
		asks := r.chooses(mila, "4")
		for _, p := range []*simswitch.Phone{stays, asks} {
			r.hears(p, "The wait is long.")
		}
		before, taken := r.line(), r.placeTo(mila).TakenAt
		stays.Press("2")
		r.hears(stays, "You are number")
		asks.Press("1")
		r.hears(asks, "If this is right, press one.")
		asks.Press("1")
		r.hears(asks, "We will call you when your turn comes.")
		after := r.line()
		for i, p := range before.Places {
			if got := after.Places[i]; got.ID != p.ID || !got.TakenAt.Equal(p.TakenAt) {
				t.Errorf("place %d was %+v and is %+v", i+1, p, got)
			}
		}
		if cb := r.promise(); cb.Reason != callback.ReasonInLine || !cb.PlaceAt.Equal(taken) {
			t.Errorf("the promise is %+v", cb)
		}
		anna.Hangup()
		r.until("the next one is served", func() bool { return len(callers[0].Bridged()) > 0 })
	})
}

func TestWhoHangsUpInLineIsCalledBack(t *testing.T) {
	waysToAsk(t, nil, func(r *rig) {
		anna, _ := r.busyLine()
		p := r.chooses(lena, "3")
		r.hears(p, "next in line")
		time.Sleep(40 * time.Second)
		taken := r.placeTo(lena).TakenAt
		p.Hangup()
		r.result(lena, dialplan.ResultAbandoned)
		cb := r.promise()
		if cb.Reason != callback.ReasonAbandoned || !cb.PlaceAt.Equal(taken) || !cb.Placed {
			t.Fatalf("the promise is %+v, the place counted from %v", cb, taken)
		}
		if p := r.placeTo(lena); p.CallbackID != cb.ID || p.CallID != "" || !p.TakenAt.Equal(taken) {
			t.Errorf("the place is %+v", p)
		}
		const trunk = "PJSIP/" + lena + "@trunk"
		r.sim.Endpoint(trunk, func(o *simswitch.Outgoing) {
			o.Answer(time.Second)
			o.OnAnswer(func(p *simswitch.Phone) { r.pressWhen(p, "press one", "1") })
		})
		anna.Hangup()
		r.until("the promise is connected", func() bool { return r.promise().State == callback.Connected })
		anna.Hangup()
		r.until("the promise is kept", func() bool { return r.promise().State == callback.Done })

		p = r.chooses("+79160000009", "3") // Anna is busy again
		r.until("Anna talks", func() bool { return len(p.Bridged()) > 0 })
		again := r.chooses(lena, "3")
		r.hears(again, "next in line")
		time.Sleep(40 * time.Second)
		again.Hangup()
		r.result(lena, dialplan.ResultAbandoned)
		r.until("the place is left", func() bool { return len(r.line().Places) == 1 })
		if evs := r.events("callback.refused"); len(evs) != 1 || evs[0].Data["rule"] != string(callback.RuleOnce) {
			t.Errorf("refused: %+v", evs)
		}
	})
}

// TestAgentTakesThePlaceOfWhoHasJustHungUp: between the hang-up and the promise the
// place stands in the queue, and an agent may be faster.
func TestAgentTakesThePlaceOfWhoHasJustHungUp(t *testing.T) {
	var slow atomic.Bool
	waysToAsk(t, func(o *controller.Options) {
		o.At = func(s controller.Step, _ string) {
			if s == controller.StepAskedDecided && slow.Load() {
				time.Sleep(5 * time.Second)
			}
		}
	}, func(r *rig) {
		anna, _ := r.busyLine()
		p := r.chooses(lena, "3")
		r.hears(p, "next in line")
		time.Sleep(40 * time.Second)
		taken := r.placeTo(lena).TakenAt
		const trunk = "PJSIP/" + lena + "@trunk"
		r.sim.Endpoint(trunk, func(o *simswitch.Outgoing) {
			o.Answer(time.Second)
			o.OnAnswer(func(p *simswitch.Phone) { r.pressWhen(p, "press one", "1") })
		})
		slow.Store(true)
		p.Hangup()
		anna.Hangup()
		r.until("the promise is connected", func() bool {
			cbs, err := r.store.Callbacks(context.Background(), store.CallbackFilter{})
			r.must(err)
			return len(cbs) == 1 && cbs[0].State == callback.Connected
		})
		if evs := r.events("place.served"); len(evs) < 3 {
			t.Errorf("no agent took the place before it was the promise's: %+v", evs)
		}
		if cb := r.promise(); !cb.PlaceAt.Equal(taken) || cb.Reason != callback.ReasonAbandoned {
			t.Errorf("the promise is %+v, the place counted from %v", cb, taken)
		}
	})
}

// TestKilledWhileSomebodyHangsUp kills the daemon at each point between a hang-up in
// line and the promise that follows from it. The place is never lost, nor given twice:
// the verifier of the rig sees to it.
func TestKilledWhileSomebodyHangsUp(t *testing.T) {
	t.Parallel()
	for point := 1; point <= 12; point++ {
		t.Run(fmt.Sprint(point), func(t *testing.T) {
			m := newMortal(0)
			first := true
			waysToAsk(t, func(o *controller.Options) {
				if first {
					m.died = make(chan struct{})
					m.inhabit(o)
				}
				first = false
			}, func(r *rig) {
				m.end = func() { r.stop() }
				r.busyLine()
				p := r.chooses(lena, "3")
				r.hears(p, "next in line")
				time.Sleep(40 * time.Second)
				taken := r.placeTo(lena).TakenAt
				m.mu.Lock()
				m.left = point
				m.mu.Unlock()
				p.Hangup()
				time.Sleep(5 * time.Second)
				r.restart(time.Second)
				r.until("the promise is made", func() bool {
					cbs, err := r.store.Callbacks(context.Background(), store.CallbackFilter{})
					r.must(err)
					return len(cbs) > 0
				})
				cb := r.promise()
				if cb.Reason != callback.ReasonAbandoned || !cb.PlaceAt.Equal(taken) {
					t.Errorf("after %s the promise is %+v, the place counted from %v", m.where, cb, taken)
				}
				r.until("the line has the place", func() bool {
					p := r.placeTo(lena)
					return p.CallbackID == cb.ID && p.TakenAt.Equal(taken)
				})
				r.result(lena, dialplan.ResultAbandoned)
			})
		})
	}
}
