package simswitch

import (
	"context"
	"errors"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// Forever is the duration of media that play until they are stopped.
const Forever = time.Duration(math.MaxInt64)

// Options shape a Switch. The zero value is a sensible switch.
type Options struct {
	// Duration says how long a medium plays: Forever until stopped, negative
	// when it cannot be played at all. Nil means DefaultDuration. It is called
	// with the switch locked and must not call it.
	Duration func(telephony.Media) time.Duration

	// Language is the language of every incoming channel; "" is none.
	Language string
}

// DefaultDuration gives "silence:N" N seconds (also with a fraction), tones
// Forever, and everything else one second.
func DefaultDuration(m telephony.Media) time.Duration {
	kind, rest, _ := strings.Cut(string(m), ":")
	switch kind {
	case "silence":
		if sec, err := strconv.ParseFloat(rest, 64); err == nil && sec >= 0 && sec < 1e9 {
			return time.Duration(sec * float64(time.Second))
		}
		return -1
	case "tone":
		return Forever
	}
	return time.Second
}

// Switch is a telephone switch in memory. Make one with New. All methods are
// safe for concurrent use; only those that take a context block.
type Switch struct {
	opts      Options
	closed    chan struct{}
	closeOnce sync.Once

	mu          sync.Mutex
	changed     chan struct{} // closed and replaced after every change
	events      feed[telephony.Event]
	queueEvents feed[telephony.QueueEvent]
	started     bool // Run was called
	running     bool // Run has not returned
	broken      bool // Disconnect was called
	faults      []*Fault
	clock       clock
	seq         int
	channels    map[telephony.ChannelID]*channel // live ones only
	phones      []*Phone                         // of every channel that ever was, in order
	playbacks   map[telephony.PlaybackID]*playback
	bridges     []*bridge
	recordings  []*Recording
	endpoints   map[string]Behaviour
	contexts    map[string]Passage
	queues      []*Queue
	agents      []*Agent
}

var (
	_ telephony.Switch    = (*Switch)(nil)
	_ telephony.QueueFeed = (*Switch)(nil)
)

// New makes a switch with nothing on it. Nobody listens until Run is called.
func New(o Options) *Switch {
	if o.Duration == nil {
		o.Duration = DefaultDuration
	}
	return &Switch{
		opts:        o,
		events:      newFeed[telephony.Event](),
		queueEvents: newFeed[telephony.QueueEvent](),
		closed:      make(chan struct{}),
		changed:     make(chan struct{}),
		channels:    map[telephony.ChannelID]*channel{},
		playbacks:   map[telephony.PlaybackID]*playback{},
		endpoints:   map[string]Behaviour{},
		contexts:    map[string]Passage{},
	}
}

// Run connects and hands out events until ctx is done or Close is called; then
// it closes both streams and returns nil. A second call returns an error. As on
// a real switch, calls live on after Run; see Reopen.
func (s *Switch) Run(ctx context.Context) error {
	var (
		err         error
		events      feed[telephony.Event]
		queueEvents feed[telephony.QueueEvent]
	)
	s.update(func() {
		events, queueEvents = s.events, s.queueEvents
		if s.started {
			err = errors.New("simswitch: run was called before")
			return
		}
		s.started, s.running = true, true
		if !s.broken {
			s.greet()
		}
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { queueEvents.Pump(ctx, queueEvents.out) })
	wg.Go(func() {
		select {
		case <-s.closed:
		case <-ctx.Done():
		}
		s.update(func() { s.running = false })
		cancel()
	})
	events.Pump(ctx, events.out)
	cancel()
	wg.Wait()
	return nil
}

// Reopen makes the switch ready for another Run, with fresh streams, after the
// one before has returned: so a test ends one controller, however rudely, and
// starts the next on the same calls. While Run is going on it does nothing.
func (s *Switch) Reopen() {
	s.update(func() {
		if s.started && !s.running {
			s.started = false
			s.events, s.queueEvents = newFeed[telephony.Event](), newFeed[telephony.QueueEvent]()
		}
	})
}

// Close ends Run and stops the switch's clock: no timer of it does anything
// afterwards, and every method fails. It may be called more than once.
func (s *Switch) Close() {
	s.closeOnce.Do(func() {
		s.update(func() {
			s.running = false
			s.stopClock()
			close(s.closed)
		})
	})
}

// Events is the stream of events that telephony.Switch describes.
func (s *Switch) Events() <-chan telephony.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.events.out
}

// QueueEvents is the stream that telephony.QueueFeed describes: what AMI tells
// of Asterisk's queues. It is lost and resumed together with Events, and closed
// when Run returns.
func (s *Switch) QueueEvents() <-chan telephony.QueueEvent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queueEvents.out
}

// update runs f with the switch locked, and then whatever is due, above all what
// f asked for without delay; then it wakes those who wait for a change.
func (s *Switch) update(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
	s.strike()
	close(s.changed)
	s.changed = make(chan struct{})
}

// await blocks until cond, which is called locked, says true or fails.
func (s *Switch) await(ctx context.Context, cond func() (bool, error)) error {
	for {
		s.mu.Lock()
		ok, err := cond()
		changed := s.changed
		s.mu.Unlock()
		if ok || err != nil {
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// linked says whether somebody listens; the lock is held.
func (s *Switch) linked() bool { return s.running && !s.broken }

// emit sends an event, or loses it when nobody listens; the lock is held.
func (s *Switch) emit(ev telephony.Event) {
	if s.linked() {
		s.events.Push(ev)
	}
}

// emitQueue is emit for the queue feed.
func (s *Switch) emitQueue(ev telephony.QueueEvent) {
	if s.linked() {
		ev.At = time.Now()
		s.queueEvents.Push(ev)
	}
}

// greet tells a fresh listener everything; the lock is held.
func (s *Switch) greet() {
	s.emit(telephony.Connected{Snapshot: s.snapshot()})
	s.emitQueue(s.queueState())
}
