package marks

import (
	"math"
	"time"
	"unicode/utf8"
)

const (
	markPeak = 8000 // about -12 dB below full scale: loud enough to lose 20 dB on the way
	humPeak  = 2500
	rampLen  = 24 // samples of fade at either end: 3 ms, against clicks

	// PerRune is how long Filler hums for each rune of a text: the pace of unhurried speech.
	PerRune = 55 * time.Millisecond
	// MinFiller is the shortest Filler.
	MinFiller = 300 * time.Millisecond
	// MaxFiller is the longest Filler.
	MaxFiller = time.Minute
)

// Encode makes the mark of a code: MarkSamples samples, mono, at Rate. Only the low CodeBits
// bits of code count.
func Encode(code uint32) []int16 {
	out := make([]int16, 0, MarkSamples)
	phase := 0.0
	out, phase = appendTone(out, phase, firstBin*binHz, markPeak, preambleLen)
	out, phase = appendTone(out, phase, lastBin*binHz, markPeak, preambleLen)
	for _, s := range pack(code) {
		out, phase = appendTone(out, phase, symbolHz(s), markPeak, symbolLen)
	}
	fade(out)
	return out
}

// FillerLength says how long the hum for a text is: PerRune for each rune, at least MinFiller
// and at most MaxFiller.
func FillerLength(text string) time.Duration {
	runes := min(utf8.RuneCountInString(text), int(MaxFiller/PerRune))
	return max(time.Duration(runes)*PerRune, MinFiller)
}

// Filler makes the hum that stands for a spoken text, as long as FillerLength says. It holds no
// mark; put Encode(Code(text)) in front of it, or use Speech.
func Filler(text string) []int16 {
	n := int(FillerLength(text) * Rate / time.Second)
	out, _ := appendTone(make([]int16, 0, n), 0, HumHz, humPeak, n)
	fade(out)
	return out
}

// Speech makes the whole stand-in for a spoken text: its mark, 20 ms of silence, its hum.
func Speech(text string) []int16 {
	out := Encode(Code(text))
	out = append(out, make([]int16, window)...)
	return append(out, Filler(text)...)
}

// symbolHz is the tone of a symbol.
func symbolHz(symbol byte) float64 { return float64(lowBin+binStep*int(symbol)) * binHz }

// appendTone goes on with the phase it is given, because a jump in phase is a click that spreads over
// all frequencies. It returns the phase at the end.
func appendTone(out []int16, phase, hz, peak float64, n int) ([]int16, float64) {
	step := 2 * math.Pi * hz / Rate
	for range n {
		out = append(out, int16(math.Round(peak*math.Sin(phase))))
		phase += step
	}
	return out, math.Mod(phase, 2*math.Pi)
}

// fade softens both ends of a sound.
func fade(out []int16) {
	n := min(rampLen, len(out)/2)
	for i := range n {
		gain := float64(i) / float64(n)
		out[i] = int16(float64(out[i]) * gain)
		out[len(out)-1-i] = int16(float64(out[len(out)-1-i]) * gain)
	}
}
