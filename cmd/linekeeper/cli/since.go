package cli

import (
	"strconv"
	"strings"
	"time"
)

const sinceHelp = "only from this time on: 10m or 7d (ago), today, 15:04, 2006-01-02 or RFC 3339"

// since reads a time or how long ago it was; local where no zone is named.
func (e *env) since(s string) (time.Time, error) { return e.timeOf("--since", s) }

// timeOf is since for any flag.
func (e *env) timeOf(flag, s string) (time.Time, error) {
	switch s {
	case "":
		return time.Time{}, nil
	case "today":
		now := e.now().Local()
		return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.Local), nil
	}
	if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return e.now().Add(-d), nil
	}
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil {
			return e.now().AddDate(0, 0, -int(n)), nil
		}
	}
	now := e.now().Local()
	for _, layout := range []string{"15:04", time.TimeOnly} {
		if t, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			return time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.Local), nil
		}
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly, "2006-01-02 15:04", time.DateTime} {
		if t, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usagef("%s %q is no time: write 10m for ten minutes ago, 7d for a week, today, 15:04, 2006-01-02 or 2006-01-02T15:04:05Z", flag, s)
}

// span0 reads a length of time from 0.
func span0(flag, s string) (time.Duration, error) {
	if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return d, nil
	}
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	return 0, usagef("%s %q is no length of time: write 30m, 2h or 7d", flag, s)
}

func oneOf(values []string) string { return strings.Join(values, ", ") }
