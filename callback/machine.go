package callback

import (
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// A hint of the switch that a machine answered is no more than that: a person who
// was taken for one may still press 1.
const (
	machineGrace = 8 * time.Second // from the hint, so that the question was heard once
	messageGrace = time.Minute     // from the hint, for the machine's greeting and our message
)

// maxAgentsLost is how many agents may be lost after the customer's yes before
// the attempt ends with a word of regret.
const maxAgentsLost = 3

// leavesMessage says whether the machine that answered is spoken to. One that is
// asked whether a call is wanted at all is not.
func (s *step) leavesMessage() bool { return s.p.Machine == MachineMessage && !s.attempt().Verify }

// machineOver is when whoever was taken for a machine has had their time.
func (s *step) machineOver() time.Time {
	if s.leavesMessage() {
		return s.attempt().Machine.Add(messageGrace)
	}
	return s.attempt().Machine.Add(machineGrace)
}

func (s *step) thoughtMachine() bool { return s.cb.State == Answered && !s.attempt().Machine.IsZero() }

// machine takes the hint. No agent waits for a machine.
func (s *step) machine() {
	if s.thoughtMachine() {
		return
	}
	s.attempt().Machine = s.now
	s.note(NoteMachine, map[string]any{
		"attempt": s.attempt().N, "after_s": seconds(s.now.Sub(s.cb.Since)), "message": s.leavesMessage(),
	})
	if s.cb.AgentWaiting() {
		s.releaseAgent()
		s.emit(RestPlace{})
	}
	if s.leavesMessage() {
		s.emit(LeaveMessage{Channel: s.channel()})
	}
}

// machineEnds ends an attempt that a machine answered.
func (s *step) machineEnds(detail string) {
	s.emit(HangUpCustomer{Channel: s.channel(), Why: OutcomeMachine})
	s.fail(OutcomeMachine, detail, telephony.CauseUnknown)
}

// loseAgent is for a customer who said yes and whose agent is gone before a
// word: back into line, but not for ever.
func (s *step) loseAgent() {
	if s.attempt().Lost++; s.attempt().Lost < maxAgentsLost {
		s.backIntoLine()
		return
	}
	s.emit(HangUpCustomer{Channel: s.channel(), Why: OutcomeAgentLost})
	s.fail(OutcomeAgentLost, count(maxAgentsLost, "agent was", "agents were")+" lost", telephony.CauseUnknown)
}
