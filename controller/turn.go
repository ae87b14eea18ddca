package controller

import (
	"context"
	"sync"
)

// Turn is a position in an order of NewCallbacks: what needs the directory and the
// store is looked up for many at once, and then they are decided one after another.
// So of two rows of a list about one customer the first is promised. A nil Turn is
// that of a request which stands in no order.
type Turn struct {
	before *Turn // nil for the first, and once it is over
	over   chan struct{}
	once   sync.Once
}

// NewTurn gives the turn after another one; nil for the first. Each turn must be
// ended with End, whatever came of it.
func NewTurn(after *Turn) *Turn { return &Turn{before: after, over: make(chan struct{})} }

// Wait blocks until all turns before are over, or ctx is.
func (t *Turn) Wait(ctx context.Context) error {
	if t == nil || t.before == nil {
		return nil
	}
	select {
	case <-t.before.over:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// End lets the next turn come. It blocks until those before are over, so that one
// that came to nothing early lets nobody overtake; a second End does nothing.
func (t *Turn) End() {
	if t == nil {
		return
	}
	t.once.Do(func() {
		if t.before != nil {
			<-t.before.over
			t.before = nil // or the whole list would stay in memory
		}
		close(t.over)
	})
}
