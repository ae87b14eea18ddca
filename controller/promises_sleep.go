package controller

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
)

// Promises sleep on disk. Here they are brought back in time, and put to sleep again.
// Of each queue, all that wake up to a certain point are in memory; the point moves
// ahead of the clock.

const (
	horizon   = 30 * time.Second // how far ahead of the clock promises are in memory
	rouseEach = 10 * time.Second // how often that is looked at
	rousePage = 250              // how many are read from disk at once
	// mostAwake is how many promises of a queue are in memory at once before no
	// more are woken: when a million wait for the same morning, they come in turn.
	mostAwake = 10_000
	lookEach  = time.Second // how often the clock on the wall is looked at: it may have been put forward
	mostTicks = 256         // are given in one turn
	clockSlip = time.Second // by how much two clocks may differ before one of them was put right
)

// asleep is what is known of the sleepers of a queue.
type asleep struct {
	through store.Sleeper // up to this one, none sleeps
	behind  bool          // there may be more to wake, once others are done
}

// restore has the promises of the last run in memory that do not sleep. It runs
// before the mailbox does; they are moved on once the switch has shown what is left
// of their calls.
func (s *promises) restore(ctx context.Context, awake []callback.Callback) error {
	if err := s.recall(ctx); err != nil {
		return err
	}
	counts, err := s.c.opts.Store.CallbackCounts(ctx)
	if err != nil {
		return fmt.Errorf("controller: count the promises of the last run: %w", err)
	}
	s.c.met.promisesFound(counts)
	for _, n := range counts {
		if (callback.Callback{State: n.State}).Open() {
			if s.c.lines[n.Queue] == nil {
				s.c.log.Error("promises wait for a queue that is no longer configured", zap.String("queue", n.Queue), zap.String("state", string(n.State)), zap.Int("promises", n.N))
			}
		}
	}
	for _, cb := range awake {
		if s.c.lines[cb.Queue] == nil || s.c.hotline(cb.Hotline) == nil {
			s.c.log.Error("a promise waits for a queue or hotline that is no longer configured", zap.String("callback", cb.ID), zap.String("queue", cb.Queue), zap.String("hotline", cb.Hotline))
			continue
		}
		s.keep(&promise{cb: cb, bridging: cb.State == callback.Confirmed}) // its call says when they were not; see remind
		if cb.InFlight() {
			s.flying.count(cb, +1) // its dial is in the journal, and so in the ledger
		}
	}
	return nil
}

// look gives a tick to every promise whose time has come, and wakes sleepers.
func (s *promises) look() {
	s.looked = time.Now()
	for n := 0; ; n++ {
		if n == mostTicks {
			s.box.post(s.look)
			break
		}
		p, a := s.clock.due()
		if p == nil {
			break
		}
		s.tick(p, a)
	}
	s.closed.sweep(s.now())
	if s.ready {
		s.rouseAll()
	}
}

// arm plans the next look. However much else there is to do, it is not put off.
func (s *promises) arm() {
	wait := s.clock.next(max(0, lookEach-time.Since(s.looked)))
	if s.timer == nil {
		s.timer = time.AfterFunc(wait, func() { s.box.post(s.look) })
		return
	}
	s.timer.Reset(wait)
}

// tick lets time pass for a promise. A pause is over when it has lasted, also if
// the clock was put back meanwhile.
func (s *promises) tick(p *promise, a alarm) {
	now := s.now()
	early := a.at.Sub(now)
	if a.by.IsZero() || early <= 0 || p.busy {
		s.step(p, callback.Tick{})
		return
	}
	if early <= clockSlip || p.cb.State != callback.Waiting {
		now = a.at
		if err := s.decide(p, callback.Tick{}, now, nil, nil); err != nil {
			s.c.log.Debug("a promise had no use for a tick", zap.String("callback", p.cb.ID), zap.Error(err))
		}
		return
	}
	if err := s.decide(p, callback.Hasten{By: byClock}, now, nil, nil); err != nil {
		s.clock.set(p, a.at, false)
	}
}

// byClock is who ends a pause when the clock was put back.
const byClock = "clock"

// wake plans a tick.
func (s *promises) wake(p *promise, at time.Time) {
	s.clock.set(p, at, p.cb.State != callback.Waiting || p.pausing)
}

// find gives an open promise, from memory or else from disk; nil if there is none.
func (s *promises) find(id string) (*promise, error) {
	if p := s.all[id]; p != nil || s.closed.has(id) {
		return p, nil
	}
	ctx, cancel := context.WithTimeout(s.c.ctx, storeTimeout)
	defer cancel()
	cb, err := s.c.opts.Store.Callback(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && !cb.Open():
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read a promise: %w", err)
	}
	return s.bring(cb), nil
}

// bring has a promise in memory from now on.
func (s *promises) bring(cb callback.Callback) *promise {
	p := &promise{cb: cb}
	s.keep(p)
	if cb.Dormant() {
		s.wake(p, cb.NotBefore)
	}
	return p
}

// keep has a promise in memory, and counts it for its queue.
func (s *promises) keep(p *promise) {
	s.all[p.cb.ID], p.queue = p, p.cb.Queue
	s.awake[p.queue]++
}

// settleDown lets a promise sleep on disk from which nobody wants anything soon.
func (s *promises) settleDown(p *promise) {
	if p.cb.Dormant() && store.SleeperOf(p.cb).After(s.asleep[p.cb.Queue].through) {
		s.forget(p)
	}
}

func (s *promises) forget(p *promise) {
	s.clock.stop(p)
	if s.all[p.cb.ID] == p {
		delete(s.all, p.cb.ID)
		s.awake[p.queue]--
	}
}

// rouseAll brings the sleepers of each queue into memory that wake soon.
func (s *promises) rouseAll() {
	until := s.now().Add(horizon)
	for queue := range s.c.lines {
		if a := s.asleep[queue]; a.behind || !until.Before(a.through.At.Add(rouseEach)) {
			s.rouse(queue, until)
		}
	}
}

// rouse brings one page of them, and goes on after what else there is to do.
func (s *promises) rouse(queue string, until time.Time) {
	a := s.asleep[queue]
	room := s.most - s.awake[queue]
	if a.behind = room <= 0; a.behind {
		s.asleep[queue] = a
		return
	}
	ctx, cancel := context.WithTimeout(s.c.ctx, storeTimeout)
	defer cancel()
	limit := min(room, rousePage)
	cbs, err := s.c.opts.Store.Dormant(ctx, store.DormantFilter{Queue: queue, After: a.through, Before: until, Limit: limit})
	if err != nil {
		s.c.log.Error("promises of later times cannot be read; it is tried again", zap.String("queue", queue), zap.Error(err))
		a.behind = true
		s.asleep[queue] = a
		return
	}
	a.through = store.Sleeper{At: until}
	if len(cbs) == limit {
		a.through = store.SleeperOf(cbs[limit-1])
		s.box.post(func() { s.rouse(queue, until) })
	}
	s.asleep[queue] = a
	for _, cb := range cbs {
		switch {
		case s.all[cb.ID] != nil:
		case s.c.hotline(cb.Hotline) == nil:
			s.c.log.Error("a promise waits for a hotline that is no longer configured", zap.String("callback", cb.ID), zap.String("hotline", cb.Hotline))
		default:
			s.bring(cb)
		}
	}
}

// recent remembers ids for a minute or two, so that the echo of a promise that was
// closed needs no look at the disk. Its zero value is empty.
type recent struct {
	young, old map[string]bool
	turned     time.Time
}

const recentFor = time.Minute

func (r *recent) add(id string, now time.Time) {
	r.sweep(now)
	if r.young == nil {
		r.young = map[string]bool{}
	}
	r.young[id] = true
}

func (r *recent) sweep(now time.Time) {
	if d := now.Sub(r.turned); d >= 0 && d < recentFor {
		return
	}
	r.old, r.young, r.turned = r.young, nil, now
}

func (r *recent) has(id string) bool { return r.young[id] || r.old[id] }
