package callback

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// outlook says what an open promise waits for, "" for a closed one.
func outlook(cb Callback, loc *time.Location) string {
	switch cb.State {
	case Waiting:
		if cb.Verify != "" || cb.Dormant() && cb.DelayedBy == "" && cb.NotBefore.Equal(cb.Window.From) {
			return asleep(cb, loc)
		}
		if !cb.NotBefore.IsZero() && cb.DelayedBy != "" {
			return "Now: waits until " + cb.NotBefore.In(loc).Format(time.DateTime) + " by rule " + string(cb.DelayedBy) +
				", and then for its place to come up."
		}
		if !cb.NotBefore.IsZero() {
			return "Now: waits until " + cb.NotBefore.In(loc).Format(time.DateTime) + " and for its place to come up."
		}
		return "Now: waits for its place to come up."
	case Dialling:
		return "Now: the switch is asked to dial."
	case Ringing:
		return "Now: the customer's phone rings."
	case Answered:
		return "Now: somebody answered and is asked to press 1."
	case Shown:
		return "Now: an agent is told what it is about, and decides."
	case Confirmed:
		return "Now: the customer is on the line and waits for an agent."
	case Connected:
		return "Now: talks with " + or(cb.Agent, "an agent") + "."
	case Uncertain:
		return "Now: " + or(cb.EndReason, "waits for an operator to resolve the last attempt") + "."
	}
	return ""
}

// eventsOf makes entries from the record alone, for when the journal has none.
func eventsOf(cb Callback) []WhyEvent {
	asked := AskedNote(cb, Request{})
	events := []WhyEvent{{cb.AskedAt, NoteAsked, asked.Data}}
	add := func(at time.Time, typ string, data map[string]any) {
		events = append(events, WhyEvent{at, typ, data})
	}
	for _, att := range cb.Attempts {
		add(att.At, NoteDialling, map[string]any{"number": cb.Number, "attempt": att.N, "verify": att.Verify})
		if !att.EndedAt.IsZero() && att.Outcome != OutcomeConnected {
			add(att.EndedAt, NoteAttempt, map[string]any{
				"attempt": att.N, "outcome": string(att.Outcome), "detail": att.Detail,
			})
		}
	}
	if !cb.ConnectedAt.IsZero() {
		add(cb.ConnectedAt, NoteConnected, nil)
	}
	switch {
	case cb.State == Done && !cb.ConnectedAt.IsZero():
		add(cb.EndedAt, NoteDone, map[string]any{"talked_s": seconds(cb.EndedAt.Sub(cb.ConnectedAt))})
	case cb.State == GivenUp:
		add(cb.EndedAt, NoteGivenUp, map[string]any{"reason": cb.EndReason})
	case !cb.Open():
		add(cb.EndedAt, NoteCancelled, map[string]any{"why": cb.EndReason})
	}
	return events
}

// cancelWords says who cancelled a promise and why.
func cancelWords(by, why string) string {
	var text string
	switch by {
	case ByService:
		text = "cancelled because the customer was served by another call"
	case ByCustomer, ByOperator, ByPolicy:
		text = "cancelled by the " + by
	default:
		text = "cancelled by " + by
	}
	if why == "" {
		return text
	}
	return text + ": " + why
}

// clockNear gives the time of day of at, and the date when it is another day
// than near, in the location of near.
func clockNear(at, near time.Time) string {
	at = at.In(near.Location())
	if at.Format(time.DateOnly) != near.Format(time.DateOnly) {
		return at.Format(time.DateTime)
	}
	return at.Format(time.TimeOnly)
}

// span words a number of seconds: "42 s", "5 min", "1 h 2 min 3 s".
func span(secs int) string {
	var parts []string
	for _, unit := range []struct {
		size int
		name string
	}{{3600, "h"}, {60, "min"}, {1, "s"}} {
		if n := secs / unit.size; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, unit.name))
			secs -= n * unit.size
		}
	}
	if len(parts) == 0 {
		return "0 s"
	}
	return strings.Join(parts, " ")
}

// ordinal gives 1st, 2nd, 3rd, 4th, 11th, 21st.
func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
