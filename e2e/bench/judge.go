package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/e2e/softphone"
)

func (l *load) lose(format string, a ...any) {
	l.report.lost = append(l.report.lost, fmt.Sprintf(format, a...))
}

// judge holds the daemon's records against what the phones know: every call has
// an end that tells the truth, and nothing is left on the switch.
func (l *load) judge(ctx context.Context) error {
	records := map[string]api.Call{}
	// A record is complete a moment after the place is left.
	if err := l.poll(ctx, "all calls have an end", func(api.Queue) bool {
		calls, err := l.Client.Calls(ctx, api.CallFilter{Limit: 2 * (l.callers + l.operators)})
		if err != nil {
			return false
		}
		clear(records)
		for _, c := range calls {
			if c.EndedAt != nil {
				records[c.From] = c
			}
		}
		return len(records) == l.callers+l.operators
	}); err != nil {
		l.lose("of %d calls only %d have an end in the records", l.callers+l.operators, len(records))
	}
	for i, c := range append(append([]*softphone.Call(nil), l.waiters...), l.talkers...) {
		rec := records[callerNumber(i)]
		switch end := c.EndCause(); {
		case rec.Result == "agent" && !rec.EndedAt.Before(rec.StartedAt) && rec.TalkedS > 0:
			l.report.answered++
		case rec.Result == "abandoned" && end.By == softphone.Us:
			l.report.gaveUp++
		default:
			l.lose("%s: recorded as %q, its phone says %v", callerNumber(i), rec.Result, end)
		}
		if err := c.MediaErr(); err != nil {
			l.lose("%s: sound failed: %v", callerNumber(i), err)
		}
	}
	ended := 0
	if err := l.Client.Journal(ctx, api.JournalFilter{Type: "call.ended"}, func(api.Event) error {
		ended++
		return nil
	}); err != nil {
		return err
	}
	if want := l.callers + l.operators; ended != want {
		l.lose("the journal has %d ends of calls, want %d", ended, want)
	}
	return l.poll(ctx, "no channel is left on Asterisk", func(api.Queue) bool {
		text, err := l.Asterisk.CLI(ctx, "core show channels count")
		return err == nil && strings.Contains(text, "0 active channels")
	})
}
