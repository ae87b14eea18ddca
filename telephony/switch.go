package telephony

import (
	"context"
	"time"
)

// ChannelID names one leg of a call on the switch. linekeeper chooses the ids
// of the legs it originates; the switch chooses the others.
type ChannelID string

// BridgeID names a mixing bridge. linekeeper always chooses it.
type BridgeID string

// PlaybackID names one playback, which may be a list of media. linekeeper
// always chooses it.
type PlaybackID string

// Media is what a switch can play, as a URI: "sound:/path/without/extension",
// "sound:hello", "tone:ring", "silence:2" (seconds), "recording:NAME".
type Media string

// RecordingMedia is the medium of a recording that has ended, by its name.
func RecordingMedia(name string) Media { return Media("recording:" + name) }

// Switch is a connection to one telephone switch.
//
// Every method is safe for concurrent use, blocks until the switch has accepted
// or refused the request, honours its context, and returns an *Error whose Kind
// says whether the channel is gone, the request may be tried again, or it will
// never work. What happens later arrives on Events.
type Switch interface {
	// Run connects and stays connected, with back-off and a resync after every
	// reconnect, until ctx is done or Close is called. It blocks, may be called
	// once, and returns nil when ctx ended it.
	Run(ctx context.Context) error

	// Events is the one ordered stream of events. It never drops an event and
	// never blocks the switch; there is one consumer. It is closed when Run
	// returns.
	Events() <-chan Event

	// Answer picks up an incoming channel. Answering twice is not an error.
	Answer(ctx context.Context, ch ChannelID) error

	// Play starts the media one after another on a channel, without gaps. One
	// PlaybackFinished with the same id follows, also when it was stopped or
	// the channel hung up. A second Play on the same channel waits its turn.
	Play(ctx context.Context, ch ChannelID, id PlaybackID, media []Media) error

	// StopPlay ends a playback. A playback that has ended already is not an error.
	StopPlay(ctx context.Context, id PlaybackID) error

	// StartMusic plays hold music of a class ("" is the switch's default) until
	// StopMusic; playbacks are heard instead of it while they last.
	StartMusic(ctx context.Context, ch ChannelID, class string) error

	// StopMusic ends hold music; a channel without music is not an error.
	StopMusic(ctx context.Context, ch ChannelID) error

	// Originate starts a channel with the id in the request and returns when the
	// switch has taken it. ChannelArrived follows when it is answered (with the
	// request's Args), ChannelEnded with a cause when it is not. An id that is in
	// use gives an error of kind KindExists: nothing was dialled a second time.
	// After an error that IsUnanswered it may have been dialled; Snapshot tells.
	Originate(ctx context.Context, req OriginateRequest) error

	// Bridge creates the bridge if there is none and adds the channels, so that
	// they hear each other. Playbacks on them should be stopped first.
	Bridge(ctx context.Context, id BridgeID, channels ...ChannelID) error

	// Unbridge destroys the bridge; its channels stay with linekeeper, silent.
	// A bridge that is gone already is not an error.
	Unbridge(ctx context.Context, id BridgeID) error

	// Unjoin takes a channel out of a bridge: it stays with linekeeper, silent,
	// and may be bridged again. The bridge stays, also when it is empty, and its
	// recording goes on. A channel that is not in this bridge, or is gone, is not
	// an error; nor is a bridge that is gone.
	Unjoin(ctx context.Context, id BridgeID, ch ChannelID) error

	// Record writes what is heard in a bridge to a file of this name, which
	// must be a plain file name without extension. It ends with the bridge, not
	// before, whoever joins and leaves meanwhile; RecordingFinished follows then.
	// A recording of this name that has ended is continued, so that a restart
	// costs no half of a conversation; one that goes on gives KindExists.
	Record(ctx context.Context, id BridgeID, name string) error

	// PauseRecord lets the recording of a bridge rest: nothing that is heard until
	// ResumeRecord is in the file, whoever joins and leaves meanwhile, and so it stays
	// when the connection is lost. One that rests, has ended or never was is not an
	// error.
	PauseRecord(ctx context.Context, name string) error

	// ResumeRecord lets a recording go on that rests. One that does not rest, has
	// ended or never was is not an error. After a restart Record lets it go on, where
	// the switch does not know of the rest.
	ResumeRecord(ctx context.Context, name string) error

	// RecordMessage plays a short tone on a channel and then records what is said
	// into it, to a file of this name, which must be a plain file name without
	// extension; an older one is overwritten. It ends at a limit, by StopRecord or
	// with the channel, and what was said by then stays. RecordingFinished follows,
	// unless it ended in a gap of the connection. Keys are told as ever and end
	// nothing. A message of this name that is being recorded gives KindExists.
	RecordMessage(ctx context.Context, ch ChannelID, name string, limits RecordLimits) error

	// StopRecord ends the recording of a message. One that has ended already, or
	// never was, is not an error.
	StopRecord(ctx context.Context, name string) error

	// RemoveRecording deletes a recording that has ended. One that does not exist
	// is not an error.
	RemoveRecording(ctx context.Context, name string) error

	// Lend sends a channel that is up through the switch's own dialplan. ChannelLeft
	// follows, and then ChannelArrived with the arguments that the dialplan gives, or
	// ChannelEnded. Until then a Snapshot lists it, not arrived, and nothing can be
	// played on it. An extension that does not exist gives an error of kind permanent,
	// and one of kind retryable leaves open whether the channel was sent.
	Lend(ctx context.Context, ch ChannelID, to Extension) error

	// Hangup ends a channel. A channel that is gone already is not an error.
	Hangup(ctx context.Context, ch ChannelID, cause Cause) error

	// SetVariable sets a channel variable.
	SetVariable(ctx context.Context, ch ChannelID, name, value string) error

	// Variable reads a channel variable; an unset one is "".
	Variable(ctx context.Context, ch ChannelID, name string) (string, error)

	// Snapshot lists the channels and bridges that linekeeper controls or has
	// originated, as the switch sees them now.
	Snapshot(ctx context.Context) (Snapshot, error)
}

// RecordLimits end the recording of a message. Both are rounded up to whole
// seconds.
type RecordLimits struct {
	Longest time.Duration // required
	Silence time.Duration // of the speaker, also from the beginning; 0: none ends it
}

// OriginateRequest asks for a new channel.
type OriginateRequest struct {
	ID       ChannelID         // of our choosing, required
	Endpoint string            // in the switch's own words: "PJSIP/100", "Local/x@context/n"
	CallerID CallerID          // shown to the called party
	Timeout  time.Duration     // how long to ring; 0 means until hung up
	Args     []string          // come back in ChannelArrived
	Vars     map[string]string // channel variables, set before dialling
}

// Extension is a place in the switch's own dialplan.
type Extension struct {
	Context  string
	Number   string // "" stands for "s"
	Priority int    // 0 stands for 1
}

// OrDefaults fills in what is left out.
func (e Extension) OrDefaults() Extension {
	if e.Number == "" {
		e.Number = "s"
	}
	e.Priority = max(e.Priority, 1)
	return e
}

// CallerID is a name and number as shown on a phone.
type CallerID struct {
	Name   string
	Number string
}

// ChannelState is how far a channel has got.
type ChannelState int

// The states of a channel, in the order they are passed.
const (
	StateDown    ChannelState = iota // exists, nothing rings
	StateRinging                     // the far end rings, or rings us
	StateUp                          // answered
)

// Channel describes one leg as the switch sees it.
type Channel struct {
	ID       ChannelID
	Name     string // the switch's own name: "PJSIP/alice-00000001"; see PhoneOf
	State    ChannelState
	Caller   CallerID // who calls; for an originated leg, who is called
	Dialed   string   // the number called (DNIS); "" on originated legs
	Arrived  bool     // under linekeeper's control now (in Stasis, parked for us)
	Bridge   BridgeID // the bridge it is in, "" when in none
	Language string   // the switch's language of the channel, may be ""
}

// Bridge describes a bridge and who is in it.
type Bridge struct {
	ID       BridgeID
	Channels []ChannelID
}

// Snapshot is everything of ours on the switch at one moment.
type Snapshot struct {
	Channels []Channel
	Bridges  []Bridge
}
