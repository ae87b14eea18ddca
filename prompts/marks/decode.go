package marks

import "math"

const (
	hop     = 40   // samples between two tried positions of a mark: 5 ms
	history = 4096 // samples kept: more than a mark; a power of two
	blocks  = 16   // hops kept: more than a preamble; a power of two

	purity    = 0.6 // share of energy that must be in one tone to read a symbol
	minTone   = 1250.0
	sameLevel = 10.0 // preamble tones and symbols may differ in energy by this factor
	lastNeed  = MarkSamples - (symbolLen-window)/2
)

// Decoder finds marks in a stream of samples. It looks for the preamble all the time, which costs
// four multiplications a sample, and reads the symbols only behind one. A Decoder is not safe for
// concurrent use; the zero value is not usable, call NewDecoder.
type Decoder struct {
	found func(code uint32, at int64)

	pcm     [history]int16
	pos     int64 // samples taken
	sums    [blocks]blockSum
	cur     blockSum
	pending []candidate
	free    int64 // no mark begins before this: the end of the last one found
}

// blockSum is what one hop adds to the Fourier terms of the two preamble tones.
type blockSum struct {
	aRe, aIm, bRe, bIm, energy float64
}

// candidate is a position where a preamble seems to begin.
type candidate struct {
	at    int64
	score float64
	level float64
}

// waves are one window of the preamble tones: cosine and sine of each.
var waves = func() (w [window][4]float64) {
	for i := range w {
		angle := 2 * math.Pi * float64(i) / window
		w[i] = [4]float64{math.Cos(firstBin * angle), math.Sin(firstBin * angle),
			math.Cos(lastBin * angle), math.Sin(lastBin * angle)}
	}
	return w
}()

// NewDecoder makes a decoder that calls found for every mark, with its code and the index of its first
// sample in the stream (exact to 10 ms). found is called from within Write, while the last symbol is
// being taken, in the order of the stream.
func NewDecoder(found func(code uint32, at int64)) *Decoder {
	return &Decoder{found: found}
}

// Position is the number of samples taken so far, skipped ones included.
func (d *Decoder) Position() int64 { return d.pos }

// Skip tells the decoder that n samples were lost. They count as silence, so that positions stay true; a
// mark they cut through is not reported unless all its symbols can still be read.
func (d *Decoder) Skip(n int64) {
	quiet := min(n, history)
	for range quiet {
		d.take(0)
	}
	if n -= quiet; n > 0 {
		// All that is remembered is silence now, so the clock may be put forward by whole windows.
		jump := n / window * window
		d.pos += jump
		for range n - jump {
			d.take(0)
		}
	}
}

// Write takes the next samples of the stream, in pieces of any length.
func (d *Decoder) Write(samples []int16) {
	for _, s := range samples {
		d.take(s)
	}
}

func (d *Decoder) take(s int16) {
	d.pcm[d.pos&(history-1)] = s
	if s != 0 {
		x, w := float64(s), &waves[d.pos%window]
		d.cur.aRe += x * w[0]
		d.cur.aIm += x * w[1]
		d.cur.bRe += x * w[2]
		d.cur.bIm += x * w[3]
		d.cur.energy += x * x
	}
	d.pos++
	if d.pos%hop == 0 {
		d.sums[d.pos/hop&(blocks-1)] = d.cur
		d.cur = blockSum{}
		d.preamble()
		d.read()
	}
}

// preamble judges the newest position at which a whole preamble could have been heard: both tones
// in the middle 20 ms of their 30.
func (d *Decoder) preamble() {
	const span = 2*preambleLen - hop // from the mark's start to the end of the second window
	at := d.pos - span
	if at < d.free {
		return
	}
	last := d.pos / hop
	b := d.window(last)
	a := d.window(last - preambleLen/hop)
	if a.energy < minTone*window || b.energy < minTone*window ||
		a.energy > sameLevel*b.energy || b.energy > sameLevel*a.energy {
		return
	}
	score := min(2*(a.aRe*a.aRe+a.aIm*a.aIm)/(window*a.energy), 2*(b.bRe*b.bRe+b.bIm*b.bIm)/(window*b.energy))
	if score < purity {
		return
	}
	c := candidate{at: at, score: score, level: a.energy}
	if n := len(d.pending); n > 0 && at-d.pending[n-1].at < preambleLen {
		// The same preamble, seen from a slightly different position: keep the better view.
		if score > d.pending[n-1].score {
			d.pending[n-1] = c
		}
		return
	}
	d.pending = append(d.pending, c)
}

// window adds up the four hops that end with the given one.
func (d *Decoder) window(last int64) blockSum {
	var w blockSum
	for i := last - window/hop + 1; i <= last; i++ {
		s := &d.sums[i&(blocks-1)]
		w.aRe += s.aRe
		w.aIm += s.aIm
		w.bRe += s.bRe
		w.bIm += s.bIm
		w.energy += s.energy
	}
	return w
}

// read tries the symbols of every candidate that has been heard to its end.
func (d *Decoder) read() {
	for len(d.pending) > 0 && d.pos >= d.pending[0].at+lastNeed {
		c := d.pending[0]
		d.pending = append(d.pending[:0], d.pending[1:]...)
		if c.at < d.free {
			continue
		}
		if code, ok := d.symbols(c); ok {
			d.free = c.at + lastNeed - window
			d.found(code, c.at)
		}
	}
}

// symbols reads the eight symbols behind a preamble, each from its middle 20 ms, which leaves 10 ms
// on either side for a position that is not exact.
func (d *Decoder) symbols(c candidate) (uint32, bool) {
	var got [symbols]byte
	var buf [window]int16
	for i := range got {
		from := c.at + 2*preambleLen + int64(i)*symbolLen + (symbolLen-window)/2
		for j := range buf {
			buf[j] = d.pcm[(from+int64(j))&(history-1)]
		}
		energy := loudness(buf[:]) * window
		if energy*sameLevel < c.level {
			return 0, false
		}
		best, bestPower := 0, -1.0
		for s := range 16 {
			if p := power(buf[:], symbolHz(byte(s))); p > bestPower {
				best, bestPower = s, p
			}
		}
		if 2*bestPower < purity*window*energy {
			return 0, false
		}
		got[i] = byte(best)
	}
	return unpack(got)
}
