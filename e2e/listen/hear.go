package listen

import (
	"math"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/prompts/marks"
	"github.com/linekeeper/linekeeper/prompts/voice"
)

// Call is what is judged.
type Call struct {
	Packets         []softphone.Packet
	Accepted, Ended time.Time   // when the call was answered, and when it was over
	Keys            []time.Time // when each key was let go
	Cuts            []time.Time // when something else may have ended a prompt: an agent
	MusicHz         float64     // pitch of the hold music, a multiple of 50 Hz below 1500; 0 for none
	Voices          []float64   // pitches of parties
}

// Finder recognises prompts.
type Finder interface {
	// find gives the prompts in a track, in order.
	find(t *track, frames []heard) []found
}

// found is a prompt in a track.
type found struct {
	Prompt
	from, to int    // samples of pcm
	code     uint32 // of its mark
}

const (
	briefest = 100 * time.Millisecond // of a silence that is told
	mixed    = 2                      // frames that must hold two sounds at once
	between  = 100 * time.Millisecond // in which two sounds that take turns are an overlap
	turns    = 3                      // from one to the other and back: less is one behind the other
	reaction = 1500 * time.Millisecond
)

// Hear judges a call.
func Hear(c Call, f Finder) Report {
	t := lay(c.Packets)
	h := &hearing{Call: c, track: &t, frames: t.frames(c.MusicHz, c.Voices)}
	h.found = f.find(&t, h.frames)
	r := Report{Mute: true}
	for _, fr := range h.frames {
		if fr.sources != still {
			r.First, r.Mute = max(fr.came.Sub(c.Accepted), 0)+long(h.onset(fr)-fr.at), false
			break
		}
	}
	for i := range h.found {
		h.place(&h.found[i])
		r.Prompts = append(r.Prompts, h.found[i].Prompt)
	}
	r.Silences = h.silences()
	r.Music = h.music()
	if _, pure := f.(Marks); pure { // voices have all tones in them: there a prompt is Damaged
		r.Overlaps, r.Clipped = h.overlaps(), h.headless()
	}
	r.Stops = h.stops()
	return r
}

// hearing is a call being judged.
type hearing struct {
	Call
	track  *track
	frames []heard
	found  []found
}

// since is how long after the answer a moment is.
func (h *hearing) since(moment int) time.Duration { return h.track.time(moment).Sub(h.Accepted) }

// onset is the moment of the first sample of a frame that is not silence.
func (h *hearing) onset(f heard) int {
	for i, s := range h.track.pcm[f.from : f.from+f.n] {
		if math.Abs(float64(s)) > 100 {
			return f.at + i
		}
	}
	return f.at
}

// place puts a prompt into time and says whether it was interrupted.
func (h *hearing) place(p *found) {
	first, last := h.track.moment(p.from), h.track.moment(max(p.to-1, p.from))+1
	p.From, p.To = h.since(first), h.since(last)
	p.Holes = long(last - first - (p.to - p.from))
	p.Cut = p.Short > 0 && h.interrupted(last)
}

// interrupted says whether there was a reason to end a prompt at a moment.
func (h *hearing) interrupted(moment int) bool {
	return slices.ContainsFunc(slices.Concat(h.Keys, h.Cuts, []time.Time{h.Ended}), func(at time.Time) bool {
		return h.track.time(moment).Sub(at).Abs() < reaction
	})
}

// overlaps finds frames with two sounds in them, and a sound that is torn by
// another one: what sends two at once takes turns.
func (h *hearing) overlaps() []Span {
	var spans []Span
	add := func(from, to int) {
		s := Span{h.since(from), h.since(to)}
		if n := len(spans); n > 0 && s.From-spans[n-1].To < between {
			spans[n-1].To = s.To
			return
		}
		spans = append(spans, s)
	}
	kinds := func(s source) (n int) {
		for _, one := range []source{mark, hum, music} {
			if s&one != 0 {
				n++
			}
		}
		return n
	}
	run := 0
	for i, f := range h.frames {
		if kinds(f.sources) > 1 {
			if run++; run >= mixed {
				add(h.frames[i-run+1].at, f.at+f.n)
			}
			continue
		}
		run = 0
	}
	spoken := func(f heard) (bool, bool) { return f.sources.speech(), f.sources.speech() || f.sources&music != 0 }
	for i := 1; i < len(h.frames); i++ {
		changes := 0
		was, clear := spoken(h.frames[i-1])
		for j := i; j < len(h.frames) && clear && h.frames[j].at-h.frames[i].at < samples(between); j++ {
			is, ok := spoken(h.frames[j])
			if clear = ok; ok && is != was {
				was = is
				changes++
			}
			if changes >= turns {
				add(h.frames[i-1].at, h.frames[j].at+h.frames[j].n)
				break
			}
		}
	}
	return spans
}

// music gives the stretches of hold music.
func (h *hearing) music() []Music {
	var all []Music
	first, last := 0, 0
	level := func() {
		if n := len(all); n > 0 {
			all[n-1].Level = voice.Loudness(h.track.pcm[first:last], marks.Rate)
		}
	}
	for _, f := range h.frames {
		if f.sources != music || h.inPrompt(f) {
			continue
		}
		from := h.since(f.at)
		if len(all) == 0 || from-all[len(all)-1].To > between {
			level()
			all, first = append(all, Music{Span: Span{From: from}}), f.from
		}
		all[len(all)-1].To, last = h.since(f.at+f.n), f.from+f.n
	}
	level()
	return all
}

func (h *hearing) inPrompt(f heard) bool {
	return slices.ContainsFunc(h.found, func(p found) bool { return f.from >= p.from && f.from < p.to })
}

// stops measures how soon prompts ended that a key interrupted.
func (h *hearing) stops() []time.Duration {
	var all []time.Duration
	for _, p := range h.found {
		last := time.Duration(-1) // key before its end
		for _, key := range h.Keys {
			if at := key.Sub(h.Accepted); at > p.From && at < p.To+between/2 {
				last = max(last, at)
			}
		}
		if p.Short > 0 && last >= 0 && p.To-last < reaction {
			all = append(all, max(p.To-last, 0))
		}
	}
	return all
}
