package storetest

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// ExerciseForgetter runs the suite of a store that can forget a person, and keeps the
// table of callers; newRig makes an empty one for each test. What is left on the disk
// is for the driver's own tests.
func ExerciseForgetter(t *testing.T, newRig func(t *testing.T) Rig) {
	exercise(t, newRig, []test{
		{"one of two people", forgetOne},
		{"who is under way", forgetLater},
		{"nobody", forgetNobody},
	})
}

// Two people, whose records hold their names and what only they said.
const (
	hisNumber, herNumber   = "+79161230001", "+79161230002"
	hisAccount, herAccount = "70000001", "70000002"
)

func forgetterOf(t *testing.T, s store.Store) store.Forgetter {
	t.Helper()
	f, is := s.(store.Forgetter)
	if !is {
		t.Fatalf("%T is no store.Forgetter", s)
	}
	return f
}

// twoLives are a call, a place, a promise, a lock and a line of the journal of both.
func twoLives(t *testing.T, s store.Store) store.Batch {
	t.Helper()
	var b store.Batch
	var entries []store.NewEntry
	for id, p := range map[string][3]string{"1": {hisNumber, hisAccount, "Fritz"}, "2": {herNumber, herAccount, "Berta"}} {
		number, account, name := p[0], p[1], p[2]
		c := aCall("c"+id, base)
		c.EndedAt, c.Recording, c.CallbackID = base.Add(time.Minute), "c"+id, "b"+id
		c.Disposition = &store.Disposition{Code: "order", Note: "a note on " + name, By: "operator", At: base}
		c.State.ANI, c.State.Question, c.State.Vars = number, "a question of "+name, map[string]any{"order": "an order of " + name}
		c.State.Caller = callers.Caller{Number: number, Account: account, Name: name, Fields: map[string]string{"street": "the street of " + name}}
		c.State.History = callers.History{CallsToday: 1, LastAt: base, LastAgent: "Anna"}
		place := aPlace("p" + id)
		place.CallID, place.Number, place.Name, place.State, place.LeftAt = c.ID, number, name, queues.PlaceLeft, base
		cb := aPromise("b"+id, base)
		cb.Number, cb.Account, cb.Name, cb.State, cb.EndedAt, cb.Key = number, account, name, callback.Done, base, "crm-"+account
		cb.About = callback.About{Question: "a wish of " + name, Message: c.ID + "-message-1", Vars: map[string]any{"order": "an order of " + name}}
		b.Calls, b.Places, b.Callbacks = append(b.Calls, c), append(b.Places, place), append(b.Callbacks, cb)
		b.Events = append(b.Events, store.Event{At: base, Type: "call.started", Call: c.ID, Data: map[string]any{"from": number, "name": name}})
		b.Locks = append(b.Locks, callers.Lock{Kind: callers.LockAccount, Key: account, Failures: 1, LastAt: base})
		entries = append(entries, store.NewEntry{Entry: store.Entry{Record: callers.Record{Account: account, Number: number, Name: name}, ChangedAt: base}})
	}
	must(t, s.Commit(t.Context(), b))
	put(t, bookOf(t, s), entries...)
	return b
}

// everything is all that the store tells, as text.
func everything(t *testing.T, s store.Store) string {
	t.Helper()
	ctx := t.Context()
	open, err := s.Load(ctx)
	must(t, err)
	calls, err := s.Calls(ctx, store.CallFilter{})
	must(t, err)
	promises, err := s.Callbacks(ctx, store.CallbackFilter{})
	must(t, err)
	events, err := s.Events(ctx, store.EventFilter{})
	must(t, err)
	entries, err := bookOf(t, s).Entries(ctx, store.EntryFilter{})
	must(t, err)
	text, err := json.Marshal([]any{open, calls, promises, events, entries})
	must(t, err)
	return string(text)
}

func forgetOne(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	b := twoLives(t, s)
	p := store.Forgettable{Account: hisAccount, Number: hisNumber, Name: "Fritz"}
	out, err := forgetterOf(t, s).Forget(ctx, p)
	must(t, err)
	slices.Sort(out.Recordings)
	same(t, "forgotten", out, store.Forgotten{
		Alias: out.Alias, Entry: true, Calls: 1, Callbacks: 1, Places: 1, Events: 1, Recordings: []string{"c1", "c1-message-1"},
	})
	must(t, s.Close())
	s = rig.Open(t)
	all := everything(t, s)
	for _, word := range []string{hisNumber[1:], hisAccount, "Fritz"} {
		if strings.Contains(all, word) {
			t.Errorf("%q is still told: %s", word, all)
		}
	}
	for _, person := range []store.Person{{Number: hisNumber}, {Account: hisAccount}} {
		calls, err := s.Calls(ctx, store.CallFilter{Of: person})
		must(t, err)
		promises, err := s.Callbacks(ctx, store.CallbackFilter{Of: person})
		must(t, err)
		if len(calls)+len(promises) != 0 {
			t.Errorf("%+v still has %v and %v", person, calls, promises)
		}
	}
	his, err := s.Call(ctx, "c1")
	must(t, err)
	if his.State.ANI != out.Alias || his.State.Caller.Account != out.Alias || his.State.History != (callers.History{}) || his.State.Question != "" || his.Disposition.Code != "order" || !his.EndedAt.Equal(base.Add(time.Minute)) {
		t.Errorf("his call is %+v", his)
	}
	for _, want := range b.Calls {
		if want.ID == "c2" {
			got, err := s.Call(ctx, "c2")
			must(t, err)
			same(t, "her call", got, want)
		}
	}
	for _, want := range b.Callbacks {
		if want.ID == "b2" {
			got, err := s.Callback(ctx, "b2")
			must(t, err)
			same(t, "her promise", got, want)
		}
	}
	if open, err := s.Load(ctx); err != nil || len(open.Locks) != 1 || open.Locks[0].Key != herAccount {
		t.Errorf("locks %+v, %v", open.Locks, err)
	}
	again, err := forgetterOf(t, s).Forget(ctx, p)
	must(t, err)
	same(t, "forgotten twice", again, store.Forgotten{Alias: again.Alias})
}

func forgetLater(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	b := twoLives(t, s)
	before := everything(t, s)
	for i, c := range b.Calls {
		if c.ID == "c1" {
			b.Calls[i].EndedAt = time.Time{}
			must(t, s.Commit(ctx, store.Batch{Calls: b.Calls[i : i+1]}))
		}
	}
	for i, cb := range b.Callbacks {
		if cb.ID == "b2" {
			b.Callbacks[i].State = callback.Waiting
			must(t, s.Commit(ctx, store.Batch{Callbacks: b.Callbacks[i : i+1]}))
		}
	}
	changed := everything(t, s)
	if changed == before {
		t.Fatal("nothing is under way")
	}
	for _, tc := range []struct {
		p    store.Forgettable
		want store.StandingError
	}{
		{store.Forgettable{Number: hisNumber}, store.StandingError{Calls: []string{"c1"}}},
		{store.Forgettable{Account: herAccount}, store.StandingError{Callbacks: []string{"b2"}}},
	} {
		_, err := forgetterOf(t, s).Forget(ctx, tc.p)
		var standing *store.StandingError
		if !errors.As(err, &standing) {
			t.Fatalf("%+v: %v", tc.p, err)
		}
		same(t, "what stands in the way", *standing, tc.want)
	}
	if everything(t, s) != changed {
		t.Error("something was forgotten all the same")
	}
}

func forgetNobody(t *testing.T, rig Rig) {
	s := rig.Open(t)
	twoLives(t, s)
	before := everything(t, s)
	if _, err := forgetterOf(t, s).Forget(t.Context(), store.Forgettable{Name: "Fritz"}); err == nil {
		t.Error("a name alone is taken for a person")
	}
	if out, err := forgetterOf(t, s).Forget(t.Context(), store.Forgettable{Number: "+79169999999"}); err != nil || out.Entry || out.Calls+out.Callbacks+out.Places+out.Events+out.Left != 0 {
		t.Errorf("a stranger: %+v, %v", out, err)
	}
	if everything(t, s) != before {
		t.Error("somebody was forgotten")
	}
}
