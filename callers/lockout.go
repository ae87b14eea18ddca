package callers

import (
	"fmt"
	"time"
)

// LockKind is what wrong entries are counted for.
type LockKind string

// The kinds of locks. A caller who withholds the number has none of the second
// kind: one for all of them would let any of them lock the others out.
const (
	LockAccount LockKind = "account"
	LockNumber  LockKind = "number" // E.164, from which the entries came
)

// Lock is what is remembered of the wrong entries for one account or from one
// number. It is plain data and holds no digits but those of Key.
type Lock struct {
	Kind     LockKind  `json:"kind"`
	Key      string    `json:"key"`
	Failures int       `json:"failures"`         // in a row, without a pause as long as the window; 0 for none
	LastAt   time.Time `json:"last_at,omitzero"` // of the last one
	Until    time.Time `json:"until,omitzero"`   // refused before this time; zero for never locked
}

// LockRules say when wrong entries close the door, and for how long. A door is
// never closed for good: whoever knows an account number could lock its owner out.
type LockRules struct {
	Tries       int           // wrong entries for an account that cost nothing, 1 to 100
	NumberTries int           // likewise from a number, from which a family or an office may call; 1 to 1000
	Delay       time.Duration // after the next one; it doubles with each one after that
	Longest     time.Duration // that it grows to
	Window      time.Duration // without a wrong entry, after which all are forgotten
}

// DefaultLockRules leave a guesser of a PIN of four digits about 33 tries for one
// account in the first day and 24 in each later one: one chance in 400 a day.
var DefaultLockRules = LockRules{
	Tries: 4, NumberTries: 12, Delay: time.Minute, Longest: time.Hour, Window: 24 * time.Hour,
}

// Check says what is wrong with the rules.
func (r LockRules) Check() error {
	switch {
	case r.Tries < 1 || r.Tries > 100:
		return fmt.Errorf("tries is %d, want 1 to 100", r.Tries)
	case r.NumberTries < 1 || r.NumberTries > 1000:
		return fmt.Errorf("number_tries is %d, want 1 to 1000", r.NumberTries)
	case r.Delay < time.Second || r.Delay > 24*time.Hour:
		return fmt.Errorf("delay is %v, want 1s to 24h", r.Delay)
	case r.Longest < r.Delay || r.Longest > 7*24*time.Hour:
		return fmt.Errorf("longest is %v, want the delay to 168h", r.Longest)
	case r.Window <= r.Longest || r.Window > 90*24*time.Hour:
		return fmt.Errorf("window is %v, want more than longest (%v), up to 2160h", r.Window, r.Longest)
	}
	return nil
}

// Locked says whether entries are refused now, whatever they say. A refused entry
// is not counted: trying on does not keep the door shut.
func (l Lock) Locked(now time.Time) bool { return now.Before(l.Until) }

// Forgotten says whether the last wrong entry is so long ago that none counts.
func (r LockRules) Forgotten(l Lock, now time.Time) bool {
	return l.Failures == 0 || now.Sub(l.LastAt) >= r.Window
}

// Fail counts a wrong entry. A clock that was set back forgives nothing and locks
// no longer than the delay from now.
func (r LockRules) Fail(l Lock, now time.Time) Lock {
	if r.Forgotten(l, now) {
		l.Failures, l.Until = 0, time.Time{}
	}
	l.Failures++
	l.LastAt = now
	if delay := r.delay(l); delay > 0 {
		l.Until = now.Add(delay)
	}
	return l
}

// delay is for how long the last of the failures closes the door.
func (r LockRules) delay(l Lock) time.Duration {
	free := r.Tries
	if l.Kind == LockNumber {
		free = r.NumberTries
	}
	over := l.Failures - free
	if over <= 0 {
		return 0
	}
	delay := r.Delay
	for range over - 1 {
		if delay *= 2; delay >= r.Longest {
			return r.Longest
		}
	}
	return min(delay, r.Longest)
}

// Forgive takes a failure back that Fail counted before it was known whether the
// entry was right: the lock is as it was, unless another failure came between.
func (r LockRules) Forgive(before, after, current Lock) Lock {
	if current == after {
		return before
	}
	if current.Failures > 0 {
		current.Failures--
	}
	return current
}
