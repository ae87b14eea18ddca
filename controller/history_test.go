package controller

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/store"
)

// TestRemembered: a day begins at the hotline's midnight, calls that we made are
// none of the caller's, and what the newest call does not tell an older one does.
func TestRemembered(t *testing.T) {
	t.Parallel()
	omsk := time.FixedZone("Omsk", 6*3600)
	now := time.Date(2026, 3, 10, 1, 0, 0, 0, omsk)
	in := func(ago time.Duration, change func(*store.Call)) store.Call {
		c := store.Call{Direction: store.DirectionIn, StartedAt: now.Add(-ago).UTC(), Result: "ivr"}
		if change != nil {
			change(&c)
		}
		return c
	}
	calls := []store.Call{
		in(30*time.Minute, nil),
		in(59*time.Minute, func(c *store.Call) { c.Direction, c.Result = store.DirectionCallback, "agent" }),
		in(2*time.Hour, func(c *store.Call) { c.Queue, c.Agent = "support", "Anna" }), // yesterday in Omsk, and today in Greenwich
		in(6*24*time.Hour, func(c *store.Call) {
			c.Queue, c.Agent, c.Disposition = "billing", "Boris", &store.Disposition{Code: "complaint"}
		}),
		in(8*24*time.Hour, func(c *store.Call) { c.Disposition = &store.Disposition{Code: "order"} }),
	}
	promises := []callback.Callback{{State: callback.Waiting}, {State: callback.Done}, {State: callback.Done}, {State: callback.GivenUp}}
	want := callers.History{
		CallsToday: 1, CallsWeek: 3, LastAt: calls[0].StartedAt, LastResult: "ivr", LastQueue: "support", LastAgent: "Anna",
		LastDisposition: "complaint", CallbacksOpen: 1, CallbacksKept: 2,
	}
	if diff := cmp.Diff(want, remembered(calls, promises, now)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(callers.History{}, remembered(nil, nil, now)); diff != "" {
		t.Errorf("of a stranger (-want +got):\n%s", diff)
	}
}
