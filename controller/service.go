package controller

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// What the API asks of the daemon. Every method is safe for concurrent use and
// blocks until the owner of what is asked for has answered or ctx ends.

// ErrUnknownQueue and ErrUnknownHotline say that nothing of that name is configured.
var (
	ErrUnknownQueue   = errors.New("no such queue")
	ErrUnknownHotline = errors.New("the hotline is not known")
)

// RefusedError is a promise that a rule forbids.
type RefusedError struct{ Refusal callback.Refusal }

func (e *RefusedError) Error() string { return e.Refusal.Message + "; " + e.Refusal.Remedy }

// Queues shows every queue, by name.
func (c *Controller) Queues(ctx context.Context) ([]queues.View, error) {
	var out []queues.View
	for _, name := range slices.Sorted(maps.Keys(c.lines)) {
		v, err := c.Queue(ctx, name)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// Queue shows one queue; ErrUnknownQueue if there is none of this name.
func (c *Controller) Queue(ctx context.Context, name string) (queues.View, error) {
	l := c.lines[name]
	if l == nil {
		return queues.View{}, fmt.Errorf("queue %q: %w", name, ErrUnknownQueue)
	}
	return ask(ctx, l.box, func() queues.View { return l.q.View(name, time.Now()) })
}

// Call finds a call by id; store.ErrNotFound if there is none.
func (c *Controller) Call(ctx context.Context, id string) (store.Call, error) {
	return c.opts.Store.Call(ctx, id)
}

// Calls lists calls, the newest first.
func (c *Controller) Calls(ctx context.Context, f store.CallFilter) ([]store.Call, error) {
	return c.opts.Store.Calls(ctx, f)
}

// Callback finds a promise by id; store.ErrNotFound if there is none.
func (c *Controller) Callback(ctx context.Context, id string) (callback.Callback, error) {
	return c.opts.Store.Callback(ctx, id)
}

// Callbacks lists promises, the newest first.
func (c *Controller) Callbacks(ctx context.Context, f store.CallbackFilter) ([]callback.Callback, error) {
	return c.opts.Store.Callbacks(ctx, f)
}

// Events lists journal entries, the oldest first.
func (c *Controller) Events(ctx context.Context, f store.EventFilter) ([]store.Event, error) {
	return c.opts.Store.Events(ctx, f)
}

// Why tells the story of a promise in plain sentences, oldest first, with the
// times of the machine's own zone.
func (c *Controller) Why(ctx context.Context, id string) ([]string, error) {
	cb, err := c.opts.Store.Callback(ctx, id)
	if err != nil {
		return nil, err
	}
	events, err := c.opts.Store.Events(ctx, store.EventFilter{Callback: id})
	if err != nil {
		return nil, err
	}
	told := make([]callback.WhyEvent, 0, len(events))
	for _, ev := range events {
		told = append(told, callback.WhyEvent{At: ev.At.Local(), Type: ev.Type, Data: ev.Data})
	}
	return callback.Why(cb, told), nil
}

// Health says what works now.
type Health struct {
	Switch bool `json:"switch"` // calls can be heard and told what to do
	Queues bool `json:"queues"` // the switch has told how its queues stand
	Store  bool `json:"store"`  // records can be read
}

// Ready says whether everything works.
func (h Health) Ready() bool { return h.Switch && h.Queues && h.Store }

// Health looks at the parts.
func (c *Controller) Health(ctx context.Context) Health {
	h, err := ask(ctx, c.main, func() Health { return Health{Switch: c.linked, Queues: c.feedUp || c.opts.Feed == nil} })
	if err != nil {
		return Health{}
	}
	_, err = c.opts.Store.Calls(ctx, store.CallFilter{Limit: 1})
	h.Store = err == nil
	return h
}
