package api

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// furthest is how far off a promise can be put.
const furthest = 366 * 24 * time.Hour

// parseWhen reads a time to come: how long from now ("90m", "2h", "3d"), a time of
// day ("16:00": the next one), "tomorrow 16:00", a date with a time, or RFC 3339.
// Where no zone is named, the clock is that of loc.
func parseWhen(s string, now time.Time, loc *time.Location) (time.Time, error) {
	at, err := readWhen(strings.TrimSpace(s), now, loc)
	switch {
	case err != nil:
		return time.Time{}, err
	case !at.After(now):
		return time.Time{}, fmt.Errorf("%q is %s by the clock of %s, and that has passed", s, inWords(at, loc), loc)
	case at.After(now.Add(furthest)):
		return time.Time{}, fmt.Errorf("%q is more than a year away", s)
	}
	return at, nil
}

func readWhen(s string, now time.Time, loc *time.Location) (time.Time, error) {
	if d, err := time.ParseDuration(s); err == nil {
		return now.Add(d), nil
	}
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil {
			return now.In(loc).AddDate(0, 0, int(n)), nil
		}
	}
	clock, tomorrow := strings.CutPrefix(s, "tomorrow ")
	if t, err := time.Parse("15:04", strings.TrimSpace(clock)); err == nil {
		today := now.In(loc)
		at := func(days int) time.Time {
			return time.Date(today.Year(), today.Month(), today.Day()+days, t.Hour(), t.Minute(), 0, 0, loc)
		}
		if tomorrow || !at(0).After(now) {
			return at(1), nil
		}
		return at(0), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04", "2006-01-02T15:04", time.DateTime} {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time: write 2h, 16:00, tomorrow 16:00, 2026-02-01 16:00 or 2026-02-01T16:00:00Z", s)
}

// inWords tells a time by the clock of loc.
func inWords(at time.Time, loc *time.Location) string {
	return at.In(loc).Format("Mon 2006-01-02 15:04")
}
