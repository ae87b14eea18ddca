package acd

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// noTime is the zero time.
var noTime time.Time

// agent is one agent of the group.
type agent struct {
	alarm
	rule   Agent
	rank   int  // in the rules, from 0
	guest  bool // not of the rules any more, but still in a call; not saved
	duty   queues.Duty
	state  queues.AgentState
	reason string // of the pause, as the journal has it
	since  time.Time
	phone  queues.PhoneState
	leg    *leg  // by which it is rung or talks
	keeps  *spot // the promise for whose customer it is kept free, nil for none
	slot   int   // of its SaveAgent in this turn, from 1

	queues []*queue // that it serves
	seats  []*seat  // in their classes
	lent   []*seat  // in classes of other queues
	pooled bool     // it stands in the pools of its seats: it can be rung now
	on     bool     // it is counted in queue.staff
	able   bool     // it is counted in class.able

	failures int       // offers in a row that the switch could not bring to its phone
	retryAt  time.Time // it is not rung before, because of them
}

func newAgent(rule Agent, rank int) *agent {
	a := &agent{rule: rule, rank: rank, state: queues.AgentOff, phone: queues.PhoneUnknown, duty: queues.Duty{Agent: rule.ID}}
	a.owner = a
	return a
}

// hire makes an agent known; it comes before any class is made.
func (g *Group) hire(a *agent) {
	g.agents, g.ids[a.rule.ID] = append(g.agents, a), a
	if a.rule.Phone != "" {
		g.phones[a.rule.Phone] = a
	}
	for _, q := range g.queues {
		if tier, ok := q.rule.tierOf(a.rule); ok {
			a.queues = append(a.queues, q)
			q.members.add(member{a, tier}, a.rule.Skills)
		}
	}
	for _, q := range g.queues {
		if from := q.mayBorrow(a); len(from) > 0 {
			q.helpers.add(helper{a, from}, a.rule.Skills)
		}
	}
}

func (a *agent) name() string { return cmp.Or(a.rule.Name, a.rule.ID) }

// kept is what outlives a restart; it shares nothing with the agent.
func (a *agent) kept() queues.Duty {
	d := a.duty
	d.Rested = maps.Clone(d.Rested)
	return d
}

// Agent shows one agent; ok is false for one that the rules do not name.
func (g *Group) Agent(id string) (shown queues.Agent, ok bool) {
	a := g.ids[id]
	if a == nil {
		return queues.Agent{}, false
	}
	return a.show(g), true
}

func (a *agent) show(g *Group) queues.Agent {
	d := &a.duty
	v := queues.Agent{
		ID: a.rule.ID, Name: a.name(), State: a.state, Since: a.since, Reason: a.reason, Calls: d.Calls,
		TalkS: d.TalkS, Skills: slices.Clone(a.rule.Skills), Phone: a.rule.Phone,
	}
	switch a.state {
	case queues.AgentRinging, queues.AgentTalking, queues.AgentWrapUp:
		v.Queue, v.Place = d.Queue, d.Place
	}
	switch a.state {
	case queues.AgentWrapUp:
		v.Until = g.wrapUpEnd(a)
	case queues.AgentPaused:
		v.Until = d.Until
	}
	return v
}

// works says whether the agent has a call or what comes after it in hand.
func (a *agent) works() bool {
	switch a.state {
	case queues.AgentRinging, queues.AgentTalking, queues.AgentWrapUp:
		return true
	}
	return false
}

// count brings everything up to date that depends on an agent's state: who is on
// duty, who is able to serve, who can be rung, and the alarm.
func (g *Group) count(t *turn, a *agent) {
	if on := a.duty.On; on != a.on {
		a.on = on
		for _, q := range a.queues {
			q.staff += change(on)
			if q.staff == 0 {
				g.emptied(q)
			}
		}
	}
	able := a.works() || a.state == queues.AgentIdle || a.state == queues.AgentBusy
	if able != a.able {
		a.able = able
		for _, s := range a.seats {
			s.class.able += change(able)
		}
	}
	if a.keeps != nil && a.state != queues.AgentIdle {
		g.unkeep(t, a)
	}
	g.pool(t, a, a.state == queues.AgentIdle && !t.now.Before(a.retryAt) && a.keeps == nil)
	g.clock.set(&a.alarm, g.deadlineOf(a))
}

// pool puts an agent among those who can be rung, or takes it out.
func (g *Group) pool(t *turn, a *agent, in bool) {
	if in == a.pooled {
		return
	}
	a.pooled = in
	for _, seats := range [2][]*seat{a.seats, a.lent} {
		for _, s := range seats {
			if in {
				s.pool().insert(s)
			} else {
				s.pool().remove(s)
			}
		}
	}
	for _, q := range a.queues {
		q.free += change(in)
	}
	if in {
		g.todo.agents = append(g.todo.agents, a)
	}
}

// deadlineOf is when something about an agent changes by time alone.
func (g *Group) deadlineOf(a *agent) time.Time {
	switch a.state {
	case queues.AgentWrapUp:
		return g.wrapUpEnd(a)
	case queues.AgentPaused:
		return a.duty.Until
	case queues.AgentIdle:
		return a.retryAt
	}
	return noTime
}

// wrapUpEnd is when an agent's wrap-up ends by itself, zero for never.
func (g *Group) wrapUpEnd(a *agent) time.Time {
	q := g.named[a.duty.Queue]
	if q == nil {
		return a.duty.WrapUp // the queue is gone from the rules
	}
	if q.rule.WrapUp <= 0 && q.rule.WrapUpByAgent {
		return noTime
	}
	return a.duty.WrapUp.Add(q.rule.WrapUp)
}

// wake ends a wrap-up or a pause whose time is over, or lets an agent be rung
// again whose phone could not be reached.
func (a *agent) wake(g *Group, t *turn) {
	switch a.state {
	case queues.AgentWrapUp:
		g.wrappedUp(t, a)
	case queues.AgentPaused:
		g.endPause(t, a)
	case queues.AgentIdle:
		a.retryAt = noTime
		g.count(t, a)
	}
}

func noteAgent(t *turn, a *agent) {
	data := map[string]any{"agent": a.rule.ID, "state": string(a.state)}
	if name := a.name(); name != a.rule.ID {
		data["name"] = name
	}
	if a.reason != "" {
		data["reason"] = a.reason
	}
	if by := t.by[a]; by != "" {
		data["by"] = by
	}
	place := ""
	if a.works() {
		place = a.duty.Place
		data["queue"] = a.duty.Queue
	}
	t.note("agent.state", place, data)
}
