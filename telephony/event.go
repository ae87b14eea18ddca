package telephony

import "time"

// Event is something that happened on the switch. The concrete types are in
// this file; a driver sends no others.
type Event interface{ telephonyEvent() }

// Connected says that a connection stands and events flow. Snapshot is the
// switch's own list taken after the events began to flow, so whoever compares
// it with their own records notices what happened while nobody listened.
// Events of that moment may repeat what the snapshot shows already.
type Connected struct{ Snapshot Snapshot }

// Disconnected says that events no longer arrive. Channels live on.
type Disconnected struct{ Err error }

// Replaced says that another program took over our name on the switch.
// The driver does not take it back by itself: two controllers would fight.
type Replaced struct{}

// ChannelArrived says that a channel came under linekeeper's control: a caller
// dialled a hotline, a leg that we originated was answered, or one that was lent
// to the switch's dialplan came back.
type ChannelArrived struct {
	Channel Channel
	Args    []string // what the dialplan or the OriginateRequest gave
	At      time.Time
}

// ChannelChanged says that a channel reached another state (ringing, up).
type ChannelChanged struct {
	Channel Channel
	At      time.Time
}

// ChannelLeft says that a channel is no longer under our control although it
// may live on (it was sent back to the switch's dialplan).
type ChannelLeft struct {
	ID ChannelID
	At time.Time
}

// ChannelEnded says that a channel is gone. It comes once for each channel.
type ChannelEnded struct {
	ID    ChannelID
	Cause Cause
	At    time.Time
}

// DigitReceived is one key: 0-9, *, #, A-D.
type DigitReceived struct {
	ID    ChannelID
	Digit rune
	At    time.Time
}

// Talking says that who is on a channel began to talk, or has been silent for a
// second. It comes only for channels that were originated with VarTalking.
type Talking struct {
	ID ChannelID
	On bool
	At time.Time
}

// VarTalking is the channel variable that makes a switch send Talking, and TalkingSecond
// its value: silence that ends talk and talk that counts, in ms, as Asterisk's
// function TALK_DETECT takes them.
const (
	VarTalking    = "TALK_DETECT(set)"
	TalkingSecond = "1000,256"
)

// PlaybackFinished says that a playback ended, stopped or failed.
type PlaybackFinished struct {
	ID      PlaybackID
	Channel ChannelID
	Failed  bool // the media could not be played
	At      time.Time
}

// RecordingFinished says that a recording is complete on the switch's disk.
type RecordingFinished struct {
	Name    string
	Channel ChannelID // of a message; "" for the recording of a bridge
	// Silent is of a message with a limit of silence that StopRecord did not end: nobody
	// spoke, or hardly anybody before hanging up.
	Silent bool
	// Spoken is how much of such a message is not silence, at least roughly; Asterisk
	// counts in whole seconds.
	Spoken time.Duration
	Failed bool
	At     time.Time
}

// UserEvent is a message from the switch's own dialplan about a channel, such
// as the end of Queue() on a placeholder's far leg.
type UserEvent struct {
	Name   string
	ID     ChannelID
	Fields map[string]string
	At     time.Time
}

func (Connected) telephonyEvent()         {}
func (Disconnected) telephonyEvent()      {}
func (Replaced) telephonyEvent()          {}
func (ChannelArrived) telephonyEvent()    {}
func (ChannelChanged) telephonyEvent()    {}
func (ChannelLeft) telephonyEvent()       {}
func (ChannelEnded) telephonyEvent()      {}
func (DigitReceived) telephonyEvent()     {}
func (Talking) telephonyEvent()           {}
func (PlaybackFinished) telephonyEvent()  {}
func (RecordingFinished) telephonyEvent() {}
func (UserEvent) telephonyEvent()         {}
