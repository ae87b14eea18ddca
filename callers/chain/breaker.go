package chain

import "time"

// state is what a breaker lets through.
//
//	closed --failures in a row--> open --rest is over--> half-open
//	   ^                            ^                     |     |
//	   |                            +----the try failed---+     |
//	   +-----------------------the try succeeded----------------+
type state int

const (
	closed   state = iota // every question
	open                  // none
	halfOpen              // one, to see
)

// Breaker says when a directory rests. A zero field stands for its default.
type Breaker struct {
	Failures int           // in a row until it rests; 5 by default
	Rest     time.Duration // 5 s by default; doubled by each failed try, up to 12 times as long
}

// longestRest is how many times the first rest the longest one lasts.
const longestRest = 12

func (r Breaker) withDefaults() Breaker {
	if r.Failures <= 0 {
		r.Failures = 5
	}
	if r.Rest <= 0 {
		r.Rest = 5 * time.Second
	}
	return r
}

// breaker is one directory's; its owner locks it.
type breaker struct {
	rules    Breaker
	state    state
	failures int // in a row
	rest     time.Duration
	until    time.Time // of open
}

// allows says whether a question may be asked now; each that was allowed is
// followed by succeeded or failed.
func (b *breaker) allows(now time.Time) bool {
	switch b.state {
	case closed:
		return true
	case open:
		if now.Before(b.until) {
			return false
		}
		b.state = halfOpen
		return true
	default: // one is under way
		return false
	}
}

// succeeded takes any answer for a sign of health, late ones too.
func (b *breaker) succeeded() {
	b.state, b.failures, b.rest = closed, 0, 0
}

func (b *breaker) failed(now time.Time) {
	b.failures++
	switch {
	case b.state == halfOpen:
		b.open(now, min(2*b.rest, longestRest*b.rules.Rest))
	case b.state == closed && b.failures >= b.rules.Failures:
		b.open(now, b.rules.Rest)
	}
}

func (b *breaker) open(now time.Time, rest time.Duration) {
	b.state, b.rest, b.until = open, rest, now.Add(rest)
}
