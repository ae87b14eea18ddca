package softphone

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"github.com/emiago/diago/media"
)

const (
	packet     = 20 * time.Millisecond
	keyPackets = 5  // a key is held for 100 ms
	lateLimit  = 10 // packets that are made up for at once
	keySymbols = "0123456789*#ABCD"
)

// ErrNoKeys is returned by Press when the other side does not take RFC 4733 events.
var ErrNoKeys = errors.New("the other side does not accept telephone events")

// mouth is the speaking side of a call. One goroutine sends one packet every 20 ms, whatever there is to
// say: its own tone, a sound, a key, or silence.
type mouth struct {
	call *Call
	out  *media.RTPPacketWriter
	law  *law
	keys bool
	talk atomic.Bool
	jobs chan *job

	at    int // packet of the tone
	began bool
}

// job is something to send once: keys or a sound.
type job struct {
	keys  string
	pause int // packets after each key
	sound []int16
	done  chan struct{}

	step int // packets of the present key or pause sent
}

// run sends until the call ends.
func (m *mouth) run() {
	start, sent := time.Now(), 0
	ticker := time.NewTicker(packet)
	defer ticker.Stop()
	var now *job
	for {
		// On a machine that stood still the stream goes on where it stopped, only later, so that a sound is
		// not torn; short delays are made up for, but not within keys, whose pauses would become too short.
		if late := int(time.Since(start)/packet) - sent; late > lateLimit || late > 0 && now != nil && now.keys != "" {
			sent += late
		}
		for ; sent <= int(time.Since(start)/packet); sent++ {
			if now == nil {
				select {
				case now = <-m.jobs:
				default:
				}
			}
			finished, err := m.send(now)
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil {
				m.call.mediaFailed(fmt.Errorf("send sound: %w", err))
			}
			if finished {
				close(now.done)
				now = nil
			}
		}
		select {
		case <-ticker.C:
		case <-m.call.ended:
			return
		case <-m.call.released.Done():
			return
		}
	}
}

// send sends the next packet of a job, or of tone or silence, and says whether that was the job's last.
func (m *mouth) send(j *job) (finished bool, err error) {
	switch {
	case j == nil:
		return false, m.sendOwn()
	case j.sound != nil:
		n := min(frame, len(j.sound))
		payload := make([]byte, 0, frame)
		for _, s := range j.sound[:n] {
			payload = append(payload, m.law.encode(s))
		}
		payload = append(payload, m.law.still[n:]...)
		j.sound = j.sound[n:]
		return len(j.sound) == 0, m.audio(payload)
	case j.step <= keyPackets:
		err = m.sendKey(j)
	default:
		err = m.sendOwn()
	}
	j.step++
	if j.step > keyPackets+j.pause {
		j.keys, j.step = j.keys[1:], 0
	}
	return j.keys == "", err
}

// sendKey sends the next packet of the job's first key: five while it is held, then the end three
// times over, as RFC 4733 (2.5.1.4) has it. The clock stands still for an event and is put forward behind it.
func (m *mouth) sendKey(j *job) error {
	event := media.DTMFEvent{Event: eventOf(j.keys[0]), Volume: 10, Duration: uint16(frame * (j.step + 1))}
	if j.step < keyPackets {
		return m.event(event, j.step == 0, 0)
	}
	event.EndOfEvent, event.Duration = true, frame*keyPackets
	for i := range 3 {
		clock := uint32(0)
		if i == 2 {
			clock = frame * (keyPackets + 1)
		}
		if err := m.event(event, false, clock); err != nil {
			return err
		}
	}
	if j.step == keyPackets {
		m.call.phone.emit(Event{Kind: Pressed, Call: m.call, Number: m.call.RemoteNumber(), Text: j.keys[:1]})
	}
	return nil
}

func (m *mouth) event(e media.DTMFEvent, first bool, clock uint32) error {
	_, err := m.out.WriteSamples(media.DTMFEncode(e), clock, first, media.CodecTelephoneEvent8000.PayloadType)
	return err
}

// sendOwn sends the phone's tone or silence.
func (m *mouth) sendOwn() error {
	if !m.talk.Load() {
		return m.audio(m.law.still)
	}
	from := m.at * frame
	m.at = (m.at + 1) % (len(m.law.tone) / frame)
	return m.audio(m.law.tone[from : from+frame])
}

func (m *mouth) audio(payload []byte) error {
	codec := media.CodecAudioUlaw
	if m.law == m.call.phone.voice.alaw {
		codec = media.CodecAudioAlaw
	}
	_, err := m.out.WriteSamples(payload, frame, !m.began, codec.PayloadType)
	m.began = true
	return err
}

// do hands a job to the sender and waits until it is sent.
func (m *mouth) do(ctx context.Context, what string, j *job) error {
	j.done = make(chan struct{})
	jobs := m.jobs
	for {
		select {
		case jobs <- j:
			jobs = nil // handed over; wait for its end
		case <-j.done:
			return nil
		case <-m.call.ended:
			return fmt.Errorf("%s: %w", what, m.call.endedError())
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", what, context.Cause(ctx))
		}
	}
}

// Talk starts or stops the phone's own tone. Otherwise the phone sends silence, so that sound
// always flows. On a call that is not up it does nothing.
func (c *Call) Talk(on bool) {
	select {
	case <-c.answered:
	default:
		return
	}
	if c.mouth.talk.Swap(on) == on {
		return
	}
	kind := Quiet
	if on {
		kind = Talking
	}
	c.phone.emit(Event{Kind: kind, Call: c, Number: c.RemoteNumber(), Hz: float64(c.phone.opts.Tone)})
}

// Press presses keys (0-9 * # A-D) one after the other at the pace of Options.Pace and returns when the
// last is sent. Each is held for 100 ms. It gives ErrNoKeys when the other side takes none.
func (c *Call) Press(ctx context.Context, keys string) error {
	return c.PressPaced(ctx, keys, c.phone.opts.Pace)
}

// PressPaced is Press with a pause of its own between the keys, at least 40 ms.
func (c *Call) PressPaced(ctx context.Context, keys string, pause time.Duration) error {
	for _, r := range keys {
		if r > 'D' || eventOf(byte(r)) > 15 {
			return fmt.Errorf("press %q: %q is not a key", keys, r)
		}
	}
	if err := c.WaitAnswered(ctx); err != nil {
		return fmt.Errorf("press keys: %w", err)
	}
	if !c.mouth.keys {
		return fmt.Errorf("press keys: %w", ErrNoKeys)
	}
	if keys == "" {
		return nil
	}
	return c.mouth.do(ctx, "press keys", &job{keys: keys, pause: max(2, int(pause/packet))})
}

// Play plays a sound of 8000 samples a second, mono, in place of tone or silence, and returns when the last
// of it is sent.
func (c *Call) Play(ctx context.Context, sound []int16) error {
	if err := c.WaitAnswered(ctx); err != nil {
		return fmt.Errorf("play a sound: %w", err)
	}
	if len(sound) == 0 {
		return nil
	}
	return c.mouth.do(ctx, "play a sound", &job{sound: sound})
}

// eventOf is the RFC 4733 event code of a key, 255 for what is none.
func eventOf(key byte) uint8 {
	for i := range len(keySymbols) {
		if keySymbols[i] == key {
			return uint8(i)
		}
	}
	return 255
}
