package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
)

// What a store does for promises: those that sleep, duplicates, pages, and who may
// still write.

// asleep is a promise that sleeps until a time.
func asleep(id, queue string, until time.Time) callback.Callback {
	cb := aPromise(id, base)
	cb.Queue, cb.NotBefore = queue, until
	return cb
}

func ids(cbs []callback.Callback) (out []string) {
	for _, cb := range cbs {
		out = append(out, cb.ID)
	}
	return out
}

func dormant(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	at := func(sec int) time.Time { return base.Add(time.Duration(sec) * time.Second) }
	placed := asleep("b6", "support", at(1))
	placed.Placed = true // it rests in its line
	must(t, s.Commit(ctx, store.Batch{Callbacks: []callback.Callback{
		asleep("b3", "support", at(30)), asleep("b1", "support", at(20)), asleep("b2", "support", at(20)), asleep("b4", "billing", at(5)),
		asleep("b5", "support", at(90)), placed,
	}}))
	for _, tc := range []struct {
		name string
		f    store.DormantFilter
		want []string
	}{
		{"all of a queue", store.DormantFilter{Queue: "support", Before: at(1000)}, []string{"b1", "b2", "b3", "b5"}},
		{"before a time, which is not included", store.DormantFilter{Queue: "support", Before: at(30)}, []string{"b1", "b2"}},
		{"the first page", store.DormantFilter{Queue: "support", Before: at(1000), Limit: 1}, []string{"b1"}},
		{"the page after one of the same time", store.DormantFilter{
			Queue: "support", Before: at(1000), After: store.SleeperOf(asleep("b1", "support", at(20))), Limit: 2,
		}, []string{"b2", "b3"}},
		{"from a time on", store.DormantFilter{Queue: "support", Before: at(1000), After: store.Sleeper{At: at(30)}}, []string{"b3", "b5"}},
		{"another queue", store.DormantFilter{Queue: "billing", Before: at(1000)}, []string{"b4"}},
		{"no queue", store.DormantFilter{Before: at(1000)}, nil},
	} {
		got, err := s.Dormant(ctx, tc.f)
		must(t, err)
		same(t, tc.name, ids(got), tc.want)
	}
	open, err := s.Load(ctx)
	must(t, err)
	same(t, "Load passes over what sleeps", ids(open.Callbacks), []string{"b6"})

	woken := asleep("b1", "support", time.Time{})
	woken.Placed = true
	must(t, s.Commit(ctx, store.Batch{Callbacks: []callback.Callback{woken}}))
	got, err := s.Dormant(ctx, store.DormantFilter{Queue: "support", Before: at(1000)})
	must(t, err)
	same(t, "what was woken sleeps no more", ids(got), []string{"b2", "b3", "b5"})
}

func openTo(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	var b store.Batch
	for i, p := range []struct{ number, account string }{
		{"+79160000001", "1001"}, {"+79160000002", "1001"}, {"+79160000001", ""}, {"+79160000003", ""}, {"+79160000001", "1001"},
	} {
		cb := aPromise(fmt.Sprintf("b%d", i), base.Add(-time.Duration(i)*time.Minute))
		cb.Number, cb.Account = p.number, p.account
		b.Callbacks = append(b.Callbacks, cb)
	}
	b.Callbacks[2].NotBefore = base.Add(time.Hour) // sleeps
	b.Callbacks[4].State = callback.Done
	must(t, s.Commit(ctx, b))
	for _, tc := range []struct {
		number, account string
		want            []string
	}{
		{"+79160000001", "", []string{"b2", "b0"}},
		{"+79160000001", "1001", []string{"b2", "b1", "b0"}},
		{"", "1001", []string{"b1", "b0"}},
		{"+79160000003", "9999", []string{"b3"}},
		{"", "", nil},
	} {
		got, err := s.OpenTo(ctx, tc.number, tc.account)
		must(t, err)
		same(t, fmt.Sprintf("open to %q, %q", tc.number, tc.account), ids(got), tc.want)
	}
}

func byKey(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	cb, plain := aPromise("b1", base), aPromise("b2", base)
	cb.Key, cb.State = "form-1", callback.Done
	must(t, s.Commit(ctx, store.Batch{Callbacks: []callback.Callback{cb, plain}}))
	got, err := s.CallbackByKey(ctx, "form-1")
	must(t, err)
	same(t, "by key, closed or not", got, cb)
	for _, key := range []string{"", "form-2"} {
		if _, err := s.CallbackByKey(ctx, key); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("key %q gives %v", key, err)
		}
	}
	again := aPromise("b3", base)
	again.Key = "form-1"
	if err := s.Commit(ctx, store.Batch{Callbacks: []callback.Callback{again}}); err == nil {
		t.Error("a second promise with the same key was taken")
	}
}

func counts(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	var b store.Batch
	for i, state := range []callback.State{callback.Waiting, callback.Done, callback.Waiting, callback.Done, callback.Waiting} {
		cb := aPromise(fmt.Sprintf("b%d", i), base)
		if cb.State = state; i == 4 {
			cb.Queue = "billing"
		}
		b.Callbacks = append(b.Callbacks, cb)
	}
	must(t, s.Commit(ctx, b))
	got, err := s.CallbackCounts(ctx)
	must(t, err)
	same(t, "counts", got, []store.CallbackCount{
		{Queue: "billing", State: callback.Waiting, N: 1}, {Queue: "support", State: callback.Done, N: 2}, {Queue: "support", State: callback.Waiting, N: 2},
	})
}

func cursors(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	at := func(reader string) int64 {
		t.Helper()
		seq, err := s.Cursor(ctx, reader)
		must(t, err)
		return seq
	}
	if got := at("hooks"); got != 0 {
		t.Errorf("a new reader begins after %d", got)
	}
	must(t, s.Commit(ctx, store.Batch{Cursors: []store.Cursor{{Reader: "hooks", Seq: 7}, {Reader: "other", Seq: 3}}}))
	must(t, s.Commit(ctx, store.Batch{Cursors: []store.Cursor{{Reader: "hooks", Seq: 9}}}))
	must(t, s.Close())
	s = rig.Open(t)
	if a, b := at("hooks"), at("other"); a != 9 || b != 3 {
		t.Errorf("the readers are at %d and %d, want 9 and 3", a, b)
	}
}

func pauses(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	on := callback.Pause{Queue: "support", On: true}
	must(t, s.Commit(ctx, store.Batch{Pauses: []callback.Pause{on, {Queue: "billing", On: true}}}))
	must(t, s.Commit(ctx, store.Batch{Pauses: []callback.Pause{{Queue: "billing"}}}))
	open, err := s.Load(ctx)
	must(t, err)
	same(t, "pauses that are on", open.Pauses, []callback.Pause{on})
}

func closings(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	on := store.Closing{Hotline: "support", On: true, Since: base, Until: base.Add(time.Hour), Node: "sorry", By: "operator", Why: "fire alarm"}
	must(t, s.Commit(ctx, store.Batch{Closings: []store.Closing{on, {Hotline: "billing", On: true, Since: base}}}))
	must(t, s.Commit(ctx, store.Batch{Closings: []store.Closing{{Hotline: "billing", Since: base}}}))
	open, err := s.Load(ctx)
	must(t, err)
	same(t, "orders that stand", open.Closings, []store.Closing{on})
}

func epochs(t *testing.T, rig Rig) {
	s := rig.Open(t)
	first := s.Epoch()
	must(t, s.Close())
	s = rig.Open(t)
	if first < 1 || s.Epoch() <= first {
		t.Errorf("the second run has epoch %d, the first one had %d", s.Epoch(), first)
	}
}

func pages(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	const n = 25
	var b store.Batch
	for i := range n {
		cb := aPromise(fmt.Sprintf("b%02d", i), base.Add(time.Duration(i/3)*time.Minute)) // three at the same time
		cb.Reason, cb.Campaign, cb.Account = callback.ReasonOperator, "", fmt.Sprint(1000+i%5)
		if i%2 == 0 {
			cb.Reason, cb.Campaign = callback.ReasonWeb, "spring"
		}
		if i%5 == 0 {
			cb.State = callback.Done
		}
		if i%4 == 0 {
			cb.NotBefore = base.Add(time.Duration(i) * time.Hour)
		}
		b.Callbacks = append(b.Callbacks, cb)
	}
	must(t, s.Commit(ctx, b))
	for name, f := range map[string]struct {
		f    store.CallbackFilter
		want func(i int, cb callback.Callback) bool
	}{
		"all":      {store.CallbackFilter{}, func(int, callback.Callback) bool { return true }},
		"open":     {store.CallbackFilter{Open: true}, func(_ int, cb callback.Callback) bool { return cb.Open() }},
		"campaign": {store.CallbackFilter{Campaign: "spring"}, func(i int, _ callback.Callback) bool { return i%2 == 0 }},
		"reason":   {store.CallbackFilter{Reason: callback.ReasonOperator}, func(i int, _ callback.Callback) bool { return i%2 == 1 }},
		"account":  {store.CallbackFilter{Account: "1003"}, func(i int, _ callback.Callback) bool { return i%5 == 3 }},
		"due": {store.CallbackFilter{DueBefore: base.Add(10 * time.Hour)}, func(_ int, cb callback.Callback) bool {
			return cb.Open() && cb.NotBefore.Before(base.Add(10*time.Hour))
		}},
		"age": {store.CallbackFilter{AskedSince: base.Add(2 * time.Minute), AskedBefore: base.Add(5 * time.Minute)}, func(i int, _ callback.Callback) bool {
			return i/3 >= 2 && i/3 < 5
		}},
		"states": {store.CallbackFilter{States: []callback.State{callback.Done, callback.Waiting}}, func(int, callback.Callback) bool { return true }},
	} {
		var want, got []string
		for i := n - 1; i >= 0; i-- {
			if f.want(i, b.Callbacks[i]) {
				want = append(want, b.Callbacks[i].ID)
			}
		}
		f.f.Limit = 4
		for {
			page, err := s.Callbacks(ctx, f.f)
			must(t, err)
			got = append(got, ids(page)...)
			if len(page) < 4 {
				break
			}
			f.f.After = page[3].ID
		}
		same(t, "pages of "+name, got, want)
	}
	if _, err := s.Callbacks(ctx, store.CallbackFilter{After: "none"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the page after an unknown one gives %v", err)
	}
}
