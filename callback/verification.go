package callback

import (
	"fmt"

	"github.com/linekeeper/linekeeper/telephony"
)

// A promise that somebody asked for in the name of a number first waits for the
// yes of its owner. Until then it holds no place.

// askForYes is what a promise does at its time that waits for the yes.
func (s *step) askForYes() {
	if s.cb.Verify == VerifyByCode {
		s.giveUp("not confirmed: the code was not given within " + span(seconds(VerifyTimeout)))
		return
	}
	switch d := s.decide(); {
	case d.Refused():
		s.forbid(d)
	case s.cb.VerifyCalls() >= MaxVerifyCalls:
		s.giveUp(fmt.Sprintf("not confirmed: %s asked for a yes", count(MaxVerifyCalls, "call", "calls")))
	case d.Delayed():
		s.delay(d)
	default:
		s.dial()
	}
}

// saidYes is the 1 that was pressed on the question whether the call is wanted.
func (s *step) saidYes() {
	s.endVerifyCall("pressed 1")
	s.verified("call")
}

func (s *step) endVerifyCall(detail string) {
	s.emit(HangUpCustomer{Channel: s.channel(), Why: OutcomeVerified})
	s.endAttempt(OutcomeVerified, detail, telephony.CauseUnknown)
}

// verified lets the promise go on to wait for its window or its place.
func (s *step) verified(by string) {
	s.cb.Verify, s.cb.EndReason = "", ""
	s.note(NoteVerified, map[string]any{"by": by})
	s.goOn()
}

func (s *step) goOn() {
	s.releaseAgent()
	s.enter(Waiting)
	if s.pause(s.now); !s.cb.NotBefore.After(s.now) {
		s.takePlaceAgain()
	}
}
