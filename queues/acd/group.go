package acd

import (
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// Group distributes the callers of queues that share agents. It implements
// queues.Engine. It is not safe for concurrent use; no method blocks.
//
// After every Apply no place waits for which an agent could be rung, and each
// agent was given the place that is first in order of those that it may serve.
// No event costs more than O(log n) in the number of places. What concerns many
// of them (the queue that empties because the last agent went home, the tiers that
// open for a burst, telling holders of new positions) is done in turns, a stated
// number at a time; estimates and the records of a restart cost as much as they
// bring.
type Group struct {
	rules   Rules
	queues  []*queue
	named   map[string]*queue
	agents  []*agent
	ids     map[string]*agent
	phones  map[string]*agent
	spots   map[string]*spot // by place id: every place that has not left
	legs    map[string]*leg  // by channel: those that ring or talk
	kept    []*spot          // promises for whose customers agents are kept free
	classes int
	clock   clock
	woken   time.Time // when the owner was last asked for a Tick
	opened  bool      // the journal has the rules
	// entries counts those of promises' places that ended: an open promise may
	// take its place again, and its channel ids must not repeat.
	entries map[string]int
	// restored is when the first record of the last run was taken up; zero once
	// all are and the phones are known, or will not be told.
	restored time.Time
	unsure   map[string]*agent // by channel: those of the last run who were rung or talked, until that is known
	todo     todo
	round    round
}

var _ queues.Engine = (*Group)(nil)

// New gives a group that is served by these rules, with nobody on duty and
// nobody in line. Rules that Check finds fault with are served as far as they
// make sense.
func New(rules Rules) *Group {
	g := &Group{
		rules: rules, named: map[string]*queue{}, ids: map[string]*agent{}, phones: map[string]*agent{},
		spots: map[string]*spot{}, legs: map[string]*leg{}, entries: map[string]int{}, unsure: map[string]*agent{},
	}
	for _, rule := range rules.Queues {
		if g.named[rule.Name] == nil {
			q := newQueue(g, rule.withDefaults())
			g.queues, g.named[rule.Name] = append(g.queues, q), q
		}
	}
	for i, rule := range rules.Agents {
		if g.ids[rule.ID] == nil {
			g.hire(newAgent(rule, i))
		}
	}
	for _, q := range g.queues {
		g.classOf(q, nil)
	}
	return g
}

// Queues lists the names of the group's queues in the order of the rules.
func (g *Group) Queues() []string {
	names := make([]string, len(g.queues))
	for i, q := range g.queues {
		names[i] = q.rule.Name
	}
	return names
}

// Apply implements queues.Engine. Of the orders of operators it carries out those
// that Allowed has nothing against.
//
// After a restart nobody is rung before all records of the last run and the state
// of the phones are known: matching begins when PhonesSeen follows RestoreAgent
// and Restore, or three seconds later without one.
func (g *Group) Apply(ev queues.Event, now time.Time) []queues.Command {
	t := &turn{now: now}
	if !g.opened {
		g.opened = true
		g.open(t)
	}
	g.ring(t)
	switch ev := ev.(type) {
	case queues.Take:
		g.take(t, ev)
	case queues.Restore:
		g.restore(t, ev)
	case queues.Convert:
		g.convert(t, ev)
	case queues.Attach:
		g.attach(t, ev)
	case queues.Enter:
		g.enter(t, ev)
	case queues.Rest:
		g.rest(t, ev)
	case queues.Leave:
		g.leave(t, ev)
	case queues.Move:
		g.move(t, ev)
	case queues.Estimated:
		g.estimated(t, ev)
	case queues.Answered:
		g.answered(t, ev)
	case queues.Gone:
		g.gone(t, ev)
	case queues.Refused:
		g.refused(t, ev)
	default:
		g.staff(t, ev)
	}
	g.settle(t, ev)
	return t.commands()
}

// staff takes the events of agents and phones.
func (g *Group) staff(t *turn, ev queues.Event) {
	switch ev := ev.(type) {
	case queues.LogIn:
		g.logIn(t, ev)
	case queues.LogOut:
		g.logOut(t, ev)
	case queues.Pause:
		g.pause(t, ev)
	case queues.Unpause:
		g.unpause(t, ev)
	case queues.Ready:
		g.ready(t, ev)
	case queues.PhoneSeen:
		g.phoneSeen(t, ev)
	case queues.PhonesSeen:
		g.phonesSeen(t, ev)
	case queues.RestoreAgent:
		g.restoreAgent(t, ev)
	}
}

// settle does what follows from the event: places leave queues that nobody
// serves, agents are rung, holders are told.
func (g *Group) settle(t *turn, ev queues.Event) {
	if !g.restored.IsZero() {
		_, known := ev.(queues.PhonesSeen)
		if !known && t.now.Sub(g.restored) < phonePatience {
			g.wake(t)
			return
		}
		g.resume(t)
	}
	g.evacuate(t)
	g.match(t)
	_, tick := ev.(queues.Tick)
	g.tell(t, tick)
	g.wake(t)
}

// alarmsAtOnce is how many alarms one Apply serves; the rest wait for the next.
const alarmsAtOnce = 128

// ring lets the alarms go off whose time has come.
func (g *Group) ring(t *turn) {
	if !g.restored.IsZero() {
		return
	}
	for range alarmsAtOnce {
		a := g.clock.pop(t.now)
		if a == nil {
			return
		}
		a.owner.wake(g, t)
	}
}

// wake asks for a Tick when something is to be done by time alone.
func (g *Group) wake(t *turn) {
	at := g.clock.next()
	switch {
	case !g.restored.IsZero():
		at = g.restored.Add(phonePatience)
	case len(g.todo.empty) > 0:
		at = t.now
	}
	late := !at.IsZero() && !at.After(t.now)
	if late {
		at = t.now
	}
	if late || !at.Equal(g.woken) {
		g.woken = at
		t.do(queues.Wake{At: at})
	}
}

// open tells the journal the rules.
func (g *Group) open(t *turn) {
	for _, q := range g.queues {
		tiers := []map[string]any{}
		for _, tier := range q.rule.Tiers {
			tiers = append(tiers, map[string]any{"after_s": tier.After.Seconds(), "skills": levels(tier.Skills)})
		}
		t.note("queue.opened", "", map[string]any{
			"queue": q.rule.Name, "engine": queues.EngineLinekeeper, "strategy": string(q.rule.Strategy), "tiers": tiers,
			"at_once": q.rule.AtOnce,
		})
	}
	for _, a := range g.agents {
		serves := []string{}
		for _, q := range a.queues {
			serves = append(serves, q.rule.Name)
		}
		t.note("agent.opened", "", map[string]any{
			"agent": a.rule.ID, "name": a.name(), "phone": a.rule.Phone, "skills": levels(a.rule.Skills), "queues": serves,
		})
	}
}

// levels are skills as the journal shows them.
func levels(skills []queues.Skill) map[string]int {
	byName := make(map[string]int, len(skills))
	for _, s := range skills {
		byName[s.Name] = s.Level
	}
	return byName
}
