// Package remote is a callers.Directory that asks other systems: a CRM over HTTP,
// or a database. What is asked is a sources.Source for each way of looking up; what
// is answered becomes records.
//
// It remembers nothing and sets no time-outs of its own: package chain does that
// around it.
package remote

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/sources"
)

// The inputs of the questions: the number in E.164, the same without "+", an
// account number, a code.
const (
	InputNumber  = "number"
	InputDigits  = "digits"
	InputAccount = "account"
	InputCode    = "code"
)

// Options say what is asked and how the answer reads.
type Options struct {
	Name string // for messages

	// What is asked; nil finds nothing that way. The sources belong to whoever made
	// them.
	ByNumber, ByAccount, ByCode sources.Source

	// Columns names the field of an answer for each column of a record, as
	// callers.ReadRecord knows them. Without any, fields are called like columns.
	Columns map[string]string
	Region  string // ISO 3166, of numbers without a country code

	// Trouble is told what was left out of a record because it cannot be read; nil
	// for nobody. It is called by look-ups, so it must not block.
	Trouble func(error)
}

// Directory asks sources. It is safe for concurrent use.
type Directory struct{ o Options }

var _ callers.Directory = (*Directory)(nil)

// New checks that each question uses only the inputs that there are for it. The
// error names all that do not.
func New(o Options) (*Directory, error) {
	if o.Trouble == nil {
		o.Trouble = func(error) {}
	}
	var errs []error
	for _, q := range []struct {
		by     string
		source sources.Source
		inputs []string
	}{
		{"by number", o.ByNumber, []string{InputNumber, InputDigits}},
		{"by account", o.ByAccount, []string{InputAccount}},
		{"by code", o.ByCode, []string{InputCode}},
	} {
		if q.source == nil {
			continue
		}
		inputs := q.source.Inputs()
		for _, input := range inputs {
			if !slices.Contains(q.inputs, input) {
				errs = append(errs, fmt.Errorf("%s: there is no input %q; there is %s", q.by, input, strings.Join(q.inputs, " and ")))
			}
		}
		if len(inputs) == 0 {
			errs = append(errs, fmt.Errorf("%s: it asks for nobody: use the input %s", q.by, strings.Join(q.inputs, " or ")))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return &Directory{o}, nil
}

// ByNumber finds the records with a number.
func (d *Directory) ByNumber(ctx context.Context, number string) ([]callers.Record, error) {
	in := map[string]string{InputNumber: number, InputDigits: strings.TrimPrefix(number, "+")}
	records, err := d.ask(ctx, d.o.ByNumber, in, map[string]string{"number": number})
	slices.SortFunc(records, func(a, b callers.Record) int { return strings.Compare(a.Account, b.Account) })
	return records, err
}

// ByAccount finds the record with an account. Several are an error: nobody is to be
// taken for somebody else.
func (d *Directory) ByAccount(ctx context.Context, account string) (callers.Record, bool, error) {
	return d.sole(d.ask(ctx, d.o.ByAccount, map[string]string{InputAccount: account}, map[string]string{"account": account}))
}

// ByCode finds the record with a code. Several are an error.
func (d *Directory) ByCode(ctx context.Context, code string) (callers.Record, bool, error) {
	return d.sole(d.ask(ctx, d.o.ByCode, map[string]string{InputCode: code}, nil))
}

func (d *Directory) sole(records []callers.Record, err error) (callers.Record, bool, error) {
	switch {
	case err != nil:
		return callers.Record{}, false, err
	case len(records) > 1:
		return callers.Record{}, false, fmt.Errorf("directory %s: %d records have the same account or code", d.o.Name, len(records))
	case len(records) == 0:
		return callers.Record{}, false, nil
	}
	return records[0], true, nil
}

// ask makes records of the rows of an answer. Known is what a row need not repeat.
func (d *Directory) ask(ctx context.Context, source sources.Source, in, known map[string]string) ([]callers.Record, error) {
	if source == nil {
		return nil, nil
	}
	rows, err := source.Fetch(ctx, in)
	if err != nil {
		return nil, err
	}
	var records []callers.Record
	for _, row := range rows {
		record, err := d.record(row, known)
		if err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, nil
}

func (d *Directory) record(row, known map[string]string) (callers.Record, error) {
	values := maps.Clone(known)
	if values == nil {
		values = map[string]string{}
	}
	if len(d.o.Columns) == 0 {
		maps.Copy(values, row)
	}
	for column, field := range d.o.Columns {
		if value, has := row[field]; has {
			values[column] = value
		}
	}
	record, faults := callers.ReadRecord(values, d.o.Region)
	for _, f := range faults {
		if f.Column == "account" {
			return callers.Record{}, fmt.Errorf("directory %s: a record has no account of 1 to %d digits; name its field under columns", d.o.Name, callers.MaxAccount)
		}
		d.o.Trouble(fmt.Errorf("directory %s: a value is left out of account %s: column %s: %s", d.o.Name, callers.Mask(record.Account), f.Column, reason(f)))
	}
	return record, nil
}

// reason is why a value cannot be read, without the value: it goes into the log.
func reason(f *callers.ColumnFault) string {
	text := f.Err.Error()
	if at := strings.LastIndexByte(text, '"'); at >= 0 {
		return "it" + text[at+1:]
	}
	return text
}
