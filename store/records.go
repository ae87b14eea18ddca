package store

import (
	"time"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
)

// Direction says who began a call.
type Direction string

// The directions of a call.
const (
	DirectionIn       Direction = "in"       // the caller dialled a hotline
	DirectionCallback Direction = "callback" // linekeeper dialled the customer
)

// Call is the record of one call: what a restart needs to go on with it, and
// what is shown of it afterwards.
type Call struct {
	ID         string         `json:"id"`
	Direction  Direction      `json:"direction"`
	Channel    string         `json:"channel"` // the caller's leg on the switch
	Number     string         `json:"number"`  // the number called
	Hotline    string         `json:"hotline"`
	Document   string         `json:"document,omitempty"` // version of the hotline's document that the call goes by
	StartedAt  time.Time      `json:"started_at"`
	EndedAt    time.Time      `json:"ended_at,omitzero"`
	State      dialplan.State `json:"state"`
	PlaceID    string         `json:"place_id,omitempty"`
	CallbackID string         `json:"callback_id,omitempty"` // for DirectionCallback: the promise it carries out; for DirectionIn: the one it made
	Bridge     string         `json:"bridge,omitempty"`
	AgentLeg   string         `json:"agent_leg,omitempty"` // the placeholder's channel on which the agent is
	Queue      string         `json:"queue,omitempty"`
	Priority   int            `json:"priority,omitempty"`  // of the place
	Skills     []queues.Skill `json:"skills,omitempty"`    // that the place asks for
	Recording  string         `json:"recording,omitempty"` // name on the switch, "" when nothing is recorded
	WaitFrom   time.Time      `json:"wait_from,omitzero"`  // when the place was first taken
	PlaceAt    time.Time      `json:"place_at,omitzero"`   // since when the place counts: WaitFrom, unless a move let it begin anew
	WaitedS    float64        `json:"waited_s"`            // seconds from taking the place to the agent or to the end of waiting
	// Dialled is the leg of the transfer that goes on, "" for none: whom the caller is put
	// through to.
	Dialled   string    `json:"dialled_leg,omitempty"`
	DialledAt time.Time `json:"dialled_at,omitzero"` // when the switch was asked for it
	Away      bool      `json:"away,omitempty"`      // the caller was sent through the switch's own dialplan, and is not back
	TalkFrom  time.Time `json:"talk_from,omitzero"`
	TalkedS   float64   `json:"talked_s"` // seconds with an agent
	Agent     string    `json:"agent,omitempty"`
	Result    string    `json:"result,omitempty"` // dialplan.Result*, "" while it lasts
	// Disposition is what the call was about, as the agent said; nil until it was said.
	Disposition *Disposition `json:"disposition,omitempty"`
}

// Closing is an order that a hotline be closed, or be open again.
type Closing struct {
	Hotline string    `json:"hotline"`
	On      bool      `json:"on"` // false: the order was lifted
	Since   time.Time `json:"since"`
	Until   time.Time `json:"until,omitzero"` // when it ends by itself
	Node    string    `json:"node,omitempty"` // where calls go; "" for where they go outside of the hours
	By      string    `json:"by"`
	Why     string    `json:"why,omitempty"`
}

// Disposition is what a call was about and what became of it.
type Disposition struct {
	Code string    `json:"code"`
	Note string    `json:"note,omitempty"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

// Ended says whether the call is over.
func (c Call) Ended() bool { return !c.EndedAt.IsZero() }

// Document is one version of a hotline's document, kept while something goes by it.
type Document struct {
	Version string    `json:"version"` // of the source, as dialplan.Version names it
	Hotline string    `json:"hotline"`
	File    string    `json:"file"`
	Since   time.Time `json:"since"` // when it was last loaded in place of another
	Source  string    `json:"source"`
}

// Event is one entry of the journal.
type Event = journal.Entry
