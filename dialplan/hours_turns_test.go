package dialplan

import (
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"
)

func readHours(t *testing.T, src string) *Hours {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(src), &root); err != nil {
		t.Fatal(err)
	}
	h, err := ReadHours("hours.yaml", root.Content[0])
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestTurnMissesNoChange compares with a look at every minute, also around the
// nights in which the clocks are changed.
func TestTurnMissesNoChange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom([]string{
			"UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Havana",
		}).Draw(t, "zone")
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		h := &Hours{Location: loc, Holidays: []Holiday{{0, time.March, 30}, {2025, time.November, 2}}}
		for day := range h.Week {
			for range rapid.IntRange(0, 2).Draw(t, "spans") {
				s := Span{rapid.IntRange(0, 1439).Draw(t, "from"), rapid.IntRange(0, 1440).Draw(t, "to")}
				if s.From != s.To {
					h.Week[day] = append(h.Week[day], s)
				}
			}
		}
		start := rapid.SampledFrom([]time.Time{
			time.Date(2025, 3, 8, 12, 0, 0, 0, time.UTC), time.Date(2025, 3, 29, 12, 0, 0, 0, time.UTC),
			time.Date(2025, 10, 25, 12, 0, 0, 0, time.UTC), time.Date(2025, 11, 1, 12, 0, 0, 0, time.UTC),
			time.Date(2025, 4, 5, 0, 0, 0, 0, time.UTC), time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC),
		}).Draw(t, "start")
		at := start.Add(time.Duration(rapid.IntRange(0, 3600).Draw(t, "s")) * time.Second)
		for at.Before(start.Add(36 * time.Hour)) {
			next := h.Turn(at)
			if !next.After(at) {
				t.Fatalf("the turn after %s is %s", at, next)
			}
			for m := at; m.Before(next); m = m.Add(time.Minute) {
				if h.IsOpen(m) != h.IsOpen(at) {
					t.Fatalf("between %s and its turn %s, %s is another answer", at.In(loc), next.In(loc), m.In(loc))
				}
			}
			at = next
		}
	})
}

// TestExceptions: a day with hours of its own is open then and not else, before
// holidays and the week, one year before every year; its night shift is its own.
func TestExceptions(t *testing.T) {
	t.Parallel()
	h := readHours(t, `{weekdays: "09:00-18:00", timezone: UTC, holidays: [2026-12-31, 01-01],
		exceptions: {2026-12-31: "10:00-02:00", 12-30: closed, 2027-12-30: "12:00-13:00", 2027-01-03: ["10:00-11:00", "12:00-13:00"]}}`)
	for at, want := range map[string]bool{
		"2026-12-29 12:00": true, "2026-12-30 12:00": false, "2026-12-31 09:30": false, "2026-12-31 12:00": true,
		"2027-01-01 01:59": true, "2027-01-01 02:00": false, "2027-01-01 12:00": false, "2027-01-03 10:30": true,
		"2027-01-03 11:30": false, "2027-12-30 12:30": true, "2027-12-30 14:00": false,
	} {
		moment, err := time.Parse("2006-01-02 15:04", at)
		if err != nil {
			t.Fatal(err)
		}
		if h.IsOpen(moment) != want {
			t.Errorf("open at %s: %v", at, !want)
		}
	}
	from := time.Date(2026, 12, 30, 18, 0, 0, 0, time.UTC)
	var turns []string
	for at := from; len(turns) < 6; {
		next := h.Turn(at)
		if h.IsOpen(next) != h.IsOpen(at) {
			turns = append(turns, next.Format("02 15:04"))
		}
		at = next
	}
	if got := strings.Join(turns, ", "); got != "31 10:00, 01 02:00, 03 10:00, 03 11:00, 03 12:00, 03 13:00" {
		t.Errorf("it opens and closes at %s", got)
	}
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(`{daily: "09:00-20:00", timezone: UTC, exceptions: {02-30: closed, 12-31: shut}}`), &root); err != nil {
		t.Fatal(err)
	}
	want := `hours.yaml:1:52: "02-30" is no day (a date like 2027-12-31 or a day of every year like 12-31)` + "\n" +
		`hours.yaml:1:74: "shut" is no span of time (write it like 09:00-21:00)`
	if _, err := ReadHours("hours.yaml", root.Content[0]); err == nil || err.Error() != want {
		t.Errorf("gives\n%v\nwant\n%s", err, want)
	}
}

func TestReadHours(t *testing.T) {
	t.Parallel()
	h := readHours(t, `{weekdays: "09:00-20:00", sat: "10:00-18:00", timezone: Europe/Moscow, holidays: [ru, 2027-05-10]}`)
	if h.Location.String() != "Europe/Moscow" || len(h.Week[time.Monday]) != 1 || len(h.Week[time.Sunday]) != 0 {
		t.Errorf("reads %+v", h)
	}
	if noon := time.Date(2027, 5, 10, 9, 0, 0, 0, time.UTC); h.IsOpen(noon) || !h.In(time.UTC).IsOpen(noon.AddDate(0, 0, 1)) {
		t.Error("the holiday is open, or the day after it is not")
	}
	for src, want := range map[string]string{
		`{weekdays: "09:00-20:00"}`:                                     `hours.yaml:1:1: hours need a "timezone" (like Europe/Moscow)`,
		`{timezone: Europe/Moscow}`:                                     `hours.yaml:1:1: the hours name no day (like weekdays: "09:00-20:00")`,
		`{weekday: "09:00-20:00", sun: "1-2", timezone: Europe/Moscow}`: `hours.yaml:1:2: unknown key "weekday" (did you mean "weekdays"?)` + "\n" + `hours.yaml:1:31: "1-2" is no span of time (write it like 09:00-21:00)`,
		`09:00-20:00`: "hours.yaml:1:1: the hours must be a mapping, not the value \"09:00-20:00\"",
	} {
		var root yaml.Node
		if err := yaml.Unmarshal([]byte(src), &root); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadHours("hours.yaml", root.Content[0]); err == nil || err.Error() != want {
			t.Errorf("%s gives\n%v\nwant\n%s", src, err, want)
		}
	}
}
