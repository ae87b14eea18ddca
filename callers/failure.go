package callers

import (
	"context"
	"fmt"
	"time"
)

// Why is the reason why a directory gave no answer.
type Why string

// The reasons.
const (
	WhyError   Why = "error"   // it answered with an error
	WhyTimeout Why = "timeout" // it did not answer in time
	WhyResting Why = "resting" // it was not asked, because it failed again and again
	WhyBudget  Why = "budget"  // it was not asked, because those before it used the time up
)

// Failure says that a directory gave no answer. Its text holds nothing of what
// was asked for.
type Failure struct {
	Directory string
	Why       Why
	Took      time.Duration // until this was known
	Err       error         // may be nil
}

// Error names the directory and the reason.
func (f *Failure) Error() string {
	text := fmt.Sprintf("directory %s: %s after %d ms", f.Directory, f.Why, f.Took.Milliseconds())
	if f.Err != nil {
		text += ": " + f.Err.Error()
	}
	return text
}

// Unwrap gives the directory's own error.
func (f *Failure) Unwrap() error { return f.Err }

type failuresKey struct{}

// WithFailures gives a context in which TellFailure calls tell: a look-up that
// found a record after all can have met directories that failed. Tell is called
// by the goroutine that looks up, before it returns.
func WithFailures(ctx context.Context, tell func(Failure)) context.Context {
	return context.WithValue(ctx, failuresKey{}, tell)
}

// TellFailure tells whoever wants to know.
func TellFailure(ctx context.Context, f Failure) {
	if tell, ok := ctx.Value(failuresKey{}).(func(Failure)); ok {
		tell(f)
	}
}
