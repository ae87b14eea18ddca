package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// The numbers of rows that a list gives when it is not told how many.
const (
	defaultRecords = 100
	defaultEvents  = 1000
	defaultDormant = 1000
)

// Load reads what is still open.
func (s *Store) Load(ctx context.Context) (store.Open, error) {
	var open store.Open
	var err error
	if open.Calls, err = list[store.Call](ctx, s.read, `SELECT data FROM calls WHERE ended_at = 0 ORDER BY started_at, id`); err != nil {
		return open, fmt.Errorf("load calls: %w", err)
	}
	if open.Places, err = list[queues.Place](ctx, s.read, `SELECT data FROM places WHERE open = 1 ORDER BY id`); err != nil {
		return open, fmt.Errorf("load places: %w", err)
	}
	if open.Callbacks, err = list[callback.Callback](ctx, s.read, awakeQuery); err != nil {
		return open, fmt.Errorf("load callbacks: %w", err)
	}
	if open.Agents, err = list[queues.Duty](ctx, s.read, `SELECT data FROM agents ORDER BY id`); err != nil {
		return open, fmt.Errorf("load agents: %w", err)
	}
	if open.Locks, err = list[callers.Lock](ctx, s.read, `SELECT data FROM locks ORDER BY kind, key`); err != nil {
		return open, fmt.Errorf("load locks: %w", err)
	}
	pauses, err := list[callback.Pause](ctx, s.read, `SELECT data FROM pauses ORDER BY queue`)
	if err != nil {
		return open, fmt.Errorf("load pauses: %w", err)
	}
	if open.Documents, err = list[store.Document](ctx, s.read, `SELECT data FROM documents ORDER BY hotline, since DESC, version`); err != nil {
		return open, fmt.Errorf("load documents: %w", err)
	}
	closings, err := list[store.Closing](ctx, s.read, `SELECT data FROM closings ORDER BY hotline`)
	if err != nil {
		return open, fmt.Errorf("load closings: %w", err)
	}
	open.Closings = slices.DeleteFunc(closings, func(c store.Closing) bool { return !c.On })
	open.Pauses = slices.DeleteFunc(pauses, func(p callback.Pause) bool { return !p.On })
	return open, nil
}

// Call finds one call.
func (s *Store) Call(ctx context.Context, id string) (store.Call, error) {
	return one[store.Call](ctx, s.read, "call", id, `SELECT data FROM calls WHERE id = ?`)
}

// Callback finds one promise.
func (s *Store) Callback(ctx context.Context, id string) (callback.Callback, error) {
	return one[callback.Callback](ctx, s.read, "callback", id, `SELECT data FROM callbacks WHERE id = ?`)
}

// Calls lists calls, the newest first.
func (s *Store) Calls(ctx context.Context, f store.CallFilter) ([]store.Call, error) {
	var w where
	if f.Live {
		w.add("ended_at = 0")
	}
	w.equal("hotline", f.Hotline)
	w.equal("caller", f.Number)
	w.person("caller", f.Of)
	w.equal("result", f.Result)
	if !f.Since.IsZero() {
		w.add("started_at >= ?", f.Since.UnixMilli())
	}
	calls, err := list[store.Call](ctx, s.read, w.query(`SELECT data FROM calls`, `started_at DESC, id DESC`, f.Limit, defaultRecords), w.args...)
	if err != nil {
		return nil, fmt.Errorf("list calls: %w", err)
	}
	return calls, nil
}

// Events lists journal events, the oldest first.
func (s *Store) Events(ctx context.Context, f store.EventFilter) ([]store.Event, error) {
	var w where
	if f.AfterSeq > 0 {
		w.add("seq > ?", f.AfterSeq)
	}
	w.equal("call", f.Call)
	w.equal("callback", f.Callback)
	w.equal("place", f.Place)
	w.equal("queue", f.Queue)
	if f.Type != "" {
		w.types(f.Type)
	}
	if len(f.Types) > 0 {
		w.types(f.Types...)
	}
	if !f.Since.IsZero() {
		w.add("at >= ?", f.Since.UnixMicro())
	}
	if f.Newest > 0 {
		w.add("seq > (SELECT coalesce(max(seq), 0) FROM events) - ?", f.Newest)
	}
	q := w.query(`SELECT seq, at, type, call, place, callback, queue, agent, data FROM events`, `seq`, f.Limit, defaultEvents)
	rows, err := s.read.QueryContext(ctx, q, w.args...)
	if err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	defer rows.Close()
	events := []store.Event{}
	for rows.Next() {
		var ev store.Event
		var at int64
		var data string
		if err := rows.Scan(&ev.Seq, &at, &ev.Type, &ev.Call, &ev.Place, &ev.Callback, &ev.Queue, &ev.Agent, &data); err != nil {
			return nil, fmt.Errorf("read the journal: %w", err)
		}
		ev.At = time.UnixMicro(at).UTC()
		if data != "{}" {
			if err := json.Unmarshal([]byte(data), &ev.Data); err != nil {
				return nil, fmt.Errorf("read the journal: event %d: %w", ev.Seq, err)
			}
		}
		events = append(events, ev)
	}
	return events, rows.Err()
}

// where collects conditions with their arguments.
type where struct {
	conds []string
	args  []any
}

func (w *where) add(cond string, args ...any) {
	w.conds = append(w.conds, cond)
	w.args = append(w.args, args...)
}

func (w *where) equal(column, value string) {
	if value != "" {
		w.add(column+" = ?", value)
	}
}

// person wants a row to be of a person; number is the column of numbers.
func (w *where) person(number string, of store.Person) {
	const byAccount = "(account = ? AND account <> '')"
	switch {
	case of.Number == "" && of.Account == "":
	case of.Account == "":
		w.equal(number, of.Number)
	case of.Number == "":
		w.equalSome("account", of.Account)
	default:
		w.add("("+byAccount+" OR ("+number+" = ? AND account = ''))", of.Account, of.Number)
	}
}

// types wants an entry to be of one of some types; one that ends with a dot stands
// for all that begin so.
func (w *where) types(all ...string) {
	conds, args := make([]string, len(all)), []any{}
	for i, t := range all {
		if strings.HasSuffix(t, ".") {
			conds[i], args = "substr(type, 1, ?) = ?", append(args, len(t), t)
			continue
		}
		conds[i], args = "type = ?", append(args, t)
	}
	w.add("("+strings.Join(conds, " OR ")+")", args...)
}

// equalSome is equal for a column of which only the rows that have a value are in an
// index.
func (w *where) equalSome(column, value string) {
	w.equal(column, value)
	if value != "" {
		w.add(column + " <> ''")
	}
}

func (w *where) query(sel, order string, limit, fallback int) string {
	if len(w.conds) > 0 {
		sel += " WHERE " + strings.Join(w.conds, " AND ")
	}
	if limit <= 0 {
		limit = fallback
	}
	w.args = append(w.args, limit)
	return sel + " ORDER BY " + order + " LIMIT ?"
}

func one[T any](ctx context.Context, db *sql.DB, what, id, query string) (T, error) {
	var rec T
	var data string
	err := db.QueryRowContext(ctx, query, id).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return rec, fmt.Errorf("%s %q: %w", what, id, store.ErrNotFound)
	}
	if err == nil {
		err = json.Unmarshal([]byte(data), &rec)
	}
	if err != nil {
		return rec, fmt.Errorf("read %s %q: %w", what, id, err)
	}
	return rec, nil
}

func list[T any](ctx context.Context, db *sql.DB, query string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		var data string
		var rec T
		if err := rows.Scan(&data); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(data), &rec); err != nil {
			return nil, err
		}
		out = append(out, rec)
	}
	return out, rows.Err()
}

// Durability tells the settings on which the promise of Commit rests, as SQLite
// itself reports them for the writing connection: the journal mode ("wal") and
// the synchronous level (2 is FULL).
func (s *Store) Durability(ctx context.Context) (journal string, synchronous int, err error) {
	if err := s.write.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&journal); err != nil {
		return "", 0, fmt.Errorf("read the journal mode: %w", err)
	}
	if err := s.write.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&synchronous); err != nil {
		return "", 0, fmt.Errorf("read the synchronous level: %w", err)
	}
	return journal, synchronous, nil
}
