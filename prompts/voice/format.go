package voice

import "fmt"

// Format is a kind of sound file that Asterisk plays, by its extension.
type Format string

// The formats. Asterisk takes the one that a call needs the least conversion
// for; each costs disk space.
const (
	WAV   Format = "wav"   // 8000 Hz, 16 bit: the one that must be there
	ULaw  Format = "ulaw"  // 8000 Hz, G.711 u-law
	ALaw  Format = "alaw"  // 8000 Hz, G.711 A-law
	WAV16 Format = "wav16" // 16000 Hz, 16 bit, for wideband calls
)

// Formats lists all of them.
func Formats() []Format { return []Format{WAV, ULaw, ALaw, WAV16} }

// rate is the sample rate of a format.
func (f Format) rate() int {
	if f == WAV16 {
		return 2 * Rate
	}
	return Rate
}

// encode writes finished sound, at the rate of a format, in it.
func encode(samples []int16, f Format) ([]byte, error) {
	switch f {
	case WAV, WAV16:
		return encodeWAV(samples, f.rate()), nil
	case ULaw:
		return companded(samples, muLaw), nil
	case ALaw:
		return companded(samples, aLaw), nil
	}
	return nil, fmt.Errorf("there is no format %q", f)
}

func companded(samples []int16, law func(int16) byte) []byte {
	out := make([]byte, len(samples))
	for i, s := range samples {
		out[i] = law(s)
	}
	return out
}

// segment is the place of the highest bit of a magnitude above the lowest of the
// eight segments of G.711, whose upper end has 1<<first.
func segment(magnitude, first int) int {
	n := 0
	for magnitude >= 1<<(first+n) && n < 7 {
		n++
	}
	return n
}

// muLaw is G.711 u-law of a 16-bit sample, of which 14 bits count.
func muLaw(sample int16) byte {
	const bias, most = 33, 8158
	x, sign := int(sample), byte(0xff)
	if x < 0 {
		x, sign = -x, 0x7f
	}
	x = min(x>>2, most) + bias
	n := segment(x, 6)
	return (byte(n)<<4 | byte(x>>(n+1)&0xf)) ^ sign
}

// aLaw is G.711 A-law of a 16-bit sample, of which 13 bits count.
func aLaw(sample int16) byte {
	x, mask := int(sample)>>3, byte(0xd5)
	if x < 0 {
		x, mask = -x-1, 0x55
	}
	n := segment(x, 5)
	return (byte(n)<<4 | byte(x>>max(n, 1)&0xf)) ^ mask
}
