// Package backoff is how long a driver waits between two attempts to connect.
package backoff

import (
	"context"
	"math/rand/v2"
	"time"
)

// FullJitter is a random pause between 0 and min(limit, base*2^attempt), so that
// many clients that lost the same server do not come back at once ("Exponential
// Backoff And Jitter", M. Brooker, AWS Architecture Blog, 2015). attempt counts
// from 0; base and limit are positive.
func FullJitter(base, limit time.Duration, attempt int) time.Duration {
	ceiling := min(base, limit)
	for range attempt {
		if ceiling >= limit/2 {
			ceiling = limit
			break
		}
		ceiling *= 2
	}
	return rand.N(ceiling + 1)
}

// Sleep waits for d and says whether ctx allowed it.
func Sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
