package controller

import (
	"context"
	"sync"
)

// mailbox runs tasks one after another in one goroutine, which thereby owns
// whatever the tasks touch. It is unbounded: posting never blocks, so two owners
// can send to each other without a deadlock.
type mailbox struct {
	mu     sync.Mutex
	tasks  []func()
	wake   chan struct{}
	closed bool

	// between runs after each task, with true when no other is there yet; may be
	// nil. Set it before run.
	between func(last bool)
}

func newMailbox() *mailbox { return &mailbox{wake: make(chan struct{}, 1)} }

// post adds a task and says whether it will be run; after close it will not.
func (m *mailbox) post(task func()) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false
	}
	m.tasks = append(m.tasks, task)
	select {
	case m.wake <- struct{}{}:
	default:
	}
	return true
}

// close ends run after the tasks that were posted before it.
func (m *mailbox) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// run executes tasks until close, or until ctx ends.
func (m *mailbox) run(ctx context.Context) {
	for {
		m.mu.Lock()
		tasks, closed := m.tasks, m.closed
		m.tasks = nil
		m.mu.Unlock()
		for i, task := range tasks {
			if ctx.Err() != nil {
				return
			}
			task()
			if m.between != nil {
				m.between(i == len(tasks)-1)
			}
		}
		if len(tasks) > 0 {
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

// ask runs f in the mailbox and waits for its value.
func ask[T any](ctx context.Context, m *mailbox, f func() T) (T, error) {
	var zero T
	reply := make(chan T, 1)
	if !m.post(func() { reply <- f() }) {
		return zero, ErrStopped
	}
	select {
	case v := <-reply:
		return v, nil
	case <-ctx.Done():
		return zero, ctx.Err()
	}
}
