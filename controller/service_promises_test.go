package controller_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// refusedOrder holds an order against the answer that it is denied with.
func (r *rig) refusedOrder(id string, ev callback.Event, words string) {
	r.t.Helper()
	_, err := r.ctl.OrderCallback(r.ctx(), id, ev)
	var no *controller.DeniedError
	if !errors.As(err, &no) || !strings.Contains(no.Message, words) {
		r.t.Errorf("%T: %v; want %q", ev, err, words)
	}
}

func TestAPostponedPromiseIsCalledThenAndKeepsItsTime(t *testing.T) {
	inBubble(t, func(r *rig) {
		trunk := r.answers("+79160000002", "1")
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		was := r.promise()
		until := time.Now().Add(90 * time.Minute)
		cb, err := r.ctl.OrderCallback(r.ctx(), was.ID, callback.Postpone{Until: until, By: callback.ByOperator, Why: "at work"})
		r.must(err)
		if !cb.NotBefore.Equal(until) || cb.Postponed != 1 || !cb.PlaceAt.Equal(was.PlaceAt) {
			t.Errorf("postponed to %+v", cb)
		}
		r.refusedOrder(was.ID, callback.Postpone{Until: time.Now(), By: callback.ByOperator}, "it can only be put off to a time to come")
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
		r.restart(time.Minute)
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
		time.Sleep(time.Until(until) - time.Minute)
		if len(r.sim.Dialled(trunk)) > 0 {
			t.Fatal("dialled before the time")
		}
		r.until("the customer is dialled", func() bool { return len(r.sim.Dialled(trunk)) == 1 })
		if at := r.promise().Attempts[0].At; at.Before(until) || at.After(until.Add(time.Minute)) {
			t.Errorf("dialled at %s, want %s", at, until)
		}
		r.until("they talk", func() bool { return r.promise().State == callback.Connected })
		r.sim.Agent("PJSIP/101", "Anna").Hangup()
	})
}

func TestASleeperIsPutOffAndHurriedByItsId(t *testing.T) {
	inBubble(t, func(r *rig) {
		until := time.Now().Add(24 * time.Hour)
		r.asleep(2, func(int) time.Time { return until })
		later := until.Add(24 * time.Hour)
		cb, err := r.ctl.OrderCallback(r.ctx(), "b0000000", callback.Postpone{Until: later, Anew: true, By: callback.ByOperator})
		r.must(err)
		if !cb.NotBefore.Equal(later) || !cb.PlaceAt.Equal(later) || !cb.Dormant() {
			t.Errorf("a sleeper is put off to %+v", cb)
		}
		trunk := r.answers("+79160000001", "1")
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
		if cb, err = r.ctl.OrderCallback(r.ctx(), "b0000001", callback.Hasten{By: callback.ByOperator}); err != nil || !cb.Placed {
			t.Errorf("a sleeper is hurried to %+v, %v", cb, err)
		}
		r.until("the customer is dialled at once", func() bool { return len(r.sim.Dialled(trunk)) == 1 })
		if late := time.Until(until); late < 23*time.Hour {
			t.Errorf("dialled only %s before the window", late)
		}
		r.until("they talk", func() bool {
			cb, err := r.ctl.Callback(r.ctx(), "b0000001")
			return err == nil && cb.State == callback.Connected
		})
		r.sim.Agent("PJSIP/101", "Anna").Hangup()
	})
}

func TestARetryEndsThePauseBetweenAttempts(t *testing.T) {
	inBubbleWith(t, byRules(func(p *callback.Policy) { p.RetryAfter = 4 * time.Hour }), nil, func(r *rig) {
		const trunk = "PJSIP/+79160000002@trunk"
		r.sim.Endpoint(trunk, func(o *simswitch.Outgoing) { o.Refuse(time.Second, telephony.CauseBusy) })
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		r.until("it rests after a busy line", func() bool {
			return r.promise().State == callback.Waiting && len(r.promise().Attempts) == 1
		})
		time.Sleep(time.Minute)
		if n := len(r.sim.Dialled(trunk)); n != 1 {
			t.Fatalf("dialled %d times in the pause", n)
		}
		_, err = r.ctl.OrderCallback(r.ctx(), r.promise().ID, callback.Hasten{By: callback.ByOperator})
		r.must(err)
		at := time.Now()
		r.until("it is dialled again", func() bool { return len(r.sim.Dialled(trunk)) == 2 })
		if took := time.Since(at); took > 30*time.Second {
			t.Errorf("dialled %s after the order", took)
		}
		r.until("it is given up", func() bool { return r.promise().State == callback.GivenUp })
		r.refusedOrder(r.promise().ID, callback.Hasten{By: "x"}, "is given_up: it is over since")
	})
}

func TestOrdersWhileTheCustomerIsBeingCalled(t *testing.T) {
	inBubble(t, func(r *rig) {
		const trunk = "PJSIP/+79160000002@trunk"
		r.sim.Endpoint(trunk, func(o *simswitch.Outgoing) { o.Answer(20 * time.Second) })
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		r.until("the phone rings", func() bool { return r.promise().State == callback.Ringing })
		id := r.promise().ID
		later := callback.Postpone{Until: time.Now().Add(time.Hour), By: callback.ByOperator}
		r.refusedOrder(id, later, "is ringing: the customer is still being called; wait until that is over, or end it with `linekeeper callback cancel "+id+"`")
		r.refusedOrder(id, callback.Hasten{By: "x"}, "is ringing: the customer is still being called")
		r.refusedOrder(id, callback.Resolve{Outcome: callback.OutcomeFailed, By: "x"}, "only an uncertain one is resolved")
		if r.promise().State != callback.Ringing || len(r.sim.Dialled(trunk)) != 1 {
			t.Errorf("an order that was denied changed it: %+v", r.promise())
		}
		cb, closed, err := r.ctl.CancelCallback(r.ctx(), id, callback.ByOperator, "called by mistake")
		if err != nil || closed || cb.State != callback.Cancelled {
			t.Errorf("cancelled: %+v, closed %v, %v", cb, closed, err)
		}
	})
}

func TestAnOperatorResolvesWhatCannotBeKnown(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.kill()
		db := openDB(t, r.db)
		var b store.Batch
		for i, id := range []string{"b-reached", "b-failed", "b-cancelled"} {
			b.Callbacks = append(b.Callbacks, callback.Callback{
				ID: id, Number: fmt.Sprintf("+7916000000%d", i), Queue: "support", Hotline: "support", Language: "en", PlaceID: "p-" + id,
				State: callback.Uncertain, AskedAt: time.Now(), PlaceAt: time.Now(), Since: time.Now(), EndReason: "it cannot be known",
				Attempts: []callback.Attempt{{
					N: 1, Channel: callback.ChannelID(id, 1), At: time.Now(), EndedAt: time.Now(), Outcome: callback.OutcomeUnconfirmed,
				}},
			})
			note := callback.AskedNote(b.Callbacks[i], callback.Request{})
			b.Events = append(b.Events,
				store.Event{At: note.At, Type: note.Type, Place: "p-" + id, Callback: id, Queue: "support", Data: note.Data},
				store.Event{At: note.At, Type: callback.NoteDialling, Place: "p-" + id, Callback: id, Queue: "support", Data: map[string]any{
					"attempt": 1, "of": 2, "number": b.Callbacks[i].Number, "channel": callback.ChannelID(id, 1), "ring_timeout_s": 30,
				}},
				store.Event{At: note.At, Type: callback.NoteAttempt, Place: "p-" + id, Callback: id, Queue: "support", Data: map[string]any{
					"attempt": 1, "of": 2, "outcome": "uncertain", "detail": "",
				}},
				store.Event{At: note.At, Type: callback.NoteUncertain, Place: "p-" + id, Callback: id, Queue: "support", Data: map[string]any{
					"attempt": 1, "policy": string(callback.HoldForOperator),
				}},
			)
		}
		r.must(db.Commit(r.t.Context(), b))
		r.must(db.Close())
		r.sim.Reopen()
		r.start()
		r.refusedOrder("b-failed", callback.Hasten{By: "x"}, "an operator has to resolve the last attempt first, with `linekeeper callback resolve b-failed reached`")
		for id, c := range map[string]struct {
			as   callback.Outcome
			want callback.State
		}{
			"b-reached":   {callback.OutcomeConnected, callback.Done},
			"b-failed":    {callback.OutcomeFailed, callback.Waiting},
			"b-cancelled": {callback.OutcomeCancelled, callback.Cancelled},
		} {
			cb, err := r.ctl.OrderCallback(r.ctx(), id, callback.Resolve{Outcome: c.as, By: callback.ByOperator})
			if err != nil || cb.State != c.want {
				t.Errorf("%s is %s, %v; want %s", id, cb.State, err, c.want)
			}
		}
		if evs := r.events(callback.NoteResolved); len(evs) != 3 || evs[0].Data["by"] != callback.ByOperator {
			t.Errorf("the journal has %+v", evs)
		}
	})
}

// Promises whose time comes during a pause are called as soon as it is lifted.
func TestSleepersOfAPauseWakeAtOnce(t *testing.T) {
	inBubble(t, func(r *rig) {
		const n = 20
		wakes := time.Now().Add(10 * time.Minute)
		r.asleep(n, func(int) time.Time { return wakes })
		_, _, err := r.ctl.PauseCallbacks(r.ctx(), "support", callback.ByOperator, "")
		r.must(err)
		time.Sleep(50 * time.Minute)
		if got := len(r.rules(callback.NoteDelayed)); got != n {
			t.Fatalf("the journal tells %d delays, want each once: %d", got, n)
		}
		_, _, err = r.ctl.ResumeCallbacks(r.ctx(), "support", callback.ByOperator, "")
		r.must(err)
		time.Sleep(time.Second)
		cbs, err := r.store.Callbacks(r.ctx(), store.CallbackFilter{Open: true})
		r.must(err)
		for _, cb := range cbs {
			if !cb.Placed || !cb.NotBefore.IsZero() || cb.DelayedBy != "" {
				t.Errorf("a second after the pause it is %+v", cb)
			}
		}
		if len(cbs) != n {
			t.Errorf("%d are open, want %d", len(cbs), n)
		}
	})
}
