package softphone

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/linekeeper/linekeeper/prompts/marks"
)

const (
	frame     = 160                    // samples of a packet: 20 ms
	toneHeard = 200 * time.Millisecond // how long a tone must sound to count
	toneFresh = 100 * time.Millisecond // HearsTone looks back this far
	// skipLimit is the longest gap in the RTP clock, in samples, that is taken for lost or unsent
	// sound. Beyond it the sender has just set its clock anew.
	skipLimit = 8 * marks.Rate
)

// Prompt is one that was recognised by its mark.
type Prompt struct {
	// Code is the code of the mark.
	Code uint32
	// Text is what Options.Lexicon says the code stands for, "" if it does not know.
	Text string
	// At is when the first sample of the mark was heard.
	At time.Time
}

// ear is the listening side of a call.
type ear struct {
	call *Call

	mu       sync.Mutex
	decoder  *marks.Decoder
	heard    []Prompt
	next     int // first prompt that WaitHear has not passed
	keys     strings.Builder
	changed  chan struct{} // closed and replaced when heard or keys grow
	watches  []*watch
	recent   [marks.Rate / 10]int16 // the last 100 ms
	arrived  time.Time              // of the last packet
	firstAt  time.Time              // of the first packet with something to be heard
	quietAt  time.Time              // since when nothing is heard; zero before the call is up
	quietest time.Duration
	over     bool
	kept     []Packet
}

// watch waits for a tone, once (WaitTone) or for the whole call (Options.Listen).
type watch struct {
	tone  *marks.Tone
	done  chan struct{} // nil for the whole call
	began time.Time     // of the unbroken tone: when its first 20 ms had arrived
	on    bool
	quiet int // blocks of 20 ms without the tone
}

func newEar(c *Call) *ear {
	e := &ear{call: c, changed: make(chan struct{})}
	e.decoder = marks.NewDecoder(e.mark)
	for _, hz := range c.phone.opts.Listen {
		e.watches = append(e.watches, &watch{tone: marks.NewTone(hz)})
	}
	return e
}

// start begins the measurement of silence.
func (e *ear) start() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.quietAt = time.Now()
}

// stop freezes what was measured.
func (e *ear) stop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.quietest, e.over = e.silence(time.Now()), true
}

// lost takes note of samples that did not arrive.
func (e *ear) lost(samples int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.decoder.Skip(samples)
}

// take hears one packet.
func (e *ear) take(pcm []int16) {
	now := time.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.arrived = now
	e.decoder.Write(pcm)
	n := copy(e.recent[:], e.recent[min(len(pcm), len(e.recent)):])
	copy(e.recent[n:], pcm[max(0, len(pcm)-len(e.recent)):])
	if marks.Loud(pcm) {
		if e.firstAt.IsZero() {
			e.firstAt = now
		}
		e.quietest = e.silence(now)
		e.quietAt = now
	}
	if len(e.watches) > 0 {
		e.watches = slices.DeleteFunc(e.watches, func(w *watch) bool { return e.listen(w, pcm) })
	}
}

// listen feeds a watch and says whether it is finished.
func (e *ear) listen(w *watch, pcm []int16) bool {
	before := w.tone.Sounding()
	w.tone.Write(pcm)
	sounding := w.tone.Sounding()
	if before == 0 && sounding > 0 {
		w.began = e.arrived
	}
	switch {
	case w.done != nil:
		if sounding >= toneHeard {
			close(w.done)
			return true
		}
	case !w.on && sounding >= toneHeard:
		w.on, w.quiet = true, 0
		e.call.phone.emit(Event{Kind: ToneOn, Call: e.call, Number: e.call.RemoteNumber(), Hz: w.tone.Hz()})
	case w.on && sounding > 0:
		w.quiet = 0
	case w.on:
		if w.quiet++; time.Duration(w.quiet)*20*time.Millisecond >= toneHeard {
			w.on = false
			e.call.phone.emit(Event{Kind: ToneOff, Call: e.call, Number: e.call.RemoteNumber(), Hz: w.tone.Hz()})
		}
	}
	return false
}

// mark is called by the decoder, from within take.
func (e *ear) mark(code uint32, at int64) {
	ago := time.Duration(e.decoder.Position()-at) * time.Second / marks.Rate
	p := Prompt{Code: code, At: e.arrived.Add(-ago)}
	if lexicon := e.call.phone.opts.Lexicon; lexicon != nil {
		p.Text = lexicon(code)
	}
	e.heard = append(e.heard, p)
	e.grown()
	e.call.phone.emit(Event{Kind: Heard, Call: e.call, Number: e.call.RemoteNumber(), Code: code, Text: p.Text})
}

// key notes a key that was pressed at the other side.
func (e *ear) key(r rune) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.keys.WriteRune(r)
	e.grown()
	e.call.phone.emit(Event{Kind: KeyHeard, Call: e.call, Number: e.call.RemoteNumber(), Text: string(r)})
}

func (e *ear) grown() {
	close(e.changed)
	e.changed = make(chan struct{})
}

// silence is the longest silence up to now. mu is held.
func (e *ear) silence(now time.Time) time.Duration {
	if e.over || e.quietAt.IsZero() {
		return e.quietest
	}
	return max(e.quietest, now.Sub(e.quietAt))
}

// Heard lists the prompts heard so far, in order.
func (c *Call) Heard() []Prompt {
	c.ear.mu.Lock()
	defer c.ear.mu.Unlock()
	return slices.Clone(c.ear.heard)
}

// Keys are the keys the other side has pressed so far.
func (c *Call) Keys() string {
	c.ear.mu.Lock()
	defer c.ear.mu.Unlock()
	return c.ear.keys.String()
}

// SilenceLongest is the longest time within the answered call in which nothing was to be heard, the
// present silence included.
func (c *Call) SilenceLongest() time.Duration {
	c.ear.mu.Lock()
	defer c.ear.mu.Unlock()
	return c.ear.silence(time.Now())
}

// QuietFor is for how long nothing has been heard, up to now; 0 before the answer.
func (c *Call) QuietFor() time.Duration {
	c.ear.mu.Lock()
	defer c.ear.mu.Unlock()
	if c.ear.quietAt.IsZero() {
		return 0
	}
	return time.Since(c.ear.quietAt)
}

// FirstSoundAt is when the first packet arrived that was not silence, the zero time while none has.
func (c *Call) FirstSoundAt() time.Time {
	c.ear.mu.Lock()
	defer c.ear.mu.Unlock()
	return c.ear.firstAt
}

// WaitHear waits for the next prompt that match accepts. It begins behind the prompt that the last WaitHear
// returned, so that a script reads like the conversation and does not miss what was said meanwhile. It
// gives an *EndedError when the call ends first. It is meant for one script at a time.
func (c *Call) WaitHear(ctx context.Context, match func(Prompt) bool) (Prompt, error) {
	e := c.ear
	for {
		e.mu.Lock()
		for i := e.next; i < len(e.heard); i++ {
			if match(e.heard[i]) {
				e.next = i + 1
				p := e.heard[i]
				e.mu.Unlock()
				return p, nil
			}
		}
		changed, over := e.changed, e.over
		e.mu.Unlock()
		if over {
			return Prompt{}, c.whileWaiting("a prompt")
		}
		select {
		case <-changed:
		case <-c.ended:
		case <-ctx.Done():
			return Prompt{}, fmt.Errorf("wait for a prompt from %s (heard %s): %w", c.RemoteNumber(), c.told(), context.Cause(ctx))
		}
	}
}

// WaitHearText is WaitHear for the next prompt whose text contains part.
func (c *Call) WaitHearText(ctx context.Context, part string) (Prompt, error) {
	p, err := c.WaitHear(ctx, func(p Prompt) bool { return strings.Contains(p.Text, part) })
	if err != nil {
		return Prompt{}, fmt.Errorf("%q: %w", part, err)
	}
	return p, nil
}

// WaitKeys waits until the other side has pressed at least the given number of keys and returns all of them.
func (c *Call) WaitKeys(ctx context.Context, count int) (string, error) {
	e := c.ear
	for {
		e.mu.Lock()
		keys, changed, over := e.keys.String(), e.changed, e.over
		e.mu.Unlock()
		if len(keys) >= count {
			return keys, nil
		}
		if over {
			return keys, c.whileWaiting("keys")
		}
		select {
		case <-changed:
		case <-c.ended:
		case <-ctx.Done():
			return keys, fmt.Errorf("wait for keys from %s (got %q): %w", c.RemoteNumber(), keys, context.Cause(ctx))
		}
	}
}

// WaitTone waits until the tone of hz has sounded for 200 ms without a break, counted from now on. It
// gives an *EndedError when the call ends first.
func (c *Call) WaitTone(ctx context.Context, hz float64) error {
	_, err := c.WaitToneBegan(ctx, hz)
	return err
}

// WaitToneBegan is WaitTone that says when the first 20 ms of the tone had arrived.
func (c *Call) WaitToneBegan(ctx context.Context, hz float64) (time.Time, error) {
	w := &watch{tone: marks.NewTone(hz), done: make(chan struct{})}
	e := c.ear
	e.mu.Lock()
	e.watches = append(e.watches, w)
	e.mu.Unlock()
	select {
	case <-w.done:
		return w.began, nil
	case <-c.ended:
		return time.Time{}, c.whileWaiting(fmt.Sprintf("a tone of %g Hz", hz))
	case <-ctx.Done():
		e.mu.Lock()
		e.watches = slices.DeleteFunc(e.watches, func(x *watch) bool { return x == w })
		e.mu.Unlock()
		return time.Time{}, fmt.Errorf("wait for a tone of %g Hz from %s: %w", hz, c.RemoteNumber(), context.Cause(ctx))
	}
}

// HearsTone says whether the tone of hz sounds now, judged by the last 100 ms.
func (c *Call) HearsTone(hz float64) bool {
	e := c.ear
	e.mu.Lock()
	defer e.mu.Unlock()
	return time.Since(e.arrived) < toneFresh && marks.Detect(e.recent[:], hz)
}

// whileWaiting is the error of a wait that the end of the call cut short.
func (c *Call) whileWaiting(what string) error {
	<-c.ended // the ear stops a moment before
	return fmt.Errorf("wait for %s (heard %s): %w", what, c.told(), c.endedError())
}

// told lists what was heard, for error messages.
func (c *Call) told() string {
	var texts []string
	for _, p := range c.Heard() {
		if p.Text == "" {
			p.Text = fmt.Sprintf("%06x", p.Code)
		}
		texts = append(texts, fmt.Sprintf("%q", p.Text))
	}
	if len(texts) == 0 {
		return "nothing"
	}
	return strings.Join(texts, ", ")
}
