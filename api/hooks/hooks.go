package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony/backoff"
)

// Journal is what hooks need of a store.Store.
type Journal interface {
	Events(ctx context.Context, f store.EventFilter) ([]store.Event, error)
	Callback(ctx context.Context, id string) (callback.Callback, error)
	Cursor(ctx context.Context, reader string) (int64, error)
	Commit(ctx context.Context, b store.Batch) error
}

// Hook is somebody who wants to hear of some entries.
type Hook struct {
	Name   string        // of its cursor: a hook with another name begins anew
	On     []string      // types of entries, exact or a prefix that ends with "."
	Send   Sender        //
	GiveUp time.Duration // an entry that could not be sent for so long is passed over; 0 stands for DefaultGiveUp
}

// DefaultGiveUp is how long is tried to send an entry.
const DefaultGiveUp = 24 * time.Hour

// Body is what a hook is sent.
type Body struct {
	Hook     string        `json:"hook"`
	Event    api.Event     `json:"event"`
	Callback *api.Callback `json:"callback"` // as it is by now; null when there is none
}

// Options are the parts of Run.
type Options struct {
	Journal  Journal
	Hooks    []Hook
	Registry prometheus.Registerer // nil: no metrics
	// Failed hears of each failure; nil for nobody.
	Failed func(hook string, err error)
}

// How the journal is read: often enough that a notice comes at once for people.
const (
	poll      = 500 * time.Millisecond
	page      = 200
	passed    = 2000 // entries that nobody wants are skipped so many at a time before the cursor is moved
	firstWait = time.Second
	longWait  = 5 * time.Minute
)

// Runner sends what hooks want.
type Runner struct {
	o       Options
	sent    *prometheus.CounterVec
	failed  *prometheus.CounterVec
	skipped *prometheus.CounterVec
	behind  *prometheus.GaugeVec
}

// New prepares a runner.
func New(o Options) (*Runner, error) {
	if o.Failed == nil {
		o.Failed = func(string, error) {}
	}
	counter := func(name, help string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{"hook"})
	}
	r := &Runner{
		o:       o,
		sent:    counter("linekeeper_hook_sent_total", "Entries that a hook took."),
		failed:  counter("linekeeper_hook_failed_total", "Tries to send an entry to a hook that failed."),
		skipped: counter("linekeeper_hook_skipped_total", "Entries that a hook never took."),
		behind: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "linekeeper_hook_behind_seconds", Help: "Age of the entry that a hook has yet to take; 0 when there is none.",
		}, []string{"hook"}),
	}
	for _, c := range []prometheus.Collector{r.sent, r.failed, r.skipped, r.behind} {
		if o.Registry == nil {
			break
		}
		if err := o.Registry.Register(c); err != nil {
			return nil, err
		}
	}
	for _, h := range o.Hooks {
		r.behind.WithLabelValues(h.Name).Set(0)
	}
	return r, nil
}

// Run sends until ctx ends, then returns nil. It may be called once.
func (r *Runner) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	for _, h := range r.o.Hooks {
		wg.Go(func() { (&reader{r: r, h: h}).run(ctx) })
	}
	<-ctx.Done()
	wg.Wait()
	return nil
}

// reader is one hook at work.
type reader struct {
	r     *Runner
	h     Hook
	seq   int64 // up to which entries are done with
	saved int64 // that the store knows of
}

func (d *reader) name() string { return "hook:" + d.h.Name }

func (d *reader) run(ctx context.Context) {
	for failures := 0; ; {
		more, err := d.turn(ctx)
		if err != nil && ctx.Err() == nil {
			d.r.o.Failed(d.h.Name, err)
			if !backoff.Sleep(ctx, backoff.FullJitter(firstWait, longWait, failures)) {
				break
			}
			failures++
			continue
		}
		failures = 0
		if ctx.Err() != nil || !more && !backoff.Sleep(ctx, poll) {
			break
		}
	}
	// What was sent just now need not be sent again after a restart.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := d.save(last); err != nil {
		d.r.o.Failed(d.h.Name, err)
	}
}

// turn reads a page of the journal and sends what is wanted of it; more says that
// others are there already.
func (d *reader) turn(ctx context.Context) (more bool, err error) {
	if d.seq == 0 {
		if err := d.begin(ctx); err != nil {
			return false, err
		}
	}
	events, err := d.r.o.Journal.Events(ctx, store.EventFilter{AfterSeq: d.seq, Limit: page})
	if err != nil {
		return false, fmt.Errorf("read the journal: %w", err)
	}
	sent := false
	for _, ev := range events {
		if d.wants(ev) {
			if err := d.deliver(ctx, ev); err != nil {
				return false, err
			}
			sent = true
		}
		d.seq = ev.Seq
	}
	if sent || d.seq-d.saved >= passed {
		err = d.save(ctx)
	}
	return len(events) == page, err
}

// begin finds where the hook left off. One that is new hears of what comes from now on.
func (d *reader) begin(ctx context.Context) error {
	seq, err := d.r.o.Journal.Cursor(ctx, d.name())
	if err != nil {
		return err
	}
	d.seq, d.saved = seq, seq
	if seq > 0 {
		return nil
	}
	newest, err := d.r.o.Journal.Events(ctx, store.EventFilter{Newest: 1, Limit: 1})
	if err != nil {
		return fmt.Errorf("read the end of the journal: %w", err)
	}
	if len(newest) > 0 {
		d.seq = newest[0].Seq
		return d.save(ctx)
	}
	return nil
}

func (d *reader) save(ctx context.Context) error {
	if d.seq == d.saved {
		return nil
	}
	if err := d.r.o.Journal.Commit(ctx, store.Batch{Cursors: []store.Cursor{{Reader: d.name(), Seq: d.seq}}}); err != nil {
		return fmt.Errorf("store how far the journal was read: %w", err)
	}
	d.saved = d.seq
	return nil
}

// wants says whether an entry is on the list, or names this hook.
func (d *reader) wants(ev store.Event) bool {
	typ := ev.Type
	if typ == "message.left" && ev.Data["hook"] == d.h.Name {
		return true
	}
	for _, on := range d.h.On {
		if typ == on || strings.HasSuffix(on, ".") && strings.HasPrefix(typ, on) {
			return true
		}
	}
	return false
}

// deliver sends an entry until it is taken, or until it is given up. The error is
// that of ctx, or one of the store.
func (d *reader) deliver(ctx context.Context, ev store.Event) error {
	giveUp := d.h.GiveUp
	if giveUp == 0 {
		giveUp = DefaultGiveUp
	}
	begun := time.Now()
	for attempt := 0; ; attempt++ {
		d.r.behind.WithLabelValues(d.h.Name).Set(max(time.Since(ev.At).Seconds(), 0))
		m, err := d.message(ctx, ev)
		if err != nil {
			return err
		}
		err = d.h.Send.Send(ctx, m)
		switch {
		case err == nil:
			d.r.sent.WithLabelValues(d.h.Name).Inc()
			d.r.behind.WithLabelValues(d.h.Name).Set(0)
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		}
		d.r.failed.WithLabelValues(d.h.Name).Inc()
		d.r.o.Failed(d.h.Name, fmt.Errorf("entry %d, %s: %w", ev.Seq, ev.Type, err))
		if time.Since(begun) >= giveUp {
			d.r.skipped.WithLabelValues(d.h.Name).Inc()
			d.r.o.Failed(d.h.Name, fmt.Errorf("entry %d, %s is passed over: it could not be sent for %s", ev.Seq, ev.Type, giveUp))
			return nil
		}
		if !backoff.Sleep(ctx, firstWait/2+backoff.FullJitter(firstWait, longWait, attempt)) {
			return ctx.Err()
		}
	}
}

func (d *reader) message(ctx context.Context, ev store.Event) (Message, error) {
	body := Body{Hook: d.h.Name, Event: ev}
	body.Event.At = ev.At.UTC()
	if ev.Callback != "" {
		cb, err := d.r.o.Journal.Callback(ctx, ev.Callback)
		switch {
		case err == nil:
			shown := api.ShowCallback(cb)
			body.Callback = &shown
		case !errors.Is(err, store.ErrNotFound): // refused requests have an id and no promise
			return Message{}, fmt.Errorf("read the promise of an entry: %w", err)
		}
	}
	data, err := json.Marshal(body)
	if err != nil {
		return Message{}, fmt.Errorf("write an entry: %w", err)
	}
	return Message{ID: d.h.Name + "-" + strconv.FormatInt(ev.Seq, 10), Body: data}, nil
}
