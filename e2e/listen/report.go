package listen

import (
	"fmt"
	"time"
)

// Report is what a caller heard.
type Report struct {
	Mute     bool          // nothing was heard
	First    time.Duration // from the answer to the arrival of the first sound
	Prompts  []Prompt      // in order
	Silences []Silence
	Overlaps []Span
	Clipped  []Clipped // sounds of prompts without their beginning
	Music    []Music
	// Stops are the times from a key that was let go until the prompt that it
	// interrupted was silent.
	Stops []time.Duration
}

// Span is a stretch of time within the call, from the answer on.
type Span struct{ From, To time.Duration }

// Prompt is one that was recognised.
type Prompt struct {
	Span
	Text string
	// Late is how much of its beginning is missing, 0 when it began whole; Short how much of its end is.
	Late, Short time.Duration
	// Cut says that a key, the agent or the end of the call came before its end.
	Cut     bool
	Holes   time.Duration // silence within it that does not belong to it
	Damaged time.Duration // of it that sounds otherwise than it should
	Level   float64       // LUFS, pauses left out; of a marked prompt that of its hum
}

// Silence is a stretch in which nothing was to be heard.
type Silence struct {
	Span
	After, Before string // what sounded before and after it: a text, "music", "the answer", "the end"
	// Caller is the part of it in which the caller was to press a key, and did.
	Caller time.Duration
	Within bool // the sender stopped within a prompt or music
}

// Ours is how long the caller waited for us in it.
func (s Silence) Ours() time.Duration { return s.To - s.From - s.Caller }

// Clipped is the sound of a prompt whose mark is not whole: its beginning was not
// heard, or it ended within the mark though nobody interrupted it.
type Clipped struct {
	Span
	Missing time.Duration // at least
}

// Music is a stretch of hold music.
type Music struct {
	Span
	Level float64 // LUFS
}

// LongestSilence is the longest that is ours and not within a prompt.
func (r Report) LongestSilence() Silence {
	var longest Silence
	for _, s := range r.Silences {
		if !s.Within && s.Ours() > longest.Ours() {
			longest = s
		}
	}
	return longest
}

// Faults lists, in a line each, what no caller should hear: silence of ours over
// longest, overlaps, prompts that were not whole though nobody interrupted them.
func (r Report) Faults(longest time.Duration) []string {
	var faults []string
	add := func(format string, a ...any) { faults = append(faults, fmt.Sprintf(format, a...)) }
	if r.Mute {
		add("nothing was heard")
	}
	if s := r.LongestSilence(); s.Ours() > longest {
		add("silence of %v at %v, between %q and %q", s.Ours(), s.From, s.After, s.Before)
	}
	for _, o := range r.Overlaps {
		add("two sounds at once from %v to %v", o.From, o.To)
	}
	for _, c := range r.Clipped {
		add("a prompt from %v to %v lacks %v of its beginning", c.From, c.To, c.Missing)
	}
	for _, p := range r.Prompts {
		if p.Late > 0 {
			add("%q at %v lacks its first %v", p.Text, p.From, p.Late)
		}
		if p.Short > 0 && !p.Cut {
			add("%q at %v lacks its last %v", p.Text, p.From, p.Short)
		}
		if p.Damaged > 0 {
			add("%q at %v is damaged for %v", p.Text, p.From, p.Damaged)
		}
	}
	return faults
}
