package storetest

import (
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/store"
)

func locks(t *testing.T, rig Rig) {
	s, ctx := rig.Open(t), t.Context()
	account := callers.Lock{Kind: callers.LockAccount, Key: "1001", Failures: 5, LastAt: base, Until: base.Add(time.Minute)}
	number := callers.Lock{Kind: callers.LockNumber, Key: "+79161234501", Failures: 1, LastAt: base}
	twin := callers.Lock{Kind: callers.LockNumber, Key: "1001", Failures: 2, LastAt: base} // another kind with the same key
	must(t, s.Commit(ctx, store.Batch{Locks: []callers.Lock{number, account, twin}}))
	account.Failures++
	must(t, s.Commit(ctx, store.Batch{Locks: []callers.Lock{account, {Kind: callers.LockNumber, Key: "1001"}}}))
	must(t, s.Close())
	s = rig.Open(t)
	open, err := s.Load(ctx)
	must(t, err)
	same(t, "locks", open.Locks, []callers.Lock{account, number})
	must(t, s.Commit(ctx, store.Batch{Locks: []callers.Lock{{Kind: callers.LockAccount, Key: "1001"}, {Kind: callers.LockAccount, Key: "none"}}}))
	open, err = s.Load(ctx)
	must(t, err)
	same(t, "locks that are left", open.Locks, []callers.Lock{number})
}
