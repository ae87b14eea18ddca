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
	l.offersOver(t, channel)
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
	noteMoved(t, p, l.name, ev)
	t.do(Save{p})
	if channel != "" {
		t.do(Withdraw{Channel: channel})
	}
	t.do(Handover{Place: p, From: l.name, Why: ev.Why})
}

// noteMoved tells the journal; the entry belongs to the new queue and says again
// what it must know of the place.
func noteMoved(t *turn, p Place, from string, ev Move) {
	data := map[string]any{
		"from": from, "to": p.Queue, "why": ev.Why, "kept": ev.Keep,
		"priority": p.Priority, "taken_at": p.TakenAt.UTC().Format(time.RFC3339Nano),
	}
	if ev.By != "" {
		data["by"] = ev.By
	}
	t.notePlace("place.moved", &spot{Place: p}, data)
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
