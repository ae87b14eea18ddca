package queues

import "time"

// Event is something that happens to a line. The concrete types are in this file.
type Event interface{ queueEvent() }

// Take asks for a new place at its rightful position. Hold leaves it resting
// (a promise); Line enters it by itself when that keeps the order true.
type Take struct {
	Place Place
	Hold  bool
}

// Restore puts a place back as it was saved, at start. Alive says whether its
// placeholder still exists on the switch and Served whether an agent is on it.
type Restore struct {
	Place  Place
	Alive  bool
	Served bool
}

// Convert hands a waiting place from its live call to a promise; it keeps its
// time, its position and its placeholder.
type Convert struct{ PlaceID, CallbackID string }

// Attach puts a live call (the customer who confirmed) on a promise's place.
type Attach struct{ PlaceID, CallID string }

// Enter asks that a resting place enters the switch's queue now. Alone says that
// nobody is on the line, and that an agent is to be rung all the same: a promise
// whose customer is called once an agent took it.
type Enter struct {
	PlaceID string
	Alone   bool
}

// Rest takes a place out of the switch's queue for a while; it keeps its time.
type Rest struct{ PlaceID string }

// Leave ends a place for a reason of the caller's side.
type Leave struct {
	PlaceID string
	Reason  LeaveReason
}

// Move takes a place that has not left into another queue: an overflow, an
// escalation from the agent who has it (then the agent is let go), or an order.
// Keep lets it keep its TakenAt; otherwise it stands at the end of its priority.
// An engine that does not have the queue hands the place over (see Handover).
type Move struct {
	PlaceID, Queue string
	Keep           bool
	Why            string // "overflow: wait", "escalated", "order": for the journal
	By             string // the agent or operator, "" for a rule
}

// Estimated brings new estimates of one queue, made beside the engine; see
// forecast. A place that is not among them keeps the one that it had.
type Estimated struct {
	Queue   string
	Joining Estimate            // of a live caller without priority who joins now
	Alone   *Estimate           // the same if no agents of other queues helped; nil where none do
	Places  map[string]Estimate // by place id

	// Lead is how long before its turn a promise's customer is to be called; 0
	// stands for Settings.DialLead. Freeing is how many of the agents who are busy
	// now are expected to be free for this queue within Lead.
	Lead    time.Duration
	Freeing float64
}

// Answered says that an agent took the placeholder, or the offer: its near leg
// came up.
type Answered struct{ PlaceID, Channel string }

// Gone says that the placeholder's near leg ended. Status is the switch's word
// for why ("FULL", "JOINEMPTY", "LEAVEEMPTY", "TIMEOUT", "WITHDRAW", "CONTINUE"),
// "" when it did not say. Of an offer's leg it is one of the Offer constants.
type Gone struct{ PlaceID, Channel, Status string }

// Refused says that the switch did not take the placeholder at all. A Retryable
// error may hide a request that went through (a reply that got lost), so the channel
// is withdrawn nevertheless.
type Refused struct {
	PlaceID, Channel string
	Retryable        bool
	Err              string
}

// Joined says that a channel stands in the switch's queue. A channel that is
// not one of our placeholders is a caller who came by another way; it counts
// for positions and estimates.
type Joined struct {
	Channel  string
	Priority int
	At       time.Time // when it joined
}

// Parted says that a channel left the switch's queue, for whatever reason.
type Parted struct{ Channel string }

// AgentOn names the agent who took a placeholder.
type AgentOn struct{ Channel, Agent string }

// AgentRung says that the switch rings an agent for a placeholder or for a
// foreign caller (engine asterisk).
type AgentRung struct{ Channel, Agent string }

// AgentMissed says that an agent let it ring (engine asterisk).
type AgentMissed struct{ Channel, Agent string }

// AgentSeen is the state of one agent as the switch shows it.
type AgentSeen struct{ Agent Agent }

// AgentGone says that an agent is no longer a member of the queue.
type AgentGone struct{ ID string }

// Mirror is the whole truth of the switch about this queue after a (re)connect:
// whoever is not in it has gone.
type Mirror struct {
	Agents  []Agent
	Waiting []Joined
}

// Tick lets time pass: estimates are renewed and retries that fell due happen.
type Tick struct{}

func (Take) queueEvent()        {}
func (Restore) queueEvent()     {}
func (Convert) queueEvent()     {}
func (Attach) queueEvent()      {}
func (Enter) queueEvent()       {}
func (Rest) queueEvent()        {}
func (Leave) queueEvent()       {}
func (Answered) queueEvent()    {}
func (Gone) queueEvent()        {}
func (Refused) queueEvent()     {}
func (Joined) queueEvent()      {}
func (Parted) queueEvent()      {}
func (AgentOn) queueEvent()     {}
func (AgentSeen) queueEvent()   {}
func (AgentGone) queueEvent()   {}
func (Mirror) queueEvent()      {}
func (Tick) queueEvent()        {}
func (Move) queueEvent()        {}
func (Estimated) queueEvent()   {}
func (AgentRung) queueEvent()   {}
func (AgentMissed) queueEvent() {}

// AgentState is what an agent can do now.
type AgentState string

// The states of an agent.
const (
	AgentIdle    AgentState = "idle"    // can be rung
	AgentRinging AgentState = "ringing" // is being rung
	AgentTalking AgentState = "talking" // in a call
	AgentWrapUp  AgentState = "wrapup"  // works after a call, is not rung yet
	AgentPaused  AgentState = "paused"
	AgentBusy    AgentState = "busy"       // engine linekeeper: the phone is in a call that linekeeper did not give it
	AgentOffline AgentState = "offline"    // the phone is unreachable
	AgentOff     AgentState = "logged_out" // engine linekeeper: not on duty
)

// Agent is an operator: a member of the queue.
type Agent struct {
	ID     string     `json:"id"`   // the switch's interface: "PJSIP/101"
	Name   string     `json:"name"` // as configured, or ID
	State  AgentState `json:"state"`
	Since  time.Time  `json:"since"` // when it entered this state
	Reason string     `json:"reason,omitempty"`
	Calls  int        `json:"calls"` // taken since the switch started; engine linekeeper: since the log-in

	// Until is when wrap-up or pause end by themselves; zero when they do not, or
	// when it is not known.
	Until time.Time `json:"until,omitzero"`

	// The rest is known with engine linekeeper only.
	Queue  string  `json:"queue,omitempty"`  // of the call that it is rung for, talks in or works after
	Place  string  `json:"place,omitempty"`  // likewise
	TalkS  float64 `json:"talk_s,omitempty"` // seconds talked since the log-in
	Skills []Skill `json:"skills,omitempty"` // sorted by name
	Phone  string  `json:"phone,omitempty"`  // "PJSIP/101"
}
