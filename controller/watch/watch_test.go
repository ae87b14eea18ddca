package watch_test

import (
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/linekeeper/linekeeper/controller/watch"
)

func TestFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("a.yaml", "one")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var calls atomic.Int32
		done := make(chan struct{})
		go func() {
			defer close(done)
			watch.Files(ctx, dir, watch.Look(dir), time.Second, func() { calls.Add(1) })
		}()
		after := func(d time.Duration, want int32, what string) {
			t.Helper()
			time.Sleep(d)
			synctest.Wait()
			if n := calls.Load(); n != want {
				t.Errorf("%s: %d calls, want %d", what, n, want)
			}
		}
		after(5500*time.Millisecond, 0, "nothing happened")
		put("a.yaml", "another")
		after(time.Second, 0, "seen once")
		put("a.yaml", "still being written")
		after(time.Second, 0, "not at rest")
		after(time.Second, 1, "at rest")
		put(".a.yaml.swp", "of an editor")
		after(3*time.Second, 1, "a hidden file")
		put("b.yaml", "new")
		after(2*time.Second, 2, "a new file")
		if err := os.Remove(filepath.Join(dir, "a.yaml")); err != nil {
			t.Fatal(err)
		}
		after(2*time.Second, 3, "a file is gone")
		cancel()
		<-done
	})
}

// TestAChangeBeforeTheWatch: what was written between the look that files were read
// after and the beginning of the watch counts as a change.
func TestAChangeBeforeTheWatch(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.yaml")
	put := func(text string) watch.Sight {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return watch.Look(file)
	}
	read := put("one")
	put("another")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var calls atomic.Int32
		done := make(chan struct{})
		go func() {
			defer close(done)
			watch.Files(ctx, file, read, time.Second, func() { calls.Add(1) })
		}()
		time.Sleep(5500 * time.Millisecond)
		synctest.Wait()
		if n := calls.Load(); n != 1 {
			t.Errorf("%d calls, want one", n)
		}
		cancel()
		<-done
	})
}
