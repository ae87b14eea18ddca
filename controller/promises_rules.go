package controller

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// What the rules of callbacks look at, and what follows when they delay a call
// or when the customer was served otherwise.

// policy is that of a promise's hotline, with what is known at this moment.
func (s *promises) policy(cb callback.Callback) callback.Policy {
	p := s.c.opts.Callbacks.Policies[cb.Hotline]
	p.Facts = callback.Facts{
		Listed:   s.c.opts.Callbacks.DoNotCall != nil && s.c.opts.Callbacks.DoNotCall(cb.Number),
		ToNumber: s.withStaged(s.ledger.ToNumber(cb.Number), func(to callback.Callback) bool { return to.Number == cb.Number }),
		OfQueue:  s.withStaged(s.ledger.OfQueue(cb.Queue), func(to callback.Callback) bool { return to.Queue == cb.Queue }),
		InFlight: s.flying[cb.Queue],
	}
	if cb.InFlight() {
		p.Facts.InFlight-- // the others
	}
	return p
}

// withStaged adds the dials of promises like this that are decided and not on disk
// yet to earlier ones.
func (s *promises) withStaged(dials []time.Time, like func(callback.Callback) bool) []time.Time {
	dials = slices.Clip(dials)
	for _, ch := range s.staged {
		if ch.p == nil || len(ch.p.cb.Attempts) == len(ch.before.Attempts) {
			continue
		}
		if last, ok := ch.p.cb.Last(); ok && like(ch.p.cb) {
			dials = append(dials, last.At)
		}
	}
	return dials
}

// count keeps in mind who is being called, from when it is decided.
func (s *promises) count(before, after callback.Callback) {
	if before.InFlight() {
		s.flying[before.Queue]--
	}
	if after.InFlight() {
		s.flying[after.Queue]++
	}
}

// dialled keeps the figures for the caps after a step was stored.
func (s *promises) dialled(before, after callback.Callback) {
	if last, ok := after.Last(); ok && len(after.Attempts) > len(before.Attempts) {
		s.ledger.Dialled(after.Number, after.Queue, last.At)
	}
}

// page is how many entries of the journal are read at once.
const page = 10_000

// recall fills the ledger with the dials of the last day, from the journal. It
// runs before the promises' mailbox does.
func (s *promises) recall(ctx context.Context) error {
	capped := false
	for _, p := range s.c.opts.Callbacks.Policies {
		capped = capped || p.Caps != (callback.Caps{})
	}
	since := time.Now().Add(-24 * time.Hour)
	for after, more := int64(0), capped; more; {
		events, err := s.c.opts.Store.Events(ctx, store.EventFilter{
			Type: callback.NoteDialling, Since: since, AfterSeq: after, Limit: page,
		})
		if err != nil {
			return fmt.Errorf("controller: read who was dialled within the last day: %w", err)
		}
		for _, ev := range events {
			number, _ := ev.Data["number"].(string)
			s.ledger.Dialled(number, ev.Queue, ev.At)
			after = ev.Seq
		}
		more = len(events) == page
	}
	return nil
}

// hold keeps the place of a promise out of the line whose call is delayed from
// the beginning, and looks again when the delay is over. Any other promise is
// looked at again when the hours end.
func (s *promises) hold(p *promise, by callback.Policy) {
	if p.cb.NotBefore.IsZero() {
		if ends := by.Closes(p.cb.Callee(), p.cb.AskedAt); !ends.IsZero() {
			s.wake(p, ends)
		}
		return
	}
	if p.cb.Placed {
		s.c.line(p.cb.Queue).ifHeld(p.cb.PlaceID, "", p.cb.ID, queues.Rest{PlaceID: p.cb.PlaceID})
	}
	s.wake(p, p.cb.NotBefore)
}

// servedBy closes the promises to a customer who talks with an agent of the
// queue by a call of their own.
func (s *promises) servedBy(call, number, account, queue string) {
	s.box.post(func() {
		ctx, cancel := context.WithTimeout(s.c.ctx, storeTimeout)
		defer cancel()
		open, err := s.openTo(ctx, number, account)
		if err != nil {
			s.c.log.Error("promises to a customer who is being served cannot be read; they stand", zap.String("call", call), zap.Error(err))
			return
		}
		for _, cb := range open {
			s.with(cb.ID, errand{task: func(p *promise) {
				if p.cb.ServedBy(number, account, queue) {
					s.step(p, callback.Cancel{By: callback.ByService, Why: "call " + call})
				}
			}})
		}
	})
}
