package controller_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// answer is what somebody got who ordered something: done, denied because it does
// not fit, or nothing to do any more.
type answer string

const (
	done   answer = "done"
	denied answer = "denied"
	over   answer = "over"
)

func answerOf(already bool, err error) answer {
	var no *controller.DeniedError
	switch {
	case errors.As(err, &no) && no.Already, err == nil && already:
		return over
	case errors.As(err, &no):
		return denied
	case err == nil:
		return done
	}
	return answer(err.Error())
}

type act func(ctx context.Context, ctl *controller.Controller, id string) answer

func cancels(ctx context.Context, ctl *controller.Controller, id string) answer {
	_, closed, err := ctl.CancelCallback(ctx, id, callback.ByOperator, "race")
	return answerOf(closed, err)
}

func postpones(ctx context.Context, ctl *controller.Controller, id string) answer {
	_, err := ctl.OrderCallback(ctx, id, callback.Postpone{Until: time.Now().Add(time.Hour), By: callback.ByOperator})
	return answerOf(false, err)
}

func hastens(ctx context.Context, ctl *controller.Controller, id string) answer {
	_, err := ctl.OrderCallback(ctx, id, callback.Hasten{By: callback.ByOperator})
	return answerOf(false, err)
}

func pausesQueue(ctx context.Context, ctl *controller.Controller, _ string) answer {
	_, was, err := ctl.PauseCallbacks(ctx, "support", "race", "trunk")
	return answerOf(was, err)
}

// race is a promise to a customer who talks when called, with people who do something
// at the very moment in which it is at a step.
type race struct {
	*rig
	trunk   string
	answers []answer // sorted
}

func (r *race) dialled() int { return len(r.sim.Dialled(r.trunk)) }

// at runs acts, all at once, when the promise comes to a step, and then tells what
// they were answered. prepare happens before the promise is made.
func at(t *testing.T, step controller.Step, acts []act, prepare func(r *race), judge func(t *testing.T, r *race)) {
	var reached chan string // gets the promise's id for each of the acts
	var once sync.Once
	inBubbleWith(t, func(o *controller.Options) {
		reached = make(chan string, len(acts)+1)
		o.At = func(s controller.Step, id string) {
			if s == step {
				once.Do(func() {
					for range cap(reached) {
						reached <- id
					}
				})
			}
		}
	}, nil, func(base *rig) {
		r := &race{rig: base, trunk: "PJSIP/" + wanted + "@trunk"}
		r.sim.Endpoint(r.trunk, func(o *simswitch.Outgoing) {
			o.RingAfter(time.Second)
			o.Answer(4 * time.Second)
			o.OnAnswer(func(p *simswitch.Phone) { r.keepPressing(p) })
		})
		for _, phone := range []string{"101", "102"} {
			r.sim.Agent("PJSIP/"+phone, "Agent "+phone).Login("support", 0).AnswerAfter(2 * time.Second).TalkFor(10 * time.Second)
		}
		r.until("the line knows both", func() bool { return len(r.line().Agents) == 2 })
		if prepare != nil {
			prepare(r)
		}
		told := make(chan answer, len(acts))
		ctx := r.ctx()
		for _, do := range acts {
			r.people.Go(func() { told <- do(ctx, r.ctl, <-reached) })
		}
		_, err := r.ctl.AddCallback(ctx, controller.NewCallback{Number: wanted})
		r.must(err)
		<-reached
		for range acts {
			r.answers = append(r.answers, <-told)
		}
		slices.Sort(r.answers)
		synctest.Wait()
		judge(t, r)
		r.end()
	})
}

// end lets the promise come to its end, and asks what holds after every race: each
// dial was an attempt, there is one end, and nothing is left.
func (r *race) end() {
	t := r.t
	r.until("the promise is over", func() bool { return !r.promise().Open() })
	r.until("nothing is left", func() bool {
		open, err := r.store.Load(r.ctx())
		r.must(err)
		snap, err := r.sim.Snapshot(r.ctx())
		r.must(err)
		return len(open.Places)+len(open.Calls)+len(snap.Channels)+len(snap.Bridges) == 0
	})
	cb := r.promise()
	if dialled, made := len(r.events(callback.NoteDialling)), len(cb.Attempts); r.dialled() > made || dialled != made {
		t.Errorf("%d calls and %d entries for %d attempts: %+v", r.dialled(), dialled, made, cb)
	}
	ends := len(r.events(callback.NoteDone)) + len(r.events(callback.NoteCancelled)) + len(r.events(callback.NoteGivenUp))
	if ends != 1 {
		t.Errorf("it ended %d times: %+v", ends, cb)
	}
}

func (r *race) answered(want ...[]answer) {
	r.t.Helper()
	if !slices.ContainsFunc(want, func(w []answer) bool { return slices.Equal(w, r.answers) }) {
		r.t.Errorf("the answers are %q, want one of %q", r.answers, want)
	}
}

// dialSteps are the moments from the decision to dial until the customer said yes.
func dialSteps() []controller.Step {
	return []controller.Step{
		controller.StepDueDecided, controller.StepDueStored, controller.StepDialAsking, controller.StepDialAnswered,
		controller.StepRingingDecided, controller.StepRingingStored, controller.StepAnsweredDecided, controller.StepAnsweredStored,
		controller.StepGreeted, controller.StepYesDecided, controller.StepYesStored,
	}
}

func TestRaces(t *testing.T) {
	for _, step := range dialSteps() {
		t.Run("cancelled at "+step.String(), func(t *testing.T) {
			at(t, step, []act{cancels}, nil, func(_ *testing.T, r *race) {
				r.answered([]answer{done})
				if cb := r.promise(); cb.State != callback.Cancelled {
					t.Errorf("cancelled, and it is %s", cb.State)
				}
			})
		})
		t.Run("cancelled twice at "+step.String(), func(t *testing.T) {
			at(t, step, []act{cancels, cancels}, nil, func(_ *testing.T, r *race) { r.answered([]answer{done, over}) })
		})
		t.Run("postponed at "+step.String(), func(t *testing.T) {
			at(t, step, []act{postpones}, nil, func(t *testing.T, r *race) {
				r.answered([]answer{done}, []answer{denied})
				cb := r.promise()
				if put := r.answers[0] == done; put != (cb.Postponed == 1) || put && (r.dialled() > 0 || cb.State != callback.Waiting) {
					t.Errorf("the answer is %s: %+v", r.answers[0], cb)
				}
				if r.answers[0] == denied {
					r.until("it goes on as before", func() bool { return r.promise().State == callback.Done })
				} else {
					time.Sleep(time.Hour)
				}
			})
		})
		t.Run("paused at "+step.String(), func(t *testing.T) {
			at(t, step, []act{pausesQueue}, nil, func(t *testing.T, r *race) {
				r.answered([]answer{done})
				calls := len(r.events(callback.NoteDialling))
				time.Sleep(10 * time.Minute)
				if after := len(r.events(callback.NoteDialling)); after != calls {
					t.Errorf("%d calls were begun after the pause", after-calls)
				}
				if cb := r.promise(); calls > 0 && cb.State != callback.Done {
					t.Errorf("who was being called already is %s: %+v", cb.State, cb)
				}
				_, _, err := r.ctl.ResumeCallbacks(r.ctx(), "support", "race", "")
				r.must(err)
			})
		})
		t.Run("cancelled and postponed at "+step.String(), func(t *testing.T) {
			at(t, step, []act{cancels, postpones}, nil, func(_ *testing.T, r *race) {
				r.answered([]answer{done, over}, []answer{denied, done}, []answer{done, done})
				if cb := r.promise(); cb.State != callback.Cancelled {
					t.Errorf("cancelled, and it is %s", cb.State)
				}
			})
		})
	}
}

// TestHurriedTwiceAtOnce lets two operators end the same pause: one call follows.
func TestHurriedTwiceAtOnce(t *testing.T) {
	at(t, controller.StepFailedStored, []act{hastens, hastens}, func(r *race) {
		calls := 0
		r.sim.Endpoint(r.trunk, func(o *simswitch.Outgoing) {
			if calls++; calls == 1 {
				o.Refuse(2*time.Second, 17)
				return
			}
			o.Answer(4 * time.Second)
			o.OnAnswer(func(p *simswitch.Phone) { r.keepPressing(p) })
		})
	}, func(t *testing.T, r *race) {
		r.answered([]answer{denied, done})
		r.until("the promise is over", func() bool { return !r.promise().Open() })
		if cb := r.promise(); r.dialled() != 2 || len(cb.Attempts) != 2 || len(r.events(callback.NoteHastened)) != 1 {
			t.Errorf("dialled %d times: %+v", r.dialled(), cb)
		}
	})
}

// TestServedByTheirOwnCallWhileBeingDialled lets the customer call by themselves at
// each moment of the dial; whoever gets to an agent first, it is one conversation.
func TestServedByTheirOwnCallWhileBeingDialled(t *testing.T) {
	for _, step := range dialSteps()[:6] {
		t.Run(step.String(), func(t *testing.T) {
			at(t, step, nil, func(r *race) {
				r.sim.Endpoint(r.trunk, func(o *simswitch.Outgoing) { o.RingAfter(time.Second) }) // they hold another phone
			}, func(t *testing.T, r *race) {
				p := r.sim.Call(wanted, "600")
				r.hears(p, "Balance one")
				p.Press("2")
				r.until("they talk", func() bool { return len(p.Bridged()) > 0 })
				r.until("the promise is over", func() bool { return !r.promise().Open() })
				cb := r.promise()
				if len(r.events(callback.NoteCancelled)) != 1 || r.events(callback.NoteCancelled)[0].Data["by"] != callback.ByService || r.dialled() != 1 {
					t.Errorf("dialled %d times: %+v", r.dialled(), cb)
				}
				if ended, _ := r.sim.Dialled(r.trunk)[0].Ended(); !ended {
					t.Error("the other phone rings on")
				}
			})
		})
	}
}
