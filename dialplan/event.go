package dialplan

import (
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/queues"
)

// Event is something that happened to a call. The concrete types are in this file.
type Event interface{ dialplanEvent() }

// Started is the first event of an incoming call.
type Started struct {
	Dialled string          // the number that was called
	History callers.History // of the number of the call; zero when not known
}

// StartedCallback is the first event of a call that linekeeper placed and the
// customer answered.
type StartedCallback struct{}

// MachineAnswered says that a machine seems to have answered the customer's phone
// and is to be left a message, after MachineSilent. A key that is pressed still counts.
type MachineAnswered struct{}

// MachineSilent says that the machine has spoken its greeting.
type MachineSilent struct{}

// Resumed says that linekeeper was restarted while the call was in this state.
// Speech, music and timers are gone; a place, a bridge and the promise are not.
type Resumed struct{}

// LookedUp answers LookUp. Found is false for a stranger and when the directory
// did not answer in time.
type LookedUp struct {
	Found   bool
	Caller  callers.Caller
	History callers.History  // of the person, zero to go on by what Started said
	Several []callers.Caller // when more than one has the number; Found is false then
}

// Recalled answers Recall.
type Recalled struct {
	History callers.History // zero to go on by what Started said
}

// Checked answers Check. What is wrong about an entry is not told: an unknown
// account, a wrong PIN and one that is locked look the same to a caller.
type Checked struct {
	OK      bool
	Caller  callers.Caller
	Failed  bool            // it could not be checked
	Locked  bool            // it was refused unchecked, after wrong ones; for the journal
	History callers.History // as in LookedUp
}

// Spoken says that the Say with this Seq was heard to its end, or failed.
type Spoken struct{ Seq int }

// Digit is one key: '0' to '9', '*', '#'.
type Digit struct{ Key rune }

// TimerFired says that the Timer with this Seq ran out.
type TimerFired struct{ Seq int }

// PlaceUpdate says how the place of this call stands. Able is how many agents
// serve it: fewer than before are a cause for a longer wait to be told.
type PlaceUpdate struct {
	Ahead    int
	Estimate queues.Estimate
	Able     int
}

// PlaceServed says that an agent took the place and waits to be connected. It
// may come again when the name of the agent gets known later.
type PlaceServed struct{ Agent string } // Agent may be "" when not known yet

// PlaceOver says that the place ended without an agent.
type PlaceOver struct{ Reason queues.LeaveReason }

// Moved says that the line moved the place of this call to another queue, where
// it waits on: an overflow, or an order.
type Moved struct{ Queue string }

// Escalated says that the agent passed this call on: its place waits in another
// queue now, with its time, and the agent is being let go.
type Escalated struct {
	Queue string
	By    string // the agent; an operator who ordered it
}

// AgentLost says that the agent was gone before the two could talk. The caller
// goes back into line, with the time that the place had.
type AgentLost struct{}

// AgentLeft says that the agent hung up; the caller is still there.
type AgentLeft struct{}

// Promised answers Promise: the callback is stored. Existing says that an older
// promise to the same customer stands and is kept instead. NotBefore, on the
// customer's clock, is when the rules allow the call; zero for at any time.
type Promised struct {
	ID        string
	Existing  bool
	NotBefore time.Time
}

// PromiseRefused answers Promise: a rule forbids it, nothing was stored.
type PromiseRefused struct{ Rule string }

// RuleSlotFull is the rule of a PromiseRefused whose slot was taken by others.
const RuleSlotFull = "slot_full"

// RuleStore is the rule of a PromiseRefused that could not be stored: another try
// later may do.
const RuleStore = "store"

// Enquired answers Enquire.
type Enquired struct {
	Existing string // the promise that stands, "" for none
	Refused  string // the rule that forbids one, "" for none
	Slots    []Slot // with room, the soonest first, by the customer's clock
}

// Recorded answers Record: the take has ended.
type Recorded struct {
	Take   int
	Silent bool // nobody spoke
	Failed bool // there is none
}

// Fetched answers Fetch.
type Fetched struct {
	Seq    int
	Result FetchResult
	Row    map[string]string // by field, when it was found
}

// DialAnswered says that the leg of a Dial was picked up; PutThrough connects it.
type DialAnswered struct{ Seq int }

// DialOver says that a Dial or a Lend with this Seq is over: nobody answered, or
// whoever did hung up.
type DialOver struct {
	Seq    int
	Result TransferResult
	Why    string // a word for the journal, such as the rule that forbids it; may be ""
}

// Returned says that a caller came back from the switch's own dialplan. Result is
// what that says of it: a TransferResult, anything else counts as TransferOver.
type Returned struct{ Result string }

// HungUp says that the caller is gone. It is the last event.
type HungUp struct{}

func (Started) dialplanEvent()         {}
func (StartedCallback) dialplanEvent() {}
func (MachineAnswered) dialplanEvent() {}
func (MachineSilent) dialplanEvent()   {}
func (Resumed) dialplanEvent()         {}
func (LookedUp) dialplanEvent()        {}
func (Recalled) dialplanEvent()        {}
func (Checked) dialplanEvent()         {}
func (Spoken) dialplanEvent()          {}
func (Digit) dialplanEvent()           {}
func (TimerFired) dialplanEvent()      {}
func (PlaceUpdate) dialplanEvent()     {}
func (PlaceServed) dialplanEvent()     {}
func (PlaceOver) dialplanEvent()       {}
func (Moved) dialplanEvent()           {}
func (Escalated) dialplanEvent()       {}
func (AgentLost) dialplanEvent()       {}
func (AgentLeft) dialplanEvent()       {}
func (Promised) dialplanEvent()        {}
func (PromiseRefused) dialplanEvent()  {}
func (Enquired) dialplanEvent()        {}
func (Recorded) dialplanEvent()        {}
func (Fetched) dialplanEvent()         {}
func (DialAnswered) dialplanEvent()    {}
func (DialOver) dialplanEvent()        {}
func (Returned) dialplanEvent()        {}
func (HungUp) dialplanEvent()          {}
