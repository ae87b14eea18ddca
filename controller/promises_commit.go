package controller

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
)

// Many steps share one commit. Each is decided, stored and acted upon in this
// order, and a promise takes part in a commit only once: what comes for it
// meanwhile waits until the step before was acted upon. So for each promise it is
// as if its steps were stored one by one.

// change is what was decided and is not on disk yet.
type change struct {
	p      *promise          // nil for entries of the journal alone
	made   bool              // the promise is new
	before callback.Callback // as it is on disk
	ev     callback.Event    // that changed it
	at     Step              // that it is at once it is stored
	batch  store.Batch
	cmds   []callback.Command
	groups []string        // cost groups of the number, when it is to be dialled
	then   func()          // after the commands
	reply  func(err error) // to who wants to know; without one the event is given again
}

// mostStaged is how many changes share a commit, so that none waits long for the others.
const mostStaged = 256

// stage puts a change into the next commit. The promise shows itself as it is to be
// from now on, for what is decided about others.
func (s *promises) stage(ch *change, after callback.Callback) {
	s.staged = append(s.staged, ch)
	if ch.p == nil {
		return
	}
	ch.p.busy, ch.p.cb = true, after
	if len(after.Attempts) > len(ch.before.Attempts) {
		ch.groups = s.groups(after)
	}
	s.count(ch.before, after)
	s.move(ch.p)
}

// move counts a promise for the queue that it is in now.
func (s *promises) move(p *promise) {
	if p.queue != p.cb.Queue {
		s.awake[p.queue]--
		s.awake[p.cb.Queue]++
		p.queue = p.cb.Queue
	}
}

// between runs after each task of the mailbox.
func (s *promises) between(last bool) {
	for last && len(s.staged) > 0 || len(s.staged) >= s.share {
		s.flush()
	}
	if last {
		s.arm()
	}
}

// flush commits what is staged. If that fails, each change is tried alone: one that
// cannot be written must not take the others with it.
func (s *promises) flush() {
	group := s.staged
	s.staged = nil
	var all store.Batch
	for _, ch := range group {
		all.Callbacks = append(all.Callbacks, ch.batch.Callbacks...)
		all.Events = append(all.Events, ch.batch.Events...)
	}
	err := s.c.commit(all)
	if err == nil {
		s.settle(group)
		return
	}
	alone := len(group) > 1 && !errors.Is(err, store.ErrFenced) && !errors.Is(err, context.DeadlineExceeded)
	for _, ch := range group {
		if alone {
			err = s.c.commit(ch.batch)
		}
		if err == nil || s.isStored(ch) {
			s.settle([]*change{ch})
		} else {
			s.undo(ch, err)
		}
	}
}

// settle acts upon changes that are on disk.
func (s *promises) settle(group []*change) {
	for _, ch := range group {
		s.c.met.stored(ch)
		if p := ch.p; p != nil {
			s.c.at(ch.at, p.cb.ID)
			p.busy = false
			s.dialled(ch.before, p.cb)
			s.learn(p.cb.Queue, ch.batch.Events)
		}
	}
	for _, ch := range group {
		s.act(ch)
	}
}

func (s *promises) act(ch *change) {
	p := ch.p
	if p != nil && !p.cb.NotBefore.Equal(ch.before.NotBefore) {
		p.pausing = pauses(p.cb, ch.ev)
	}
	for _, cmd := range ch.cmds {
		s.perform(p, cmd)
	}
	if p != nil && !p.cb.Open() {
		s.forget(p)
		s.closed.add(p.cb.ID, s.now())
	}
	if ch.then != nil {
		ch.then()
	}
	if ch.reply != nil {
		ch.reply(nil)
	}
	if p != nil {
		s.goOn(p)
	}
}

// pauses says whether NotBefore, which this event set, ends a pause of a certain
// length, and is no time that somebody chose or that a rule gave.
func pauses(cb callback.Callback, ev callback.Event) bool {
	_, chosen := ev.(callback.Postpone)
	return !cb.NotBefore.IsZero() && cb.DelayedBy == "" && ev != nil && !chosen
}

// goOn does what came for a promise while it was being stored.
func (s *promises) goOn(p *promise) {
	later := p.later
	p.later = nil
	for _, e := range later {
		s.with(p.cb.ID, e)
	}
	if !p.busy {
		s.settleDown(p)
	}
}

// isStored says whether a change is on disk although its commit failed: nobody knows
// what became of a commit whose answer is an error.
func (s *promises) isStored(ch *change) bool {
	if ch.p == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.c.ctx), storeTimeout)
	defer cancel()
	disk, err := s.c.opts.Store.Callback(ctx, ch.p.cb.ID)
	if err != nil {
		return false
	}
	is, err1 := json.Marshal(disk)
	want, err2 := json.Marshal(ch.p.cb)
	return err1 == nil && err2 == nil && bytes.Equal(is, want)
}

// undo makes a promise what it is on disk. Who waits for the answer hears the
// error; any other event is given to it again after a while.
func (s *promises) undo(ch *change, err error) {
	p := ch.p
	if p != nil {
		s.c.log.Error("a promise could not be stored; nothing is dialled", zap.String("callback", p.cb.ID), zap.Error(err))
		s.count(p.cb, ch.before)
		p.cb = ch.before
		s.move(p)
	}
	switch {
	case ch.made:
		p.busy = false
		s.forget(p)
		for _, e := range p.later {
			if e.none != nil {
				e.none(nil)
			}
		}
		ch.reply(err)
	case p == nil: // entries of the journal alone: nobody waits for them to be on disk
		s.c.debts.owe(ch.batch, err)
		ch.reply(err)
	case ch.reply != nil:
		ch.reply(err)
		p.busy = false
		s.goOn(p)
	default: // it stays busy, so that what comes meanwhile comes after it
		again := errand{task: func(p *promise) { s.stepThen(p, ch.ev, ch.then) }}
		p.later = append([]errand{again}, p.later...)
		time.AfterFunc(storeRetry, func() { s.box.post(func() { p.busy = false; s.goOn(p) }) })
	}
}
