package controller_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// stale is the switch as a daemon sees it that was replaced and has not noticed: it
// is told nothing more, and its requests are still carried out.
type stale struct {
	*simswitch.Switch
	events <-chan telephony.Event
	feed   <-chan telephony.QueueEvent
	cut    chan struct{} // closed when the newer one takes over
}

func newStale(s *simswitch.Switch) *stale {
	return &stale{s, s.Events(), s.QueueEvents(), make(chan struct{})}
}

func (s *stale) Events() <-chan telephony.Event           { return s.events }
func (s *stale) QueueEvents() <-chan telephony.QueueEvent { return s.feed }

func (s *stale) Run(ctx context.Context) error {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	over := make(chan error, 1)
	go func() { over <- s.Switch.Run(inner) }()
	select {
	case err := <-over:
		return err
	case <-s.cut:
	}
	cancel()
	err := <-over
	<-ctx.Done()
	return err
}

// TestTheOlderOfTwoDaemonsDialsNobody lets a second daemon run on the same database
// and the same switch, past the lock. The older one has the same promises in mind.
func TestTheOlderOfTwoDaemonsDialsNobody(t *testing.T) {
	for name, do := range map[string]func(r *rig, older *controller.Controller, id string){
		"when both think that a promise is due": func(*rig, *controller.Controller, string) {},
		"when it is asked for another": func(r *rig, older *controller.Controller, _ string) {
			_, err := older.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000003"})
			var refused *controller.RefusedError
			if !errors.As(err, &refused) || refused.Refusal.Rule != controller.RuleStore {
				r.t.Errorf("the older one answers %v", err)
			}
		},
		"when it is to hurry": func(r *rig, older *controller.Controller, id string) {
			if _, err := older.OrderCallback(r.ctx(), id, callback.Hasten{By: callback.ByOperator}); !errors.Is(err, store.ErrFenced) {
				r.t.Errorf("the older one answers %v", err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			var seen *stale
			inBubbleWith(t, func(o *controller.Options) {
				if seen == nil {
					seen = newStale(o.Switch.(*simswitch.Switch))
					o.Switch, o.Feed = seen, seen
				}
			}, nil, func(r *rig) {
				trunk := r.answers(wanted, "1")
				r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(2 * time.Second).TalkFor(10 * time.Second)
				r.until("the line knows Anna", func() bool { return len(r.line().Agents) == 1 })
				made, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{
					Number: wanted, Window: callback.Window{From: time.Now().Add(20 * time.Second)},
				})
				r.must(err)

				older, over, file := r.ctl, r.done, r.store
				close(seen.cut)
				r.must(os.Remove(r.db + ".lock"))
				r.until("the switch is free", func() bool { _, open := <-seen.events; return !open })
				r.sim.Reopen()
				r.start()
				do(r, older, made.Callback.ID)
				err = <-over
				if !errors.Is(err, store.ErrFenced) || !strings.Contains(err.Error(), "nobody is dialled any more") {
					t.Errorf("the older one ended with %v", err)
				}
				r.must(file.Close())
				r.until("the promise is kept", func() bool { return r.promise().State == callback.Done })
				if cb, dialled := r.promise(), r.sim.Dialled(trunk); len(dialled) != 1 || len(cb.Attempts) != 1 || cb.Attempts[0].Epoch != r.store.Epoch() {
					t.Errorf("dialled %d times for %+v", len(dialled), cb)
				}
				if n := len(r.sim.Dialled("PJSIP/+79160000003@trunk")); n > 0 {
					t.Errorf("somebody else was dialled %d times", n)
				}
			})
		})
	}
}
