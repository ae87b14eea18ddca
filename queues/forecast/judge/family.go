// Package judge plays queues whose laws are known, asks predictors about every
// caller who has to wait, and compares what they say with what came.
//
// It shares no code with the predictor that it judges. The measure is the bound:
// a predictor that knows the true laws and the present state, but not the future
// (mean of rollouts of the same simulator).
package judge

import (
	"math"
	"math/rand/v2"
)

// Law is how long something takes, in seconds.
type Law struct {
	Mean float64
	CV   float64 // coefficient of variation of a lognormal law; 0 is an exponential one
}

func (l Law) sample(rng *rand.Rand) float64 {
	switch {
	case l.Mean == 0:
		return 0
	case l.CV == 0:
		return l.Mean * rng.ExpFloat64()
	}
	mu, sigma := l.lognormal()
	return math.Exp(mu + sigma*rng.NormFloat64())
}

func (l Law) lognormal() (mu, sigma float64) {
	s2 := math.Log1p(l.CV * l.CV)
	return math.Log(l.Mean) - s2/2, math.Sqrt(s2)
}

// residual draws how much longer it takes after elapsed.
func (l Law) residual(rng *rand.Rand, elapsed float64) float64 {
	if l.CV == 0 || elapsed <= 0 {
		return l.sample(rng)
	}
	mu, sigma := l.lognormal()
	above := 0.5 * math.Erfc((math.Log(elapsed)-mu)/sigma/math.Sqrt2)
	u := above * (1 - rng.Float64())
	if u < 1e-300 {
		return l.Mean
	}
	return max(0, math.Exp(mu+sigma*math.Sqrt2*math.Erfcinv(2*u))-elapsed)
}

// Shift is a change in the staff.
type Shift struct {
	At    float64
	Agent int
	Kind  shiftKind
}

type shiftKind int

const (
	comes shiftKind = iota
	goes
	pauses
	returns
)

// Family is the laws of one kind of queue.
type Family struct {
	Name       string
	Agents     int
	Absent     int                     // the last so many agents are not there at the beginning
	Horizon    float64                 // seconds
	Warmup     float64                 // callers who join earlier are not judged
	Rate       func(t float64) float64 // arrivals per second
	MaxRate    float64                 // no rate is above
	Talk       func(agent int, t float64) Law
	Wrap       Law
	Patience   Law       // of live callers; mean 0: they never hang up
	Priorities []float64 // shares of the priorities 0, 1, ...; nil: all have 0
	Callbacks  float64   // share of callers who are promises
	Silent     float64   // chance that an agent does not answer
	Shifts     []Shift   // in the order of time
	Every      int       // only each so many-th caller is judged, 0 is all
}

const hour = 3600.0

func flat(rate float64) func(float64) float64 { return func(float64) float64 { return rate } }

func always(l Law) func(int, float64) Law { return func(int, float64) Law { return l } }

// base is a queue of ten agents with a load of 0.95 whose callers hang up after
// ten minutes on average.
func base(name string, change func(*Family)) Family {
	f := Family{
		Name: name, Agents: 10, Horizon: 12 * hour, Warmup: hour,
		Talk: always(Law{Mean: 200}), Patience: Law{Mean: 600},
	}
	f.load(0.95)
	change(&f)
	return f
}

// load sets a constant arrival rate: so many callers for each that the agents can
// serve.
func (f *Family) load(rho float64) {
	f.MaxRate = rho * float64(f.Agents) / (f.Talk(0, 0).Mean + f.Wrap.Mean)
	f.Rate = flat(f.MaxRate)
}

// Families are the queues of docs/estimates.md.
func Families() []Family {
	uneven := func(agent int, _ float64) Law { return Law{Mean: 120 + 20*float64(agent%10)} }
	return []Family{
		base("light load", func(f *Family) { f.load(0.75) }),
		base("heavy load", func(*Family) {}),
		base("overload, 10 agents", func(f *Family) { f.Patience.Mean = 450; f.load(1.3) }),
		base("overload, 100 agents", func(f *Family) { f.Agents, f.Every, f.Horizon, f.Patience.Mean = 100, 10, 6*hour, 300; f.load(1.2) }),
		base("lognormal times", func(f *Family) {
			f.Talk, f.Patience = always(Law{Mean: 200, CV: 1.2}), Law{Mean: 600, CV: 1}
			f.load(1.05)
		}),
		base("regular times", func(f *Family) { f.Talk = always(Law{Mean: 200, CV: 0.4}); f.load(1.05) }),
		base("campaign burst", func(f *Family) {
			f.Patience.Mean = 420
			f.load(0.6)
			calm := f.MaxRate
			f.Rate = func(t float64) float64 {
				if into := math.Mod(t, 3*hour) - 2*hour; into >= 0 && into < 0.5*hour {
					return calm * (1 + 5*math.Sin(math.Pi*into/(0.5*hour)))
				}
				return calm
			}
			f.MaxRate = 6 * calm
		}),
		base("half the team leaves", func(f *Family) {
			f.Patience.Mean = 900
			f.load(0.9)
			for a := range 5 {
				f.Shifts = append(f.Shifts, Shift{At: 6 * hour, Agent: a, Kind: goes})
			}
		}),
		base("daily profile", func(f *Family) {
			f.Patience.Mean = 480
			top := 1.3 * float64(f.Agents) / 200
			f.Rate = func(t float64) float64 { return top * (0.3 + 0.7*math.Pow(math.Sin(math.Pi*t/(12*hour)), 2)) }
			f.MaxRate = top
		}),
		base("cold start", func(f *Family) {
			f.Horizon, f.Warmup = 1.5*hour, 0
			f.Talk = always(Law{Mean: 300})
			f.load(1.2)
		}),
		base("one agent", func(f *Family) { f.Agents = 1; f.load(1) }),
		base("two agents", func(f *Family) { f.Agents = 2; f.load(1) }),
		base("three agents", func(f *Family) { f.Agents = 3; f.load(1) }),
		base("priorities", func(f *Family) { f.Priorities = []float64{0.7, 0.2, 0.1}; f.load(1.1) }),
		base("callbacks", func(f *Family) { f.Callbacks, f.Patience.Mean = 0.15, 450; f.load(1.1) }),
		base("unequal agents", func(f *Family) { f.Talk = uneven; f.load(1); f.Rate = flat(0.05); f.MaxRate = 0.05 }),
		base("wrap-up", func(f *Family) {
			f.Talk, f.Wrap = always(Law{Mean: 180}), Law{Mean: 30, CV: 0.8}
			f.load(1)
		}),
		base("handle time doubles", func(f *Family) {
			f.Patience.Mean = 700
			f.load(0.8)
			f.Talk = doubling(Law{Mean: 200})
		}),
		base("handle time drifts", func(f *Family) {
			f.load(0.8)
			f.Talk = func(_ int, t float64) Law {
				return Law{Mean: 200 * (1 + min(1, max(0, (t-5*hour)/(2*hour))))}
			}
		}),
		base("agents who do not answer", func(f *Family) { f.Silent = 0.12; f.load(0.95) }),
		everything(),
	}
}

func everything() Family {
	return base("all together", func(f *Family) {
		f.Agents, f.Absent = 14, 4
		f.Talk = func(agent int, t float64) Law {
			l := Law{Mean: 130 + 15*float64(agent%7), CV: 1.1}
			if t > 7*hour {
				l.Mean *= 1.5
			}
			return l
		}
		f.Wrap = Law{Mean: 20, CV: 0.7}
		f.Patience = Law{Mean: 500, CV: 1.2}
		f.Priorities, f.Callbacks, f.Silent = []float64{0.85, 0.15}, 0.1, 0.06
		top := 0.068
		f.Rate = func(t float64) float64 { return top * (0.5 + 0.5*math.Sin(math.Pi*t/(12*hour))) }
		f.MaxRate = top
		for a := 10; a < 14; a++ {
			f.Shifts = append(f.Shifts, Shift{At: 3 * hour, Agent: a, Kind: comes})
		}
		for a := range 4 {
			f.Shifts = append(f.Shifts,
				Shift{At: 5*hour + 600*float64(a), Agent: a, Kind: pauses},
				Shift{At: 5*hour + 600*float64(a+1), Agent: a, Kind: returns})
		}
		for a := 10; a < 14; a++ {
			f.Shifts = append(f.Shifts, Shift{At: 9 * hour, Agent: a, Kind: goes})
		}
	})
}
