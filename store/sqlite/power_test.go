package sqlite_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/store/sqlite"
)

// These tests run a second process, which is this test program again. What it does
// is told by childEnv.
const (
	childEnv  = "LINEKEEPER_SQLITE_CHILD"
	pathEnv   = "LINEKEEPER_SQLITE_PATH"
	childFrom = "LINEKEEPER_SQLITE_FROM"
)

// beChild runs in the second process.
func beChild(what string) int {
	path := os.Getenv(pathEnv)
	var err error
	switch what {
	case "commit":
		err = commitForEver(path)
	case "full":
		err = fillUp(path)
	case "open":
		var s *sqlite.Store
		if s, err = sqlite.Open(context.Background(), path); err == nil {
			err = s.Close()
		}
	}
	if err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

func child(ctx context.Context, what, path string, env ...string) (*exec.Cmd, error) {
	self, err := os.Executable()
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(append(os.Environ(), childEnv+"="+what, pathEnv+"="+path), env...)
	return cmd, err
}

// promised is what the child commits together: a promise and its entry in the journal.
func promised(id string) store.Batch {
	return store.Batch{
		Callbacks: []callback.Callback{{ID: id, Number: "+79161234501", Queue: "support", State: callback.Waiting, AskedAt: time.Now()}},
		Events:    []store.Event{{At: time.Now(), Type: callback.NoteAsked, Callback: id, Data: map[string]any{"text": strings.Repeat("x", 500)}}},
	}
}

// commitForEver commits from several goroutines and tells each commit that is done.
func commitForEver(path string) error {
	s, err := sqlite.Open(context.Background(), path)
	if err != nil {
		return err
	}
	var told sync.Mutex
	fail := make(chan error)
	for o := range 4 {
		go func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("b%s-%d-%d", os.Getenv(childFrom), o, i)
				if err := s.Commit(context.Background(), promised(id)); err != nil {
					fail <- err
					return
				}
				told.Lock()
				fmt.Println(id) // one write, so that a kill leaves whole lines
				told.Unlock()
			}
		}()
	}
	return <-fail
}

// TestWhatWasAcknowledgedSurvivesAKill kills a process that commits, at random
// moments, and looks at what is left.
func TestWhatWasAcknowledgedSurvivesAKill(t *testing.T) {
	t.Parallel()
	rounds := 15
	if n, err := strconv.Atoi(os.Getenv("LINEKEEPER_KILLS")); err == nil {
		rounds = n
	}
	path := filepath.Join(t.TempDir(), "lk.db")
	acked := map[string]bool{}
	for round := range rounds {
		killOnce(t, path, round, acked)
		checkLeft(t, path, acked)
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
	t.Logf("%d kills, %d commits acknowledged, none lost", rounds, len(acked))
}

func killOnce(t *testing.T, path string, round int, acked map[string]bool) {
	t.Helper()
	cmd, err := child(t.Context(), "commit", path, childFrom+"="+strconv.Itoa(round))
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	kill := 1 + rand.IntN(150) // after so many, and a moment more: in the midst of a commit
	for n := 0; ; n++ {
		line, err := lines.ReadString('\n')
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, fs.ErrClosed) {
				t.Error(err)
			}
			break
		}
		acked[strings.TrimSpace(line)] = true
		if n == kill {
			time.AfterFunc(time.Duration(rand.IntN(3000))*time.Microsecond, func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait() // killed
}

// checkLeft wants every acknowledged promise with its entry, and no half of one.
func checkLeft(t *testing.T, path string, acked map[string]bool) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var whole string
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&whole); err != nil || whole != "ok" {
		t.Errorf("integrity_check: %s, %v", whole, err)
	}
	read := func(query string) map[string]bool {
		found := map[string]bool{}
		rows, err := db.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				t.Fatal(err)
			}
			found[id] = true
		}
		return found
	}
	promises, entries := read(`SELECT id FROM callbacks`), read(`SELECT callback FROM events`)
	for id := range acked {
		if !promises[id] || !entries[id] {
			t.Errorf("%s was acknowledged; promise %v, entry %v", id, promises[id], entries[id])
		}
	}
	if len(promises) != len(entries) {
		t.Errorf("%d promises and %d entries: half a commit is there", len(promises), len(entries))
	}
}

// fillUp commits under a limit for the size of files, until that fails, then lifts the
// limit. It fails when the error does not say what to do, or nothing works after it.
func fillUp(path string) error {
	ctx := context.Background()
	signal.Ignore(syscall.SIGXFSZ) // the write is to fail, not the process
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		return err
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 400_000, Max: was.Max}); err != nil {
		return err
	}
	stored := 0
	for err = nil; err == nil && stored < 100_000; stored++ {
		err = s.Commit(ctx, promised(fmt.Sprintf("b%06d", stored)))
	}
	stored--
	if err == nil {
		return errors.New("the limit had no effect")
	}
	if !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "room on it") {
		return fmt.Errorf("the error does not name file and remedy: %w", err)
	}
	if _, err := s.Callback(ctx, fmt.Sprintf("b%06d", stored)); !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("what was not acknowledged is there: %w", err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		return err
	}
	if err := s.Commit(ctx, promised(fmt.Sprintf("b%06d", stored))); err != nil {
		return fmt.Errorf("with room again: %w", err)
	}
	for i := range stored + 1 {
		if _, err := s.Callback(ctx, fmt.Sprintf("b%06d", i)); err != nil {
			return err
		}
	}
	return s.Close()
}

func TestAFullDiskIsToldAndLosesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lk.db")
	cmd, err := child(t.Context(), "full", path)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	checkLeft(t, path, map[string]bool{"b000000": true})
}

// TestOpenSaysWhatItMayNotWrite runs as somebody who has no rights.
func TestOpenSaysWhatItMayNotWrite(t *testing.T) {
	t.Parallel()
	dir := nobodysWay(t)
	for _, tc := range []struct {
		name    string
		prepare func(path string) error
		want    string
	}{
		{"folder", func(path string) error { return os.Chmod(filepath.Dir(path), 0o555) }, "the right to write the folder"},
		{"file", func(path string) error {
			s, err := sqlite.Open(t.Context(), path)
			if err != nil {
				return err
			}
			return errors.Join(s.Close(), os.Chmod(path, 0o444), os.Chmod(path+".lock", 0o666), os.Chmod(filepath.Dir(path), 0o777))
		}, "the right to write the file and its folder"},
	} {
		path := filepath.Join(dir, tc.name, "lk.db")
		if err := errors.Join(os.Mkdir(filepath.Dir(path), 0o755), tc.prepare(path)); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "self"))
		cmd.Env = []string{childEnv + "=open", pathEnv + "=" + path}
		cmd.Dir = dir
		if os.Getuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), path) || !strings.Contains(string(out), tc.want) {
			t.Errorf("a read-only %s: %v, %s", tc.name, err, out)
		}
	}
}

// nobodysWay is a folder that everybody may look into, with this program in it.
func nobodysWay(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for d := dir; len(d) > len(os.TempDir()); d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "self"), program, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
