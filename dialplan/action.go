package dialplan

import (
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// Action is what should happen to a call because of an event. Actions are
// carried out in order. Those that are answered name the event that answers.
type Action interface{ dialplanAction() }

// Answer picks up.
type Answer struct{}

// Say speaks texts one after another; Spoken with the same Seq answers. A Say
// takes the place of the one before it, if that still speaks. Without a text and a
// message there is nothing to be heard, and Spoken answers at once.
type Say struct {
	Seq      int
	Language string // "ru", "en"
	Take     int    // the message of the caller that is played before the texts; 0 for none
	Texts    []string
}

// StopSpeech ends what is being said. No Spoken is due for it any more.
type StopSpeech struct{}

// Timer asks for TimerFired with the same Seq. There is one timer: a new one
// takes the place of the old, and After 0 only stops the old one.
type Timer struct {
	Seq   int
	After time.Duration
}

// LookUp asks who has this number; LookedUp answers.
type LookUp struct{ Number string }

// Recall asks what is remembered of earlier calls of a person; Recalled answers.
type Recall struct{ Account string }

// Check asks whether what a caller entered fits; Checked answers.
type Check struct {
	Method   Method // ByPIN, ByCode or ByAnswer
	Account  string // "" with ByCode
	Question string // of ByAnswer: its name in the directory
	Digits   Secret
}

// Private says that the caller begins to press what must be in no recording, or
// has ended; a recording rests meanwhile. After Resumed it may come again.
type Private struct{ On bool }

// TakePlace takes a place in a queue; PlaceUpdate, PlaceServed and PlaceOver follow.
type TakePlace struct {
	Queue    string
	Priority int
	Keep     bool           // with the time of the place before: it was lost, or its queue could not serve it
	Skills   []queues.Skill // what the agent must have, sorted by name; for engine linekeeper
}

// LeavePlace gives the place up, and lets the agent go who may be on it.
type LeavePlace struct{}

// Music starts or ends hold music.
type Music struct{ On bool }

// Connect puts caller and agent together. Speech and music end before it.
type Connect struct{}

// Part takes the caller out of the conversation. The agent is let go by the
// line, which has moved the place.
type Part struct{}

// Promise stores a callback; Promised or PromiseRefused answers. KeepPlace
// hands the place of this call to the promise; otherwise it gets a new one.
type Promise struct {
	Queue     string
	Number    string // E.164
	KeepPlace bool
	Slot      Slot // in which the call is wanted; zero for as soon as possible
	Capacity  int  // of the slot
	Take      int  // the message that belongs to it, 0 for none
	Abandoned bool // the caller did not ask, but hung up while waiting
	Once      bool // with Abandoned: not again within a day
}

// Enquire asks what a promise would come to; Enquired answers. Nothing is
// promised yet.
type Enquire struct {
	Queue    string
	Number   string // E.164
	Slots    []Slot // that could be chosen, the soonest first; none: any time
	Capacity int    // of each
	Want     int    // how many free ones are asked for
}

// Record begins a take of a message, after a tone; Recorded answers when it ends.
type Record struct {
	Take             int // from 1, in this call
	Longest, Silence time.Duration
}

// StopRecord ends a take. Nothing answers.
type StopRecord struct{ Take int }

// Discard deletes a take; one that is being recorded when it ends.
type Discard struct{ Take int }

// Keep makes a take a message of its own, which the journal tells.
type Keep struct {
	Take   int
	Node   string
	Hook   string // that is to be told, "" for those that want all
	Length time.Duration
}

// Fetch asks another system; Fetched with the same Seq answers.
type Fetch struct {
	Seq     int
	Source  string            // its name in linekeeper.yaml
	With    map[string]Secret // inputs; callers may have keyed them in
	Timeout time.Duration
}

// Dial rings somebody to put the caller through to; DialAnswered or DialOver with the
// same Seq answers.
type Dial struct {
	Seq     int
	Kind    TargetKind
	Number  Secret // E.164, for ToNumber; callers may have keyed it in
	Agent   string
	Address string // for ToSIP
	Timeout time.Duration
}

// PutThrough connects the caller with whoever answered the Dial; DialOver follows when
// that leg ends.
type PutThrough struct{ Seq int }

// DropDial ends the leg of a Dial. Nothing answers.
type DropDial struct{ Seq int }

// Lend sends the caller through the switch's own dialplan; Returned answers, or
// DialOver when it cannot be.
type Lend struct {
	Seq            int
	Context, Exten string // Exten "" stands for "s"
	Priority       int    // 0 stands for 1
}

// ConfirmPromise says that the customer whom we called pressed 1.
type ConfirmPromise struct{}

// DeclinePromise says that the customer whom we called wants no call.
type DeclinePromise struct{}

// NoKeyPromise says that nobody pressed a key: perhaps a machine answered.
type NoKeyPromise struct{}

// MessageLeft says that the machine that answered was left its message.
type MessageLeft struct{}

// CancelPromise takes back a promise. Nothing answers.
type CancelPromise struct {
	ID string
	// ByCustomer says that the caller wants it so. Otherwise this call has just made
	// it, and an agent came first, or the answer came too late.
	ByCustomer bool
}

// Note is an entry for the journal.
type Note struct {
	Type string // "node.entered", "menu.choice": see docs/journal.md
	Data map[string]any
}

// Hangup ends the call; State.Result says how it went.
type Hangup struct{}

func (Answer) dialplanAction()         {}
func (Say) dialplanAction()            {}
func (StopSpeech) dialplanAction()     {}
func (Timer) dialplanAction()          {}
func (LookUp) dialplanAction()         {}
func (Recall) dialplanAction()         {}
func (Check) dialplanAction()          {}
func (Private) dialplanAction()        {}
func (TakePlace) dialplanAction()      {}
func (LeavePlace) dialplanAction()     {}
func (Music) dialplanAction()          {}
func (Connect) dialplanAction()        {}
func (Part) dialplanAction()           {}
func (Promise) dialplanAction()        {}
func (Enquire) dialplanAction()        {}
func (Record) dialplanAction()         {}
func (StopRecord) dialplanAction()     {}
func (Discard) dialplanAction()        {}
func (Keep) dialplanAction()           {}
func (Fetch) dialplanAction()          {}
func (Dial) dialplanAction()           {}
func (PutThrough) dialplanAction()     {}
func (DropDial) dialplanAction()       {}
func (Lend) dialplanAction()           {}
func (ConfirmPromise) dialplanAction() {}
func (DeclinePromise) dialplanAction() {}
func (NoKeyPromise) dialplanAction()   {}
func (MessageLeft) dialplanAction()    {}
func (CancelPromise) dialplanAction()  {}
func (Note) dialplanAction()           {}
func (Hangup) dialplanAction()         {}

// Secret is text that shows as stars wherever it is printed or marshalled.
type Secret string

// String hides the secret.
func (Secret) String() string { return "***" }

// GoString hides the secret.
func (Secret) GoString() string { return `"***"` }

// MarshalText hides the secret.
func (Secret) MarshalText() ([]byte, error) { return []byte("***"), nil }
