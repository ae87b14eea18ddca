// Package patience holds how end-to-end tests wait: for the thing itself, and never for
// longer than anything may take on the slowest machine.
package patience

import (
	"context"
	"testing"
	"time"
)

// Most is how long anything may take that a test waits for.
const Most = 60 * time.Second

// look is how often Until looks.
const look = 50 * time.Millisecond

// Must ends the test when err is not nil.
func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Soon is the deadline of one wait: a context that is done after Most, or when the
// test and its cleanup are over.
func Soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), Most)
	t.Cleanup(cancel)
	return ctx
}

// Until waits for something that a process outside tells only when asked, and ends
// the test when that does not come about within Most.
func Until(t testing.TB, what string, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), Most)
	defer cancel()
	tick := time.NewTicker(look)
	defer tick.Stop()
	for !cond() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("it never comes to this: %s", what)
		}
	}
}
