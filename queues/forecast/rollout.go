package forecast

import (
	"fmt"
	"math"
	"slices"
)

// How much a prediction may cost.
const (
	work     = 30_000 // draws of durations
	fewest   = 24     // rollouts
	most     = 400
	longest  = 5_000       // calls that are served in one rollout, beside those ahead
	farthest = 12 * 3600.0 // seconds: no prediction is longer
	noAgent  = 600.0       // mean seconds until an agent comes, when none is there
)

// Prediction is the expected wait and its 10 % and 90 % quantiles, from now, in
// seconds.
type Prediction struct{ Mean, Low, High float64 }

// server is an agent in a rollout; slots of one agent are told apart by index.
type server struct {
	fixed   float64 // free not before; the residual comes on top
	doing   doing
	elapsed float64 // in means
	rank    float64 // of elapsed
	factor  float64
	refuses float64 // chance not to answer

	// The rest is of a batch only.
	away   float64 // chance that another queue takes it first
	after  float64 // it serves those who have waited so long
	skills skills
	serves []bool // by group; nil for all
}

// slot is when a server is free next.
type slot struct {
	at   float64
	who  int
	used bool // of a batch: it is not the first time
}

// place is a caller ahead in a rollout.
type place struct {
	waited    float64 // when the rollout begins; below 0 for one who comes later
	hazard    float64 // spent so far
	callback  bool
	heldUntil float64
}

// held is a place that rings at an agent who does not answer.
type held struct {
	until float64
	place place
}

// playground is what rollouts are played on; it is kept to save allocations.
type playground struct {
	servers []server
	ahead   []place
	slots   []slot
	held    []held
	later   []place
	waits   []float64

	talkMean, wrapMean    float64
	answerMean            float64
	laterRate, behindRate float64 // arrivals per second before and behind the caller
	laterCallbacks        float64 // share
	haste                 float64 // how much faster callers hang up than is believed, in this rollout
}

// Forecast predicts the wait, from now, of a caller in the queue who does not
// hang up. It keeps what it said when the caller has just joined, and learns
// from it once the truth is known. The error says that there is no such caller.
func (f *Forecaster) Forecast(call string) (Prediction, error) {
	c := f.calls[call]
	if c == nil {
		return Prediction{}, fmt.Errorf("call %q is not in the queue", call)
	}
	f.prepare(c)
	p := &f.play
	p.waits = p.waits[:0]
	mean, spent := 0.0, 0
	for len(p.waits) < fewest || (len(p.waits) < most && spent < work) {
		w, steps := f.rollout()
		p.waits = append(p.waits, w)
		mean += w
		spent += steps + len(p.servers)
	}
	n := len(p.waits)
	mean /= float64(n)
	f.widen(p.waits)
	if c.joined == f.now && p.waits[n-1] > 0 {
		c.outcomes, c.asked = slices.Clone(p.waits), f.now
	}
	return Prediction{
		Mean: mean,
		Low:  between(p.waits, f.calibration.rank(0.1)),
		High: between(p.waits, f.calibration.rank(0.9)),
	}, nil
}

// widen adds the doubt in the mean talk to rollouts, which moves them all, and
// sorts them.
func (f *Forecaster) widen(waits []float64) {
	doubt := f.talk.level.doubt()
	for i := range waits {
		waits[i] *= math.Exp(doubt*f.rng.NormFloat64() - doubt*doubt/2)
	}
	slices.Sort(waits)
}

// prepare sets the playground to the present, as the caller sees it.
func (f *Forecaster) prepare(target *caller) {
	p := &f.play
	p.talkMean, p.wrapMean = f.talk.level.mean(), f.wrap.level.mean()
	p.servers, p.ahead = p.servers[:0], p.ahead[:0]
	for _, a := range f.agents {
		if s, ok := f.server(a); ok {
			p.servers = append(p.servers, s)
		}
	}
	if len(p.servers) == 0 {
		p.servers = append(p.servers, server{fixed: noAgent, factor: 1})
	}
	f.still()
	for _, w := range f.waiting {
		if w == target {
			break
		}
		if w.ghost {
			continue
		}
		waited := f.now - w.joined
		pl := place{waited: waited, hazard: f.patience.hazard(waited), callback: w.callback}
		if w.held && f.refusals > 0 && w.heldUntil > f.now && w.heldUntil < f.now+f.ringTime {
			pl.heldUntil = w.heldUntil - f.now
		}
		p.ahead = append(p.ahead, pl)
	}
	p.laterRate, p.behindRate, p.laterCallbacks = 0, 0, 0
	for _, s := range f.streams {
		rate := 1 / s.rate.mean()
		if s.priority > target.priority {
			p.laterRate += rate
			p.laterCallbacks += rate * s.callbacks / s.seen
		} else {
			p.behindRate += rate
		}
	}
	if p.laterRate > 0 {
		p.laterCallbacks /= p.laterRate
	}
}

// still tells the law of patience who waits now.
func (f *Forecaster) still() {
	f.patience.still(func(yield func(float64) bool) {
		for _, w := range f.waiting {
			if !w.ghost && !w.callback && !yield(f.now-w.joined) {
				return
			}
		}
	})
}

// server tells when an agent serves again; false when that is not to be hoped.
func (f *Forecaster) server(a *agent) (server, bool) {
	s := server{factor: a.factor, doing: a.doing}
	if !a.on {
		return s, false
	}
	if f.refusals > 0 {
		all := f.refusals / (f.connects + f.refusals)
		const weight = 40
		s.refuses = (a.refused + weight*all) / (a.answered + a.refused + weight)
	}
	elapsed := f.now - a.since
	switch a.doing {
	case talking, elsewhere:
		s.doing = talking
		s.elapsed = over(elapsed, p0(f.play.talkMean)*a.factor)
		s.rank = f.talk.rank(s.elapsed)
	case wrapping:
		s.elapsed = over(elapsed, p0(f.play.wrapMean))
		s.rank = f.wrap.rank(s.elapsed)
	}
	if a.restUntil > f.now {
		s.fixed = a.restUntil - f.now
	} else if a.paused {
		if f.pausesEnded < 3 {
			return s, false
		}
		s.fixed = f.pauses / f.pausesEnded
	}
	if a.rings != nil && f.refusals > 0 && a.ringsFrom < f.now {
		s.fixed = max(0, a.ringsFrom+f.ringTime-f.now) + f.restTime
	}
	return s, true
}

// p0 keeps a mean that is a divisor above 0.
func p0(mean float64) float64 { return max(mean, 1e-9) }
