package ari

import (
	"context"
	"sync"

	"github.com/linekeeper/linekeeper/telephony"
)

// mailbox is the unbounded queue between the websocket's reader and the one
// consumer of events: Asterisk cuts off a reader that is slow for 100 ms, so
// reading must never wait for whoever works on the events.
type mailbox struct {
	mu     sync.Mutex
	events []telephony.Event
	taken  int // events handed to the pump and not yet delivered
	closed bool
	wake   chan struct{} // holds one token when there is something to look at
}

func newMailbox() *mailbox { return &mailbox{wake: make(chan struct{}, 1)} }

func (m *mailbox) push(evs ...telephony.Event) {
	m.mu.Lock()
	m.events = append(m.events, evs...)
	m.mu.Unlock()
	m.nudge()
}

// close lets pump end once everything pushed before has been delivered.
func (m *mailbox) close() {
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	m.nudge()
}

func (m *mailbox) nudge() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

func (m *mailbox) len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.events) + m.taken
}

func (m *mailbox) take() (batch []telephony.Event, closed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	batch, m.events = m.events, nil
	m.taken = len(batch)
	return batch, m.closed
}

func (m *mailbox) delivered() {
	m.mu.Lock()
	m.taken--
	m.mu.Unlock()
}

// pump delivers to out until the mailbox is closed and empty, or ctx is done.
// It closes out.
func (m *mailbox) pump(ctx context.Context, out chan<- telephony.Event) {
	defer close(out)
	for {
		batch, closed := m.take()
		for _, ev := range batch {
			select {
			case out <- ev:
				m.delivered()
			case <-ctx.Done():
				return
			}
		}
		if len(batch) > 0 {
			continue
		}
		if closed {
			return
		}
		select {
		case <-m.wake:
		case <-ctx.Done():
			return
		}
	}
}
