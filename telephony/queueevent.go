package telephony

import (
	"strconv"
	"time"
)

// QueueFeed tells what happens in the switch's own queues (who waits where, whom
// the switch rings and which agent took which place) and what its phones do.
type QueueFeed interface {
	// QueueEvents is the one ordered stream of queue events. It never drops an
	// event and never blocks the switch; there is one consumer. The first event,
	// and the first after every gap in the connection, is a QueueReset. It is
	// closed when the feed ends for good. Its order relative to Switch.Events is
	// not defined: either stream may tell first that an agent answered.
	QueueEvents() <-chan QueueEvent
}

// QueueEventKind says what a QueueEvent is about.
type QueueEventKind int

// The kinds of queue event. The comment says which fields are set besides Kind,
// Queue and At.
const (
	QueueReset     QueueEventKind = iota // everything as it stands: Members, Waiting, Phones; Queue is ""
	CallerJoined                         // Channel, Position
	CallerLeft                           // Channel, Position (where it stood), Reason
	AgentRinging                         // Channel, Agent: the agent's phone rings for this caller
	AgentConnected                       // Channel, Agent: the agent took this caller
	AgentCompleted                       // Channel, Agent, Reason: they have hung up
	AgentNoAnswer                        // Channel, Agent: the agent let it ring
	MemberChanged                        // Agent, Members with one element: added, or anything about it changed
	MemberRemoved                        // Agent: no longer a member of Queue
	PhoneChanged                         // Agent.Interface, Phones with one element; Queue is ""
	QueueLost                            // the feed alone has lost its connection: nothing is known of phones until the next QueueReset
)

var queueEventNames = [...]string{
	"queue reset", "caller joined", "caller left", "agent ringing", "agent connected",
	"agent completed", "agent no answer", "member changed", "member removed", "phone changed",
	"queue feed lost",
}

func (k QueueEventKind) String() string {
	if k >= 0 && int(k) < len(queueEventNames) {
		return queueEventNames[k]
	}
	return "queue event " + strconv.Itoa(int(k))
}

// The words in QueueEvent.Reason.
const (
	ReasonAbandoned = "abandoned" // CallerLeft: hung up while waiting
	ReasonCaller    = "caller"    // AgentCompleted: the caller's side hung up first
	ReasonAgent     = "agent"     // AgentCompleted: the agent hung up first
	ReasonTransfer  = "transfer"  // AgentCompleted: the agent passed the call on
)

// QueueEvent is something that happened in one of the switch's queues. Fields
// that its Kind does not mention are zero.
type QueueEvent struct {
	Kind  QueueEventKind
	Queue string // the queue's name, "" in a QueueReset and a PhoneChanged

	// Channel is the caller: for a placeholder the near leg, whose id linekeeper
	// chose, if the feed knows it, or else the leg that the switch queued. It is
	// "" in an AgentCompleted whose conversation began in a gap of the feed, if
	// the switch does not say it.
	Channel  ChannelID
	Agent    QueueAgent
	Position int // from 1; 0 when the switch did not say

	// Reason is one of the Reason constants or "". CallerLeft without a reason
	// means that an agent took the caller or that the queue gave up.
	Reason  string
	Members []QueueMember // in a QueueReset those of all queues
	Waiting []QueueCaller // in a QueueReset those of all queues, by queue and position

	// Phones are in a QueueReset all phones that the switch has, by name. Nil
	// means that they cannot be known: the account may not read them.
	Phones []PhoneStatus
	At     time.Time
}

// QueueAgent names an agent as the switch's queues know it.
type QueueAgent struct {
	Interface string // what is dialled: "PJSIP/101"; it is the agent's key
	Name      string // for people; may equal Interface
}

// QueueCaller is one who waits in a queue.
type QueueCaller struct {
	Queue    string
	Channel  ChannelID // as in QueueEvent
	Position int       // from 1
	Priority int       // higher is served first
	Since    time.Time // when it joined, to the second
}

// PhoneStatus is what one phone does, whether or not it is in a queue.
type PhoneStatus struct {
	Phone  string // the switch's name for it, as it is dialled: "PJSIP/101"
	Status MemberStatus
}

// MemberStatus is what an agent's phone does.
type MemberStatus int

// The states of a member's phone.
const (
	MemberUnknown     MemberStatus = iota // the switch does not know
	MemberIdle                            // could be rung
	MemberInUse                           // on a call, of a queue or any other; also with a second one ringing or on hold
	MemberRinging                         // rings and is not on a call
	MemberUnavailable                     // not registered or not reachable
)

var memberStatusNames = [...]string{"unknown", "idle", "in use", "ringing", "unavailable"}

func (s MemberStatus) String() string {
	if s >= 0 && int(s) < len(memberStatusNames) {
		return memberStatusNames[s]
	}
	return "member status " + strconv.Itoa(int(s))
}

// QueueMember is one agent's membership in one queue; an agent in three queues
// is three members with one Interface.
type QueueMember struct {
	Queue        string
	Interface    string
	Name         string
	Status       MemberStatus
	Paused       bool // receives no calls from this queue
	PausedReason string
	Penalty      int       // members with a lower one are rung first; at least 0
	InCall       bool      // on a call that this queue gave it
	LastCall     time.Time // when its last call from this queue ended; zero when there was none
	CallsTaken   int       // completed calls from this queue

	// WrapUp is how long the switch leaves the member alone after a call of this
	// queue; 0 when it does not or when that cannot be known.
	WrapUp time.Duration
	// WrapUpUntil is when that ends, or ended, after the latest call; zero
	// without a call or without WrapUp.
	WrapUpUntil time.Time
}
