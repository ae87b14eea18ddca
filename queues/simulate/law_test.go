package simulate

import (
	"math"
	"testing"
)

func TestLawsHaveTheirMeans(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		law      Law
		mean, cv float64
	}{
		"fixed":       {Fixed(30), 30, 0},
		"exponential": {Exponential(120), 120, 1},
		"lognormal":   {Lognormal{Mean: 200, CV: 0.6}, 200, 0.6},
		"weibull":     {Weibull{Mean: 60, Shape: 2}, 60, math.Sqrt(4/math.Pi - 1)},
		"empirical":   {Empirical{10, 20, 60}, 30, math.Sqrt(1400.0/3) / 30},
		"nothing":     {Empirical{}, 0, 0},
	} {
		rng, n := newSource(1, 't'), 100_000
		sum, squares := 0.0, 0.0
		for range n {
			v := c.law.Draw(rng)
			sum, squares = sum+v, squares+v*v
		}
		mean := sum / float64(n)
		cv := math.Sqrt(max(0, squares/float64(n)-mean*mean)) / max(mean, 1)
		if math.Abs(mean-c.mean) > c.mean*0.015 || math.Abs(cv-c.cv) > 0.02 {
			t.Errorf("%s has mean %.2f and variation %.3f, want %.2f and %.3f", name, mean, cv, c.mean, c.cv)
		}
	}
	if v := (Never{}).Draw(newSource(1, 't')); !math.IsInf(v, 1) {
		t.Errorf("never takes %v", v)
	}
}

// The estimate by hand: of five callers one hung up after 10 s (4/5 are left), two
// were served after 20 s, one hung up after 30 s (of two), and one was served
// after 40 s.
func TestSurvivalByHand(t *testing.T) {
	t.Parallel()
	s := NewSurvival([]Wait{{20, false}, {40, false}, {10, true}, {20, false}, {30, true}})
	for at, want := range map[float64]float64{0: 1, 9: 1, 10: 0.8, 29: 0.8, 30: 0.4, 100: 0.4} {
		if got := s.Left(at); math.Abs(got-want) > 1e-12 {
			t.Errorf("after %v s %v are left, want %v", at, got, want)
		}
	}
	rng := newSource(2, 't')
	counts := map[float64]int{}
	const n = 50_000
	for range n {
		v := s.Draw(rng)
		switch v {
		case 10, 30:
		default:
			if v < 30 {
				t.Fatalf("drew %v, which nobody did", v)
			}
			v = 99
		}
		counts[v]++
	}
	for at, want := range map[float64]float64{10: 0.2, 30: 0.4, 99: 0.4} {
		if got := float64(counts[at]) / n; math.Abs(got-want) > 0.01 {
			t.Errorf("%v s was drawn in %.3f of all, want %.3f", at, got, want)
		}
	}
	for range 1000 {
		if v := s.Beyond(rng, 12); v != 30 && v < 30 {
			t.Fatalf("who waited 12 s hung up after %v s", v)
		}
		if v := s.Beyond(rng, 500); v <= 500 {
			t.Fatalf("who waited 500 s hung up after %v s", v)
		}
	}
}

func TestSurvivalWithoutAnybodyWhoHungUp(t *testing.T) {
	t.Parallel()
	for _, waits := range [][]Wait{nil, {{30, false}, {90, false}}} {
		if v := NewSurvival(waits).Draw(newSource(1, 't')); !math.IsInf(v, 1) {
			t.Errorf("of %v somebody hangs up after %v s", waits, v)
		}
	}
}

// An exponential law, of which only the shorter of patience and wait is seen, must
// be found again.
func TestSurvivalFindsALawThatIsHalfHidden(t *testing.T) {
	t.Parallel()
	rng := newSource(3, 't')
	var waits []Wait
	for range 20_000 {
		patience, offered := Exponential(100).Draw(rng), Exponential(60).Draw(rng)
		waits = append(waits, Wait{min(patience, offered), patience < offered})
	}
	s := NewSurvival(waits)
	for _, at := range []float64{20, 60, 120, 200} {
		if got, want := s.Left(at), math.Exp(-at/100); math.Abs(got-want) > 0.02 {
			t.Errorf("after %v s %.3f are left, want %.3f", at, got, want)
		}
	}
}

// The values are those of the printed tables of Student's t.
func TestStudentAgainstTables(t *testing.T) {
	t.Parallel()
	for freedom, want := range map[int]float64{1: 12.706, 2: 4.303, 4: 2.776, 9: 2.262, 19: 2.093, 29: 2.045, 1000: 1.962} {
		if got := studentT(freedom, 0.95); math.Abs(got-want) > 0.0006 {
			t.Errorf("with %d degrees of freedom %.4f, the table has %.3f", freedom, got, want)
		}
	}
	if got := studentT(9, 0.99); math.Abs(got-3.250) > 0.0006 {
		t.Errorf("at 99 %%: %.4f, the table has 3.250", got)
	}
}

func TestRange(t *testing.T) {
	t.Parallel()
	r := rangeOf([]float64{10, 12, 14}, 0.95)
	if half := 4.303 * 2 / math.Sqrt(3); r.Mean != 12 || math.Abs(r.Half-half) > 0.002 || r.Days != 3 {
		t.Errorf("range %+v, want 12 +- %.3f", r, half)
	}
	if one := r.OneDay(); math.Abs(one.Half-4.303*2*math.Sqrt(1+1.0/3)) > 0.002 || !one.Holds(20) || r.Holds(18) {
		t.Errorf("one day %+v", one)
	}
	if alone := rangeOf([]float64{5}, 0.95); !math.IsInf(alone.Half, 1) || alone.Mean != 5 {
		t.Errorf("one day alone gives %+v", alone)
	}
}
