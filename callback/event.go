package callback

import (
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// Event is something that happens to a promise. The concrete types are in this
// file.
//
// Events about the customer's leg may name its Channel. A name that is not the
// latest attempt's marks the event as stale; "" stands for the latest attempt.
type Event interface{ callbackEvent() string }

// EventName returns the name under which Transitions lists an event.
func EventName(ev Event) string { return ev.callbackEvent() }

// Due says that the place came up: time to dial. Ahead is the number of places
// still before it, and Basis what it was decided from, for the journal.
type Due struct {
	Ahead int
	Basis Basis
}

// DialRefused says that the switch did not take the Dial; a Retryable refusal counts
// as a try. Where its answer got lost nothing is sent but, once the switch was asked
// for its list, Recovered.
type DialRefused struct {
	Channel   string
	Retryable bool
	Err       string // the switch's own words
}

// DialExists says that the switch has a channel with this id already: the
// attempt is under way and nothing was dialled twice.
type DialExists struct{ Channel string }

// PhoneRings says that the customer's phone rings.
type PhoneRings struct{ Channel string }

// PickedUp says that the customer's leg was answered, by a person or a machine.
type PickedUp struct{ Channel string }

// Accepted says that the customer pressed 1.
type Accepted struct{ Channel string }

// Declined says that the customer pressed 9: no call is wanted any more.
type Declined struct{ Channel string }

// NoKey says that nobody pressed a key in time, or that a machine was detected.
// Who asks the question knows when it was spoken, and so when the time is over;
// without that word Step ends the attempt a good while later.
type NoKey struct{ Channel string }

// Ended says that the customer's leg is gone.
type Ended struct {
	Channel string
	Cause   telephony.Cause
	Detail  string // the switch's own words, "" to use the name of the cause
}

// AgentTook says that an agent answered the placeholder.
type AgentTook struct{}

// AgentLost says that the agent who took the place left before being connected.
type AgentLost struct{}

// ConversationStarted says that customer and agent hear each other. It may come again when
// the agent's name gets known later.
type ConversationStarted struct{ Agent string }

// ConversationOver says that the agent hung up, or the bridge ended.
type ConversationOver struct{}

// PlaceOver says that the line ended the place; Reason is one of the reasons of
// package queues: "full", "no_agents", "timeout", "unavailable", "served".
type PlaceOver struct{ Reason string }

// Moved says that the place stands in another queue now, and counts from PlaceAt
// (zero: from when it did).
// SentOn: an agent who talked with the customer sent them there, and they wait
// for the next one.
type Moved struct {
	Queue   string
	PlaceAt time.Time
	SentOn  bool
}

// Cancel ends the promise before it is kept. By is ByCustomer, ByOperator or
// ByService; Why is free text and may be empty.
type Cancel struct{ By, Why string }

// Who cancels a promise.
const (
	ByPolicy   = "policy" // found by Step itself
	ByCustomer = "customer"
	ByOperator = "operator"
	ByService  = "served" // the same customer was served by another call
)

// Recovered compares the promise with the switch, after a start or after a gap
// in the events. ChannelAlive and Channel are about the leg of the latest
// attempt; AgentThere says whether an agent is on the placeholder. It must come
// from a list that was taken after every Dial of this promise had returned.
type Recovered struct {
	ChannelAlive bool
	Channel      telephony.ChannelState // only when ChannelAlive
	AgentThere   bool
	MayTalk      bool // customer and agent were to be bridged, and no word came that they are
}

// Resolve is an operator's decision about an uncertain attempt.
// OutcomeConnected closes the promise as kept, OutcomeCancelled as cancelled;
// any other outcome counts as a failed attempt.
type Resolve struct {
	Outcome Outcome
	By      string // who decided, for the journal
}

// Tick lets time pass: timeouts end what they limit, and retries fall due. It
// is wanted at the time of the last Wake; a Tick too many does no harm.
type Tick struct{}

// Machine says that the switch thinks a machine answered. It is a hint: a key
// pressed before or after says otherwise.
type Machine struct{ Channel string }

// MessageLeft says that the message of LeaveMessage was spoken to its end.
type MessageLeft struct{ Channel string }

// Postpone puts the promise off until Until, by the word of the customer, an
// agent or an operator. Its place keeps its time unless Anew.
type Postpone struct {
	Until   time.Time
	Anew    bool
	By, Why string
}

// Hasten ends a pause between attempts, or the wait for a window, now; rules still
// apply. By is who wants it.
type Hasten struct{ By string }

// Previewed is an agent's answer to Preview: what they pressed.
type Previewed struct {
	Answer PreviewAnswer
	Agent  string
}

// Verified says that the owner of the number wants the call: By is how it is known,
// "code" or who says so. A promise that needs no such word refuses it.
type Verified struct{ By string }

// PreviewAnswer is what an agent decides about a promise that was shown.
type PreviewAnswer string

// The answers to a preview.
const (
	PreviewAccept   PreviewAnswer = "accept"   // the customer is dialled
	PreviewPostpone PreviewAnswer = "postpone" // later, for RetryAfter; the place keeps its time
	PreviewReject   PreviewAnswer = "reject"   // another agent is to take it
)

func (Due) callbackEvent() string                 { return "Due" }
func (DialRefused) callbackEvent() string         { return "DialRefused" }
func (DialExists) callbackEvent() string          { return "DialExists" }
func (PhoneRings) callbackEvent() string          { return "PhoneRings" }
func (PickedUp) callbackEvent() string            { return "PickedUp" }
func (Accepted) callbackEvent() string            { return "Accepted" }
func (Declined) callbackEvent() string            { return "Declined" }
func (NoKey) callbackEvent() string               { return "NoKey" }
func (Ended) callbackEvent() string               { return "Ended" }
func (AgentTook) callbackEvent() string           { return "AgentTook" }
func (AgentLost) callbackEvent() string           { return "AgentLost" }
func (ConversationStarted) callbackEvent() string { return "ConversationStarted" }
func (ConversationOver) callbackEvent() string    { return "ConversationOver" }
func (PlaceOver) callbackEvent() string           { return "PlaceOver" }
func (Moved) callbackEvent() string               { return "Moved" }
func (Cancel) callbackEvent() string              { return "Cancel" }
func (Recovered) callbackEvent() string           { return "Recovered" }
func (Resolve) callbackEvent() string             { return "Resolve" }
func (Machine) callbackEvent() string             { return "Machine" }
func (MessageLeft) callbackEvent() string         { return "MessageLeft" }
func (Postpone) callbackEvent() string            { return "Postpone" }
func (Hasten) callbackEvent() string              { return "Hasten" }
func (Previewed) callbackEvent() string           { return "Previewed" }
func (Verified) callbackEvent() string            { return "Verified" }
func (Tick) callbackEvent() string                { return "Tick" }
