package voice

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// age makes the sound of a text look as if it was last used a while ago.
func age(t *testing.T, c *Cache, text string, by time.Duration) {
	t.Helper()
	name, err := c.File(t.Context(), "ru", text)
	if err != nil {
		t.Fatal(err)
	}
	then := time.Now().Add(-by)
	for _, f := range c.Formats {
		if err := os.Chtimes(c.path(name, f), then, then); err != nil {
			t.Fatal(err)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.touched[name] = then
}

func left(t *testing.T, c *Cache, texts ...string) (there []string) {
	t.Helper()
	for _, text := range texts {
		if c.Ready("ru", text) {
			there = append(there, text)
		}
	}
	return there
}

func TestSweep(t *testing.T) {
	t.Parallel()
	all := []string{"new", "hour", "day", "month"}
	for _, c := range []struct {
		name string
		keep Keep
		want []string
	}{
		{"for ever", Keep{}, all},
		{"by age", Keep{Age: 48 * time.Hour}, []string{"new", "hour", "day"}},
		{"by size", Keep{Size: 3 * 106}, []string{"new", "hour", "day"}},
		{"nothing that is in use", Keep{Age: time.Minute, Size: 1}, []string{"new"}},
	} {
		cache := open(t, t.TempDir(), &scripted{render: beep()}, func(o *Options) {
			o.Keep = c.keep
			o.Formats = []Format{WAV16} // of 56 bytes, and WAV of 50
		})
		age(t, cache, "new", 0)
		age(t, cache, "hour", 61*time.Minute)
		age(t, cache, "day", 25*time.Hour)
		age(t, cache, "month", 30*24*time.Hour)
		removed, err := cache.Sweep()
		if err != nil || removed != len(all)-len(c.want) {
			t.Errorf("%s: %d were removed, %v", c.name, removed, err)
		}
		if diff := cmp.Diff(c.want, left(t, cache, all...)); diff != "" {
			t.Errorf("%s: (-want +left)\n%s", c.name, diff)
		}
		if s := cache.Stats(); s.Sounds != len(c.want) || s.Swept != removed || s.Rendered != 4 {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
}

func TestUseKeepsASound(t *testing.T) {
	t.Parallel()
	c := open(t, t.TempDir(), Marks{}, func(o *Options) { o.Keep.Age = 24 * time.Hour })
	age(t, c, "один", 48*time.Hour)
	media(t, c, "ru", "один")
	// Another process sees it too: it has only the files to go by.
	other := open(t, c.Dir, Marks{}, func(o *Options) { o.Keep.Age = 24 * time.Hour })
	if n, err := other.Sweep(); n != 0 || err != nil {
		t.Errorf("%d were removed, %v", n, err)
	}
}

func TestSweepLeavesWhatIsNotOurs(t *testing.T) {
	t.Parallel()
	c := open(t, t.TempDir(), Marks{}, func(o *Options) { o.Keep = Keep{Age: time.Minute} })
	age(t, c, "один", 48*time.Hour)
	long := time.Now().Add(-48 * time.Hour)
	for _, name := range []string{"notes.txt", "hello.wav", strings.Repeat("0", 31) + ".wav", ".new-123"} {
		path := filepath.Join(c.Dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, long, long); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Sweep(); err != nil {
		t.Error(err)
	}
	entries, err := os.ReadDir(c.Dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if diff := cmp.Diff([]string{strings.Repeat("0", 31) + ".wav", "hello.wav", "notes.txt"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestBreaker(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("no voice")
		var b breaker
		fails := func(err error) {
			t.Helper()
			if at := b.enter(time.Now()); at != nil {
				t.Fatal(at)
			}
			b.leave(time.Now(), err, true)
		}
		for range failuresInRow - 1 {
			fails(broken)
		}
		fails(nil) // and all is forgotten
		for range failuresInRow {
			fails(broken)
		}
		var resting *RestingError
		if err := b.enter(time.Now()); !errors.As(err, &resting) || !errors.Is(err, broken) || !b.resting(time.Now()) {
			t.Fatalf("got %v", err)
		}
		time.Sleep(restFor)
		if err := b.enter(time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := b.enter(time.Now()); !errors.As(err, &resting) {
			t.Errorf("a second try beside the first: %v", err)
		}
		b.leave(time.Now(), broken, true)
		if err := b.enter(time.Now()); !errors.As(err, &resting) {
			t.Errorf("after a try that failed: %v", err)
		}
		time.Sleep(restFor)
		fails(nil)
		fails(broken)
		fails(broken)
	})
}

// A dead voice is not asked for each caller.
func TestDeadEngineIsLeftAlone(t *testing.T) {
	t.Parallel()
	script, dir := program(t, `echo run >> "$DIR/runs"; exit 1`)
	c := open(t, t.TempDir(), Command{Argv: []string{"sh", script}})
	var err error
	for range failuresInRow + 3 {
		_, err = c.Media(t.Context(), "ru", "один")
	}
	var resting *RestingError
	if !errors.As(err, &resting) || !strings.Contains(err.Error(), "exit status 1") {
		t.Errorf("got %v", err)
	}
	if runs := strings.Count(read(t, filepath.Join(dir, "runs")), "run"); runs != failuresInRow {
		t.Errorf("it ran %d times", runs)
	}
	if s := c.Stats(); !s.Resting || s.Failed != failuresInRow {
		t.Errorf("%+v", s)
	}
}
