package chain

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestBreaker(t *testing.T) {
	t.Parallel()
	at := time.Unix(0, 0)
	b := breaker{rules: Breaker{Failures: 3, Rest: 10 * time.Second}}
	steps := []struct {
		after  time.Duration
		ask    bool // whether it is to be allowed
		failed bool // and what becomes of it
		want   state
	}{
		{0, true, true, closed}, {0, true, true, closed}, {0, true, false, closed}, // a success in between
		{0, true, true, closed}, {0, true, true, closed}, {0, true, true, open},
		{9 * time.Second, false, false, open},
		{time.Second, true, true, open}, // the try failed: 20 s
		{19 * time.Second, false, false, open},
		{time.Second, true, true, open}, // 40 s
		{40 * time.Second, true, true, open},
		{80 * time.Second, true, true, open}, // 160 s would be longer than the longest, 120 s
		{120 * time.Second, true, false, closed},
		{0, true, true, closed}, {0, true, true, closed}, {0, true, true, open},
		{10 * time.Second, true, true, open}, // 10 s again, as if nothing had been
	}
	for i, s := range steps {
		at = at.Add(s.after)
		if got := b.allows(at); got != s.ask {
			t.Fatalf("step %d: allows %v", i, got)
		}
		switch {
		case s.ask && b.state == halfOpen && b.allows(at):
			t.Fatalf("step %d: two tries at once", i)
		case s.ask && s.failed:
			b.failed(at)
		case s.ask:
			b.succeeded()
		}
		if b.state != s.want {
			t.Fatalf("step %d: state %d, want %d", i, b.state, s.want)
		}
	}
}

// However a directory fails, it is asked again within the longest rest, and one
// that is well is never kept waiting.
func TestBreakerLetsADirectoryComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := breaker{rules: Breaker{Failures: rapid.IntRange(1, 5).Draw(t, "failures"), Rest: time.Second}}
		at, last := time.Unix(0, 0), time.Unix(0, 0) // last is when one was allowed
		for range rapid.IntRange(1, 60).Draw(t, "questions") {
			at = at.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "ms")) * time.Millisecond)
			if !b.allows(at) {
				if at.Sub(last) >= longestRest*time.Second {
					t.Fatalf("not asked for %v", at.Sub(last))
				}
				continue
			}
			last = at
			if rapid.Bool().Draw(t, "fails") {
				b.failed(at)
			} else if b.succeeded(); !b.allows(at) {
				t.Fatal("it answered and rests")
			}
		}
	})
}
