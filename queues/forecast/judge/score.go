package judge

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/linekeeper/linekeeper/queues/forecast"
)

// Predictor is what is judged: it is told every event and asked after each join
// of a caller who found no free agent.
type Predictor interface {
	Apply(ev forecast.Event) error
	Forecast(call string) (forecast.Prediction, error)
}

// Score sums up how one predictor did.
type Score struct {
	Name            string
	N               float64
	squares, errors float64
	inside, width   float64
	bound           float64 // squared errors of the bound
}

// RMSE is the root mean square error in seconds.
func (s *Score) RMSE() float64 { return math.Sqrt(s.squares / s.N) }

// Ratio is the RMSE over that of the bound.
func (s *Score) Ratio() float64 { return math.Sqrt(s.squares / s.bound) }

// Bias is the mean of prediction minus truth, in seconds.
func (s *Score) Bias() float64 { return s.errors / s.N }

// Coverage is the share of waits within the range.
func (s *Score) Coverage() float64 { return s.inside / s.N }

// Width is the mean width of the range in seconds.
func (s *Score) Width() float64 { return s.width / s.N }

func (s *Score) add(p forecast.Prediction, truth, bound float64) {
	s.N++
	s.squares += (p.Mean - truth) * (p.Mean - truth)
	s.errors += p.Mean - truth
	s.width += p.High - p.Low
	s.bound += bound
	if truth >= p.Low && truth <= p.High {
		s.inside++
	}
}

// question is what was said about one caller.
type question struct {
	bound, variance float64
	said            []forecast.Prediction
}

// Judge plays the family once for each seed from first on and adds up how the
// predictors did, the bound being the mean of so many forks. The error is one
// of a predictor.
func Judge(f Family, first, seeds uint64, forks int, predictors func() []Predictor) ([]Score, error) {
	var scores []Score
	for seed := first; seed < first+seeds; seed++ {
		ps := predictors()
		if scores == nil {
			scores = make([]Score, len(ps))
		}
		if err := play(f, seed, forks, ps, scores); err != nil {
			return nil, fmt.Errorf("family %q, seed %d: %w", f.Name, seed, err)
		}
	}
	return scores, nil
}

func play(f Family, seed uint64, forks int, ps []Predictor, scores []Score) error {
	w := newWorld(&f, rand.New(rand.NewPCG(seed, 1)))
	others := rand.New(rand.NewPCG(seed, 2))
	asked := map[int]*question{}
	var wrong error
	w.emit = func(ev forecast.Event) {
		for _, p := range ps {
			if err := p.Apply(ev); err != nil && wrong == nil {
				wrong = fmt.Errorf("apply %+v: %w", ev, err)
			}
		}
	}
	w.joined = func(c client) {
		if w.idlest() >= 0 {
			return
		}
		q := &question{said: make([]forecast.Prediction, len(ps))}
		for i, p := range ps {
			var err error
			if q.said[i], err = p.Forecast(fmt.Sprintf("c%d", c.id)); err != nil && wrong == nil {
				wrong = fmt.Errorf("forecast: %w", err)
			}
		}
		if c.joined < f.Warmup || c.id%max(1, f.Every) != 0 {
			return
		}
		q.bound, q.variance = w.bound(c, forks, others)
		asked[c.id] = q
	}
	w.turn = func(c client, wait float64) {
		q := asked[c.id]
		if q == nil {
			return
		}
		delete(asked, c.id)
		for i := range ps {
			// The noise of the forks is no fault of the bound.
			scores[i].add(q.said[i], wait, (q.bound-wait)*(q.bound-wait)-q.variance)
		}
	}
	w.run()
	return wrong
}
