package api

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback/tally"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/store/sqlite"
)

const benchEntries = 1_000_000

// BenchmarkStats counts 125,000 promises in a journal of a million entries about
// promises, on disk.
func BenchmarkStats(b *testing.B) {
	ctx := context.Background()
	db, err := sqlite.Open(ctx, filepath.Join(b.TempDir(), "lk.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	types := []string{"asked", "due", "dialling", "ringing", "answered", "confirmed", "connected", "done"}
	for n := 0; n < benchEntries; n += 10_000 {
		var batch store.Batch
		for i := n; i < n+10_000; i++ {
			batch.Events = append(batch.Events, store.Event{
				At: t0.Add(time.Duration(i) * time.Second), Type: "callback." + types[i%8], Callback: fmt.Sprintf("b%012d", i/8),
				Place: fmt.Sprintf("p%012d", i/8), Queue: "support", Data: map[string]any{"attempt": 1, "number": "+79161234567", "of": 2},
			})
		}
		if err := db.Commit(ctx, batch); err != nil {
			b.Fatal(err)
		}
	}
	s := New(&fake{events: db.Events}, nil, "")
	for b.Loop() {
		t := tally.New(tally.Options{By: tally.ByDay})
		if n, err := s.observe(ctx, t, time.Time{}); err != nil || n != benchEntries {
			b.Fatal(n, err)
		}
	}
}
