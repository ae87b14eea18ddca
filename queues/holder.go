package queues

import "time"

// take opens a place. A place that is there already is not taken twice: one that
// rests is held or enters, as its holder wishes.
func (l *Line) take(t *turn, ev Take) {
	if s, ok := l.spots[ev.Place.ID]; ok {
		switch {
		case s.State != PlaceResting:
		case !ev.Hold:
			l.askToEnter(t, s)
		case s.EnterAfter.IsZero():
			s.CallID, s.due = ev.Place.CallID, false
			l.hold(t, s)
		}
		return
	}
	s := &spot{Place: ev.Place}
	s.State, s.Queue, s.Channel = PlaceResting, l.name, ""
	s.ServedAt, s.Agent = time.Time{}, ""
	s.Entry = max(s.Entry, l.entries[s.ID])
	delete(l.entries, s.ID)
	if s.TakenAt.IsZero() {
		s.TakenAt = t.now
	}
	if s.QueuedAt.IsZero() {
		s.QueuedAt = s.TakenAt
	}
	l.adopt(s)
	if ev.Hold {
		l.hold(t, s)
	} else {
		s.fresh = true
		l.askToEnter(t, s)
	}
	ahead := l.tallyOf(s).ahead
	if s.Moves == 0 { // else place.moved says it all
		t.notePlace("place.taken", s, map[string]any{
			"priority": s.Priority, "ahead": ahead, "taken_at": s.TakenAt.UTC().Format(time.RFC3339Nano),
		})
	}
	s.join = told{known: true, ahead: ahead}
	l.guess(t, s)
}

// adopt makes a place known in all indexes.
func (l *Line) adopt(s *spot) {
	l.spots[s.ID] = s
	if s.Channel != "" {
		l.channels[s.Channel] = s
	}
	if s.State.unserved() {
		l.order = insertSpot(l.order, s)
	}
}

// askToEnter lets a resting place enter as soon as the order allows. Whoever asks
// is on the line, so there is nobody to dial until the place rests again.
func (l *Line) askToEnter(t *turn, s *spot) {
	s.asked, s.due = true, true
	l.hold(t, s)
}

// hold lets a resting place enter by itself from now on; a promise does when no
// agent would be rung for nobody.
func (l *Line) hold(t *turn, s *spot) {
	s.EnterAfter = t.now
	l.letEnter(t)
	if s.State == PlaceResting {
		t.do(Save{s.Place})
	}
}

// convert hands the place from the call to a promise. The placeholder stays.
func (l *Line) convert(t *turn, ev Convert) {
	s := l.spots[ev.PlaceID]
	if s == nil || !s.State.unserved() {
		return
	}
	call := s.CallID
	s.CallID, s.CallbackID = "", ev.CallbackID
	s.asked, s.due = false, false
	t.do(Save{s.Place})
	t.notePlace("place.converted", s, map[string]any{"call": call})
}

func (l *Line) attach(t *turn, ev Attach) {
	s := l.spots[ev.PlaceID]
	if s == nil || s.CallID == ev.CallID {
		return
	}
	s.CallID = ev.CallID
	s.told = told{} // somebody else, who was told nothing yet
	t.do(Save{s.Place})
}

func (l *Line) enter(t *turn, ev Enter) {
	if s := l.spots[ev.PlaceID]; s != nil && s.State == PlaceResting {
		l.askToEnter(t, s)
	}
}

// rest takes a place out of the switch's queue until somebody asks again. A
// promise that rests has nobody on the line.
func (l *Line) rest(t *turn, ev Rest) {
	s := l.spots[ev.PlaceID]
	if s == nil {
		return
	}
	if s.CallbackID != "" {
		s.CallID = ""
	}
	s.due, s.asked, s.lost, s.retries, s.told = false, false, "", 0, told{}
	l.putToRest(t, s, time.Time{}, "asked")
}

// putToRest withdraws the placeholder if there is one and lets the place enter
// by itself from a time on; the zero time means when it is asked to.
func (l *Line) putToRest(t *turn, s *spot, until time.Time, why string) {
	channel := s.Channel
	if s.State == PlaceResting && s.EnterAfter.Equal(until) {
		t.do(Save{s.Place})
		return
	}
	if !l.move(s, stepRest) {
		return
	}
	s.EnterAfter, s.asked = until, false
	s.ServedAt, s.Agent = time.Time{}, ""
	l.offersOver(t, channel)
	t.do(Save{s.Place})
	if channel != "" {
		t.do(Withdraw{Channel: channel})
	}
	data := map[string]any{"reason": why}
	if !until.IsZero() {
		data["retry_s"] = inSeconds(until.Sub(t.now))
	}
	t.notePlace("place.rest", s, data)
}

// leave ends a place from the caller's side.
func (l *Line) leave(t *turn, ev Leave) {
	s := l.spots[ev.PlaceID]
	if s == nil {
		delete(l.entries, ev.PlaceID)
		return
	}
	reason := ev.Reason
	switch {
	case reason == "":
		reason = LeftByChoice
	case reason == LeftAbandoned && s.State == PlaceServed && !s.promise():
		reason = LeftServed // hung up on the agent, not on the queue
	}
	l.end(t, s, reason)
	delete(l.entries, ev.PlaceID)
}

// end closes a place once and for all.
func (l *Line) end(t *turn, s *spot, reason LeaveReason) {
	was := s.State
	if !l.move(s, stepLeave) {
		return
	}
	waited := t.now.Sub(s.TakenAt)
	if was == PlaceServed {
		waited = s.ServedAt.Sub(s.TakenAt)
	}
	l.offersOver(t, s.Channel)
	s.LeftAt, s.Reason, s.EnterAfter = t.now, reason, time.Time{}
	t.do(Save{s.Place})
	if s.Channel != "" {
		t.do(Withdraw{Channel: s.Channel, Why: reason})
	}
	t.do(Over{s.Place})
	data := map[string]any{"reason": string(reason), "waited_s": inSeconds(waited)}
	if was == PlaceServed && !s.endUnseen {
		data["talked_s"] = inSeconds(t.now.Sub(s.ServedAt))
	}
	t.notePlace("place.left", s, data)
}
