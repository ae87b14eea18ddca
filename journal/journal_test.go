package journal

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	t.Parallel()
	const entry = `{"seq":1,"at":"2026-01-31T09:00:00Z","type":"call.ended","call":"c1","data":{"result":"ivr"}}`
	full := errors.New("full")
	for name, tc := range map[string]struct {
		file, want string
		each       error
		read       int
	}{
		"fine":         {file: entry + "\n\n  " + entry + " \n", read: 2},
		"empty":        {},
		"no JSON":      {file: entry + "\n\n2 call.ended\n", want: "line 3: not an entry of the journal in JSON: ", read: 1},
		"another file": {file: `{"file":"x.yaml","line":3}`, want: "line 1: an entry without type or time"},
		"too long":     {file: entry + "\n" + strings.Repeat("x", longestLine+1), want: "line 2: longer than 1048576 bytes", read: 1},
		"not wanted":   {file: entry, each: full, want: "line 1: full", read: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := 0
			err := Read("", strings.NewReader(tc.file), func(e Entry) error {
				read++
				if e.Call != "c1" || e.Text("result") != "ivr" {
					t.Errorf("read %+v", e)
				}
				return tc.each
			})
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.HasPrefix(err.Error(), tc.want)) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
			if tc.each != nil && !errors.Is(err, tc.each) {
				t.Errorf("%v does not wrap %v", err, tc.each)
			}
			if read != tc.read {
				t.Errorf("read %d entries, want %d", read, tc.read)
			}
		})
	}
}

// TestDataFromBothSides: data reads alike, straight from a producer and from JSON.
func TestDataFromBothSides(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)
	made := Entry{Data: map[string]any{
		"text": "a", "flag": true, "int": 3, "float": 2.5, "at": at, "texts": []string{"a", "b"},
		"maps": []map[string]any{{"after_s": 30.0}}, "levels": map[string]int{"english": 5},
	}}
	read := Entry{Data: map[string]any{
		"text": "a", "flag": true, "int": 3.0, "float": 2.5, "at": at.Format(time.RFC3339Nano), "texts": []any{"a", "b"},
		"maps": []any{map[string]any{"after_s": 30.0}}, "levels": map[string]any{"english": 5.0},
	}}
	for name, e := range map[string]Entry{"made": made, "read": read} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole, ok := e.Number("int")
			part, _ := e.Number("float")
			moment, known := e.Moment("at")
			if e.Text("text") != "a" || !e.Flag("flag") || !ok || whole != 3 || part != 2.5 || !known || !moment.Equal(at) {
				t.Errorf("read %q %v %v %v %v", e.Text("text"), e.Flag("flag"), whole, part, moment)
			}
			if diff := cmp.Diff([]string{"a", "b"}, e.Texts("texts")); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]map[string]any{{"after_s": 30.0}}, e.Maps("maps")); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(map[string]int{"english": 5}, e.Levels("levels")); diff != "" {
				t.Error(diff)
			}
			_, number := e.Number("text")
			_, moved := e.Moment("flag")
			if number || moved || e.Text("int") != "" || e.Flag("text") || e.Texts("at") != nil || e.Maps("at") != nil || len(e.Levels("at")) != 0 {
				t.Error("a value of another kind is read")
			}
		})
	}
	list := []any{map[string]any{"name": "english", "level": 5.0}, map[string]any{"level": 1.0}, 7}
	if diff := cmp.Diff(map[string]int{"english": 5}, Levels(list)); diff != "" {
		t.Error(diff)
	}
}

// FuzzRead: whatever a file holds, it is read or refused, and its data can be
// looked at.
func FuzzRead(f *testing.F) {
	f.Add(`{"seq":1,"at":"2026-01-31T09:00:00Z","type":"place.taken","data":{"k":[{"name":"a","level":1}]}}`)
	f.Add(`{"seq":1,"at":"2026-01-31T09:00:00Z","type":"queue.opened","data":{"k":{"a":2}}}`)
	f.Fuzz(func(t *testing.T, file string) {
		_ = Read("", strings.NewReader(file), func(e Entry) error {
			if e.At.IsZero() || e.Type == "" {
				t.Errorf("let through %+v", e)
			}
			for key := range e.Data {
				e.Number(key)
				e.Moment(key)
				e.Texts(key)
				e.Maps(key)
				e.Levels(key)
			}
			return nil
		})
	})
}
