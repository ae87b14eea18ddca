package share

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// Files makes the sound of a text and gives its name; voice.Cache is one.
type Files interface {
	File(ctx context.Context, lang, text string) (name string, err error)
}

// manyKnown bounds how many addresses are remembered as fetched.
const manyKnown = 20_000

// fetchesAtOnce bounds how many sounds the switch is made to fetch at a time.
const fetchesAtOnce = 8

// Delivery is a voice whose sounds the switch has before it plays them. It is safe
// for concurrent use.
type Delivery struct {
	files  Files
	links  *Links
	fetch  func(context.Context, telephony.Media) error
	failed func(error)
	slots  chan struct{}

	mu    sync.Mutex
	known map[telephony.Media]*fetching
}

// fetching is over when done is closed.
type fetching struct {
	done chan struct{}
	ok   bool
}

// NewDelivery makes a voice of files. fetch makes the switch get a sound and
// blocks until it has; failed hears why one could not be fetched ahead.
func NewDelivery(files Files, links *Links, fetch func(context.Context, telephony.Media) error, failed func(error)) *Delivery {
	return &Delivery{
		files: files, links: links, fetch: fetch, failed: failed,
		slots: make(chan struct{}, fetchesAtOnce), known: map[telephony.Media]*fetching{},
	}
}

// Media gives the address of a text's sound when the switch has fetched it. What
// cannot be fetched ahead is fetched when it is played: it begins late then, whole.
func (d *Delivery) Media(ctx context.Context, lang, text string) (telephony.Media, error) {
	name, err := d.files.File(ctx, lang, text)
	if err != nil {
		return "", err
	}
	media := d.links.Media(name, time.Now())
	d.Prepare(ctx, name)
	return media, nil
}

// Prepare has the switch fetch a sound unless it did, and says whether it has it.
// Of those who want the same sound at once only one asks the switch.
func (d *Delivery) Prepare(ctx context.Context, name string) bool {
	media := d.links.Media(name, time.Now())
	d.mu.Lock()
	f := d.known[media]
	mine := f == nil
	if mine {
		if len(d.known) >= manyKnown {
			clear(d.known)
		}
		f = &fetching{done: make(chan struct{})}
		d.known[media] = f
	}
	d.mu.Unlock()
	if mine {
		d.ask(ctx, media, f)
		return f.ok
	}
	select {
	case <-f.done:
		return f.ok
	case <-ctx.Done():
		return false
	}
}

func (d *Delivery) ask(ctx context.Context, media telephony.Media, f *fetching) {
	defer close(f.done)
	err := d.take(ctx)
	if err == nil {
		err = d.fetch(ctx, media)
		<-d.slots
	}
	if f.ok = err == nil; f.ok {
		return
	}
	d.mu.Lock()
	delete(d.known, media) // the next one asks again
	d.mu.Unlock()
	if d.failed != nil && ctx.Err() == nil {
		d.failed(fmt.Errorf("have the switch fetch a sound: %w", err))
	}
}

func (d *Delivery) take(ctx context.Context) error {
	select {
	case d.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
