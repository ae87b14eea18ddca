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
// takes the place of the one before it, if that still speaks.
type Say struct {
	Seq      int
	Language string // "ru", "en"
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

// CheckPIN asks whether account and PIN fit; PINChecked answers.
type CheckPIN struct {
	Account string
	PIN     Secret
}

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
}

// ConfirmPromise says that the customer whom we called pressed 1.
type ConfirmPromise struct{}

// DeclinePromise says that the customer whom we called wants no call.
type DeclinePromise struct{}

// NoKeyPromise says that nobody pressed a key: perhaps a machine answered.
type NoKeyPromise struct{}

// CancelPromise takes back a promise that this call has just made: an agent came
// first, or the answer came too late. Nothing answers.
type CancelPromise struct{ ID string }

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
func (CheckPIN) dialplanAction()       {}
func (TakePlace) dialplanAction()      {}
func (LeavePlace) dialplanAction()     {}
func (Music) dialplanAction()          {}
func (Connect) dialplanAction()        {}
func (Part) dialplanAction()           {}
func (Promise) dialplanAction()        {}
func (ConfirmPromise) dialplanAction() {}
func (DeclinePromise) dialplanAction() {}
func (NoKeyPromise) dialplanAction()   {}
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
