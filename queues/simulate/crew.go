package simulate

import (
	"time"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
)

// crew follows what agents do, for the occupancy.
type crew struct {
	from, to time.Time
	members  map[string]*member
	order    []*member // as they came
}

type member struct {
	state      queues.AgentState
	since      time.Time
	busy, duty float64 // seconds within the window
}

// add takes an entry agent.state. With engine asterisk an agent of several queues
// has one for each, which say the same.
func (c *crew) add(e journal.Entry) {
	id := e.Text("agent")
	if id == "" {
		id = e.Agent
	}
	m := c.members[id]
	if m == nil {
		m = &member{since: e.At}
		c.members[id] = m
		c.order = append(c.order, m)
	}
	c.pass(m, e.At)
	m.state, m.since = queues.AgentState(e.Text("state")), e.At
}

// pass counts the time that a member was in its state until now.
func (c *crew) pass(m *member, now time.Time) {
	from, to := m.since, now
	if from.Before(c.from) {
		from = c.from
	}
	if to.After(c.to) {
		to = c.to
	}
	d := to.Sub(from).Seconds()
	if d <= 0 {
		return
	}
	switch m.state {
	case queues.AgentTalking, queues.AgentWrapUp:
		m.busy += d
		m.duty += d
	case queues.AgentIdle, queues.AgentRinging, queues.AgentBusy:
		m.duty += d
	}
}

// figures adds what is measured of the agents, as if the window ended with their
// last state.
func (c *crew) figures(f Figures) {
	busy, duty := 0.0, 0.0
	for _, m := range c.order {
		now := *m
		c.pass(&now, c.to)
		busy, duty = busy+now.busy, duty+now.duty
	}
	f[AgentHours] = duty / time.Hour.Seconds()
	if duty > 0 {
		f[Occupancy] = busy / duty
	}
}
