// Package callback keeps promises to call people back: who may be called, when,
// how often it was tried, and what became of it. It is pure: events and the
// time come in as arguments, commands go out as values.
package callback

import (
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

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
	Shown     State = "shown"     // an agent who took the place hears what it is about, and decides; only of AgentPreview
	Cancelled State = "cancelled" // by the customer, an operator, or because it was served otherwise
	Uncertain State = "uncertain" // it cannot be known whether the customer was called, or talked with an agent
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
	OutcomeMachine     Outcome = "machine"    // likewise, and the switch thinks that it is a machine
	OutcomeVerified    Outcome = "verified"   // said yes to a promise that was asked for in their name; the call itself is still to come
	OutcomeDeclined    Outcome = "declined"   // the customer pressed 9 or hung up on the question
	OutcomeRejected    Outcome = "rejected"   // the far end refused the call
	OutcomeInvalid     Outcome = "invalid"    // there is no such number
	OutcomeCongestion  Outcome = "congestion" // the way there is full or broken
	OutcomeFailed      Outcome = "failed"     // the switch could not do it
	OutcomeAbandoned   Outcome = "abandoned"  // confirmed, then hung up before an agent came
	OutcomeNoAgent     Outcome = "no_agent"   // confirmed, but the queue ended without an agent
	OutcomeAgentLost   Outcome = "agent_lost" // confirmed, and every agent who took the place was lost before a word
	OutcomeUnconfirmed Outcome = "uncertain"  // linekeeper stopped or was cut off while dialling or connecting, and the switch cannot tell
	OutcomeCancelled   Outcome = "cancelled"  // the promise was cancelled while dialling
)

// Attempt is one try to reach the customer.
type Attempt struct {
	N       int       `json:"n"`                // from 1
	Channel string    `json:"channel"`          // the channel id it has on the switch
	Verify  bool      `json:"verify,omitempty"` // it asks whether the promise is wanted at all, and is not among MaxAttempts
	Epoch   int64     `json:"epoch,omitempty"`  // of the store when it was begun: which run of the daemon dialled
	At      time.Time `json:"at"`
	EndedAt time.Time `json:"ended_at,omitzero"`
	Outcome Outcome   `json:"outcome"`
	Machine time.Time `json:"machine,omitzero"` // when the switch took who answered for a machine; zero again once a key was pressed
	Lost    int       `json:"lost,omitempty"`   // agents who were lost after the customer's yes
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
	Reason      Reason    `json:"reason"`               // how it was asked for
	CallID      string    `json:"call_id,omitempty"`    // the call in which it was asked for
	PlaceID     string    `json:"place_id"`             //
	Places      int       `json:"places,omitempty"`     // how many places it has had, 0 for the first one; see Retry.Anew
	Placed      bool      `json:"placed"`               // the line holds its place, resting or not; see Dormant
	Window      Window    `json:"window,omitzero"`      // when the customer wants the call; zero: when the place comes up
	Mode        Mode      `json:"mode,omitempty"`       // who is called first; "" is CustomerFirst
	Verify      VerifyWay `json:"verify,omitempty"`     // how the owner of the number has yet to say yes; "" when nothing is to be asked
	About       About     `json:"about,omitzero"`       // what the agent should know beforehand
	Zone        string    `json:"zone,omitempty"`       // IANA name of the customer's time zone; "" to tell it from the number
	Campaign    string    `json:"campaign,omitempty"`   // that it counts for, for caps and lists
	Key         string    `json:"key,omitempty"`        // chosen by who asked, so that asking twice makes one promise
	Rejected    int       `json:"rejected,omitempty"`   // how often agents rejected it since it last waited
	Postponed   int       `json:"postponed,omitempty"`  // how often it was put off
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

// Reason is how a promise was asked for.
type Reason string

// The ways to ask.
const (
	ReasonInLine    Reason = "in_line"   // by key while waiting, with the place
	ReasonInstead   Reason = "instead"   // at a node of the hotline, instead of waiting
	ReasonAbandoned Reason = "abandoned" // made by itself for who hung up while waiting
	ReasonOperator  Reason = "operator"  // by an agent or a supervisor
	ReasonWeb       Reason = "web"       // by a form
	ReasonImport    Reason = "import"    // as a row of a list
)

// Mode says who is called first.
type Mode string

// The modes. In both AgentFirst and AgentPreview the place stands in the queue like
// a caller, and the customer is dialled once an agent took it.
const (
	CustomerFirst Mode = "customer_first" // the default: the agent comes when the customer said yes
	AgentFirst    Mode = "agent_first"    // dialled as soon as an agent took the place
	AgentPreview  Mode = "preview"        // the agent hears what it is about, and accepts, postpones or rejects
)

// VerifyWay is how the owner of a number says that they want the call which
// somebody asked for in their name, by a form for instance.
type VerifyWay string

// The ways to verify. Until then no place is taken and no agent is rung.
const (
	VerifyByCall VerifyWay = "call" // a call of its own asks them to press 1; at most MaxVerifyCalls are made
	VerifyByCode VerifyWay = "code" // the event Verified tells that they gave the code that was sent; within VerifyTimeout
)

// MaxVerifyCalls is how many calls ask for a yes; they are not among MaxAttempts.
const MaxVerifyCalls = 2

// VerifyTimeout is how long a promise waits for its code before it is given up.
const VerifyTimeout = 15 * time.Minute

// Modes returns every mode, the default first.
func Modes() []Mode { return []Mode{CustomerFirst, AgentFirst, AgentPreview} }

// Window is the time in which a customer wants the call. Zero From: from now on;
// zero Until: as late as it takes.
type Window struct {
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"` // the call is promised by this time; later it is late, but still made
}

// About is what is known of the customer and the matter, for the agent.
type About struct {
	Question  string            `json:"question,omitempty"`  // as typed, at most MaxQuestion characters
	Message   string            `json:"message,omitempty"`   // name on the switch of the recording that the customer left
	Path      []string          `json:"path,omitempty"`      // nodes of the first call, the oldest first
	Assurance callers.Assurance `json:"assurance,omitempty"` // how sure the first call was who it is
	WaitedS   float64           `json:"waited_s,omitempty"`  // how long the first call had waited, in seconds
	Vars      map[string]any    `json:"vars,omitempty"`      // what the hotline learned, for its own use; as dialplan.State has it
}

// MaxQuestion is how many characters a typed question may have.
const MaxQuestion = 500

// Dormant says that nothing happens before NotBefore: the promise waits, and no
// line holds a place for it. A million of these stay on disk; the place is taken,
// with PlaceAt as its time, when NotBefore comes.
func (c Callback) Dormant() bool { return c.State == Waiting && !c.Placed && !c.NotBefore.IsZero() }

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
