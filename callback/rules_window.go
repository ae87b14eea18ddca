package callback

import (
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/dialplan"
)

// defaultAhead is how far in the future a window may begin.
const defaultAhead = 60 * day

// windowGrace is how old the beginning of a window may be that has no end: a form
// and the daemon do not have the same clock. An older one is a mistake.
const windowGrace = 5 * time.Minute

// lookWindow holds the time that a customer wishes for against the clock and the
// calling hours. from is when the promise falls due: the first moment of the window
// at which the customer may be called, now for a window that has no beginning.
func (p Policy) lookWindow(who Callee, w Window, now time.Time) (from time.Time, d Decision) {
	from = later(w.From, now)
	switch {
	case w == (Window{}):
		return now, Decision{}
	case !w.Until.IsZero() && !w.Until.After(w.From):
		return from, p.refuseWindow(who, w, now, "the window ends before it begins")
	case !w.Until.IsZero() && !w.Until.After(now), w.Until.IsZero() && w.From.Before(now.Add(-windowGrace)):
		return from, p.refuseWindow(who, w, now, "the window lies in the past")
	case w.From.After(now.Add(p.Ahead)):
		return from, p.refuseWindow(who, w, now, "the window begins more than "+daysOf(p.Ahead)+" from now")
	case p.Hours == nil:
		return from, Decision{}
	}
	h := p.lookHours(who, from)
	switch {
	case h.Rule == "":
		return from, Decision{}
	case h.Refused(): // for good, which Decide says in its turn
		return from, Decision{}
	case w.Until.IsZero() || h.Until.Before(w.Until):
		if w.From.After(now) {
			from = h.Until
		}
		return from, Decision{}
	}
	return from, p.refuseWindow(who, w, now, "no time of the window is within the calling hours")
}

func (p Policy) refuseWindow(who Callee, w Window, now time.Time, what string) Decision {
	clock := p.Clock(who)
	d := Decision{
		Rule: RuleWindow, Message: what,
		Remedy: "choose a window that begins within the next " + daysOf(p.Ahead),
		Inputs: []Input{
			{"from", whenIn(w.From, clock, "now")}, {"until", whenIn(w.Until, clock, "open")},
			{"now", whenIn(now, clock, "")}, {"ahead_s", fmt.Sprint(seconds(p.Ahead))},
		},
	}
	at := later(w.From, now)
	if at.After(now.Add(p.Ahead)) {
		at = now
	}
	if p.Hours == nil {
		return d
	}
	next := p.Openings(who, at, at.Add(hoursAhead), 1)
	if len(next) == 0 {
		d.Remedy = "there is no time within the calling hours of this customer; widen the hours of the callback policy, or call by hand"
		return d
	}
	d.Remedy = "the customer may be called " + openingWords(next[0], clock) + "; choose a window that has some of it"
	return d
}

// Openings lists the times between from and until at which a call to somebody may
// begin, by the calling hours and their cut-off; the first most of them. Without
// hours it is all the time. A window ends when the cut-off comes, and an end that
// is more than a day after its beginning is not looked for.
func (p Policy) Openings(who Callee, from, until time.Time, most int) []Window {
	if p.Hours == nil {
		return []Window{{From: from, Until: until}}
	}
	clocks, _, unknown := p.clocks(who, from)
	if unknown != "" {
		return nil
	}
	var all []Window
	for at := from; at.Before(until) && len(all) < most; {
		if !callable(clocks, at, p.CutOff) {
			next, found := nextOpening(clocks, at, p.CutOff)
			if !found || !next.Before(until) {
				break
			}
			at = next
		}
		ends := p.closes(clocks, at)
		all = append(all, Window{From: at, Until: earlier(ends, until)})
		at = ends
	}
	return all
}

// openingWords tells a time between two others by the clocks of the customer:
// "Monday 2025-03-03 09:00-19:50 their time".
func openingWords(w Window, clock *time.Location) string {
	from, until := w.From.In(clock), w.Until.In(clock)
	layout := "15:04"
	if from.YearDay() != until.YearDay() && until.Sub(from) >= day {
		layout = "Monday 2006-01-02 15:04"
	}
	return from.Format("Monday 2006-01-02 15:04") + "-" + until.Format(layout) + " their time"
}

// daysOf tells a long time in days where it has whole ones.
func daysOf(d time.Duration) string {
	if d%day != 0 {
		return span(seconds(d))
	}
	return count(int(d/day), "day", "days")
}

func whenIn(t time.Time, clock *time.Location, zero string) string {
	if t.IsZero() {
		return zero
	}
	return t.In(clock).Format("2006-01-02 15:04 MST")
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// closes is when the rule about hours begins to object again, at a time at which it
// does not; a day later when it goes on for longer.
func (p Policy) closes(clocks []*dialplan.Hours, at time.Time) time.Time {
	last := at.Add(day)
	for t := at; t.Before(last.Add(p.CutOff)); t = nextTurn(clocks, t) {
		switch {
		case callable(clocks, t, 0):
		case p.CutOff == 0:
			return t
		default: // a call that has just the cut-off left is still allowed
			return t.Add(-p.CutOff + time.Nanosecond)
		}
	}
	return last
}
