package simulate

import (
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/queues/erlang"
)

// Check is a queue of which formulas tell the figures.
type Check struct {
	Name   string
	Queue  erlang.Queue
	Target time.Duration // of the service level
}

// Checks lists queues in light and heavy load and overload, with callers who wait
// for ever (Erlang C) and who hang up (Erlang A).
func Checks() []Check {
	const target = 20 * time.Second
	minutes := func(perHour, handle float64, agents int, patience float64) erlang.Queue {
		return erlang.Queue{Agents: agents, Rate: perHour / 3600, Handle: handle * 60, Patience: patience * 60}
	}
	return []Check{
		{"Erlang C, 1 agent, load 0.5", minutes(15, 2, 1, 0), target},
		{"Erlang C, 5 agents, load 3.5", minutes(70, 3, 5, 0), target},
		{"Erlang C, 14 agents, load 10", minutes(200, 3, 14, 0), target},
		{"Erlang C, 50 agents, load 45", minutes(900, 3, 50, 0), target},
		{"Erlang A, 1 agent, load 1.2", minutes(24, 3, 1, 4), target},
		{"Erlang A, 10 agents, load 9.5", minutes(190, 3, 10, 5), target},
		{"Erlang A, 10 agents, load 13", minutes(260, 3, 10, 5), target},
		{"Erlang A, 50 agents, load 48", minutes(2880, 1, 50, 2), target},
	}
}

// Checked lists the measures for which there are formulas.
func Checked() []Measure { return []Measure{Waiting, Within, ASA, Abandoned, Occupancy} }

// Formula gives the figures by Erlang's formulas.
func (c Check) Formula() Figures {
	return Figures{
		Waiting: c.Queue.Waiting(), Within: c.Queue.Within(c.Target.Seconds()), ASA: c.Queue.ASA(),
		Abandoned: c.Queue.Abandonment(), Occupancy: c.Queue.Occupancy(),
	}
}

// Plan gives the same queue to be played: until it is in its steady state, then
// about so many callers more. Phones are answered at once and there is no wrap-up,
// which the formulas do not know.
func (c Check) Plan(callers int) *Plan {
	const queue = "line"
	measured := inTime(float64(callers) / c.Queue.Rate)
	warmUp := max(measured/20, 40*inTime(c.Queue.Handle))
	p := &Plan{
		Start: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), WarmUp: warmUp, Length: warmUp + measured, Overtime: 24 * time.Hour,
		Rules: acd.Rules{Queues: []acd.Queue{{Name: queue, JoinEmpty: true}}},
	}
	var patience Law = Never{}
	if c.Queue.Patience > 0 {
		patience = Exponential(c.Queue.Patience)
	}
	p.Streams = []Stream{{
		Queue: queue, Rates: []Rate{{To: p.Length, PerHour: c.Queue.Rate * 3600}},
		Talk: Exponential(c.Queue.Handle), Patience: patience,
	}}
	for i := range c.Queue.Agents {
		id := fmt.Sprintf("a%02d", i+1)
		p.Rules.Agents = append(p.Rules.Agents, acd.Agent{ID: id, Phone: "SIM/" + id, Queues: []string{queue}})
		p.Staff = append(p.Staff, Worker{Agent: id, Duty: []Span{{To: p.Length + p.Overtime}}, Answer: Fixed(0)})
	}
	return p
}

// Window is what is measured of the plan.
func (c Check) Window(p *Plan) Window {
	return Window{From: p.Start.Add(p.WarmUp), To: p.Start.Add(p.Length), Target: c.Target}
}
