package callback

import (
	"fmt"
	"time"
)

// The sentences about what people and machines said of a promise.

func (t teller) asked() string {
	number, call := t.str("number"), t.str("call_id")
	who := "asked for by an operator for " + number
	switch reason := Reason(t.str("reason")); {
	case reason == ReasonAbandoned:
		who = fmt.Sprintf("made by itself for %s, who hung up in call %s,", number, call)
	case call != "":
		who = fmt.Sprintf("asked for in call %s by %s", call, number)
	case reason == ReasonWeb:
		who = "asked for by a form for " + number
	case reason == ReasonImport:
		who = "asked for by a list for " + number
	}
	line := "in line"
	if n := t.num("position"); n > 0 {
		line = "while " + ordinal(n) + " in line"
	}
	when := windowWords(Window{From: t.moment("window_from"), Until: t.moment("window_until")}, t.ev.At)
	if when != "" {
		when = ", for " + when
	}
	first := ""
	switch VerifyWay(t.str("verify")) {
	case VerifyByCall:
		first = "; a call is to ask first whether it is wanted"
	case VerifyByCode:
		first = "; a code is to confirm the number first"
	}
	return fmt.Sprintf("%s %s of %s%s; the place counts from %s%s", who, line, t.str("queue"), when, t.clock("place_at"), first)
}

// word tells what somebody said of the promise.
func (t teller) word() string {
	switch t.ev.Type {
	case NoteVerified:
		if t.str("by") == "call" {
			return "the owner of the number wants the call"
		}
		return "the number was confirmed by " + t.str("by")
	case NoteMachine:
		text := "taken for a machine after " + t.secs("after_s")
		if t.yes("message") {
			text += ", which is left a message"
		}
		return text
	case NoteShown:
		return "the agent is told what it is about"
	case NotePreviewed:
		return t.previewed()
	case NotePostponed:
		return "put off to " + t.day("until") + " " + byWords(t.str("by"), t.str("why"))
	case NoteHastened:
		return "wanted now instead of at " + t.clock("not_before") + " " + byWords(t.str("by"), "")
	}
	return ""
}

func (t teller) previewed() string {
	did := map[PreviewAnswer]string{
		PreviewAccept: "accepted it", PreviewPostpone: "put it off", PreviewReject: "rejected it",
	}[PreviewAnswer(t.str("answer"))]
	why := ""
	if t.str("why") != "" {
		why = " (" + t.str("why") + ")"
	}
	return fmt.Sprintf("%s %s after %s%s", or(t.str("agent"), "the agent"), did, t.secs("after_s"), why)
}

func (t teller) yes(key string) bool {
	yes, _ := t.ev.Data[key].(bool)
	return yes
}

// moment is zero when the entry has no such time.
func (t teller) moment(key string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, t.str(key))
	if err != nil {
		return time.Time{}
	}
	return at.In(t.ev.At.Location())
}

func (t teller) day(key string) string { return dayClock(t.moment(key), t.ev.At) }

// asleep says what a promise without a place waits for.
func asleep(cb Callback, loc *time.Location) string {
	until := clockNear(cb.NotBefore, cb.AskedAt.In(loc))
	switch cb.Verify {
	case VerifyByCode:
		return "Now: waits for its code, until " + until + "."
	case VerifyByCall:
		return "Now: a call is to ask whether it is wanted, not before " + until + "."
	}
	when := windowWords(Window{From: cb.Window.From.In(loc), Until: cb.Window.Until}, cb.AskedAt.In(loc))
	return "Now: asked for " + when + "; sleeps until then."
}

// windowWords tells a window: "Monday 16:00 to 18:00"; "" for any time.
func windowWords(w Window, near time.Time) string {
	switch {
	case w.From.IsZero() && w.Until.IsZero():
		return ""
	case w.From.IsZero():
		return "any time until " + dayClock(w.Until, near)
	case w.Until.IsZero():
		return dayClock(w.From, near)
	}
	from, until := w.From.In(near.Location()), w.Until.In(near.Location())
	if from.Format(time.DateOnly) == until.Format(time.DateOnly) {
		return dayClock(from, near) + " to " + until.Format("15:04")
	}
	return dayClock(from, near) + " to " + dayClock(until, near)
}

// dayClock names a day by its weekday when it is less than a week after near.
func dayClock(at, near time.Time) string {
	at = at.In(near.Location())
	if ahead := at.Sub(near); ahead > -24*time.Hour && ahead < 6*24*time.Hour {
		return at.Format("Monday 15:04")
	}
	return at.Format("2006-01-02 15:04")
}

func byWords(by, why string) string {
	who := or(by, "an operator")
	switch by {
	case ByCustomer, ByOperator:
		who = "the " + by
	}
	if why == "" {
		return "by " + who
	}
	return "by " + who + ": " + why
}
