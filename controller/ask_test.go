package controller_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

func TestAFormIsPromisedWithAllThatItSays(t *testing.T) {
	inBubble(t, func(r *rig) {
		const trunk = "PJSIP/+79160000002@trunk"
		r.sim.Endpoint(trunk, simswitch.NoAnswer())
		from := time.Now().Add(2 * time.Hour)
		asked, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{
			Number: "8 916 000-00-02", Name: "Olga\x1b[31m\r\nX-Evil: 1", Account: "1002", Language: "en", Question: "Where\nis it?\u202e",
			Window: callback.Window{From: from}, Zone: "Europe/Moscow", Campaign: "spring", Priority: 7, Key: "form-1", Reason: callback.ReasonWeb,
		})
		r.must(err)
		cb := r.promise()
		if cb.ID != asked.Callback.ID || cb.Number != "+79160000002" || cb.Name != "Olga [31m X-Evil: 1" || cb.Account != "1002" ||
			cb.About.Question != "Where is it?" || !cb.Window.From.Equal(from) || cb.Zone != "Europe/Moscow" || cb.Campaign != "spring" ||
			cb.Priority != 7 || cb.Key != "form-1" || cb.Reason != callback.ReasonWeb || !cb.Dormant() {
			t.Errorf("the promise is %+v", cb)
		}
		if n := len(r.line().Places); n != 0 {
			t.Errorf("the line holds %d places for a promise of later", n)
		}
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
		called := func() bool { return len(r.sim.Dialled(trunk)) > 0 }
		time.Sleep(time.Until(from) - time.Second)
		if called() {
			t.Error("called before the window")
		}
		r.until("the customer is called", called)
	})
}

func TestOneKeyMakesOnePromise(t *testing.T) {
	inBubble(t, func(r *rig) {
		first, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002", Key: "k1"})
		r.must(err)
		again, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "8 916 000 00 02", Key: "k1"})
		if err != nil || first.Existing || !again.Existing || again.Callback.ID != first.Callback.ID {
			t.Errorf("first %+v, again %+v, %v", first, again, err)
		}
		_, err = r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000003", Key: "k1"})
		var refused *controller.RefusedError
		if !errors.As(err, &refused) || refused.Refusal.Rule != callback.RuleRequest || refused.Refusal.ExistingID != first.Callback.ID {
			t.Errorf("the key for another number: %v", err)
		}
		// Many at once are one, too.
		ids := make([]string, 8)
		var all sync.WaitGroup
		for i := range ids {
			all.Go(func() {
				got, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000004", Key: "k2"})
				if err == nil {
					ids[i] = got.Callback.ID
				}
			})
		}
		all.Wait()
		for _, id := range ids {
			if id == "" || id != ids[0] {
				t.Fatalf("one key gave %q", ids)
			}
		}
		r.restart(time.Minute)
		again, err = r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000004", Key: "k2"})
		if err != nil || !again.Existing || again.Callback.ID != ids[0] {
			t.Errorf("after a restart: %+v, %v", again, err)
		}
		if cbs, err := r.store.Callbacks(r.ctx(), store.CallbackFilter{}); err != nil || len(cbs) != 2 {
			t.Errorf("there are %d promises, %v", len(cbs), err)
		}
	})
}

// TestAListIsDecidedInItsOrder asks for the last row first; some rows come to nothing
// before the rules are asked.
func TestAListIsDecidedInItsOrder(t *testing.T) {
	inBubble(t, func(r *rig) {
		rows := []controller.NewCallback{
			{Number: "+79160000002", Name: strings.Repeat("x", 101)},
			{Number: "8 916 000-00-02", Name: "first"},
			{Number: "+79160000003", Account: "7", Name: "first"},
			{Number: "+79160000002", Name: "second"},
			{Number: "+79160000004", Account: "7", Name: "second"},
			{Number: "+79160000005"},
			{Number: "+79160000002", Name: "third"},
		}
		var turn *controller.Turn
		for i := range rows {
			turn = controller.NewTurn(turn)
			rows[i].Turn = turn
		}
		errs := make([]error, len(rows))
		var all sync.WaitGroup
		for i, n := range slices.Backward(rows) {
			all.Go(func() {
				defer n.Turn.End()
				_, errs[i] = r.ctl.AddCallback(r.ctx(), n)
			})
			synctest.Wait()
		}
		all.Wait()
		var got []string
		for _, err := range errs {
			var refused *controller.RefusedError
			switch {
			case err == nil:
				got = append(got, "made")
			case errors.As(err, &refused):
				got = append(got, string(refused.Refusal.Rule))
			default:
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff([]string{"request", "made", "made", "duplicate", "duplicate", "made", "duplicate"}, got); diff != "" {
			t.Errorf("the rows (-want +got):\n%s", diff)
		}
	})
}

// TestATurnEndsWithItsRequest: whoever does not want to wait any more lets others go on.
func TestATurnEndsWithItsRequest(t *testing.T) {
	inBubble(t, func(r *rig) {
		first := controller.NewTurn(nil)
		second := controller.NewTurn(first)
		ctx, cancel := context.WithCancel(r.ctx())
		asked := make(chan error, 1)
		go func() {
			_, err := r.ctl.AddCallback(ctx, controller.NewCallback{Number: "+79160000002", Turn: second})
			asked <- err
			second.End()
		}()
		cancel()
		if err := <-asked; !errors.Is(err, context.Canceled) {
			t.Errorf("who waits no more hears %v", err)
		}
		third := controller.NewTurn(second)
		go first.End()
		r.must(third.Wait(r.ctx()))
		third.End()
		third.End()
	})
}

func TestWhatARequestCannotSay(t *testing.T) {
	inBubble(t, func(r *rig) {
		for words, n := range map[string]controller.NewCallback{
			"is not an international number":       {Number: "call me"},
			"the name has 101 characters":          {Number: "+79160000002", Name: strings.Repeat("ж", 101)},
			"the question has 501 characters":      {Number: "+79160000002", Question: strings.Repeat("x", 501)},
			"the key cannot be used":               {Number: "+79160000002", Key: "a b"},
			"the campaign cannot be used":          {Number: "+79160000002", Campaign: "весна"},
			`there is no language "xx"`:            {Number: "+79160000002", Language: "xx"},
			"there is no priority 101":             {Number: "+79160000002", Priority: 101},
			`there is no time zone "Mars/Olympus"`: {Number: "+79160000002", Zone: "Mars/Olympus"},
		} {
			for _, ask := range []func(controller.NewCallback) error{
				func(n controller.NewCallback) error { _, err := r.ctl.AddCallback(r.ctx(), n); return err },
				func(n controller.NewCallback) error { _, err := r.ctl.CheckCallback(r.ctx(), n); return err },
			} {
				var refused *controller.RefusedError
				if err := ask(n); !errors.As(err, &refused) || !strings.Contains(refused.Refusal.Message, words) || refused.Refusal.Remedy == "" {
					t.Errorf("%q: %v", words, err)
				}
			}
		}
	})
}

func TestADryRunPromisesNothing(t *testing.T) {
	inBubble(t, func(r *rig) {
		if _, err := r.ctl.CheckCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"}); err != nil {
			t.Errorf("what may be promised: %v", err)
		}
		if _, err := r.ctl.CheckCallback(r.ctx(), controller.NewCallback{Number: "+12125550100"}); err == nil || !strings.Contains(err.Error(), "prefix") {
			t.Errorf("what no prefix allows: %v", err)
		}
		if cbs, err := r.store.Callbacks(r.ctx(), store.CallbackFilter{}); err != nil || len(cbs) != 0 {
			t.Errorf("%d promises, %v", len(cbs), err)
		}
		if evs := r.events("callback."); len(evs) != 0 {
			t.Errorf("the journal has %+v", evs)
		}
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002", Key: "k"})
		r.must(err)
		var refused *controller.RefusedError
		if _, err := r.ctl.CheckCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"}); !errors.As(err, &refused) || refused.Refusal.Rule != callback.RuleDuplicate {
			t.Errorf("a duplicate: %v", err)
		}
		if got, err := r.ctl.CheckCallback(r.ctx(), controller.NewCallback{Number: "+79160000002", Key: "k"}); err != nil || !got.Existing {
			t.Errorf("the same key: %+v, %v", got, err)
		}
	})
}

func TestACodeLetsTheCallBeMade(t *testing.T) {
	inBubble(t, func(r *rig) {
		const trunk = "PJSIP/+79160000002@trunk"
		r.sim.Endpoint(trunk, simswitch.NoAnswer())
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
		ask := func(number, key string) callback.Callback {
			asked, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{
				Number: number, Key: key, Reason: callback.ReasonWeb, Verify: callback.VerifyByCode,
			})
			r.must(err)
			return asked.Callback
		}
		mine, others := ask("+79160000002", "k1"), ask("+79160000003", "k2")
		time.Sleep(5 * time.Minute)
		if n := len(r.sim.Dialled(trunk)); n != 0 || len(r.line().Places) != 0 {
			t.Fatalf("%d calls and %d places before the code is given", n, len(r.line().Places))
		}
		r.restart(time.Minute)
		if found, err := r.ctl.CallbackByKey(r.ctx(), "k1"); err != nil || found.ID != mine.ID {
			t.Errorf("by its key: %+v, %v", found, err)
		}
		if _, err := r.ctl.VerifyCallback(r.ctx(), mine.ID, "code"); err != nil {
			t.Fatal(err)
		}
		r.until("the customer is called", func() bool { return len(r.sim.Dialled(trunk)) > 0 })
		var denied *controller.DeniedError
		if _, err := r.ctl.VerifyCallback(r.ctx(), mine.ID, "code"); !errors.As(err, &denied) {
			t.Errorf("confirmed twice: %v", err)
		}
		// Who gives no code is not called.
		r.until("the other promise is given up", func() bool {
			cb, err := r.ctl.Callback(r.ctx(), others.ID)
			return err == nil && !cb.Open()
		})
		if _, err := r.ctl.VerifyCallback(r.ctx(), others.ID, "code"); !errors.As(err, &denied) {
			t.Errorf("confirmed too late: %v", err)
		}
		if _, err := r.ctl.VerifyCallback(r.ctx(), "nobody", "code"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an unknown one: %v", err)
		}
		if n := len(r.sim.Dialled("PJSIP/+79160000003@trunk")); n != 0 {
			t.Errorf("who gave no code was called %d times", n)
		}
		if number, ok := r.ctl.NumberOf("", "8 (916) 000-00-02"); !ok || number != "+79160000002" {
			t.Errorf("the number is %q, %v", number, ok)
		}
	})
}
