package simswitch

import (
	"slices"
	"time"
)

// clock runs what is due, one after another in the order of time and then of
// asking, so that two things due at the same instant do not race. One timer
// serves all of them. Everything here runs with the switch locked.
type clock struct {
	alarms []*alarm // by time, then by order of asking
	timer  *time.Timer
	over   bool // the switch was closed
}

// alarm is one thing to be done later.
type alarm struct {
	at      time.Time
	f       func()
	stopped bool
}

// stop keeps an alarm from going off; nil is allowed.
func (a *alarm) stop() {
	if a != nil {
		a.stopped = true
	}
}

// after runs f with the switch locked when d has passed; when d is not positive
// at the end of the present update, so that no other goroutine gets in between.
func (s *Switch) after(d time.Duration, f func()) *alarm {
	a := &alarm{at: time.Now().Add(d), f: f}
	if s.clock.over {
		return a
	}
	i := len(s.clock.alarms)
	for i > 0 && s.clock.alarms[i-1].at.After(a.at) {
		i--
	}
	s.clock.alarms = slices.Insert(s.clock.alarms, i, a)
	if i == 0 {
		s.arm()
	}
	return a
}

// arm sets the timer to the first alarm.
func (s *Switch) arm() {
	if s.clock.timer != nil {
		s.clock.timer.Stop()
	}
	if len(s.clock.alarms) > 0 {
		s.clock.timer = time.AfterFunc(time.Until(s.clock.alarms[0].at), func() { s.update(s.arm) })
	}
}

// strike runs every alarm that is due. A timer that fires late or twice does no
// harm: what is not due stays.
func (s *Switch) strike() {
	due := func() bool { return len(s.clock.alarms) > 0 && !s.clock.alarms[0].at.After(time.Now()) }
	if !due() {
		return
	}
	for due() {
		a := s.clock.alarms[0]
		s.clock.alarms = s.clock.alarms[1:]
		if !a.stopped {
			a.f()
		}
	}
	s.arm()
}

// stopClock forgets all alarms, and those to come.
func (s *Switch) stopClock() {
	s.clock.alarms, s.clock.over = nil, true
	s.arm()
}
