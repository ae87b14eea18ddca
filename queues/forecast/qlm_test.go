package forecast

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// knowing gives an estimator that knows its rates for certain.
func knowing(handle time.Duration, patience time.Duration) *QLm {
	q := NewQLm(3*time.Minute, 10*time.Minute)
	q.handled, q.handledN, q.abandoned, q.waited = handle.Seconds(), 1, 0, 1
	if patience > 0 {
		q.abandoned = 1 / patience.Seconds()
	}
	return q
}

func TestEstimateOfSmallQueues(t *testing.T) {
	t.Parallel()
	const handle, patience = 120 * time.Second, 240 * time.Second
	for name, tc := range map[string]struct {
		state State
		known bool
		mean  float64 // seconds
	}{
		"nobody serves":              {State{Ahead: 2}, false, 0},
		"an agent is free":           {State{Free: 1}, true, 5},
		"enough agents are free":     {State{Ahead: 2, Free: 3}, true, 5},
		"next of one agent":          {State{Busy: 1}, true, 120},
		"next of four agents":        {State{Busy: 4}, true, 30},
		"one ahead may hang up":      {State{Ahead: 1, Busy: 4}, true, 30 + 1/(1.0/30+1.0/240)},
		"a promise does not hang up": {State{Ahead: 1, Promises: 1, Busy: 4}, true, 60},
		"ringing takes one ahead":    {State{Ahead: 1, Free: 1, Busy: 3}, true, 30},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			est := knowing(handle, patience).Estimate(tc.state)
			if est.Known != tc.known || math.Abs(est.Mean.Seconds()-tc.mean) > 1e-6 {
				t.Errorf("estimate %+v, want known %v, mean %v s", est, tc.known, tc.mean)
			}
			if est.Known && !(est.Low < est.Mean && est.Mean < est.High) {
				t.Errorf("range %v to %v does not hold the mean %v", est.Low, est.High, est.Mean)
			}
		})
	}
}

func TestPassageOfLongQueues(t *testing.T) {
	t.Parallel()
	for _, theta := range []float64{0, 1e-9, 1e-4, 1.0 / 600, 0.1} {
		for _, n := range []int{0, 1, 15, 16, 17, 40, 200, 5000} {
			const a = 0.02
			var mean, variance float64
			for i := 0; i <= n; i++ {
				step := 1 / (a + float64(i)*theta)
				mean += step
				variance += step * step
			}
			gotMean, gotVariance := passage(a, theta, n)
			if math.Abs(gotMean/mean-1) > 1e-4 || math.Abs(gotVariance/variance-1) > 1e-4 {
				t.Errorf("theta %g, n %d: %g, %g; want %g, %g", theta, n, gotMean, gotVariance, mean, variance)
			}
		}
	}
}

func TestGammaAgainstMonteCarlo(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 4, 30} {
		const a, theta, draws = 1.0 / 45, 1.0 / 300, 40000
		sums := make([]float64, draws)
		for i := range sums {
			for k := 0; k <= n; k++ {
				sums[i] += rng.ExpFloat64() / (a + float64(k)*theta)
			}
		}
		slices.Sort(sums)
		mean, variance := passage(a, theta, n)
		est := gamma(mean, variance)
		for _, q := range []struct {
			got  time.Duration
			want float64
		}{{est.Low, sums[draws/10]}, {est.High, sums[draws*9/10]}} {
			if math.Abs(q.got.Seconds()-q.want) > 0.035*mean {
				t.Errorf("n %d: quantile %.1f s, simulated %.1f s, mean %.1f s", n, q.got.Seconds(), q.want, mean)
			}
		}
	}
}

func TestEstimateStaysFinite(t *testing.T) {
	t.Parallel()
	est := knowing(100*time.Hour, 0).Estimate(State{Ahead: 100000, Busy: 1})
	if est.Mean != maxWait || est.Low <= 0 || est.High < est.Low {
		t.Errorf("estimate %+v", est)
	}
}

// queueSim is an M/M/s queue with exponential patience, first come first served.
type queueSim struct {
	rng                      *rand.Rand
	servers                  int
	arrive, handle, patience float64 // means in seconds; patience 0: nobody hangs up
	patient                  float64 // share of callers who never hang up
	clock                    float64
	busy                     ends
	line                     []simCaller
	onJoin                   func(ahead, patientAhead int) any
	onServed                 func(c simCaller, waited float64)
	onAbandoned              func(waited float64)
	onHandled                func(d float64)
}

type simCaller struct {
	at, gives float64 // gives is when it hangs up
	tag       any
}

type ends []float64

func (e ends) Len() int           { return len(e) }
func (e ends) Less(i, j int) bool { return e[i] < e[j] }
func (e ends) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }
func (e *ends) Push(x any)        { *e = append(*e, x.(float64)) }
func (e *ends) Pop() any          { old := *e; x := old[len(old)-1]; *e = old[:len(old)-1]; return x }

func (s *queueSim) run(callers int) {
	for range callers {
		s.clock += s.rng.ExpFloat64() * s.arrive
		s.finishUntil(s.clock)
		s.line = slices.DeleteFunc(s.line, func(c simCaller) bool {
			left := c.gives <= s.clock
			if left && s.onAbandoned != nil {
				s.onAbandoned(c.gives - c.at)
			}
			return left
		})
		c := simCaller{at: s.clock, gives: math.Inf(1)}
		if s.patience > 0 && s.rng.Float64() >= s.patient {
			c.gives = s.clock + s.rng.ExpFloat64()*s.patience
		}
		if len(s.busy) < s.servers {
			s.serve(s.clock)
			continue
		}
		forever := 0
		for _, other := range s.line {
			if math.IsInf(other.gives, 1) {
				forever++
			}
		}
		c.tag = s.onJoin(len(s.line), forever)
		s.line = append(s.line, c)
	}
}

func (s *queueSim) finishUntil(t float64) {
	for len(s.busy) > 0 && s.busy[0] <= t {
		free := heap.Pop(&s.busy).(float64)
		for len(s.line) > 0 {
			c := s.line[0]
			s.line = s.line[1:]
			if c.gives <= free {
				if s.onAbandoned != nil {
					s.onAbandoned(c.gives - c.at)
				}
				continue
			}
			if s.onServed != nil {
				s.onServed(c, free-c.at)
			}
			s.serve(free)
			break
		}
	}
}

func (s *queueSim) serve(at float64) {
	d := s.rng.ExpFloat64() * s.handle
	heap.Push(&s.busy, at+d)
	if s.onHandled != nil {
		s.onHandled(d)
	}
}

func TestEstimateAgainstSimulatedQueues(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		servers                  int
		arrive, handle, patience float64
	}{
		"three agents, nobody hangs up": {3, 66, 180, 0},
		"ten agents, busy, impatient":   {10, 17, 180, 300},
		"ten agents, overload":          {10, 12, 180, 300},
		"one agent":                     {1, 150, 120, 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			est := knowing(time.Duration(tc.handle*1e9), time.Duration(tc.patience*1e9))
			var n, inside int
			var predicted, waited float64
			sim := queueSim{
				rng: rand.New(rand.NewPCG(3, uint64(tc.servers))), servers: tc.servers,
				arrive: tc.arrive, handle: tc.handle, patience: tc.patience, patient: 0.03,
				onJoin: func(ahead, forever int) any {
					return est.Estimate(State{Ahead: ahead, Promises: forever, Busy: tc.servers})
				},
				onServed: func(c simCaller, w float64) {
					if tc.patience > 0 && !math.IsInf(c.gives, 1) {
						return // only those who never hang up show the whole wait
					}
					e := c.tag.(queues.Estimate)
					n++
					predicted += e.Mean.Seconds()
					waited += w
					if w >= e.Low.Seconds() && w <= e.High.Seconds() {
						inside++
					}
				},
			}
			sim.run(400_000)
			if n < 2000 {
				t.Fatalf("only %d waits seen", n)
			}
			ratio, share := predicted/waited, float64(inside)/float64(n)
			t.Logf("%d waits, mean %.0f s, predicted/waited %.3f, inside %.3f", n, waited/float64(n), ratio, share)
			if ratio < 0.95 || ratio > 1.05 {
				t.Errorf("the mean prediction is %.3f of the mean wait", ratio)
			}
			if share < 0.75 || share > 0.85 {
				t.Errorf("%.3f of the waits are inside the 80 %% range", share)
			}
		})
	}
}

func TestRatesAreLearned(t *testing.T) {
	t.Parallel()
	q := NewQLm(3*time.Minute, 10*time.Minute)
	if q.HandleTime() != 180*time.Second || math.Abs(q.AbandonRate()-1.0/600) > 1e-12 {
		t.Fatalf("priors are %v and %g", q.HandleTime(), q.AbandonRate())
	}
	var handle, rate, looks float64
	second := func(s float64) time.Duration { return time.Duration(s * 1e9) }
	sim := queueSim{
		rng: rand.New(rand.NewPCG(5, 6)), servers: 5, arrive: 50, handle: 300, patience: 200,
		onJoin:      func(int, int) any { return nil },
		onServed:    func(_ simCaller, w float64) { q.ObserveStayed(second(w)) },
		onAbandoned: func(w float64) { q.ObserveAbandoned(second(w)) },
		onHandled: func(d float64) {
			q.ObserveHandled(second(d))
			handle += q.HandleTime().Seconds()
			rate += q.AbandonRate()
			looks++
		},
	}
	sim.run(60_000)
	if got := handle / looks; math.Abs(got/300-1) > 0.03 {
		t.Errorf("learned a handle time of %.1f s, want about 300", got)
	}
	if got := rate / looks; math.Abs(got*200-1) > 0.07 {
		t.Errorf("learned an abandonment rate of 1/%.0f s, want about 1/200", 1/got)
	}
}

func TestRecentConversationsCountMore(t *testing.T) {
	t.Parallel()
	q := NewQLm(time.Minute, 10*time.Minute)
	for range 200 {
		q.ObserveHandled(time.Minute)
	}
	for range 200 {
		q.ObserveHandled(4 * time.Minute)
	}
	if got := q.HandleTime(); got < 225*time.Second {
		t.Errorf("after 200 conversations of four minutes the mean is still %v", got)
	}
}
