package callback

import (
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// The steps of an attempt after the dial: question, agent, conversation, and
// what a restart makes of them.

func (s *step) pickUp() {
	s.enter(Answered)
	s.note(NoteAnswered, map[string]any{"attempt": s.attempt().N, "rang_s": seconds(s.now.Sub(s.attempt().At))})
	s.emit(Greet{Channel: s.channel(), Verify: s.attempt().Verify})
}

func (s *step) accept() {
	s.attempt().Machine = time.Time{} // a key was pressed: a person after all
	if s.attempt().Verify {
		s.saidYes()
		return
	}
	s.note(NoteConfirmed, map[string]any{
		"attempt": s.attempt().N, "after_s": seconds(s.now.Sub(s.cb.Since)), "agent_waiting": s.cb.AgentWaiting(),
	})
	s.enter(Confirmed)
	if s.cb.AgentWaiting() {
		s.emit(ConnectAgent{})
		return
	}
	s.takePlace()
	s.emit(EnterPlace{})
}

// backIntoLine is for a customer whose agent was lost. The line may not know yet
// that the agent left, so the place is freed first.
func (s *step) backIntoLine() {
	s.emit(RestPlace{})
	s.takePlace()
	s.emit(EnterPlace{})
}

func (s *step) decline() {
	s.emit(HangUpCustomer{Channel: s.channel(), Why: OutcomeDeclined})
	s.endAttempt(OutcomeDeclined, "pressed 9", telephony.CauseUnknown)
	s.close(Cancelled, "the customer pressed 9")
	s.note(NoteCancelled, map[string]any{"by": ByCustomer, "why": "pressed 9"})
}

func (s *step) noKey() {
	if s.thoughtMachine() {
		s.machineEnds("nobody pressed a key")
		return
	}
	s.emit(HangUpCustomer{Channel: s.channel(), Why: OutcomeNoKey})
	s.fail(OutcomeNoKey, "perhaps a machine", telephony.CauseUnknown)
}

func (s *step) tickCalling() {
	switch {
	case s.cb.State == Answered && !s.now.Before(s.questionOver()):
		s.noKey()
	case s.cb.State != Answered && !s.now.Before(s.attempt().At.Add(s.p.RingTimeout+ringGrace)):
		s.emit(HangUpCustomer{Channel: s.channel(), Why: OutcomeNoAnswer})
		s.fail(OutcomeNoAnswer, "the switch did not end the call in time", telephony.CauseUnknown)
	case s.holds() && !s.now.Before(s.cb.AgentSince.Add(s.p.AgentHold)):
		s.releaseAgent()
		s.emit(RestPlace{})
	}
}

// questionOver is when a question without an answer is over, whoever speaks it.
func (s *step) questionOver() time.Time {
	if s.thoughtMachine() {
		return s.machineOver()
	}
	return s.cb.Since.Add(s.p.ConfirmTimeout + confirmGrace)
}

func (s *step) agentTook() {
	if s.cb.AgentWaiting() {
		return
	}
	s.cb.AgentSince = s.now
	s.note(NoteAgentTook, map[string]any{"state": string(s.cb.State)})
}

// releaseAgent lets the agent go who waits in vain, if there is one.
func (s *step) releaseAgent() {
	if !s.cb.AgentWaiting() {
		return
	}
	s.note(NoteAgentReleased, map[string]any{"waited_s": seconds(s.now.Sub(s.cb.AgentSince))})
	s.emit(ReleaseAgent{})
	s.cb.AgentSince = time.Time{}
}

func (s *step) agentLost() {
	if !s.cb.AgentWaiting() {
		return
	}
	s.note(NoteAgentLost, map[string]any{"waited_s": seconds(s.now.Sub(s.cb.AgentSince))})
	s.cb.AgentSince = time.Time{}
}

func (s *step) placeLost(reason string) {
	s.agentLost()
	s.cb.Placed = false
	s.note(NotePlaceOver, map[string]any{"reason": reason})
}

// placeLostWaiting: the line may take it again later; this is no attempt.
func (s *step) placeLostWaiting(reason string) {
	s.placeLost(reason)
	if again := s.now.Add(s.p.RetryAfter); s.cb.NotBefore.Before(again) {
		s.pause(again)
		s.noteRetry("place_over", s.p.RetryAfter, false)
	}
}

// placeOverConfirmed: the line ended the place of a customer who waits in it.
func (s *step) placeOverConfirmed(ev PlaceOver) error {
	switch {
	case s.cb.AgentWaiting(): // the agent hung up at the very moment: back into line
		s.placeLost(ev.Reason)
		s.loseAgent()
	case ev.Reason == leaveServed: // the echo of an agent who was lost before
		return s.refuse(ev, "no agent is on the place")
	default:
		s.placeLost(ev.Reason)
		s.emit(HangUpCustomer{Channel: s.channel(), Why: OutcomeNoAgent})
		s.fail(OutcomeNoAgent, ev.Reason, telephony.CauseUnknown)
	}
	return nil
}

func (s *step) connect(agent string) {
	data := map[string]any{"attempt": s.attempt().N, "agent": agent, "waited_s": seconds(s.now.Sub(s.cb.Since))}
	if s.cb.AgentWaiting() {
		data["agent_waited_s"] = seconds(s.now.Sub(s.cb.AgentSince))
	}
	s.note(NoteConnected, data)
	s.attempt().Outcome = OutcomeConnected
	s.enter(Connected)
	s.cb.ConnectedAt, s.cb.Agent, s.cb.AgentSince = s.now, agent, time.Time{}
}

// keep closes a promise whose conversation took place.
func (s *step) keep(customerOnLine bool) {
	if customerOnLine {
		s.hangUp()
	}
	s.attempt().EndedAt = s.now
	s.close(Done, "")
	s.note(NoteDone, map[string]any{"agent": s.cb.Agent, "talked_s": seconds(s.now.Sub(s.cb.ConnectedAt))})
}

// recoverLeg brings an attempt whose leg lives up to what the switch shows.
func (s *step) recoverLeg(ev Recovered) {
	s.recoverAgent(ev.AgentThere)
	s.note(NoteRecovered, map[string]any{"attempt": s.attempt().N, "channel": legWords[ev.Channel]})
	switch {
	case s.cb.State == Answered:
		s.cb.Since, s.attempt().Machine = s.now, time.Time{} // the question is asked anew, and so its time
		s.emit(Greet{Channel: s.channel(), Verify: s.attempt().Verify})
	case ev.Channel == telephony.StateUp:
		s.pickUp()
	case ev.Channel == telephony.StateRinging && s.cb.State == Dialling:
		s.enter(Ringing)
		s.note(NoteRinging, map[string]any{"attempt": s.attempt().N})
	}
}

var legWords = map[telephony.ChannelState]string{
	telephony.StateDown: "dialling", telephony.StateRinging: "ringing", telephony.StateUp: "answered",
}

func (s *step) recoverConfirmed(ev Recovered) {
	switch {
	case ev.ChannelAlive:
	case ev.MayTalk && s.cb.AgentWaiting():
		s.untold()
		return
	default:
		s.ended(Ended{Detail: detailAway})
		return
	}
	s.recoverAgent(ev.AgentThere)
	if s.cb.AgentWaiting() {
		s.emit(ConnectAgent{})
		return
	}
	s.takePlace()
	s.emit(EnterPlace{})
}

func (s *step) recoverWaiting(ev Recovered) {
	if last, ok := s.cb.Last(); ok && ev.ChannelAlive {
		if last.Outcome == OutcomeUnconfirmed {
			s.resume(ev)
			return
		}
		s.hangUp()
	}
	s.recoverAgent(ev.AgentThere)
	if old := placeBefore(s.cb); old != "" && !s.cb.Placed { // the stop may have come before it was left
		s.emit(LeavePlace{Reason: leaveParked, PlaceID: old})
	}
	switch {
	case s.cb.AgentWaiting():
		s.due(0)
	case s.expire():
	case s.now.Before(s.cb.NotBefore):
		s.rest()
	default:
		s.takePlaceAgain()
	}
}

func (s *step) recoverAgent(there bool) {
	if there {
		s.agentTook()
		return
	}
	s.agentLost()
}
