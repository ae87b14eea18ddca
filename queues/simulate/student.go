package simulate

import "math"

// Level is the usual confidence of a range.
const Level = 0.95

// Range is the mean of a figure over days that were drawn independently, and the
// half width of its range: with the confidence asked for, the mean over all days that
// could be drawn lies between Mean-Half and Mean+Half.
type Range struct {
	Mean float64
	Half float64 // infinite for one day alone
	Days int     // on which the figure could be told
}

// Holds says whether a value is within the range.
func (r Range) Holds(value float64) bool { return math.Abs(value-r.Mean) <= r.Half }

// OneDay is the wider range into which a single day should fall, with the same
// confidence, if days are drawn from a normal law.
func (r Range) OneDay() Range {
	r.Half *= math.Sqrt(float64(r.Days) + 1)
	return r
}

// rangeOf is Student's range of a mean ("The probable error of a mean",
// Biometrika 6, 1908).
func rangeOf(values []float64, level float64) Range {
	n := float64(len(values))
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	r := Range{Mean: sum / n, Half: math.Inf(1), Days: len(values)}
	if n < 2 {
		return r
	}
	squares := 0.0
	for _, v := range values {
		squares += (v - r.Mean) * (v - r.Mean)
	}
	r.Half = studentT(len(values)-1, level) * math.Sqrt(squares/(n-1)/n)
	return r
}

// studentT is the value that a variable of Student's law with so many degrees of
// freedom does not exceed, up or down, with probability level.
func studentT(freedom int, level float64) float64 {
	v := float64(freedom)
	up, _ := math.Lgamma((v + 1) / 2)
	down, _ := math.Lgamma(v / 2)
	scale := math.Exp(up-down) / math.Sqrt(v*math.Pi)
	// With t = sqrt(v)*tan(a) the density becomes a power of the cosine.
	inside := func(t float64) float64 {
		const steps = 2000
		end := math.Atan(t / math.Sqrt(v))
		h, sum := end/steps, 0.0
		for i := range steps + 1 {
			weight := 2.0
			switch {
			case i == 0 || i == steps:
				weight = 1
			case i%2 == 1:
				weight = 4
			}
			sum += weight * math.Pow(math.Cos(float64(i)*h), v-1)
		}
		return 2 * scale * math.Sqrt(v) * sum * h / 3
	}
	low, high := 0.0, 1e4
	for high-low > 1e-9 {
		if mid := (low + high) / 2; inside(mid) < level {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}
