// Package api is what the outside sees of the daemon: HTTP with JSON over a unix
// socket for the CLI, and metrics and health over TCP. docs/cli-json.md is the
// contract of the JSON; fields are added to it, never changed or taken away.
package api

import (
	"time"

	"github.com/linekeeper/linekeeper/callback/window"
	"github.com/linekeeper/linekeeper/store"
)

// Call is a call as it is shown.
type Call struct {
	ID        string     `json:"id"`
	Direction string     `json:"direction"` // in, callback
	From      string     `json:"from"`      // E.164, "" when withheld
	Number    string     `json:"number"`    // the number called
	Hotline   string     `json:"hotline"`
	StartedAt time.Time  `json:"started_at"`
	EndedAt   *time.Time `json:"ended_at"` // null while it lasts
	Result    string     `json:"result"`   // ivr, agent, transferred, abandoned, callback, no_agents, failed; "" while it lasts
	Caller    string     `json:"caller"`   // name, "" for a stranger
	Account   string     `json:"account"`
	Assurance string     `json:"assurance"` // none, ani, answer, pin
	Queue     string     `json:"queue"`
	WaitedS   float64    `json:"waited_s"`
	TalkedS   float64    `json:"talked_s"`
	Agent     string     `json:"agent"`
	Callback  string     `json:"callback"`  // the promise that it made or carries out
	Node      string     `json:"node"`      // where in the hotline it is, or was last
	Path      []string   `json:"path"`      // nodes passed, oldest first
	Recording string     `json:"recording"` // its name in the switch's recording folder; "" when nothing was recorded

	Answers []SurveyAnswer `json:"answers,omitempty"` // of surveys; only where one call is shown, and left out when there are none

	Disposition *Disposition `json:"disposition"` // what it was about; null until the agent said
}

// Disposition is what a call was about, as the agent said.
type Disposition struct {
	Code string    `json:"code"`
	Note string    `json:"note"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

// DisposeCall is the body of POST /v1/calls/ID/disposition.
type DisposeCall struct {
	Code string `json:"code"`
	Note string `json:"note,omitempty"`
}

// Queue is a queue as it is shown.
type Queue struct {
	Name    string  `json:"name"`
	Engine  string  `json:"engine"`  // who distributes: asterisk (the switch), linekeeper
	Waiting int     `json:"waiting"` // callers and promises not served yet, of every kind
	Places  []Place `json:"places"`  // in order of service, then those in service
	Foreign int     `json:"foreign"` // callers who came into the switch's queue by another way
	Agents  []Agent `json:"agents"`
	EWT     *EWT    `json:"ewt"`    // of somebody who joined now; null when it cannot be known
	Paused  *Pause  `json:"paused"` // the order that nobody is called back for it; null for none
}

// Place is a place as it is shown.
type Place struct {
	ID       string    `json:"id"`
	State    string    `json:"state"`    // resting, entering, waiting, offered, served
	Position int       `json:"position"` // from 1; 0 once served
	Kind     string    `json:"kind"`     // call, callback
	Number   string    `json:"number"`
	Name     string    `json:"name"`
	Priority int       `json:"priority"`
	TakenAt  time.Time `json:"taken_at"`
	WaitedS  float64   `json:"waited_s"`
	EWT      *EWT      `json:"ewt"` // from now; null when it cannot be known, or once served
	Agent    string    `json:"agent"`
	Call     string    `json:"call"`
	Callback string    `json:"callback"`
	Skills   []Skill   `json:"skills"` // that an agent must have to serve it
}

// Skill is what an agent can do, or what a place asks for, with its level.
type Skill struct {
	Name  string `json:"name"`
	Level int    `json:"level"` // 1 to 10
}

// EWT is an expected wait with the range that 80 % of waits fall into, in seconds.
type EWT struct {
	MeanS float64 `json:"mean_s"`
	LowS  float64 `json:"low_s"`
	HighS float64 `json:"high_s"`
}

// Agent is an operator. One whom linekeeper gives the calls (engine linekeeper)
// is one agent whatever it serves; a member of several of the switch's queues is
// listed once for each.
type Agent struct {
	Queue  string    `json:"queue"` // "" of an agent who is shown for several
	ID     string    `json:"id"`
	Name   string    `json:"name"`
	State  string    `json:"state"` // one of AgentStates
	Since  time.Time `json:"since"`
	Reason string    `json:"reason"`
	Calls  int       `json:"calls"`
	Queues []string  `json:"queues"` // those that this is about, by name
	Engine string    `json:"engine"` // as in Queue; orders go to agents of linekeeper only

	// The switch tells none of these of its own agents.
	Phone     string     `json:"phone"`
	Skills    []Skill    `json:"skills"`
	Until     *time.Time `json:"until"`      // when pause or wrap-up end by themselves
	TalkS     float64    `json:"talk_s"`     // talked since the log-in
	CallQueue string     `json:"call_queue"` // of the call that it is rung for, talks in or works after
	Place     string     `json:"place"`      // likewise
}

// Event is a journal entry. docs/journal.md lists the types and their data.
type Event = store.Event

// Story is what was decided about a promise and why, one sentence a line.
type Story struct {
	ID    string   `json:"id"`
	Story []string `json:"story"`
}

// AddCallback asks for a promise: the body of POST /v1/callbacks.
type AddCallback struct {
	Number   string      `json:"number"`
	Hotline  string      `json:"hotline,omitempty"`   // not needed where there is one
	Queue    string      `json:"queue,omitempty"`     // not needed where the hotline has one
	Name     string      `json:"name,omitempty"`      //
	Account  string      `json:"account,omitempty"`   //
	Language string      `json:"language,omitempty"`  // default that of the hotline
	Question string      `json:"question,omitempty"`  // for the agent
	When     window.Wish `json:"when,omitzero"`       // default now
	TimeZone string      `json:"time_zone,omitempty"` // of the customer, IANA name
	Campaign string      `json:"campaign,omitempty"`
	Key      string      `json:"key,omitempty"` // asking twice with one key makes one promise
	Priority int         `json:"priority,omitempty"`
}

// Asked is its answer: the promise, and what can be said about its time.
type Asked struct {
	Callback
	Existing  bool       `json:"existing"`   // it was made before, with the same key
	PlannedAt *time.Time `json:"planned_at"` // not called before; null: when its place comes up
	Position  int        `json:"position"`   // of its place, from 1; 0 when none is held yet
	EWT       *EWT       `json:"ewt"`        // until its turn; null when it cannot be known, or without a place
	Notes     []string   `json:"notes"`      // what was taken for times that clocks show twice or never
}

// CancelCallback says why a promise is cancelled: the body of POST
// /v1/callbacks/ID/cancel, which may be left out.
type CancelCallback struct {
	Why string `json:"why,omitempty"`
}

// Cancelled is its answer. AlreadyClosed says that nothing was left to cancel.
type Cancelled struct {
	Callback      Callback `json:"callback"`
	AlreadyClosed bool     `json:"already_closed"`
}

// OrderAgent is the body of POST /v1/agents/ID/pause and of its neighbours; it
// may be left out.
type OrderAgent struct {
	Reason string `json:"reason,omitempty"` // of a pause
}

// Ordered is the answer to an order. Already says that the agent stood so before.
type Ordered struct {
	Agent   Agent `json:"agent"`
	Already bool  `json:"already"`
}

// EscalateCall is the body of POST /v1/calls/ID/escalate; it may be left out.
type EscalateCall struct {
	Queue string `json:"queue,omitempty"` // not needed where the present queue says where to
}

// MovePlace is the body of POST /v1/places/ID/move.
type MovePlace struct {
	Queue string `json:"queue"`
	Keep  *bool  `json:"keep,omitempty"` // default true: it keeps its time
}

// Moved is its answer: the place as it stands now.
type Moved struct {
	Queue string `json:"queue"`
	Place Place  `json:"place"`
}

// Version is the answer of /v1/version.
type Version struct {
	Version string `json:"version"`
}

// Error is the body of every answer that is not 2xx.
type Error struct {
	Code     string `json:"code"` // one of the Code constants
	Message  string `json:"message"`
	Rule     string `json:"rule,omitempty"`     // of the dialing policy, that refused
	Remedy   string `json:"remedy,omitempty"`   // what to do about it; the message has it too
	Callback string `json:"callback,omitempty"` // the promise that stands in the way
}

// The codes of errors.
const (
	CodeNotFound    = "not_found"   // no such call, callback, place, agent, queue or hotline
	CodeAmbiguous   = "ambiguous"   // several ids end like that
	CodeRefused     = "refused"     // a rule of the callback policy forbids it
	CodeDenied      = "denied"      // it cannot be done as things stand; the message says why
	CodeBadRequest  = "bad_request" // the request itself is wrong
	CodeUnavailable = "unavailable" // the daemon is stopping or did not answer in time
	CodeInternal    = "internal"
)

// Error gives the message.
func (e *Error) Error() string { return e.Message }
