package sqlite_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

const (
	ivanNumber = "+79161234501"
	annaNumber = "+79161234777"
)

// lives are two people with a call, a place and a promise each.
func lives(at time.Time) store.Batch {
	var b store.Batch
	for _, p := range []struct{ id, number, account, name string }{{"1", ivanNumber, "1001", "Иван Забываев"}, {"2", annaNumber, "1002", "Анна"}} {
		b.Calls = append(b.Calls, store.Call{
			ID: "c" + p.id, Direction: store.DirectionIn, Hotline: "support", StartedAt: at, EndedAt: at.Add(time.Minute), Recording: "c" + p.id + "-rec", CallbackID: "b" + p.id,
			State: dialplan.State{ANI: p.number, Vars: map[string]any{"order": "98765" + p.account}, Path: []string{"greet"}, Queue: "support", Caller: callers.Caller{
				Number: p.number, Account: p.account, Name: p.name, Fields: map[string]string{"street": "Тайная " + p.id}, Balance: &callers.Money{Minor: 152350 + int64(len(p.name)), Currency: "RUB"},
			}},
		})
		b.Places = append(b.Places, queues.Place{ID: "p" + p.id, Queue: "support", CallID: "c" + p.id, Number: p.number, Name: p.name, Skills: []queues.Skill{{Name: "english", Level: 2}}, State: queues.PlaceLeft, TakenAt: at})
		b.Callbacks = append(b.Callbacks, callback.Callback{
			ID: "b" + p.id, Number: p.number, Name: p.name, Account: p.account, Queue: "support", State: callback.Done, AskedAt: at, EndedAt: at, Key: "crm-" + strings.TrimPrefix(p.number, "+"),
			Attempts: []callback.Attempt{{N: 1, Channel: "lk-cb-1", Detail: "PJSIP/" + p.number + "@trunk"}},
		})
		b.Events = append(b.Events,
			store.Event{At: at, Type: "call.started", Call: "c" + p.id, Data: map[string]any{"from": p.number}},
			store.Event{At: at, Type: "place.moved", Place: "p" + p.id, Data: map[string]any{"from": "sales", "to": "support", "skills": []any{map[string]any{"name": "english"}}}},
			store.Event{At: at, Type: "callback.asked", Callback: "b" + p.id, Data: map[string]any{"number": p.number, "name": p.name}},
			store.Event{At: at, Type: "caller.unlocked", Data: map[string]any{"account": p.account}})
	}
	return b
}

func TestForget(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "lk.db"))
	ctx := t.Context()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	b := lives(at)
	if err := s.Commit(ctx, b); err != nil {
		t.Fatal(err)
	}
	// Records that grew and shrank leave old versions behind in the file.
	for i := range 20 {
		b.Calls[0].State.Path = append(b.Calls[0].State.Path, strings.Repeat("x", i*100))
		if err := s.Commit(ctx, store.Batch{Calls: b.Calls}); err != nil {
			t.Fatal(err)
		}
	}
	// The account called from another phone, too, on the hotline that everybody calls.
	elsewhere := store.Call{ID: "c3", Direction: store.DirectionIn, Number: "+78005550101", StartedAt: at, EndedAt: at, State: dialplan.State{ANI: "+79995550000", Caller: callers.Caller{Account: "1001"}}}
	started := store.Event{At: at, Type: "call.started", Call: "c3", Data: map[string]any{"from": "+79995550000", "number": "+78005550101"}}
	if err := s.Commit(ctx, store.Batch{Calls: []store.Call{elsewhere}, Events: []store.Event{started}}); err != nil {
		t.Fatal(err)
	}
	entries := []store.NewEntry{{Entry: store.Entry{Record: callers.Record{Account: "1001", Number: ivanNumber, Name: "Иван Забываев"}, ChangedAt: at}}, {Entry: store.Entry{Record: callers.Record{Account: "1002", Number: annaNumber}, ChangedAt: at}}}
	if err := s.PutEntries(ctx, entries); err != nil {
		t.Fatal(err)
	}
	before, err := json.Marshal(b.Calls[1])
	if err != nil {
		t.Fatal(err)
	}
	ivan := store.Forgettable{Account: "1001", Number: ivanNumber, Name: "Иван Забываев"}
	out, err := s.Forget(ctx, ivan)
	if err != nil {
		t.Fatal(err)
	}
	if !out.Entry || out.Calls != 2 || out.Callbacks != 1 || out.Places != 1 || out.Events != 4 || out.Left != 0 || len(out.Recordings) != 1 || out.Recordings[0] != "c1-rec" {
		t.Errorf("forgot %+v", out)
	}
	// Nothing of the one is in any file, and all of the other is.
	for word, want := range map[string]bool{
		"79161234501": false, "Забываев": false, "79995550000": false, "+78005550101": true, "Тайная 1": false, `"from":"sales"`: true, `"name":"english"`: true, "987651001": false, "79161234777": true, "Тайная 2": true, "987651002": true, out.Alias: true,
	} {
		if got := inFolder(t, dir, word); got != want {
			t.Errorf("%q is on the disk: %v", word, got)
		}
	}
	call, err := s.Call(ctx, "c1")
	if err != nil || call.State.ANI != out.Alias || call.State.Caller.Account != out.Alias || call.State.Caller.Name != out.Alias || call.State.Caller.Balance != nil || !call.EndedAt.Equal(b.Calls[0].EndedAt) {
		t.Errorf("the call is %+v, %v", call, err)
	}
	cb, err := s.Callback(ctx, "b1")
	if err != nil || cb.Number != out.Alias || cb.Account != out.Alias || cb.State != callback.Done || cb.Attempts[0].Detail != "PJSIP/"+out.Alias+"@trunk" {
		t.Errorf("the promise is %+v, %v", cb, err)
	}
	if calls, err := s.Calls(ctx, store.CallFilter{Number: ivanNumber}); err != nil || len(calls) != 0 {
		t.Errorf("calls of the number: %v, %v", calls, err)
	}
	other, err := s.Call(ctx, "c2")
	after, jsonErr := json.Marshal(other)
	if err != nil || jsonErr != nil || string(after) != string(before) {
		t.Errorf("the other call was\n%s, is\n%s", before, after)
	}
	again, err := s.Forget(ctx, ivan)
	if err != nil || again.Entry || again.Calls+again.Callbacks+again.Places+again.Events+again.Left != 0 {
		t.Errorf("again: %+v, %v", again, err)
	}
}

func TestForgetWaitsForWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "lk.db"))
	b := lives(time.Unix(1_800_000_000, 0))
	b.Calls[0].EndedAt = time.Time{}
	b.Callbacks[1].State = callback.Waiting
	if err := s.Commit(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	for number, want := range map[string]string{
		ivanNumber: "the caller is on the line (c1)", annaNumber: "a call back was promised: b2; cancel it first",
	} {
		_, err := s.Forget(t.Context(), store.Forgettable{Number: number})
		var standing *store.StandingError
		if !errors.As(err, &standing) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", number, err, want)
		}
	}
	if !inFolder(t, dir, "79161234501") {
		t.Error("something was forgotten all the same")
	}
	if _, err := s.Forget(t.Context(), store.Forgettable{}); err == nil {
		t.Error("nobody was forgotten without an error")
	}
}

// inFolder says whether a word stands in any file.
func inFolder(t *testing.T, dir, word string) bool {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		content, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), word) {
			return true
		}
	}
	return false
}
