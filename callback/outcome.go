package callback

import "github.com/linekeeper/linekeeper/telephony"

// OutcomeOf says what a cause of ITU-T Q.850 means for an attempt that had got
// as far as state.
func OutcomeOf(cause telephony.Cause, state State) Outcome {
	switch state {
	case Connected:
		return OutcomeConnected
	case Confirmed:
		return OutcomeAbandoned
	case Answered:
		return outcomeAnswered(cause)
	}
	return outcomeUnanswered(cause, state)
}

// outcomeAnswered is about a leg that ended during the question. A normal
// clearing is somebody's decision; without a cause nothing more can be said
// than that no key was pressed.
func outcomeAnswered(cause telephony.Cause) Outcome {
	switch cause {
	case telephony.CauseNormal, telephony.CauseNormalOther:
		return OutcomeDeclined
	case telephony.CauseUnknown:
		return OutcomeNoKey
	}
	return OutcomeFailed
}

// outcomeUnanswered is about a leg that nobody answered. The numbers without a
// name are Q.850's 2 and 3 no route, 22 number changed, 27 destination out of
// order, and 34 to 47 but 38, the class "resource unavailable".
func outcomeUnanswered(cause telephony.Cause, state State) Outcome {
	switch cause {
	case telephony.CauseBusy:
		return OutcomeBusy
	case telephony.CauseNoUserResponse, telephony.CauseNoAnswer, telephony.CauseSubscriberAbsent,
		telephony.CauseNormal, telephony.CauseNormalOther: // our own ring time-out clears normally
		return OutcomeNoAnswer
	case telephony.CauseRejected:
		return OutcomeRejected
	case telephony.CauseUnallocated, telephony.CauseInvalidNumber, 22:
		return OutcomeInvalid
	case 2, telephony.CauseNoRoute, 27:
		return OutcomeCongestion
	case telephony.CauseUnknown:
		if state == Ringing {
			return OutcomeNoAnswer
		}
		return OutcomeFailed
	}
	if cause >= telephony.CauseCongestion && cause <= 47 {
		return OutcomeCongestion
	}
	return OutcomeFailed
}

// words are the outcomes in plain English, to follow "the last one ended: ".
var words = map[Outcome]string{
	OutcomePending:     "under way",
	OutcomeConnected:   "talked with an agent",
	OutcomeBusy:        "busy",
	OutcomeNoAnswer:    "no answer",
	OutcomeNoKey:       "answered, but nobody pressed 1",
	OutcomeMachine:     "answered by a machine",
	OutcomeVerified:    "said yes, the call itself follows",
	OutcomeDeclined:    "declined",
	OutcomeRejected:    "the far end refused the call",
	OutcomeInvalid:     "there is no such number",
	OutcomeCongestion:  "the way there is full or broken",
	OutcomeFailed:      "the switch could not do it",
	OutcomeAbandoned:   "hung up before an agent came",
	OutcomeNoAgent:     "the queue ended without an agent",
	OutcomeAgentLost:   "the agents were lost before a word",
	OutcomeUnconfirmed: "not known, linekeeper was away",
	OutcomeCancelled:   "cancelled",
}

// Words returns the outcome in a few plain words of English.
func (o Outcome) Words() string {
	if w, ok := words[o]; ok {
		return w
	}
	return string(o)
}
