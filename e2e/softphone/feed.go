package softphone

import "sync"

// feed is a channel without a bound: put never blocks and never drops, so that a slow narrator cannot
// hold up a call. One goroutine serves it until stop.
type feed[T any] struct {
	out  chan T
	wake chan struct{}
	quit chan struct{}
	done chan struct{}

	mu    sync.Mutex
	queue []T
}

func newFeed[T any]() *feed[T] {
	f := &feed[T]{
		out:  make(chan T),
		wake: make(chan struct{}, 1),
		quit: make(chan struct{}),
		done: make(chan struct{}),
	}
	go f.run()
	return f
}

// put adds an item. After stop it does nothing.
func (f *feed[T]) put(item T) {
	f.mu.Lock()
	f.queue = append(f.queue, item)
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// stop closes out; what nobody has read by now is dropped. It returns when the goroutine is gone and
// must be called once.
func (f *feed[T]) stop() {
	close(f.quit)
	<-f.done
}

func (f *feed[T]) run() {
	defer close(f.done)
	defer close(f.out)
	for {
		f.mu.Lock()
		batch := f.queue
		f.queue = nil
		f.mu.Unlock()
		for _, item := range batch {
			select {
			case f.out <- item:
			case <-f.quit:
				return
			}
		}
		if len(batch) > 0 {
			continue
		}
		select {
		case <-f.wake:
		case <-f.quit:
			return
		}
	}
}
