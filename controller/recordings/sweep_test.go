package recordings

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const call = "cb576cvz3900000a1"

// folder has files of an age in days.
func folder(t *testing.T, now time.Time, files map[string]int) string {
	t.Helper()
	dir := t.TempDir()
	for file, days := range files {
		path := filepath.Join(dir, file)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		then := now.AddDate(0, 0, -days)
		if err := os.Chtimes(path, then, then); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestSweep(t *testing.T) {
	t.Parallel()
	now := time.Now()
	dir := folder(t, now, map[string]int{
		call + ".wav": 91, call + "-message-1.wav": 91, call + "-message-2.wav": 91, "cb576cvz3900000a2.wav": 89,
		"notes.wav": 400, "cb576cvz3900000a3.txt": 400, "ub576cvz3900000a4.wav": 400,
	})
	if err := os.Mkdir(filepath.Join(dir, "cb576cvz3900000a5.wav"), 0o700); err != nil {
		t.Fatal(err)
	}
	asked := 0
	removed, err := Sweep(dir, 90*24*time.Hour, now, func() (map[string]bool, error) {
		asked++
		return map[string]bool{call + "-message-2": true}, nil
	})
	if err != nil || removed != 2 || asked != 1 {
		t.Errorf("%d were removed, asked %d times, %v", removed, asked, err)
	}
	want := []string{call + "-message-2.wav", "cb576cvz3900000a2.wav", "cb576cvz3900000a3.txt", "cb576cvz3900000a5.wav", "notes.wav", "ub576cvz3900000a4.wav"}
	if diff := cmp.Diff(want, names(t, dir)); diff != "" {
		t.Error(diff)
	}
}

// Nobody knows which messages are wanted: none goes.
func TestSweepInDoubt(t *testing.T) {
	t.Parallel()
	now := time.Now()
	dir := folder(t, now, map[string]int{call + "-message-1.wav": 91})
	broken := errors.New("no database")
	if _, err := Sweep(dir, 24*time.Hour, now, func() (map[string]bool, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("left %v", got)
	}
	if _, err := Sweep(filepath.Join(dir, "missing"), time.Hour, now, nil); err == nil {
		t.Error("a folder that is not there is swept")
	}
}
