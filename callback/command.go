package callback

import (
	"strconv"
	"strings"
	"time"
)

// Command is what should happen because of an event. The controller saves the
// promise as Step returned it first, then carries out the commands in order.
// So an attempt is on disk before the switch is asked to dial. All commands are
// idempotent: Recovered may ask again for what was asked before a crash.
type Command interface{ callbackCommand() }

// Dial asks the switch to call the customer. The switch's answer comes back as
// DialRefused or DialExists, or as nothing when it took the request.
type Dial struct {
	Attempt int    // from 1
	Channel string // the id that the leg must have
	Number  string // E.164; only DialString may put it into an endpoint
	Timeout time.Duration
}

// Greet asks to tell the customer who calls and to press 1, or 9 to be left alone.
type Greet struct {
	Channel string
	Verify  bool // asks whether they want the call that was asked for in their name
}

// HangUpCustomer ends the customer's leg. Why allows a word of regret before it:
// nobody who is on the line should be cut off in silence.
type HangUpCustomer struct {
	Channel string
	Why     Outcome
}

// TakePlace asks the line to hold the place, with its old time, and to say Due
// when it comes up. It makes the place anew when the line holds it no longer; a
// place that stands in the switch's queue stays as it is.
type TakePlace struct{}

// EnterPlace asks that the place stands in the switch's queue from now on: the
// customer is on the line.
type EnterPlace struct{}

// RestPlace takes the place out of the switch's queue, also when an agent is on
// it; it keeps its time and is not due before the next TakePlace. A place that
// the line does not hold stays away.
type RestPlace struct{}

// LeavePlace ends a place. PlaceID names it, for a promise whose place is parked
// has the id of the next one by then.
type LeavePlace struct {
	Reason  string // of package queues: "served", "by_choice", "parked", or "unavailable" when the promise is given up
	PlaceID string
}

// TellAgent asks to tell the agent who took the place that the customer is
// being called.
type TellAgent struct{}

// Preview asks to tell the agent who took the place what it is about, and to bring
// back their answer as Previewed. Silence is no answer; AgentHold limits it.
type Preview struct{}

// LeaveMessage asks to speak to the machine that answered, after its greeting.
// MessageLeft follows. A 1 that is pressed meanwhile is told as ever.
type LeaveMessage struct{ Channel string }

// ReleaseAgent lets the agent go who took the place and waits in vain. RestPlace
// or LeavePlace follows.
type ReleaseAgent struct{}

// ConnectAgent asks to bridge the customer and the agent on the placeholder.
// ConversationStarted follows, or AgentLost or Ended when one of them left.
type ConnectAgent struct{}

// LookAgain asks what the switch shows of the latest attempt, in a list that is taken
// once requests that are on their way have settled. Recovered follows.
type LookAgain struct{}

// Wake asks for a Tick at this time. It replaces an earlier Wake.
type Wake struct{ At time.Time }

// Note is an entry for the journal. Data holds only text, whole numbers and
// booleans, so it reads the same after it was stored.
type Note struct {
	Type       string // "callback.dialling": see docs/journal.md
	CallbackID string
	At         time.Time
	Data       map[string]any
}

func (Dial) callbackCommand()           {}
func (Greet) callbackCommand()          {}
func (HangUpCustomer) callbackCommand() {}
func (TakePlace) callbackCommand()      {}
func (EnterPlace) callbackCommand()     {}
func (RestPlace) callbackCommand()      {}
func (LeavePlace) callbackCommand()     {}
func (TellAgent) callbackCommand()      {}
func (Preview) callbackCommand()        {}
func (LeaveMessage) callbackCommand()   {}
func (ReleaseAgent) callbackCommand()   {}
func (ConnectAgent) callbackCommand()   {}
func (LookAgain) callbackCommand()      {}
func (Wake) callbackCommand()           {}
func (Note) callbackCommand()           {}

// Reasons of LeavePlace, as package queues words them.
const (
	leaveServed   = "served"
	leaveByChoice = "by_choice"
	leaveFailed   = "unavailable"
	leaveParked   = "parked" // the promise goes on, and takes a new place when it is time
)

const channelPrefix = "lk-cb-"

// ChannelID returns the id that the customer's leg of attempt n (from 1) has on
// the switch.
func ChannelID(id string, n int) string {
	return channelPrefix + id + "-" + strconv.Itoa(n)
}

// ParseChannelID takes an id of ChannelID apart. ok is false for any other
// channel's id.
func ParseChannelID(channel string) (id string, n int, ok bool) {
	rest, ours := strings.CutPrefix(channel, channelPrefix)
	dash := strings.LastIndexByte(rest, '-')
	if !ours || dash <= 0 {
		return "", 0, false
	}
	n, err := strconv.Atoi(rest[dash+1:])
	if err != nil || n < 1 || ChannelID(rest[:dash], n) != channel {
		return "", 0, false
	}
	return rest[:dash], n, true
}
