package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestLevelRemembersWhileNothingChanges(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 3))
	l := newLevel(200, 3, restless)
	for range 5000 {
		l.pass(50 * rng.ExpFloat64())
		l.event(1)
	}
	// The mean of 5000 exponential times is within 1.4 % two times of three.
	if got := l.mean(); math.Abs(got-50) > 2.5 {
		t.Errorf("mean %.2f, want 50", got)
	}
	if got := l.doubt(); got > 0.1 {
		t.Errorf("doubt %.3f after 5000 events", got)
	}
}

func TestLevelFollowsAJump(t *testing.T) {
	t.Parallel()
	for _, after := range []float64{20, 150} {
		rng := rand.New(rand.NewPCG(4, 4))
		l := newLevel(60, 3, restless)
		for range 2000 {
			l.pass(60 * rng.ExpFloat64())
			l.event(1)
		}
		for range 100 {
			l.pass(after * rng.ExpFloat64())
			l.event(1)
		}
		if got := l.mean(); math.Abs(got/after-1) > 0.3 {
			t.Errorf("mean %.1f 100 events after the jump to %.0f", got, after)
		}
	}
}

func TestLevelHearsSilence(t *testing.T) {
	t.Parallel()
	l := newLevel(10, 2, restless)
	l.pass(1000)
	if got := l.mean(); got < 200 {
		t.Errorf("mean %.1f though nothing happened for 1000", got)
	}
}

func TestLawTakesTheShapeOfWhatItSees(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 5))
	l := newLaw(200, 3)
	for range 1000 {
		d := 80 + 40*rng.Float64()
		l.level.pass(d)
		l.observe(d, 1)
	}
	inside := 0
	for range 2000 {
		if d := l.draw(rng, 0) * l.level.mean(); d > 75 && d < 125 {
			inside++
		}
	}
	if inside < 1900 {
		t.Errorf("%d of 2000 draws are like what was seen", inside)
	}
	if rank := l.rank(1); math.Abs(rank-0.5) > 0.1 {
		t.Errorf("rank of the mean %.2f", rank)
	}
}

func TestPatienceLearnsTheRate(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(6, 6))
	p := newPatience()
	for range 3000 {
		patience, served := 200*rng.ExpFloat64(), 100*rng.ExpFloat64()
		p.observe(min(patience, served), patience < served)
	}
	for _, wait := range []float64{20, 100, 300} {
		if got := p.hazard(wait) * 200 / wait; math.Abs(got-1) > 0.15 {
			t.Errorf("cumulative hazard after %.0f s is %.2f of what it should be", wait, got)
		}
	}
}

func TestPatienceCountsThoseWhoStillWait(t *testing.T) {
	t.Parallel()
	p := newPatience()
	for range 20 {
		p.observe(10, true)
	}
	before := p.hazard(100)
	p.still(func(yield func(float64) bool) {
		for range 50 {
			if !yield(300) {
				return
			}
		}
	})
	if after := p.hazard(100); after > before/2 {
		t.Errorf("hazard %.2f, before %.2f", after, before)
	}
}

func TestCalibrationWidensARangeThatIsTooNarrow(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 7))
	var c calibration
	if low, high := c.rank(0.1), c.rank(0.9); math.Abs(low-0.1) > 0.01 || math.Abs(high-0.9) > 0.01 {
		t.Errorf("ranks %.2f and %.2f before anything was seen", low, high)
	}
	outcomes := make([]float64, 99)
	for i := range outcomes {
		outcomes[i] = 40 + 20*float64(i)/98
	}
	for range 2000 {
		c.observe(outcomes, 30+40*rng.Float64(), rng) // twice as wide
	}
	if low, high := c.rank(0.1), c.rank(0.9); low > 0.02 || high < 0.98 {
		t.Errorf("ranks %.2f and %.2f of ranges that are too narrow by half", low, high)
	}
}
