package scenario

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/queues/simulate"
)

// midnight is when the day begins that is played; which one it is does not matter.
var midnight = time.Date(2026, time.January, 5, 0, 0, 0, 0, time.UTC)

// estimates is how often rules that look at the expected wait are told it.
const estimates = 5 * time.Second

// backAfter is how soon an agent who let a call ring reports back, where the
// scenario does not say.
const backAfter = time.Minute

// plan gives the day to play.
func (s *Scenario) plan(c Change) *simulate.Plan {
	d := s.doc
	p := &simulate.Plan{
		Start: midnight.Add(time.Duration(d.From)), Length: d.length(), WarmUp: d.WarmUp, Overtime: d.Overtime,
		Rules: s.rules(c.Counts), Estimates: estimates,
	}
	if c.Rules != nil {
		p.Rules.Queues, p.Rules.Reasons = c.Rules.Queues, c.Rules.Reasons
	}
	byAgent := map[string]bool{}
	for _, q := range p.Rules.Queues {
		byAgent[q.Name] = q.WrapUpByAgent
	}
	for i := range d.Callers {
		stream := d.Callers[i].stream(d)
		if c.Rules != nil && !byAgent[stream.Queue] {
			stream.WrapUp = nil // those rules let the time decide
		}
		p.Streams = append(p.Streams, stream)
	}
	for i := range d.Agents {
		p.Staff = append(p.Staff, d.Agents[i].staff(d, c.Counts)...)
	}
	return p
}

// Rules are the queues and agents as written.
func (s *Scenario) Rules() acd.Rules { return s.rules(nil) }

func (s *Scenario) rules(counts map[string]int) acd.Rules {
	var r acd.Rules
	for _, name := range slices.Sorted(maps.Keys(s.doc.Queues)) {
		q := s.doc.Queues[name].rules(name)
		for _, c := range s.doc.Callers {
			if c.Queue == name && c.WrapUp.Law != nil {
				q.WrapUpByAgent = true // the law decides, at most as long as the rule says
			}
		}
		r.Queues = append(r.Queues, q)
	}
	for i := range s.doc.Agents {
		g := &s.doc.Agents[i]
		for _, id := range g.ids(counts) {
			r.Agents = append(r.Agents, acd.Agent{
				ID: id, Name: id, Phone: "SIM/" + id, Skills: skillList(g.Skills), Queues: slices.Clone(g.Queues),
			})
		}
	}
	return r
}

func (q queue) rules(name string) acd.Queue {
	r := acd.Queue{
		Name: name, Settings: queues.Settings{DialLead: q.DialLead, PromiseRetry: q.PromiseRetry}, Strategy: acd.Strategy(q.Strategy),
		RingTimeout: q.RingTimeout, RONAPause: q.RONAPause, WrapUp: q.WrapUp, WrapUpByAgent: q.WrapUpByAgent,
		AtOnce: q.AtOnce, MaxLength: q.MaxLength, MaxWait: q.MaxWait, JoinEmpty: q.JoinEmpty, LeaveEmpty: q.LeaveEmpty,
	}
	for _, t := range q.Tiers {
		r.Tiers = append(r.Tiers, acd.Tier{After: t.After, Skills: skillList(t.Skills)})
	}
	for _, o := range q.Overflow {
		r.Overflow = append(r.Overflow, acd.Overflow(o))
	}
	if b := q.Borrow; b != nil {
		r.Borrow = &acd.Borrow{From: slices.Clone(b.From), Skills: skillList(b.Skills), Above: b.Above, Below: b.Below, Keep: b.Keep}
	}
	return r
}

// skillList sorts skills by name.
func skillList(levels map[string]int) []queues.Skill {
	var skills []queues.Skill
	for _, name := range slices.Sorted(maps.Keys(levels)) {
		skills = append(skills, queues.Skill{Name: name, Level: levels[name]})
	}
	return skills
}

// into turns a time of day into one since the day's beginning.
func (d *document) into(c clock) time.Duration { return time.Duration(c - d.From) }

// within gives a span since the day's beginning, cut to the day.
func (d *document) within(from, to clock) simulate.Span {
	return simulate.Span{From: max(0, d.into(from)), To: min(d.length(), d.into(to))}
}

func (c *callers) rates(d *document) []simulate.Rate {
	var all []simulate.Rate
	add := func(from, to clock, perHour float64) {
		if s := d.within(from, to); s.From < s.To {
			all = append(all, simulate.Rate{From: s.From, To: s.To, PerHour: perHour})
		}
	}
	for _, r := range c.PerHour {
		add(r.from, r.to, r.perHour)
	}
	for _, b := range c.Bursts {
		add(b.At, b.At+clock(b.For), b.PerHour)
	}
	return all
}

func (c *callers) stream(d *document) simulate.Stream {
	s := simulate.Stream{
		Queue: c.Queue, Rates: c.rates(d), Skills: skillList(c.Skills),
		Talk: c.Talk.Law, WrapUp: c.WrapUp.Law, Patience: c.Patience.Law,
	}
	for _, p := range c.Priorities {
		s.Shares = append(s.Shares, simulate.Share{Priority: p.Priority, Share: float64(p.Share)})
	}
	if o := c.Callback; o != nil {
		s.Offer = &simulate.Offer{
			After: o.After.Seconds(), Accept: float64(o.Accept), Answer: float64(o.Answer), Rings: o.Rings.or(simulate.Exponential(8)),
			Confirm: float64(o.Confirm), Decides: o.Decides.or(simulate.Fixed(6)), Policy: o.policy(),
		}
		if o.Confirm == 0 {
			s.Offer.Confirm = 1
		}
	}
	return s
}

// or gives another law where none is written.
func (l law) or(otherwise simulate.Law) simulate.Law {
	if l.Law == nil {
		return otherwise
	}
	return l.Law
}

func (o *offer) policy() callback.Policy {
	return callback.Policy{
		Prefixes: []string{"+7"}, MaxAttempts: o.MaxAttempts, RetryAfter: o.RetryAfter, RingTimeout: o.RingTimeout,
		ConfirmTimeout: o.ConfirmTimeout, AgentHold: o.AgentHold,
	}
}

// ids are the agents of the group: its name, with a number where it has several.
func (g *group) ids(counts map[string]int) []string {
	n := g.count()
	if changed, ok := counts[g.Name]; ok {
		n = changed
	}
	if n == 1 && g.Count == nil {
		return []string{g.Name}
	}
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprintf("%s-%02d", g.Name, i+1))
	}
	return ids
}

// staff gives the day of each agent of the group.
func (g *group) staff(d *document, counts map[string]int) []simulate.Worker {
	var all []simulate.Worker
	for i, id := range g.ids(counts) {
		w := simulate.Worker{Agent: id, Answer: g.Answers.or(simulate.Exponential(4)), NoAnswer: float64(g.NoAnswer), BackAfter: backAfter.Seconds()}
		if g.BackAfter > 0 {
			w.BackAfter = g.BackAfter.Seconds()
		}
		for _, s := range g.Duty {
			if on := d.within(s.from, s.to); on.From < on.To {
				w.Duty = append(w.Duty, on)
			}
		}
		if len(g.Duty) == 0 {
			// Who has no end of duty stays for the last callers.
			w.Duty = []simulate.Span{{To: d.length() + d.Overtime}}
		}
		for _, b := range g.Breaks {
			at := d.into(b.At) + time.Duration(i)*b.Stagger
			if at >= 0 && at < d.length() {
				w.Breaks = append(w.Breaks, simulate.Break{Span: simulate.Span{From: at, To: at + b.For}, Reason: b.reason()})
			}
		}
		all = append(all, w)
	}
	return all
}

func (b rest) reason() string {
	if b.Reason == "" {
		return "break"
	}
	return b.Reason
}
