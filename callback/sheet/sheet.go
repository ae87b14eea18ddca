// Package sheet reads lists of people to call: CSV as spreadsheets write it, or a JSON
// object a line. It is pure but for the io.Reader. A row that cannot be
// read is told with its line, and the next one is read all the same.
package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxLine is how long a line may be, in bytes.
const MaxLine = 64 << 10

// Row is one person to call, as it is written. Empty fields are "".
type Row struct {
	Number   string `json:"number"`
	Queue    string `json:"queue"`
	Hotline  string `json:"hotline"`
	Name     string `json:"name"`
	Account  string `json:"account"`
	Language string `json:"language"`
	Question string `json:"question"`
	From     string `json:"from"`  // local time with time_zone, or with an offset
	Until    string `json:"until"` // likewise
	TimeZone string `json:"time_zone"`
	Campaign string `json:"campaign"`
	Key      string `json:"key"`
}

// fields finds the field of each column.
var fields = map[string]func(*Row) *string{
	"number": func(r *Row) *string { return &r.Number }, "queue": func(r *Row) *string { return &r.Queue },
	"hotline": func(r *Row) *string { return &r.Hotline }, "name": func(r *Row) *string { return &r.Name },
	"account": func(r *Row) *string { return &r.Account }, "language": func(r *Row) *string { return &r.Language },
	"question": func(r *Row) *string { return &r.Question }, "from": func(r *Row) *string { return &r.From },
	"until": func(r *Row) *string { return &r.Until }, "time_zone": func(r *Row) *string { return &r.TimeZone },
	"campaign": func(r *Row) *string { return &r.Campaign }, "key": func(r *Row) *string { return &r.Key },
}

// Columns are the names that a header may have, in any order; number is required.
func Columns() []string {
	return []string{"number", "queue", "hotline", "name", "account", "language", "question", "from", "until", "time_zone", "campaign", "key"}
}

// Fault is what is wrong with a line, from 1.
type Fault struct {
	Line    int
	Message string // what is wrong, in plain words
	Remedy  string // what to do about it
}

func (f *Fault) Error() string { return fmt.Sprintf("line %d: %s; %s", f.Line, f.Message, f.Remedy) }

// Reader reads rows. It has one user at a time, and holds one line in memory.
type Reader struct {
	in      *bufio.Reader
	line    int
	comma   rune     // 0: JSON lines
	columns []string // of a CSV file
}

// New looks at the beginning of a file and reads its header. A *Fault says what is
// wrong with that; any other error is that of reading.
func New(in io.Reader) (*Reader, error) {
	r := &Reader{in: bufio.NewReaderSize(in, MaxLine)}
	start, err := r.in.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the list: %w", err)
	}
	if bytes.HasPrefix(start, []byte{0xff, 0xfe}) || bytes.HasPrefix(start, []byte{0xfe, 0xff}) {
		return nil, &Fault{1, "the file is UTF-16", "save it as \"CSV UTF-8\""}
	}
	if bytes.Equal(start, []byte{0xef, 0xbb, 0xbf}) {
		_, _ = r.in.Discard(3) // they are there
	}
	for {
		first, err := r.in.Peek(1)
		if err == nil && first[0] == '{' {
			return r, nil
		}
		text, err := r.next()
		if errors.Is(err, io.EOF) {
			return nil, &Fault{1, "the file is empty", "write a header with the names of the columns, such as number;name"}
		}
		if err != nil {
			return nil, err
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		return r, r.header(text)
	}
}

// header reads the names of the columns; the separator is what stands between them.
func (r *Reader) header(text string) error {
	r.comma = ';'
	for _, comma := range ",\t" {
		if strings.Count(text, string(comma)) > strings.Count(text, string(r.comma)) {
			r.comma = comma
		}
	}
	names, err := r.split(text)
	if err != nil {
		return err
	}
	for _, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		switch {
		case fields[name] == nil:
			return &Fault{r.line, fmt.Sprintf("there is no column %q", clip(name)), "use the names " + strings.Join(Columns(), ", ")}
		case slices.Contains(r.columns, name):
			return &Fault{r.line, fmt.Sprintf("the column %q comes twice", name), "remove one of them"}
		}
		r.columns = append(r.columns, name)
	}
	if !slices.Contains(r.columns, "number") {
		return &Fault{r.line, "no column is called number", "name the column of the phone numbers so"}
	}
	return nil
}

// Next gives the next row and its line; io.EOF after the last. A *Fault is about
// this row alone: the next call goes on with the one after it.
func (r *Reader) Next() (Row, int, error) {
	for {
		text, err := r.next()
		if err != nil {
			return Row{}, r.line, err
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		row, err := r.row(text)
		if err == nil && row.Number == "" {
			err = &Fault{r.line, "the number is missing", "fill it in, or remove the row"}
		}
		return row, r.line, err
	}
}

func (r *Reader) row(text string) (row Row, err error) {
	if r.comma == 0 {
		dec := json.NewDecoder(strings.NewReader(text))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&row); err != nil {
			return row, &Fault{r.line, "this is not the JSON that is wanted: " + clip(err.Error()), "write one object a line, with texts named " + strings.Join(Columns(), ", ")}
		}
		if _, err := dec.Token(); !errors.Is(err, io.EOF) {
			return row, &Fault{r.line, "something follows the JSON object", "write one object a line"}
		}
		return row, nil
	}
	values, err := r.split(text)
	if err != nil {
		return row, err
	}
	if len(values) != len(r.columns) {
		return row, &Fault{
			r.line, fmt.Sprintf("the row has %d fields, the header %d", len(values), len(r.columns)),
			"put fields that hold the separator into quotation marks",
		}
	}
	for i, name := range r.columns {
		*fields[name](&row) = strings.TrimSpace(values[i])
	}
	return row, nil
}

// split takes a line of CSV apart. A field in quotation marks ends on its line.
func (r *Reader) split(text string) ([]string, error) {
	in := csv.NewReader(strings.NewReader(text))
	in.Comma = r.comma
	values, err := in.Read()
	if err != nil {
		return nil, &Fault{r.line, "the quotation marks do not fit", "write \"\" for one within a field, and no line ends within fields"}
	}
	return values, nil
}

// next reads a line. What is longer than MaxLine is passed over, and told.
func (r *Reader) next() (string, error) {
	data, err := r.in.ReadSlice('\n')
	if errors.Is(err, io.EOF) && len(data) == 0 {
		return "", io.EOF
	}
	r.line++
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = r.in.ReadSlice('\n')
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the list: %w", err)
		}
		return "", &Fault{r.line, fmt.Sprintf("the line has more than %d bytes", MaxLine), "shorten it"}
	case err != nil && !errors.Is(err, io.EOF):
		return "", fmt.Errorf("read the list: %w", err)
	case !utf8.Valid(data):
		return "", &Fault{r.line, "the line is not UTF-8", "save the file as \"CSV UTF-8\""}
	}
	return strings.TrimRight(string(data), "\r\n"), nil
}

// clip keeps what a stranger wrote short in a message.
func clip(s string) string {
	const most = 80
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}
