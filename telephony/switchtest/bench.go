package switchtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// patience is how long the suite waits for anything that should happen soon.
const patience = 60 * time.Second

// promptly is how long a request may take that has nothing to wait for.
const promptly = 10 * time.Second

// bench is what a case works on: a connected switch and its events.
type bench struct {
	*testing.T
	rig Rig
	sw  telephony.Switch
	ctx context.Context // of requests; ends with the test
	tag string          // makes ids unique between runs on one switch

	stop context.CancelFunc // ends Run
	done chan error         // what Run returned

	mu     sync.Mutex
	log    []telephony.Event
	queues []telephony.QueueEvent // since follow
	closed bool
	more   chan struct{} // closed and replaced when log or closed change
}

// start runs the switch and waits until it is connected.
func start(t *testing.T, rig Rig) *bench {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	runCtx, stop := context.WithCancel(context.Background())
	b := &bench{
		T: t, rig: rig, sw: rig.Switch(), ctx: ctx, tag: rand.Text()[:8],
		stop: stop, done: make(chan error, 1), more: make(chan struct{}),
	}
	collected := make(chan struct{})
	go func() {
		defer close(collected)
		for ev := range b.sw.Events() {
			b.note(func() { b.log = append(b.log, ev) })
		}
		b.note(func() { b.closed = true })
	}()
	go func() { b.done <- b.sw.Run(runCtx) }()
	t.Cleanup(func() {
		cancel()
		stop()
		<-collected
	})
	first[telephony.Connected](b, "the connection", func(telephony.Connected) bool { return true })
	return b
}

func (b *bench) note(change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change()
	close(b.more)
	b.more = make(chan struct{})
}

// until waits for cond, which sees all events so far.
func (b *bench) until(what string, cond func(log []telephony.Event, closed bool) bool) {
	b.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		b.mu.Lock()
		ok, more := cond(b.log, b.closed), b.more
		b.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-more:
		case <-deadline.C:
			b.Fatalf("%s did not come within %v; events were:\n%s", what, patience, b.dump())
		}
	}
}

func (b *bench) dump() string {
	out := ""
	for _, ev := range b.events() {
		out += fmt.Sprintf("  %T%+v\n", ev, ev)
	}
	return out
}

func (b *bench) events() []telephony.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.log)
}

// first waits for the first event of type E that matches and returns it.
func first[E telephony.Event](b *bench, what string, match func(E) bool) E {
	b.Helper()
	var found E
	b.until(what, func(log []telephony.Event, _ bool) bool {
		for _, ev := range log {
			if e, ok := ev.(E); ok && match(e) {
				found = e
				return true
			}
		}
		return false
	})
	return found
}

// all gives the events of type E so far that match.
func all[E telephony.Event](b *bench, match func(E) bool) []E {
	var out []E
	for _, ev := range b.events() {
		if e, ok := ev.(E); ok && match(e) {
			out = append(out, e)
		}
	}
	return out
}

// ring lets a phone call and waits until the call arrives.
func (b *bench) ring(dialed string) (Phone, telephony.ChannelArrived) {
	b.Helper()
	p := b.rig.Caller(b.T, dialed)
	return p, b.arrival(p)
}

func (b *bench) arrival(p Phone) telephony.ChannelArrived {
	b.Helper()
	return first(b, "the call from "+p.Number(), func(e telephony.ChannelArrived) bool {
		return e.Channel.Caller.Number == p.Number()
	})
}

// talk is ring and an answer that the phone has noticed.
func (b *bench) talk() (Phone, telephony.ChannelID) {
	b.Helper()
	p, arrived := b.ring(Numbers[0])
	b.must(b.sw.Answer(b.ctx, arrived.Channel.ID))
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	b.must(p.WaitAnswered(ctx))
	return p, arrived.Channel.ID
}

// ended waits until a channel is gone.
func (b *bench) ended(id telephony.ChannelID) telephony.ChannelEnded {
	b.Helper()
	return first(b, "the end of "+string(id), func(e telephony.ChannelEnded) bool { return e.ID == id })
}

// gone is a channel that has ended.
func (b *bench) gone() telephony.ChannelID {
	b.Helper()
	_, id := b.talk()
	b.must(b.sw.Hangup(b.ctx, id, telephony.CauseNormal))
	b.ended(id)
	return id
}

// finished waits until a playback is over.
func (b *bench) finished(id telephony.PlaybackID) telephony.PlaybackFinished {
	b.Helper()
	return first(b, "the end of playback "+string(id), func(e telephony.PlaybackFinished) bool { return e.ID == id })
}

// phoneEnded waits until the phone has noticed that its call is over.
func (b *bench) phoneEnded(p Phone) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	b.must(p.WaitEnded(ctx))
}

// hears checks in both directions whether two phones hear each other.
func (b *bench) hears(x, y Phone, want bool) {
	b.Helper()
	if !b.rig.Caps().Audio {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, 2*patience)
	defer cancel()
	for _, pair := range [][2]Phone{{x, y}, {y, x}} {
		got, err := pair[0].Hears(ctx, pair[1])
		for want && !got && err == nil && ctx.Err() == nil { // a switch that is busy takes longer than the moment
			time.Sleep(10 * time.Millisecond)
			got, err = pair[0].Hears(ctx, pair[1])
		}
		b.must(err)
		if got != want {
			b.Fatalf("%s hears %s: %v, want %v", pair[0].Number(), pair[1].Number(), got, want)
		}
	}
}

// channel finds a channel in a snapshot; false when it is not there.
func channel(s telephony.Snapshot, id telephony.ChannelID) (telephony.Channel, bool) {
	i := slices.IndexFunc(s.Channels, func(c telephony.Channel) bool { return c.ID == id })
	if i < 0 {
		return telephony.Channel{}, false
	}
	return s.Channels[i], true
}

func (b *bench) snapshot() telephony.Snapshot {
	b.Helper()
	snap, err := b.sw.Snapshot(b.ctx)
	b.must(err)
	return snap
}

func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// refused checks that err is an *Error of this kind.
func (b *bench) refused(what string, err error, want telephony.Kind) {
	b.Helper()
	var e *telephony.Error
	if !errors.As(err, &e) {
		b.Fatalf("%s: got error %v, want a *telephony.Error", what, err)
	}
	if e.Kind != want || e.Op == "" {
		b.Fatalf("%s: got %q of kind %v with operation %q, want kind %v", what, err, e.Kind, e.Op, want)
	}
}

// Ids of the suite's own choosing.
func (b *bench) leg(name string) telephony.ChannelID { return telephony.ChannelID(b.tag + "-" + name) }
func (b *bench) mix(name string) telephony.BridgeID  { return telephony.BridgeID(b.tag + "-" + name) }
func (b *bench) pid(name string) telephony.PlaybackID {
	return telephony.PlaybackID(b.tag + "-" + name)
}
