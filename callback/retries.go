package callback

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Retry is what follows an attempt that ended in one way.
type Retry struct {
	After    time.Duration // until the next attempt; 0: the default of the outcome
	Attempts int           // how many may end this way in all; 0: the default of the outcome, for most MaxAttempts alone
	Anew     bool          // the place is given up, and a new one counts from the next attempt on
}

// RetryOutcomes returns the outcomes that another attempt may follow, and which
// Policy.Retries may so have.
func RetryOutcomes() []Outcome {
	return []Outcome{
		OutcomeBusy, OutcomeNoAnswer, OutcomeNoKey, OutcomeMachine, OutcomeDeclined, OutcomeRejected, OutcomeInvalid,
		OutcomeCongestion, OutcomeFailed, OutcomeAbandoned, OutcomeNoAgent, OutcomeAgentLost, OutcomeUnconfirmed,
	}
}

// RetryOf is what follows an attempt that ended with o: what Retries say, and
// where they are silent the default. The defaults are fractions of RetryAfter. A
// busy line is soon free again, and a full way sooner; who refuses the call or
// lets a machine answer wants to be left alone for longer; whose agents were
// lost has waited already. A number that does not exist is never tried again.
func (p Policy) RetryOf(o Outcome) Retry {
	p = p.WithDefaults()
	r := p.Retries[o]
	after := p.RetryAfter
	switch o {
	case OutcomeBusy:
		after /= 2
	case OutcomeCongestion, OutcomeAgentLost:
		after /= 5
	case OutcomeRejected, OutcomeMachine:
		after *= 3
	case OutcomeInvalid:
		if r.Attempts == 0 {
			r.Attempts = 1
		}
	}
	if r.After == 0 {
		r.After = max(after, time.Second)
	}
	return r
}

func (p Policy) checkRetries(bad func(field, format string, args ...any)) {
	for _, o := range slices.Sorted(maps.Keys(p.Retries)) {
		r := p.Retries[o]
		if !slices.Contains(RetryOutcomes(), o) {
			names := make([]string, 0, len(RetryOutcomes()))
			for _, known := range RetryOutcomes() {
				names = append(names, string(known))
			}
			bad("Retries", "no attempt follows %q; write any of %s", o, strings.Join(names, ", "))
			continue
		}
		if r.After != 0 && (r.After < time.Second || r.After > 7*24*time.Hour) {
			bad("Retries", "%s: after: %s is outside of 1s to 168h0m0s", o, r.After)
		}
		if r.Attempts < 0 || r.Attempts > 10 {
			bad("Retries", "%s: attempts: %d is outside of 0 (no limit of its own) to 10", o, r.Attempts)
		}
	}
}

// Tries is how many attempts were made to keep the promise. Calls that ask
// whether it is wanted at all do not count; VerifyCalls are those.
func (c Callback) Tries() int { return len(c.Attempts) - c.VerifyCalls() }

// VerifyCalls is how many calls asked for the yes of the owner of the number.
func (c Callback) VerifyCalls() int {
	n := 0
	for _, att := range c.Attempts {
		if att.Verify {
			n++
		}
	}
	return n
}

// endedAlike is how many attempts of the same kind ended like the last one.
func (s *step) endedAlike() int {
	n := 0
	for _, att := range s.cb.Attempts {
		if att.Outcome == s.attempt().Outcome && att.Verify == s.attempt().Verify {
			n++
		}
	}
	return n
}

// afterFailure decides what follows an attempt that came to nothing.
func (s *step) afterFailure() {
	att, r := s.attempt(), s.p.RetryOf(s.attempt().Outcome)
	made := s.cb.Tries()
	if att.Verify {
		made = s.cb.VerifyCalls()
	}
	switch alike := s.endedAlike(); {
	case att.Verify && s.cb.Verify == "": // confirmed otherwise meanwhile
		s.goOn(s.now)
	case att.Outcome == OutcomeInvalid && r.Attempts == 1:
		s.giveUp("there is no such number")
	case att.Verify && made >= MaxVerifyCalls:
		s.giveUp(fmt.Sprintf("not confirmed: %s asked for a yes, the last one ended: %s",
			count(made, "call", "calls"), att.Outcome.Words()))
	case !att.Verify && made >= s.p.MaxAttempts:
		s.giveUp(fmt.Sprintf("%s made, the last one ended: %s",
			count(made, "attempt was", "attempts were"), att.Outcome.Words()))
	case r.Attempts > 0 && alike >= r.Attempts:
		s.giveUp(fmt.Sprintf("%s ended: %s; the policy allows no more of these",
			count(alike, "attempt", "attempts"), att.Outcome.Words()))
	default:
		s.retry(r)
	}
}

func (s *step) retry(r Retry) {
	s.releaseAgent()
	s.enter(Waiting)
	s.pause(s.attempt().EndedAt.Add(r.After))
	anew := r.Anew && s.cb.Verify == ""
	if anew {
		s.park(s.cb.NotBefore)
	} else {
		s.rest()
	}
	s.noteRetry(string(s.attempt().Outcome), r.After, anew)
}

// noteRetry tells until when the promise rests, and after what.
func (s *step) noteRetry(after string, pause time.Duration, anew bool) {
	data := map[string]any{"not_before": stamp(s.cb.NotBefore), "after": after, "retry_after_s": seconds(pause)}
	if anew {
		data["anew"] = true
	}
	s.note(NoteRetry, data)
}

// rest takes the place out of the switch's queue. Who has not confirmed yet that
// they want the call has none.
func (s *step) rest() {
	if s.cb.Verify == "" {
		s.emit(RestPlace{})
	}
}

// pause holds the promise back until a time, and its window's start at least.
func (s *step) pause(until time.Time) {
	if s.cb.Window.From.After(until) {
		until = s.cb.Window.From
	}
	s.cb.NotBefore, s.cb.DelayedBy = until, ""
}

// takePlace asks the line to hold the place. Who waits now does not wait for a
// time to come.
func (s *step) takePlace() {
	s.cb.Placed = true
	if s.cb.PlaceAt.After(s.now) {
		s.cb.PlaceAt = s.now
	}
	s.emit(TakePlace{})
}

// park leaves the place; the next one has an id of its own, for no id is used
// twice, and counts from at.
func (s *step) park(at time.Time) {
	s.emit(LeavePlace{Reason: leaveParked, PlaceID: s.cb.PlaceID})
	s.cb.PlaceID, s.cb.Places = nextPlaceID(s.cb), max(s.cb.Places, 1)+1
	s.cb.Placed, s.cb.PlaceAt = false, at
}

// nextPlaceID is the id of the place after this one: "p1", "p1-2", "p1-3".
func nextPlaceID(cb Callback) string {
	return firstPlaceID(cb) + "-" + strconv.Itoa(max(cb.Places, 1)+1)
}

// placeBefore is the id of the place that was parked for this one; "" when this
// is the first.
func placeBefore(cb Callback) string {
	switch {
	case cb.Places < 2:
		return ""
	case cb.Places == 2:
		return firstPlaceID(cb)
	}
	return firstPlaceID(cb) + "-" + strconv.Itoa(cb.Places-1)
}

func firstPlaceID(cb Callback) string {
	if cb.Places < 2 {
		return cb.PlaceID
	}
	return strings.TrimSuffix(cb.PlaceID, "-"+strconv.Itoa(cb.Places))
}
