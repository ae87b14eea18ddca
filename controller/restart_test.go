package controller_test

import (
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

func TestRestartInTheMenu(t *testing.T) {
	inBubble(t, func(r *rig) {
		p := r.sim.Call("+79160000001", "600")
		r.hears(p, "Balance one")
		before := len(p.Heard())
		r.restart(5 * time.Second)
		r.until("the menu is spoken again", func() bool { return len(p.Heard()) > before })
		if over, _ := p.Ended(); over {
			t.Fatal("the caller was dropped")
		}
		p.Press("2")
		r.hears(p, "Nobody is here.")
		r.result("+79160000001", dialplan.ResultNoAgents)
	})
}

func TestRestartInLineKeepsOrderAndTimes(t *testing.T) {
	inBubble(t, func(r *rig) {
		anna, w := inLine(r)
		before, err := r.store.Load(r.ctx())
		r.must(err)
		r.restart(20 * time.Second)
		after, err := r.store.Load(r.ctx())
		r.must(err)
		if len(after.Places) != len(before.Places) {
			t.Fatalf("%d places after the restart, %d before", len(after.Places), len(before.Places))
		}
		for i, p := range after.Places {
			if p.ID != before.Places[i].ID || !p.TakenAt.Equal(before.Places[i].TakenAt) || p.Entry != before.Places[i].Entry {
				t.Errorf("place %+v became %+v", before.Places[i], p)
			}
		}
		for i, p := range w {
			anna.Hangup()
			r.until("the next in line is served", func() bool { return len(p.Bridged()) > 0 })
			for _, later := range w[i+1:] {
				if len(later.Bridged()) > 0 {
					t.Fatalf("a later caller was served before number %d", i+1)
				}
			}
		}
		anna.Hangup()
		for _, number := range []string{"+79160000009", "+79160000001", "+79160000002", "+79160000003"} {
			r.result(number, dialplan.ResultAgent)
		}
	})
}

func TestRestartWhenAPlaceholderDiedMeanwhile(t *testing.T) {
	inBubble(t, func(r *rig) {
		anna, w := inLine(r)
		r.kill()
		// The first placeholder is lost, as by "channel request hangup" on the console.
		first := r.queue.Waiting()[0]
		r.sim.Phone(first).Hangup()
		time.Sleep(3 * time.Second)
		r.sim.Reopen()
		r.start()
		r.until("three stand in line again", func() bool { return len(r.queue.Waiting()) == 3 })
		anna.Hangup()
		r.until("the first is still the first", func() bool { return len(w[0].Bridged()) > 0 })
		if len(w[1].Bridged())+len(w[2].Bridged()) > 0 {
			t.Error("somebody else was served before the first")
		}
	})
}

func TestRestartWhileTalking(t *testing.T) {
	inBubble(t, func(r *rig) {
		anna := r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(time.Second)
		p := r.sim.Call("+79160000001", "600")
		r.hears(p, "Balance one")
		p.Press("2")
		r.until("they talk", func() bool { return len(p.Bridged()) > 0 })
		r.restart(10 * time.Second)
		if len(p.Bridged()) == 0 {
			t.Fatal("the conversation was cut")
		}
		time.Sleep(5 * time.Second)
		anna.Hangup()
		r.hears(p, "Thank you.")
		if c := r.result("+79160000001", dialplan.ResultAgent); c.TalkedS < 14 {
			t.Errorf("talked %.1f s, the restart included it should be 15 or more", c.TalkedS)
		}
	})
}

func TestCallerWhoHangsUpWhileAway(t *testing.T) {
	for name, away := range map[string]func(r *rig, act func()){
		"restart": func(r *rig, act func()) {
			r.kill()
			act()
			time.Sleep(time.Second)
			r.sim.Reopen()
			r.start()
		},
		"reconnect": func(r *rig, act func()) {
			r.sim.Disconnect()
			act()
			time.Sleep(time.Second)
			r.sim.Reconnect()
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(r *rig) {
				_, w := inLine(r)
				away(r, w[0].Hangup)
				r.result("+79160000001", dialplan.ResultAbandoned)
				r.until("two stand in line", func() bool { return len(r.queue.Waiting()) == 2 })
			})
		})
	}
}

func TestAnswerInTheGapIsNoticed(t *testing.T) {
	inBubble(t, func(r *rig) {
		anna, w := inLine(r)
		r.sim.Disconnect()
		anna.Hangup()
		time.Sleep(5 * time.Second) // Anna takes the first placeholder while nobody hears of it
		r.sim.Reconnect()
		r.until("the first talks", func() bool { return len(w[0].Bridged()) > 0 })
		if n := len(r.queue.Waiting()); n != 2 {
			t.Errorf("%d wait, want 2", n)
		}
	})
}

// crash kills the daemon as soon as a promise is in a state and starts it again.
func (r *rig) crashIn(state callback.State, away time.Duration) {
	r.t.Helper()
	r.until("the promise is "+string(state), func() bool { return r.promise().State == state })
	r.restart(away)
}

func TestRestartInEveryStateOfAPromiseDialsOnce(t *testing.T) {
	for _, state := range []callback.State{callback.Waiting, callback.Dialling, callback.Ringing, callback.Answered, callback.Confirmed, callback.Connected} {
		t.Run(string(state), func(t *testing.T) {
			inBubble(t, func(r *rig) {
				anna := r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(3 * time.Second).TalkFor(30 * time.Second)
				if state == callback.Waiting || state == callback.Confirmed {
					anna.Pause("break")
				}
				const trunk = "PJSIP/+79160000002@trunk"
				r.sim.Endpoint(trunk, func(o *simswitch.Outgoing) {
					o.RingAfter(2 * time.Second)
					o.Answer(6 * time.Second)
					o.OnAnswer(func(p *simswitch.Phone) { r.keepPressing(p) })
				})
				if state == callback.Confirmed {
					// Anna is free when the customer is dialled and leaves before the yes.
					anna.Unpause()
				}
				r.until("the line knows Anna", func() bool { return len(r.line().Agents) == 1 })
				time.Sleep(time.Second)
				_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "8 916 000-00-02"})
				r.must(err)
				if state == callback.Confirmed {
					r.until("it rings", func() bool { return r.promise().State == callback.Ringing })
					anna.Pause("break")
				}
				r.crashIn(state, 500*time.Millisecond)
				anna.Unpause()
				r.until("the promise is kept", func() bool { return r.promise().State == callback.Done })
				if n := len(r.sim.Dialled(trunk)); n != 1 {
					t.Errorf("the customer was dialled %d times", n)
				}
			})
		})
	}
}

// keepPressing is a customer who presses 1 a second after being asked, also
// when the question is asked again after a restart.
func (r *rig) keepPressing(p *simswitch.Phone) {
	asked := 0
	var press time.Time
	r.person(p, func() bool {
		n := 0
		for _, h := range p.Heard() {
			if strings.Contains(string(h.Media), "press one") {
				n++
			}
		}
		if n > asked {
			asked, press = n, time.Now().Add(time.Second)
		}
		if !press.IsZero() && !time.Now().Before(press) {
			press = time.Time{}
			p.Press("1")
		}
		return len(p.Bridged()) > 0
	})
}

func TestOutcomesAreRetriedOnce(t *testing.T) {
	for name, tc := range map[string]struct {
		behave simswitch.Behaviour
		want   callback.Outcome
		pause  time.Duration
	}{
		"busy":      {simswitch.Busy(time.Second), callback.OutcomeBusy, 150 * time.Second},
		"no answer": {simswitch.NoAnswer(), callback.OutcomeNoAnswer, 5 * time.Minute},
		"no key":    {simswitch.Answer(time.Second), callback.OutcomeNoKey, 5 * time.Minute},
		"rejected":  {simswitch.Reject(time.Second), callback.OutcomeRejected, 15 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(r *rig) {
				r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(3 * time.Second)
				const trunk = "PJSIP/+79160000002@trunk"
				r.sim.Endpoint(trunk, tc.behave)
				_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
				r.must(err)
				r.until("it is given up", func() bool { return r.promise().State == callback.GivenUp })
				cb := r.promise()
				if len(cb.Attempts) != 2 || len(r.sim.Dialled(trunk)) != 2 {
					t.Fatalf("attempts %+v, dialled %d times, want 2", cb.Attempts, len(r.sim.Dialled(trunk)))
				}
				for _, a := range cb.Attempts {
					if a.Outcome != tc.want {
						t.Errorf("attempt %d ended as %s, want %s", a.N, a.Outcome, tc.want)
					}
				}
				if pause := cb.Attempts[1].At.Sub(cb.Attempts[0].EndedAt); pause < tc.pause || pause > tc.pause+time.Minute {
					t.Errorf("dialled again after %v, want %v", pause, tc.pause)
				}
				r.until("no place is left", func() bool {
					open, err := r.store.Load(r.ctx())
					r.must(err)
					return len(open.Places) == 0
				})
			})
		})
	}
}

func TestWhatMayNotBeDialledIsRefused(t *testing.T) {
	inBubble(t, func(r *rig) {
		for _, number := range []string{"+12125550100", "+7916", "hello", "+79160000002@evil/n", "112"} {
			_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: number})
			if err == nil {
				t.Errorf("%q was promised a call", number)
			}
		}
		if evs := r.events("callback.refused"); len(evs) != 5 {
			t.Errorf("%d refusals in the journal, want 5", len(evs))
		}
		cbs, err := r.store.Callbacks(r.ctx(), store.CallbackFilter{})
		r.must(err)
		if len(cbs) != 0 {
			t.Errorf("promises were stored: %+v", cbs)
		}
	})
}
