package voice

import (
	"math"
	"time"
)

// All prompts have the same loudness: -20 dB of full scale, measured as root mean
// square over the blocks in which somebody speaks, unless that would push the
// peak over -3 dB.
const (
	speechLevel  = 3277.0  // -20 dBFS
	peakLevel    = 23198.0 // -3 dBFS
	silenceLevel = 104.0   // -50 dBFS: a block whose peak stays below is silence
	maxGain      = 31.6    // +30 dB: more would only raise noise

	block      = Rate / 100 // 10 ms
	maxSilence = 300 * time.Millisecond
)

// level brings a sound to the loudness of all prompts.
func level(in []int16) []int16 {
	peak, energy, active := 0.0, 0.0, 0
	for _, b := range blocksOf(in) {
		blockPeak := peakOf(b)
		peak = max(peak, blockPeak)
		if blockPeak < silenceLevel {
			continue
		}
		active += len(b)
		for _, s := range b {
			energy += float64(s) * float64(s)
		}
	}
	if active == 0 {
		return in
	}
	gain := min(speechLevel/math.Sqrt(energy/float64(active)), peakLevel/peak, maxGain)
	out := make([]int16, len(in))
	for i, s := range in {
		out[i] = clip(float64(s) * gain)
	}
	return out
}

// trim cuts silence at either end down to maxSilence. A sound that is silence
// altogether becomes empty.
func trim(in []int16) []int16 {
	blocks := blocksOf(in)
	first, last := len(blocks), -1
	for i, b := range blocks {
		if peakOf(b) >= silenceLevel {
			first, last = min(first, i), i
		}
	}
	if last < 0 {
		return nil
	}
	const keep = int(maxSilence * Rate / time.Second)
	return in[max(first*block-keep, 0):min((last+1)*block+keep, len(in))]
}

func blocksOf(in []int16) [][]int16 {
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
