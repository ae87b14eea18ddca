// Package dialplan holds hotline documents: parsing, checking, and stepping a
// call through one. It is pure: what happened and the time come in as
// arguments, what should happen goes out as actions, and the state between is
// plain data that can be saved after every step.
package dialplan

import (
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/queues"
)

// State is where one call stands in its document. It is plain data; digits of a
// PIN are never part of what is marshalled.
type State struct {
	Hotline  string         `json:"hotline"`
	Node     string         `json:"node"`
	Phase    Phase          `json:"phase"`
	Language string         `json:"language"`
	ANI      string         `json:"ani"` // E.164, or "" when withheld
	Caller   callers.Caller `json:"caller"`
	Tries    int            `json:"tries"`  // failed tries at the present question
	Digits   string         `json:"digits"` // keys collected so far, never those of a PIN
	Account  string         `json:"account,omitempty"`
	Dialled  string         `json:"dialled,omitempty"` // the number that was called
	// Vars are the variables of the document that were set, but for the secret ones.
	// Times are texts of RFC 3339.
	Vars    map[string]any  `json:"vars,omitempty"`
	History callers.History `json:"history,omitzero"`
	Frames  []Frame         `json:"frames,omitempty"` // the dialogues that the call is in, the outermost first
	// LanguageKept says that the language was chosen, and no record changes it.
	LanguageKept bool `json:"language_kept,omitempty"`

	Path []string `json:"path"` // nodes passed, oldest first, the last 50
	Seq  int      `json:"seq"`  // number of the last Say or Timer

	// The wait, kept so that a restart goes on where it was.
	Queue     string          `json:"queue,omitempty"`
	WaitSince time.Time       `json:"wait_since,omitzero"` // since when it has a place; kept with the place's time
	HereSince time.Time       `json:"here_since,omitzero"` // since when it waits here: announcements and offers count from it
	Ahead     int             `json:"ahead"`               // -1 until the line has said
	Estimate  queues.Estimate `json:"estimate,omitzero"`
	Quoted    queues.Quote    `json:"quoted,omitzero"`
	QuotedAt  int             `json:"quoted_ahead"` // places ahead when it was quoted
	QuotedFor int             `json:"quoted_able"`  // agents who served it then
	Able      int             `json:"able"`         // who serve it now
	SaidAt    time.Time       `json:"said_at,omitzero"`
	Weighed   bool            `json:"weighed,omitempty"`    // the first estimate of this wait was held against the limits
	OfferSoon bool            `json:"offer_soon,omitempty"` // and is beyond that of the offer
	Aside     string          `json:"aside,omitempty"`      // the queue node whose place is held while other nodes are passed
	Number    string          `json:"number,omitempty"`     // chosen for the callback
	Promise   string          `json:"promise_id,omitempty"` // the callback this call made or carries out
	Result    string          `json:"result,omitempty"`     // how the call ended, see Result*
	AgentName string          `json:"agent_name,omitempty"`
	Agents    int             `json:"agents_lost,omitempty"` // gone before a word, in this wait

	// What is asked on the way to a promise.
	Offered    []Slot        `json:"slots_offered,omitempty"` // in the order of their keys
	SlotsAfter time.Time     `json:"slots_after,omitzero"`    // the last one that was told
	Slot       Slot          `json:"slot,omitzero"`           // the chosen one
	SlotTaken  bool          `json:"slot_taken,omitempty"`    // somebody was faster, which is to be said
	Takes      int           `json:"takes,omitempty"`         // messages begun so far
	Take       int           `json:"take,omitempty"`          // the one that counts, 0 for none
	Taking     bool          `json:"taking,omitempty"`        // it is being recorded
	TakeEnding bool          `json:"take_ending,omitempty"`   // it was stopped, and its end is to be told
	TakeSince  time.Time     `json:"take_since,omitzero"`
	Kept       bool          `json:"kept,omitempty"`     // the caller wants it to be kept
	TakeFor    time.Duration `json:"take_for,omitempty"` // how long it is
	Standing   string        `json:"standing,omitempty"` // the older promise that the caller is asked about

	// What other systems and other people are asked for.
	Fetching   int       `json:"fetching,omitempty"` // Seq of the Fetch whose answer is awaited, 0 for none
	FetchSince time.Time `json:"fetch_since,omitzero"`
	Asking     int       `json:"survey_question,omitempty"` // of a survey, from 0
	Dialling   int       `json:"dialling,omitempty"`        // Seq of the transfer that goes on, 0 for none
	DialledAt  time.Time `json:"dialled_at,omitzero"`       // since when it rings, or since when they talk

	// Of callers who hang up in line.
	NoCall        bool `json:"no_call,omitempty"`        // a rule or the caller said no to a callback
	Consent       bool `json:"consent,omitempty"`        // agreed to be called back when cut off
	ConsentSought bool `json:"consent_sought,omitempty"` // was asked

	Outbound  bool               `json:"outbound,omitempty"` // we called: the customer is asked to press 1
	Reason    string             `json:"reason,omitempty"`   // then, how the call was asked for
	AskedAt   time.Time          `json:"asked_at,omitzero"`  // and when
	Verify    bool               `json:"verify,omitempty"`   // and whether they want a call at all
	Machine   bool               `json:"machine,omitempty"`  // a machine answered, which is left a message
	Saying    int                `json:"saying"`             // Seq of the Say whose Spoken is awaited, 0 for none
	Timing    int                `json:"timing"`             // Seq of the timer that runs, 0 for none
	Then      string             `json:"then,omitempty"`     // node to go to when the present words are spoken
	Menus     []string           `json:"menus,omitempty"`    // menus entered one out of another; * goes back
	Music     bool               `json:"music"`              // hold music plays
	Held      bool               `json:"held"`               // this call holds a place, and no promise has it
	Joined    bool               `json:"joined,omitempty"`   // a place was taken for this call; before that, a call that we made has the promise's
	Ousted    bool               `json:"ousted,omitempty"`   // the queue ended the wait; a node that says keep_place keeps its time
	Asked     bool               `json:"asked,omitempty"`    // a promise that is to keep this place was asked for
	Lost      queues.LeaveReason `json:"lost,omitempty"`     // how the place ended while a callback was being arranged
	Served    bool               `json:"served,omitempty"`   // an agent waits for the customer to press 1
	OfferedAt time.Time          `json:"offered_at,omitzero"`
	HashDue   bool               `json:"hash_due,omitempty"`   // an entry was full; the # that people press after it is swallowed
	Wrong     int                `json:"wrong_pins,omitempty"` // secrets that fitted nobody
	Way       int                `json:"way,omitempty"`        // the step of the identification
	Private   bool               `json:"private,omitempty"`    // what is pressed must be in no recording
	Question  string             `json:"question,omitempty"`   // that the agent is to ask
	Outcome   string             `json:"outcome,omitempty"`    // the Result if the call ended now in peace

	// Digits of a PIN, code or answer, and keys pressed before anything asked for them, live in
	// memory only. They are behind pointers, because fmt prints the fields of a
	// struct whatever methods they have.
	secret, typed *digits
	among         *people  // who the caller may be, by the number
	secrets       *secrets // the variables that are secret
}

// digits are keys that must not be printed or saved. They are never changed in place.
type digits struct{ keys string }

// all gives the keys, "" for nil.
func (d *digits) all() string {
	if d == nil {
		return ""
	}
	return d.keys
}

// Phase is what the call does within its node; step.go has one function a phase.
type Phase string

// The phases of a call.
const (
	PhaseNew        Phase = ""            // nothing happened yet
	PhaseSpeaking   Phase = "speaking"    // words, then the node Then
	PhaseLookingUp  Phase = "looking_up"  // waits for LookedUp
	PhaseMenu       Phase = "menu"        // waits for a choice
	PhaseRecalling  Phase = "recalling"   // waits for Recalled
	PhaseAccount    Phase = "account"     // waits for the account number
	PhaseWhich      Phase = "which"       // waits for the account of one of several with the same number
	PhasePIN        Phase = "pin"         // waits for the PIN
	PhaseCode       Phase = "code"        // waits for the code
	PhaseAnswer     Phase = "answer"      // waits for the answer to a question
	PhaseChecking   Phase = "checking"    // waits for Checked
	PhaseWaiting    Phase = "waiting"     // in line
	PhaseConfirming Phase = "confirming"  // reads back the number of a callback
	PhaseNumber     Phase = "number"      // waits for another number
	PhaseAsking     Phase = "asking"      // waits for Enquired
	PhaseChoosing   Phase = "choosing"    // waits for the choice of a time
	PhaseRecording  Phase = "recording"   // asks for a message, and records it
	PhaseReviewing  Phase = "reviewing"   // asks what to do with the message
	PhaseStanding   Phase = "standing"    // says that a promise exists, which 9 takes back
	PhasePromising  Phase = "promising"   // waits for Promised or PromiseRefused
	PhaseFetching   Phase = "fetching"    // waits for Fetched
	PhaseSurvey     Phase = "survey"      // waits for an answer
	PhaseDialling   Phase = "dialling"    // whom the caller is put through to is being rung
	PhasePutThrough Phase = "put_through" // talks with somebody who was rung
	PhaseLent       Phase = "lent"        // is in the switch's own dialplan
	PhaseConnected  Phase = "connected"   // talks with an agent
	PhaseGreeting   Phase = "greeting"    // asks the customer whom we called to press 1
	PhasePausing    Phase = "pausing"     // lets time pass
	PhaseCollecting Phase = "collecting"  // waits for an entry
	PhaseVerifying  Phase = "verifying"   // reads an entry back
	PhaseLeaving    Phase = "leaving"     // last words, then Hangup
	PhaseGone       Phase = "gone"        // hung up while promising: the answer still decides
	PhaseEnded      Phase = "ended"       // over; nothing happens any more
)

// The results of a call, as `linekeeper call list` shows them.
const (
	ResultIVR         = "ivr"         // everything was done without an operator
	ResultAgent       = "agent"       // talked with an operator
	ResultTransferred = "transferred" // was put through
	ResultAbandoned   = "abandoned"   // hung up while waiting
	ResultCallback    = "callback"    // left a promise to be called back
	ResultNoAgents    = "no_agents"   // turned away: closed, nobody on duty, queue full
	ResultFailed      = "failed"      // something broke
)
