package marks

import (
	"math"
	"time"
)

const (
	// minLoud is the mean square of the weakest sound taken for a sound at all: a tone with a peak of
	// 45, below -57 dB of full scale. Companding noise of silence stays under it.
	minLoud = 1000.0
	// toneShare is the share of a block's energy that must be in a tone for it to be heard. It is low
	// enough to hear a tone that another sound of the same level covers.
	toneShare = 0.3
)

// Share says what part of the energy of samples lies in the tone of hz, 0 to 1, by the
// Goertzel algorithm (G. Goertzel, 1958). It is exact for a tone with a whole number of periods in
// samples; use a multiple of 20 ms and of 50 Hz. Silence gives 0.
func Share(samples []int16, hz float64) float64 {
	energy := loudness(samples) * float64(len(samples))
	if energy == 0 {
		return 0
	}
	share := 2 * power(samples, hz) / (float64(len(samples)) * energy)
	return min(share, 1)
}

// Detect says whether the tone of hz sounds in samples, alone or beneath another sound of like level.
func Detect(samples []int16, hz float64) bool {
	return loudness(samples) >= minLoud && Share(samples, hz) >= toneShare
}

// Loud says whether anything is to be heard in samples: it is false for silence and for the
// noise that companding makes of it.
func Loud(samples []int16) bool { return loudness(samples) >= minLoud }

// loudness is the mean square of samples.
func loudness(samples []int16) float64 {
	if len(samples) == 0 {
		return 0
	}
	sum := 0.0
	for _, s := range samples {
		sum += float64(s) * float64(s)
	}
	return sum / float64(len(samples))
}

// power is the squared magnitude of the Fourier term of samples at hz.
func power(samples []int16, hz float64) float64 {
	coeff := 2 * math.Cos(2*math.Pi*hz/Rate)
	s1, s2 := 0.0, 0.0
	for _, s := range samples {
		s1, s2 = float64(s)+coeff*s1-s2, s1
	}
	return s1*s1 + s2*s2 - coeff*s1*s2
}

// Tone listens for one tone in a stream. It costs one multiplication a sample. The zero value is
// not usable; call NewTone. It is not safe for concurrent use.
type Tone struct {
	hz     float64
	coeff  float64
	s1, s2 float64
	energy float64
	n      int
	run    int // blocks of the current unbroken tone
}

// NewTone makes a detector for hz, which should be a multiple of 50 below 4000.
func NewTone(hz float64) *Tone {
	return &Tone{hz: hz, coeff: 2 * math.Cos(2*math.Pi*hz/Rate)}
}

// Hz is the frequency listened for.
func (t *Tone) Hz() float64 { return t.hz }

// Write takes the next samples of the stream, in pieces of any length.
func (t *Tone) Write(samples []int16) {
	for _, s := range samples {
		x := float64(s)
		t.s1, t.s2 = x+t.coeff*t.s1-t.s2, t.s1
		t.energy += x * x
		if t.n++; t.n == window {
			t.block()
		}
	}
}

// Sounding says for how long the tone has been sounding without a break, up to now, in
// steps of 20 ms; 0 when it does not sound.
func (t *Tone) Sounding() time.Duration {
	return time.Duration(t.run) * window * time.Second / Rate
}

// block judges a full window and begins the next.
func (t *Tone) block() {
	p := t.s1*t.s1 + t.s2*t.s2 - t.coeff*t.s1*t.s2
	if t.energy >= minLoud*window && 2*p >= toneShare*window*t.energy {
		t.run++
	} else {
		t.run = 0
	}
	t.s1, t.s2, t.energy, t.n = 0, 0, 0, 0
}
