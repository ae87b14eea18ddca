package ami

import (
	"context"
	"math/rand/v2"
	"time"
)

// backoff is a random pause between 0 and min(limit, base*2^attempt).
func backoff(base, limit time.Duration, attempt int) time.Duration {
	ceiling := limit
	// 2^30 bases are beyond any limit; shifting further would overflow.
	if attempt < 30 && base<<attempt < limit {
		ceiling = base << attempt
	}
	return rand.N(ceiling + 1)
}

// sleep waits for d and says whether ctx allowed it.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
