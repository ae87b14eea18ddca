package controller_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/store"
)

// TestCardRemembersTheCaller: what an agent said of one call is on the card of the
// next one, during the call and afterwards, and the hotline's conditions know it too.
func TestCardRemembersTheCaller(t *testing.T) {
	inBubble(t, func(r *rig) {
		ctx := r.ctx()
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(2 * time.Second).TalkFor(40 * time.Second)
		p := r.sim.Call(ivan, "600")
		r.hears(p, "Balance one")
		p.Press("2")
		r.until("the caller talks", func() bool { return len(p.Bridged()) > 0 })
		first := r.call(ivan)
		card, err := r.ctl.Card(ctx, first.ID)
		if err != nil || card.Place == nil || card.Call.State.Caller.Name != "Ivan" || card.History.CallsWeek != 0 || len(card.Calls) != 0 {
			t.Errorf("the card of the first call is %+v, %v", card, err)
		}
		if _, err := r.ctl.Dispose(ctx, first.ID, store.Disposition{Code: "order", By: "operator"}); err != nil {
			t.Error(err)
		}
		p.Hangup()
		first = r.result(ivan, dialplan.ResultAgent)
		if first.Disposition == nil || first.Disposition.Code != "order" {
			t.Errorf("said during the call: %+v", first.Disposition)
		}
		said, err := r.ctl.Dispose(ctx, first.ID, store.Disposition{Code: "complaint", Note: "wants\n a refund", By: "operator"})
		if err != nil || said.Disposition.Note != "wants a refund" {
			t.Errorf("said afterwards: %+v, %v", said.Disposition, err)
		}
		for _, bad := range []store.Disposition{{}, {Code: "two words"}, {Code: "order", Note: strings.Repeat("x", 501)}} {
			var denied *controller.DeniedError
			if _, err := r.ctl.Dispose(ctx, first.ID, bad); !errors.As(err, &denied) {
				t.Errorf("%+v is taken: %v", bad, err)
			}
		}
		if _, err := r.ctl.Dispose(ctx, "c0", store.Disposition{Code: "order"}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("of a call that never was: %v", err)
		}

		again := r.sim.Call(ivan, "600")
		r.hears(again, "Balance one")
		second := r.call(ivan)
		card, err = r.ctl.Card(ctx, second.ID)
		if err != nil || card.Place != nil || len(card.Calls) != 1 || card.Calls[0].ID != first.ID {
			t.Fatalf("the card of the second call is %+v, %v", card, err)
		}
		h := second.State.History
		if h != card.History {
			t.Errorf("the hotline goes by %+v, the card shows %+v", h, card.History)
		}
		if h.CallsToday != 1 || h.LastAgent != "Anna" || h.LastQueue != "support" || h.LastDisposition != "complaint" || !h.LastAt.Equal(first.StartedAt) {
			t.Errorf("what is remembered is %+v", h)
		}
		past, err := r.ctl.Past(ctx, store.Person{Number: ivan})
		if err != nil || len(past.Calls) != 2 || past.Calls[0].ID != second.ID || past.History.CallsToday != 2 || past.History.LastDisposition != "complaint" {
			t.Errorf("the past is %+v, %v", past, err)
		}
		if past, err := r.ctl.Past(ctx, store.Person{Number: "+442079460009"}); err != nil || len(past.Calls)+len(past.Promises) != 0 || past.History != (callers.History{}) {
			t.Errorf("the past of nobody is %+v, %v", past, err)
		}
		again.Hangup()
		r.until("the call ended", func() bool { return r.call(ivan).Ended() })
	})
}
