package replay

import (
	"maps"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/queues/simulate"
)

// queueOpened learns how a queue was served.
func (l *learner) queueOpened(e journal.Entry) {
	q := acd.Queue{Name: e.Queue, Strategy: acd.Strategy(e.Text("strategy")), JoinEmpty: true}
	for _, tier := range e.Maps("tiers") {
		one := journal.Entry{Data: tier}
		after, _ := one.Number("after_s")
		q.Tiers = append(q.Tiers, acd.Tier{After: time.Duration(after * float64(time.Second)), Skills: simulate.Skills(one, "skills")})
	}
	l.shown[e.Queue] = q
}

// ronaPause is how long who let a call ring is taken to be paused, where the
// journal does not show the rule.
const ronaPause = time.Minute

// rules gives the plan its queues: those of the configuration, or what the journal
// shows of them.
func (l *learner) rules(d *Day) {
	if l.o.Rules != nil {
		d.Plan.Rules.Queues, d.Plan.Rules.Reasons = l.o.Rules.Queues, l.o.Rules.Reasons
		for i := range d.Plan.Rules.Queues {
			q := &d.Plan.Rules.Queues[i]
			if h, ok := d.Plan.Habits[q.Name]; ok && !q.WrapUpByAgent {
				h.WrapUp = nil // those rules let the time decide
				d.Plan.Habits[q.Name] = h
			}
		}
		return
	}
	names := slices.Sorted(maps.Keys(d.Plan.Habits))
	for _, name := range names {
		q, ok := l.shown[name]
		if !ok {
			q = acd.Queue{Name: name, Strategy: acd.LongestIdle, JoinEmpty: true}
		}
		q.RONAPause = ronaPause
		q.WrapUpByAgent = d.Plan.Habits[name].WrapUp != nil
		d.Plan.Rules.Queues = append(d.Plan.Rules.Queues, q)
	}
	d.assume("limits, overflow and borrowing are not in the journal and not played; name the configuration with --rules to have them")
}

// Resize gives the plan another number of agents: those who were on duty longest
// stay; more come as doubles of those, with the same hours and skills.
func (d *Day) Resize(agents int) *simulate.Plan {
	p := *d.Plan
	p.Staff, p.Rules.Agents = nil, nil
	byHours := slices.Clone(d.Plan.Staff)
	slices.SortStableFunc(byHours, func(a, b simulate.Worker) int {
		return int(d.hours[b.Agent]/time.Second - d.hours[a.Agent]/time.Second)
	})
	for i := range agents {
		w := byHours[i%len(byHours)]
		at := slices.IndexFunc(d.Plan.Rules.Agents, func(a acd.Agent) bool { return a.ID == w.Agent })
		rule := d.Plan.Rules.Agents[at]
		if double := i / len(byHours); double > 0 {
			suffix := "+" + string(rune('0'+double%10))
			w.Agent, rule.ID, rule.Phone = w.Agent+suffix, rule.ID+suffix, rule.Phone+suffix
		}
		p.Staff, p.Rules.Agents = append(p.Staff, w), append(p.Rules.Agents, rule)
	}
	return &p
}
