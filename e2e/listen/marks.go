package listen

import (
	"fmt"
	"math"
	"time"

	"github.com/linekeeper/linekeeper/prompts/marks"
	"github.com/linekeeper/linekeeper/prompts/voice"
)

// Marks finds the prompts that the engine of tests speaks: a mark, then a hum as
// long as the text. It gives the text of a code, "" for one that it does not know.
type Marks func(code uint32) string

// pauseAfterMark is the silence between mark and hum, in samples.
const pauseAfterMark = frame

// tolerance is what may be missing of a hum by rounding to frames and by fading.
const tolerance = 2 * frame

func (m Marks) find(t *track, frames []heard) []found {
	var all []found
	d := marks.NewDecoder(func(code uint32, at int64) {
		p := found{from: begin(t.pcm, code, int(at)), code: code}
		p.Text = m(code)
		if p.Text == "" {
			p.Text = fmt.Sprintf("%06x", code)
		}
		all = append(all, p)
	})
	d.Write(t.pcm)
	d.Write(make([]int16, marks.MarkSamples)) // a mark at the very end is read to its end
	for i := range all {
		p := &all[i]
		next := len(t.pcm)
		if i+1 < len(all) {
			next = all[i+1].from
		}
		whole := int(marks.FillerLength(p.Text) * marks.Rate / time.Second)
		heard := m.hum(p, frames, next, whole)
		p.Late = late(t.pcm, p.from, marks.Encode(p.code))
		if missing := whole - heard; missing > tolerance {
			p.Short = long(missing)
		}
		if body := p.from + marks.MarkSamples + pauseAfterMark; heard > 0 {
			p.Level = voice.Loudness(t.pcm[body:max(p.to, body)], marks.Rate)
		}
	}
	return all
}

// hum follows the hum of a prompt and says how many samples of it were heard.
func (m Marks) hum(p *found, frames []heard, next, whole int) (n int) {
	body := p.from + marks.MarkSamples + pauseAfterMark
	p.to = min(p.from+marks.MarkSamples, next)
	for _, f := range frames {
		switch {
		case f.from+f.n <= body:
			continue
		case f.from >= next, n >= whole+tolerance, f.sources&^hum != 0 && f.sources&hum == 0:
			return n
		case f.sources == still && f.from-p.to >= 2*frame:
			return n // what is still to come belongs to something else
		case f.sources&hum != 0:
			n += f.n
			p.to = min(f.from+f.n, next)
		}
	}
	return n
}

// begin finds where exactly a mark begins that was read at about at.
func begin(pcm []int16, code uint32, at int) int {
	sound := marks.Encode(code)
	best, most := at, math.Inf(-1)
	for from := max(at-frame, 0); from <= at+frame; from++ {
		sum := 0.0
		for i := 0; i < len(sound) && from+i < len(pcm); i += 3 {
			sum += float64(sound[i]) * float64(pcm[from+i])
		}
		if sum > most {
			best, most = from, sum
		}
	}
	return best
}

// late is how much is missing where a sound should begin at from: whole chunks that
// have nothing of it. Fading in, the first chunk may be too quiet to tell.
func late(pcm []int16, from int, sound []int16) time.Duration {
	n := 0
	for n+chunk <= len(sound) && from+n+chunk <= len(pcm) && (from+n < 0 || !alike(pcm[from+n:], sound[n:n+chunk])) {
		n += chunk
	}
	if n <= chunk && quiet(sound[:chunk]) {
		return 0
	}
	return long(n)
}

// chunk is the finest beginning that can be missing: 5 ms.
const chunk = marks.Rate / 200

// alike says whether pcm has the waves of sound, at any level.
func alike(pcm, sound []int16) bool {
	var both, a, b float64
	for i, s := range sound {
		x, y := float64(pcm[i]), float64(s)
		both, a, b = both+x*y, a+x*x, b+y*y
	}
	return a > 0 && b > 0 && both > likeness*math.Sqrt(a*b)
}

// likeness is the least correlation of what was sent with what is heard of it,
// which companding hardly changes.
const likeness = 0.8

// quiet says whether a sound is too quiet to be told from the noise of companding.
func quiet(sound []int16) bool { return !marks.Loud(sound) }

// headless gives sounds of marks and hums that belong to no prompt: something is
// missing before them. Those that begin as a mark does, and that something
// interrupted, are left out.
func (h *hearing) headless() []Clipped {
	var all []Clipped
	var tones, last, end int
	begun := false
	settle := func() {
		if n := len(all); n > 0 && begun && h.interrupted(end) {
			all = all[:n-1]
		}
	}
	for _, f := range h.frames {
		if !f.sources.speech() || h.inPrompt(f) {
			continue
		}
		from, to := h.since(f.at), h.since(f.at+f.n)
		if len(all) == 0 || f.from-last > 2*frame {
			settle()
			all, tones = append(all, Clipped{Span: Span{From: from}}), 0
			begun = marks.Share(h.track.pcm[f.from:f.from+f.n], marks.FirstHz) > 0.8
		}
		if f.sources&mark != 0 {
			tones += f.n
		}
		last, end = f.from+f.n, f.at+f.n
		if n := len(all); n > 0 {
			all[n-1].To, all[n-1].Missing = to, long(max(marks.MarkSamples-tones, 0))
		}
	}
	settle()
	return all
}
