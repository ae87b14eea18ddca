// Package queues holds the waiting lines: places and their order, agents as the
// switch shows them, and the estimate of the wait. It is pure: events and the
// time come in as arguments, commands go out as values, nothing is started.
package queues

import "time"

// PlaceState is where a place stands in its life; see line_states.go.
type PlaceState string

// The states of a place.
const (
	PlaceResting  PlaceState = "resting"  // held by us only: a promise between attempts, or one whose customer is dialled while agents are free
	PlaceEntering PlaceState = "entering" // the switch was asked to put the placeholder into its queue
	PlaceWaiting  PlaceState = "waiting"  // the placeholder stands in the switch's queue; engine linekeeper: an agent may be rung for it
	PlaceOffered  PlaceState = "offered"  // engine linekeeper only: agents are being rung for it; it keeps its position
	PlaceServed   PlaceState = "served"   // an agent took it
	PlaceLeft     PlaceState = "left"     // over; see LeaveReason
)

// LeaveReason says how a place ended.
type LeaveReason string

// The reasons for which a place ends.
const (
	LeftServed    LeaveReason = "served"      // the conversation with the agent is over
	LeftAbandoned LeaveReason = "abandoned"   // the caller hung up while waiting
	LeftByChoice  LeaveReason = "by_choice"   // the caller chose another way out, or the promise was cancelled
	LeftFull      LeaveReason = "full"        // the queue takes no more callers (QUEUESTATUS FULL)
	LeftNoAgents  LeaveReason = "no_agents"   // nobody serves it (JOINEMPTY, LEAVEEMPTY, JOINUNAVAIL, LEAVEUNAVAIL)
	LeftTimeout   LeaveReason = "timeout"     // the longest wait that the queue allows is over (TIMEOUT)
	LeftFailed    LeaveReason = "unavailable" // the switch could not take it, after retries
	LeftParked    LeaveReason = "parked"      // the promise goes on, and takes a new place when it is time
)

// Place is one position in a queue, held by a live call or by a callback
// promise. Order is Priority (higher first), then TakenAt, then ID. It is plain
// data and saved whenever it changes.
type Place struct {
	ID         string            `json:"id"`
	Queue      string            `json:"queue"`
	CallID     string            `json:"call_id,omitempty"`     // the live call that holds it, "" for a promise not on the line
	CallbackID string            `json:"callback_id,omitempty"` // the promise that holds it, "" for a plain live call
	Number     string            `json:"number,omitempty"`      // E.164, shown to the agent
	Name       string            `json:"name,omitempty"`        // shown to the agent
	Display    map[string]string `json:"display,omitempty"`     // variables for the agent's screen, by name
	Priority   int               `json:"priority"`              // higher is served first
	Skills     []Skill           `json:"skills,omitempty"`      // that an agent must have to serve it, sorted by name; engine linekeeper only
	TakenAt    time.Time         `json:"taken_at"`              // never changes, but by a Move that does not keep it
	QueuedAt   time.Time         `json:"queued_at,omitzero"`    // when it came into this queue (engine linekeeper): TakenAt, or the last Move
	Moves      int               `json:"moves,omitempty"`       // between queues, so far
	State      PlaceState        `json:"state"`
	Entry      int               `json:"entry"`             // how many times a placeholder was entered for it
	Channel    string            `json:"channel,omitempty"` // id of the placeholder's near leg, "" when resting
	EnteredAt  time.Time         `json:"entered_at,omitzero"`
	EnterAfter time.Time         `json:"enter_after,omitzero"` // while resting: from when the line enters it by itself; zero: only when asked
	ServedAt   time.Time         `json:"served_at,omitzero"`
	Agent      string            `json:"agent,omitempty"` // name or interface of the agent who took it
	LeftAt     time.Time         `json:"left_at,omitzero"`
	Reason     LeaveReason       `json:"reason,omitempty"`
}

// Before says whether p is to be served before q.
func (p Place) Before(q Place) bool {
	if p.Priority != q.Priority {
		return p.Priority > q.Priority
	}
	if !p.TakenAt.Equal(q.TakenAt) {
		return p.TakenAt.Before(q.TakenAt)
	}
	return p.ID < q.ID
}

// Estimate is the expected wait of a place, from now.
type Estimate struct {
	Known bool          `json:"known"` // false: nothing honest can be said
	Mean  time.Duration `json:"mean"`
	Low   time.Duration `json:"low"`  // 10 % of waits are shorter
	High  time.Duration `json:"high"` // 10 % of waits are longer
}
