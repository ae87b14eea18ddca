package callback

import (
	"errors"
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// ErrTransition is wrapped by every error of Step.
var ErrTransition = errors.New("the event makes no sense in this state")

// TransitionError says which event came in which state. It wraps ErrTransition.
type TransitionError struct {
	ID    string
	State State
	Event string // as EventName gives it
	Why   string
}

func (e *TransitionError) Error() string {
	return fmt.Sprintf("callback %s is %s: %s: %v (%s)", e.ID, e.State, e.Event, ErrTransition, e.Why)
}

// Unwrap gives ErrTransition.
func (e *TransitionError) Unwrap() error { return ErrTransition }

// The machine ends by itself only what others should have ended before.
const (
	ringGrace    = 5 * time.Second  // after RingTimeout, with which the switch ends the call
	confirmGrace = 45 * time.Second // after ConfirmTimeout, for a question that is spoken twice
)

// step is one run of the machine: the promise as it becomes, and the commands.
type step struct {
	cb  Callback
	p   Policy
	now time.Time
	out []Command

	basis Basis // of the Due that this is about
}

func (s *step) emit(cmds ...Command) { s.out = append(s.out, cmds...) }

func (s *step) note(typ string, data map[string]any) {
	s.emit(Note{Type: typ, CallbackID: s.cb.ID, At: s.now, Data: data})
}

func (s *step) refuse(ev Event, why string) error {
	return &TransitionError{ID: s.cb.ID, State: s.cb.State, Event: EventName(ev), Why: why}
}

func (s *step) enter(to State) {
	s.cb.State = to
	s.cb.Since = s.now
}

// attempt is the latest one. States in which the machine asks for it have one;
// a record without gets an empty one rather than a crash.
func (s *step) attempt() *Attempt {
	if len(s.cb.Attempts) == 0 {
		return &Attempt{}
	}
	return &s.cb.Attempts[len(s.cb.Attempts)-1]
}

func (s *step) channel() string { return s.attempt().Channel }

// deadline is when a Tick is wanted, zero when only events move the promise.
func (s *step) deadline() time.Time {
	cb := s.cb
	var at time.Time
	switch cb.State {
	case Waiting:
		return soonest(cb.NotBefore, s.expires())
	case Uncertain:
		if s.asks() {
			return soonest(s.nextAsk(), s.expires())
		}
		return s.expires()
	case Shown:
		return cb.AgentSince.Add(s.p.AgentHold)
	case Dialling, Ringing:
		at = s.attempt().At.Add(s.p.RingTimeout + ringGrace)
	case Answered:
		at = cb.Since.Add(s.p.ConfirmTimeout + confirmGrace)
		if s.thoughtMachine() {
			at = s.machineOver()
		}
	case Confirmed:
		if !cb.AgentWaiting() {
			return at
		}
		// Both are there: the time runs from when the later one came.
		if cb.AgentSince.After(cb.Since) {
			return cb.AgentSince.Add(s.p.AgentHold)
		}
		return cb.Since.Add(s.p.AgentHold)
	default:
		return at
	}
	if s.holds() {
		return soonest(at, cb.AgentSince.Add(s.p.AgentHold))
	}
	return at
}

// holds says whether the patience of an agent ends who waits while the customer
// is called. One who comes first by the mode stays until the attempt ends.
func (s *step) holds() bool { return s.cb.AgentWaiting() && s.mode() == CustomerFirst }

// soonest is the earlier of two times; one that is zero does not count.
func soonest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// wake asks for the Tick that the promise needs next. was is the promise before
// the event, before its deadline.
func (s *step) wake(ev Event, was Callback, before time.Time) {
	at := s.deadline()
	anew := !at.Equal(before)
	inLine := s.cb.State == Waiting && s.cb.NotBefore.IsZero()
	switch ev.(type) {
	case Tick, Recovered: // these may put the place into the line
		anew = true
	}
	if inLine && (anew || was.State != Waiting || !was.NotBefore.IsZero()) {
		at, anew = soonest(at, s.p.Closes(s.cb.Callee(), s.now)), true
	}
	if !at.IsZero() && anew {
		s.emit(Wake{At: at})
	}
}

// due calls, unless it is too early.
func (s *step) due(ahead int) {
	switch {
	case s.expire():
	case s.now.Before(s.cb.NotBefore), s.cb.Verify != "":
		s.releaseAgent()
		s.emit(RestPlace{})
	default:
		s.call(ahead, false)
	}
}

// call is the next step towards the customer, unless a rule objects: the agent
// comes first where the mode says so, and may have accepted the promise before.
func (s *step) call(ahead int, accepted bool) {
	d, mode := s.decide(), s.mode()
	switch {
	case d.Refused():
		s.forbid(d)
	case s.cb.Tries() >= s.p.MaxAttempts:
		s.giveUp(fmt.Sprintf("only %s allowed by now", count(s.p.MaxAttempts, "attempt is", "attempts are")))
	case d.Delayed():
		s.releaseAgent()
		s.emit(RestPlace{})
		s.delay(d)
	case mode == CustomerFirst:
		s.noteDue(ahead)
		s.dial()
	case !s.cb.AgentWaiting():
		s.noteDue(ahead)
		s.emit(EnterPlace{})
	case mode == AgentPreview && !accepted:
		s.show()
	default:
		s.dial()
	}
}

// decide asks the rules about a call now.
func (s *step) decide() Decision { return s.p.Decide(s.cb.Callee(), s.now) }

// forbid closes a promise that must not be kept any more.
func (s *step) forbid(d Decision) {
	s.close(Cancelled, d.Message)
	s.note(NoteRefused, map[string]any{
		"number": s.cb.Number, "queue": s.cb.Queue, "rule": string(d.Rule), "message": d.Message,
		"remedy": d.Remedy + ", then ask anew", "inputs": inputs(d.Inputs),
	})
	s.note(NoteCancelled, map[string]any{"by": ByPolicy, "why": ""})
}

// delay lets the promise rest until the rule lets it go; its place keeps its
// time. What is looked at again and again is told once.
func (s *step) delay(d Decision) {
	again := d.Rule.endless() && s.cb.DelayedBy == d.Rule
	s.cb.NotBefore, s.cb.DelayedBy = d.Until, d.Rule
	if !again {
		n := delayedNote(s.cb, d, s.now)
		s.note(n.Type, n.Data)
	}
}

// most is how many attempts the promise may have, those that ask for a yes
// among them.
func (s *step) most() int {
	if s.attempt().Verify {
		return MaxVerifyCalls
	}
	return s.p.MaxAttempts + s.cb.VerifyCalls()
}

func (s *step) dial() {
	n := len(s.cb.Attempts) + 1
	att := Attempt{N: n, Channel: ChannelID(s.cb.ID, n), At: s.now, Outcome: OutcomePending, Verify: s.cb.Verify != ""}
	s.cb.Attempts = append(s.cb.Attempts, att)
	s.cb.NotBefore, s.cb.DelayedBy = time.Time{}, ""
	s.enter(Dialling)
	data := map[string]any{
		"attempt": n, "of": s.most(), "number": s.cb.Number, "channel": att.Channel,
		"ring_timeout_s": seconds(s.p.RingTimeout),
	}
	if att.Verify {
		data["verify"] = true
	}
	if s.cb.Campaign != "" {
		data["campaign"] = s.cb.Campaign // the caps are counted from this after a restart
	}
	s.note(NoteDialling, data)
	if s.cb.AgentWaiting() {
		s.emit(TellAgent{})
	}
	s.emit(Dial{Attempt: n, Channel: att.Channel, Number: s.cb.Number, Timeout: s.p.RingTimeout})
}

func (s *step) dialRefused(ev DialRefused) {
	if ev.Retryable {
		// Should the switch have dialled all the same, nobody is to hear it.
		s.emit(HangUpCustomer{Channel: s.channel(), Why: OutcomeFailed})
		s.fail(OutcomeFailed, ev.Err, telephony.CauseUnknown)
		return
	}
	s.endAttempt(OutcomeFailed, ev.Err, telephony.CauseUnknown)
	s.giveUp("the switch will never take this call: " + ev.Err)
}

func (s *step) ended(ev Ended) {
	detail := ev.Detail
	if detail == "" {
		detail = ev.Cause.String()
	}
	if s.thoughtMachine() {
		s.fail(OutcomeMachine, detail, ev.Cause)
		return
	}
	s.fail(OutcomeOf(ev.Cause, s.cb.State), detail, ev.Cause)
}

// fail ends the attempt and decides by the policy what follows.
func (s *step) fail(o Outcome, detail string, cause telephony.Cause) {
	s.endAttempt(o, detail, cause)
	s.afterFailure()
}

func (s *step) endAttempt(o Outcome, detail string, cause telephony.Cause) {
	att := s.attempt()
	att.Outcome, att.Detail, att.EndedAt = o, detail, s.now
	data := map[string]any{"attempt": att.N, "of": s.most(), "outcome": string(o), "detail": detail}
	if cause != telephony.CauseUnknown {
		data["cause"] = int(cause)
	}
	s.note(NoteAttempt, data)
}

// takePlaceAgain ends a rest or a sleep, unless a rule objects: then the place
// stays out of the line, so that no agent is rung for nobody.
func (s *step) takePlaceAgain() {
	if s.cb.Verify != "" {
		s.askForYes()
		return
	}
	switch d := s.decide(); {
	case d.Refused():
		s.forbid(d)
	case d.Delayed():
		if d.Rule.endless() && !s.cb.Placed {
			s.cb.Placed = true // whoever ends it wakes those who hold a place
			s.emit(TakePlace{})
		}
		s.emit(RestPlace{})
		s.delay(d)
	default:
		s.cb.NotBefore = time.Time{}
		if s.cb.DelayedBy == RulePaused { // that is over, and the next pause is told anew
			s.cb.DelayedBy = ""
		}
		s.takePlace()
	}
}

// lookAtHours takes the place out of the line when the hours are over before it
// came up, or the queue is paused: no agent is to be rung for nobody.
func (s *step) lookAtHours() {
	if d := s.decide(); d.Delayed() && (d.Rule == RuleHours || d.Rule == RulePaused) {
		s.emit(RestPlace{})
		s.delay(d)
	}
}

func (s *step) giveUp(reason string) {
	s.close(GivenUp, reason)
	s.note(NoteGivenUp, map[string]any{"reason": reason, "attempts": len(s.cb.Attempts)})
}

func (s *step) cancel(ev Cancel) {
	switch s.cb.State {
	case Dialling, Ringing, Answered, Confirmed:
		s.emit(HangUpCustomer{Channel: s.channel(), Why: OutcomeCancelled})
		s.endAttempt(OutcomeCancelled, "", telephony.CauseUnknown)
	}
	s.close(Cancelled, cancelWords(ev.By, ev.Why))
	s.note(NoteCancelled, map[string]any{"by": ev.By, "why": ev.Why})
}

// close ends the promise and its place; the note is the caller's.
func (s *step) close(to State, reason string) {
	s.releaseAgent()
	s.enter(to)
	s.emit(s.leave())
	s.cb.Placed = false
	s.cb.EndedAt, s.cb.EndReason, s.cb.NotBefore, s.cb.DelayedBy = s.now, reason, time.Time{}, ""
}

func (s *step) hangUp() {
	if ch := s.channel(); ch != "" {
		s.emit(HangUpCustomer{Channel: ch, Why: s.attempt().Outcome})
	}
}

// leave ends the place of a promise that is closed.
func (s *step) leave() LeavePlace {
	reason := leaveByChoice
	switch s.cb.State {
	case Done:
		reason = leaveServed
	case GivenUp:
		reason = leaveFailed
	}
	return LeavePlace{Reason: reason, PlaceID: s.cb.PlaceID}
}
