package controller

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/callback"
)

// What operators ask of promises. Every method is safe for concurrent use and
// blocks until the promises' owner has answered or ctx ends.

// CancelCallback ends a promise. It is not an error if it is closed already:
// closed says so. It returns store.ErrNotFound for a promise that is not known.
func (c *Controller) CancelCallback(ctx context.Context, id, by, why string) (cb callback.Callback, closed bool, err error) {
	cb, err = c.OrderCallback(ctx, id, callback.Cancel{By: by, Why: why})
	var denied *DeniedError
	if errors.As(err, &denied) && denied.Already {
		return cb, true, nil
	}
	return cb, false, err
}

// OrderCallback gives a promise an event by which operators decide: Postpone,
// Hasten, Resolve or Cancel, and shows the promise as it is then. It returns
// store.ErrNotFound for a promise that is not known, *DeniedError with the promise
// if it stands in a state that the order does not fit (Already: it is over), or
// the error of the store, and then nothing changed.
func (c *Controller) OrderCallback(ctx context.Context, id string, ev callback.Event) (callback.Callback, error) {
	closed, orderErr := c.promises.order(ctx, id, ev)
	cb, err := c.opts.Store.Callback(ctx, id)
	switch {
	case err != nil:
		return callback.Callback{}, err
	case closed, errors.Is(orderErr, callback.ErrTransition):
		return cb, denied(cb, ev, orderErr)
	case orderErr != nil:
		return cb, fmt.Errorf("order about callback %s: %w", id, orderErr)
	}
	return cb, nil
}

// CustomerClock is the location by which times are told to the customer of a
// promise: their own zone where it is known, else that of the hotline's policy.
func (c *Controller) CustomerClock(cb callback.Callback) *time.Location {
	return c.policyOf(cb.Hotline).Clock(cb.Callee())
}

// denied says why an order does not fit a promise, and what does.
func denied(cb callback.Callback, ev callback.Event, err error) *DeniedError {
	say := func(format string, args ...any) *DeniedError {
		return &DeniedError{Message: fmt.Sprintf("callback %s is %s: ", cb.ID, cb.State) + fmt.Sprintf(format, args...), Already: !cb.Open()}
	}
	why := ""
	var refused *callback.TransitionError
	if errors.As(err, &refused) {
		why = refused.Why
	}
	_, resolves := ev.(callback.Resolve)
	switch {
	case !cb.Open():
		return say("it is over since %s; `linekeeper callback add %s` promises a new call", cb.EndedAt.UTC().Format(time.RFC3339), cb.Number)
	case cb.State == callback.Uncertain:
		return say("%s, with `linekeeper callback resolve %s reached`, failed or cancelled", why, cb.ID)
	case resolves:
		return say("only an uncertain one is resolved; `linekeeper callback cancel %s` ends any other", cb.ID)
	case cb.State == callback.Connected:
		return say("%s, and nothing is left to order", why)
	case cb.State == callback.Waiting:
		return say("%s; `linekeeper callback show %s` tells how it stands", why, cb.ID)
	}
	return say("%s; wait until that is over, or end it with `linekeeper callback cancel %s`", why, cb.ID)
}
