package replay

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/queues/simulate"
)

// agent is what the journal shows of one agent.
type agent struct {
	rule             acd.Agent
	known            bool // the journal names its skills and queues
	queues           map[string]bool
	state            queues.AgentState
	reason           string
	queue            string // of the call in hand, or the last one
	since            time.Time
	duty, breaks     []simulate.Break // cut to the day
	answered, missed int
}

func (l *learner) agent(id string) *agent {
	a := l.staff[id]
	if a == nil {
		a = &agent{rule: acd.Agent{ID: id, Name: id, Phone: id}, queues: map[string]bool{}, state: queues.AgentOff}
		l.staff[id] = a
	}
	return a
}

// opened learns who an agent is.
func (l *learner) opened(e journal.Entry) {
	id := cmp.Or(e.Text("agent"), e.Agent)
	a := l.agent(id)
	a.known = true
	a.rule.Name, a.rule.Phone = cmp.Or(e.Text("name"), id), cmp.Or(e.Text("phone"), id)
	a.rule.Skills, a.rule.Queues = simulate.Skills(e, "skills"), e.Texts("queues")
}

// state learns what an agent does. With engine asterisk an agent of several
// queues has an entry for each, which says the same.
func (l *learner) state(e journal.Entry) {
	a := l.agent(cmp.Or(e.Text("agent"), e.Agent))
	if e.Queue != "" {
		a.queues[e.Queue] = true
	}
	next, reason := queues.AgentState(e.Text("state")), e.Text("reason")
	if next == a.state && reason == a.reason {
		return
	}
	l.pass(a, e.At)
	if a.state == queues.AgentWrapUp && e.At.After(l.o.From) && a.queue != "" {
		h := l.of(a.queue)
		h.wraps = append(h.wraps, e.At.Sub(a.since).Seconds())
	}
	if a.state == queues.AgentRinging && next == queues.AgentTalking && len(l.rings) == 0 {
		l.phones.answers = append(l.phones.answers, e.At.Sub(a.since).Seconds())
	}
	a.state, a.reason, a.since, a.queue = next, reason, e.At, cmp.Or(e.Queue, a.queue)
}

// pass notes the time until now, as duty and as break.
func (l *learner) pass(a *agent, now time.Time) {
	s := simulate.Span{From: max(0, a.since.Sub(l.o.From)), To: min(l.o.To.Sub(l.o.From), now.Sub(l.o.From))}
	if a.since.IsZero() || s.From >= s.To {
		return
	}
	switch a.state {
	case queues.AgentOff, queues.AgentOffline, "":
		return
	case queues.AgentPaused:
		if a.reason != simulate.RONA { // the simulation makes its own
			a.breaks = join(a.breaks, simulate.Break{Span: s, Reason: cmp.Or(a.reason, "pause")})
		}
	case queues.AgentBusy:
		a.breaks = join(a.breaks, simulate.Break{Span: s, Reason: "another call"})
	}
	a.duty = join(a.duty, simulate.Break{Span: s})
}

// join adds a span, or makes the last one longer if it goes on.
func join(all []simulate.Break, b simulate.Break) []simulate.Break {
	if n := len(all); n > 0 && all[n-1].To == b.From && all[n-1].Reason == b.Reason {
		all[n-1].To = b.To
		return all
	}
	return append(all, b)
}

// offerEnded learns how fast phones are answered, and by whom not at all.
func (l *learner) offerEnded(e journal.Entry) {
	channel, a := e.Text("channel"), l.agent(cmp.Or(e.Text("agent"), e.Agent))
	since, rang := l.rings[channel]
	delete(l.rings, channel)
	switch e.Text("why") {
	case "answered":
		a.answered++
		if rang {
			l.phones.answers = append(l.phones.answers, e.At.Sub(since).Seconds())
		}
	case queues.OfferNoAnswer:
		a.missed++
	}
}

// duties gives the plan its staff.
func (l *learner) duties(d *Day) {
	var answer simulate.Law = l.phones.answers
	if len(l.phones.answers) == 0 {
		answer = simulate.Exponential(4)
		d.assume("the journal does not show how fast agents answer; 4 s on average are taken")
	}
	for _, id := range slices.Sorted(maps.Keys(l.staff)) {
		a := l.staff[id]
		l.pass(a, l.o.To)
		if len(a.duty) == 0 {
			continue
		}
		w := simulate.Worker{Agent: id, Breaks: a.breaks, Answer: answer, BackAfter: ronaPause.Seconds()}
		for _, on := range a.duty {
			w.Duty = append(w.Duty, on.Span)
			d.hours[id] += on.To - on.From
		}
		// Who was there at the end of the day stays for its last callers.
		if last := &w.Duty[len(w.Duty)-1]; last.To == d.Plan.Length {
			last.To += d.Plan.Overtime
		}
		if n := a.answered + a.missed; n > 0 {
			w.NoAnswer = float64(a.missed) / float64(n)
		}
		d.Plan.Staff = append(d.Plan.Staff, w)
		d.Plan.Rules.Agents = append(d.Plan.Rules.Agents, l.rule(a))
	}
}

// rule is how an agent is to be rung.
func (l *learner) rule(a *agent) acd.Agent {
	if l.o.Rules != nil {
		i := slices.IndexFunc(l.o.Rules.Agents, func(r acd.Agent) bool { return r.ID == a.rule.ID || r.Phone == a.rule.Phone })
		if i >= 0 {
			r := l.o.Rules.Agents[i]
			r.ID = a.rule.ID
			return r
		}
	}
	r := a.rule
	if !a.known { // engine asterisk: a member of these queues
		r.Queues = slices.Sorted(maps.Keys(a.queues))
	}
	return r
}
