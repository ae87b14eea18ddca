package ari

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/backoff"
	"github.com/linekeeper/linekeeper/telephony/stream"
)

// ErrReplaced is why Run ended when another program connected under our
// application's name.
var ErrReplaced = errors.New("another program took over the application")

// Client is a connection to one Asterisk. Its methods are safe for concurrent
// use; REST calls work whether or not Run has connected.
type Client struct {
	opts    Options
	rest    *rest
	mailbox *stream.Stream[telephony.Event]
	events  chan telephony.Event
	started atomic.Bool
	fetches atomic.Int64    // so far, for their ids
	closed  context.Context // done after Close
	close   context.CancelFunc

	// mu guards what follows, and is held while events are put in order.
	mu     sync.Mutex
	track  *tracker
	ready  bool              // Connected is in the mailbox
	held   []telephony.Event // read before it was
	stats  Stats
	before bool // a connection stood before
}

var _ telephony.Switch = (*Client)(nil)

// Stats are counters since New, for metrics and for doctor.
type Stats struct {
	Connected  bool   // a connection stands and its resync is complete
	Events     uint64 // messages read from the websocket
	Unknown    uint64 // of them: of a type that is not used
	Malformed  uint64 // of them: not decodable, and therefore lost
	Reconnects uint64 // connections that stood, after the first
	Queued     int    // events the consumer has not taken yet
	// LastMalformed is the type and error of the latest malformed event, ""
	// when there was none. LastError is why the latest connection failed.
	LastMalformed, LastError string
}

// New checks the options and prepares a client. It does not connect: Run does.
func New(o Options) (*Client, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("ari options: %w", err)
	}
	c := &Client{
		opts: o, rest: newREST(o), mailbox: stream.New[telephony.Event](),
		events: make(chan telephony.Event), track: newTracker(),
	}
	c.closed, c.close = context.WithCancel(context.Background())
	return c, nil
}

// Events implements telephony.Switch. The channel is closed when Run returns;
// when ctx or Close ended Run, events not yet taken are discarded.
func (c *Client) Events() <-chan telephony.Event { return c.events }

// Close ends Run and gives up idle connections. It does not wait for Run, and may
// be called at any time.
func (c *Client) Close() {
	c.close()
	c.rest.client.CloseIdleConnections()
}

// Stats gives the counters as they are now.
func (c *Client) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.stats
	s.Connected = c.ready
	s.Queued = c.mailbox.Len() + len(c.held)
	return s
}

// Run implements telephony.Switch. It returns nil when ctx or Close ended it
// and an error that is ErrReplaced when another program took over; then it
// waits until the consumer has taken the remaining events. Disconnected is
// sent once for each outage, also when the first connection fails.
func (c *Client) Run(ctx context.Context) error {
	if !c.started.CompareAndSwap(false, true) {
		return errors.New("ari: Run was called twice")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(c.closed, cancel)()
	defer c.rest.client.CloseIdleConnections()

	pumped := make(chan struct{})
	go func() {
		defer close(pumped)
		c.mailbox.Pump(ctx, c.events)
	}()
	err := c.stayConnected(ctx)
	c.mailbox.Close()
	<-pumped
	return err
}

func (c *Client) stayConnected(ctx context.Context) error {
	down := false // Disconnected was sent for this outage
	for attempt := 0; ; attempt++ {
		began := time.Now()
		stood, err := c.connection(ctx)
		if ctx.Err() != nil {
			return nil
		}
		c.mu.Lock()
		c.stats.LastError = err.Error()
		c.mu.Unlock()
		if errors.Is(err, ErrReplaced) {
			c.mailbox.Push(telephony.Replaced{})
			return fmt.Errorf("ari: application %s: %w", c.opts.App, err)
		}
		if stood || !down {
			c.mailbox.Push(telephony.Disconnected{Err: err})
			down = true
		}
		if stood && time.Since(began) > c.opts.BackoffMax {
			attempt = 0
		}
		if !backoff.Sleep(ctx, backoff.FullJitter(c.opts.BackoffBase, c.opts.BackoffMax, attempt)) {
			return nil
		}
	}
}

// emit puts an event into the stream, behind the snapshot if that is being
// read. The caller holds c.mu.
func (c *Client) emit(ev telephony.Event) {
	if c.ready {
		c.mailbox.Push(ev)
	} else {
		c.held = append(c.held, ev)
	}
}

// receive takes one websocket message. It does not block and does not fail: a
// message that cannot be used is counted. follow is what must be asked of
// Asterisk because of it, or nil.
func (c *Client) receive(data []byte) (follow func(context.Context), replaced bool) {
	ev, name, err := decode(data)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stats.Events++
	switch {
	case errors.Is(err, errUnmapped):
		c.stats.Unknown++
		return nil, false
	case err != nil:
		c.stats.Malformed++
		c.stats.LastMalformed = fmt.Sprintf("%.40q: %.200v", name, err)
		return nil, false
	}
	switch e := ev.(type) {
	case telephony.Replaced:
		return nil, true
	case telephony.ChannelArrived:
		if c.track.mustWatch(e.Channel.ID, c.opts.IDPrefix) {
			follow = func(ctx context.Context) { c.watch(ctx, e.Channel.ID) }
		}
	case telephony.RecordingFinished:
		if c.track.recordings[e.Name] != nil && !e.Failed {
			follow = func(ctx context.Context) { c.resumeLater(ctx, e.Name) }
		}
	}
	for _, ev := range c.track.see(ev, c.opts.IDPrefix) {
		c.emit(ev)
	}
	return follow, false
}
