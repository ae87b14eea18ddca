package sources

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"
)

// Source answers one question.
type Source interface {
	// Fetch asks and blocks until the answer is there, the time-out of the source is
	// over or ctx ends. No rows and no error mean that there is nothing to be found;
	// so does an input that is empty and not optional, for which nothing is asked.
	// Fields without a value are left out of a row. The error is an *Error.
	Fetch(ctx context.Context, in map[string]string) (rows []map[string]string, err error)
	// Inputs lists the names of the inputs that it wants, in order and each once.
	Inputs() []string
	// Fields lists the fields that rows may have, nil when only the answer tells.
	Fields() []string
}

// The limits of an answer where an option is 0.
const (
	DefaultTimeout   = 2 * time.Second
	DefaultMaxAnswer = 256 << 10 // bytes
	DefaultMaxRows   = 20        // further ones are not read
	DefaultMaxConns  = 8         // to one server or database at a time
)

// Error says why a question has no answer. It never holds an input, or anything
// of an answer.
type Error struct {
	Source string // the name in the configuration
	Doing  string // what was attempted, with the names of inputs in place of their values
	What   string // went wrong
	Remedy string // what to do about it; "" when only the other side can
	cause  error  // context.DeadlineExceeded, context.Canceled or nil
}

// Error is one line.
func (e *Error) Error() string {
	s := fmt.Sprintf("source %s: %s: %s", e.Source, e.Doing, e.What)
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}

// Unwrap gives context.DeadlineExceeded for what took too long, context.Canceled for
// what was called off, else nil.
func (e *Error) Unwrap() error { return e.cause }

// late tells a time-out or an end from other failures: their errors may say more than
// is good, so that they are replaced.
func late(ctx context.Context, err error) (what string, cause error, is bool) {
	var timeout net.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return "it was called off", context.Canceled, true
	case ctx.Err() != nil, errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "no answer in time", context.DeadlineExceeded, true
	}
	return "", nil, false
}

// missing says that an input is empty which may not be.
func missing(inputs, optional []string, in map[string]string) bool {
	for _, name := range inputs {
		if in[name] == "" && !slices.Contains(optional, name) {
			return true
		}
	}
	return false
}

// unused names an entry of optional that is no input.
func unused(inputs, optional []string) error {
	for _, name := range optional {
		if !slices.Contains(inputs, name) {
			return fmt.Errorf("%q is optional but no input; inputs are %s", name, listed(inputs))
		}
	}
	return nil
}

func listed(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
