package callback

import (
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// An attempt is uncertain when linekeeper was away and the switch cannot tell what
// became of it. What follows is the policy's; a call in silence never does.

// askAgain is how often the switch is asked once the time of AskSwitch is over, until
// it has answered.
const askAgain = 15 * time.Second

// unconfirmed: linekeeper was away while dialling, and there is no such leg. The
// switch may never have been asked, or the customer's phone may have rung.
func (s *step) unconfirmed() {
	s.endAttempt(OutcomeUnconfirmed, "the switch has no such call", telephony.CauseUnknown)
	s.note(NoteUncertain, map[string]any{"attempt": s.attempt().N, "policy": string(s.p.Uncertain), "about": aboutCall})
	switch s.p.Uncertain {
	case CountAsTry:
		s.afterFailure()
	case AskSwitch:
		s.hold("it is not known whether the customer was called; the switch is asked again")
		s.emit(LookAgain{})
	default:
		s.hold("it cannot be known whether the customer was called; an operator decides")
	}
}

// untold: linekeeper was away while an agent was being connected, and the customer's
// leg is gone: before a word, or after a talk. The switch has no more to say about a
// leg that was there, so it is not asked again.
func (s *step) untold() {
	policy := s.p.Uncertain
	if policy == AskSwitch {
		policy = CountAsTry
	}
	s.endAttempt(OutcomeUnconfirmed, "an agent was being connected, and the customer's leg is gone", telephony.CauseUnknown)
	s.note(NoteUncertain, map[string]any{"attempt": s.attempt().N, "policy": string(policy), "about": aboutTalk})
	s.emit(ReleaseAgent{}) // how long they waited for the customer is not known either
	s.cb.AgentSince = time.Time{}
	if policy == CountAsTry {
		s.afterFailure()
		return
	}
	s.hold("it cannot be known whether customer and agent have talked; an operator decides")
}

// What cannot be known, as NoteUncertain has it.
const (
	aboutCall = "call" // whether the customer was called
	aboutTalk = "talk" // whether customer and agent have talked
)

// hold lets the promise be until somebody knows more.
func (s *step) hold(why string) {
	s.releaseAgent()
	s.rest()
	s.enter(Uncertain)
	s.cb.EndReason = why
}

// asks says whether it is the switch that has to tell of an uncertain attempt.
func (s *step) asks() bool { return s.p.Uncertain == AskSwitch }

// asksUntil is when a call that was on its way to the switch is over, had it come
// there: it has rung for as long as it may.
func (s *step) asksUntil() time.Time { return s.cb.Since.Add(s.p.RingTimeout + ringGrace) }

// nextAsk is when the switch is to be asked; again and again once the time is over.
func (s *step) nextAsk() time.Time {
	if at := s.asksUntil(); s.now.Before(at) {
		return at
	}
	return s.now.Add(askAgain)
}

// tickUncertain asks for the switch's last word. It counts when it has come.
func (s *step) tickUncertain() {
	if !s.expire() && s.asks() && !s.now.Before(s.asksUntil()) {
		s.emit(LookAgain{})
	}
}

// recoverUncertain is the switch's word.
func (s *step) recoverUncertain(ev Recovered) {
	switch {
	case ev.ChannelAlive:
		s.resume(ev)
	case s.asks() && !s.now.Before(s.asksUntil()):
		s.cb.EndReason = ""
		s.note(NoteResolved, map[string]any{
			"attempt": s.attempt().N, "outcome": string(OutcomeUnconfirmed), "by": bySwitch, "after_s": seconds(s.now.Sub(s.cb.Since)),
		})
		s.counted()
	default:
		s.rest()
	}
}

// bySwitch is who resolves an uncertain attempt by showing no leg of it.
const bySwitch = "switch"

func (s *step) resolve(ev Resolve) error {
	_, known := words[ev.Outcome]
	unfit := ev.Outcome == OutcomeVerified && !s.attempt().Verify
	if !known || unfit || ev.Outcome == OutcomePending || ev.Outcome == OutcomeUnconfirmed {
		return s.refuse(ev, fmt.Sprintf("%q does not resolve it", ev.Outcome))
	}
	att := s.attempt()
	att.Outcome, att.Detail = ev.Outcome, "resolved by "+ev.By
	s.cb.EndReason = ""
	s.note(NoteResolved, map[string]any{"attempt": att.N, "outcome": string(ev.Outcome), "by": ev.By})
	switch ev.Outcome {
	case OutcomeConnected:
		s.close(Done, "the customer was reached, says "+ev.By)
		s.note(NoteDone, map[string]any{"by": ev.By})
	case OutcomeVerified:
		s.verified(ev.By, 0)
	case OutcomeCancelled:
		s.close(Cancelled, cancelWords(ev.By, ""))
		s.note(NoteCancelled, map[string]any{"by": ev.By, "why": ""})
	default:
		s.counted()
	}
	return nil
}

// counted goes on after an attempt that counts as a try. The decision may have taken
// longer than the pause.
func (s *step) counted() {
	s.afterFailure()
	if s.cb.State == Waiting && !s.now.Before(s.cb.NotBefore) {
		s.takePlaceAgain()
	}
}

// resume takes up an attempt that was thought uncertain: its leg lives.
func (s *step) resume(ev Recovered) {
	att := s.attempt()
	att.Outcome, att.Detail, att.EndedAt = OutcomePending, "", time.Time{}
	s.cb.NotBefore, s.cb.DelayedBy, s.cb.EndReason = time.Time{}, "", ""
	s.enter(Dialling)
	s.recoverLeg(ev)
}
