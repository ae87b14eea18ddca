package callback

import (
	"fmt"
	"time"
)

// promisedFor is the time for which the call was promised.
func (c Callback) promisedFor() time.Time {
	if !c.Window.From.IsZero() {
		return c.Window.From
	}
	return c.AskedAt
}

// expires is when the promise is given up; zero for never.
func (s *step) expires() time.Time {
	if s.p.Expire == 0 {
		return time.Time{}
	}
	return s.cb.promisedFor().Add(s.p.Expire)
}

// expire gives the promise up when it is too late for it, and says whether.
func (s *step) expire() bool {
	at := s.expires()
	if at.IsZero() || s.now.Before(at) {
		return false
	}
	s.giveUp(fmt.Sprintf("expired: the call was not made within %s of the time it was promised for", span(seconds(s.p.Expire))))
	return true
}

// postpone puts the promise off. The time of its word is the new window's start.
func (s *step) postpone(ev Postpone) error {
	if !ev.Until.After(s.now) {
		return s.refuse(ev, "it can only be put off to a time to come")
	}
	if s.cb.State == Shown {
		s.enter(Waiting)
	}
	s.releaseAgent()
	s.cb.Window.From = ev.Until
	if !s.cb.Window.Until.After(ev.Until) {
		s.cb.Window.Until = time.Time{}
	}
	s.cb.Postponed++
	if s.cb.Verify == "" { // who still waits for a yes goes on doing so
		s.cb.NotBefore, s.cb.DelayedBy = ev.Until, ""
	}
	switch {
	case ev.Anew && s.cb.Placed:
		s.park(ev.Until)
	case ev.Anew || !s.cb.Placed && s.cb.PlaceAt.After(s.now):
		s.cb.PlaceAt = ev.Until
	default:
		s.rest()
	}
	data := map[string]any{"until": stamp(ev.Until), "by": ev.By, "why": ev.Why}
	if ev.Anew {
		data["anew"] = true
	}
	s.note(NotePostponed, data)
	return nil
}

// hasten ends a pause or the wait for a window. Rules still apply.
func (s *step) hasten(ev Hasten) error {
	switch {
	case s.cb.Verify == VerifyByCode:
		return s.refuse(ev, "it waits for its code, not for a time")
	case s.cb.NotBefore.IsZero():
		return s.refuse(ev, "nothing holds it back, it waits for its place to come up")
	}
	s.note(NoteHastened, map[string]any{"by": ev.By, "not_before": stamp(s.cb.NotBefore)})
	if s.cb.Window.From.After(s.now) {
		s.cb.Window.From = s.now
	}
	s.cb.NotBefore, s.cb.DelayedBy = s.now, ""
	s.takePlaceAgain()
	return nil
}
