package sheet

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// all reads a list to its end: rows by line, and faults as text.
func all(t testing.TB, in io.Reader) (rows map[int]Row, faults []string) {
	t.Helper()
	r, err := New(in)
	if err != nil {
		return nil, []string{err.Error()}
	}
	rows = map[int]Row{}
	for {
		row, line, err := r.Next()
		var bad *Fault
		switch {
		case errors.Is(err, io.EOF):
			return rows, faults
		case errors.As(err, &bad):
			if bad.Line != line || bad.Message == "" || bad.Remedy == "" {
				t.Fatalf("line %d gives %+v", line, bad)
			}
			faults = append(faults, bad.Error())
		case err != nil:
			return rows, append(faults, err.Error())
		default:
			rows[line] = row
		}
	}
}

func TestRows(t *testing.T) {
	t.Parallel()
	want := map[int]Row{2: {Number: "8 916 123-45-67", Name: `Petrov, "Ivan"; jr.`, From: "2026-03-29T14:00", TimeZone: "Europe/Moscow"}, 3: {Number: "+79161234568"}}
	for name, text := range map[string]string{
		"semicolon":   "number;name;from;time_zone\n8 916 123-45-67;\"Petrov, \"\"Ivan\"\"; jr.\";2026-03-29T14:00;Europe/Moscow\n+79161234568;;;\n",
		"comma":       "number,name,from,time_zone\r\n8 916 123-45-67,\"Petrov, \"\"Ivan\"\"; jr.\",2026-03-29T14:00,Europe/Moscow\r\n+79161234568,,,",
		"tab":         "Number\tNAME\tfrom \ttime_zone\n8 916 123-45-67\t\"Petrov, \"\"Ivan\"\"; jr.\"\t2026-03-29T14:00\tEurope/Moscow\n +79161234568\t\t\t\n\n",
		"with a mark": "\ufefftime_zone;number;name;from\nEurope/Moscow;8 916 123-45-67;\"Petrov, \"\"Ivan\"\"; jr.\";2026-03-29T14:00\n;+79161234568;;\n",
	} {
		for kind, in := range map[string]io.Reader{"at once": strings.NewReader(text), "a byte at a time": iotest.OneByteReader(strings.NewReader(text))} {
			rows, faults := all(t, in)
			if diff := cmp.Diff(want, rows); diff != "" || faults != nil {
				t.Errorf("%s, %s: %q (-want +got):\n%s", name, kind, faults, diff)
			}
		}
	}
	rows, faults := all(t, strings.NewReader("{\"number\":\"1\",\"key\":\"a\"}\n\n{\"number\":\"2\",\"question\":\"why\\n?\"}\n"))
	if diff := cmp.Diff(map[int]Row{1: {Number: "1", Key: "a"}, 3: {Number: "2", Question: "why\n?"}}, rows); diff != "" || faults != nil {
		t.Errorf("JSON: %q (-want +got):\n%s", faults, diff)
	}
	if rows, faults := all(t, strings.NewReader("number\n+79161234567\n")); len(rows) != 1 || faults != nil {
		t.Errorf("one column: %v, %q", rows, faults)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                           "line 1: the file is empty",
		"\n\n":                       "line 1: the file is empty",
		"phone;name\n1;2":            `line 1: there is no column "phone"; use the names number, queue`,
		"name;queue\n1;2":            "line 1: no column is called number",
		"number;number\n":            `line 1: the column "number" comes twice`,
		"\xff\xfen\x00":              "line 1: the file is UTF-16",
		"number;name\n1;\"open\n2;b": "line 2: the quotation marks do not fit",
		"number;name\n1;b;c\n2;b":    "line 2: the row has 3 fields, the header 2",
		"number;name\n;b\n2;b":       "line 2: the number is missing",
		"number;name\n1;\xe8\n2;b":   "line 2: the line is not UTF-8",
		"{\"number\":1}\n{}":         "line 1: this is not the JSON that is wanted",
		"{\"phone\":\"1\"}":          "unknown field",
		"{\"number\":\"1\"} x":       "line 1: something follows",
		"number;name\n1;" + strings.Repeat("x", 2*MaxLine) + "\n2;b": "line 2: the line has more than 65536 bytes",
	} {
		rows, faults := all(t, strings.NewReader(text))
		if len(faults) == 0 || !strings.Contains(faults[0], want) {
			t.Errorf("%.30q gives %q", text, faults)
		}
		if strings.HasSuffix(text, "\n2;b") && rows[3].Number != "2" {
			t.Errorf("%.30q: the row after it is %+v", text, rows)
		}
	}
	_, faults := all(t, io.MultiReader(strings.NewReader("number\n1\n"), iotest.ErrReader(errors.New("disk on fire"))))
	if !slices.Equal(faults, []string{"read the list: disk on fire"}) {
		t.Errorf("a broken disk gives %q", faults)
	}
}

func TestColumnsAreTheFields(t *testing.T) {
	t.Parallel()
	var r Row
	for _, name := range Columns() {
		*fields[name](&r) = name
	}
	if got := fmt.Sprintf("%v", r); got != fmt.Sprintf("{%s}", strings.Join(Columns(), " ")) || len(fields) != len(Columns()) {
		t.Errorf("the columns fill %s", got)
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("number;name\n1;\"a\"\"b\"\n\n2;c\n"))
	f.Add([]byte("\ufeff{\"number\":\"1\"}\n{"))
	f.Add([]byte("number\tname\r\n1\t\xff\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, faults := all(t, strings.NewReader(string(data)))
		if lines := strings.Count(string(data), "\n") + 1; len(rows)+len(faults) > lines {
			t.Fatalf("%d lines give %d rows and %d faults", lines, len(rows), len(faults))
		}
		for line, row := range rows {
			if row.Number == "" {
				t.Fatalf("line %d has no number", line)
			}
		}
	})
}
