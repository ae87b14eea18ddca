package forecast

import (
	"cmp"
	"slices"
)

// How long an agent who does not answer is rung, and is left alone afterwards
// (seconds; the replay's contract). Live learns both.
const (
	replayRing = 15.0
	replayRest = 60.0
)

// doing is what an agent does.
type doing int

const (
	idle doing = iota
	talking
	wrapping
	ringing   // of Live only, as is the next
	elsewhere // in a call of another queue, or of its own
)

// agent is what is known of one agent.
type agent struct {
	name      string
	on        bool // logged in, and takes calls after the present one
	paused    bool
	pausedAt  float64
	restUntil float64 // after a call that was not answered
	doing     doing
	since     float64
	rate      float64 // what the present talk adds to the exposure per second
	rings     *caller // the call that must be ringing there
	ringsFrom float64

	factor            float64 // how slow, 1 is as all
	sum               float64 // talk times in means of their time
	talks             float64
	answered, refused float64 // calls offered

	crew crewman // of Live only
}

// free says whether the agent can be offered a call at time now.
func (a *agent) free(now float64) bool {
	return a.on && !a.paused && a.doing == idle && a.restUntil <= now
}

// caller is one place in the queue.
type caller struct {
	name      string
	priority  int
	need      string // skills asked for, see skills.go; "" for none
	callback  bool
	aside     bool    // of Live only: rests and takes no agent until it is back
	joined    float64 // since when it waits
	order     int
	held      bool // rings at an agent who does not answer
	heldUntil float64
	ghost     bool      // hung up; kept to learn when the turn would have come
	outcomes  []float64 // sorted rollouts of the forecast, nil when none is judged
	asked     float64   // when that was
	soon      bool      // and there was a free agent
}

// ahead orders callers as they are served. Who joins later also waits for a
// shorter time, but for places that were taken elsewhere.
func ahead(a, b *caller) int {
	return cmp.Or(cmp.Compare(b.priority, a.priority), cmp.Compare(a.joined, b.joined), cmp.Compare(a.order, b.order))
}

// agentNamed gives the agent of that name, a new one if there is none.
func (f *Forecaster) agentNamed(name string) *agent {
	a := f.byName[name]
	if a == nil {
		a = &agent{name: name, factor: 1, since: f.now}
		f.byName[name] = a
		f.agents = append(f.agents, a)
	}
	return a
}

// advance lets time pass for all that is learned from it.
func (f *Forecaster) advance(to float64) {
	dt := to - f.now
	f.now = to
	if dt <= 0 {
		return
	}
	talk, wrap := 0.0, 0.0
	for _, a := range f.agents {
		switch a.doing {
		case talking:
			talk += a.rate
		case wrapping:
			wrap++
		}
	}
	f.talk.level.pass(talk * dt)
	f.wrap.level.pass(wrap * dt)
	for _, s := range f.streams {
		s.rate.pass(dt)
	}
}

// match pairs free agents with callers who still wait. On a queue whose agents
// answer at once this leaves nobody; a pair that lasts must be ringing unheard.
func (f *Forecaster) match() {
	defer func() { f.matched = f.now }()
	var unpaired []*agent
	for _, a := range f.agents {
		if a.rings != nil && !a.free(f.now) {
			a.rings.held, a.rings = false, nil
		}
		if a.rings == nil && a.free(f.now) {
			unpaired = append(unpaired, a)
		}
	}
	if len(unpaired) == 0 {
		return
	}
	slices.SortStableFunc(unpaired, func(a, b *agent) int {
		return cmp.Compare(max(a.since, a.restUntil), max(b.since, b.restUntil))
	})
	live := 0
	for _, c := range f.waiting {
		if c.ghost {
			continue
		}
		live++
		if c.held || len(unpaired) == 0 {
			continue
		}
		a := unpaired[0]
		unpaired = unpaired[1:]
		from := f.now
		if a.restUntil > f.matched { // no event said that the rest was over
			from = max(a.restUntil, c.joined)
		}
		a.rings, a.ringsFrom = c, from
		c.held, c.heldUntil = true, from+f.ringTime
	}
	if live == 0 {
		f.lay(nil)
	}
}

// lay resolves the forecasts of those who hung up and whose turn is now: all
// before c, all when c is nil.
func (f *Forecaster) lay(c *caller) {
	f.waiting = slices.DeleteFunc(f.waiting, func(g *caller) bool {
		if !g.ghost || (c != nil && (ahead(g, c) > 0 || g.need != c.need)) {
			return false
		}
		f.resolve(g)
		return true
	})
}

// resolve learns how a forecast did, now that the turn has come.
func (f *Forecaster) resolve(c *caller) {
	if c.outcomes != nil {
		f.calibrationOf(c.soon).observe(c.outcomes, f.now-c.asked, f.rng)
		c.outcomes = nil
	}
}

// calibrationOf keeps waits for an agent who is free apart from those for one who
// is not: the former are over in seconds.
func (f *Forecaster) calibrationOf(soon bool) *calibration {
	if soon {
		return &f.soon
	}
	return &f.calibration
}

func (f *Forecaster) leave(c *caller) {
	delete(f.calls, c.name)
	for _, a := range f.agents {
		if a.rings == c {
			a.rings = nil
		}
	}
	c.held = false
}
