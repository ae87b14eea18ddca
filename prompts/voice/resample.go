package voice

import "math"

const (
	lobes    = 32   // zero crossings of the kernel on either side
	fineness = 512  // table entries for each zero crossing
	rolloff  = 0.93 // cut-off as a share of the lower Nyquist frequency: 3720 Hz at 8000, flat to 3400, nothing from 4100
	beta     = 9.0  // of the Kaiser window: stop band at about -90 dB
)

// kernel is half of a sinc under a Kaiser window, at fineness entries for each
// zero crossing, with one entry more for interpolation.
var kernel = func() (table [lobes*fineness + 2]float64) {
	for i := range lobes*fineness + 1 {
		x := float64(i) / fineness
		sinc := 1.0
		if i > 0 {
			sinc = math.Sin(math.Pi*x) / (math.Pi * x)
		}
		edge := x / lobes
		table[i] = sinc * bessel(beta*math.Sqrt(1-edge*edge)) / bessel(beta)
	}
	return table
}()

// bessel is the modified Bessel function of the first kind and order zero, by
// its power series.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > 1e-12*sum; k++ {
		term *= x * x / (4 * k * k)
		sum += term
	}
	return sum
}

// resample changes the sample rate by bandlimited interpolation (J. O. Smith,
// "Digital Audio Resampling", 2002): each output sample is the input under a
// windowed sinc centred on its moment. The sinc is stretched when the rate
// falls, so that what lies above the new Nyquist frequency does not fold back.
func resample(in []int16, from, to int) []int16 {
	if from == to {
		return in
	}
	ratio := float64(from) / float64(to)
	cutoff := rolloff * min(1, 1/ratio) // zero crossings for each input sample
	reach := lobes / cutoff             // input samples on either side
	out := make([]int16, int64(len(in))*int64(to)/int64(from))
	for i := range out {
		centre := float64(i) * ratio
		first := max(int(math.Ceil(centre-reach)), 0)
		last := min(int(math.Floor(centre+reach)), len(in)-1)
		sum := 0.0
		for j := first; j <= last; j++ {
			sum += float64(in[j]) * weight(math.Abs(centre-float64(j))*cutoff)
		}
		out[i] = clip(sum * cutoff)
	}
	return out
}

// weight is the kernel at x zero crossings from its centre, 0 to lobes.
func weight(x float64) float64 {
	at := min(x, lobes) * fineness
	i := int(at)
	return kernel[i] + (at-float64(i))*(kernel[i+1]-kernel[i])
}

func clip(x float64) int16 {
	return int16(math.Round(min(max(x, math.MinInt16), math.MaxInt16)))
}
