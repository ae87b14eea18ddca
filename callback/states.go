package callback

import (
	"fmt"
	"slices"
	"time"
)

// Step moves a promise on by one event. It returns the promise as it must be
// saved, and what to do once it is saved. An event that makes no sense in its
// state gives an error that wraps ErrTransition, the promise as it was and no
// commands: nothing happened, and the caller may go on. cb is never modified.
//
// There is one function for each state below; Transitions lists what they do.
func Step(cb Callback, ev Event, p Policy, now time.Time) (Callback, []Command, error) {
	s := &step{cb: cb, p: p.WithDefaults(), now: now}
	s.cb.Attempts = slices.Clone(cb.Attempts)
	before := s.deadline()
	if err := s.route(ev); err != nil {
		return cb, nil, err
	}
	s.wake(ev, cb, before)
	return s.cb, s.out, nil
}

func (s *step) route(ev Event) error {
	if moved, ok := ev.(Moved); ok && s.cb.Open() {
		return s.moved(moved)
	}
	if over, ok := ev.(PlaceOver); ok && over.Reason == leaveParked {
		return s.refuse(ev, "it left that place itself")
	}
	if leg := legOf(ev); leg != "" && leg != s.channel() {
		return s.stale(ev, leg)
	}
	switch s.cb.State {
	case Waiting:
		return s.waiting(ev)
	case Dialling:
		return s.dialling(ev)
	case Ringing:
		return s.ringing(ev)
	case Answered:
		return s.answered(ev)
	case Shown:
		return s.shown(ev)
	case Confirmed:
		return s.confirmed(ev)
	case Connected:
		return s.connected(ev)
	case Uncertain:
		return s.uncertain(ev)
	case Done, GivenUp, Cancelled:
		return s.closed(ev)
	}
	return s.refuse(ev, fmt.Sprintf("there is no state %q", s.cb.State))
}

// moved: the same in every open state, the promise goes with its place. Only who
// talks already can be sent on.
func (s *step) moved(ev Moved) error {
	if ev.SentOn && s.cb.State != Connected {
		return s.refuse(ev, "nobody talks")
	}
	s.cb.Queue, s.cb.SentOn = ev.Queue, ev.SentOn
	if !ev.PlaceAt.IsZero() {
		s.cb.PlaceAt = ev.PlaceAt
	}
	if s.cb.State == Shown { // it waits there for another agent
		s.agentLost()
		s.enter(Waiting)
	}
	return nil
}

// waiting: the promise has its place, or waits for the time of its next attempt,
// or sleeps until its window without a place.
func (s *step) waiting(ev Event) error {
	switch ev := ev.(type) {
	case Due:
		s.basis = ev.Basis
		s.due(ev.Ahead)
	case AgentTook: // the agent was faster than Due
		s.agentTook()
		s.due(0)
	case PlaceOver:
		s.placeLostWaiting(ev.Reason)
	case Tick:
		switch {
		case s.expire():
		case s.cb.NotBefore.IsZero():
			s.lookAtHours()
		case !s.now.Before(s.cb.NotBefore), s.resumed():
			s.takePlaceAgain()
		}
	case Cancel:
		s.cancel(ev)
	case Postpone:
		return s.postpone(ev)
	case Hasten:
		return s.hasten(ev)
	case Verified:
		if s.cb.Verify == "" {
			return s.refuse(ev, "no such word is wanted")
		}
		s.verified(ev.By, 0)
	case Recovered:
		s.recoverWaiting(ev)
	case PhoneRings, PickedUp:
		s.late(ev)
	case Ended, AgentLost: // the echo of what this side ended
	default:
		return s.refuse(ev, "no attempt is under way")
	}
	return nil
}

// dialling: the intent is on disk and the switch may have been asked.
func (s *step) dialling(ev Event) error {
	switch ev := ev.(type) {
	case DialExists: // asked before; its events tell the rest
	case DialRefused:
		s.dialRefused(ev)
	case PhoneRings:
		s.enter(Ringing)
		s.note(NoteRinging, map[string]any{"attempt": s.attempt().N})
	case PickedUp:
		s.pickUp()
	case Recovered:
		if !ev.ChannelAlive {
			s.unconfirmed()
			return nil
		}
		s.recoverLeg(ev)
	default:
		return s.calling(ev)
	}
	return nil
}

// ringing: the customer's phone rings.
func (s *step) ringing(ev Event) error {
	switch ev := ev.(type) {
	case PhoneRings, DialExists: // told again
	case PickedUp:
		s.pickUp()
	case Recovered:
		if !ev.ChannelAlive {
			s.ended(Ended{Detail: detailAway})
			return nil
		}
		s.recoverLeg(ev)
	default:
		return s.calling(ev)
	}
	return nil
}

// answered: somebody or something picked up and is asked to press 1.
func (s *step) answered(ev Event) error {
	switch ev := ev.(type) {
	case PickedUp, PhoneRings, DialExists: // told again, or late
	case Accepted:
		s.accept()
	case Declined:
		s.decline()
	case NoKey:
		if !s.thoughtMachine() || !s.leavesMessage() { // else the message is being spoken
			s.noKey()
		}
	case Machine:
		s.machine()
	case MessageLeft:
		if !s.thoughtMachine() {
			return s.refuse(ev, "nobody took it for a machine")
		}
		s.machineEnds("message left")
	case Recovered:
		if !ev.ChannelAlive {
			s.ended(Ended{Detail: detailAway})
			return nil
		}
		s.recoverLeg(ev)
	default:
		return s.calling(ev)
	}
	return nil
}

// calling is what Dialling, Ringing and Answered have in common: the customer
// is not there yet, and an agent may come and go meanwhile.
func (s *step) calling(ev Event) error {
	switch ev := ev.(type) {
	case Ended:
		s.ended(ev)
	case AgentTook:
		s.agentTook()
		if s.thoughtMachine() {
			s.releaseAgent()
			s.emit(RestPlace{})
			return nil
		}
		s.emit(TellAgent{})
	case AgentLost:
		s.agentLost()
		s.emit(RestPlace{})
	case Verified:
		if !s.attempt().Verify {
			return s.refuse(ev, "no such word is wanted")
		}
		s.endVerifyCall("confirmed by " + ev.By)
		s.verified(ev.By, goodbye)
	case PlaceOver: // the customer's yes will take it again, for the same time
		s.placeLost(ev.Reason)
	case Cancel:
		s.cancel(ev)
	case Tick:
		s.tickCalling()
	default:
		return s.refuse(ev, "the customer is still being called")
	}
	return nil
}

// confirmed: the customer said yes and waits for the agent.
func (s *step) confirmed(ev Event) error {
	switch ev := ev.(type) {
	case AgentTook:
		s.agentTook()
		s.emit(ConnectAgent{})
	case AgentLost:
		if !s.cb.AgentWaiting() {
			s.backIntoLine() // an echo; asked for again, in case
			return nil
		}
		s.agentLost()
		s.loseAgent()
	case ConversationStarted:
		s.connect(ev.Agent)
	case PlaceOver:
		return s.placeOverConfirmed(ev)
	case Ended:
		s.ended(ev)
	case Declined:
		s.decline()
	case Cancel:
		s.cancel(ev)
	case Tick:
		if !s.now.Before(s.deadline()) && s.cb.AgentWaiting() { // never connected: back into line
			s.releaseAgent()
			s.loseAgent()
		}
	case Accepted, PickedUp, PhoneRings, DialExists, Machine, NoKey: // told again, or late: a key says more
	case Recovered:
		s.recoverConfirmed(ev)
	default:
		return s.refuse(ev, "the customer waits for an agent")
	}
	return nil
}

// connected: customer and agent talk, or the customer was sent on and waits for
// the next agent.
func (s *step) connected(ev Event) error {
	switch ev := ev.(type) {
	case AgentTook:
		if s.cb.SentOn {
			s.emit(ConnectAgent{})
		}
	case ConversationStarted:
		s.cb.SentOn = false
		if ev.Agent != "" {
			s.cb.Agent = ev.Agent
		}
	case Ended:
		s.keep(false)
	case ConversationOver, AgentLost, PlaceOver:
		s.keep(true)
	case Tick:
	case Recovered:
		if !ev.ChannelAlive || !ev.AgentThere && !s.cb.SentOn {
			s.keep(ev.ChannelAlive)
		}
	default:
		return s.refuse(ev, "the conversation goes on")
	}
	return nil
}

// uncertain: nobody knows whether the customer was called, and an operator
// decides, or the switch as long as the call may still come. A sign of life of the
// attempt's leg answers the question, too.
func (s *step) uncertain(ev Event) error {
	switch ev := ev.(type) {
	case Resolve:
		return s.resolve(ev)
	case Cancel:
		s.cancel(ev)
	case PhoneRings, PickedUp:
		s.late(ev)
	case Recovered:
		s.recoverUncertain(ev)
	case Due:
		s.emit(RestPlace{})
	case AgentTook:
		s.agentTook()
		s.releaseAgent()
		s.emit(RestPlace{})
	case Verified:
		if s.cb.Verify == "" {
			return s.refuse(ev, "no such word is wanted")
		}
		s.verified(ev.By, goodbye) // the call that nobody knows of may still ring
	case Tick:
		s.tickUncertain()
	case PlaceOver:
		s.cb.Placed = false
	case Ended, AgentLost: // nothing to do before the decision
	default:
		return s.refuse(ev, "an operator has to resolve the last attempt first")
	}
	return nil
}

// closed: nothing is to happen any more, and whatever still does is ended.
func (s *step) closed(ev Event) error {
	switch ev := ev.(type) {
	case PhoneRings, PickedUp:
		s.hangUp()
	case Recovered:
		if ev.ChannelAlive {
			s.hangUp()
		}
		s.emit(s.leave())
	case Due:
		s.emit(s.leave())
	case AgentTook:
		s.emit(ReleaseAgent{}, s.leave())
	case Ended, AgentLost, ConversationOver, PlaceOver, Moved, Tick: // the echo of the end
	default:
		return s.refuse(ev, "it is over")
	}
	return nil
}

const detailAway = "it ended while linekeeper was away"
