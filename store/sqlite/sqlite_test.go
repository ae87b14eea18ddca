package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/store/sqlite"
	"github.com/linekeeper/linekeeper/store/storetest"
)

func TestMain(m *testing.M) {
	if what := os.Getenv(childEnv); what != "" {
		os.Exit(beChild(what))
	}
	goleak.VerifyTestMain(m)
}

func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestConformance(t *testing.T) {
	t.Parallel()
	newRig := func(t *testing.T) storetest.Rig {
		path := filepath.Join(t.TempDir(), "a dir?&#", "line keeper%20.db")
		return storetest.Rig{Open: func(t *testing.T) store.Store { return open(t, path) }}
	}
	storetest.Exercise(t, newRig)
	storetest.ExerciseBook(t, newRig)
	storetest.ExerciseForgetter(t, newRig)
}

func TestTwoProcessesCannotShareAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lk.db")
	first := open(t, path)
	if _, err := sqlite.Open(t.Context(), path); !errors.Is(err, sqlite.ErrLocked) || !strings.Contains(err.Error(), path) {
		t.Fatalf("the second open gives %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, path)
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("this is not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), garbage); err == nil || !strings.Contains(err.Error(), "not a database") {
		t.Errorf("a file of text gives %v", err)
	}
	newer := filepath.Join(dir, "newer.db")
	db, err := sql.Open("sqlite", newer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), newer); err == nil || !strings.Contains(err.Error(), "newer linekeeper") {
		t.Errorf("a newer schema gives %v", err)
	}
}

func TestSettingsThatSurvivePowerLoss(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lk.db")
	s := open(t, path)
	if err := s.Commit(t.Context(), store.Batch{Events: []store.Event{{At: time.Now(), Type: "x"}}}); err != nil {
		t.Fatal(err)
	}
	mode, sync, err := s.Durability(t.Context())
	if err != nil || mode != "wal" || sync != 2 {
		t.Errorf("journal_mode %q, synchronous %d, %v; want wal and 2 (FULL)", mode, sync, err)
	}
}

func BenchmarkCommit(b *testing.B) {
	for _, owners := range []int{1, 64} {
		b.Run(fmt.Sprintf("owners=%d", owners), func(b *testing.B) {
			s := open(b, filepath.Join(b.TempDir(), "lk.db"))
			b.SetParallelism(owners)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := s.Commit(context.Background(), store.Batch{Events: []store.Event{{At: time.Now(), Type: "bench"}}}); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
