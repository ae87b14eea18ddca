package simulate

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Law is how long something takes. Draw gives one duration in seconds, never
// negative, perhaps infinite. A Law has no state: several goroutines may draw
// from it, each with a source of its own.
type Law interface {
	Draw(rng *rand.Rand) float64
}

// Never is the law of what does not happen: a caller who does not hang up.
type Never struct{}

// Fixed takes always the same time, in seconds.
type Fixed float64

// Exponential has no memory; its value is the mean in seconds.
type Exponential float64

// Lognormal is the usual law of handle times.
type Lognormal struct {
	Mean float64 // seconds, above 0
	CV   float64 // coefficient of variation: standard deviation over mean, above 0
}

// Weibull is a law of patience whose rate of hanging up falls (Shape below 1) or
// rises with the wait.
type Weibull struct {
	Mean  float64 // seconds, above 0
	Shape float64 // above 0; 1 is the exponential law
}

// Empirical draws one of the durations that were seen. The zero value takes no
// time.
type Empirical []float64

// Draw gives infinity.
func (Never) Draw(*rand.Rand) float64 { return math.Inf(1) }

// Draw gives the time.
func (l Fixed) Draw(*rand.Rand) float64 { return float64(l) }

// Draw gives one duration.
func (l Exponential) Draw(rng *rand.Rand) float64 { return float64(l) * rng.ExpFloat64() }

// Draw gives one duration.
func (l Lognormal) Draw(rng *rand.Rand) float64 {
	s2 := math.Log1p(l.CV * l.CV)
	return l.Mean * math.Exp(math.Sqrt(s2)*rng.NormFloat64()-s2/2)
}

// Draw gives one duration.
func (l Weibull) Draw(rng *rand.Rand) float64 {
	scale := l.Mean / math.Gamma(1+1/l.Shape)
	return scale * math.Pow(rng.ExpFloat64(), 1/l.Shape)
}

// Draw gives one duration.
func (l Empirical) Draw(rng *rand.Rand) float64 {
	if len(l) == 0 {
		return 0
	}
	return l[rng.IntN(len(l))]
}

// Survival is a law of patience that was learned from callers of whom some hung
// up and others were served first, so that only a lower bound of their patience
// is known: the estimate of E. L. Kaplan and P. Meier, "Nonparametric estimation
// from incomplete observations", JASA 53 (1958). Beyond the longest wait that
// ended by hanging up it goes on exponentially, with the rate of hanging up over
// all.
type Survival struct {
	at   []float64 // waits that ended by hanging up, rising
	left []float64 // share of callers whose patience is longer
	tail float64   // mean of what is beyond the last of at; infinite if nobody hung up
}

// Wait is one observed wait.
type Wait struct {
	Seconds float64
	Ended   bool // by what is learned: the caller hung up; false: it ended otherwise, and might have lasted longer
}

// NewSurvival learns from waits; without any that ended by hanging up, nobody
// ever hangs up.
func NewSurvival(waits []Wait) *Survival {
	waits = slices.Clone(waits)
	slices.SortFunc(waits, func(a, b Wait) int {
		switch {
		case a.Seconds < b.Seconds:
			return -1
		case a.Seconds > b.Seconds:
			return 1
		}
		return 0
	})
	s := &Survival{tail: math.Inf(1)}
	left, exposure, hungUp := 1.0, 0.0, 0
	for i := 0; i < len(waits); {
		at, ended, from := waits[i].Seconds, 0, i
		for ; i < len(waits) && waits[i].Seconds == at; i++ {
			exposure += at
			if waits[i].Ended {
				ended++
			}
		}
		if ended > 0 {
			hungUp += ended
			left *= 1 - float64(ended)/float64(len(waits)-from)
			s.at, s.left = append(s.at, at), append(s.left, left)
		}
	}
	if hungUp > 0 {
		s.tail = exposure / float64(hungUp)
	}
	return s
}

// Ending gives the law of what happens at no later time than was seen, if at all:
// it has no tail.
func (s *Survival) Ending() *Survival {
	return &Survival{at: s.at, left: s.left, tail: math.Inf(1)}
}

// Left is the share of callers who would wait longer than so many seconds, for
// waits that were seen.
func (s *Survival) Left(seconds float64) float64 {
	i, found := slices.BinarySearch(s.at, seconds)
	if found {
		i++
	}
	if i == 0 {
		return 1
	}
	return s.left[i-1]
}

// Draw gives one patience.
func (s *Survival) Draw(rng *rand.Rand) float64 { return s.Beyond(rng, 0) }

// Beyond gives the patience of a caller who is known to wait longer than so many
// seconds.
func (s *Survival) Beyond(rng *rand.Rand, waited float64) float64 {
	u := s.Left(waited) * (1 - rng.Float64())
	// The first wait after which at most u are left.
	i, _ := slices.BinarySearchFunc(s.left, u, func(left, u float64) int {
		if left > u {
			return -1
		}
		return 1
	})
	if i < len(s.at) {
		return s.at[i]
	}
	from := waited
	if n := len(s.at); n > 0 {
		from = max(from, s.at[n-1])
	}
	return from + s.tail*rng.ExpFloat64()
}
