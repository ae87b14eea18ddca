package csvfile

import (
	"bytes"
	"errors"
	"fmt"
)

// Row is a row of a file as it is written, without a look at its values.
type Row struct {
	Line   int
	Values map[string]string // by column
}

// List takes a file apart into rows, for those who want to keep the good rows of a
// file with faults. Refused are rows that do not fit the first line. The error says
// that the file cannot be read at all, or that its first line has faults; then there
// are no rows.
func List(file string, data []byte) (rows []Row, refused []*Fault, err error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if line := invalidLine(data); line > 0 {
		return nil, nil, &Fault{File: file, Line: line, Err: errors.New("not UTF-8: save the file in that encoding")}
	}
	p := &parser{file: file, comma: separator(data)}
	p.each = func(line int, values map[string]string) { rows = append(rows, Row{line, values}) }
	p.read(data)
	for _, fault := range p.faults {
		var f *Fault
		if !errors.As(fault, &f) {
			return nil, nil, fmt.Errorf("read the list: %w", fault)
		}
		refused = append(refused, f)
	}
	if len(rows) == 0 && len(p.faults) > 0 {
		return nil, nil, errors.Join(p.faults...)
	}
	return rows, refused, nil
}
