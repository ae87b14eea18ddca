package table

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/store"
)

// Row is a row of a list: values by column, as callers.ReadRecord knows them. What a
// row has no column for stays as it is in the table, and so does a PIN whose column
// is empty.
type Row struct {
	Line   int
	Values map[string]string
}

// Status is what became of a row.
type Status string

// The statuses.
const (
	Added   Status = "added"
	Changed Status = "changed"
	Same    Status = "same" // the table has it already
	Refused Status = "refused"
)

// Result is what became of a row, and why it was refused.
type Result struct {
	Line    int
	Account string
	Status  Status
	Column  string // at fault, "" for none
	Err     error  // nil unless refused; it repeats no code, answer or PIN
}

// Import writes rows, and gives the result of each in their order. Rows that are
// refused keep no other row out. All that it wrote, or found the same, bears the name
// of the run; see Prune. Answers that are digits are hashed, 30 ms each. Importing the
// same rows twice changes nothing.
func (t *Table) Import(ctx context.Context, run string, rows []Row) ([]Result, error) {
	results := make([]Result, len(rows))
	var entries []store.NewEntry
	var of []int // result of each entry
	seen := map[string]int{}
	for i, row := range rows {
		e, result, err := t.entry(ctx, run, row)
		if err != nil {
			return nil, fmt.Errorf("import line %d: %w", row.Line, err)
		}
		if line, twice := seen[result.Account]; twice && result.Status != Refused {
			result.Status, result.Column, result.Err = Refused, "account", fmt.Errorf("account %s is in line %d already", result.Account, line)
		}
		if results[i] = result; result.Status != Refused {
			seen[result.Account] = row.Line
			entries, of = append(entries, e), append(of, i)
		}
	}
	err := t.book.PutEntries(ctx, entries)
	if !errors.Is(err, store.ErrCodeTaken) {
		return results, err
	}
	for n, e := range entries { // to tell whose code it is
		switch err := t.book.PutEntries(ctx, []store.NewEntry{e}); {
		case errors.Is(err, store.ErrCodeTaken):
			r := &results[of[n]]
			r.Status, r.Column, r.Err = Refused, "code", store.ErrCodeTaken
		case err != nil:
			return nil, err
		}
	}
	return results, nil
}

// Prune removes what is not of a run, and says how many those were.
func (t *Table) Prune(ctx context.Context, run string) (n int, err error) {
	for {
		old, err := t.book.Entries(ctx, store.EntryFilter{NotRun: run, Limit: 1000})
		if err != nil || len(old) == 0 {
			return n, err
		}
		var accounts []string
		for _, e := range old {
			accounts = append(accounts, e.Record.Account)
		}
		if err := t.book.DropEntries(ctx, accounts); err != nil {
			return n, err
		}
		n += len(accounts)
	}
}

// entry is what is to be written of a row. An error is the store's.
func (t *Table) entry(ctx context.Context, run string, row Row) (store.NewEntry, Result, error) {
	rec, faults := callers.ReadRecord(row.Values, t.region)
	result := Result{Line: row.Line, Account: rec.Account}
	if len(faults) > 0 {
		result.Status, result.Column, result.Err = Refused, faults[0].Column, faults[0].Err
		return store.NewEntry{}, result, nil
	}
	old, err := t.book.Entry(ctx, rec.Account)
	fresh := errors.Is(err, store.ErrNotFound)
	if err != nil && !fresh {
		return store.NewEntry{}, result, err
	}
	merged := merge(old.Record, rec, row.Values)
	if err := t.hashAnswers(ctx, old.Record.Answers, merged.Answers); err != nil {
		return store.NewEntry{}, result, err
	}
	e := store.NewEntry{Entry: store.Entry{Record: merged, Run: run, ChangedAt: old.ChangedAt}}
	same := !fresh && reflect.DeepEqual(merged, old.Record)
	if code, has := row.Values["code"]; has {
		e.Code = &code
		owner, err := t.book.EntryWithCode(ctx, code)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return store.NewEntry{}, result, err
		}
		same = same && (owner.Record.Account == rec.Account || code == "" && !old.HasCode)
	}
	switch {
	case fresh:
		result.Status = Added
	case same:
		result.Status = Same
	default:
		result.Status = Changed
	}
	if !same {
		e.ChangedAt = time.Now()
	}
	return e, result, nil
}

// merge lays over a record what a row has columns for.
func merge(old, row callers.Record, columns map[string]string) callers.Record {
	merged := old
	merged.Account = row.Account
	merged.Fields, merged.Answers = maps.Clone(old.Fields), maps.Clone(old.Answers)
	for column, value := range columns {
		switch column {
		case "number":
			merged.Number = row.Number
		case "pin_hash":
			if value != "" {
				merged.PINHash = value
			}
		case "name":
			merged.Name = row.Name
		case "language":
			merged.Language = row.Language
		case "time_zone":
			merged.TimeZone = row.TimeZone
		case "balance":
			merged.Balance = row.Balance
		case "vip":
			merged.VIP = row.VIP
		}
		if name, is := strings.CutPrefix(column, callers.FieldColumn); is {
			merged.Fields = put(merged.Fields, name, value)
		}
		if name, is := strings.CutPrefix(column, callers.AnswerColumn); is {
			merged.Answers = put(merged.Answers, name, value)
		}
	}
	return merged
}

// put sets a value, or takes it away when it is empty; a map without values is nil.
func put(m map[string]string, key, value string) map[string]string {
	if value == "" {
		delete(m, key)
		if len(m) == 0 {
			return nil
		}
		return m
	}
	if m == nil {
		m = map[string]string{}
	}
	m[key] = value
	return m
}

// hashAnswers replaces answers that are digits by hashes, those that are there where
// they fit.
func (t *Table) hashAnswers(ctx context.Context, old, answers map[string]string) error {
	for name, answer := range answers {
		if strings.HasPrefix(answer, "$") {
			continue
		}
		if before := old[name]; before != "" {
			if fits, err := callers.VerifyPIN(before, answer); err == nil && fits {
				answers[name] = before
				continue
			}
		}
		hash, err := t.hash(ctx, answer)
		if err != nil {
			return err
		}
		answers[name] = hash
	}
	return nil
}
