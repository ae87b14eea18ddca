package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
)

// plans explains a query instead of running it.
func plans(t *testing.T, db *sql.DB, query string, args ...any) (steps []string) {
	t.Helper()
	rows, err := db.Query("EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}

// TestNoListReadsTheWholeTable holds each list to an index in its own order: a page
// of a million costs what a page costs.
func TestNoListReadsTheWholeTable(t *testing.T) {
	t.Parallel()
	s, err := Open(context.Background(), filepath.Join(t.TempDir(), "lk.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	now := time.Now()
	cb := callback.Callback{ID: "b1", Number: "+79161234501", Queue: "support", State: callback.Waiting, AskedAt: now}
	if err := s.Commit(t.Context(), store.Batch{Callbacks: []callback.Callback{cb}}); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]store.CallbackFilter{
		"all": {}, "open": {Open: true}, "state": {States: []callback.State{callback.Done}}, "queue": {Queue: "support"},
		"queue and state": {Queue: "support", States: []callback.State{callback.Done}}, "open of a queue": {Queue: "support", Open: true},
		"number": {Number: "+79161234501"}, "account": {Account: "1001"}, "campaign": {Campaign: "spring"}, "reason": {Reason: callback.ReasonWeb},
		"due": {DueBefore: now}, "due of a queue": {DueBefore: now, Queue: "support"}, "age": {AskedSince: now, AskedBefore: now.Add(time.Hour)},
	} {
		for _, after := range []string{"", "b1"} {
			f.After, f.Limit = after, 100
			q, args, err := s.callbackQuery(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			wantSteps(t, fmt.Sprintf("callbacks by %s after %q", name, after), plans(t, s.read, q, args...))
		}
	}
	for name, q := range map[string]struct {
		query string
		args  []any
	}{
		"dormant":   {dormantQuery, []any{"support", 0, "", now.UnixMilli(), 100}},
		"open to":   {openToQuery, []any{"+79161234501", "1001"}},
		"key":       {byKeyQuery, []any{"k"}},
		"awake":     {awakeQuery, nil},
		"counts":    {countsQuery, nil},
		"an old id": {`SELECT data FROM callbacks WHERE id = ?`, []any{"b1"}},
	} {
		wantSteps(t, name, plans(t, s.read, q.query, q.args...))
	}
}

// wantSteps fails for a plan that reads a table from end to end, or that sorts more
// than the page that it gives.
func wantSteps(t *testing.T, name string, steps []string) {
	t.Helper()
	sorts := 0
	for _, step := range steps {
		if strings.HasPrefix(step, "SCAN callbacks") && !strings.Contains(step, "USING") {
			t.Errorf("%s reads the whole table: %s", name, strings.Join(steps, "; "))
		}
		if strings.Contains(step, "TEMP B-TREE FOR ORDER BY") || strings.Contains(step, "TERM OF ORDER BY") {
			sorts++
		}
	}
	if strings.HasPrefix(name, "callbacks by due") {
		sorts-- // those that are due are brought into order when they are few: see fewSorted
	}
	// The page itself is brought into order, and so are the few promises of a customer.
	if paged := strings.HasPrefix(name, "callbacks by"); name != "open to" && (sorts > 1 || sorts > 0 && !paged) {
		t.Errorf("%s sorts more than its page: %s", name, strings.Join(steps, "; "))
	}
}

// TestAnOlderDatabaseIsBroughtUpToDate opens what an earlier version wrote.
func TestAnOlderDatabaseIsBroughtUpToDate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lk.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"001_start.sql", "002_agents.sql", "003_journal_is_the_memory.sql"} {
		text, err := schema.ReadFile("schema/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(string(text)); err != nil {
			t.Fatal(err)
		}
	}
	const old = `{"id":"b1","number":"+79161234501","queue":"support","hotline":"support","account":"1001","reason":"in_line","place_id":"p1",` +
		`"asked_at":"2026-03-01T10:00:00Z","place_at":"2026-03-01T09:55:00Z","state":"waiting","not_before":"2026-03-01T10:05:00.25Z","attempts":[]}`
	for _, exec := range []struct {
		query string
		args  []driver.Value
	}{
		{`INSERT INTO callbacks (id, open, state, queue, number, asked_at, data) VALUES ('b1', 1, 'waiting', 'support', '+79161234501', 1772359200000, ?)`, []driver.Value{old}},
		{`PRAGMA user_version = 3`, nil},
	} {
		args := make([]any, len(exec.args))
		for i, a := range exec.args {
			args[i] = a
		}
		if _, err := db.Exec(exec.query, args...); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	open, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(open.Callbacks) != 1 || !open.Callbacks[0].Placed || open.Callbacks[0].Dormant() {
		t.Errorf("a promise that rests in its line is loaded as %+v", open.Callbacks)
	}
	var account, reason string
	var due int64
	if err := s.read.QueryRow(`SELECT account, reason, due_at FROM callbacks`).Scan(&account, &reason, &due); err != nil {
		t.Fatal(err)
	}
	if want := time.Date(2026, 3, 1, 10, 5, 0, 250e6, time.UTC).UnixMilli(); account != "1001" || reason != "in_line" || due != want {
		t.Errorf("it is found by account %q, reason %q, due %d; want %d", account, reason, due, want)
	}
}
