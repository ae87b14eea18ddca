package controller

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/store"
)

var guardStart = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// kept is what a guard stored.
type kept struct {
	locks  map[lockID]callers.Lock
	events []store.Event
	writes int
}

func newKeptGuard() (*guard, *kept) {
	k := &kept{locks: map[lockID]callers.Lock{}}
	return newGuard(callers.LockRules{}, k.store), k
}

func (k *kept) store(b store.Batch) bool {
	k.writes++
	for _, l := range b.Locks {
		if delete(k.locks, idOf(l)); l.Failures > 0 {
			k.locks[idOf(l)] = l
		}
	}
	k.events = append(k.events, b.Events...)
	return true
}

func TestGuardLocksAccountAndNumber(t *testing.T) {
	t.Parallel()
	g, k := newKeptGuard()
	now := guardStart
	for n := range callers.DefaultLockRules.Tries + 1 {
		if a := g.begin("1001", "+7900", now); a.refused {
			t.Fatalf("entry %d is refused", n+1)
		}
	}
	a := g.begin("1001", "", now)
	if !a.refused || len(a.shut(now)) > 0 {
		t.Errorf("from elsewhere the account is open: %+v", a)
	}
	if g.begin("1002", "+7900", now).refused {
		t.Error("the number is locked by the tries that lock an account")
	}
	if g.begin("1001", "+7901", now.Add(callers.DefaultLockRules.Delay)).refused {
		t.Error("the account is locked for longer than its delay")
	}
	if diff := cmp.Diff(g.locks, k.locks); diff != "" {
		t.Errorf("on disk (-memory +disk):\n%s", diff)
	}
	// A restart in between forgets nothing.
	again, _ := newKeptGuard()
	for _, l := range k.locks {
		again.restore([]callers.Lock{l})
	}
	if !again.begin("1001", "+7999", now.Add(callers.DefaultLockRules.Delay+time.Second)).refused {
		t.Error("after a restart the account is open")
	}
}

// TestGuardWithheldNumbers: they share no lock, so none of them locks out others.
func TestGuardWithheldNumbers(t *testing.T) {
	t.Parallel()
	g, k := newKeptGuard()
	for n := range 100 {
		if g.begin(fmt.Sprint(n), "", guardStart).refused || g.begin("", "", guardStart).refused {
			t.Fatalf("entry %d is refused", n)
		}
	}
	for id := range k.locks {
		if id.kind == callers.LockNumber {
			t.Errorf("there is a lock for %+v", id)
		}
	}
}

func TestGuardTakesBack(t *testing.T) {
	t.Parallel()
	g, k := newKeptGuard()
	for range 3 {
		g.begin("1001", "+7900", guardStart)
	}
	g.unknown(g.begin("1001", "+7900", guardStart), guardStart)
	want := []callers.Lock{
		{Kind: callers.LockAccount, Key: "1001", Failures: 3, LastAt: guardStart},
		{Kind: callers.LockNumber, Key: "+7900", Failures: 3, LastAt: guardStart},
	}
	if diff := cmp.Diff(want, g.list(guardStart)); diff != "" {
		t.Errorf("after what could not be checked (-want +got):\n%s", diff)
	}
	g.right(g.begin("1001", "+7900", guardStart), guardStart)
	if diff := cmp.Diff(want[1:], g.list(guardStart)); diff != "" {
		t.Errorf("after a right one (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(g.locks, k.locks); diff != "" {
		t.Errorf("on disk (-memory +disk):\n%s", diff)
	}
}

// TestGuardManyAtOnce: entries made at the same time get no more tries.
func TestGuardManyAtOnce(t *testing.T) {
	t.Parallel()
	g, _ := newKeptGuard()
	var looked atomic.Int32
	var all sync.WaitGroup
	for n := range 50 {
		all.Go(func() {
			if !g.begin("1001", fmt.Sprint(n), guardStart).refused {
				looked.Add(1)
			}
		})
	}
	all.Wait()
	if want := int32(callers.DefaultLockRules.Tries + 1); looked.Load() != want {
		t.Errorf("%d entries were looked at, want %d", looked.Load(), want)
	}
}

// TestGuardWritesTheSame: an entry that is refused writes to disk as one that is not.
func TestGuardWritesTheSame(t *testing.T) {
	t.Parallel()
	g, k := newKeptGuard()
	for n := range 20 {
		before := k.writes
		a := g.begin("1001", "+7900", guardStart)
		if k.writes-before != 1 || len(a.after) != 2 {
			t.Errorf("entry %d (refused %v) made %d writes", n, a.refused, k.writes-before)
		}
	}
}

func TestGuardUnlock(t *testing.T) {
	t.Parallel()
	g, k := newKeptGuard()
	now := guardStart
	for range 5 {
		g.begin("1001", "+7900", now)
	}
	was, already := g.unlock(callers.LockAccount, "1001", "operator", now)
	if already || was.Failures != 5 || g.begin("1001", "", now).refused {
		t.Errorf("unlocked %+v, already %v", was, already)
	}
	if _, already = g.unlock(callers.LockAccount, "9999", "operator", now); !already {
		t.Error("an account that nobody tried was locked")
	}
	want := []store.Event{{At: now, Type: "caller.unlocked", Data: map[string]any{"kind": "account", "key": "1001", "failures": 5, "by": "operator"}}}
	if diff := cmp.Diff(want, k.events, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("journal (-want +got):\n%s", diff)
	}
}

// TestGuardForgets: who tries many accounts leaves nothing behind but for a day.
func TestGuardForgets(t *testing.T) {
	t.Parallel()
	g, k := newKeptGuard()
	for n := range 100 {
		g.begin(fmt.Sprint(n), "", guardStart)
	}
	later := guardStart.Add(callers.DefaultLockRules.Window)
	if got := g.list(later); len(got) > 0 {
		t.Errorf("a day later there are still %d", len(got))
	}
	for n := range 20 {
		g.begin("1001", fmt.Sprint("+", n), later)
	}
	if len(k.locks) != 6 || len(g.locks) != 6 {
		t.Errorf("%d locks on disk and %d in memory, want 6", len(k.locks), len(g.locks))
	}
}
