package telephony

import (
	"errors"
	"fmt"
)

// Kind says what a caller of the port can do about an error.
type Kind int

// The kinds of error.
const (
	KindPermanent Kind = iota // will never work as asked: bad endpoint, bad media, not permitted
	KindRetryable             // may work later: timeout, no connection, switch overloaded
	KindGone                  // the channel, bridge or playback does not exist (any more)
	KindExists                // an object with this id exists already
)

func (k Kind) String() string {
	switch k {
	case KindPermanent:
		return "permanent"
	case KindRetryable:
		return "retryable"
	case KindGone:
		return "gone"
	case KindExists:
		return "exists"
	}
	return fmt.Sprintf("kind %d", int(k))
}

// Error is what every method of a Switch returns when it fails.
type Error struct {
	Op   string // what was attempted: "answer 1700000000.1"
	Kind Kind
	Err  error // the switch's own words, or the transport's error

	// Unanswered says that the switch may have done what was asked all the same:
	// the request was sent, and what came back, if anything, is not its answer.
	Unanswered bool
}

func (e *Error) Error() string { return e.Op + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf classifies any error of a Switch; nil and foreign errors (a context
// that ended, say) count as KindRetryable.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindRetryable
}

// IsUnanswered says whether err leaves open if the switch did what was asked.
// Foreign errors do.
func IsUnanswered(err error) bool {
	var e *Error
	if errors.As(err, &e) {
		return e.Unanswered
	}
	return err != nil
}

// IsGone says whether err means that the channel, bridge or playback is gone.
func IsGone(err error) bool { return err != nil && KindOf(err) == KindGone }

// IsExists says whether err means that the id of our choosing is in use.
func IsExists(err error) bool { return err != nil && KindOf(err) == KindExists }
