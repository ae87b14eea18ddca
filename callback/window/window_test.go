package window

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the tests must not depend on the machine

	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/callback"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	if s == "" {
		return time.Time{}
	}
	got, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestRead(t *testing.T) {
	t.Parallel()
	const now = "2026-03-28T12:00:00Z"
	for name, tc := range map[string]struct {
		from, until, zone  string
		wantFrom, wantTill string
		note               string // part of the only note
	}{
		"now":                     {},
		"local time":              {"2026-03-28T18:30", "2026-03-28 20:00", "Europe/Moscow", "2026-03-28T15:30:00Z", "2026-03-28T17:00:00Z", ""},
		"with seconds":            {"2026-03-28T18:30:05", "", "Europe/Moscow", "2026-03-28T15:30:05Z", "", ""},
		"an offset needs no zone": {"2026-03-28T18:30:00+03:00", "2026-03-28T19:30:00-02:00", "", "2026-03-28T15:30:00Z", "2026-03-28T21:30:00Z", ""},
		"a beginning that passed": {"2026-03-28T10:00:00Z", "2026-03-28T14:00:00Z", "", "", "2026-03-28T14:00:00Z", ""},
		"only an end":             {"", "2026-03-29T09:00", "America/New_York", "", "2026-03-29T13:00:00Z", ""},
		"never shown, from":       {"2026-03-29T02:30", "", "Europe/Berlin", "2026-03-29T01:00:00Z", "", "never show 2026-03-29 02:30, they are put forward; 03:00 is taken"},
		"never shown, until":      {"", "2026-03-29T02:15", "Europe/Berlin", "", "2026-03-29T01:00:00Z", "never show 2026-03-29 02:15"},
		"shown twice, from":       {"2026-10-25T02:30", "", "Europe/Berlin", "2026-10-25T00:30:00Z", "", "twice, they are put back; the first time is taken, 2026-10-25T00:30:00Z"},
		"shown twice, until":      {"", "2026-10-25T02:30", "Europe/Berlin", "", "2026-10-25T01:30:00Z", "the second time is taken, 2026-10-25T01:30:00Z"},
		"half an hour of summer":  {"2026-10-04T02:10", "", "Australia/Lord_Howe", "2026-10-03T15:30:00Z", "", "02:30 is taken"},
		"west, put forward":       {"2026-11-01T01:30", "2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "the first time"},
	} {
		got, err := Read(Wish{From: tc.from, Until: tc.until}, tc.zone, at(t, now))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !got.Window.From.Equal(at(t, tc.wantFrom)) || !got.Window.Until.Equal(at(t, tc.wantTill)) {
			t.Errorf("%s: from %v until %v", name, got.Window.From.UTC(), got.Window.Until.UTC())
		}
		if said := strings.Join(got.Notes, " | "); (said == "") != (tc.note == "") || !strings.Contains(said, tc.note) {
			t.Errorf("%s: the notes are %q", name, said)
		}
	}
}

func TestAWholeDayThatNeverWas(t *testing.T) {
	t.Parallel()
	got, err := Read(Wish{From: "2011-12-30T12:00"}, "Pacific/Apia", at(t, "2011-12-29T00:00:00Z"))
	if err != nil || !got.Window.From.Equal(at(t, "2011-12-30T10:00:00Z")) || len(got.Notes) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from, until, zone string
		field, words      string
	}{
		{"tomorrow", "", "", "from", `"tomorrow" is not a time; write local time like`},
		{"2026-03-29", "", "Europe/Moscow", "from", "is not a time"},
		{"2026-02-30T10:00", "", "Europe/Moscow", "from", "is not a time"},
		{"2026-03-29T25:00", "", "Europe/Moscow", "from", "is not a time"},
		{"2026-03-29T14:00", "", "", "time_zone", "from: 2026-03-29T14:00 is a local time, and the time zone is missing"},
		{"", "", "Mars/Base", "time_zone", `there is no time zone "Mars/Base"`},
		{"", "", "../../etc/passwd", "time_zone", "there is no time zone"},
		{"", "", "Local", "time_zone", "there is no time zone"},
		{"", "2026-03-28T11:00:00Z", "", "until", "has passed"},
		{"2026-03-29T11:00:00Z", "2026-03-29T11:00:00Z", "", "until", "is not after"},
		{"2036-03-29T11:00:00Z", "", "", "from", "more than a year ahead"},
		{strings.Repeat("9", 5000), "", "", "from", strings.Repeat("9", 60) + "..."},
	} {
		_, err := Read(Wish{From: tc.from, Until: tc.until}, tc.zone, at(t, "2026-03-28T12:00:00Z"))
		var wrong *Error
		if !errors.As(err, &wrong) || wrong.Field != tc.field || !strings.Contains(wrong.Error(), tc.words) || wrong.Remedy == "" {
			t.Errorf("%+v gives %v", tc, err)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Wish{
		`"now"`: {}, `null`: {}, `""`: {}, `{}`: {},
		`{"from":"2026-03-29T14:00"}`: {From: "2026-03-29T14:00"},
		`{"from":"a","until":"b"}`:    {From: "a", Until: "b"},
	} {
		var got Wish
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s gives %+v, %v", text, got, err)
		}
		written, err := json.Marshal(got)
		var again Wish
		if err != nil || json.Unmarshal(written, &again) != nil || again != want {
			t.Errorf("%s is written as %s, %v", text, written, err)
		}
	}
	for _, text := range []string{`"later"`, `5`, `[]`, `{"from":5}`, `{"to":"b"}`} {
		var got Wish
		if err := json.Unmarshal([]byte(text), &got); err == nil || !strings.Contains(err.Error(), "when: ") {
			t.Errorf("%s gives %+v, %v", text, got, err)
		}
	}
}

// Whatever a clock shows is read back as that time: the instant shows the same
// time on the clock, or there is a note which says why not.
func TestReadsWhatClocksShow(t *testing.T) {
	t.Parallel()
	zones := []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "Pacific/Chatham", "Europe/Moscow"}
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		loc, err := Zone(zone)
		if err != nil {
			t.Fatal(err)
		}
		instant := start.Add(time.Duration(rapid.IntRange(1, 360*24*60).Draw(t, "minute")) * time.Minute)
		shown := instant.In(loc).Format("2006-01-02T15:04")
		for _, w := range []Wish{{From: shown}, {Until: shown}} {
			got, err := Read(w, zone, start)
			var wrong *Error
			if errors.As(err, &wrong) && w.Until != "" && strings.Contains(wrong.Message, "has passed") {
				continue // the same time of the clock before the start
			}
			if err != nil {
				t.Fatal(err)
			}
			read := got.Window.From
			if w.Until != "" {
				read = got.Window.Until
			}
			if read.IsZero() {
				continue // it was before the start
			}
			if read.In(loc).Format("2006-01-02T15:04") != shown {
				t.Fatalf("%s in %s is read as %v", shown, zone, read.In(loc))
			}
			if !read.Equal(instant) && !slices.ContainsFunc(got.Notes, func(n string) bool { return strings.Contains(n, "twice") }) {
				t.Fatalf("%s in %s is read as %v, it was %v: %q", shown, zone, read, instant, got.Notes)
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add("2026-03-29T02:30", "2026-03-29T04:30", "Europe/Berlin", int64(1774699200))
	f.Add("now", "2026-03-29 02:30:59", "UTC", int64(0))
	f.Add("2026-03-29T02:30:00+03:00", "", "Pacific/Apia", int64(1<<40))
	f.Fuzz(func(t *testing.T, from, until, zone string, now int64) {
		from, until = clip(from), clip(until)
		start := time.Unix(now%(1<<36), 0)
		got, err := Read(Wish{From: from, Until: until}, zone, start)
		if err != nil {
			var wrong *Error
			if !errors.As(err, &wrong) || wrong.Field == "" || wrong.Message == "" || wrong.Remedy == "" || len(err.Error()) > 600 {
				t.Fatalf("%q, %q, %q: %v", from, until, zone, err)
			}
			return
		}
		w := got.Window
		if !w.From.IsZero() && !w.From.After(start) || !w.Until.IsZero() && !w.Until.After(start) {
			t.Fatalf("the window %+v is not after %v", w, start)
		}
		if w != (callback.Window{}) && !w.Until.IsZero() && !w.Until.After(w.From) {
			t.Fatalf("the window %+v ends before it begins", w)
		}
	})
}
