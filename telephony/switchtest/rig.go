// Package switchtest is the conformance suite of telephony.Switch: every driver
// passes it, on the switch in memory as well as on a real one.
//
// A driver's test provides a Rig and calls Exercise. The suite waits for events
// with deadlines, so it runs on the real clock and, by ExerciseIn with
// synctest.Test, in virtual time. It tells its own calls from others by ids and
// numbers and never counts what else is on the switch, so that all cases may
// share one real switch, one after another.
package switchtest

import (
	"context"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// Rig is one connection to a switch together with the phones around it. Methods
// that take a *testing.T fail the test when they cannot do what they say, and
// register their own clean-up.
type Rig interface {
	// Switch is a fresh driver whose Run nobody has called: the suite does, and
	// has ended it before the clean-up runs that was registered while opening.
	Switch() telephony.Switch

	// Caller starts a call from a phone to one of the Numbers, which the switch
	// must give to linekeeper with the arguments "hotline" and the number. It does
	// not wait for an answer. Each caller of a rig has a number of its own.
	Caller(t *testing.T, dialed string) Phone

	// Endpoint is what to originate to in order to meet this behaviour.
	Endpoint(b Behaviour) string

	// Operator starts a call from the phone of Endpoint(Operator) to a code that
	// the switch must give to linekeeper with the arguments "agent" and the code.
	Operator(t *testing.T, code string) Phone

	// Callee is the phone of Endpoint(Operator) in the call that it answered
	// last, which has the leg near on linekeeper's side.
	Callee(t *testing.T, near telephony.ChannelID) Phone

	// Queue is the name of a queue of the switch's own, entered by a leg to
	// "Local/QUEUE@linekeeper-queue/n", whose only agent is that operator, left
	// alone for WrapUp after a call.
	Queue() string

	// QueueFeed is a feed of the same switch that runs until ctx is done.
	QueueFeed(ctx context.Context, t *testing.T) telephony.QueueFeed

	// Passage is a context of the switch's own dialplan that keeps a channel for about
	// two seconds and gives it back with the arguments of PassageArgs.
	Passage() string

	// Recorded says whether sound that a phone made is in a recording that has
	// finished. Only called if Caps.Audio is set.
	Recorded(t *testing.T, name string, by Phone) bool

	// Media is the i-th of at least three media, i from 0, each of them between
	// 100 ms and 3 s long.
	Media(i int) telephony.Media

	// Caps says which optional parts of the rig work.
	Caps() Caps

	// BreakLink cuts the connection between driver and switch so that requests
	// fail until RestoreLink. Only called if Caps.Link is set.
	BreakLink(t *testing.T)

	// RestoreLink lets the driver connect again.
	RestoreLink(t *testing.T)
}

// Phone is a caller's phone.
type Phone interface {
	// Number is the caller's number as the switch reports it in Channel.Caller.
	Number() string

	// Press sends keys one after another and returns when they are sent.
	Press(keys string)

	// Hangup ends the call, or gives it up when it is not answered; a call that
	// is over stays as it is.
	Hangup()

	// WaitAnswered blocks until the call is answered and fails when ctx is done.
	WaitAnswered(ctx context.Context) error

	// WaitEnded blocks until the call is over and fails when ctx is done.
	WaitEnded(ctx context.Context) error

	// Hears says whether sound from the other phone reaches this one: true as
	// soon as it does, false when it does not within a moment that is long enough
	// to be sure. Only called if Caps.Audio is set.
	Hears(ctx context.Context, other Phone) (bool, error)

	// Speak says something into the phone for as long as d, and returns after it.
	Speak(d time.Duration)

	// HearsSaid blocks until something is heard that the other phone said by
	// Speak, played from a recording. It fails when ctx is done. Only called if
	// Caps.Audio is set.
	HearsSaid(ctx context.Context, other Phone) error

	// HeardAll blocks until the beginning of a medium of Rig.Media is heard, or
	// was heard before, with nothing cut off. It fails when ctx is done. Only
	// called if Caps.Audio is set.
	HeardAll(ctx context.Context, m telephony.Media) error
}

// Caps says which optional parts of a Rig work; the cases that need a missing
// one are skipped.
type Caps struct {
	Audio bool // Phone.Hears
	Link  bool // BreakLink and RestoreLink
}

// Behaviour is how an endpoint of the Rig behaves when it is dialled.
type Behaviour int

// The behaviours of endpoints.
const (
	Answers   Behaviour = iota // picks up within two seconds and stays
	Engaged                    // says busy within two seconds
	Rings                      // rings and nobody comes
	Missing                    // does not exist on the switch
	Operator                   // a registered phone that picks up within two seconds and stays; as every phone, known to QueueFeed by its endpoint
	Unplugged                  // a phone that exists and is not registered
)

// WrapUp is how long the switch leaves the operator alone after a call of Queue.
const WrapUp = 2 * time.Second

// PassageArgs are the arguments with which channels come back from Rig.Passage.
var PassageArgs = [2]string{"passed", "two seconds"}

// Numbers are the numbers that callers dial in the suite.
var Numbers = [2]string{"700", "701"}

// Exercise runs the whole suite on the real clock. Open is called once in each
// case, with that case's t, which it may make parallel.
func Exercise(t *testing.T, open func(t *testing.T) Rig) {
	t.Helper()
	ExerciseIn(t, func(t *testing.T, f func(*testing.T)) { f(t) }, open)
}

// ExerciseIn runs the whole suite with each case inside around, which may be
// synctest.Test.
func ExerciseIn(t *testing.T, around func(*testing.T, func(*testing.T)), open func(t *testing.T) Rig) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			around(t, func(t *testing.T) {
				rig := open(t)
				if missing := c.needs.missing(rig.Caps()); missing != "" {
					t.Skip("the rig has no " + missing)
				}
				c.run(start(t, rig))
			})
		})
	}
}

// missing names the first capability that have lacks, or "".
func (c Caps) missing(have Caps) string {
	switch {
	case c.Audio && !have.Audio:
		return "audio"
	case c.Link && !have.Link:
		return "breakable link"
	}
	return ""
}
