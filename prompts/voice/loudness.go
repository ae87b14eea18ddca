package voice

import "math"

// The gates of ITU-R BS.1770-4: what is quieter than the first is nothing, what is
// quieter than the rest by the second is a pause.
const (
	absoluteGate = -70.0 // LUFS
	relativeGate = -10.0 // LU
	offset       = -0.691
)

// Loudness measures a sound as ITU-R BS.1770-4 and EBU R 128 do, in LUFS: the
// power behind a filter that hears like people, over blocks of 400 ms that
// overlap by three quarters, pauses left out. A sound shorter than a block is one
// block. The rate is in samples a second. It gives -Inf for silence.
func Loudness(in []int16, rate int) float64 {
	weighted := weigh(in, rate)
	block, step := rate*4/10, rate/10
	if len(weighted) < block {
		block = len(weighted)
	}
	var powers []float64
	for at := 0; block > 0 && at+block <= len(weighted); at += step {
		sum := 0.0
		for _, x := range weighted[at : at+block] {
			sum += x * x
		}
		powers = append(powers, sum/float64(block))
	}
	loud := meanAbove(powers, absoluteGate)
	return lufs(meanAbove(powers, lufs(loud)+relativeGate))
}

func lufs(power float64) float64 { return offset + 10*math.Log10(power) }

// meanAbove is the mean of the powers over a threshold in LUFS.
func meanAbove(powers []float64, threshold float64) float64 {
	sum, n := 0.0, 0
	for _, p := range powers {
		if lufs(p) > threshold {
			sum, n = sum+p, n+1
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// biquad is a filter of second order in direct form I, a0 being 1.
type biquad struct{ b0, b1, b2, a1, a2 float64 }

func (f biquad) run(in []float64) {
	var x1, x2, y1, y2 float64
	for i, x := range in {
		y := f.b0*x + f.b1*x1 + f.b2*x2 - f.a1*y1 - f.a2*y2
		x1, x2, y1, y2 = x, x1, y, y1
		in[i] = y
	}
}

// weigh is the K-weighting of BS.1770, whose two filters the standard gives for
// 48000 Hz. Here they are made anew for each rate, by the bilinear transform of
// the analogue filters behind them: a shelf of +4 dB from 1682 Hz on for the
// shadow of the head, and a high-pass at 38 Hz.
func weigh(in []int16, rate int) []float64 {
	out := make([]float64, len(in))
	for i, s := range in {
		out[i] = float64(s) / 32768
	}
	const (
		shelfHz, shelfDB, shelfQ = 1681.974450955533, 3.999843853973347, 0.7071752369554196
		shelfSlope               = 0.4996667741545416 // of the band in the middle, as a power of the gain
		passHz, passQ            = 38.13547087602444, 0.5003270373238773
	)
	k := math.Tan(math.Pi * shelfHz / float64(rate))
	high := math.Pow(10, shelfDB/20)
	band := math.Pow(high, shelfSlope)
	a0 := 1 + k/shelfQ + k*k
	biquad{
		(high + band*k/shelfQ + k*k) / a0, 2 * (k*k - high) / a0, (high - band*k/shelfQ + k*k) / a0,
		2 * (k*k - 1) / a0, (1 - k/shelfQ + k*k) / a0,
	}.run(out)
	k = math.Tan(math.Pi * passHz / float64(rate))
	a0 = 1 + k/passQ + k*k
	biquad{1, -2, 1, 2 * (k*k - 1) / a0, (1 - k/passQ + k*k) / a0}.run(out)
	return out
}
