package sqlite

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
)

// Callbacks lists promises, the newest first.
func (s *Store) Callbacks(ctx context.Context, f store.CallbackFilter) ([]callback.Callback, error) {
	if f.Limit <= 0 {
		f.Limit = defaultRecords
	}
	if len(f.States) <= 1 {
		return s.callbacksIn(ctx, f)
	}
	// An index gives those of one state in order; those of several would have to be
	// sorted first, all of them.
	var all []callback.Callback
	for _, state := range f.States {
		f.States = []callback.State{state}
		some, err := s.callbacksIn(ctx, f)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b callback.Callback) int {
		return cmp.Or(cmp.Compare(b.AskedAt.UnixMilli(), a.AskedAt.UnixMilli()), strings.Compare(b.ID, a.ID))
	})
	all = slices.CompactFunc(all, func(a, b callback.Callback) bool { return a.ID == b.ID }) // a state may be named twice
	return all[:min(len(all), f.Limit)], nil
}

// callbacksIn lists promises in one state, or in any.
func (s *Store) callbacksIn(ctx context.Context, f store.CallbackFilter) ([]callback.Callback, error) {
	q, args, err := s.callbackQuery(ctx, f)
	if err != nil {
		return nil, err
	}
	cbs, err := list[callback.Callback](ctx, s.read, q, args...)
	if err != nil {
		return nil, fmt.Errorf("list callbacks: %w", err)
	}
	return cbs, nil
}

// callbackQuery makes the query of a page. The rows are chosen in an index alone, and
// only those of the page are read.
func (s *Store) callbackQuery(ctx context.Context, f store.CallbackFilter) (query string, args []any, err error) {
	var w where
	if f.Open {
		w.add("open = 1")
	}
	for _, state := range f.States {
		w.equal("state", string(state))
	}
	w.equal("queue", f.Queue)
	w.equal("number", f.Number)
	w.person("number", f.Of)
	w.equalSome("account", f.Account)
	w.equalSome("campaign", f.Campaign)
	w.equal("reason", string(f.Reason))
	if !f.DueBefore.IsZero() {
		w.add("open = 1 AND due_at < ?", f.DueBefore.UnixMilli())
	}
	if !f.AskedSince.IsZero() {
		w.add("asked_at >= ?", f.AskedSince.UnixMilli())
	}
	if !f.AskedBefore.IsZero() {
		w.add("asked_at < ?", f.AskedBefore.UnixMilli())
	}
	if f.After != "" {
		last, err := s.Callback(ctx, f.After)
		if err != nil {
			return "", nil, fmt.Errorf("list callbacks: the last one of the page before: %w", err)
		}
		w.add("(asked_at, id) < (?, ?)", last.AskedAt.UnixMilli(), last.ID)
	}
	from := `SELECT id FROM callbacks`
	if !f.DueBefore.IsZero() {
		few, err := s.fewDue(ctx, f.DueBefore)
		if err != nil {
			return "", nil, err
		}
		if few {
			from += ` INDEXED BY callbacks_due`
		}
	}
	page := w.query(from, newestFirst, f.Limit, defaultRecords)
	return `SELECT data FROM callbacks WHERE id IN (` + page + `) ORDER BY ` + newestFirst, w.args, nil
}

const (
	newestFirst  = `asked_at DESC, id DESC`
	dormantQuery = `SELECT data FROM callbacks WHERE dormant = 1 AND queue = ? AND (due_at, id) > (?, ?) AND due_at < ? ORDER BY due_at, id LIMIT ?`
	awakeQuery   = `SELECT data FROM callbacks WHERE open = 1 AND dormant = 0 ORDER BY asked_at, id`
	byKeyQuery   = `SELECT data FROM callbacks WHERE key = ? AND key <> ''`
	countsQuery  = `SELECT queue, state, count(*) FROM callbacks GROUP BY queue, state ORDER BY queue, state`
	openToQuery  = `SELECT data FROM callbacks WHERE id IN (
		SELECT id FROM callbacks WHERE open = 1 AND number = ?1 AND ?1 <> ''
		UNION SELECT id FROM callbacks WHERE open = 1 AND account = ?2 AND account <> '') ORDER BY asked_at, id`
)

// fewSorted is how many rows are brought into order for a page rather than searched for
// among all that are open, the newest first.
const fewSorted = 20_000

// fewDue says whether no more than that are due before a time.
func (s *Store) fewDue(ctx context.Context, before time.Time) (bool, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM callbacks WHERE open = 1 AND due_at < ? LIMIT ?)`, before.UnixMilli(), fewSorted+1).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("count the callbacks that are due: %w", err)
	}
	return n <= fewSorted, nil
}

// Dormant lists dormant promises of a queue in the order in which they wake.
func (s *Store) Dormant(ctx context.Context, f store.DormantFilter) ([]callback.Callback, error) {
	if f.Limit <= 0 {
		f.Limit = defaultDormant
	}
	cbs, err := list[callback.Callback](ctx, s.read, dormantQuery,
		f.Queue, millis(f.After.At), f.After.ID, f.Before.UnixMilli(), f.Limit)
	if err != nil {
		return nil, fmt.Errorf("list dormant callbacks: %w", err)
	}
	return cbs, nil
}

// OpenTo lists the open promises to a number or an account.
func (s *Store) OpenTo(ctx context.Context, number, account string) ([]callback.Callback, error) {
	cbs, err := list[callback.Callback](ctx, s.read, openToQuery, number, account)
	if err != nil {
		return nil, fmt.Errorf("list the callbacks of a customer: %w", err)
	}
	return cbs, nil
}

// CallbackByKey finds the promise that was asked for with a key.
func (s *Store) CallbackByKey(ctx context.Context, key string) (callback.Callback, error) {
	if key == "" {
		return callback.Callback{}, fmt.Errorf("callback without a key: %w", store.ErrNotFound)
	}
	return one[callback.Callback](ctx, s.read, "callback with the key", key, byKeyQuery)
}

// CallbackCounts counts promises by queue and state.
func (s *Store) CallbackCounts(ctx context.Context) (counts []store.CallbackCount, err error) {
	rows, err := s.read.QueryContext(ctx, countsQuery)
	if err != nil {
		return nil, fmt.Errorf("count callbacks: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var c store.CallbackCount
		if err := rows.Scan(&c.Queue, &c.State, &c.N); err != nil {
			return nil, fmt.Errorf("count callbacks: %w", err)
		}
		counts = append(counts, c)
	}
	return counts, rows.Err()
}

// Cursor gives how far a reader of the journal has come.
func (s *Store) Cursor(ctx context.Context, reader string) (seq int64, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM cursors WHERE reader = ?`, reader).Scan(&seq)
	if err != nil {
		return 0, fmt.Errorf("read the cursor of %s: %w", reader, err)
	}
	return seq, nil
}
