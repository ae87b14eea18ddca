package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"
)

// The values of --output.
const (
	outTable = "table"
	outTSV   = "tsv"
	outJSON  = "json"
)

func (e *env) checkOutput() error {
	switch {
	case e.output == "" && e.tty:
		e.output = outTable
	case e.output == "":
		e.output = outTSV
	case !slices.Contains([]string{outTable, outTSV, outJSON}, e.output):
		return usagef("--output %q is none of table, tsv, json", e.output)
	}
	return nil
}

// cell is one value: for people, and for programs.
type cell struct{ human, plain string }

// text is a value that is the same for both; a missing one is a dash for people.
func text(s string) cell { return cell{orDash(s), s} }

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// column is one value of a T.
type column[T any] struct {
	head string
	of   func(T) cell
}

// list answers with several T. none is what is said when there are none; it
// goes to standard error, so that a pipe sees nothing.
func list[T any](e *env, items []T, none string, columns []column[T]) error {
	if e.output == outJSON {
		return e.writeJSON(items)
	}
	if len(items) == 0 {
		e.say("%s", none)
		return nil
	}
	return writeRows(e, e.stdout, items, columns)
}

// known adds those of the extra columns of a table that are not a dash in every
// row. Programs get all of them: their columns do not come and go.
func known[T any](e *env, items []T, columns, extras []column[T]) []column[T] {
	columns = slices.Clone(columns)
	for _, c := range extras {
		if e.output == outTSV || slices.ContainsFunc(items, func(it T) bool { return c.of(it).human != "-" }) {
			columns = append(columns, c)
		}
	}
	return columns
}

func writeRows[T any](e *env, w io.Writer, items []T, columns []column[T]) error {
	if e.output == outTSV {
		for _, it := range items {
			values := make([]string, len(columns))
			for i, c := range columns {
				values[i] = clean(c.of(it).plain)
			}
			if _, err := fmt.Fprintln(w, strings.Join(values, "\t")); err != nil {
				return err
			}
		}
		return nil
	}
	rows := make([][]string, 0, len(items)+1)
	head := make([]string, len(columns))
	for i, c := range columns {
		head[i] = c.head
	}
	rows = append(rows, head)
	for _, it := range items {
		row := make([]string, len(columns))
		for i, c := range columns {
			row[i] = clean(c.of(it).human)
		}
		rows = append(rows, row)
	}
	return align(w, rows)
}

// align writes rows in columns two blanks apart, without blanks at the end.
func align(w io.Writer, rows [][]string) error {
	var b strings.Builder
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		if _, err := fmt.Fprintln(tw, strings.Join(row, "\t")); err != nil {
			return err
		}
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(b.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

// record answers with one T, a value a line.
func record[T any](e *env, it T, columns []column[T]) error {
	if e.output == outJSON {
		return e.writeJSON(it)
	}
	rows := make([][]string, len(columns))
	for i, c := range columns {
		value := c.of(it)
		if e.output == outTSV {
			if _, err := fmt.Fprintf(e.stdout, "%s\t%s\n", c.head, clean(value.plain)); err != nil {
				return err
			}
			continue
		}
		rows[i] = []string{c.head, clean(value.human)}
	}
	if e.output == outTSV {
		return nil
	}
	return align(e.stdout, rows)
}

func (e *env) writeJSON(v any) error {
	enc := json.NewEncoder(e.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// clean keeps a value in its cell and off the terminal's controls: names come
// from the telephone network, where anybody can choose them.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, s)
}
