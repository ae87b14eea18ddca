package forecast

import (
	"slices"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
)

// crewman is what Live knows of an agent beside what the Forecaster does.
type crewman struct {
	call     string // the place or foreign caller that it serves, "" when that is not known
	priority int    // of that place, as the next two
	need     string
	joined   float64

	rung     bool // its phone rings
	rungAt   float64
	missed   bool // it did not answer, and was not rung since
	missedAt float64
	pressed  bool // somebody waited here when its present talk began

	home, away float64 // calls that it took here, and for others while somebody waited here

	opened bool     // linekeeper distributes: the rest is known
	queues []string // that it serves; none: all
	skills skills
}

// choose counts a call, and lets older ones count less.
func (c *crewman) choose(which *float64) {
	const memory = 100 // calls
	c.home -= c.home / memory
	c.away -= c.away / memory
	*which++
}

// tier is a circle of agents who serve those who have waited so long.
type tier struct {
	After  float64        `json:"after_s"`
	Skills map[string]int `json:"skills"`
}

// aboutAgents follows what the agents do.
func (l *Live) aboutAgents(e journal.Entry) {
	here := e.Queue == "" || e.Queue == l.queue
	switch e.Type {
	case "queue.opened":
		if here {
			l.tiers = nil
			decode(e.Data["tiers"], &l.tiers)
		}
	case "queue.borrowing":
		if here {
			l.borrowing(e)
		}
	case "agent.opened":
		a := l.agent(word(e.Data["agent"]))
		if a == nil {
			return
		}
		a.crew.opened, a.crew.queues, a.crew.skills = true, nil, nil
		decode(e.Data["queues"], &a.crew.queues)
		decode(e.Data["skills"], &a.crew.skills)
		l.rename(a, word(e.Data["name"]))
	case "agent.state":
		id := e.Agent
		if told := word(e.Data["agent"]); told != "" {
			id = told
		}
		known := l.f.byName[id]
		if !here && (known == nil || !known.crew.opened) {
			return // the switch's queue of that name has a word for the agent of its own
		}
		if a := l.agent(id); a != nil {
			l.rename(a, word(e.Data["name"]))
			busyFor := word(e.Data["queue"])
			l.state(a, queues.AgentState(word(e.Data["state"])), busyFor != "" && busyFor != l.queue, e.Place)
		}
	}
}

func (l *Live) borrowing(e journal.Entry) {
	var from []string
	if one := word(e.Data["from"]); one != "" {
		from = []string{one}
	}
	decode(e.Data["from"], &from)
	on, _ := e.Data["on"].(bool)
	for _, q := range from {
		if l.lenders[q] = on; !on {
			delete(l.lenders, q)
		}
	}
}

// agent gives the agent with this id, a new one if there is none; nil without id.
func (l *Live) agent(id string) *agent {
	if id == "" {
		return nil
	}
	return l.f.agentNamed(id)
}

func (l *Live) rename(a *agent, name string) {
	if name != "" && name != a.name {
		l.names[name] = a.name
	}
}

// idOf gives the id of an agent whom the journal calls by id or by name; "" for
// one who is not known.
func (l *Live) idOf(agent string) string {
	if id, ok := l.names[agent]; ok {
		return id
	}
	if l.f.byName[agent] != nil {
		return agent
	}
	return ""
}

// serves says whether an agent who is free may take calls of this queue.
func (l *Live) serves(a *agent) bool {
	_, ok := l.after(a)
	return ok
}

// after is how long a place must have waited before the agent serves it.
func (l *Live) after(a *agent) (seconds float64, ok bool) {
	if !a.crew.opened {
		return 0, true
	}
	lent := slices.ContainsFunc(a.crew.queues, func(q string) bool { return l.lenders[q] })
	if len(a.crew.queues) > 0 && !slices.Contains(a.crew.queues, l.queue) {
		return 0, lent
	}
	for _, t := range l.tiers {
		enough := true
		for name, level := range t.Skills {
			enough = enough && a.crew.skills[name] >= level
		}
		if enough {
			return t.After, true
		}
	}
	return 0, len(l.tiers) == 0 || lent
}

// state takes over what an agent does now. other says that it does so for
// another queue.
func (l *Live) state(a *agent, s queues.AgentState, other bool, place string) {
	f := l.f
	if a.doing == talking && s != queues.AgentTalking {
		l.hangUp(a)
	}
	if s != queues.AgentWrapUp {
		if a.doing == wrapping {
			f.ready(a)
		}
		if a.doing == elsewhere && (s != queues.AgentTalking && s != queues.AgentBusy) {
			a.doing, a.since = idle, f.now
		}
	}
	if s != queues.AgentRinging && a.doing == ringing {
		a.doing, a.since = idle, f.now
	}
	if s != queues.AgentPaused && a.paused {
		f.unpause(a)
	}
	a.on = s != queues.AgentOffline && s != queues.AgentOff
	switch s {
	case queues.AgentRinging:
		if !other {
			l.rung(a)
		} else {
			a.doing, a.since = elsewhere, f.now
		}
		return
	case queues.AgentTalking:
		l.talks(a, other, place)
	case queues.AgentWrapUp:
		if a.doing != wrapping {
			a.doing, a.since = wrapping, f.now
		}
	case queues.AgentBusy:
		if a.doing != elsewhere {
			a.doing, a.since = elsewhere, f.now
		}
	case queues.AgentPaused:
		if !a.paused {
			a.paused, a.pausedAt = true, f.now
		}
	}
	a.crew.rung = false
}

// rung: the agent's phone rings for this queue.
func (l *Live) rung(a *agent) {
	if a == nil || a.crew.rung {
		return
	}
	if a.crew.missed {
		a.crew.missed = false
		if d := l.f.now - a.crew.missedAt; d < restSeen {
			l.restSum.observe(d)
			l.f.restTime = l.restSum.mean()
		}
	}
	a.crew.rung, a.crew.rungAt = true, l.f.now
	if a.doing == idle {
		a.doing, a.since = ringing, l.f.now
	}
}

// restSeen is the longest time (seconds) after a call in vain that is put down to
// it; later the agent may just not have been needed.
const restSeen = 120.0

// missed: the agent let it ring.
func (l *Live) missed(a *agent) {
	if a == nil {
		return
	}
	f := l.f
	if a.crew.rung {
		l.ringSum.observe(f.now - a.crew.rungAt)
		f.ringTime = l.ringSum.mean()
	}
	a.refused++
	f.refusals++
	a.crew.rung, a.crew.missed, a.crew.missedAt = false, true, f.now
	if a.doing == ringing {
		a.doing, a.since = idle, f.now
	}
}

// talks: the agent is in a call; whose it is may be known already, or shows
// itself within a moment.
func (l *Live) talks(a *agent, other bool, place string) {
	f := l.f
	if a.doing == talking || a.doing == elsewhere && other {
		return
	}
	a.rate, a.crew.call = 0, ""
	a.doing, a.since, a.crew.pressed = talking, f.now, len(f.calls) > 0
	if other {
		l.takenAway(a)
		return
	}
	for i, s := range l.unbound {
		if f.now-s.at > sameMoment || place != "" && s.id != place {
			continue
		}
		l.unbound = slices.Delete(l.unbound, i, i+1)
		if s.left != nil { // so it did not hang up
			f.patience.observe(s.at-s.left.joined, false)
			f.connects++
		}
		l.bind(a, &caller{name: s.id, joined: s.at})
		return
	}
}

// takenAway: the agent's call is not of this queue.
func (l *Live) takenAway(a *agent) {
	a.doing = elsewhere
	if a.crew.pressed {
		a.crew.choose(&a.crew.away)
	}
}

// bind tells whom the agent serves.
func (l *Live) bind(a *agent, c *caller) {
	f := l.f
	if a.doing == talking && a.crew.call != "" {
		return
	}
	f.unwrap(a)
	if a.doing != talking {
		a.doing, a.since = talking, f.now
	}
	a.on = true
	a.rate = 1 / a.factor
	f.talk.level.pass((f.now - a.since) * a.rate)
	a.answered++
	a.crew.choose(&a.crew.home)
	a.crew.call, a.crew.priority, a.crew.need, a.crew.joined = c.name, c.priority, c.need, c.joined
	if d := a.since - a.crew.rungAt; a.crew.rung && d >= 0 {
		f.answer.level.pass(d)
		f.answer.observe(d, 1)
	}
	a.crew.rung, a.crew.missed = false, false
}

// Overlook says that nobody sees how long an agent does what it does now, so that
// nothing can be learned from its end.
func (l *Live) Overlook(agent string) {
	a := l.f.byName[agent]
	if a == nil {
		return
	}
	switch a.doing {
	case talking:
		l.f.talk.level.retract((l.f.now - a.since) * a.rate)
		a.rate = 0
	case wrapping:
		l.f.wrap.level.retract(l.f.now - a.since)
		a.doing, a.since = idle, l.f.now
	}
}

// hangUp ends a talk and learns from it, if it was one of this queue and nobody
// looked away meanwhile.
func (l *Live) hangUp(a *agent) {
	if a.rate > 0 && l.f.now-a.since < longestTalk {
		l.f.complete(a)
	} else {
		a.doing, a.since = idle, l.f.now
	}
	a.rate, a.crew.call = 0, ""
}
