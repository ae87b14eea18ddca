package voice

import (
	"errors"
	"math"
	"time"
)

// All prompts have the same loudness, whoever speaks them, unless that would push
// the peak over peakLevel.
const (
	target       = -23.0   // LUFS, that of EBU R 128
	peakLevel    = 29204.0 // -1 dBFS: speech at the target stays below
	silenceLevel = 104.0   // -50 dBFS: a block whose peak stays below is silence
	maxGain      = 31.6    // +30 dB: more would only raise noise

	maxSilence = 300 * time.Millisecond
)

var errSilence = errors.New("it is only silence")

// finish makes a sound ready to be heard, at a rate: with the loudness of all
// prompts and without long silence at its ends.
func finish(s Sound, rate int) ([]int16, error) {
	if s.Finished {
		return resample(s.Samples, s.Rate, rate), nil
	}
	// What is measured is what most callers hear, so that all rates have one level.
	narrow := resample(s.Samples, s.Rate, Rate)
	out := narrow
	if rate != Rate {
		out = resample(s.Samples, s.Rate, rate)
	}
	out = trim(amplify(out, gain(narrow, Rate)), rate)
	if len(out) == 0 {
		return nil, errSilence
	}
	return out, nil
}

// gain is the factor that brings a sound to the target.
func gain(in []int16, rate int) float64 {
	peak := peakOf(in)
	if peak < silenceLevel {
		return 1
	}
	return min(math.Pow(10, (target-Loudness(in, rate))/20), peakLevel/peak, maxGain)
}

func amplify(in []int16, factor float64) []int16 {
	out := make([]int16, len(in))
	for i, s := range in {
		out[i] = clip(float64(s) * factor)
	}
	return out
}

// trim cuts silence at either end down to maxSilence. A sound that is silence
// altogether becomes empty.
func trim(in []int16, rate int) []int16 {
	block := rate / 100 // 10 ms
	blocks := blocksOf(in, block)
	first, last := len(blocks), -1
	for i, b := range blocks {
		if peakOf(b) >= silenceLevel {
			first, last = min(first, i), i
		}
	}
	if last < 0 {
		return nil
	}
	keep := int(maxSilence) * (rate / 100) / int(10*time.Millisecond)
	return in[max(first*block-keep, 0):min((last+1)*block+keep, len(in))]
}

func blocksOf(in []int16, block int) [][]int16 {
	var blocks [][]int16
	for ; len(in) > block; in = in[block:] {
		blocks = append(blocks, in[:block])
	}
	return append(blocks, in)
}

func peakOf(in []int16) float64 {
	peak := 0.0
	for _, s := range in {
		peak = max(peak, math.Abs(float64(s)))
	}
	return peak
}
