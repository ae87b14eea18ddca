package controller_test

import (
	"errors"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/store"
)

// TestAHotlineIsClosedByOrder: the next call hears so, also after a restart, until
// the order ends; a call under way goes on.
func TestAHotlineIsClosedByOrder(t *testing.T) {
	inBubble(t, func(r *rig) {
		ctx := r.ctx()
		under := r.sim.Call("+79160000001", "600")
		r.hears(under, "Balance one")
		order, err := r.ctl.CloseHotline(ctx, store.Closing{Hotline: "support", Until: time.Now().Add(time.Hour), By: "operator", Why: " fire\nalarm "})
		if err != nil || !order.On || order.Why != "fire alarm" {
			t.Fatalf("the order is %+v, %v", order, err)
		}
		p := r.sim.Call(ivan, "600")
		r.hears(p, "closed now")
		r.result(ivan, dialplan.ResultNoAgents)
		under.Press("1")
		r.hears(under, "account")
		under.Hangup()
		r.restart(time.Second)
		if all := r.ctl.Closings(); len(all) != 1 || all[0].Hotline != "support" {
			t.Errorf("after a restart the orders are %+v", all)
		}
		r.sim.Call(ivan, "600")
		r.until("the call after the restart ends", func() bool { return r.call(ivan).Ended() && len(r.events("hours.closed")) == 2 })
		time.Sleep(time.Hour)
		if all := r.ctl.Closings(); len(all) != 0 {
			t.Errorf("an hour later the orders are %+v", all)
		}
		p = r.sim.Call(ivan, "600")
		r.hears(p, "Balance one")
		p.Hangup()

		ctx = r.ctx() // the former one is over
		var denied *controller.DeniedError
		if _, err := r.ctl.CloseHotline(ctx, store.Closing{Hotline: "support", Until: time.Now()}); !errors.As(err, &denied) {
			t.Errorf("an end that has passed: %v", err)
		}
		if _, err := r.ctl.CloseHotline(ctx, store.Closing{Hotline: "support", Node: "nix"}); !errors.As(err, &denied) {
			t.Errorf("a node that there is not: %v", err)
		}
		if _, err := r.ctl.CloseHotline(ctx, store.Closing{Hotline: "nix"}); !errors.Is(err, controller.ErrUnknownHotline) {
			t.Errorf("a hotline that there is not: %v", err)
		}
		if _, err := r.ctl.CloseHotline(ctx, store.Closing{Hotline: "support", Node: "menu"}); err != nil {
			t.Error(err)
		}
		p = r.sim.Call("+79160000002", "600")
		r.hears(p, "Balance one")
		if path := r.call("+79160000002").State.Path; len(path) == 0 || path[0] != "menu" {
			t.Errorf("the call passes %v, want the node of the order", path)
		}
		p.Hangup()
		if lifted, already, err := r.ctl.OpenHotline(ctx, "support", "operator"); err != nil || already || lifted.Node != "menu" {
			t.Errorf("opened: %+v, %v, %v", lifted, already, err)
		}
		if _, already, err := r.ctl.OpenHotline(ctx, "support", "operator"); err != nil || !already {
			t.Errorf("opened again: %v, %v", already, err)
		}
		if n := len(r.events("hotline.closed")); n != 2 {
			t.Errorf("%d orders are in the journal", n)
		}
	})
}
