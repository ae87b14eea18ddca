// Package storetest has the suites that every store.Store passes, and those of stores
// that are a store.Book or a store.Forgetter, too.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// Rig is one store under test. Open opens the same data each time it is called,
// so that the suite can close a store and see what is left.
type Rig struct {
	Open func(t *testing.T) store.Store
}

// Exercise runs the whole suite; newRig makes an empty store for each test.
func Exercise(t *testing.T, newRig func(t *testing.T) Rig) {
	exercise(t, newRig, []test{
		{"empty", empty},
		{"records come back as they were", roundTrip},
		{"open and ended", openAndEnded},
		{"calls by filter", callFilters},
		{"callbacks by filter", callbackFilters},
		{"windows of callbacks", windows},
		{"pages of callbacks", pages},
		{"callbacks that sleep", dormant},
		{"callbacks open to a customer", openTo},
		{"callbacks by key", byKey},
		{"callbacks counted", counts},
		{"cursors", cursors},
		{"pauses", pauses},
		{"closings", closings},
		{"locks", locks},
		{"documents", documents},
		{"epochs", epochs},
		{"journal", journal},
		{"a batch that cannot be written leaves nothing", atomic},
		{"concurrent commits", concurrent},
		{"survives close", survives},
		{"after close", afterClose},
		{"a cancelled context", cancelled},
	})
}

// test is one of a suite.
type test struct {
	name string
	run  func(t *testing.T, rig Rig)
}

func exercise(t *testing.T, newRig func(t *testing.T) Rig, tests []test) {
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tc.run(t, newRig(t))
		})
	}
}

// base is a moment with a fraction that every store must keep.
var base = time.Date(2026, 3, 29, 1, 59, 59, 123456000, time.UTC)

func aCall(id string, at time.Time) store.Call {
	return store.Call{
		ID: id, Direction: store.DirectionIn, Channel: "ch-" + id, Number: "600", Hotline: "support", StartedAt: at,
		State: dialplan.State{
			Hotline: "support", Node: "menu", Language: "ru", ANI: "+79161234501", Path: []string{"greet", "menu"},
			Caller: callers.Caller{Number: "+79161234501", Account: "1001", Name: "Иван Петров", Balance: &callers.Money{Minor: 152350, Currency: "RUB"}},
		},
	}
}

func aPlace(id string) queues.Place {
	return queues.Place{ID: id, Queue: "support", CallID: "c1", Number: "+79161234501", Priority: 5, TakenAt: base, State: queues.PlaceWaiting, Entry: 2, Channel: "lk-place-" + id + "-2"}
}

func aPromise(id string, at time.Time) callback.Callback {
	return callback.Callback{
		ID: id, Number: "+79161234502", Queue: "support", Hotline: "support", Language: "ru", PlaceID: "p-" + id,
		AskedAt: at, PlaceAt: at, State: callback.Waiting, Since: at,
		Attempts: []callback.Attempt{{N: 1, Channel: "lk-cb-" + id + "-1", At: at, Outcome: callback.OutcomeBusy, EndedAt: at.Add(time.Second)}},
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	opts := cmp.Options{cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(dialplan.State{})}
	if diff := cmp.Diff(want, got, opts); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func empty(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	open, err := s.Load(ctx)
	must(t, err)
	if len(open.Calls)+len(open.Places)+len(open.Callbacks)+len(open.Agents) != 0 {
		t.Errorf("an empty store loads %+v", open)
	}
	if _, err := s.Call(ctx, "none"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Call of an unknown id gives %v", err)
	}
	if _, err := s.Callback(ctx, "none"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Callback of an unknown id gives %v", err)
	}
	must(t, s.Commit(ctx, store.Batch{}))
}

func roundTrip(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	call, place, cb := aCall("c1", base), aPlace("p1"), aPromise("b1", base)
	agents := []queues.Duty{{Agent: "ivan", On: true, Since: base, Rested: map[string]time.Duration{"lunch": time.Minute}, Calls: 2, TalkS: 91.5}}
	must(t, s.Commit(ctx, store.Batch{
		Calls: []store.Call{call}, Places: []queues.Place{place}, Callbacks: []callback.Callback{cb}, Agents: agents,
	}))
	open, err := s.Load(ctx)
	must(t, err)
	same(t, "loaded", open, store.Open{Calls: []store.Call{call}, Places: []queues.Place{place}, Callbacks: []callback.Callback{cb}, Agents: agents})
	got, err := s.Call(ctx, "c1")
	must(t, err)
	same(t, "call", got, call)
	gotCB, err := s.Callback(ctx, "b1")
	must(t, err)
	same(t, "callback", gotCB, cb)
}

func openAndEnded(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	call, place, cb := aCall("c1", base), aPlace("p1"), aPromise("b1", base)
	must(t, s.Commit(ctx, store.Batch{Calls: []store.Call{call}, Places: []queues.Place{place}, Callbacks: []callback.Callback{cb}}))
	call.EndedAt, call.Result = base.Add(time.Minute), dialplan.ResultAgent
	place.State, place.LeftAt, place.Reason = queues.PlaceLeft, base.Add(time.Minute), queues.LeftServed
	cb.State, cb.EndedAt = callback.Done, base.Add(time.Minute)
	must(t, s.Commit(ctx, store.Batch{Calls: []store.Call{call}, Places: []queues.Place{place}, Callbacks: []callback.Callback{cb}}))
	open, err := s.Load(ctx)
	must(t, err)
	if len(open.Calls)+len(open.Places)+len(open.Callbacks) != 0 {
		t.Errorf("what is over is loaded: %+v", open)
	}
	got, err := s.Call(ctx, "c1")
	must(t, err)
	same(t, "ended call", got, call)
}

func callFilters(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	for i := range 5 {
		c := aCall(fmt.Sprintf("c%d", i), base.Add(time.Duration(i)*time.Minute))
		if i%2 == 0 {
			c.EndedAt, c.Result = c.StartedAt.Add(time.Second), dialplan.ResultIVR
		}
		if i == 3 {
			c.Hotline, c.State.ANI = "clinic", "+442079460003"
		}
		c.State.Caller.Account = map[int]string{1: "1001", 2: "1002", 3: "1001"}[i]
		must(t, s.Commit(ctx, store.Batch{Calls: []store.Call{c}}))
	}
	for _, tc := range []struct {
		f    store.CallFilter
		want []string
	}{
		{store.CallFilter{}, []string{"c4", "c3", "c2", "c1", "c0"}},
		{store.CallFilter{Limit: 2}, []string{"c4", "c3"}},
		{store.CallFilter{Live: true}, []string{"c3", "c1"}},
		{store.CallFilter{Hotline: "clinic"}, []string{"c3"}},
		{store.CallFilter{Number: "+442079460003"}, []string{"c3"}},
		{store.CallFilter{Of: store.Person{Account: "1001"}}, []string{"c3", "c1"}},
		{store.CallFilter{Of: store.Person{Number: "+442079460003"}}, []string{"c3"}},
		{store.CallFilter{Of: store.Person{Number: aCall("", base).State.ANI, Account: "1001"}}, []string{"c4", "c3", "c1", "c0"}},
		{store.CallFilter{Of: store.Person{Number: "+442079460003", Account: "1002"}}, []string{"c2"}},
		{store.CallFilter{Result: dialplan.ResultIVR, Since: base.Add(time.Minute)}, []string{"c4", "c2"}},
	} {
		calls, err := s.Calls(ctx, tc.f)
		must(t, err)
		var got []string
		for _, c := range calls {
			got = append(got, c.ID)
		}
		same(t, fmt.Sprintf("calls of %+v", tc.f), got, tc.want)
	}
}

func callbackFilters(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	for i := range 4 {
		cb := aPromise(fmt.Sprintf("b%d", i), base.Add(time.Duration(i)*time.Minute))
		if i == 0 {
			cb.State = callback.Done
		}
		if i == 1 {
			cb.Queue, cb.Number, cb.Account, cb.State = "billing", "+79161234509", "1009", callback.Uncertain
		}
		must(t, s.Commit(ctx, store.Batch{Callbacks: []callback.Callback{cb}}))
	}
	for _, tc := range []struct {
		f    store.CallbackFilter
		want []string
	}{
		{store.CallbackFilter{}, []string{"b3", "b2", "b1", "b0"}},
		{store.CallbackFilter{Open: true}, []string{"b3", "b2", "b1"}},
		{store.CallbackFilter{States: []callback.State{callback.Done}}, []string{"b0"}},
		{store.CallbackFilter{States: []callback.State{callback.Done, callback.Uncertain, callback.Done}}, []string{"b1", "b0"}},
		{store.CallbackFilter{States: []callback.State{callback.Waiting, callback.Uncertain}, Limit: 2}, []string{"b3", "b2"}},
		{store.CallbackFilter{States: []callback.State{callback.Waiting, callback.Uncertain}, After: "b2"}, []string{"b1"}},
		{store.CallbackFilter{Queue: "billing"}, []string{"b1"}},
		{store.CallbackFilter{Number: "+79161234502", Limit: 1}, []string{"b3"}},
		{store.CallbackFilter{Account: "1009"}, []string{"b1"}},
	} {
		cbs, err := s.Callbacks(ctx, tc.f)
		must(t, err)
		var got []string
		for _, c := range cbs {
			got = append(got, c.ID)
		}
		same(t, fmt.Sprintf("callbacks of %+v", tc.f), got, tc.want)
	}
}

func journal(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	events := []store.Event{
		{At: base, Type: "call.started", Call: "c1", Data: map[string]any{"from": "+79161234501", "n": 2.5, "ok": true}},
		{At: base.Add(time.Millisecond), Type: "place.taken", Call: "c1", Place: "p1", Queue: "support"},
		{At: base.Add(2 * time.Millisecond), Type: "place.served", Call: "c1", Place: "p1", Queue: "support", Agent: "Anna"},
		{At: base.Add(3 * time.Millisecond), Type: "callback.asked", Callback: "b1"},
	}
	must(t, s.Commit(ctx, store.Batch{Events: events[:1]}))
	must(t, s.Commit(ctx, store.Batch{Events: events[1:]}))
	got, err := s.Events(ctx, store.EventFilter{})
	must(t, err)
	var last int64
	for i := range got {
		if got[i].Seq <= last {
			t.Errorf("seq %d follows %d", got[i].Seq, last)
		}
		last, got[i].Seq = got[i].Seq, 0
	}
	same(t, "journal", got, events)
	for _, tc := range []struct {
		f    store.EventFilter
		want []int
	}{
		{store.EventFilter{Call: "c1"}, []int{0, 1, 2}},
		{store.EventFilter{Type: "place."}, []int{1, 2}},
		{store.EventFilter{Type: "place.served"}, []int{2}},
		{store.EventFilter{Type: "place"}, nil},
		{store.EventFilter{Types: []string{"place.served", "callback.", "call."}}, []int{0, 2, 3}},
		{store.EventFilter{Type: "place.", Types: []string{"place.served", "callback."}}, []int{2}},
		{store.EventFilter{Callback: "b1"}, []int{3}},
		{store.EventFilter{Place: "p1", Limit: 1}, []int{1}},
		{store.EventFilter{Queue: "support", Since: base.Add(2 * time.Millisecond)}, []int{2}},
		{store.EventFilter{AfterSeq: last}, nil},
		{store.EventFilter{Newest: 3, Call: "c1"}, []int{1, 2}},
	} {
		got, err := s.Events(ctx, tc.f)
		must(t, err)
		var want []store.Event
		for _, i := range tc.want {
			want = append(want, events[i])
		}
		for i := range got {
			got[i].Seq = 0
		}
		same(t, fmt.Sprintf("events of %+v", tc.f), got, want)
	}
}

func atomic(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	err := s.Commit(ctx, store.Batch{
		Calls:  []store.Call{aCall("c1", base)},
		Events: []store.Event{{At: base, Type: "call.started", Call: "c1", Data: map[string]any{"bad": func() {}}}},
	})
	if err == nil {
		t.Fatal("an event that cannot be written is no error")
	}
	if _, err := s.Call(ctx, "c1"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("half of a failed batch is stored: %v", err)
	}
}

func concurrent(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	const owners, each = 20, 25
	var wg sync.WaitGroup
	for o := range owners {
		wg.Go(func() {
			call := aCall(fmt.Sprintf("c%02d", o), base)
			for i := range each {
				call.State.Seq = i + 1
				err := s.Commit(ctx, store.Batch{
					Calls:  []store.Call{call},
					Events: []store.Event{{At: base, Type: "node.entered", Call: call.ID, Data: map[string]any{"n": i}}},
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for o := range owners {
		id := fmt.Sprintf("c%02d", o)
		call, err := s.Call(ctx, id)
		must(t, err)
		if call.State.Seq != each {
			t.Errorf("%s ends at %d, want %d", id, call.State.Seq, each)
		}
		events, err := s.Events(ctx, store.EventFilter{Call: id})
		must(t, err)
		var order []float64
		for _, ev := range events {
			order = append(order, ev.Data["n"].(float64))
		}
		if len(order) != each || !slices.IsSorted(order) {
			t.Errorf("events of %s are not in the order of their commits: %v", id, order)
		}
	}
}

func survives(t *testing.T, rig Rig) {
	s := rig.Open(t)
	must(t, s.Commit(t.Context(), store.Batch{Calls: []store.Call{aCall("c1", base)}, Events: []store.Event{{At: base, Type: "call.started", Call: "c1"}}}))
	must(t, s.Close())
	s = rig.Open(t)
	open, err := s.Load(t.Context())
	must(t, err)
	events, err := s.Events(t.Context(), store.EventFilter{})
	must(t, err)
	if len(open.Calls) != 1 || len(events) != 1 {
		t.Errorf("after reopening: %d calls, %d events", len(open.Calls), len(events))
	}
}

func afterClose(t *testing.T, rig Rig) {
	s := rig.Open(t)
	must(t, s.Close())
	must(t, s.Close())
	if err := s.Commit(t.Context(), store.Batch{Calls: []store.Call{aCall("c1", base)}}); err == nil {
		t.Error("a closed store took a commit")
	}
}

func cancelled(t *testing.T, rig Rig) {
	s := rig.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Calls(ctx, store.CallFilter{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled list gives %v", err)
	}
}
