package callers

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var lockStart = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func TestDelayGrows(t *testing.T) {
	t.Parallel()
	r := DefaultLockRules
	l, now := Lock{Kind: LockAccount, Key: "1001"}, lockStart
	for n, want := range []time.Duration{
		0, 0, 0, 0, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute, time.Hour, time.Hour,
	} {
		l = r.Fail(l, now)
		if l.Failures != n+1 || l.Locked(now) != (want > 0) || want > 0 && (l.Until.Sub(now) != want || l.Locked(l.Until)) {
			t.Errorf("failure %d: %+v, want %v", n+1, l, want)
		}
		now = now.Add(want)
	}
	if l = r.Fail(l, now.Add(r.Window)); l.Failures != 1 || !l.Until.IsZero() {
		t.Errorf("after a day: %+v", l)
	}
	if n := r.Fail(Lock{Kind: LockNumber, Failures: 11, LastAt: now}, now); n.Locked(now) {
		t.Errorf("the twelfth from a number locks: %+v", n)
	}
	if n := r.Fail(Lock{Kind: LockNumber, Failures: 12, LastAt: now}, now); !n.Locked(now) {
		t.Errorf("the thirteenth from a number does not lock: %+v", n)
	}
}

func anyRules(t *rapid.T) LockRules {
	delay := time.Duration(rapid.IntRange(1, 300).Draw(t, "delay")) * time.Second
	longest := delay * time.Duration(rapid.IntRange(1, 40).Draw(t, "longest"))
	return LockRules{
		Tries: rapid.IntRange(1, 10).Draw(t, "tries"), NumberTries: rapid.IntRange(1, 20).Draw(t, "number tries"),
		Delay: delay, Longest: longest, Window: longest + time.Duration(rapid.IntRange(1, 100000).Draw(t, "window"))*time.Second,
	}
}

// TestGuessersAreSlow: however somebody spreads the entries, the number that is
// looked at within a window has a bound, and nobody is locked out for longer than
// the longest delay.
func TestGuessersAreSlow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := anyRules(t)
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
		l, now := Lock{Kind: LockAccount}, lockStart
		looked, since := 0, now
		for _, pause := range rapid.SliceOfN(rapid.IntRange(0, 2*int(r.Longest/time.Second)), 1, 200).Draw(t, "pauses") {
			now = now.Add(time.Duration(pause) * time.Second)
			if l.Locked(now) {
				before := l
				if l.Until.Sub(now) > r.Longest || l != before {
					t.Fatalf("locked until %v at %v", l.Until, now)
				}
				continue
			}
			if r.Forgotten(l, now) {
				looked, since = 0, now
			}
			l = r.Fail(l, now)
			looked++
			// After the free ones each costs a delay that at least doubles up to the longest.
			bound := r.Tries + 2
			for spent, d := time.Duration(0), r.Delay; spent+d <= now.Sub(since); {
				spent += d
				d = min(2*d, r.Longest)
				bound++
			}
			if looked > bound {
				t.Fatalf("%d entries were looked at within %v, want at most %d under %+v", looked, now.Sub(since), bound, r)
			}
			if l.Failures > r.Tries && !l.Locked(now) {
				t.Fatalf("%d failures do not lock: %+v", l.Failures, l)
			}
		}
	})
}

// TestForgive: what was counted in advance is taken back, also when others failed
// meanwhile.
func TestForgive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := anyRules(t)
		before, now := Lock{Kind: LockNumber, Key: "+7"}, lockStart
		for range rapid.IntRange(0, 30).Draw(t, "failures") {
			before = r.Fail(before, now)
		}
		after := r.Fail(before, now)
		if got := r.Forgive(before, after, after); got != before {
			t.Fatalf("%+v, want %+v", got, before)
		}
		other := r.Fail(after, now)
		if got := r.Forgive(before, after, other); got.Failures != after.Failures || got.Until != other.Until {
			t.Fatalf("%+v after another failure %+v", got, other)
		}
	})
}

func TestLockRulesCheck(t *testing.T) {
	t.Parallel()
	if err := DefaultLockRules.Check(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*LockRules){
		"tries": func(r *LockRules) { r.Tries = 0 }, "number tries": func(r *LockRules) { r.NumberTries = 1001 },
		"delay": func(r *LockRules) { r.Delay = 0 }, "longest": func(r *LockRules) { r.Longest = time.Second },
		"window": func(r *LockRules) { r.Window = time.Hour },
	} {
		r := DefaultLockRules
		if spoil(&r); r.Check() == nil {
			t.Errorf("%s: %+v is accepted", name, r)
		}
	}
}
