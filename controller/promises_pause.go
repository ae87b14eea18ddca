package controller

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
)

// Pauses: an operator's order to dial nobody for a queue. The promises own them,
// and the rule "paused" keeps to them.

// CallbackPauses lists the queues for which nobody is dialled by order, by name.
func (c *Controller) CallbackPauses(ctx context.Context) ([]callback.Pause, error) {
	return ask(ctx, c.promises.box, func() []callback.Pause {
		all := slices.Collect(maps.Values(c.promises.pauses))
		slices.SortFunc(all, func(a, b callback.Pause) int { return cmp.Compare(a.Queue, b.Queue) })
		return all
	})
}

// PauseCallbacks orders that nobody is dialled for a queue until ResumeCallbacks.
// Promises are made as before and keep their places; whoever is being called is
// called on. It gives the pause that stands, and whether it stood before. It
// returns an error that wraps ErrUnknownQueue, or that of the store.
func (c *Controller) PauseCallbacks(ctx context.Context, queue, by, why string) (callback.Pause, bool, error) {
	if c.lines[queue] == nil {
		return callback.Pause{}, false, fmt.Errorf("queue %q: %w", queue, ErrUnknownQueue)
	}
	return c.orderPause(ctx, callback.Pause{Queue: queue, On: true, By: by, Why: why})
}

// ResumeCallbacks lifts a pause; all whom it held up are looked at again at once.
// It gives the pause that was lifted, and whether there was none any more. It
// returns an error that wraps ErrUnknownQueue, or that of the store.
func (c *Controller) ResumeCallbacks(ctx context.Context, queue, by, why string) (callback.Pause, bool, error) {
	return c.orderPause(ctx, callback.Pause{Queue: queue, By: by, Why: why})
}

func (c *Controller) orderPause(ctx context.Context, order callback.Pause) (callback.Pause, bool, error) {
	var already bool
	var failed error
	stands, err := ask(ctx, c.promises.box, func() callback.Pause {
		var stands callback.Pause
		stands, already, failed = c.promises.pause(order)
		return stands
	})
	if err != nil {
		return callback.Pause{}, false, err
	}
	return stands, already, failed
}

// pause carries an order out, or says that things stand so already.
func (s *promises) pause(order callback.Pause) (stands callback.Pause, already bool, err error) {
	now := s.now()
	before, on := s.pauses[order.Queue]
	switch {
	case order.On == on && !on && s.c.lines[order.Queue] == nil:
		return callback.Pause{}, false, fmt.Errorf("queue %q: %w", order.Queue, ErrUnknownQueue)
	case order.On == on && !on:
		return callback.Pause{Queue: order.Queue}, true, nil
	case order.On == on:
		return before, true, nil
	}
	order.Since = now
	ev := store.Event{At: now, Type: "callback.paused", Queue: order.Queue, Data: map[string]any{"by": order.By, "why": order.Why}}
	if !order.On {
		ev = store.Event{At: now, Type: "callback.resumed", Queue: order.Queue, Data: map[string]any{
			"by": order.By, "why": order.Why, "paused_s": int(now.Sub(before.Since).Seconds()),
		}}
	}
	if err := s.c.commit(store.Batch{Pauses: []callback.Pause{order}, Events: []store.Event{ev}}); err != nil {
		return before, false, err
	}
	if order.On {
		s.pauses[order.Queue], stands = order, order
	} else {
		delete(s.pauses, order.Queue)
		stands = before
	}
	s.c.met.paused(order.Queue, order.On)
	s.lookAgain(order.Queue)
	return stands, false, nil
}

// lookAgain has the promises of a queue that wait hold themselves against the rules
// anew, one after another, so that others are not kept waiting. Those whose time
// comes during a pause hold their place, so none of them sleeps on disk.
func (s *promises) lookAgain(queue string) {
	for id, p := range s.all {
		if p.cb.Queue == queue && p.cb.State == callback.Waiting {
			s.send(id, callback.Tick{})
		}
	}
}

// takePauses takes over the pauses of the last run, before the mailbox runs.
func (s *promises) takePauses(pauses []callback.Pause) {
	for _, p := range pauses {
		s.pauses[p.Queue] = p
		s.c.met.paused(p.Queue, true)
	}
}
