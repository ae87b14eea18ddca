// Package backtest compares estimates with what came of them: those that
// linekeeper made, from its journal (Report), and those that it would have made,
// from the queue_log of any Asterisk (Log).
//
// The package is pure: entries and lines come in as arguments, numbers go out.
package backtest

import "math"

// nearBy is how far off (seconds) an estimate may be that counts as near.
const nearBy = 60

// Score sums up how estimates did against the waits that came. Only waits that
// were seen to their end can be scored. Whoever hangs up would have waited longer
// than most, so where many do, estimates look a little too long. The zero value is
// empty.
type Score struct {
	n, waited, errors, sizes, squares float64
	near, inside                      float64
}

// Add scores one estimate against the wait that came; all in seconds.
func (s *Score) Add(mean, low, high, waited float64) {
	off := mean - waited
	s.n++
	s.waited += waited
	s.errors += off
	s.sizes += math.Abs(off)
	s.squares += off * off
	if math.Abs(off) <= nearBy {
		s.near++
	}
	if waited >= low && waited <= high {
		s.inside++
	}
}

// N is how many were scored.
func (s Score) N() int { return int(s.n) }

// MeanWait is how long callers waited on average, in seconds; 0 without any, as
// with all that follow.
func (s Score) MeanWait() float64 { return s.of(s.waited) }

// Bias is the mean of estimate minus wait, in seconds.
func (s Score) Bias() float64 { return s.of(s.errors) }

// MAE is the mean absolute error in seconds.
func (s Score) MAE() float64 { return s.of(s.sizes) }

// RMSE is the root of the mean square error, in seconds.
func (s Score) RMSE() float64 { return math.Sqrt(s.of(s.squares)) }

// Near is the share of estimates that were off by a minute at most.
func (s Score) Near() float64 { return s.of(s.near) }

// Inside is the share of waits within the 80 % range.
func (s Score) Inside() float64 { return s.of(s.inside) }

func (s Score) of(sum float64) float64 {
	if s.n == 0 {
		return 0
	}
	return sum / s.n
}
