package forecast

import (
	"encoding/json"
	"time"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
)

// aboutPlaces follows who waits.
func (l *Live) aboutPlaces(e journal.Entry) {
	if e.Type == "place.moved" {
		l.moved(e)
		return
	}
	if e.Queue != "" && e.Queue != l.queue {
		return
	}
	c := l.f.calls[e.Place]
	switch e.Type {
	case "place.taken":
		l.taken(e)
	case "place.entered", "place.reentered":
		if c == nil && e.Place != "" { // its beginning was not told
			c = l.back(e)
		}
		if c != nil {
			c.aside = false
		}
	case "place.rest":
		if c == nil {
			c = l.back(e)
		}
		_, retries := number(e.Data["retry_s"])
		c.aside, c.outcomes = !retries, nil // its turn may come and go meanwhile
	case "place.converted":
		if c != nil && !c.callback {
			l.f.patience.observe(l.f.now-c.joined, false)
			c.callback = true
		}
	case "place.served":
		l.served(e)
	case "place.left":
		l.left(e)
	case "offer.made":
		l.rung(l.agent(e.Agent))
	case "offer.ended":
		if word(e.Data["why"]) == "no_answer" {
			l.missed(l.agent(e.Agent))
		}
	case "foreign.joined":
		l.foreignJoined(e)
	case "foreign.left":
		l.foreignLeft(e)
	}
}

// taken lets a place join, and tries what it would be told.
func (l *Live) taken(e journal.Entry) {
	if l.f.calls[e.Place] != nil || e.Place == "" {
		return
	}
	priority, _ := number(e.Data["priority"])
	var need []queues.Skill
	levels := map[string]int{}
	decode(e.Data["skills"], &levels)
	for name, level := range levels {
		need = append(need, queues.Skill{Name: name, Level: level})
	}
	c := &caller{
		name: e.Place, priority: int(priority), need: needOf(need), joined: l.f.now,
		callback: word(e.Data["call"]) == "" && word(e.Data["callback"]) != "",
	}
	if at, err := time.Parse(time.RFC3339Nano, word(e.Data["taken_at"])); err == nil {
		c.joined = min(l.f.now, at.Sub(l.zero).Seconds())
	}
	l.f.lineUp(c)
	l.f.arrived(c)
	l.trial(c)
}

// back puts a place in line again that was being served.
func (l *Live) back(e journal.Entry) *caller {
	c := &caller{name: e.Place, joined: l.f.now, callback: word(e.Data["callback"]) != ""}
	for _, a := range l.f.agents {
		if a.crew.call == e.Place {
			c.priority, c.need, c.joined = a.crew.priority, a.crew.need, a.crew.joined
			a.rate, a.crew.call = 0, "" // whoever waits for a customer does not talk
		}
	}
	l.f.lineUp(c)
	return c
}

// moved takes a place to or from another queue.
func (l *Live) moved(e journal.Entry) {
	from, to := word(e.Data["from"]), word(e.Data["to"])
	if c := l.f.calls[e.Place]; c != nil && from == l.queue && to != l.queue {
		if !c.callback {
			l.f.patience.observe(l.f.now-c.joined, false)
		}
		l.f.leave(c)
		l.f.drop(c)
	}
	if to == l.queue && (from == l.queue || l.f.calls[e.Place] == nil) {
		l.taken(e)
	}
}

func (l *Live) served(e journal.Entry) {
	f := l.f
	c := f.calls[e.Place]
	if c == nil {
		c = &caller{name: e.Place, joined: f.now} // it joined before the journal began
	} else {
		f.served(c)
	}
	f.connects++
	if id := l.idOf(e.Agent); id != "" {
		l.bind(l.agent(id), c)
		return
	}
	for _, a := range f.agents {
		if a.doing == talking && a.crew.call == "" && f.now-a.since <= sameMoment {
			l.bind(a, c)
			return
		}
	}
	l.unbound = append(l.unbound, served{id: c.name, at: f.now})
}

// left ends a place, or the talk of the agent who had it.
func (l *Live) left(e journal.Entry) {
	f := l.f
	if c := f.calls[e.Place]; c != nil {
		if word(e.Data["reason"]) == string(queues.LeftAbandoned) && !c.callback {
			f.patience.observe(f.now-c.joined, true)
			f.leave(c)
			c.ghost = true
			return
		}
		if !c.callback {
			f.patience.observe(f.now-c.joined, false)
		}
		f.leave(c)
		f.drop(c)
		return
	}
	for _, a := range f.agents {
		if a.crew.call == e.Place && a.doing == talking {
			l.hangUp(a)
			return
		}
	}
	for i, s := range l.unbound {
		if s.id == e.Place {
			l.unbound = append(l.unbound[:i], l.unbound[i+1:]...)
			break
		}
	}
}

// Callers who came by another way are kept under names that no place has.
func foreignName(e journal.Entry) string { return "channel " + word(e.Data["channel"]) }

func (l *Live) foreignJoined(e journal.Entry) {
	name := foreignName(e)
	if l.f.calls[name] != nil {
		return
	}
	priority, _ := number(e.Data["priority"])
	c := &caller{name: name, priority: int(priority), joined: l.f.now}
	l.foreign[name] = true
	l.f.lineUp(c)
	l.f.arrived(c)
}

// foreignLeft: the journal does not say how, but an agent who begins to talk at
// that moment does.
func (l *Live) foreignLeft(e journal.Entry) {
	f, c := l.f, l.f.calls[foreignName(e)]
	if c == nil {
		return
	}
	delete(l.foreign, c.name)
	for _, a := range f.agents {
		if a.doing == talking && a.crew.call == "" && f.now-a.since <= sameMoment {
			f.served(c)
			f.connects++
			l.bind(a, c)
			return
		}
	}
	f.leave(c)
	f.drop(c)
	l.unbound = append(l.unbound, served{id: c.name, at: f.now, left: c})
}

// number reads a number as Go or as JSON has it.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	}
	return 0, false
}

func word(v any) string {
	s, _ := v.(string)
	return s
}

// decode reads a value of an entry's data that has parts. What does not fit
// leaves into as far as it was filled.
func decode(v, into any) {
	if v == nil {
		return
	}
	if text, err := json.Marshal(v); err == nil {
		_ = json.Unmarshal(text, into)
	}
}
