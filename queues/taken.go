package queues

import (
	"slices"
	"time"
)

// Who is free.
//
// The switch tells of placeholders by one way and of agents by another, so that an
// agent who has just taken a caller may be shown as idle or ringing for a while. Was
// such an agent taken for free, the customer of a promise would be called for nobody.
// So whoever took a caller is not free until the switch has shown them at work.

// tellPatience is how long after one another the switch may tell the two sides of
// one event: that a placeholder was answered, and that its agent is in a call.
const tellPatience = 3 * time.Second

// glimpse is what is known of an agent beside the state that the switch shows.
type glimpse struct {
	began     time.Time // when the agent was last seen to be free no more
	elsewhere time.Time // when the agent took a caller who came by another way; zero when seen free after it
}

// ready says whether an agent in this state would take a caller at once.
func (s AgentState) ready() bool { return s == AgentIdle || s == AgentRinging }

// free is how many agents would take a caller at once: those who are shown so, but
// for those who are known to have taken one.
func (l *Line) free(now time.Time) int {
	taken := map[string]bool{} // by id
	for id, g := range l.crew.glimpses {
		if now.Sub(g.elsewhere) < tellPatience {
			taken[id] = true
		}
	}
	var nameless []*spot
	for _, s := range l.spots {
		switch {
		case s.State != PlaceServed || s.shown:
		case s.taker == "":
			nameless = append(nameless, s)
		default:
			for _, id := range l.crew.called(s.taker) {
				taken[id] = true
			}
		}
	}
	n := 0
	for id, a := range l.crew.agents {
		if a.State.ready() && !taken[id] {
			n++
		}
	}
	return max(n-l.unexplained(nameless), 0)
}

// unexplained is how many of the places whose agent is not known were taken by
// somebody who is still shown as free. The others were taken by those who began to
// talk about then, as far as they did not take somebody else.
func (l *Line) unexplained(nameless []*spot) int {
	if len(nameless) == 0 {
		return 0
	}
	spoken := map[string]bool{} // agents who are known to serve another, by id
	for _, s := range l.spots {
		if s.State == PlaceServed {
			for _, id := range l.crew.called(s.taker) {
				spoken[id] = true
			}
		}
	}
	var began []time.Time
	for id, g := range l.crew.glimpses {
		if talks := l.crew.agents[id].State; (talks == AgentTalking || talks == AgentBusy) && !spoken[id] && g.elsewhere.IsZero() {
			began = append(began, g.began)
		}
	}
	slices.SortFunc(began, time.Time.Compare)
	slices.SortFunc(nameless, func(a, b *spot) int { return a.ServedAt.Compare(b.ServedAt) })
	for _, at := range began {
		if len(nameless) > 0 && at.After(nameless[0].ServedAt.Add(-tellPatience)) {
			nameless = nameless[1:]
		}
	}
	return len(nameless)
}

// called lists the agents of a name, by id; an agent without a name has its id.
func (c *crew) called(name string) (ids []string) {
	for id, a := range c.agents {
		if name != "" && (id == name || a.Name == name) {
			ids = append(ids, id)
		}
	}
	return ids
}

// takenBy notes who took a place, as far as it is known. The name comes by the same
// way as the agent's state, so that an agent who is shown in a call by then is in
// this one.
func (l *Line) takenBy(s *spot, agent string) {
	s.taker, s.shown = agent, false
	for _, id := range l.crew.called(agent) {
		s.shown = s.shown || !l.crew.agents[id].State.ready()
	}
}

// takenElsewhere notes who took a caller who came by another way.
func (l *Line) takenElsewhere(t *turn, agent string) {
	for _, id := range l.crew.called(agent) {
		l.crew.glimpse(id).elsewhere = t.now
	}
}

// glimpse gives what is known of an agent beside its state, to be changed.
func (c *crew) glimpse(id string) *glimpse {
	g := c.glimpses[id]
	if g == nil {
		g = &glimpse{}
		c.glimpses[id] = g
	}
	return g
}

// shows notes that the switch shows an agent in another state than before.
func (l *Line) shows(t *turn, a Agent, was AgentState) {
	g := l.crew.glimpse(a.ID)
	switch {
	case a.State.ready() && !was.ready():
		g.elsewhere = time.Time{}
	case !a.State.ready() && was.ready():
		g.began = t.now
	}
	if a.State.ready() {
		return
	}
	for _, s := range l.spots {
		if s.State == PlaceServed && s.taker != "" && (s.taker == a.ID || s.taker == a.Name) {
			s.shown = true
		}
	}
}

// allShown: the whole truth of the switch shows whoever took a place before it.
func (l *Line) allShown(t *turn) {
	for _, s := range l.spots {
		if s.State == PlaceServed && t.now.Sub(s.ServedAt) > tellPatience {
			s.shown = true
		}
	}
}
