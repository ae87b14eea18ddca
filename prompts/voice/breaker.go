package voice

import (
	"fmt"
	"sync"
	"time"
)

// The breaker's temper: a service that failed so often in a row is left alone for
// a while, and then tried with one text.
const (
	failuresInRow = 4
	restFor       = 20 * time.Second
)

// RestingError says that an engine failed too often to be asked now.
type RestingError struct {
	Until time.Time
	Last  error // what it failed with
}

func (e *RestingError) Error() string {
	return fmt.Sprintf("the voice failed %d times in a row and is not asked until %s; it said: %v", failuresInRow, e.Until.UTC().Format(time.TimeOnly), e.Last)
}

func (e *RestingError) Unwrap() error { return e.Last }

// breaker keeps texts away from an engine that does not work, so that callers
// do not wait for it. It is safe for concurrent use.
//
//	closed --failuresInRow failures--> open --restFor--> one try --works--> closed
//	                                    ^-------------------fails--|
type breaker struct {
	mu     sync.Mutex
	failed int // in a row
	until  time.Time
	trying bool
	last   error
}

// enter says whether the engine may be asked; who may, must call leave.
func (b *breaker) enter(now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.failed < failuresInRow:
		return nil
	case now.Before(b.until) || b.trying:
		return &RestingError{b.until, b.last}
	}
	b.trying = true
	return nil
}

// leave tells how it went. Counted is false for what says nothing about the
// engine, such as our own end.
func (b *breaker) leave(now time.Time, err error, counted bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
	switch {
	case !counted:
	case err == nil:
		b.failed = 0
	default:
		b.failed++
		b.last, b.until = err, now.Add(restFor)
	}
}

// resting says whether the engine is left alone.
func (b *breaker) resting(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failed >= failuresInRow && now.Before(b.until)
}
