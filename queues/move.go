package queues

import "time"

// moveAway hands a place over to the engine of another queue: its placeholder is
// withdrawn, and with it goes the agent who is on it. As it is saved, it enters
// the other queue by itself should its holder not be there to ask.
func (l *Line) moveAway(t *turn, ev Move) {
	s := l.spots[ev.PlaceID]
	if s == nil || ev.Queue == "" {
		return
	}
	channel, enters := s.Channel, s.counts() || s.State == PlaceServed || s.CallID != ""
	data := map[string]any{"from": l.name, "to": ev.Queue, "why": ev.Why, "kept": ev.Keep}
	if ev.By != "" {
		data["by"] = ev.By
	}
	l.offersOver(t, channel)
	t.notePlace("place.moved", s, data)
	l.forget(s)
	p := s.Place
	p.Queue, p.State, p.Channel = ev.Queue, PlaceResting, ""
	p.EnterAfter, p.ServedAt, p.Agent = time.Time{}, time.Time{}, ""
	if enters {
		p.EnterAfter = t.now
	}
	if !ev.Keep {
		p.TakenAt = t.now
	}
	p.QueuedAt = t.now
	p.Moves++
	t.do(Save{p})
	if channel != "" {
		t.do(Withdraw{Channel: channel})
	}
	t.do(Handover{Place: p, From: l.name, Why: ev.Why})
}

// forget takes a place out of all indexes.
func (l *Line) forget(s *spot) {
	if s.State.inserted() {
		l.queueOut(s.Channel)
	}
	if s.State.unserved() {
		l.order = removeSpot(l.order, s)
	}
	delete(l.channels, s.Channel)
	delete(l.spots, s.ID)
}
