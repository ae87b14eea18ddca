package voice

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/linekeeper/linekeeper/prompts/marks"
	"github.com/linekeeper/linekeeper/telephony"
)

// scripted is an Engine whose renderings a test watches and holds.
type scripted struct {
	identity string
	calls    atomic.Int32
	render   func(ctx context.Context, lang, text string) (Sound, error)
}

func (s *scripted) Identity(string) string { return s.identity }

func (s *scripted) Render(ctx context.Context, lang, text string) (Sound, error) {
	s.calls.Add(1)
	return s.render(ctx, lang, text)
}

func beep() func(context.Context, string, string) (Sound, error) {
	return func(context.Context, string, string) (Sound, error) { return exactly(1, 2, 3), nil }
}

// exactly is a sound that is heard as it is.
func exactly(samples ...int16) Sound { return Sound{Rate: Rate, Samples: samples, Finished: true} }

func open(t *testing.T, dir string, engine Engine, change ...func(*Options)) *Cache {
	t.Helper()
	o := Options{Dir: dir, Engine: engine}
	for _, f := range change {
		f(&o)
	}
	c, err := NewCache(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func media(t *testing.T, c *Cache, lang, text string) telephony.Media {
	t.Helper()
	m, err := c.Media(t.Context(), lang, text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// heard reads the file behind a media.
func heard(t *testing.T, m telephony.Media) []int16 {
	t.Helper()
	path, ok := strings.CutPrefix(string(m), "sound:")
	if !ok || !filepath.IsAbs(path) || filepath.Ext(path) != "" {
		t.Fatalf("%q is not sound: and an absolute path without extension", m)
	}
	data, err := os.ReadFile(path + ".wav")
	if err != nil {
		t.Fatal(err)
	}
	s, err := decodeWAV(data)
	if err != nil || s.Rate != Rate {
		t.Fatalf("%d Hz, %v", s.Rate, err)
	}
	return s.Samples
}

func TestRendersOnce(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "sounds")
	engine := &scripted{render: beep()}
	c := open(t, dir, engine)
	first := media(t, c, "ru", "Здравствуйте!")
	if diff := cmp.Diff([]int16{1, 2, 3}, heard(t, first)); diff != "" {
		t.Error(diff)
	}
	if again := media(t, c, "ru", "Здравствуйте!"); again != first || engine.calls.Load() != 1 {
		t.Errorf("%q then %q after %d renderings", first, again, engine.calls.Load())
	}
	if later := media(t, open(t, dir, engine), "ru", "Здравствуйте!"); later != first || engine.calls.Load() != 1 {
		t.Errorf("another cache of the same folder: %q after %d renderings", later, engine.calls.Load())
	}
	names := map[telephony.Media]bool{first: true}
	for _, other := range []telephony.Media{
		media(t, c, "en", "Здравствуйте!"), media(t, c, "ru", "Здравствуйте"),
		media(t, open(t, dir, &scripted{identity: "faster", render: beep()}), "ru", "Здравствуйте!"),
	} {
		if names[other] {
			t.Errorf("%q names two sounds", other)
		}
		names[other] = true
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(names) {
		t.Errorf("%d files for %d sounds: %v", len(entries), len(names), entries)
	}
}

func TestManyAskAtOnce(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	engine := &scripted{render: func(context.Context, string, string) (Sound, error) {
		<-hold
		return exactly(7), nil
	}}
	c := open(t, t.TempDir(), engine)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := c.Media(t.Context(), "ru", "один"); err != nil {
				t.Error(err)
			}
		})
	}
	close(hold)
	wg.Wait()
	if n := engine.calls.Load(); n != 1 {
		t.Errorf("%d renderings of one text", n)
	}
}

// The one who asked first may hang up; the others still hear the text.
func TestFirstAskerGoesAway(t *testing.T) {
	t.Parallel()
	started, hold := make(chan struct{}), make(chan struct{})
	c := open(t, t.TempDir(), &scripted{render: func(ctx context.Context, _, _ string) (Sound, error) {
		close(started)
		select {
		case <-hold:
			return exactly(7), nil
		case <-ctx.Done():
			return Sound{}, ctx.Err()
		}
	}})
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		_, err := c.Media(ctx, "ru", "один")
		gone <- err
	}()
	<-started
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("the first asker got %v", err)
	}
	close(hold)
	if got := heard(t, media(t, c, "ru", "один")); len(got) != 1 {
		t.Errorf("the second asker heard %v", got)
	}
}

func TestFailureIsNotKept(t *testing.T) {
	t.Parallel()
	broken := errors.New("no voice today")
	dir := t.TempDir()
	engine := &scripted{render: func(context.Context, string, string) (Sound, error) { return Sound{}, broken }}
	c := open(t, dir, engine)
	if m, err := c.Media(t.Context(), "ru", "один"); m != "" || !errors.Is(err, broken) {
		t.Errorf("%q, %v", m, err)
	}
	engine.render = beep()
	media(t, c, "ru", "один")
	engine.render = func(context.Context, string, string) (Sound, error) { return Sound{}, broken }
	if err := c.Warm(t.Context(), ru("один", "два", "три"), nil); !errors.Is(err, broken) || strings.Count(err.Error(), "no voice") != 2 {
		t.Errorf("warming with two faults: %v", err)
	}
}

func ru(words ...string) []Text {
	var texts []Text
	for _, w := range words {
		texts = append(texts, Text{"ru", w})
	}
	return texts
}

func TestWarm(t *testing.T) {
	t.Parallel()
	engine := &scripted{render: beep()}
	c := open(t, t.TempDir(), engine)
	if err := c.Warm(t.Context(), ru("один", "два", "один"), nil); err != nil {
		t.Fatal(err)
	}
	media(t, c, "ru", "один")
	media(t, c, "ru", "два")
	if n := engine.calls.Load(); n != 2 {
		t.Errorf("%d renderings of two texts", n)
	}
}

func TestCloseStopsRendering(t *testing.T) {
	t.Parallel()
	started := make(chan struct{})
	c := open(t, t.TempDir(), &scripted{render: func(ctx context.Context, _, _ string) (Sound, error) {
		close(started)
		<-ctx.Done()
		return Sound{}, ctx.Err()
	}})
	got := make(chan error)
	go func() {
		_, err := c.Media(context.Background(), "ru", "один")
		got <- err
	}()
	<-started
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := <-got; !errors.Is(err, ErrClosed) {
		t.Errorf("the one who waited got %v", err)
	}
	if _, err := c.Media(t.Context(), "ru", "один"); !errors.Is(err, ErrClosed) {
		t.Errorf("afterwards: %v", err)
	}
}

func TestUnspeakable(t *testing.T) {
	t.Parallel()
	engine := &scripted{render: beep()}
	c := open(t, t.TempDir(), engine)
	for _, bad := range [][2]string{{"ru", ""}, {"", "текст"}, {"-x", "текст"}, {"ru/../en", "текст"}, {"r", "текст"}} {
		if m, err := c.Media(t.Context(), bad[0], bad[1]); err == nil {
			t.Errorf("%q: %q", bad, m)
		}
	}
	if n := engine.calls.Load(); n != 0 {
		t.Errorf("%d renderings", n)
	}
}

func TestFolderThatCannotBe(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := NewCache(Options{Dir: filepath.Join(file, "sounds"), Engine: Marks{}}); err == nil || !strings.Contains(err.Error(), "sound folder") {
		t.Errorf("got %v", err)
	}
}

// A listener reads from the sound which text it was.
func TestMarksAndLexicon(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := open(t, dir, Marks{})
	texts := []string{"Здравствуйте!", "You are next in line."}
	sounds := []telephony.Media{media(t, c, "ru", texts[0]), media(t, c, "en", texts[1])}
	lexicon, err := Lexicon(dir)
	if err != nil || len(lexicon) != 2 {
		t.Fatalf("lexicon %v, %v", lexicon, err)
	}
	for i, m := range sounds {
		var read []string
		d := marks.NewDecoder(func(code uint32, _ int64) { read = append(read, lexicon[code]) })
		d.Write(heard(t, m))
		if diff := cmp.Diff(texts[i:i+1], read); diff != "" {
			t.Errorf("(-said +read):\n%s", diff)
		}
	}
}

func TestLexiconOfOtherEnginesIsEmpty(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	media(t, open(t, dir, &scripted{render: beep()}), "ru", "тайна")
	if lexicon, err := Lexicon(dir); len(lexicon) != 0 || err != nil {
		t.Errorf("%v, %v", lexicon, err)
	}
}
