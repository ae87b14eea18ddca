package acd

import (
	"cmp"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// queue is one queue of the group.
type queue struct {
	group   *Group
	rule    Queue
	order   tree[*spot]       // places that others wait behind, first to be served first
	aside   map[string]*spot  // places that nobody waits behind: served, or at rest until they are asked for
	classes map[string]*class // by what they ask for
	listed  []*class          // the same, in the order in which they were first asked for
	joining queues.Estimate   // of a live caller who joins now
	lead    time.Duration     // how long before its turn a customer is dialled
	freeing float64           // busy agents who are expected to be free by then
	members roster[member]    // its own agents
	helpers roster[helper]    // agents of other queues whom it may borrow

	staff   int   // agents on duty who serve it
	free    int   // of those, how many can be rung now
	live    int   // live callers who wait, also while agents are rung for them
	busy    int   // places that are offered or served
	keeping int   // promises for whose customers agents are kept free
	loose   int   // promises whose customers are being called while no agent is kept for them
	borrows bool  // agents of other queues serve it, too
	stirred bool  // places came, went or moved in this turn
	stale   bool  // some holders were not told of that yet
	emptied bool  // it is in todo.empty
	swept   *spot // the last place that evacuate looked at
}

// member is an agent of a queue.
type member struct {
	agent *agent
	tier  int
}

// helper is an agent who may be lent by the queues that it serves.
type helper struct {
	agent *agent
	from  []*queue
}

// roster lists agents, also by each of their skills, so that those who have a rare
// one are found without asking everybody.
type roster[T any] struct {
	all   []T
	skill map[string][]T
}

func (r *roster[T]) add(one T, skills []queues.Skill) {
	if r.skill == nil {
		r.skill = map[string][]T{}
	}
	r.all = append(r.all, one)
	for _, s := range skills {
		r.skill[s.Name] = append(r.skill[s.Name], one)
	}
}

// with lists at least those who meet the needs.
func (r *roster[T]) with(needs []queues.Skill) []T {
	few := r.all
	for _, n := range needs {
		if have := r.skill[n.Name]; len(have) < len(few) {
			few = have
		}
	}
	return few
}

func newQueue(g *Group, rule Queue) *queue {
	return &queue{group: g, rule: rule, lead: rule.Settings.DialLead, order: newTree(spotBefore), aside: map[string]*spot{}, classes: map[string]*class{}}
}

// full says whether no more agents may serve the queue at once.
func (q *queue) full() bool { return q.rule.AtOnce > 0 && q.busy >= q.rule.AtOnce }

// tight says whether nobody is to be called for whom no agent may serve the queue.
func (q *queue) tight() bool { return q.rule.AtOnce > 0 && q.busy+q.keeping >= q.rule.AtOnce }

// class is the places of one queue that ask for the same skills, and the agents
// who have them. As dialplans ask for few different skills, there are few; those
// that are empty stay.
type class struct {
	queue   *queue
	needs   []queues.Skill
	lanes   []*lane     // by tier
	absent  []*lane     // likewise, of promises for whose customers no agent is kept yet
	offered tree[*spot] // agents are being rung for them
	held    tree[*spot] // promises in line that are not to get an agent now, or have one kept for them
	idle    tree[*seat] // those whose agents can be rung: by tier, then as the strategy wants it
	lent    []*lenders
	able    int // agents of the queue's own who serve now or after what they are doing
}

// lane is the waiting places of a class for which the same tiers are open: those
// up to open. The same agents may serve all of them, so only the first matters.
type lane struct {
	class   *class
	open    int
	waiting tree[*spot]
	absent  bool  // nobody of them is on the line
	listed  bool  // among the lanes that are being matched
	head    *spot // then: its first place
}

// seat is an agent's ability to serve a class.
type seat struct {
	agent   *agent
	class   *class
	tier    int      // from 0; behind all tiers for agents of other queues
	score   int      // for SkillBest
	lenders *lenders // for agents of other queues, nil for the queue's own
}

// lenders are the seats of agents who are lent by the same queues.
type lenders struct {
	from []*queue
	idle tree[*seat]
}

// spare says whether each of the lending queues keeps enough free agents.
func (l *lenders) spare(keep int) bool {
	for _, q := range l.from {
		if q.free-1 < keep {
			return false
		}
	}
	return true
}

// classOf finds the class of what places ask for, or makes it.
func (g *Group) classOf(q *queue, needs []queues.Skill) *class {
	key := keyOf(needs)
	if c := q.classes[key]; c != nil {
		return c
	}
	c := &class{
		queue: q, needs: needs, offered: newTree(spotBefore), held: newTree(spotBefore),
		idle: newTree(q.rule.Strategy.seatBefore()),
	}
	for open := range q.rule.Tiers {
		c.lanes = append(c.lanes, &lane{class: c, open: open, waiting: newTree(spotBefore)})
		c.absent = append(c.absent, &lane{class: c, open: open, waiting: newTree(spotBefore), absent: true})
	}
	q.classes[key] = c
	q.listed = append(q.listed, c)
	g.classes++
	for _, m := range q.members.with(needs) {
		if covers(m.agent.rule.Skills, needs) {
			s := &seat{agent: m.agent, class: c, tier: m.tier, score: scoreOf(m.agent.rule, q.rule, needs)}
			m.agent.seats = append(m.agent.seats, s)
			if m.agent.able {
				c.able++
			}
			s.fill()
		}
	}
	for _, h := range q.helpers.with(needs) {
		if covers(h.agent.rule.Skills, needs) {
			s := &seat{agent: h.agent, class: c, score: scoreOf(h.agent.rule, q.rule, needs), lenders: c.lendersOf(h.from), tier: len(q.rule.Tiers)}
			h.agent.lent = append(h.agent.lent, s)
			s.fill()
		}
	}
	return c
}

// mayBorrow says by which queues an agent may be lent to this one; none when it
// may not, also because it serves this queue anyway.
func (q *queue) mayBorrow(a *agent) (from []*queue) {
	b := q.rule.Borrow
	if b == nil || slices.Contains(a.queues, q) || !covers(a.rule.Skills, b.Skills) {
		return nil
	}
	for _, lender := range a.queues {
		if slices.Contains(b.From, lender.rule.Name) {
			from = append(from, lender)
		}
	}
	return from
}

// lendersOf finds those who are lent by these queues.
func (c *class) lendersOf(from []*queue) *lenders {
	for _, l := range c.lent {
		if slices.Equal(l.from, from) {
			return l
		}
	}
	l := &lenders{from: from, idle: newTree(c.queue.rule.Strategy.seatBefore())}
	c.lent = append(c.lent, l)
	return l
}

// pool is where the seat stands while its agent can be rung.
func (s *seat) pool() *tree[*seat] {
	if s.lenders != nil {
		return &s.lenders.idle
	}
	return &s.class.idle
}

// fill puts the seat into its pool if its agent can be rung now.
func (s *seat) fill() {
	if s.agent.pooled {
		s.pool().insert(s)
	}
}

// seatBefore says who is rung first: agents of earlier tiers, then whom the
// strategy prefers, then who is free longest, then by id.
func (s Strategy) seatBefore() func(a, b *seat) bool {
	prefer := func(*seat, *seat) int { return 0 }
	switch s {
	case RoundRobin:
		prefer = func(a, b *seat) int { return a.agent.duty.OfferedAt.Compare(b.agent.duty.OfferedAt) }
	case FewestCalls:
		prefer = func(a, b *seat) int { return cmp.Compare(a.agent.duty.Calls, b.agent.duty.Calls) }
	case LeastTalk:
		prefer = func(a, b *seat) int { return cmp.Compare(a.agent.duty.TalkS, b.agent.duty.TalkS) }
	case TopDown:
		prefer = func(a, b *seat) int { return cmp.Compare(a.agent.rank, b.agent.rank) }
	case SkillBest:
		prefer = func(a, b *seat) int { return cmp.Compare(b.score, a.score) }
	}
	return func(a, b *seat) bool {
		if a.tier != b.tier {
			return a.tier < b.tier
		}
		if c := prefer(a, b); c != 0 {
			return c < 0
		}
		if c := a.agent.duty.FreeAt.Compare(b.agent.duty.FreeAt); c != 0 {
			return c < 0
		}
		return a.agent.rule.ID < b.agent.rule.ID
	}
}
