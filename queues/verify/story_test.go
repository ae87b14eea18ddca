package verify

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

var start = time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)

// story reads a journal written for people: each line has the seconds since the
// start, the type, and key=value. Values that are JSON become that. A queue need
// not be named. "-" as the type is a gap: an entry that is missing.
func story(t testing.TB, text string) []journal.Entry {
	t.Helper()
	var entries []journal.Entry
	seq := int64(0)
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		seq++
		at, err := strconv.ParseFloat(words[0], 64)
		if err != nil || len(words) < 2 {
			t.Fatalf("line %q is no entry", line)
		}
		if words[1] == "-" {
			continue
		}
		e := journal.Entry{Seq: seq, At: start.Add(seconds(at)), Type: words[1], Queue: "support", Data: map[string]any{}}
		for _, word := range words[2:] {
			key, value, _ := strings.Cut(word, "=")
			switch key {
			case "call":
				e.Call = value
			case "place":
				e.Place = value
			case "callback":
				e.Callback = value
			case "queue":
				e.Queue = value
			case "agent":
				e.Agent = value
			case "taken", "not_before", "place_at", "window_from", "until": // seconds since the start
				s, err := strconv.ParseFloat(value, 64)
				if err != nil {
					t.Fatalf("line %q: %v", line, err)
				}
				key = map[string]string{"taken": "taken_at"}[key] + map[bool]string{true: key}[key != "taken"]
				e.Data[key] = start.Add(seconds(s)).Format(time.RFC3339Nano)
			default:
				var v any
				if json.Unmarshal([]byte(value), &v) != nil {
					v = value
				}
				e.Data[key] = v
			}
		}
		if e.Type == "place.taken" && e.Data["taken_at"] == nil {
			e.Data["taken_at"] = e.At.Format(time.RFC3339Nano)
		}
		if e.Type == "agent.opened" {
			e.Queue = ""
		}
		entries = append(entries, e)
	}
	return entries
}

// prove runs a journal through a verifier.
func prove(t testing.TB, entries []journal.Entry) Report {
	t.Helper()
	v := New(Options{})
	for _, e := range entries {
		if err := v.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	return v.Done()
}

// broken lists the rules that are broken and where: "overtaken@7".
func broken(r Report) []string {
	found := []string{}
	for _, f := range r.Faults {
		found = append(found, fmt.Sprintf("%s@%d", f.Rule, f.seq()))
	}
	return found
}

// passed lists the rules that were made use of: "priority 1".
func passed(r Report) []string {
	found := []string{}
	for _, by := range slices.Sorted(maps.Keys(r.Passed)) {
		found = append(found, fmt.Sprintf("%s %d", by, r.Passed[by]))
	}
	if r.Undecided > 0 {
		found = append(found, fmt.Sprintf("undecided %d", r.Undecided))
	}
	return found
}
