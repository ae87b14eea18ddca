package sqlite

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/store"
)

var _ store.Book = (*Store)(nil)

// bookData is what may be shown of a caller.
type bookData struct {
	Name     string            `json:"name,omitempty"`
	Language string            `json:"language,omitempty"`
	TimeZone string            `json:"time_zone,omitempty"`
	Balance  *callers.Money    `json:"balance,omitempty"`
	VIP      bool              `json:"vip,omitempty"`
	Fields   map[string]string `json:"fields,omitempty"`
}

// bookSecrets is what only checks may see.
type bookSecrets struct {
	PINHash string            `json:"pin_hash,omitempty"`
	Answers map[string]string `json:"answers,omitempty"`
}

const (
	putEntry = `INSERT INTO callers (account, number, code, run, data, secrets, changed_at) VALUES (?1,?2,?3,?4,?5,?6,?7)
		ON CONFLICT (account) DO UPDATE SET number=?2, code=?3, run=?4, data=?5, secrets=?6, changed_at=?7`
	keepCode   = `INSERT INTO callers (account, number, code, run, data, secrets, changed_at) VALUES (?1,?2,'',?3,?4,?5,?6) ON CONFLICT (account) DO UPDATE SET number=?2, run=?3, data=?4, secrets=?5, changed_at=?6`
	dropEntry  = `DELETE FROM callers WHERE account = ?`
	entryQuery = `SELECT account, number, code <> '', run, data, secrets, changed_at FROM callers WHERE `
)

// PutEntries writes callers.
func (s *Store) PutEntries(ctx context.Context, entries []store.NewEntry) error {
	key, err := s.bookKey(ctx)
	if err != nil {
		return err
	}
	var rows []row
	for _, e := range entries {
		data, err := json.Marshal(bookData{e.Record.Name, e.Record.Language, e.Record.TimeZone, e.Record.Balance, e.Record.VIP, e.Record.Fields})
		if err != nil {
			return fmt.Errorf("write callers: %w", err)
		}
		secrets, err := json.Marshal(bookSecrets{e.Record.PINHash, e.Record.Answers})
		if err != nil {
			return fmt.Errorf("write callers: %w", err)
		}
		if e.Code == nil {
			rows = append(rows, row{sql: keepCode, args: []any{e.Record.Account, e.Record.Number, e.Run, string(data), string(secrets), millis(e.ChangedAt)}})
			continue
		}
		rows = append(rows, row{sql: putEntry, args: []any{e.Record.Account, e.Record.Number, digest(key, *e.Code), e.Run, string(data), string(secrets), millis(e.ChangedAt)}})
	}
	if err := s.commitRows(ctx, rows); err != nil {
		if strings.Contains(err.Error(), "callers.code") {
			return fmt.Errorf("write callers: %w", store.ErrCodeTaken)
		}
		return fmt.Errorf("write callers: %w", err)
	}
	return nil
}

// DropEntries removes callers.
func (s *Store) DropEntries(ctx context.Context, accounts []string) error {
	var rows []row
	for _, account := range accounts {
		rows = append(rows, row{sql: dropEntry, args: []any{account}})
	}
	if err := s.commitRows(ctx, rows); err != nil {
		return fmt.Errorf("remove callers: %w", err)
	}
	return nil
}

// Entry finds a caller.
func (s *Store) Entry(ctx context.Context, account string) (store.Entry, error) {
	return s.soleEntry(ctx, "caller "+account, entryQuery+`account = ?`, account)
}

// EntriesWith lists the callers with a number.
func (s *Store) EntriesWith(ctx context.Context, number string) ([]store.Entry, error) {
	return s.entries(ctx, entryQuery+`number = ? AND number <> '' ORDER BY account`, number)
}

// EntryWithCode finds the caller with a code.
func (s *Store) EntryWithCode(ctx context.Context, code string) (store.Entry, error) {
	key, err := s.bookKey(ctx)
	if err != nil {
		return store.Entry{}, err
	}
	return s.soleEntry(ctx, "caller with this code", entryQuery+`code = ? AND code <> ''`, digest(key, code))
}

// Entries lists callers by account.
func (s *Store) Entries(ctx context.Context, f store.EntryFilter) ([]store.Entry, error) {
	var w where
	if f.After != "" {
		w.add("account > ?", f.After)
	}
	if f.NotRun != "" {
		w.add("run <> ?", f.NotRun)
	}
	if f.Search != "" {
		w.add("(instr(account, ?) > 0 OR instr(number, ?) > 0 OR instr(json_extract(data, '$.name'), ?) > 0)", f.Search, f.Search, f.Search)
	}
	query := w.query(strings.TrimSuffix(entryQuery, " WHERE "), "account", f.Limit, defaultRecords)
	return s.entries(ctx, query, w.args...)
}

func (s *Store) soleEntry(ctx context.Context, what, query string, args ...any) (store.Entry, error) {
	found, err := s.entries(ctx, query, args...)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("%s: %w", what, store.ErrNotFound)
	}
	if err != nil {
		return store.Entry{}, err
	}
	return found[0], nil
}

func (s *Store) entries(ctx context.Context, query string, args ...any) (found []store.Entry, err error) {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read callers: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		e, err := scanEntry(rows)
		if err != nil {
			return nil, fmt.Errorf("read callers: %w", err)
		}
		found = append(found, e)
	}
	return found, rows.Err()
}

func scanEntry(rows *sql.Rows) (store.Entry, error) {
	var e store.Entry
	var data, secrets string
	var changed int64
	if err := rows.Scan(&e.Record.Account, &e.Record.Number, &e.HasCode, &e.Run, &data, &secrets, &changed); err != nil {
		return e, err
	}
	var d bookData
	var hidden bookSecrets
	if err := errors.Join(json.Unmarshal([]byte(data), &d), json.Unmarshal([]byte(secrets), &hidden)); err != nil {
		return e, err
	}
	e.Record.Name, e.Record.Language, e.Record.TimeZone, e.Record.Balance, e.Record.VIP, e.Record.Fields = d.Name, d.Language, d.TimeZone, d.Balance, d.VIP, d.Fields
	e.Record.PINHash, e.Record.Answers = hidden.PINHash, hidden.Answers
	e.ChangedAt = time.UnixMilli(changed).UTC()
	return e, nil
}

func (s *Store) bookKey(ctx context.Context) ([]byte, error) {
	var key []byte
	if err := s.read.QueryRowContext(ctx, `SELECT key FROM callers_key`).Scan(&key); err != nil {
		return nil, fmt.Errorf("read the key of codes: %w", err)
	}
	return key, nil
}

// digest is what a code is found by: not the code itself, and of no use in another
// database.
func digest(key []byte, code string) string {
	if code == "" {
		return ""
	}
	sum := hmac.New(sha256.New, key)
	sum.Write([]byte(code))
	return hex.EncodeToString(sum.Sum(nil))
}
