package judge

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/linekeeper/linekeeper/queues/forecast"
)

// erlangC is the chance to wait and the mean wait of all, in a queue of s agents
// with load a (Erlang) and mean talk time, whose callers never hang up.
func erlangC(s int, a, talk float64) (chance, wait float64) {
	b := 1.0
	for i := 1; i <= s; i++ {
		b = a * b / (float64(i) + a*b)
	}
	chance = b / (1 - a/float64(s)*(1-b))
	return chance, chance * talk / (float64(s) - a)
}

// erlangA is the share of callers who hang up, from the birth-and-death chain of
// callers in the system.
func erlangA(s int, lambda, mu, theta float64) float64 {
	p, sum, lost := 1.0, 1.0, 0.0
	for n := 1; n < 500; n++ {
		p *= lambda / (float64(min(n, s))*mu + float64(max(0, n-s))*theta)
		sum += p
		lost += p * float64(max(0, n-s)) * theta
	}
	return lost / sum / lambda
}

// observe plays a family and gives the mean wait, the share that waited and the
// share that hung up.
func observe(f Family, seeds uint64) (wait, waited, lost float64) {
	n := 0.0
	for seed := range seeds {
		w := newWorld(&f, rand.New(rand.NewPCG(seed, 9)))
		w.joined = func(client) {}
		w.emit = func(ev forecast.Event) {
			switch ev.Kind {
			case forecast.Join:
				n++
			case forecast.Abandon:
				lost++
			}
		}
		w.turn = func(_ client, v float64) {
			wait += v
			if v > 0 {
				waited++
			}
		}
		w.run()
	}
	return wait / n, waited / n, lost / n
}

func TestSimulatorAgreesWithErlangC(t *testing.T) {
	t.Parallel()
	f := base("", func(f *Family) { f.Patience = Law{}; f.load(0.8) })
	chance, mean := erlangC(10, 8, 200)
	wait, waited, _ := observe(f, 30)
	if math.Abs(waited/chance-1) > 0.06 || math.Abs(wait/mean-1) > 0.12 {
		t.Errorf("%.3f wait %.1f s on average, by Erlang C %.3f and %.1f s", waited, wait, chance, mean)
	}
}

func TestSimulatorAgreesWithErlangA(t *testing.T) {
	t.Parallel()
	f := base("", func(f *Family) { f.load(1.2); f.Horizon = 400 * hour })
	want := erlangA(10, f.MaxRate, 1.0/200, 1.0/600)
	if _, _, lost := observe(f, 2); math.Abs(lost/want-1) > 0.06 {
		t.Errorf("%.3f hang up, by Erlang A %.3f", lost, want)
	}
}

// The bound of one exponential queue is known: QLm with the true rates.
func TestBoundAgreesWithQLm(t *testing.T) {
	t.Parallel()
	f := base("", func(f *Family) { f.load(1.3); f.Horizon = 2 * hour })
	w := newWorld(&f, rand.New(rand.NewPCG(1, 1)))
	rng := rand.New(rand.NewPCG(2, 2))
	w.emit = func(forecast.Event) {}
	asked := 0
	off := 0.0
	w.joined = func(c client) {
		live := -1 // not the client itself
		for _, q := range w.queue {
			if !q.gone {
				live++
			}
		}
		if w.idlest() >= 0 || c.id%20 != 0 {
			return
		}
		want := 0.0
		for i := range live + 1 {
			want += 1 / (10.0/200 + float64(i)/600)
		}
		got, variance := w.bound(c, 200, rng)
		asked++
		off += (got - want) / math.Sqrt(variance)
	}
	w.run()
	if asked < 5 || math.Abs(off)/math.Sqrt(float64(asked)) > 4 {
		t.Errorf("%d forks are off by %.1f standard errors in sum", asked, off)
	}
}

func TestLawsHaveTheirMeans(t *testing.T) {
	t.Parallel()
	for _, l := range []Law{{Mean: 100}, {Mean: 100, CV: 0.5}, {Mean: 100, CV: 1.5}} {
		rng := rand.New(rand.NewPCG(1, 2))
		sum, after, n := 0.0, 0.0, 0.0
		for range 200_000 {
			d := l.sample(rng)
			sum += d
			if d > 150 {
				after += d - 150
				n++
			}
		}
		if mean := sum / 200_000; math.Abs(mean-100) > 2 {
			t.Errorf("%+v: mean %.1f", l, mean)
		}
		residual := 0.0
		for range 200_000 {
			residual += l.residual(rng, 150)
		}
		if want, got := after/n, residual/200_000; math.Abs(got/want-1) > 0.06 {
			t.Errorf("%+v: after 150 s %.1f s are left, of those sampled %.1f", l, got, want)
		}
	}
}

// A short version of the table in docs/estimates.md: one seed of every third
// family, with the worst that chance may make of it.
func TestForecastIsNearTheBound(t *testing.T) {
	if testing.Short() {
		t.Skip("plays seven queues")
	}
	t.Parallel()
	logs, n := 0.0, 0.0
	for i, f := range Families() {
		if i%3 != 2 {
			continue
		}
		f.Every = max(f.Every, 4)
		scores, err := Judge(f, 100, 1, 20, func() []Predictor {
			return []Predictor{forecast.New(1), NewQLm(), NewHoldTime()}
		})
		if err != nil {
			t.Fatal(err)
		}
		s := &scores[0]
		t.Logf("%-26s %5.0f callers, RMSE %6.1f s, ratio %.3f, inside %.3f", f.Name, s.N, s.RMSE(), s.Ratio(), s.Coverage())
		if s.N < 20 || s.Ratio() > 1.4 || s.Coverage() < 0.5 || s.Bias() > s.RMSE() || s.Width() <= 0 {
			t.Errorf("%s: %.0f callers, ratio %.3f, inside %.3f, bias %.1f s", f.Name, s.N, s.Ratio(), s.Coverage(), s.Bias())
		}
		logs += math.Log(s.Ratio())
		n++
	}
	if mean := math.Exp(logs / n); mean > 1.08 {
		t.Errorf("geometric mean of the ratios %.3f", mean)
	}
}
