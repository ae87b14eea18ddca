package queues

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// crew is the agents of a line as the switch shows them.
type crew struct {
	agents   map[string]Agent
	known    bool // the switch has shown agents at least once, or that there are none
	glimpses map[string]*glimpse
}

// able is how many agents serve the line, now or after what they do.
func (c *crew) able() int {
	n := 0
	for _, a := range c.agents {
		switch a.State {
		case AgentIdle, AgentRinging, AgentTalking, AgentWrapUp, AgentBusy:
			n++
		}
	}
	return n
}

// sorted lists the agents by id.
func (c *crew) sorted() []Agent {
	return slices.SortedFunc(maps.Values(c.agents), func(a, b Agent) int { return cmp.Compare(a.ID, b.ID) })
}

// nameOf gives the name of an agent, or its id when it is not known.
func (c *crew) nameOf(id string) string {
	if a, ok := c.agents[id]; ok && a.Name != "" {
		return a.Name
	}
	return id
}

// agentSeen takes over an agent's state. While the state stays the same, so does
// the time since when.
func (l *Line) agentSeen(t *turn, a Agent) {
	l.crew.known = true
	was, known := l.crew.agents[a.ID]
	changed := !known || was.State != a.State || was.Reason != a.Reason
	switch {
	case known && was.State == a.State:
		a.Since = was.Since
	case a.Since.IsZero():
		a.Since = t.now
	}
	l.crew.agents[a.ID] = a
	l.shows(t, a, was.State)
	if changed {
		noteAgent(t, a)
	}
}

// endWrapUps lets agents be idle whose time after a call is over: the switch says
// when it will be, and nothing when it is.
func (l *Line) endWrapUps(t *turn) {
	for _, a := range l.crew.sorted() {
		if a.State == AgentWrapUp && !a.Until.IsZero() && !t.now.Before(a.Until) {
			a.State, a.Since, a.Until = AgentIdle, t.now, time.Time{}
			l.agentSeen(t, a)
		}
	}
}

// agentGone removes an agent; the journal has it as offline, being removed.
func (l *Line) agentGone(t *turn, id string) {
	l.crew.known = true
	a, ok := l.crew.agents[id]
	if !ok {
		return
	}
	delete(l.crew.agents, id)
	delete(l.crew.glimpses, id)
	a.State, a.Reason = AgentOffline, "removed"
	noteAgent(t, a)
}

func noteAgent(t *turn, a Agent) {
	data := map[string]any{"agent": a.ID, "state": string(a.State)}
	if a.Name != "" && a.Name != a.ID {
		data["name"] = a.Name
	}
	if a.Reason != "" {
		data["reason"] = a.Reason
	}
	t.note("agent.state", "", data)
}

// agentOn names the agent of a place; the switch may tell it before or after the
// placeholder's leg came up.
func (l *Line) agentOn(t *turn, ev AgentOn) {
	l.offerAnswered(t, ev.Channel, ev.Agent)
	s := l.channels[ev.Channel]
	name := l.crew.nameOf(ev.Agent)
	switch {
	case s == nil:
		l.takenElsewhere(t, name)
		return
	case s.Agent == name:
		return
	}
	s.Agent = name
	l.takenBy(s, name)
	t.do(Save{s.Place}, Named{s.Place})
}
