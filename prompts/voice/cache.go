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
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// Options say what a Cache is made of.
type Options struct {
	// Dir is the folder of the files, made when missing. Unless Link says otherwise
	// the switch must be able to read it under the same path.
	Dir        string
	Engine     Engine
	Recordings *Recordings // nil for none
	Formats    []Format    // none means WAV; WAV is always among them
	Keep       Keep

	// Link gives the media of a file by its name without extension; nil is the path.
	Link func(name string) telephony.Media
	// Faulty hears of recordings that cannot be used, once each; may be nil.
	Faulty func(error)
}

// Cache is a Voice that makes each sound once and keeps it as files named by its
// content, DIR/HASH.EXTENSION. Several processes may share the folder.
type Cache struct {
	Options
	slots   chan struct{} // one for each rendering at a time
	breaker breaker
	counts  counts

	life context.Context // ends with Close
	end  context.CancelFunc
	busy sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	flying  map[string]*flight
	touched map[string]time.Time // when a file was last marked as used
	faulty  map[string]bool      // identities of recordings that were complained of
}

// flight is a rendering under way; err is set before done is closed.
type flight struct {
	done chan struct{}
	err  error
}

var _ Voice = (*Cache)(nil)

// ErrClosed says that the cache was closed.
var ErrClosed = errors.New("the voice is closed")

// NewCache makes a cache. With the engine Marks, the text of each sound is written
// beside it (see Lexicon). The owner calls Close.
func NewCache(o Options) (*Cache, error) {
	abs, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("find the sound folder: %w", err)
	}
	if err := os.MkdirAll(abs, 0o755); err != nil {
		return nil, fmt.Errorf("make the sound folder: %w", err)
	}
	o.Dir = abs
	formats := []Format{WAV}
	for _, f := range o.Formats {
		if f != WAV {
			formats = append(formats, f)
		}
	}
	o.Formats = formats
	if o.Link == nil {
		o.Link = func(name string) telephony.Media { return telephony.Media("sound:" + filepath.Join(abs, name)) }
	}
	life, end := context.WithCancel(context.Background())
	return &Cache{
		Options: o, life: life, end: end,
		// Two at least: texts rendered ahead of time take one, and callers the others.
		slots:  make(chan struct{}, max(runtime.GOMAXPROCS(0), 2)),
		flying: map[string]*flight{}, touched: map[string]time.Time{}, faulty: map[string]bool{},
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

// Media gives what the switch plays for a text: a recording where there is one
// that can be used, else what the engine made. See Voice.
func (c *Cache) Media(ctx context.Context, lang, text string) (telephony.Media, error) {
	name, err := c.File(ctx, lang, text)
	if err != nil {
		return "", err
	}
	return c.Link(name), nil
}

// File makes sure that the files of a text are there and gives their name without
// extension. It blocks and fails as Voice.Media does.
func (c *Cache) File(ctx context.Context, lang, text string) (string, error) {
	if err := checkSpeakable(lang, text); err != nil {
		return "", err
	}
	if rec, ok := c.Recordings.find(lang, text); ok {
		name := hash(rec.identity, lang, text)
		err := c.ensure(ctx, name, text, func() (Sound, error) { return rec.read() })
		if err == nil || ctx.Err() != nil || errors.Is(err, ErrClosed) {
			return name, err
		}
		c.complain(rec.identity, rec.fault(err))
	}
	name := hash(c.Engine.Identity(lang), lang, text)
	err := c.ensure(ctx, name, text, func() (Sound, error) { return c.speak(lang, text) })
	if err != nil {
		return "", fmt.Errorf("render speech (%s, %d bytes of text): %w", lang, len(text), err)
	}
	return name, nil
}

// Ready says whether the sound of a text is there already, as a recording that has
// been used or as rendered speech.
func (c *Cache) Ready(lang, text string) bool {
	identity := c.Engine.Identity(lang)
	if rec, ok := c.Recordings.find(lang, text); ok {
		identity = rec.identity
	}
	ready, err := c.there(hash(identity, lang, text))
	return ready && err == nil
}

func (c *Cache) complain(identity string, err error) {
	c.mu.Lock()
	known := c.faulty[identity]
	c.faulty[identity] = true
	c.mu.Unlock()
	if !known && c.Faulty != nil {
		c.Faulty(err)
	}
}

// hash is the content address of a sound.
func hash(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(h, "%d:%s,", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// there says whether a sound has all its files.
func (c *Cache) there(name string) (bool, error) {
	for _, f := range c.Formats {
		if _, err := os.Stat(c.path(name, f)); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				err = nil
			}
			return false, err
		}
	}
	return true, nil
}

func (c *Cache) path(name string, f Format) string { return filepath.Join(c.Dir, name+"."+string(f)) }

// ensure returns when the files are there. Whoever comes first starts the
// rendering; it does not end with their ctx, because others may wait for it.
func (c *Cache) ensure(ctx context.Context, name, text string, make func() (Sound, error)) error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return ErrClosed
	}
	f := c.flying[name]
	if f == nil {
		if ready, err := c.there(name); ready || err != nil {
			c.touch(name)
			c.mu.Unlock()
			return err
		}
		f = newFlight()
		c.flying[name] = f
		c.busy.Go(func() { c.fly(f, name, text, make) })
	}
	c.mu.Unlock()
	select {
	case <-f.done:
		return f.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func newFlight() *flight { return &flight{done: make(chan struct{})} }

func (c *Cache) fly(f *flight, name, text string, make func() (Sound, error)) {
	f.err = c.produce(name, text, make)
	c.mu.Lock()
	delete(c.flying, name)
	if f.err == nil {
		c.touched[name] = time.Now()
	}
	c.mu.Unlock()
	close(f.done)
}

func (c *Cache) produce(name, text string, make func() (Sound, error)) error {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-c.life.Done():
		return ErrClosed
	}
	sound, err := make()
	if c.life.Err() != nil {
		return ErrClosed
	}
	if err != nil {
		return err
	}
	if _, ok := c.Engine.(Marks); ok {
		// Before the sound, so that no sound is ever heard that the lexicon lacks.
		if err := writeFile(filepath.Join(c.Dir, name+".txt"), []byte(text)); err != nil {
			return err
		}
	}
	finished := map[int][]int16{} // by rate
	for _, f := range c.Formats {
		if finished[f.rate()] == nil {
			if finished[f.rate()], err = finish(sound, f.rate()); err != nil {
				return err
			}
		}
		data, err := encode(finished[f.rate()], f)
		if err != nil {
			return err
		}
		if err := writeFile(c.path(name, f), data); err != nil {
			return err
		}
	}
	return nil
}

// speak asks the engine, unless it has failed too often of late.
func (c *Cache) speak(lang, text string) (Sound, error) {
	if err := c.breaker.enter(time.Now()); err != nil {
		return Sound{}, err
	}
	sound, err := c.Engine.Render(c.life, lang, text)
	ours := c.life.Err() != nil
	c.breaker.leave(time.Now(), err, !ours)
	c.counts.rendered(err, ours)
	return sound, err
}
