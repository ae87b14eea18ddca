package csvfile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/linekeeper/linekeeper/callers"
)

// Fault is one thing that is wrong with a file. Load joins them with
// errors.Join; the order is that of the file.
type Fault struct {
	File   string
	Line   int    // from 1
	Column string // name of the column, "" when it is the whole line
	Err    error
}

// Error gives "FILE:LINE: column COLUMN: what is wrong".
func (f *Fault) Error() string {
	if f.Column == "" {
		return fmt.Sprintf("%s:%d: %v", f.File, f.Line, f.Err)
	}
	return fmt.Sprintf("%s:%d: column %s: %v", f.File, f.Line, f.Column, f.Err)
}

// Unwrap gives what is wrong.
func (f *Fault) Unwrap() error { return f.Err }

// parser collects records and faults of one file.
type parser struct {
	file   string
	region string
	comma  rune
	header []string
	table  *table
	each   func(line int, values map[string]string) // gets every row
	faults []error

	accounts, codes map[string]int // to the line where each was first seen
}

func parse(file string, data []byte, region string) (*table, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	p := &parser{
		file: file, region: region, comma: separator(data), accounts: map[string]int{}, codes: map[string]int{},
		table: &table{byAccount: map[string]int{}, byNumber: map[string][]int{}, byCode: map[string]int{}},
	}
	if region != "" && !callers.KnownRegion(region) {
		return nil, fmt.Errorf("read the callers: %q is not a region of ISO 3166 with a numbering plan", region)
	}
	if line := invalidLine(data); line > 0 {
		return nil, &Fault{File: file, Line: line, Err: errors.New("not UTF-8: save the file in that encoding")}
	}
	p.each = p.row
	p.read(data)
	if len(p.faults) > 0 {
		return nil, errors.Join(p.faults...)
	}
	for _, same := range p.table.byNumber {
		slices.SortFunc(same, func(a, b int) int {
			return strings.Compare(p.table.records[a].Account, p.table.records[b].Account)
		})
	}
	return p.table, nil
}

// separator looks at the first line only.
func separator(data []byte) rune {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	if bytes.Count(line, []byte(";")) > bytes.Count(line, []byte(",")) {
		return ';'
	}
	return ','
}

// invalidLine is the first line that is not UTF-8, 0 when there is none.
func invalidLine(data []byte) int {
	for at, line := 0, 1; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			return line
		}
		if r == '\n' {
			line++
		}
		at += size
	}
	return 0
}

func (p *parser) read(data []byte) {
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = p.comma, -1, true
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			// What follows a wrong quote cannot be told apart, so this is the last fault.
			p.fault(broken.Line, "", broken.Err)
			return
		}
		if err != nil {
			p.fault(1, "", err)
			return
		}
		line, _ := r.FieldPos(0)
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		if p.header == nil {
			if p.setHeader(line, fields); len(p.faults) > 0 {
				return
			}
			continue
		}
		if len(fields) != len(p.header) {
			p.fault(line, "", fmt.Errorf("%d fields, but the first line names %d columns", len(fields), len(p.header)))
			continue
		}
		p.each(line, p.values(fields))
	}
	if p.header == nil {
		p.fault(1, "", errors.New("the file is empty; its first line names the columns: "+strings.Join(callers.Columns, ",")))
	}
}

func (p *parser) fault(line int, column string, err error) {
	p.faults = append(p.faults, &Fault{File: p.file, Line: line, Column: column, Err: err})
}
