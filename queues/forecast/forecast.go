// Package forecast predicts how long a caller will wait, from the present state
// of the queue and from laws that it learns as it goes: talk and wrap-up times,
// the speed of each agent, patience, calls not answered, arrivals of those who
// go first.
//
// A prediction is the mean of rollouts: the queue is played forward from now
// until the caller's turn comes, some hundred times. Its range is taken from the
// same rollouts, at ranks which past predictions have shown to be right.
//
// The package is pure: no goroutine, no clock, and the same events give the same
// predictions. A Forecaster is not safe for concurrent use; no method blocks.
package forecast

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// What is believed before anything was seen.
const (
	priorTalk     = 200.0 // seconds
	priorTalkSeen = 3.0   // calls
	priorWrap     = 5.0
	priorWrapSeen = 0.5
	priorStream   = 600.0 // seconds between arrivals of a priority
)

// stream is the arrivals of one priority.
type stream struct {
	priority  int
	need      string
	rate      *level
	seen      float64
	callbacks float64
}

// Forecaster follows one queue. The zero value is not usable, see New.
type Forecaster struct {
	now     float64
	rng     *rand.Rand
	agents  []*agent
	byName  map[string]*agent
	calls   map[string]*caller
	waiting []*caller // in the order of service, with ghosts
	joins   int
	matched float64 // when free agents and callers were paired last

	ringTime    float64 // that an agent is rung in vain
	restTime    float64 // that it is left alone afterwards
	talk, wrap  *law
	answer      *law // from the ring to the talk; nil where agents answer at once
	patience    *patience
	streams     []*stream
	connects    float64
	refusals    float64
	pauses      float64 // seconds of pauses that ended
	pausesEnded float64
	sinceFactor int
	calibration calibration
	soon        calibration // of Live: for whom an agent was free
	play        playground
}

// New gives a Forecaster that knows nothing yet. The seed is that of its
// rollouts.
func New(seed uint64) *Forecaster {
	return &Forecaster{
		rng: rand.New(rand.NewPCG(seed, 0x6c696e656b656570)), byName: map[string]*agent{}, calls: map[string]*caller{},
		ringTime: replayRing, restTime: replayRest,
		talk: newLaw(priorTalk, priorTalkSeen), wrap: newLaw(priorWrap, priorWrapSeen), patience: newPatience(),
	}
}

// Apply takes up one event. The error says that the event cannot be meant: it
// lacks something, or goes back in time; nothing has changed then. What cannot be
// true of an agent or a call (a connect of a call that never joined, say) is taken
// as far as it makes sense.
func (f *Forecaster) Apply(ev Event) error {
	if err := ev.Check(); err != nil {
		return err
	}
	if ev.At < f.now && (f.joins > 0 || len(f.agents) > 0) {
		return fmt.Errorf("%s at %.3f s, after an event at %.3f s", ev.Kind, ev.At, f.now)
	}
	f.advance(ev.At)
	switch ev.Kind {
	case Join:
		return f.join(ev)
	case Abandon:
		f.abandon(ev)
	case Connect:
		f.connect(ev)
	case RNA:
		f.refuse(ev)
	case Complete:
		f.complete(f.agentNamed(ev.Agent))
	case Ready:
		f.ready(f.agentNamed(ev.Agent))
	case Login:
		a := f.agentNamed(ev.Agent)
		if !a.on && a.doing == idle {
			a.since = f.now
		}
		a.on, a.paused = true, false
	case Logout:
		f.agentNamed(ev.Agent).on = false
	case Pause:
		if a := f.agentNamed(ev.Agent); !a.paused {
			a.paused, a.pausedAt = true, f.now
		}
	case Unpause:
		f.unpause(f.agentNamed(ev.Agent))
	}
	f.match()
	return nil
}

func (f *Forecaster) join(ev Event) error {
	if f.calls[ev.Call] != nil {
		return fmt.Errorf("call %q joins a second time", ev.Call)
	}
	c := &caller{name: ev.Call, priority: ev.Priority, callback: ev.Callback, joined: f.now}
	f.lineUp(c)
	f.arrived(c)
	f.match()
	return nil
}

// lineUp puts a caller where it belongs.
func (f *Forecaster) lineUp(c *caller) {
	f.joins++
	c.order = f.joins
	f.calls[c.name] = c
	at, _ := slices.BinarySearchFunc(f.waiting, c, ahead)
	f.waiting = slices.Insert(f.waiting, at, c)
}

// arrived learns from an arrival.
func (f *Forecaster) arrived(c *caller) {
	i := slices.IndexFunc(f.streams, func(s *stream) bool { return s.priority == c.priority && s.need == c.need })
	if i < 0 {
		i = len(f.streams)
		f.streams = append(f.streams, &stream{priority: c.priority, need: c.need, rate: newLevel(priorStream, 1, calm)})
	}
	s := f.streams[i]
	s.rate.event(1)
	s.seen++
	if c.callback {
		s.callbacks++
	}
}

func (f *Forecaster) abandon(ev Event) {
	c := f.calls[ev.Call]
	if c == nil {
		return
	}
	f.patience.observe(f.now-c.joined, true)
	f.leave(c)
	c.ghost = true
}

func (f *Forecaster) connect(ev Event) {
	a := f.agentNamed(ev.Agent)
	if a.rings != nil {
		a.rings.held, a.rings = false, nil
	}
	f.unwrap(a)
	if c := f.calls[ev.Call]; c != nil {
		f.served(c)
	}
	f.connects++
	a.answered++
	a.doing, a.since, a.rate = talking, f.now, 1/a.factor
}

// served takes a caller out of the queue whose turn has come.
func (f *Forecaster) served(c *caller) {
	if !c.callback {
		f.patience.observe(f.now-c.joined, false)
	}
	f.leave(c)
	f.lay(c)
	f.resolve(c)
	f.drop(c)
}

func (f *Forecaster) drop(c *caller) {
	f.waiting = slices.DeleteFunc(f.waiting, func(w *caller) bool { return w == c })
}

func (f *Forecaster) refuse(ev Event) {
	a := f.agentNamed(ev.Agent)
	if a.rings != nil {
		a.rings.held, a.rings = false, nil
	}
	f.unwrap(a)
	if c := f.calls[ev.Call]; c != nil {
		c.held = false
	}
	a.refused++
	f.refusals++
	a.restUntil = f.now + f.restTime
}

func (f *Forecaster) complete(a *agent) {
	if a.doing != talking {
		return
	}
	d := f.now - a.since
	a.sum += over(d, f.talk.level.mean())
	a.talks++
	f.talk.observe(d, a.factor)
	a.doing, a.since = wrapping, f.now
	if f.sinceFactor++; f.sinceFactor >= 10 {
		f.sinceFactor = 0
		f.compare()
	}
}

func (f *Forecaster) ready(a *agent) {
	if a.doing == wrapping {
		f.wrap.observe(f.now-a.since, 1)
	}
	a.doing, a.since = idle, f.now
}

// unwrap ends a wrap-up whose end nobody told: whoever is rung is ready.
func (f *Forecaster) unwrap(a *agent) {
	if a.doing == wrapping {
		f.ready(a)
	}
}

func (f *Forecaster) unpause(a *agent) {
	if a.paused && a.restUntil <= f.now && f.now > a.pausedAt {
		f.pauses += f.now - a.pausedAt
		f.pausesEnded++
	}
	a.paused, a.restUntil = false, min(a.restUntil, f.now)
	if a.doing == idle {
		a.since = f.now
	}
}

// compare finds how slow each agent is. Means over few talks are drawn towards
// 1, by the moments of R. DerSimonian and N. Laird, "Meta-analysis in clinical
// trials", Controlled Clinical Trials 7(3), 1986.
func (f *Forecaster) compare() {
	n, n2, sum, k := 0.0, 0.0, 0.0, -1.0
	for _, a := range f.agents {
		if a.talks >= 3 {
			n, n2, sum, k = n+a.talks, n2+a.talks*a.talks, sum+a.sum, k+1
		}
	}
	if k < 1 || sum <= 0 {
		return
	}
	mean, q := sum/n, 0.0
	noise := f.talk.cv2
	for _, a := range f.agents {
		if a.talks >= 3 {
			q += a.talks * (a.sum/a.talks/mean - 1) * (a.sum/a.talks/mean - 1) / noise
		}
	}
	between := max(0, noise*(q-k)/(n-n2/n))
	for _, a := range f.agents {
		a.factor = 1
		if a.talks >= 3 {
			share := between / (between + noise/a.talks)
			a.factor = max(0.2, 1+share*(a.sum/a.talks/mean-1))
		}
	}
}
