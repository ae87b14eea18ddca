package acd

import (
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// Place implements queues.Engine.
func (g *Group) Place(id string) (queues.Place, bool) {
	s, ok := g.spots[id]
	if !ok {
		return queues.Place{}, false
	}
	return s.Place, true
}

// Places implements queues.Engine. They come queue by queue, those not yet served
// in their order, then those in service and those that rest.
func (g *Group) Places() []queues.Place {
	places := make([]queues.Place, 0, len(g.spots))
	for _, q := range g.queues {
		for _, s := range q.order.from(0) {
			places = append(places, s.Place)
		}
	}
	inLine := len(places)
	for _, s := range g.spots {
		if !s.inLine {
			places = append(places, s.Place)
		}
	}
	slices.SortFunc(places[inLine:], byServiceThenID)
	return places
}

func byServiceThenID(a, b queues.Place) int {
	if c := a.ServedAt.Compare(b.ServedAt); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}

// View implements queues.Engine. It changes nothing. Its cost grows with the
// length of the queue.
func (g *Group) View(queue string, now time.Time) queues.View {
	q := g.named[queue]
	if q == nil {
		return queues.View{}
	}
	v := queues.View{
		Queue: queue, Engine: queues.EngineLinekeeper, At: now, Joining: q.joining,
		Places: make([]queues.PlaceView, 0, q.order.len()+len(q.aside)), Foreign: []queues.ForeignView{},
		Agents: make([]queues.Agent, 0, len(q.members.all)), Counts: g.Counts(queue),
	}
	for ahead, s := range q.order.from(0) {
		v.Places = append(v.Places, s.view(ahead))
	}
	var others []*spot
	for _, s := range q.aside {
		others = append(others, s)
	}
	slices.SortFunc(others, func(a, b *spot) int { return byServiceThenID(a.Place, b.Place) })
	for _, s := range others {
		v.Places = append(v.Places, s.view(0))
	}
	for _, m := range q.members.all {
		v.Agents = append(v.Agents, m.agent.show(g))
	}
	slices.SortFunc(v.Agents, func(a, b queues.Agent) int { return strings.Compare(a.ID, b.ID) })
	return v
}

// Counts implements queues.Engine.
func (g *Group) Counts(queue string) queues.Counts {
	var n queues.Counts
	q := g.named[queue]
	if q == nil {
		return n
	}
	for _, s := range q.order.from(0) {
		n.CountPlace(s.Place)
	}
	for _, s := range q.aside {
		n.CountPlace(s.Place)
	}
	for _, m := range q.members.all {
		n.CountAgent(m.agent.state)
	}
	return n
}

func (s *spot) view(ahead int) queues.PlaceView {
	return queues.PlaceView{
		Place: s.Place, Ahead: ahead, Estimate: s.est, Due: s.due && s.promise(), Quote: queues.FreshQuote(s.est, ahead),
	}
}

// Eligible says whether the rules let an agent serve a place now if both were
// free: the skills, and a tier that is open for it, or the queue borrows.
func (g *Group) Eligible(agent string, p queues.Place, now time.Time) bool {
	a, q := g.ids[agent], g.named[p.Queue]
	if a == nil || q == nil || !covers(a.rule.Skills, p.Skills) {
		return false
	}
	age, last := now.Sub(p.QueuedAt), q.rule.Tiers[len(q.rule.Tiers)-1]
	if tier, own := q.rule.tierOf(a.rule); own {
		return age >= q.rule.Tiers[tier].After
	}
	return q.borrows && age >= last.After && len(q.mayBorrow(a)) > 0
}
