// Package queuelog reads the lines of Asterisk's queue_log, as app_queue of any
// version writes them (https://docs.asterisk.org/Operation/Logging/Queue-Logs/):
//
//	1366720340|1366720340.303267|support|SIP/8007|RINGNOANSWER|1000
//
// The fields are the time in seconds since 1970, the unique id of the caller's
// channel, the queue, the member, the event, and what belongs to it. What does
// not apply is NONE. The package is pure.
package queuelog

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// The events that say something about waits and agents; there are others.
const (
	EnterQueue   = "ENTERQUEUE"   // url, caller id, and since 1.8 the position
	Connect      = "CONNECT"      // seconds held, channel, and since 1.8 seconds of ringing
	Abandon      = "ABANDON"      // the caller hung up
	RingNoAnswer = "RINGNOANSWER" // milliseconds of ringing, since 1.4
	RingCanceled = "RINGCANCELED" // likewise: the caller hung up meanwhile
	QueueStart   = "QUEUESTART"   // Asterisk started: nobody waits
)

// none is how the log says that a field does not apply.
const none = "NONE"

// Line is one line of the log.
type Line struct {
	At    time.Time
	Call  string // unique id of the caller's channel; "" for none
	Queue string // "" for none
	Agent string // name or interface of the member; "" for none
	Event string // "CONNECT"
	Data  []string
}

// Parse reads one line without its end. The error says what is wrong with it.
func Parse(text string) (Line, error) {
	fields := strings.Split(strings.TrimRight(text, "\r\n"), "|")
	if len(fields) < 5 {
		return Line{}, fmt.Errorf("%d fields, where a line has at least 5", len(fields))
	}
	seconds, err := strconv.ParseFloat(fields[0], 64)
	if err != nil || !(seconds > 0) || seconds > 1e11 {
		return Line{}, fmt.Errorf("%q is no time in seconds since 1970", short(fields[0]))
	}
	if !isEvent(fields[4]) {
		return Line{}, fmt.Errorf("%q is no event", short(fields[4]))
	}
	whole, part := math.Modf(seconds)
	l := Line{
		At: time.Unix(int64(whole), int64(math.Round(part*1e6))*1000).UTC(), Event: fields[4], Data: fields[5:],
		Call: applies(fields[1]), Queue: applies(fields[2]), Agent: applies(fields[3]),
	}
	if err := l.check(); err != nil {
		return Line{}, err
	}
	return l, nil
}

// check asks for what the events that matter cannot do without.
func (l Line) check() error {
	switch l.Event {
	case EnterQueue, Connect, Abandon:
		if l.Queue == "" || l.Call == "" {
			return errors.New(l.Event + " without a queue or a call")
		}
	}
	if (l.Event == Connect || l.Event == RingNoAnswer) && l.Agent == "" {
		return errors.New(l.Event + " without a member")
	}
	return nil
}

func applies(field string) string {
	if field == none {
		return ""
	}
	return field
}

// isEvent: events are words in capital letters.
func isEvent(s string) bool {
	for _, r := range s {
		if (r < 'A' || r > 'Z') && r != '_' {
			return false
		}
	}
	return s != ""
}

func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "..."
	}
	return s
}

// Number gives the nth datum, from 0, if it is there and a number.
func (l Line) Number(n int) (float64, bool) {
	if n >= len(l.Data) {
		return 0, false
	}
	v, err := strconv.ParseFloat(l.Data[n], 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// Ends says whether the event ends a conversation: the caller or the member hung
// up, or the caller was transferred.
func (l Line) Ends() bool {
	switch l.Event {
	case "COMPLETEAGENT", "COMPLETECALLER", "TRANSFER", "BLINDTRANSFER", "ATTENDEDTRANSFER", "AGENTDUMP", "SYSCOMPAT":
		return true
	}
	return false
}

// Leaves says whether the event ends a wait for another reason than an answer or
// a hang-up: a limit, a key, or by order.
func (l Line) Leaves() bool { return strings.HasPrefix(l.Event, "EXIT") || l.Event == "WITHDRAW" }

// Duty is what an event says about a member's being there.
type Duty int

// What Duty may be.
const (
	DutySame Duty = iota // nothing
	DutyOn
	DutyOff
	DutyPaused
	DutyUnpaused
)

// Duty says whether the event brings a member on or off duty. Without a Queue it
// does so for all of the member's queues.
func (l Line) Duty() Duty {
	switch l.Event {
	case "ADDMEMBER":
		if len(l.Data) > 0 && l.Data[0] == "PAUSED" {
			return DutyPaused
		}
		return DutyOn
	case "AGENTLOGIN", "AGENTCALLBACKLOGIN":
		return DutyOn
	case "REMOVEMEMBER", "AGENTLOGOFF", "AGENTCALLBACKLOGOFF":
		return DutyOff
	case "PAUSE", "PAUSEALL":
		return DutyPaused
	case "UNPAUSE", "UNPAUSEALL":
		return DutyUnpaused
	}
	return DutySame
}
