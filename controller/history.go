package controller

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/store"
)

const (
	historyTimeout = 300 * time.Millisecond // the greeting waits for it
	historyDepth   = 100                    // calls and promises that are looked at, the newest
)

// earlier finds the calls of a person before one call, and the promises, the
// newest first. Nobody in particular has none.
func (c *Controller) earlier(ctx context.Context, of store.Person, than store.Call, limit int) ([]store.Call, []callback.Callback, error) {
	if of == (store.Person{}) {
		return nil, nil, nil
	}
	calls, err := c.opts.Store.Calls(ctx, store.CallFilter{Of: of, Limit: limit + 1})
	if err != nil {
		return nil, nil, err
	}
	before := calls[:0]
	for _, call := range calls {
		if call.ID != than.ID && !call.StartedAt.After(than.StartedAt) && len(before) < limit {
			before = append(before, call)
		}
	}
	promises, err := c.opts.Store.Callbacks(ctx, store.CallbackFilter{Of: of, Limit: limit})
	return before, promises, err
}

// Past is what is remembered of a person.
type Past struct {
	History  callers.History     // by the clock of the hotline that was called last
	Calls    []store.Call        // the newest first, at most 10; one may still last
	Promises []callback.Callback // likewise
}

// Past tells what is remembered of a person now; nothing of somebody who never
// called and was promised nothing.
func (c *Controller) Past(ctx context.Context, of store.Person) (Past, error) {
	now := time.Now()
	calls, promises, err := c.earlier(ctx, of, store.Call{StartedAt: now}, historyDepth)
	if err != nil {
		return Past{}, fmt.Errorf("find the calls of a person: %w", err)
	}
	zone := time.UTC
	if len(calls) > 0 {
		zone = c.clockOf(calls[0].Hotline)
	}
	return Past{
		History: remembered(calls, promises, now.In(zone)), Calls: calls[:min(len(calls), cardDepth)], Promises: promises[:min(len(promises), cardDepth)],
	}, nil
}

// clockOf is the clock of a hotline, UTC when there is no such hotline any more.
func (c *Controller) clockOf(hotline string) *time.Location {
	if doc := c.hotline(hotline); doc != nil {
		return doc.Clock()
	}
	return time.UTC
}

// memory gives a function that tells what is known of who calls, for documents to
// go by; account "" is whoever has the number. It may be used by any goroutine. A
// store that does not answer in time costs the caller nothing but that.
func (k *call) memory() func(account string) callers.History {
	rec, zone := k.rec, k.doc.Clock()
	return func(account string) callers.History {
		ctx, cancel := context.WithTimeout(k.c.ctx, historyTimeout)
		defer cancel()
		calls, promises, err := k.c.earlier(ctx, store.Person{Number: rec.State.ANI, Account: account}, rec, historyDepth)
		if err != nil {
			k.c.log.Warn("earlier calls could not be looked up; the hotline goes on as if there were none", zap.String("call", rec.ID), zap.Error(err))
			return callers.History{}
		}
		return remembered(calls, promises, rec.StartedAt.In(zone))
	}
}

// remembered sums up earlier calls and promises, the newest first, at the time of
// a call on the hotline's clock.
func remembered(calls []store.Call, promises []callback.Callback, now time.Time) callers.History {
	var h callers.History
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	for _, call := range calls {
		if call.Direction == store.DirectionIn {
			if !call.StartedAt.Before(midnight) {
				h.CallsToday++
			}
			if call.StartedAt.After(now.AddDate(0, 0, -7)) {
				h.CallsWeek++
			}
		}
		if h.LastAt.IsZero() {
			h.LastAt, h.LastResult = call.StartedAt, call.Result
		}
		if h.LastQueue == "" {
			h.LastQueue = call.Queue
		}
		if h.LastAgent == "" {
			h.LastAgent = call.Agent
		}
		if h.LastDisposition == "" && call.Disposition != nil {
			h.LastDisposition = call.Disposition.Code
		}
	}
	for _, cb := range promises {
		switch {
		case cb.Open():
			h.CallbacksOpen++
		case cb.State == callback.Done:
			h.CallbacksKept++
		}
	}
	return h
}
