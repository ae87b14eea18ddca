// Package callback keeps promises to call people back: who may be called, when,
// how often it was tried, and what became of it. It is pure: events and the
// time come in as arguments, commands go out as values.
package callback

import "time"

// State is where a promise stands; states.go holds the machine.
type State string

// The states of a promise.
const (
	Waiting   State = "waiting"   // has its place, or waits for the time of the next attempt
	Dialling  State = "dialling"  // the intent to dial is on disk; the switch may have been asked
	Ringing   State = "ringing"   // the customer's phone rings
	Answered  State = "answered"  // somebody answered and is asked to press 1
	Confirmed State = "confirmed" // pressed 1 and waits for the agent
	Connected State = "connected" // talks with the agent
	Done      State = "done"      // the promise is kept
	GivenUp   State = "given_up"  // all attempts are used up
	Cancelled State = "cancelled" // by the customer, an operator, or because it was served otherwise
	Uncertain State = "uncertain" // it cannot be known whether the customer was called
)

// Outcome is what became of one attempt.
type Outcome string

// The outcomes of an attempt. OutcomePending is one under way.
const (
	OutcomePending     Outcome = "pending"
	OutcomeConnected   Outcome = "connected"  // talked with an agent
	OutcomeBusy        Outcome = "busy"       //
	OutcomeNoAnswer    Outcome = "no_answer"  //
	OutcomeNoKey       Outcome = "no_key"     // answered, but nobody pressed 1: perhaps a machine
	OutcomeDeclined    Outcome = "declined"   // the customer pressed 9 or hung up on the question
	OutcomeRejected    Outcome = "rejected"   // the far end refused the call
	OutcomeInvalid     Outcome = "invalid"    // there is no such number
	OutcomeCongestion  Outcome = "congestion" // the way there is full or broken
	OutcomeFailed      Outcome = "failed"     // the switch could not do it
	OutcomeAbandoned   Outcome = "abandoned"  // confirmed, then hung up before an agent came
	OutcomeNoAgent     Outcome = "no_agent"   // confirmed, but the queue ended without an agent
	OutcomeUnconfirmed Outcome = "uncertain"  // linekeeper stopped while dialling and the switch cannot tell
	OutcomeCancelled   Outcome = "cancelled"  // the promise was cancelled while dialling
)

// Attempt is one try to reach the customer.
type Attempt struct {
	N       int       `json:"n"`       // from 1
	Channel string    `json:"channel"` // the channel id it has on the switch
	At      time.Time `json:"at"`
	EndedAt time.Time `json:"ended_at,omitzero"`
	Outcome Outcome   `json:"outcome"`
	Detail  string    `json:"detail,omitempty"` // the switch's own cause
}

// Callback is a promise. It is plain data and saved whenever it changes.
type Callback struct {
	ID          string    `json:"id"`
	Number      string    `json:"number"` // E.164
	Queue       string    `json:"queue"`
	Hotline     string    `json:"hotline"`
	Language    string    `json:"language"`
	Name        string    `json:"name,omitempty"`
	Account     string    `json:"account,omitempty"`
	Priority    int       `json:"priority"`
	Reason      string    `json:"reason"`               // "in_line", "operator"; more later
	CallID      string    `json:"call_id,omitempty"`    // the call in which it was asked for
	PlaceID     string    `json:"place_id"`             //
	AskedAt     time.Time `json:"asked_at"`             //
	PlaceAt     time.Time `json:"place_at"`             // the time that its place counts from
	State       State     `json:"state"`                //
	Since       time.Time `json:"since"`                // when it entered this state, or asked the customer anew after a restart
	NotBefore   time.Time `json:"not_before,omitzero"`  // no attempt before this time
	DelayedBy   Rule      `json:"delayed_by,omitempty"` // the rule that NotBefore comes from, "" for the pause between attempts
	Attempts    []Attempt `json:"attempts"`
	ConnectedAt time.Time `json:"connected_at,omitzero"`
	EndedAt     time.Time `json:"ended_at,omitzero"`
	Agent       string    `json:"agent,omitempty"`
	SentOn      bool      `json:"sent_on,omitempty"`    // the agent sent the customer on; they wait for the next one
	AgentSince  time.Time `json:"agent_since,omitzero"` // since when an agent waits on the placeholder, zero when none does
	EndReason   string    `json:"end_reason,omitempty"` // in plain words, for cancelled, given up and uncertain
}

// Open says whether something is still to happen.
func (c Callback) Open() bool {
	switch c.State {
	case Done, GivenUp, Cancelled:
		return false
	}
	return true
}

// AgentWaiting says whether an agent took the place and waits for the customer.
func (c Callback) AgentWaiting() bool { return !c.AgentSince.IsZero() }

// Last returns the latest attempt, and false when there is none yet.
func (c Callback) Last() (Attempt, bool) {
	if len(c.Attempts) == 0 {
		return Attempt{}, false
	}
	return c.Attempts[len(c.Attempts)-1], true
}
