package simswitch

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// Op names a method of the port, for faults.
type Op string

// The methods that faults can be injected into. OpAny stands for each of them.
const (
	OpAny             Op = ""
	OpAnswer          Op = "answer"
	OpPlay            Op = "play"
	OpStopPlay        Op = "stop play"
	OpStartMusic      Op = "start music"
	OpStopMusic       Op = "stop music"
	OpOriginate       Op = "originate"
	OpBridge          Op = "bridge"
	OpUnbridge        Op = "unbridge"
	OpUnjoin          Op = "unjoin"
	OpRecord          Op = "record"
	OpPauseRecord     Op = "pause recording"
	OpResumeRecord    Op = "resume recording"
	OpRecordMessage   Op = "record a message"
	OpStopRecord      Op = "stop recording"
	OpRemoveRecording Op = "remove recording"
	OpLend            Op = "lend"
	OpHangup          Op = "hang up"
	OpSetVariable     Op = "set variable"
	OpVariable        Op = "read variable"
	OpSnapshot        Op = "snapshot"
)

// Fault is something that goes wrong with the next requests.
type Fault struct {
	Op    Op
	Times int           // how many requests it hits; below 1 means all from now on
	Delay time.Duration // the reply comes this much later; the request itself is carried out at once

	// Err is returned instead of the real answer; its telephony.Kind is kept, a
	// foreign error counts as retryable. Nil leaves the real answer.
	Err error

	// LostReply carries the request out although Err is returned: the switch did
	// it, the caller cannot know, and the error says so (telephony.IsUnanswered).
	// Without it Err means that nothing was done.
	LostReply bool
}

// Inject adds a fault. A request is hit by the oldest fault that matches it.
func (s *Switch) Inject(f Fault) {
	s.update(func() { s.faults = append(s.faults, &f) })
}

// Fail makes the next requests of this kind fail with err without being carried
// out; times below 1 means all from now on.
func (s *Switch) Fail(op Op, err error, times int) { s.Inject(Fault{Op: op, Err: err, Times: times}) }

// Slow makes the replies to the next requests of this kind late by d although
// they are carried out at once; times below 1 means all from now on. A caller
// whose context ends before sees its error.
func (s *Switch) Slow(op Op, d time.Duration, times int) {
	s.Inject(Fault{Op: op, Delay: d, Times: times})
}

// Heal removes all injected faults.
func (s *Switch) Heal() { s.update(func() { s.faults = nil }) }

// Disconnect breaks the connection: Disconnected is sent, requests fail as
// retryable, events are lost, and calls that come now fall back to the switch's
// own dialplan, until Reconnect. It does nothing when it is broken already.
func (s *Switch) Disconnect() {
	s.update(func() { s.disconnect() })
}

func (s *Switch) disconnect() {
	if s.broken {
		return
	}
	s.emit(telephony.Disconnected{Err: errNoLink})
	s.broken = true
}

// Replace lets another program take over our name: Replaced and Disconnected
// are sent and the connection stays broken until Reconnect.
func (s *Switch) Replace() {
	s.update(func() {
		s.emit(telephony.Replaced{})
		s.disconnect()
	})
}

// Reconnect mends the connection: Connected with a fresh snapshot is sent on
// Events and QueueReset on QueueEvents. It does nothing when it is whole.
func (s *Switch) Reconnect() {
	s.update(func() {
		if !s.broken {
			return
		}
		s.broken = false
		if s.running {
			s.greet()
		}
	})
}

var errNoLink = errors.New("no connection to the switch")

// takeFault finds and counts down the fault for op; the lock is held.
func (s *Switch) takeFault(op Op) Fault {
	for i, f := range s.faults {
		if f.Op != OpAny && f.Op != op {
			continue
		}
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				s.faults = slices.Delete(s.faults, i, i+1)
			}
		}
		return *f
	}
	return Fault{}
}

// do carries out one request: f runs with the switch locked.
func (s *Switch) do(ctx context.Context, op Op, subject string, f func() error) error {
	what := string(op)
	if subject != "" {
		what += " " + subject
	}
	if err := ctx.Err(); err != nil {
		return failure(what, err)
	}
	var (
		err   error
		fault Fault
	)
	s.update(func() {
		if !s.linked() {
			err = errNoLink
			return
		}
		fault = s.takeFault(op)
		if fault.Err == nil || fault.LostReply {
			err = f()
		}
		if fault.Err != nil {
			err = fault.Err
		}
	})
	lost := fault.Err != nil && fault.LostReply
	if fault.Delay > 0 {
		timer := time.NewTimer(fault.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			err, lost = ctx.Err(), true
		case <-s.closed:
			err, lost = errNoLink, true
		}
	}
	if lost {
		return &telephony.Error{Op: what, Kind: telephony.KindOf(err), Err: err, Unanswered: true}
	}
	return failure(what, err)
}

// failure makes any error the one that the port promises.
func failure(what string, err error) error {
	if err == nil {
		return nil
	}
	var e *telephony.Error
	if errors.As(err, &e) && e.Op == "" {
		return &telephony.Error{Op: what, Kind: e.Kind, Err: e.Err, Unanswered: e.Unanswered}
	}
	return &telephony.Error{Op: what, Kind: telephony.KindOf(err), Err: err}
}

// refuse is an error of a kind, to be completed by failure.
func refuse(kind telephony.Kind, text string) error {
	return &telephony.Error{Kind: kind, Err: errors.New(text)}
}
