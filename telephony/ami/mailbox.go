package ami

import (
	"context"
	"sync"
)

// mailbox is the unbounded queue between the connection's reader and the one
// consumer of events: Asterisk disconnects a manager that reads too slowly, so
// reading must never wait for whoever works on the events.
type mailbox struct {
	mu     sync.Mutex
	events []Event
	taken  int           // events handed to the pump and not yet delivered
	wake   chan struct{} // holds one token when there is something to look at
}

func newMailbox() *mailbox { return &mailbox{wake: make(chan struct{}, 1)} }

func (m *mailbox) push(evs ...Event) {
	m.mu.Lock()
	m.events = append(m.events, evs...)
	m.mu.Unlock()
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

func (m *mailbox) take() (batch []Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	batch, m.events = m.events, nil
	m.taken = len(batch)
	return batch
}

func (m *mailbox) delivered() {
	m.mu.Lock()
	m.taken--
	m.mu.Unlock()
}

// pump delivers to out until ctx is done. It closes out.
func (m *mailbox) pump(ctx context.Context, out chan<- Event) {
	defer close(out)
	for {
		for _, ev := range m.take() {
			select {
			case out <- ev:
				m.delivered()
			case <-ctx.Done():
				return
			}
		}
		select {
		case <-m.wake:
		case <-ctx.Done():
			return
		}
	}
}
