package controller

import (
	"context"
	"fmt"
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
	p := s.c.policyOf(cb.Hotline)
	who := cb.Callee()
	if p.Capped() {
		p.Facts = s.ledger.Facts(who, p.CostGroupsOf(cb.Number))
	}
	for i := 0; i < len(s.staged) && p.Capped(); i++ {
		ch := s.staged[i]
		if dials(ch.before, ch.p) {
			last, _ := ch.p.cb.Last()
			p.Facts = p.Facts.With(who, ch.p.cb.Callee(), ch.groups, last.At)
		}
	}
	p.Facts.Listed = s.c.opts.Callbacks.DoNotCall != nil && s.c.opts.Callbacks.DoNotCall(cb.Number)
	p.Facts.Paused = s.pauses[cb.Queue]
	p.Facts.InFlight, p.Facts.InCampaign = s.flying.ofQueue[cb.Queue], s.flying.ofCampaign[cb.Campaign]
	if cb.InFlight() {
		p.Facts.InFlight-- // the others
		p.Facts.InCampaign--
	}
	return p
}

// dials says whether a change, which is not on disk yet, begins an attempt.
func dials(before callback.Callback, p *promise) bool {
	return p != nil && len(p.cb.Attempts) > len(before.Attempts)
}

// groups are the cost groups of a promise's number.
func (s *promises) groups(cb callback.Callback) []string {
	return s.c.policyOf(cb.Hotline).CostGroupsOf(cb.Number)
}

// count keeps in mind who is being called, from when it is decided.
func (s *promises) count(before, after callback.Callback) {
	if before.InFlight() {
		s.flying.count(before, -1)
	}
	if after.InFlight() {
		s.flying.count(after, +1)
	}
}

// dialled keeps the figures for the caps after a step was stored.
func (s *promises) dialled(before, after callback.Callback) {
	if last, ok := after.Last(); ok && len(after.Attempts) > len(before.Attempts) {
		s.ledger.Dialled(after.Callee(), s.groups(after), last.At)
	}
}

// flying counts customers who are being called or wait for the agent.
type flying struct{ ofQueue, ofCampaign map[string]int }

func (f flying) count(cb callback.Callback, n int) {
	add(f.ofQueue, cb.Queue, n)
	if cb.Campaign != "" {
		add(f.ofCampaign, cb.Campaign, n)
	}
}

// add keeps no zero: names of campaigns come from whoever asks.
func add(counts map[string]int, name string, n int) {
	if counts[name] += n; counts[name] == 0 {
		delete(counts, name)
	}
}

// page is how many entries of the journal are read at once.
const page = 10_000

// recall fills the ledger with the dials of the last day, from the journal. It
// runs before the promises' mailbox does.
func (s *promises) recall(ctx context.Context) error {
	capped := false
	var rules callback.Policy // cost groups are those of all hotlines
	for _, h := range s.c.hotlines.Load().byName {
		capped = capped || h.policy.Capped()
		rules = h.policy
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
			who := callback.Callee{Queue: ev.Queue}
			who.Number, _ = ev.Data["number"].(string)
			who.Campaign, _ = ev.Data["campaign"].(string)
			s.ledger.Dialled(who, rules.CostGroupsOf(who.Number), ev.At)
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
