package controller

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// How a promise is made.

// askRequest is what a caller or an operator asks for.
type askRequest struct {
	callback.Request     // ID is made; an empty PlaceID asks for a new place
	Ahead            int // in line when it was asked for
}

type askReply struct {
	Callback callback.Callback
	Existing bool // Callback was asked for before with the same key; it may be closed
	Refusal  *callback.Refusal
	// NotBefore is that of the promise, by the customer's clock.
	NotBefore time.Time
}

// ask makes a promise and calls back with it or with the refusal, in the promises'
// mailbox and once it is on disk. A promise that could not be stored is refused:
// nothing is promised that a restart forgets.
func (s *promises) ask(r askRequest, reply func(askReply)) {
	s.box.post(func() { s.make(r, reply) })
}

func (s *promises) make(r askRequest, reply func(askReply)) {
	if s.c.line(r.Queue) == nil {
		reply(askReply{Refusal: &callback.Refusal{
			Rule: callback.RuleRequest, Message: fmt.Sprintf("there is no queue %q", r.Queue), Remedy: "name a queue of the configuration",
		}})
		return
	}
	// What stands in the way may be in the same commit: then its fate decides.
	if other := s.beingMade(r.Request); other != nil {
		s.with(other.cb.ID, errand{
			task: func(*promise) { s.make(r, reply) },
			none: func(error) { s.make(r, reply) },
		})
		return
	}
	known, open, err := s.standing(r.Request)
	switch {
	case err != nil:
		s.c.log.Error("a promise is refused because others cannot be read", zap.Error(err))
		reply(askReply{Refusal: notStored(err)})
		return
	case known != nil:
		reply(askReply{Callback: *known, Existing: true})
		return
	}
	now := s.now()
	req := r.Request
	req.ID, req.Position = newID("b", now), r.Ahead+1
	if req.KeepPlace = req.PlaceID != ""; !req.KeepPlace {
		req.PlaceID, req.Position = newID("p", now), 0
	}
	if err := s.room(&req); err != nil {
		s.c.log.Error("a promise is refused because others cannot be counted", zap.Error(err))
		reply(askReply{Refusal: notStored(err)})
		return
	}
	if req.Campaign == "" {
		req.Campaign = s.c.policyOf(r.Hotline).Campaign
	}
	p := s.policy(callback.Callback{Number: r.Number, Queue: r.Queue, Hotline: r.Hotline, Campaign: req.Campaign})
	cb, refusal := callback.Ask(req, p, open, now)
	if refusal != nil {
		n := callback.RefusedNote(req, *refusal, now)
		s.stage(&change{
			batch: store.Batch{Events: []store.Event{{
				At: n.At, Type: n.Type, Call: r.CallID, Callback: n.CallbackID, Queue: r.Queue, Data: n.Data,
			}}},
			reply: func(error) { reply(askReply{Refusal: refusal}) }, // the log has the error
		}, callback.Callback{})
		return
	}
	s.c.at(StepAskedDecided, cb.ID)
	b := store.Batch{
		Callbacks: []callback.Callback{cb},
		Events:    []store.Event{s.note(cb, callback.AskedNote(cb, req))},
	}
	if n, delayed := callback.DelayedNote(cb, p); delayed {
		b.Events = append(b.Events, s.note(cb, n))
	}
	made := &promise{cb: cb}
	s.keep(made)
	s.stage(&change{
		p: made, made: true, at: StepAskedStored, batch: b,
		then: func() {
			s.handOver(made, req.KeepPlace, p)
			s.c.at(StepAskedHanded, cb.ID)
		},
		reply: func(err error) {
			if err != nil {
				reply(askReply{Refusal: notStored(err)})
				return
			}
			answer := askReply{Callback: cb}
			if !cb.NotBefore.IsZero() && cb.DelayedBy != callback.RulePaused { // nobody knows when a pause ends
				answer.NotBefore = cb.NotBefore.In(p.Clock(cb.Callee()))
			}
			reply(answer)
			s.c.at(StepAskedTold, cb.ID)
		},
	}, cb)
}

// handOver tells the line about a new promise.
func (s *promises) handOver(p *promise, keepPlace bool, by callback.Policy) {
	switch l := s.c.line(p.cb.Queue); {
	case keepPlace:
		l.apply(queues.Convert{PlaceID: p.cb.PlaceID, CallbackID: p.cb.ID})
	case p.cb.Placed:
		l.apply(queues.Take{Place: placeOf(p.cb), Hold: true})
	}
	s.hold(p, by)
}

// RuleStore is the rule of what is refused because it could not be stored.
const RuleStore callback.Rule = dialplan.RuleStore

func notStored(err error) *callback.Refusal {
	return &callback.Refusal{
		Rule: RuleStore, Message: "the promise could not be stored: " + err.Error(), Remedy: "see the daemon's log; free disk space or repair the database",
	}
}

// beingMade finds the promise in the next commit that may stand in the way of a
// request.
func (s *promises) beingMade(r callback.Request) *promise {
	for _, ch := range s.staged {
		if !ch.made {
			continue
		}
		cb := ch.p.cb
		if r.Key != "" && cb.Key == r.Key || cb.Number == r.Number || r.Account != "" && cb.Account == r.Account {
			return ch.p
		}
	}
	return nil
}

// standing finds what was promised before: with the same key, and what is open to
// the same customer.
func (s *promises) standing(r callback.Request) (known *callback.Callback, open []callback.Callback, err error) {
	ctx, cancel := context.WithTimeout(s.c.ctx, storeTimeout)
	defer cancel()
	if r.Key != "" {
		cb, err := s.c.opts.Store.CallbackByKey(ctx, r.Key)
		switch {
		case err == nil:
			cb = s.newest(cb)
			return &cb, nil, nil
		case !errors.Is(err, store.ErrNotFound):
			return nil, nil, fmt.Errorf("find the promise of a key: %w", err)
		}
	}
	open, err = s.openTo(ctx, r.Number, r.Account)
	return nil, open, err
}

// openTo lists the open promises to a customer, as they are now.
func (s *promises) openTo(ctx context.Context, number, account string) ([]callback.Callback, error) {
	open, err := s.c.opts.Store.OpenTo(ctx, number, account)
	if err != nil {
		return nil, fmt.Errorf("find the promises to %s: %w", number, err)
	}
	for i, cb := range open {
		open[i] = s.newest(cb)
	}
	return open, nil
}

// newest is a promise as it is to be once what is staged is on disk.
func (s *promises) newest(cb callback.Callback) callback.Callback {
	if p := s.all[cb.ID]; p != nil {
		return p.cb
	}
	return cb
}
