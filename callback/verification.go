package callback

import (
	"fmt"
	"time"

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

// goodbye is for how long the leg of a call that asked for the yes may still be
// there for its last words. The customer is not called before it is over: two
// calls of ours to one phone at once would be one too many.
const goodbye = 15 * time.Second

// saidYes is the 1 that was pressed on the question whether the call is wanted.
func (s *step) saidYes() {
	s.endVerifyCall("pressed 1")
	s.verified("call", goodbye)
}

func (s *step) endVerifyCall(detail string) {
	s.emit(HangUpCustomer{Channel: s.channel(), Why: OutcomeVerified})
	s.endAttempt(OutcomeVerified, detail, telephony.CauseUnknown)
}

// verified lets the promise go on to wait for its window or its place, after a
// while.
func (s *step) verified(by string, after time.Duration) {
	s.cb.Verify, s.cb.EndReason = "", ""
	s.note(NoteVerified, map[string]any{"by": by})
	s.goOn(s.now.Add(after))
}

func (s *step) goOn(at time.Time) {
	s.releaseAgent()
	s.enter(Waiting)
	if s.pause(at); !s.cb.NotBefore.After(s.now) {
		s.takePlaceAgain()
	}
}
