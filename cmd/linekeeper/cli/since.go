package cli

import (
	"strconv"
	"strings"
	"time"
)

const sinceHelp = "only from this time on: 10m or 7d (ago), 15:04, 2006-01-02 or RFC 3339"

// since reads a time or how long ago it was; local where no zone is named.
func (e *env) since(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
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
	return time.Time{}, usagef("--since %q is no time: write 10m for ten minutes ago, 7d for a week, 15:04, 2006-01-02 or 2006-01-02T15:04:05Z", s)
}

func oneOf(values []string) string { return strings.Join(values, ", ") }
