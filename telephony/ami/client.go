package ami

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

// State says what an Event is.
type State int

// The states of an Event.
const (
	Happened     State = iota // Message is an event of Asterisk
	Connected                 // logged in; events flow from here on
	Disconnected              // no more events until the next Connected; Err says why
)

// Event is one element of the stream.
type Event struct {
	State   State
	Message Message // with Happened
	Err     error   // with Disconnected
}

// Stats are counters since New.
type Stats struct {
	Connected  bool
	Messages   uint64 // read, events and answers
	Reconnects uint64 // connections that stood, after the first
	Queued     int    // events the consumer has not taken yet
	Version    string // of the interface, from the latest greeting
	LastError  string // why the latest connection failed or ended
}

// Client is a connection to the manager of one Asterisk. Its methods are safe
// for concurrent use.
type Client struct {
	opts    Options
	mailbox *stream.Stream[Event]
	events  chan Event
	started atomic.Bool
	closed  context.Context // done after Close
	close   context.CancelFunc

	mu     sync.Mutex
	conn   *conn // nil while there is none
	before bool  // a connection stood before
	stats  Stats
}

// New checks the options and prepares a client. It does not connect: Run does.
func New(o Options) (*Client, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("ami options: %w", err)
	}
	c := &Client{opts: o, mailbox: stream.New[Event](), events: make(chan Event)}
	c.closed, c.close = context.WithCancel(context.Background())
	return c, nil
}

// Events is the one ordered stream. It never drops an event; there is one
// consumer. It is closed when Run returns; events not yet taken are discarded
// then. Elements of lists are not in it.
func (c *Client) Events() <-chan Event { return c.events }

// Close ends Run. It does not wait for it, and may be called at any time.
func (c *Client) Close() { c.close() }

// Stats gives the counters as they are now.
func (c *Client) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.stats
	s.Connected = c.conn != nil
	s.Queued = c.mailbox.Len()
	return s
}

// Run connects and stays connected, with back-off, until ctx is done or Close
// is called, and then returns nil. It blocks and may be called once; the second
// call is an error. Disconnected is sent once for each outage, also when the
// first connection fails.
func (c *Client) Run(ctx context.Context) error {
	if !c.started.CompareAndSwap(false, true) {
		return errors.New("ami: Run was called twice")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(c.closed, cancel)()

	pumped := make(chan struct{})
	go func() {
		defer close(pumped)
		c.mailbox.Pump(ctx, c.events)
	}()
	c.stayConnected(ctx)
	<-pumped
	return nil
}

func (c *Client) stayConnected(ctx context.Context) {
	down := false // Disconnected was sent for this outage
	for attempt := 0; ; attempt++ {
		began := time.Now()
		stood, err := c.connection(ctx)
		if ctx.Err() != nil {
			return
		}
		c.mu.Lock()
		c.stats.LastError = err.Error()
		c.mu.Unlock()
		if stood || !down {
			c.mailbox.Push(Event{State: Disconnected, Err: err})
			down = true
		}
		if stood && time.Since(began) > c.opts.BackoffMax {
			attempt = 0
		}
		if !backoff.Sleep(ctx, backoff.FullJitter(c.opts.BackoffBase, c.opts.BackoffMax, attempt)) {
			return
		}
	}
}

// connection makes one connection and serves it until it ends, which it always
// does with an error.
func (c *Client) connection(ctx context.Context) (stood bool, err error) {
	cn, early, err := dial(ctx, c.opts)
	if err != nil {
		return false, fmt.Errorf("connect to Asterisk's manager: %w", err)
	}
	c.mu.Lock()
	c.conn = cn
	if c.before {
		c.stats.Reconnects++
	}
	c.before, c.stats.Version = true, cn.version
	c.mu.Unlock()
	c.mailbox.Push(Event{State: Connected})
	for _, m := range early {
		c.receive(cn, m)
	}
	stop := context.AfterFunc(ctx, func() { cn.end(ctx.Err()) })
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			m, err := cn.parser.next()
			if err != nil {
				cn.end(fmt.Errorf("read events: %w", err))
				return
			}
			c.receive(cn, m)
		}
	})
	wg.Go(func() { c.ping(cn) })
	<-cn.ended
	stop()
	c.mu.Lock()
	c.conn = nil
	c.mu.Unlock()
	wg.Wait()
	return true, cn.err
}

func (c *Client) receive(cn *conn, m Message) {
	c.mu.Lock()
	c.stats.Messages++
	c.mu.Unlock()
	if !cn.answer(m) && m.Name() != "" {
		c.mailbox.Push(Event{Message: m})
	}
}

// ping notices a connection that is dead although nothing said so.
func (c *Client) ping(cn *conn) {
	for sleepUntil(cn.ended, c.opts.PingEvery) {
		ctx, cancel := context.WithTimeout(context.Background(), c.opts.PingTimeout)
		_, err := cn.do(ctx, NewAction("Ping"), false)
		cancel()
		// A refusal is an answer, too.
		if err != nil && telephony.KindOf(err) == telephony.KindRetryable {
			cn.end(fmt.Errorf("ping Asterisk's manager: %w", err))
			return
		}
	}
}

// current gives the connection that stands.
func (c *Client) current() (*conn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn == nil {
		return nil, errNotConnected
	}
	return c.conn, nil
}

var errNotConnected = errors.New("not connected to Asterisk's manager")
