package backoff_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/telephony/backoff"
)

func TestFullJitterStaysInItsRange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base := time.Duration(rapid.Int64Range(1, int64(time.Minute)).Draw(t, "base"))
		limit := time.Duration(rapid.Int64Range(1, int64(time.Hour)).Draw(t, "limit"))
		attempt := rapid.IntRange(0, 1000).Draw(t, "attempt")
		d := backoff.FullJitter(base, limit, attempt)
		if d < 0 || d > limit || attempt == 0 && base < limit && d > base {
			t.Fatalf("pause %v", d)
		}
	})
}

func TestSleepEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if backoff.Sleep(ctx, time.Hour) {
		t.Error("slept through the end of the context")
	}
	if !backoff.Sleep(t.Context(), time.Nanosecond) {
		t.Error("was not allowed to sleep")
	}
}
