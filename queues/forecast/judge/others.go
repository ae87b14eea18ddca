package judge

import "math"

// Others are queues that were only made when the forecast was finished: what it
// is worth where it was not tuned. docs/estimates.md names the one exception.
func Others() []Family {
	return []Family{
		base("short talks, short patience", func(f *Family) {
			f.Talk, f.Patience.Mean = always(Law{Mean: 60}), 120
			f.load(1.1)
		}),
		base("long talks, long patience", func(f *Family) {
			f.Talk, f.Patience.Mean = always(Law{Mean: 600}), 1500
			f.load(1.1)
		}),
		base("cold start, long talks", func(f *Family) {
			f.Horizon, f.Warmup = 2*hour, 0
			f.Talk = always(Law{Mean: 400})
			f.load(1.1)
		}),
		base("cold start, short talks", func(f *Family) {
			f.Horizon, f.Warmup = 2*hour, 0
			f.Talk, f.Patience.Mean = always(Law{Mean: 100}), 200
			f.load(1.1)
		}),
		base("nobody hangs up", func(f *Family) { f.Patience.Mean = 0; f.load(0.93) }),
		base("burst, 20 agents", func(f *Family) {
			f.Agents, f.Patience.Mean = 20, 300
			f.load(0.7)
			calm := f.MaxRate
			f.Rate = func(t float64) float64 {
				if t > 6*hour && t < 6.5*hour {
					return 6 * calm
				}
				return calm
			}
			f.MaxRate = 6 * calm
		}),
		base("doubles, 100 agents", func(f *Family) {
			f.Agents, f.Every, f.Horizon = 100, 10, 10*hour
			f.Talk = doubling(Law{Mean: 180})
			f.load(0.8)
		}),
		base("doubles, lognormal", func(f *Family) {
			f.Talk = doubling(Law{Mean: 240, CV: 1})
			f.load(0.75)
		}),
		base("very unequal agents", func(f *Family) {
			f.Talk = func(agent int, _ float64) Law {
				return Law{Mean: 100 * math.Pow(4, float64(agent)/9), CV: 0.7}
			}
			f.MaxRate = 0.058
			f.Rate = flat(f.MaxRate)
		}),
		base("three calls of ten not answered", func(f *Family) { f.Silent = 0.3; f.load(0.8) }),
		base("half are important", func(f *Family) { f.Priorities = []float64{0.5, 0.5}; f.load(1) }),
	}
}

// doubling is a law whose mean doubles at midday.
func doubling(l Law) func(int, float64) Law {
	later := Law{Mean: 2 * l.Mean, CV: l.CV}
	return func(_ int, t float64) Law {
		if t < 6*hour {
			return l
		}
		return later
	}
}
