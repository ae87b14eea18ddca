package controller

import (
	"context"
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

// CallerLocks lists the accounts and numbers with wrong entries that still count,
// the last to open first.
func (c *Controller) CallerLocks(context.Context) ([]callers.Lock, error) {
	return c.guard.list(time.Now()), nil
}

// UnlockCaller forgets the wrong entries for an account (digits) or from a number
// (E.164), so that the next one is looked at; by is who ordered it. It gives the
// lock as it was, and whether there was none.
func (c *Controller) UnlockCaller(_ context.Context, kind callers.LockKind, key, by string) (was callers.Lock, already bool, err error) {
	was, already = c.guard.unlock(kind, key, by, time.Now())
	return was, already, nil
}
