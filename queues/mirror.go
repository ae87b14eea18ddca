package queues

import (
	"slices"
	"time"
)

// standee is somebody in the switch's queue: a placeholder or a foreign caller.
// The list of them is kept as app_queue holds it, so that a slot can be asked for
// by its number even where the switch's order is not the one of our clock.
type standee struct {
	channel  string
	priority int
	at       time.Time // when it joined
}

// queueIn adds somebody to the list where app_queue puts them: before all of a
// lower priority, and at the position if there is one and higher priorities
// leave it free.
func (l *Line) queueIn(c standee, position int) {
	at := slices.IndexFunc(l.queue, func(cur standee) bool {
		position-- // counts down to the slot
		return c.priority > cur.priority || c.priority == cur.priority && position == 0
	})
	if at < 0 {
		at = len(l.queue)
	}
	l.queue = slices.Insert(l.queue, at, c)
}

func (l *Line) queueOut(channel string) {
	l.queue = slices.DeleteFunc(l.queue, func(c standee) bool { return c.channel == channel })
}

// position is the slot that a place must ask for to stand behind all places that
// are to be served before it and before all that are not; among foreign callers
// their time decides. 0 when nobody of its priority is to stand behind it: the
// switch puts it before all lower priorities by itself.
func (l *Line) position(s *spot) int {
	slot := 0
	for i, c := range l.queue {
		if own := l.channels[c.channel]; c.priority > s.Priority || own != nil && own.Before(s.Place) {
			slot = i + 1
		}
	}
	for slot < len(l.queue) {
		c := l.queue[slot]
		if l.channels[c.channel] != nil || !foreignBeforePlace(Joined{Priority: c.priority, At: c.at}, s.Place) {
			break
		}
		slot++
	}
	if slot == len(l.queue) || l.queue[slot].priority < s.Priority {
		return 0
	}
	return slot + 1
}

// joined confirms a placeholder or notes a foreign caller.
func (l *Line) joined(t *turn, ev Joined) {
	if ev.At.IsZero() {
		ev.At = t.now
	}
	s := l.channels[ev.Channel]
	if s != nil {
		if s.State.inserted() && s.sight == missing {
			l.queueIn(standee{ev.Channel, s.Priority, ev.At}, l.position(s))
		}
		l.confirm(t, s)
		return
	}
	l.queueOut(ev.Channel)
	l.queueIn(standee{ev.Channel, ev.Priority, ev.At}, 0)
	// A placeholder that no place holds any more is about to leave.
	if _, _, ours := ParseChannelID(ev.Channel); !ours {
		l.meetForeign(t, ev)
	}
}

// confirm takes note that the switch shows a placeholder in its queue.
func (l *Line) confirm(t *turn, s *spot) {
	s.sight = standing
	if !l.move(s, stepJoined) {
		return
	}
	t.do(Save{s.Place})
	t.notePlace("place.entered", s, map[string]any{"entry": s.Entry, "after_s": inSeconds(t.now.Sub(s.EnteredAt))})
}

func (l *Line) parted(t *turn, ev Parted) {
	l.queueOut(ev.Channel)
	l.partForeign(t, ev.Channel)
	if s := l.channels[ev.Channel]; s != nil {
		s.sight = missing // Answered or Gone will say why
	}
}

// mirrorPatience is how new a placeholder may be that a mirror does not show, and
// how long restored places wait for one.
const mirrorPatience = 3 * time.Second

// mirror takes over the whole truth about agents and foreign callers. About our
// placeholders it only says where they stand: what became of one that is not
// there is told by the end of its channel, and acting on both would enter twice.
func (l *Line) mirror(t *turn, ev Mirror) {
	l.mirrorAgents(t, ev.Agents)
	l.allShown(t)
	joinedAt := map[string]time.Time{}
	for _, c := range l.queue {
		joinedAt[c.channel] = c.at
	}
	l.queue = nil
	shown := map[string]bool{}
	for _, j := range ev.Waiting {
		shown[j.Channel] = true
	}
	for _, f := range slices.Clone(l.foreign) {
		if !shown[f.Channel] {
			l.partForeign(t, f.Channel)
		}
	}
	for _, j := range ev.Waiting {
		if at, known := joinedAt[j.Channel]; known {
			j.At = at // seen as it happened; a list tells whole seconds of waiting
		}
		if s := l.channels[j.Channel]; s != nil {
			l.queue = append(l.queue, standee{j.Channel, s.Priority, j.At})
			l.confirm(t, s)
			continue
		}
		l.joined(t, j)
	}
	l.offersForgotten(t)
	for _, s := range l.order {
		switch {
		case !s.State.inserted() || shown[s.Channel]:
		case t.now.Sub(s.EnteredAt) > mirrorPatience:
			s.sight = missing
		case s.sight != missing: // on its way
			l.queueIn(standee{s.Channel, s.Priority, s.EnteredAt}, l.position(s))
		}
	}
}

func (l *Line) mirrorAgents(t *turn, agents []Agent) {
	l.crew.known = true
	present := map[string]bool{}
	for _, a := range agents {
		present[a.ID] = true
		l.agentSeen(t, a)
	}
	for _, a := range l.crew.sorted() {
		if !present[a.ID] {
			l.agentGone(t, a.ID)
		}
	}
}
