package forecast

import (
	"math"
	"slices"
)

// How level looks for changes.
const (
	calm       = 1e-5 // chance of a change at an event: what rarely jumps
	restless   = 1e-4 // what may jump
	jump       = 1.7  // a change is expected to be by about this factor, up or down
	freshShape = 8.0  // and that expectation weighs as much as this many events
	maxRuns    = 60   // hypotheses that are kept
)

// level learns a rate of events that now and then jumps to another value: it
// weighs all hypotheses "the last change was n events ago", each with a gamma
// posterior of the rate of its own (R. P. Adams and D. J. C. MacKay, "Bayesian
// online changepoint detection", arXiv 0710.3742, 2007). While nothing changes
// its memory grows without end; after a jump it is short at once.
type level struct {
	runs    []run
	chance  float64 // of a change at an event
	pending float64 // exposure since the last event
}

// run is one hypothesis. The gamma posterior of the rate has shape events and
// inverse scale exposure; both began with a prior.
type run struct{ events, exposure, weight float64 }

// newLevel believes in one event per mean, as much as after seeing shape events,
// and in a change at an event by chance.
func newLevel(mean, shape, chance float64) *level {
	return &level{chance: chance, runs: []run{{events: shape, exposure: shape * mean, weight: 1}}}
}

// pass tells that exposure went by without an event.
func (l *level) pass(exposure float64) { l.pending += exposure }

// retract takes exposure back that was told, as far as no event came since.
func (l *level) retract(exposure float64) { l.pending = max(0, l.pending-exposure) }

// event tells of an event. worth is how much it teaches, 1 for a Poisson process
// and more for events that come more evenly (quasi-likelihood: the inverse of
// the dispersion).
func (l *level) event(worth float64) {
	x := l.pending * worth
	l.pending = 0
	mean := l.mean()
	total, changed := 0.0, 0.0
	for i := range l.runs {
		r := &l.runs[i]
		r.weight *= math.Exp(logLikelihood(*r, worth, x))
		total += r.weight
	}
	if !(total > 0) || math.IsInf(total, 0) {
		// Nothing explains it: begin anew.
		l.runs = []run{{events: freshShape, exposure: freshShape * mean, weight: 1}}
		return
	}
	for i := range l.runs {
		r := &l.runs[i]
		r.weight /= total
		r.events += worth
		r.exposure += x
		changed += r.weight * l.chance
		r.weight *= 1 - l.chance
	}
	fresh := freshShape * l.mean()
	l.runs = append(l.runs,
		run{events: freshShape, exposure: fresh * jump, weight: changed / 2},
		run{events: freshShape, exposure: fresh / jump, weight: changed / 2})
	for len(l.runs) > maxRuns {
		l.prune()
	}
}

// prune drops the least likely hypothesis, but for the newest ones, which had no
// chance yet.
func (l *level) prune() {
	least := 0
	for i := range len(l.runs) - maxRuns/4 {
		if l.runs[i].weight < l.runs[least].weight {
			least = i
		}
	}
	l.runs = slices.Delete(l.runs, least, least+1)
}

// logLikelihood is that of an event of this worth after exposure x, under the
// gamma posterior of a run (Lomax law when worth is 1).
func logLikelihood(r run, worth, x float64) float64 {
	after, _ := math.Lgamma(r.events + worth)
	before, _ := math.Lgamma(r.events)
	return after - before - r.events*math.Log1p(x/r.exposure) - worth*math.Log(r.exposure+x)
}

// mean is the expected exposure per event.
func (l *level) mean() float64 {
	sum, total := 0.0, 0.0
	for _, r := range l.runs {
		w := r.weight
		if l.pending > 0 { // it did not happen yet, which speaks for slow hypotheses
			w *= math.Pow(r.exposure/(r.exposure+l.pending), r.events)
		}
		sum += w * (r.exposure + l.pending) / r.events
		total += w
	}
	if !(total > 0) {
		return l.pending
	}
	return sum / total
}

// doubt is the relative standard deviation of what mean gives.
func (l *level) doubt() float64 {
	mean := l.mean()
	if !(mean > 0) {
		return 0
	}
	variance, total := 0.0, 0.0
	for _, r := range l.runs {
		off := r.exposure/r.events/mean - 1
		variance += r.weight * (1/r.events + off*off)
		total += r.weight
	}
	return math.Sqrt(variance / total)
}
