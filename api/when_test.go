package api

import (
	"strings"
	"testing"
	"time"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestParseWhen(t *testing.T) {
	t.Parallel()
	moscow := zone(t, "Europe/Moscow")
	now := time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC) // noon in Moscow
	for s, want := range map[string]string{
		"90m":                  "2026-01-31T13:30:00+03:00",
		"2h":                   "2026-01-31T14:00:00+03:00",
		"3d":                   "2026-02-03T12:00:00+03:00",
		"16:00":                "2026-01-31T16:00:00+03:00",
		"11:59":                "2026-02-01T11:59:00+03:00",
		"12:00":                "2026-02-01T12:00:00+03:00", // now is no time to come
		"tomorrow 16:00":       "2026-02-01T16:00:00+03:00",
		" 2026-02-02 10:30 ":   "2026-02-02T10:30:00+03:00",
		"2026-02-02T10:30":     "2026-02-02T10:30:00+03:00",
		"2026-02-02 10:30:15":  "2026-02-02T10:30:15+03:00",
		"2026-02-02T10:30:00Z": "2026-02-02T13:30:00+03:00",
	} {
		got, err := parseWhen(s, now, moscow)
		if err != nil || got.In(moscow).Format(time.RFC3339) != want {
			t.Errorf("%q is %v, %v; want %s", s, got.In(moscow), err, want)
		}
	}
	for s, want := range map[string]string{
		"":                     `"" is no time: write 2h, 16:00`,
		"soon":                 `"soon" is no time`,
		"-2h":                  `"-2h" is Sat 2026-01-31 10:00 by the clock of Europe/Moscow, and that has passed`,
		"0d":                   "has passed",
		"2026-01-31 11:00":     "has passed",
		"2026-01-31T09:00:00Z": "has passed",
		"400d":                 "more than a year away",
		"24:01":                "is no time",
	} {
		if got, err := parseWhen(s, now, moscow); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is %v, %v; want %s", s, got, err, want)
		}
	}
}

// The next half past two is the one by the customer's clock, also when the clocks
// are changed in that night.
func TestParseWhenAcrossAChangeOfClocks(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	evening := time.Date(2026, 3, 28, 20, 0, 0, 0, berlin) // the clocks go forward at two
	got, err := parseWhen("10:00", evening, berlin)
	if want := time.Date(2026, 3, 29, 8, 0, 0, 0, time.UTC); err != nil || !got.Equal(want) {
		t.Errorf("10:00 is %v, %v; want %v", got, err, want)
	}
	if got, err = parseWhen("1d", evening, berlin); err != nil || got.In(berlin).Hour() != 20 || got.Sub(evening) != 23*time.Hour {
		t.Errorf("a day later is %v, %v", got, err)
	}
}

func FuzzParseWhen(f *testing.F) {
	for _, s := range []string{"2h", "16:00", "tomorrow 16:00", "2026-02-01 16:00", "2026-02-01T16:00:00+03:00", "3d", "65535d", "9999999h"} {
		f.Add(s)
	}
	now, loc := time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC), zone(f, "America/New_York")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := parseWhen(s, now, loc)
		if err == nil && (!got.After(now) || got.After(now.Add(furthest))) {
			t.Fatalf("%q is %v, which is not within a year from %v", s, got, now)
		}
	})
}
