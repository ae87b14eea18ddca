package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// errClosed says that the store was closed before the commit.
var errClosed = errors.New("the store is closed")

// maxShared is how many commits share one transaction at most, so that none
// waits long behind the others.
const maxShared = 256

// commit is one batch on its way to the writer.
type commit struct {
	rows []row
	done chan error // has room for the answer
}

// row is one statement with its arguments, made by the caller's goroutine so
// that the writer only writes.
type row struct {
	sql  string
	args []any
	try  *row // is run before, and instead when it finds its record; may be nil
}

const (
	putCall     = `INSERT INTO calls (id, started_at, ended_at, hotline, caller, account, result, data) VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET ended_at=excluded.ended_at, hotline=excluded.hotline, caller=excluded.caller, account=excluded.account, result=excluded.result, data=excluded.data`
	putPlace    = `INSERT INTO places (id, open, data) VALUES (?,?,?) ON CONFLICT (id) DO UPDATE SET open=excluded.open, data=excluded.data`
	putCallback = `INSERT INTO callbacks (id, open, state, queue, number, asked_at, dormant, due_at, account, campaign, reason, key, window_from, data) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET open=excluded.open, state=excluded.state, queue=excluded.queue, number=excluded.number, dormant=excluded.dormant, due_at=excluded.due_at, account=excluded.account, window_from=excluded.window_from, data=excluded.data`
	// A step of a promise changes its state and little else. SQLite writes every index
	// whose columns a statement names, so this one names few.
	stepCallback = `UPDATE callbacks SET state=?, data=? WHERE id=? AND open=? AND queue=? AND number=? AND dormant=? AND due_at=? AND account=? AND window_from=?`
	putAgent     = `INSERT INTO agents (id, data) VALUES (?,?) ON CONFLICT (id) DO UPDATE SET data=excluded.data`
	putPause     = `INSERT INTO pauses (queue, data) VALUES (?,?) ON CONFLICT (queue) DO UPDATE SET data=excluded.data`
	putLock      = `INSERT INTO locks (kind, key, data) VALUES (?,?,?) ON CONFLICT (kind, key) DO UPDATE SET data=excluded.data`
	dropLock     = `DELETE FROM locks WHERE kind = ? AND key = ?`
	putClosing   = `INSERT INTO closings (hotline, data) VALUES (?,?) ON CONFLICT (hotline) DO UPDATE SET data=excluded.data`
	putCursor    = `INSERT INTO cursors (reader, seq) VALUES (?,?) ON CONFLICT (reader) DO UPDATE SET seq=excluded.seq`
	putDocument  = `INSERT INTO documents (version, hotline, since, data) VALUES (?,?,?,?) ON CONFLICT (version) DO UPDATE SET hotline=excluded.hotline, since=excluded.since, data=excluded.data`
	dropDocument = `DELETE FROM documents WHERE version = ?`
	putEvent     = `INSERT INTO events (at, type, call, place, callback, queue, agent, data) VALUES (?,?,?,?,?,?,?,?)`
)

// Commit makes a batch durable.
func (s *Store) Commit(ctx context.Context, b store.Batch) error {
	rows, err := encode(b)
	if err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return s.commitRows(ctx, rows)
}

// commitRows hands statements to the writer and waits until they are durable.
func (s *Store) commitRows(ctx context.Context, rows []row) (err error) {
	if len(rows) == 0 {
		return nil
	}
	c := &commit{rows: rows, done: make(chan error, 1)}
	select {
	case s.commits <- c:
	case <-s.quit:
		return fmt.Errorf("commit: %w", errClosed)
	case <-ctx.Done():
		return fmt.Errorf("commit: %w", ctx.Err())
	}
	// From here on the batch may be written whatever ctx says, so the answer is
	// worth waiting for; the writer always gives one.
	select {
	case err = <-c.done:
	case <-s.done:
		select {
		case err = <-c.done:
		default:
			err = errClosed
		}
	}
	if err != nil {
		return fmt.Errorf("commit: %w", s.explain(err))
	}
	return nil
}

// writer owns the writing connection.
func (s *Store) writer() {
	defer close(s.done)
	for {
		select {
		case c := <-s.commits:
			s.flush(s.gather(c))
		case <-s.quit:
			for { // what was handed over before Close is still written
				select {
				case c := <-s.commits:
					s.flush(s.gather(c))
				default:
					return
				}
			}
		}
	}
}

func (s *Store) gather(first *commit) []*commit {
	group := []*commit{first}
	for len(group) < maxShared {
		select {
		case c := <-s.commits:
			group = append(group, c)
		default:
			return group
		}
	}
	return group
}

// flush writes a group in one transaction. If that fails, each batch is tried
// alone: one that cannot be written must not take the others with it.
func (s *Store) flush(group []*commit) {
	err := s.transact(group)
	if err == nil || len(group) == 1 {
		for _, c := range group {
			c.done <- err
		}
		return
	}
	for _, c := range group {
		c.done <- s.transact([]*commit{c})
	}
}

func (s *Store) transact(group []*commit) error {
	tx, err := s.write.BeginTx(context.Background(), nil)
	if err != nil {
		return err
	}
	var newest int64
	if err := tx.QueryRow(`SELECT n FROM epoch`).Scan(&newest); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if newest != s.epoch {
		return errors.Join(store.ErrFenced, tx.Rollback())
	}
	prepared := map[string]*sql.Stmt{}
	for _, c := range group {
		for _, r := range c.rows {
			if err := r.run(tx, prepared); err != nil {
				return errors.Join(err, tx.Rollback())
			}
		}
	}
	if err := tx.Commit(); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	return nil
}

// run executes a row's statements; each is prepared once for a transaction, which
// closes it when it ends.
func (r row) run(tx *sql.Tx, prepared map[string]*sql.Stmt) error {
	if r.try != nil {
		n, err := r.try.exec(tx, prepared)
		if err != nil || n > 0 {
			return err
		}
	}
	_, err := r.exec(tx, prepared)
	return err
}

func (r row) exec(tx *sql.Tx, prepared map[string]*sql.Stmt) (changed int64, err error) {
	stmt := prepared[r.sql]
	if stmt == nil {
		if stmt, err = tx.Prepare(r.sql); err != nil {
			return 0, err
		}
		prepared[r.sql] = stmt
	}
	res, err := stmt.Exec(r.args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// ignoreDone drops the answer of a rollback that had nothing to roll back.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// encode turns a batch into statements; places and promises come before the
// events about them.
func encode(b store.Batch) ([]row, error) {
	var rows []row
	var errs []error
	add := func(query string, record any, args ...any) {
		data, err := json.Marshal(record)
		if err != nil {
			errs = append(errs, err)
			return
		}
		rows = append(rows, row{sql: query, args: append(args, string(data))})
	}
	for _, c := range b.Calls {
		add(putCall, c, c.ID, millis(c.StartedAt), millis(c.EndedAt), c.Hotline, c.State.ANI, c.State.Caller.Account, c.Result)
	}
	for _, p := range b.Places {
		add(putPlace, p, p.ID, flag(p.State != queues.PlaceLeft))
	}
	for _, cb := range b.Callbacks {
		add(putCallback, cb, cb.ID, flag(cb.Open()), string(cb.State), cb.Queue, cb.Number, millis(cb.AskedAt),
			flag(cb.Dormant()), millis(cb.NotBefore), cb.Account, cb.Campaign, string(cb.Reason), cb.Key, millis(cb.Window.From))
		if last := len(rows) - 1; len(errs) == 0 && (len(cb.Attempts) > 0 || cb.Placed) { // else it is new, as a rule
			data := rows[last].args[len(rows[last].args)-1]
			rows[last].try = stepOf(cb, data)
		}
	}
	for _, a := range b.Agents {
		add(putAgent, a, a.Agent)
	}
	for _, p := range b.Pauses {
		add(putPause, p, p.Queue)
	}
	for _, c := range b.Closings {
		add(putClosing, c, c.Hotline)
	}
	for _, l := range b.Locks {
		if l.Failures == 0 {
			rows = append(rows, row{sql: dropLock, args: []any{string(l.Kind), l.Key}})
			continue
		}
		add(putLock, l, string(l.Kind), l.Key)
	}
	for _, c := range b.Cursors {
		rows = append(rows, row{sql: putCursor, args: []any{c.Reader, c.Seq}})
	}
	for _, d := range b.Documents {
		add(putDocument, d, d.Version, d.Hotline, millis(d.Since))
	}
	for _, version := range b.Forget {
		rows = append(rows, row{sql: dropDocument, args: []any{version}})
	}
	for _, ev := range b.Events {
		data := ev.Data
		if data == nil {
			data = map[string]any{}
		}
		add(putEvent, data, ev.At.UnixMicro(), ev.Type, ev.Call, ev.Place, ev.Callback, ev.Queue, ev.Agent)
	}
	return rows, errors.Join(errs...)
}

// stepOf stores a promise of which only the state is another, beside what no list looks at.
func stepOf(cb callback.Callback, data any) *row {
	return &row{sql: stepCallback, args: []any{
		string(cb.State), data, cb.ID,
		flag(cb.Open()), cb.Queue, cb.Number, flag(cb.Dormant()), millis(cb.NotBefore), cb.Account, millis(cb.Window.From),
	}}
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
