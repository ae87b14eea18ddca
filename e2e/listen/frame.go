package listen

import (
	"math"
	"time"

	"github.com/linekeeper/linekeeper/prompts/marks"
)

// source is what sounds, one bit each.
type source uint8

const (
	mark source = 1 << iota
	hum
	music
	party
	other
	still source = 0
)

// leastPeak is that of the weakest tone that is taken for one beneath others. What
// companding and the edge between two tones leave of a tone stays below.
const leastPeak = 500.0

// heard is what a frame of 20 ms holds.
type heard struct {
	from, n int // samples of pcm
	at      int // moment
	came    time.Time
	sources source
	power   float64 // mean square
}

// frames judges a track packet by packet, so that no frame holds the end of one
// sound and the beginning of the next.
func (t *track) frames(musicHz float64, voices []float64) []heard {
	var all []heard
	for _, p := range t.pieces {
		for off := 0; off < p.n; off += frame {
			n := min(frame, p.n-off)
			h := heard{from: p.from + off, n: n, at: p.at + off, came: p.came}
			h.judge(t.pcm[h.from:h.from+n], musicHz, voices)
			all = append(all, h)
		}
	}
	return all
}

func (h *heard) judge(pcm []int16, musicHz float64, voices []float64) {
	for _, s := range pcm {
		h.power += float64(s) * float64(s)
	}
	h.power /= float64(len(pcm))
	if !marks.Loud(pcm) {
		return
	}
	sounds := func(hz float64) bool { return math.Sqrt(2*marks.Share(pcm, hz)*h.power) >= leastPeak }
	if sounds(marks.HumHz) {
		h.sources |= hum
	}
	if musicHz > 0 && sounds(musicHz) {
		h.sources |= music
	}
	for _, hz := range voices {
		if sounds(hz) {
			h.sources |= party
		}
	}
	share := 0.0
	for hz := 1550.0; hz <= 3350; hz += 100 { // the tones of marks
		share += marks.Share(pcm, hz)
	}
	if math.Sqrt(2*share*h.power) >= leastPeak && share > 0.2 {
		h.sources |= mark
	}
	if h.sources == still {
		h.sources = other
	}
}

// speech says whether it is that of a prompt.
func (s source) speech() bool { return s&(mark|hum) != 0 }
