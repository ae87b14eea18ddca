package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/linekeeper/linekeeper/store"
)

var _ store.Forgetter = (*Store)(nil)

// forgetting is one person on the way out.
type forgetting struct {
	person store.Forgettable
	words  words
	tx     *sql.Tx
	out    store.Forgotten
}

// Forget takes a person out of everything that is kept.
func (s *Store) Forget(ctx context.Context, p store.Forgettable) (store.Forgotten, error) {
	if p.Account == "" && p.Number == "" {
		return store.Forgotten{}, errors.New("forget: neither an account nor a number was named")
	}
	f := &forgetting{person: p}
	f.out.Alias = "forgotten-" + strings.ToLower(rand.Text()[:10])
	f.words = words{person: p, alias: f.out.Alias, out: &f.out}
	if p.Name != "" {
		f.words.names = []string{p.Name}
	}
	if err := s.forget(ctx, f); err != nil {
		return store.Forgotten{}, fmt.Errorf("forget: %w", s.explain(err))
	}
	if err := s.overwrite(ctx, p); err != nil {
		return f.out, fmt.Errorf("forget: overwrite what stood on the disk: %w", s.explain(err))
	}
	var err error
	f.out.Left, err = s.traces(ctx, p)
	return f.out, err
}

func (s *Store) forget(ctx context.Context, f *forgetting) (err error) {
	if f.tx, err = s.write.BeginTx(ctx, nil); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ignoreDone(f.tx.Rollback())) }()
	if err := f.standing(ctx); err != nil {
		return err
	}
	if _, err := f.tx.ExecContext(ctx, `CREATE TEMP TABLE gone (id TEXT PRIMARY KEY)`); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{f.entry, f.calls, f.callbacks, f.places, f.events} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if _, err := f.tx.ExecContext(ctx, `DROP TABLE temp.gone`); err != nil {
		return err
	}
	return f.tx.Commit()
}

// standing refuses while something is under way that needs the number.
func (f *forgetting) standing(ctx context.Context) error {
	var e store.StandingError
	for _, q := range []struct {
		query string
		ids   *[]string
	}{
		{`SELECT id FROM calls WHERE ended_at = 0 AND (caller = ?1 AND ?1 <> '' OR account = ?2 AND ?2 <> '')`, &e.Calls},
		{`SELECT id FROM callbacks WHERE open = 1 AND (number = ?1 AND ?1 <> '' OR account = ?2 AND ?2 <> '')`, &e.Callbacks},
	} {
		err := f.each(ctx, q.query, func(row []string) error { *q.ids = append(*q.ids, row[0]); return nil }, f.person.Number, f.person.Account)
		if err != nil {
			return err
		}
	}
	if len(e.Calls)+len(e.Callbacks) > 0 {
		return &e
	}
	return nil
}

func (f *forgetting) entry(ctx context.Context) error {
	res, err := f.tx.ExecContext(ctx, dropEntry, f.person.Account)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	f.out.Entry = n > 0
	if err == nil {
		_, err = f.tx.ExecContext(ctx, `DELETE FROM locks WHERE kind = 'account' AND key = ? OR kind = 'number' AND key = ?`, f.person.Account, f.person.Number)
	}
	return err
}

func (f *forgetting) calls(ctx context.Context) error {
	return f.each(ctx, `SELECT id, data FROM calls WHERE caller = ?1 AND ?1 <> '' OR account = ?2 AND ?2 <> '' OR ?3 <> '' AND instr(data, ?3) > 0`, func(row []string) error {
		data, changed, err := f.words.rewrite(row[1], true)
		if err != nil || !changed {
			return err
		}
		f.out.Calls++
		if err := f.mine(ctx, row[0]); err != nil {
			return err
		}
		_, err = f.tx.ExecContext(ctx, `UPDATE calls SET caller = coalesce(json_extract(?2, '$.state.ani'), ''), account = coalesce(json_extract(?2, '$.state.caller.account'), ''), data = ?2 WHERE id = ?1`, row[0], data)
		return err
	}, f.person.Number, f.person.Account, f.words.digits())
}

func (f *forgetting) callbacks(ctx context.Context) error {
	return f.each(ctx, `SELECT id, data FROM callbacks WHERE number = ?1 AND ?1 <> '' OR account = ?2 AND ?2 <> '' OR ?3 <> '' AND instr(data, ?3) > 0`, func(row []string) error {
		data, changed, err := f.words.rewrite(row[1], true)
		if err != nil || !changed {
			return err
		}
		f.out.Callbacks++
		if err := f.mine(ctx, row[0]); err != nil {
			return err
		}
		_, err = f.tx.ExecContext(ctx, `UPDATE callbacks SET number = coalesce(json_extract(?2, '$.number'), ''), account = coalesce(json_extract(?2, '$.account'), ''),
			key = CASE WHEN key = '' THEN '' ELSE coalesce(json_extract(?2, '$.key'), '') END, data = ?2 WHERE id = ?1`, row[0], data)
		return err
	}, f.person.Number, f.person.Account, f.words.digits())
}

func (f *forgetting) places(ctx context.Context) error {
	own := `(id IN (SELECT id FROM temp.gone) OR json_extract(data, '$.call_id') IN (SELECT id FROM temp.gone) OR json_extract(data, '$.callback_id') IN (SELECT id FROM temp.gone))`
	return f.each(ctx, `SELECT id, data, CAST(coalesce(`+own+`, 0) AS TEXT) FROM places WHERE `+own+f.orInside(), func(row []string) error {
		data, changed, err := f.words.rewrite(row[1], row[2] == "1")
		if err != nil || !changed {
			return err
		}
		f.out.Places++
		if err := f.mine(ctx, row[0]); err != nil {
			return err
		}
		_, err = f.tx.ExecContext(ctx, `UPDATE places SET data = ? WHERE id = ?`, data, row[0])
		return err
	}, f.words.needles()...)
}

func (f *forgetting) events(ctx context.Context) error {
	own := `(call IN (SELECT id FROM temp.gone) OR callback IN (SELECT id FROM temp.gone) OR place IN (SELECT id FROM temp.gone))`
	return f.each(ctx, `SELECT CAST(seq AS TEXT), data, CAST(`+own+` AS TEXT) FROM events WHERE `+own+f.orInside(), func(row []string) error {
		data, changed, err := f.words.rewrite(row[1], row[2] == "1")
		if err != nil || !changed {
			return err
		}
		f.out.Events++
		_, err = f.tx.ExecContext(ctx, `UPDATE events SET data = ? WHERE seq = CAST(? AS INTEGER)`, data, row[0])
		return err
	}, f.words.needles()...)
}

// orInside finds the person in the data of records that are not theirs.
func (f *forgetting) orInside() string {
	return strings.Repeat(` OR instr(data, ?) > 0`, len(f.words.needles()))
}

// mine remembers the id of a record of the person.
func (f *forgetting) mine(ctx context.Context, id string) error {
	_, err := f.tx.ExecContext(ctx, `INSERT OR IGNORE INTO temp.gone VALUES (?)`, id)
	return err
}

// each hands every row of a query on, as text, after the query has ended: what is
// done with a row may write to the same table.
func (f *forgetting) each(ctx context.Context, query string, do func(row []string) error, args ...any) (err error) {
	rows, err := f.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	columns, err := rows.Columns()
	if err != nil {
		return errors.Join(err, rows.Close())
	}
	var keep [][]string
	for rows.Next() {
		row := make([]string, len(columns))
		to := make([]any, len(columns))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			return errors.Join(err, rows.Close())
		}
		keep = append(keep, row)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, row := range keep {
		if err := do(row); err != nil {
			return err
		}
	}
	return nil
}
