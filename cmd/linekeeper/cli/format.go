package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/api"
)

// moment shows a time: of today without the date, in local time; RFC 3339 in
// UTC for programs.
func (e *env) moment(t time.Time) cell {
	if t.IsZero() {
		return text("")
	}
	local, now := t.Local(), e.now().Local()
	layout := time.DateTime
	if local.YearDay() == now.YearDay() && local.Year() == now.Year() {
		layout = time.TimeOnly
	}
	return cell{local.Format(layout), t.UTC().Format(time.RFC3339Nano)}
}

func (e *env) momentOf(t *time.Time) cell {
	if t == nil {
		return text("")
	}
	return e.moment(*t)
}

// span shows seconds as "45s", "2m05s", "1h02m05s"; as a number for programs.
func span(seconds float64) cell {
	return cell{human(seconds), strconv.FormatFloat(seconds, 'f', -1, 64)}
}

func human(seconds float64) string {
	s := int64(seconds + 0.5)
	switch {
	case s >= 3600:
		return fmt.Sprintf("%dh%02dm%02ds", s/3600, s/60%60, s%60)
	case s >= 60:
		return fmt.Sprintf("%dm%02ds", s/60, s%60)
	}
	return fmt.Sprintf("%ds", s)
}

// spanIf leaves out a span of nothing: it was not waited, or not yet.
func spanIf(seconds float64) cell {
	if seconds == 0 {
		return cell{"-", "0"}
	}
	return span(seconds)
}

// wait shows an expected wait with its range; the mean alone for programs.
func wait(w *api.EWT) cell {
	if w == nil {
		return text("")
	}
	return cell{human(w.MeanS) + " (" + human(w.LowS) + "-" + human(w.HighS) + ")", span(w.MeanS).plain}
}

func number(n int) cell { s := strconv.Itoa(n); return cell{s, s} }

func words(s []string) cell {
	return cell{orDash(strings.Join(s, " > ")), strings.Join(s, " ")}
}
