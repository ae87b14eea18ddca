// Package stream is a queue without a bound between one who must never wait and
// one consumer who may be slow: Asterisk cuts off a reader that is slow for a
// tenth of a second, so a driver reads into memory first and works later.
package stream

import (
	"context"
	"sync"
)

// Stream keeps items in order until Pump has delivered them. Its methods are
// safe for concurrent use and, but for Pump, never block.
type Stream[T any] struct {
	mu     sync.Mutex
	items  []T
	taken  int // handed to Pump and not yet delivered
	closed bool
	wake   chan struct{} // holds one token when there is something to look at
}

// New makes an empty stream.
func New[T any]() *Stream[T] { return &Stream[T]{wake: make(chan struct{}, 1)} }

// Push appends items. After Close they are dropped.
func (s *Stream[T]) Push(items ...T) {
	s.mu.Lock()
	if !s.closed {
		s.items = append(s.items, items...)
	}
	s.mu.Unlock()
	s.nudge()
}

// Close lets Pump end once everything that was pushed before is delivered.
func (s *Stream[T]) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.nudge()
}

func (s *Stream[T]) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Len is the number of items that are not delivered yet.
func (s *Stream[T]) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.items) + s.taken
}

func (s *Stream[T]) take() (batch []T, closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	batch, s.items = s.items, nil
	s.taken = len(batch)
	return batch, s.closed
}

func (s *Stream[T]) delivered() {
	s.mu.Lock()
	s.taken--
	s.mu.Unlock()
}

// Pump delivers to out until the stream is closed and empty, or ctx is done;
// then it closes out. One Pump runs at a time.
func (s *Stream[T]) Pump(ctx context.Context, out chan<- T) {
	defer close(out)
	for {
		batch, closed := s.take()
		for _, item := range batch {
			select {
			case out <- item:
				s.delivered()
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
		case <-s.wake:
		case <-ctx.Done():
			return
		}
	}
}
