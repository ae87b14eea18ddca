package acd

import "github.com/linekeeper/linekeeper/queues"

// move takes a place into another queue, by order or as an escalation; a queue
// of another engine gets it handed over.
func (g *Group) move(t *turn, ev queues.Move) {
	s := g.spots[ev.PlaceID]
	if s == nil || ev.Queue == s.Queue || ev.Queue == "" {
		return
	}
	if to := g.named[ev.Queue]; to != nil {
		g.relocate(t, s, to, ev.Keep, ev.Why, ev.By)
		return
	}
	g.handOver(t, s, ev)
}

// relocate takes a place into another queue of the group. An agent who serves it
// is let go, and the caller waits again.
func (g *Group) relocate(t *turn, s *spot, to *queue, keep bool, why, by string) {
	from := s.Queue
	freed := g.letGo(t, s, "", !hungUp)
	g.lift(t, s)
	s.queue, s.Queue, s.class = to, to.rule.Name, g.classOf(to, s.Skills)
	moved(t, s, keep)
	s.told, s.est = told{}, queues.Estimate{}
	switch {
	case s.State == queues.PlaceResting:
		g.place(t, s)
	case s.promise():
		g.step(t, s, stepRest)
		g.hold(t, s)
	case s.State == queues.PlaceServed:
		g.step(t, s, stepReturn)
	case s.State == queues.PlaceOffered:
		g.step(t, s, stepMissed)
	default:
		g.place(t, s)
	}
	t.save(s)
	t.do(queues.Moved{Place: s.Place, From: from, Why: why})
	noteMoved(t, s, from, why, by, keep)
	g.release(t, freed)
}

func moved(t *turn, s *spot, keep bool) {
	s.QueuedAt = t.now
	s.Moves++
	if !keep {
		s.TakenAt = t.now
	}
}

// handOver gives a place to the engine that has its new queue, and forgets it.
func (g *Group) handOver(t *turn, s *spot, ev queues.Move) {
	from := s.Queue
	freed := g.letGo(t, s, "", !hungUp)
	g.lift(t, s)
	delete(g.spots, s.ID)
	s.Queue = ev.Queue
	moved(t, s, ev.Keep)
	s.State, s.Channel, s.Agent, s.ServedAt, s.EnterAfter = queues.PlaceResting, "", "", noTime, noTime
	t.save(s)
	t.do(queues.Handover{Place: s.Place, From: from, Why: ev.Why})
	noteMoved(t, s, from, ev.Why, ev.By, ev.Keep)
	g.release(t, freed)
}

// noteMoved tells the journal; the entry belongs to the new queue and says again
// what it must know of the place.
func noteMoved(t *turn, s *spot, from, why, by string, kept bool) {
	data := map[string]any{
		"from": from, "to": s.Queue, "why": why, "kept": kept,
		"priority": s.Priority, "taken_at": stamp(s.TakenAt),
	}
	if by != "" {
		data["by"] = by
	}
	if len(s.Skills) > 0 {
		data["skills"] = levels(s.Skills)
	}
	t.notePlace("place.moved", s, data)
}
