package sqlite_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/store"
)

// TestTheOlderOfTwoCanCommitNoMore circumvents the lock, as a file system does that
// knows no locks: the file of the lock is replaced.
func TestTheOlderOfTwoCanCommitNoMore(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lk.db")
	note := func(typ string) store.Batch {
		return store.Batch{Events: []store.Event{{At: time.Now(), Type: typ}}}
	}
	older := open(t, path)
	if err := older.Commit(t.Context(), note("first")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path + ".lock"); err != nil {
		t.Fatal(err)
	}
	newer := open(t, path)
	if newer.Epoch() <= older.Epoch() {
		t.Errorf("epochs %d and then %d", older.Epoch(), newer.Epoch())
	}
	for range 3 {
		if err := older.Commit(t.Context(), note("late")); !errors.Is(err, store.ErrFenced) {
			t.Errorf("the older one commits: %v", err)
		}
		if err := newer.Commit(t.Context(), note("newer")); err != nil {
			t.Errorf("the newer one cannot commit: %v", err)
		}
	}
	events, err := newer.Events(t.Context(), store.EventFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if len(events) != 4 {
		t.Errorf("the journal has %d entries, want 4", len(events))
	}
}
