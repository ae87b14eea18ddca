package voice

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/linekeeper/linekeeper/telephony"
)

// Cache is a Voice that renders each text once and keeps it as a file named by
// its content, DIR/HASH.wav. Several processes may share the folder. Files are
// never removed: texts with names and amounts in them make it grow, by about
// 16 kB for each second of speech.
type Cache struct {
	dir    string
	engine Engine
	slots  chan struct{} // one for each rendering at a time

	life context.Context // ends with Close
	end  context.CancelFunc
	busy sync.WaitGroup

	mu     sync.Mutex
	closed bool
	flying map[string]*flight
}

// flight is a rendering under way; err is set before done is closed.
type flight struct {
	done chan struct{}
	err  error
}

var _ Voice = (*Cache)(nil)

// ErrClosed says that the cache was closed.
var ErrClosed = errors.New("the voice is closed")

// NewCache makes a cache in dir, which is created when missing and which the
// switch must be able to read under the same path. With the engine Marks, the
// text of each sound is written beside it (see Lexicon). The owner calls Close.
func NewCache(dir string, engine Engine) (*Cache, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find the sound folder: %w", err)
	}
	if err := os.MkdirAll(abs, 0o755); err != nil {
		return nil, fmt.Errorf("make the sound folder: %w", err)
	}
	life, end := context.WithCancel(context.Background())
	return &Cache{
		dir: abs, engine: engine, slots: make(chan struct{}, runtime.GOMAXPROCS(0)),
		life: life, end: end, flying: map[string]*flight{},
	}, nil
}

// Close stops the renderings under way and waits for them. Media fails with
// ErrClosed afterwards; the files stay.
func (c *Cache) Close() error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.end()
	c.busy.Wait()
	return nil
}

// Media gives "sound:" and the path of the file without its extension, as
// Asterisk wants it. See Voice.
func (c *Cache) Media(ctx context.Context, lang, text string) (telephony.Media, error) {
	if err := checkSpeakable(lang, text); err != nil {
		return "", err
	}
	path := filepath.Join(c.dir, c.name(lang, text))
	if err := c.ensure(ctx, path, lang, text); err != nil {
		return "", fmt.Errorf("render speech (%s, %d bytes of text): %w", lang, len(text), err)
	}
	return telephony.Media("sound:" + path), nil
}

// Warm renders texts that are sure to be needed, so that no caller waits for
// them. It blocks until all are done and returns all errors.
func (c *Cache) Warm(ctx context.Context, lang string, texts ...string) error {
	errs := make([]error, len(texts))
	var wg sync.WaitGroup
	for i, text := range texts {
		wg.Go(func() { _, errs[i] = c.Media(ctx, lang, text) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// name is the content address of a sound.
func (c *Cache) name(lang, text string) string {
	h := sha256.New()
	for _, part := range []string{c.engine.Identity(), lang, text} {
		fmt.Fprintf(h, "%d:%s,", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// ensure returns when the file is there. Whoever comes first starts the
// rendering; it does not end with their ctx, because others may wait for it.
func (c *Cache) ensure(ctx context.Context, path, lang, text string) error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return ErrClosed
	}
	f := c.flying[path]
	if f == nil {
		if _, err := os.Stat(path + ".wav"); err == nil || !errors.Is(err, fs.ErrNotExist) {
			c.mu.Unlock()
			return err
		}
		f = &flight{done: make(chan struct{})}
		c.flying[path] = f
		c.busy.Go(func() { c.fly(f, path, lang, text) })
	}
	c.mu.Unlock()
	select {
	case <-f.done:
		return f.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Cache) fly(f *flight, path, lang, text string) {
	f.err = c.render(path, lang, text)
	c.mu.Lock()
	delete(c.flying, path)
	c.mu.Unlock()
	close(f.done)
}

func (c *Cache) render(path, lang, text string) error {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-c.life.Done():
		return ErrClosed
	}
	samples, err := c.engine.Render(c.life, lang, text)
	if c.life.Err() != nil {
		return ErrClosed
	}
	if err != nil {
		return err
	}
	if _, ok := c.engine.(Marks); ok {
		// Before the sound, so that no sound is ever heard that the lexicon lacks.
		if err := writeFile(path+".txt", []byte(text)); err != nil {
			return err
		}
	}
	return writeFile(path+".wav", encodeWAV(samples, Rate))
}

// writeFile writes a whole file or none: the switch must not play half of one.
func writeFile(path string, data []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return fmt.Errorf("write a sound: %w", err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("write a sound: %w", errors.Join(err, os.Remove(tmp.Name())))
		}
	}()
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Chmod(0o644) // the switch often runs as another user
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
