package forecast

import (
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// question is a place whose turn is asked for.
type question struct {
	id   string // "" for one who joins now
	soon bool   // there is a free agent for it
}

// batch sets the playground to the present and gives the places whose turn is
// asked for, by index: the target, or all and one who joins now. It is nil when no
// agent is on duty; places that no agent may serve are left out.
func (l *Live) batch(target *caller) (*batch, []question) {
	f, p := l.f, &l.f.play
	p.talkMean, p.wrapMean, p.answerMean = f.talk.level.mean(), f.wrap.level.mean(), f.answer.level.mean()
	p.servers = p.servers[:0]
	able, lost := false, l.lostShare()
	for _, a := range f.agents {
		if s, ok := l.server(a, lost); ok {
			p.servers = append(p.servers, s)
			able = able || !a.paused
		}
	}
	if !able {
		return nil, nil
	}
	f.still()
	b, asked := &batch{f: f}, []question(nil)
	free, before := l.free(), 0
	reach := map[string]bool{"": true}
	ask := func(id, need string) int {
		if _, known := reach[need]; !known {
			reach[need] = l.reaches(need)
		}
		if !reach[need] {
			return -1
		}
		asked = append(asked, question{id, before < free})
		return len(asked) - 1
	}
	for _, c := range f.waiting {
		if c.ghost || target != nil && c.aside && c != target {
			continue
		}
		waited := f.now - c.joined
		s := seat{
			place: place{waited: waited, hazard: f.patience.hazard(waited), callback: c.callback},
			taken: -waited, index: -1, absent: c.aside,
		}
		if target == nil && !l.foreign[c.name] || c == target {
			s.index = ask(c.name, c.need)
		}
		b.add(c.priority, c.need, s)
		if c == target {
			return b, asked
		}
		if !c.aside {
			before++
		}
	}
	if target == nil {
		b.add(0, "", seat{index: ask("", ""), absent: true})
	}
	return b, asked
}

// server tells when an agent serves again, and whom; false when that is not to be
// hoped. lost is the share of calls that agents take for others.
func (l *Live) server(a *agent, lost float64) (server, bool) {
	after, mine := l.after(a)
	if !mine {
		return server{}, false
	}
	f := l.f
	s, ok := f.server(a)
	s.after, s.skills = after, a.crew.skills
	if a.doing == ringing {
		s.elapsed = over(f.now-a.crew.rungAt, p0(f.play.answerMean))
		s.rank = f.answer.rank(s.elapsed)
	}
	if lost > 0 {
		const weight = 10 // few calls say little about one agent: they are drawn towards all
		s.away = (a.crew.away + weight*lost) / (a.crew.home + a.crew.away + weight)
	}
	return s, ok
}

// lostShare is the share of calls that agents took for others while somebody
// waited here.
func (l *Live) lostShare() float64 {
	home, away := 0.0, 0.0
	for _, a := range l.f.agents {
		home, away = home+a.crew.home, away+a.crew.away
	}
	return over(away, home+away)
}

// reaches says whether an agent on duty may serve a place with this need.
func (l *Live) reaches(need string) bool {
	for i := range l.f.play.servers {
		if l.f.play.servers[i].skills.meet(need) {
			return true
		}
	}
	return false
}

// Reset takes over the truth about agents and places, from the view of an
// engine, after a start or a gap: whoever is not in it has gone. Nothing is
// learned from that, and nothing that was learned is lost. Callers who came by
// another way are told again by the journal.
func (l *Live) Reset(agents []queues.Agent, places []queues.Place, now time.Time) {
	l.advance(now)
	l.unbound = nil
	l.resetAgents(agents)
	f := l.f
	there := map[string]queues.Place{}
	for _, p := range places {
		if p.State != queues.PlaceServed && p.State != queues.PlaceLeft && (p.Queue == "" || p.Queue == l.queue) {
			there[p.ID] = p
		}
	}
	for _, c := range append([]*caller(nil), f.waiting...) {
		_, stays := there[c.name]
		if c.ghost || !stays && !l.foreign[c.name] {
			f.leave(c)
			f.drop(c)
		}
	}
	for _, p := range places {
		if _, waits := there[p.ID]; !waits {
			continue
		}
		c := f.calls[p.ID]
		if c == nil {
			c = &caller{name: p.ID, priority: p.Priority, need: needOf(p.Skills), joined: min(f.now, p.TakenAt.Sub(l.zero).Seconds())}
			f.lineUp(c)
		}
		c.callback = p.CallbackID != ""
		c.aside = p.State == queues.PlaceResting && p.EnterAfter.IsZero()
	}
}

func (l *Live) resetAgents(agents []queues.Agent) {
	f := l.f
	present := map[string]bool{}
	for _, seen := range agents {
		present[seen.ID] = true
		a := l.agent(seen.ID)
		if a == nil {
			continue
		}
		l.rename(a, seen.Name)
		since := min(f.now, seen.Since.Sub(l.zero).Seconds())
		if seen.Since.IsZero() {
			since = f.now
		}
		was, call := a.doing, a.crew.call
		other := seen.Queue != "" && seen.Queue != l.queue
		if seen.State == queues.AgentTalking && was == talking && (seen.Place == "" || seen.Place == call) {
			a.on = true
			continue // as it was
		}
		a.rate, a.crew.call, a.crew.rung, a.doing = 0, "", false, idle // nothing is learned
		l.state(a, seen.State, other, seen.Place)
		a.since, a.crew.rungAt, a.crew.pressed = since, since, false
		a.pausedAt = since
	}
	for _, a := range f.agents {
		if !present[a.name] {
			a.on, a.paused, a.doing, a.rate, a.crew.call, a.crew.rung = false, false, idle, 0, "", false
		}
	}
}
