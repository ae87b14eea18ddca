package acd

import (
	"cmp"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// take opens a place. A place that is there already is not taken twice: one that
// rests is held or enters, as its holder wishes. One that another engine handed
// over goes on as it was.
func (g *Group) take(t *turn, ev queues.Take) {
	hold := ev.Hold || ev.Place.CallbackID != "" && ev.Place.CallID == "" // nobody is on the line
	if s, ok := g.spots[ev.Place.ID]; ok {
		switch {
		case s.State != queues.PlaceResting:
		case !hold:
			g.askToEnter(t, s, false)
		case s.EnterAfter.IsZero():
			s.CallID = ev.Place.CallID
			g.hold(t, s)
		}
		return
	}
	p := ev.Place
	p.State, p.Channel, p.Agent, p.Reason = queues.PlaceResting, "", "", ""
	p.EnteredAt, p.EnterAfter, p.ServedAt, p.LeftAt = noTime, noTime, noTime, noTime
	p.Entry = max(p.Entry, g.entries[p.ID])
	delete(g.entries, p.ID)
	if p.TakenAt.IsZero() {
		p.TakenAt = t.now
	}
	if p.QueuedAt.IsZero() {
		p.QueuedAt = t.now
	}
	s := g.newSpot(t, p)
	if s == nil {
		return
	}
	if p.Moves == 0 { // else the journal has it
		data := map[string]any{"priority": s.Priority, "ahead": s.queue.order.rank(s), "taken_at": stamp(s.TakenAt)}
		if len(s.Skills) > 0 {
			data["skills"] = levels(s.Skills)
		}
		t.notePlace("place.taken", s, data)
	}
	if !g.admit(t, s) {
		return
	}
	if hold {
		g.hold(t, s)
	} else {
		s.asked, s.due = true, true
		g.step(t, s, stepEnter)
	}
}

// newSpot makes a place known. One of a queue that the rules do not have ends at
// once: its holder must not wait for nobody.
func (g *Group) newSpot(t *turn, p queues.Place) *spot {
	if p.QueuedAt.IsZero() {
		p.QueuedAt = p.TakenAt
	}
	s := &spot{Place: p}
	s.owner = s
	if s.queue = g.named[p.Queue]; s.queue == nil {
		s.State, s.Reason, s.LeftAt, s.EnterAfter = queues.PlaceLeft, queues.LeftFailed, t.now, noTime
		t.save(s)
		t.do(queues.Over{Place: s.Place})
		g.noteLeft(t, s, t.now.Sub(s.TakenAt), nil)
		return nil
	}
	s.class = g.classOf(s.queue, needsOf(p.Skills))
	s.Skills = s.class.needs // the same for all of them, and nobody changes it
	g.spots[s.ID] = s
	return s
}

// stamp is a time as the journal shows it.
func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339Nano) }

// hold lets a place keep its order while nobody is on the line; it is told when
// its turn comes up.
func (g *Group) hold(t *turn, s *spot) {
	s.asked, s.due = false, false
	s.EnterAfter = t.now
	g.place(t, s)
	t.save(s)
}

// askToEnter lets a resting place be offered to agents. Whoever asks is on the
// line, so there is nobody to dial until the place rests again. Of a promise's
// customer it may be told later which call it is; only then agents are rung,
// unless it is said that there is none yet.
func (g *Group) askToEnter(t *turn, s *spot, alone bool) {
	s.asked, s.due = true, true
	if s.promise() && !alone {
		if s.EnterAfter.IsZero() {
			s.EnterAfter = t.now
			g.place(t, s)
			t.save(s)
		}
		return
	}
	t.notePlace("place.entered", s, map[string]any{})
	if g.admit(t, s) {
		g.step(t, s, stepEnter)
	}
}

// convert hands the place from the call to a promise. It keeps its order; agents
// who were being rung are let go, for nobody is on the line any more.
func (g *Group) convert(t *turn, ev queues.Convert) {
	s := g.spots[ev.PlaceID]
	if s == nil || !unserved(s.State) {
		return
	}
	call := s.CallID
	s.CallID, s.CallbackID = "", ev.CallbackID
	freed := g.letGo(t, s, "", !hungUp)
	if s.State != queues.PlaceResting {
		g.step(t, s, stepRest)
	}
	g.hold(t, s)
	t.notePlace("place.converted", s, map[string]any{"call": call})
	g.release(t, freed)
}

func unserved(s queues.PlaceState) bool {
	return s == queues.PlaceResting || s == queues.PlaceWaiting || s == queues.PlaceOffered
}

func (g *Group) attach(t *turn, ev queues.Attach) {
	s := g.spots[ev.PlaceID]
	if s == nil || s.CallID == ev.CallID {
		return
	}
	s.CallID = ev.CallID
	s.told = told{} // somebody else, who was told nothing yet
	g.stir(s.queue)
	t.save(s)
	if s.asked && s.State == queues.PlaceResting {
		g.askToEnter(t, s, false)
	}
}

func (g *Group) enter(t *turn, ev queues.Enter) {
	if s := g.spots[ev.PlaceID]; s != nil && s.State == queues.PlaceResting {
		g.askToEnter(t, s, ev.Alone)
	}
}

// rest takes a place out of the line until somebody asks again. A promise that
// rests has nobody on the line.
func (g *Group) rest(t *turn, ev queues.Rest) {
	s := g.spots[ev.PlaceID]
	if s == nil {
		return
	}
	if s.CallbackID != "" {
		s.CallID = ""
	}
	s.due, s.asked, s.told = false, false, told{}
	rested := s.State == queues.PlaceResting && s.EnterAfter.IsZero()
	freed := g.letGo(t, s, "", !hungUp)
	s.EnterAfter = noTime
	if g.step(t, s, stepRest) && !rested {
		t.notePlace("place.rest", s, map[string]any{"reason": "asked"})
	}
	g.release(t, freed)
}

// leave ends a place from the caller's side.
func (g *Group) leave(t *turn, ev queues.Leave) {
	s := g.spots[ev.PlaceID]
	if s != nil {
		reason := cmp.Or(ev.Reason, queues.LeftByChoice)
		if reason == queues.LeftAbandoned && s.State == queues.PlaceServed && !s.promise() {
			reason = queues.LeftServed // hung up on the agent, not on the queue
		}
		g.end(t, s, reason, !hungUp)
	}
	delete(g.entries, ev.PlaceID)
}

// end closes a place once and for all; gone says that its leg ended by itself.
func (g *Group) end(t *turn, s *spot, reason queues.LeaveReason, gone bool) {
	served, waited := s.State == queues.PlaceServed, t.now.Sub(s.TakenAt)
	var talked *time.Duration
	if served {
		waited = s.ServedAt.Sub(s.TakenAt)
		if d := t.now.Sub(s.ServedAt); !s.endUnseen {
			talked = &d
		}
	}
	freed := g.letGo(t, s, reason, gone)
	if gone {
		s.Channel = ""
	}
	s.LeftAt, s.Reason = t.now, reason
	if !g.step(t, s, stepLeave) {
		return
	}
	delete(g.spots, s.ID)
	if s.CallbackID != "" {
		g.entries[s.ID] = s.Entry
	}
	t.do(queues.Over{Place: s.Place})
	g.noteLeft(t, s, waited, talked)
	g.release(t, freed)
}

func (g *Group) noteLeft(t *turn, s *spot, waited time.Duration, talked *time.Duration) {
	data := map[string]any{"reason": string(s.Reason), "waited_s": inSeconds(waited)}
	if talked != nil {
		data["talked_s"] = inSeconds(*talked)
	}
	t.notePlace("place.left", s, data)
}
