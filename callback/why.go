package callback

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// WhyEvent is an entry of the journal, as Why reads it. The location of At is
// the one in which times are told.
type WhyEvent struct {
	At   time.Time
	Type string
	Data map[string]any // as in Note, or as it came back from JSON
}

// Why tells the story of a promise in plain English sentences, one a line, each
// with its time and with what was decided from what. events are the journal's
// entries about it in their order; other types are left out. Without events the
// story is what the record itself still knows. An open promise ends with what
// it waits for.
func Why(cb Callback, events []WhyEvent) []string {
	if len(events) == 0 {
		events = eventsOf(cb)
	}
	var lines []line
	for _, ev := range events {
		t := teller{cb: cb, ev: ev}
		text := t.tell()
		switch {
		case text == "":
		case len(lines) > 0 && lines[len(lines)-1].joins(ev):
			last := &lines[len(lines)-1]
			last.text += "; " + text
			last.typ = ev.Type
		default:
			lines = append(lines, line{ev.At, ev.Type, capital(text)})
		}
	}
	out := make([]string, 0, len(lines)+1)
	day := ""
	for _, l := range lines {
		clock := l.at.Format(time.TimeOnly)
		if d := l.at.Format(time.DateOnly); d != day && day != "" {
			clock = d + " " + clock
		}
		day = l.at.Format(time.DateOnly)
		out = append(out, clock+" "+strings.TrimRight(l.text, ".")+".")
	}
	loc := time.UTC
	if n := len(events); n > 0 {
		loc = events[n-1].At.Location()
	}
	if now := outlook(cb, loc); now != "" {
		out = append(out, now)
	}
	return out
}

type line struct {
	at   time.Time
	typ  string
	text string
}

// after lists the entries to whose sentence an entry is joined when it comes
// directly after one.
var after = map[string][]string{
	NoteDue:           {NoteAgentTook},
	NoteDialling:      {NoteDue, NoteAgentTook, NotePreviewed},
	NoteShown:         {NoteAgentTook},
	NoteRinging:       {NoteRecovered},
	NoteAnswered:      {NoteRecovered},
	NoteConfirmed:     {NoteAnswered},
	NoteUncertain:     {NoteAttempt},
	NoteAgentReleased: {NoteAttempt, NoteUncertain, NoteAgentTook, NoteMachine, NotePreviewed},
	NoteRetry:         {NoteAttempt, NoteUncertain, NoteAgentReleased, NotePlaceOver, NotePreviewed, NoteResolved},
	NoteVerified:      {NoteAttempt},
	NoteGivenUp:       {NoteAttempt, NoteUncertain, NoteAgentReleased, NoteResolved},
	NoteCancelled:     {NoteAttempt, NoteAgentReleased, NoteRefused, NoteResolved},
	NoteDone:          {NoteResolved},
}

// joins says whether ev goes on with the sentence: it came of the same event, or
// is the customer's reply.
func (l line) joins(ev WhyEvent) bool {
	return slices.Contains(after[ev.Type], l.typ) && (ev.At.Equal(l.at) || ev.Type == NoteConfirmed)
}

// teller words one entry.
type teller struct {
	cb Callback
	ev WhyEvent
}

// tell returns the sentence without capital and full stop, "" for an entry that
// is not part of the story.
func (t teller) tell() string {
	switch t.ev.Type {
	case NoteAsked:
		return t.asked()
	case NoteRefused:
		return t.refused()
	case NoteDelayed:
		return fmt.Sprintf("not called before %s %s", t.clock("not_before"), t.rule())
	case NoteDue:
		return t.due()
	case NoteDialling:
		what := ""
		if t.yes("verify") {
			what = " to ask whether the call is wanted"
		}
		return fmt.Sprintf("dialled %s%s, %s", t.str("number"), what, t.attempt())
	case NoteRinging:
		return "the phone rings"
	case NoteAnswered:
		return "answered after " + t.secs("rang_s")
	case NoteConfirmed:
		return "pressed 1 after " + t.secs("after_s")
	case NoteConnected:
		return t.connected()
	case NoteAttempt:
		if Outcome(t.str("outcome")) == OutcomeCancelled {
			return "" // the next entry says it better
		}
		return fmt.Sprintf("%s ended: %s", t.attempt(), t.outcome())
	case NoteRetry:
		anew := ""
		if t.yes("anew") {
			anew = ", from a new place"
		}
		return fmt.Sprintf("the next attempt not before %s (after a pause of %s)%s", t.clock("not_before"), t.secs("retry_after_s"), anew)
	case NoteDone:
		return t.done()
	case NoteGivenUp:
		return "given up: " + t.str("reason")
	case NoteCancelled:
		return t.cancelled()
	case NoteUncertain:
		return t.uncertain()
	case NoteResolved:
		if t.str("by") == bySwitch {
			return fmt.Sprintf("the switch was asked again for %s and shows no such call; attempt %d counts as a try", t.secs("after_s"), t.num("attempt"))
		}
		return fmt.Sprintf("%s decided about attempt %d: %s", or(t.str("by"), "an operator"), t.num("attempt"),
			Outcome(t.str("outcome")).Words())
	case NoteRecovered:
		return fmt.Sprintf("after a gap, attempt %d was found alive on the switch (%s)", t.num("attempt"), t.str("channel"))
	case NoteAgentTook:
		return t.agentTook()
	case NoteAgentLost:
		return fmt.Sprintf("the agent left after %s", t.secs("waited_s"))
	case NoteAgentReleased:
		return fmt.Sprintf("the agent was let go after %s without the customer", t.secs("waited_s"))
	case NoteVerified, NoteMachine, NoteShown, NotePreviewed, NotePostponed, NoteHastened:
		return t.word()
	case NotePlaceOver:
		return fmt.Sprintf("the queue ended the place (%s); it keeps its time", t.str("reason"))
	}
	return ""
}

func (t teller) refused() string {
	if t.str("existing_id") == t.cb.ID && t.cb.ID != "" {
		return fmt.Sprintf("asked for again%s by %s; this promise stands", t.inCall(), t.str("number"))
	}
	return "refused " + t.rule()
}

// rule tells which rule objected, from what, and what to do about it.
func (t teller) rule() string {
	from := ""
	if in := t.str("inputs"); in != "" {
		from = ", from " + in
	}
	return fmt.Sprintf("by rule %s: %s%s (%s)", t.str("rule"), t.str("message"), from, t.str("remedy"))
}

func (t teller) inCall() string {
	if call := t.str("call_id"); call != "" {
		return " in call " + call
	}
	return ""
}

// attempt leaves the number of attempts out where only the record is known.
func (t teller) attempt() string {
	if of := t.num("of"); of > 0 {
		return fmt.Sprintf("attempt %d of %d", t.num("attempt"), of)
	}
	return fmt.Sprintf("attempt %d", t.num("attempt"))
}

func (t teller) connected() string {
	if _, known := t.ev.Data["waited_s"]; !known {
		return "connected to " + t.agent()
	}
	return fmt.Sprintf("connected to %s after %s", t.agent(), t.secs("waited_s"))
}

func (t teller) due() string {
	ahead := "nobody ahead"
	if n := t.num("ahead"); n > 0 {
		ahead = strconv.Itoa(n) + " ahead"
	}
	return "the place came up (" + ahead + t.basis() + ")"
}

// basis tells what the moment of a call was decided from.
func (t teller) basis() string {
	if _, told := t.ev.Data["lead_s"]; !told {
		return ""
	}
	wait := ""
	if _, known := t.ev.Data["ewt_s"]; known {
		wait = fmt.Sprintf(", expected in %s", t.secs("ewt_s"))
	}
	return fmt.Sprintf("%s; a call takes about %s, %s being called for %s", wait, t.secs("lead_s"),
		count(t.num("in_flight"), "customer is", "customers are"), count(t.num("expected_free"), "agent", "agents"))
}

func (t teller) agentTook() string {
	switch State(t.str("state")) {
	case Confirmed:
		return "an agent took the place"
	case Waiting, Uncertain:
		return "an agent took the place before the customer was called"
	}
	return "an agent took the place and waits for the customer"
}

func (t teller) outcome() string {
	o := Outcome(t.str("outcome")).Words()
	detail := t.str("detail")
	if detail == o {
		detail = ""
	}
	if code := t.num("cause"); code > 0 {
		detail = strings.TrimPrefix(detail+", cause "+strconv.Itoa(code), ", ")
	}
	if detail == "" {
		return o
	}
	return o + " (" + detail + ")"
}

// cancelled has it all in one text where only the record is known.
func (t teller) cancelled() string {
	if by := t.str("by"); by != "" {
		return cancelWords(by, t.str("why"))
	}
	return t.str("why")
}

func (t teller) uncertain() string {
	what := "whether the customer was called cannot be known, so "
	if t.str("about") == aboutTalk {
		what = "whether customer and agent have talked cannot be known, so "
	}
	switch UncertainPolicy(t.str("policy")) {
	case HoldForOperator:
		return what + "an operator has to decide"
	case AskSwitch:
		return what + "the switch is asked again"
	}
	return what + "it counts as a try"
}

func (t teller) done() string {
	if by := t.str("by"); by != "" {
		return "closed as kept by " + by
	}
	return fmt.Sprintf("the conversation with %s ended after %s; the promise is kept", t.agent(), t.secs("talked_s"))
}

// agent is the name in the entry, else the one that got known later.
func (t teller) agent() string { return or(t.str("agent"), or(t.cb.Agent, "an agent")) }

func (t teller) str(key string) string {
	s, _ := t.ev.Data[key].(string)
	return s
}

// num reads a whole number, which JSON gives back as a float.
func (t teller) num(key string) int {
	switch n := t.ev.Data[key].(type) {
	case int:
		return n
	case int64:
		return int(n)
	case float64:
		return int(n)
	}
	return 0
}

func (t teller) secs(key string) string { return span(t.num(key)) }

func (t teller) clock(key string) string {
	at, err := time.Parse(time.RFC3339Nano, t.str(key))
	if err != nil {
		return "an unknown time"
	}
	return clockNear(at, t.ev.At)
}
