package acd

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// The size that the figures in docs/performance.md are for.
const (
	benchAgents = 10_000
	benchPlaces = 100_000
	benchSkills = 50
	benchQueues = 10
)

// hall is a big group in a benchmark: every agent has five of fifty skills, every
// place asks for one or two of them, in one of ten queues.
type hall struct {
	g      *Group
	random *rand.Rand
	now    time.Time
	next   int
	took   []time.Duration // of each Apply
	offers int
	talks  []queues.Ring // that were answered
	rings  []queues.Ring // of the last Apply
}

func benchRules(random *rand.Rand) Rules {
	var r Rules
	for i := range benchQueues {
		r.Queues = append(r.Queues, Queue{
			Name: fmt.Sprintf("queue%d", i), Strategy: strategies[i%4], JoinEmpty: true,
			Tiers:   []Tier{{}},
			MaxWait: 24 * time.Hour,
		})
		if i%2 == 0 {
			r.Queues[i].Tiers = []Tier{{Skills: []queues.Skill{{Name: "skill00", Level: 1}}}, {After: time.Minute}}
		}
	}
	for i := range benchAgents {
		a := Agent{ID: fmt.Sprintf("agent%05d", i), Phone: fmt.Sprintf("PJSIP/%05d", i)}
		for _, s := range random.Perm(benchSkills)[:5] {
			a.Skills = append(a.Skills, queues.Skill{Name: skillName(s), Level: 1 + random.IntN(highestLevel)})
		}
		for _, q := range random.Perm(benchQueues)[:3] {
			a.Queues = append(a.Queues, r.Queues[q].Name)
		}
		r.Agents = append(r.Agents, a)
	}
	return r
}

func skillName(i int) string { return fmt.Sprintf("skill%02d", i) }

func newHall() *hall {
	random := rand.New(rand.NewPCG(3, 141592))
	h := &hall{g: New(benchRules(random)), random: random, now: start}
	for _, a := range h.g.agents {
		h.do(queues.LogIn{Agent: a.rule.ID})
	}
	return h
}

// do applies one event and takes the time.
func (h *hall) do(ev queues.Event) {
	before := time.Now()
	cmds := h.g.Apply(ev, h.now)
	h.took = append(h.took, time.Since(before))
	h.rings = h.rings[:0]
	for _, cmd := range cmds {
		if r, ok := cmd.(queues.Ring); ok {
			h.rings = append(h.rings, r)
		}
	}
	h.offers += len(h.rings)
	h.now = h.now.Add(time.Millisecond)
}

// call lets a caller come whom some agent can serve.
func (h *hall) call() {
	a := h.g.agents[h.random.IntN(len(h.g.agents))]
	p := queues.Place{
		ID: fmt.Sprintf("p-%012d", h.next), CallID: fmt.Sprintf("c-%012d", h.next), Number: fmt.Sprintf("+7916%07d", h.next),
		Queue: a.rule.Queues[h.random.IntN(len(a.rule.Queues))], Priority: h.random.IntN(3),
	}
	h.next++
	for _, s := range h.random.Perm(len(a.rule.Skills))[:1+h.random.IntN(2)] {
		if name := a.rule.Skills[s].Name; len(p.Skills) == 0 || name < skillName(5) { // the first five are languages
			p.Skills = append(p.Skills, queues.Skill{Name: name, Level: 1 + h.random.IntN(a.rule.Skills[s].Level)/5*5})
		}
	}
	h.do(queues.Take{Place: p})
}

// answer lets everybody answer who is being rung.
func (h *hall) answer() {
	for _, r := range slices.Clone(h.rings) {
		h.do(queues.Answered{PlaceID: r.Place.ID, Channel: r.Channel})
		h.talks = append(h.talks, r)
	}
}

// hangUp ends some conversation.
func (h *hall) hangUp() {
	i := h.random.IntN(len(h.talks))
	r := h.talks[i]
	h.talks[i] = h.talks[len(h.talks)-1]
	h.talks = h.talks[:len(h.talks)-1]
	h.do(queues.Gone{PlaceID: r.Place.ID, Channel: r.Channel})
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// report prints what Apply took.
func (h *hall) report(b *testing.B, plain time.Duration) {
	took := slices.Clone(h.took)
	slices.Sort(took)
	var sum time.Duration
	for _, d := range took {
		sum += d
	}
	at := func(q float64) float64 { return float64(took[int(q*float64(len(took)-1))].Nanoseconds()) / 1000 }
	b.ReportMetric(float64(len(took))/sum.Seconds(), "decisions/s")
	b.ReportMetric(at(0.5), "p50-us")
	b.ReportMetric(at(0.99), "p99-us")
	b.ReportMetric(at(1), "max-us")
	b.ReportMetric(plain.Seconds()*float64(b.N)/sum.Seconds(), "x-plain")
	b.ReportMetric(0, "ns/op") // of a round with its bookkeeping, which says nothing
}

// BenchmarkDecide measures each Apply at the size of the requirement: 10,000
// agents and 50 skills; in one run all agents talk and 100,000 callers wait, in
// the other agents wait for callers. One round is a conversation that ends, the
// offer that follows, its answer, a caller who comes, and now and then a Tick.
// x-plain is how much longer the same rounds take when every decision looks at
// every place and every agent.
func BenchmarkDecide(b *testing.B) {
	b.Run("callers_wait", func(b *testing.B) {
		h := newHall()
		empty := heap()
		for len(h.g.spots) < benchPlaces {
			h.call()
			h.answer()
		}
		h.took = slices.Clip(h.took[:0])
		perPlace := float64(heap()-empty) / benchPlaces
		h.measure(b)
		b.ReportMetric(perPlace, "B/place")
	})
	b.Run("agents_wait", func(b *testing.B) {
		h := newHall()
		for range benchAgents / 2 {
			h.call()
			h.answer()
		}
		h.took = h.took[:0]
		h.measure(b)
	})
}

func (h *hall) measure(b *testing.B) {
	waiting := len(h.g.spots)
	plain := newPlain(h).round(20)
	h.took, h.offers = h.took[:0], 0
	for i := 0; b.Loop(); i++ {
		h.round(i)
	}
	if h.offers < b.N/2 {
		b.Fatalf("%d rounds gave %d offers", b.N, h.offers)
	}
	if n := len(h.g.spots); n < waiting*9/10 {
		b.Fatalf("%d places are left of %d", n, waiting)
	}
	h.report(b, plain)
}

func (h *hall) round(i int) {
	h.hangUp()
	h.answer()
	h.call()
	h.answer()
	if i%100 == 99 {
		h.now = h.now.Add(time.Second)
		h.do(queues.Tick{})
		h.answer()
	}
}

// plain decides without any index: it is what is compared with.
type plain struct {
	h      *hall
	agents []*agent
	places []queues.Place
}

func newPlain(h *hall) *plain { return &plain{h: h, agents: h.g.agents, places: h.g.Places()} }

// round gives the mean time of a round: an agent becomes free and gets the first
// place of those that it may serve, a caller comes and gets the agent who is free
// longest.
func (p *plain) round(n int) time.Duration {
	began := time.Now()
	chosen := 0
	for i := range n {
		if p.next(p.agents[i]) != nil {
			chosen++
		}
		if p.free(p.places[i]) != nil {
			chosen++
		}
	}
	if chosen == 0 {
		return 0
	}
	return time.Since(began) / time.Duration(n)
}

func (p *plain) next(a *agent) (best *queues.Place) {
	for i := range p.places {
		if o := &p.places[i]; o.State == queues.PlaceWaiting && (best == nil || o.Before(*best)) && p.h.g.Eligible(a.rule.ID, *o, p.h.now) {
			best = o
		}
	}
	return best
}

func (p *plain) free(o queues.Place) (best *agent) {
	for _, a := range p.agents {
		if a.state == queues.AgentIdle && (best == nil || a.duty.FreeAt.Before(best.duty.FreeAt)) && p.h.g.Eligible(a.rule.ID, o, p.h.now) {
			best = a
		}
	}
	return best
}
