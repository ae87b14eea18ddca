package simswitch

import "sync"

// stream is an unbounded ordered queue behind a channel: push never blocks.
type stream[T any] struct {
	mu    sync.Mutex
	items []T
	wake  chan struct{} // holds one token while items may be non-empty
	out   chan T
}

func newStream[T any]() *stream[T] {
	return &stream[T]{wake: make(chan struct{}, 1), out: make(chan T)}
}

func (s *stream[T]) push(item T) {
	s.mu.Lock()
	s.items = append(s.items, item)
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *stream[T]) take() []T {
	s.mu.Lock()
	defer s.mu.Unlock()
	items := s.items
	s.items = nil
	return items
}

// pump hands items to the consumer until done is closed, then closes out.
func (s *stream[T]) pump(done <-chan struct{}) {
	defer close(s.out)
	for {
		for _, item := range s.take() {
			select {
			case s.out <- item:
			case <-done:
				return
			}
		}
		select {
		case <-s.wake:
		case <-done:
			return
		}
	}
}
