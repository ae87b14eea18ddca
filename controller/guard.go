package controller

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/store"
)

// guard counts wrong PINs, codes and answers, and says whose entries are refused
// for a while. It knows each lock in memory and has it on disk before an entry is
// looked at, so a restart forgets nothing. Its methods may be called by any
// goroutine; they wait for the disk.
type guard struct {
	rules callers.LockRules
	store func(store.Batch) bool

	mu    sync.Mutex // guards what follows, and keeps what is stored in its order
	locks map[lockID]callers.Lock
}

type lockID struct {
	kind callers.LockKind
	key  string
}

func idOf(l callers.Lock) lockID { return lockID{l.Kind, l.Key} }

func newGuard(rules callers.LockRules, save func(store.Batch) bool) *guard {
	if rules == (callers.LockRules{}) {
		rules = callers.DefaultLockRules
	}
	return &guard{rules: rules, store: save, locks: map[lockID]callers.Lock{}}
}

// restore takes over the locks of the last run.
func (g *guard) restore(locks []callers.Lock) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, l := range locks {
		g.locks[idOf(l)] = l
	}
}

// attempt is an entry under way.
type attempt struct {
	refused       bool
	before, after []callers.Lock
}

// begin counts an entry as wrong before anybody looks at it: however many are made
// at the same time, no more are looked at than the rules allow. A "" stands for no
// account (a code is entered) or no number (withheld). An entry that is refused is
// not counted, but costs the same write.
func (g *guard) begin(account, number string, now time.Time) attempt {
	g.mu.Lock()
	defer g.mu.Unlock()
	var a attempt
	for _, id := range []lockID{{callers.LockAccount, account}, {callers.LockNumber, number}} {
		if id.key == "" {
			continue
		}
		l := g.locks[id]
		l.Kind, l.Key = id.kind, id.key
		a.before = append(a.before, l)
		a.refused = a.refused || l.Locked(now)
	}
	for _, l := range a.before {
		if !a.refused {
			l = g.rules.Fail(l, now)
		}
		a.after = append(a.after, l)
	}
	g.put(now, a.after)
	return a
}

// right says that an entry fitted: the account is free of what was wrong before,
// and the number of this one entry. A guesser who has an account could otherwise
// enter its PIN between guesses.
func (g *guard) right(a attempt, now time.Time) {
	g.takeBack(a, now, func(l callers.Lock) bool { return l.Kind == callers.LockAccount })
}

// unknown says that an entry could not be checked, so it counts for nothing.
func (g *guard) unknown(a attempt, now time.Time) {
	g.takeBack(a, now, func(callers.Lock) bool { return false })
}

func (g *guard) takeBack(a attempt, now time.Time, clear func(callers.Lock) bool) {
	if a.refused {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	var changed []callers.Lock
	for i, after := range a.after {
		current := g.locks[idOf(after)]
		current.Kind, current.Key = after.Kind, after.Key
		l := g.rules.Forgive(a.before[i], after, current)
		if clear(l) {
			l = callers.Lock{Kind: l.Kind, Key: l.Key}
		}
		changed = append(changed, l)
	}
	g.put(now, changed)
}

// shut lists the locks that an entry closed.
func (a attempt) shut(now time.Time) []callers.Lock {
	var shut []callers.Lock
	for _, l := range a.after {
		if !a.refused && l.Locked(now) {
			shut = append(shut, l)
		}
	}
	return shut
}

// mostForgotten is how many old locks are deleted beside each new one, so that a
// guesser of accounts leaves nothing behind for longer than the window.
const mostForgotten = 8

// put keeps locks, on disk as well, and deletes some that count no more.
func (g *guard) put(now time.Time, changed []callers.Lock, events ...store.Event) {
	for _, l := range changed {
		if l.Failures == 0 {
			delete(g.locks, idOf(l))
		} else {
			g.locks[idOf(l)] = l
		}
	}
	forgotten := 0
	for id, l := range g.locks {
		if g.rules.Forgotten(l, now) && forgotten < mostForgotten {
			delete(g.locks, id)
			changed = append(changed, callers.Lock{Kind: id.kind, Key: id.key})
			forgotten++
		}
	}
	g.store(store.Batch{Locks: changed, Events: events})
}

// unlock forgets all wrong entries of an account or a number, by an operator's
// order, and gives the lock as it was; already is true when there was none.
func (g *guard) unlock(kind callers.LockKind, key, by string, now time.Time) (was callers.Lock, already bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	was, known := g.locks[lockID{kind, key}]
	if !known || g.rules.Forgotten(was, now) {
		return callers.Lock{Kind: kind, Key: key}, true
	}
	g.put(now, []callers.Lock{{Kind: kind, Key: key}}, store.Event{At: now, Type: "caller.unlocked", Data: map[string]any{
		"kind": string(kind), "key": key, "failures": was.Failures, "by": by,
	}})
	return was, false
}

// drop forgets what is in memory of an account or a number that the store has
// forgotten, without a word in the journal.
func (g *guard) drop(kind callers.LockKind, key string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.locks, lockID{kind, key})
}

// list gives the locks that count, the last to open first, then the others.
func (g *guard) list(now time.Time) []callers.Lock {
	g.mu.Lock()
	defer g.mu.Unlock()
	var all []callers.Lock
	for _, l := range g.locks {
		if !g.rules.Forgotten(l, now) {
			all = append(all, l)
		}
	}
	slices.SortFunc(all, func(a, b callers.Lock) int {
		return cmp.Or(b.Until.Compare(a.Until), b.LastAt.Compare(a.LastAt), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key))
	})
	return all
}
