package controller

import (
	"context"
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/store"
)

// How much room there is for one more promise: at the times that a caller may
// choose, and for those who hang up in line.

// room fills in how many promises there are already where a request has a limit.
func (s *promises) room(req *callback.Request) error {
	if req.Capacity > 0 {
		counts, err := s.windows(req.Queue, req.Window.From, req.Window.Until)
		if err != nil {
			return err
		}
		req.Taken = taken(counts, req.Window)
	}
	if !req.Once {
		return nil
	}
	ctx, cancel := context.WithTimeout(s.c.ctx, storeTimeout)
	defer cancel()
	lately, err := s.c.opts.Store.Callbacks(ctx, store.CallbackFilter{
		Number: req.Number, Reason: callback.ReasonAbandoned, AskedSince: s.now().Add(-24 * time.Hour), Limit: 1,
	})
	if err != nil {
		return fmt.Errorf("look for earlier promises to %s: %w", req.Number, err)
	}
	req.Lately = len(lately) > 0
	return nil
}

// windows counts the promises whose window begins within a time, those that are
// being stored included.
func (s *promises) windows(queue string, from, before time.Time) ([]store.WindowCount, error) {
	ctx, cancel := context.WithTimeout(s.c.ctx, storeTimeout)
	defer cancel()
	counts, err := s.c.opts.Store.CallbackWindows(ctx, queue, from, before)
	if err != nil {
		return nil, fmt.Errorf("count the promises of a time: %w", err)
	}
	for _, ch := range s.staged {
		if cb := ch.p; ch.made && cb.cb.Queue == queue && !cb.cb.Window.From.IsZero() {
			counts = append(counts, store.WindowCount{From: cb.cb.Window.From, N: 1})
		}
	}
	return counts, nil
}

// taken is how many of these begin within a window.
func taken(counts []store.WindowCount, w callback.Window) int {
	n := 0
	for _, c := range counts {
		if !c.From.Before(w.From) && c.From.Before(w.Until) {
			n += c.N
		}
	}
	return n
}

// enquire says what a promise would come to, without making one. What cannot be
// read is left open: the promise itself is decided by what is on disk.
func (s *promises) enquire(r callback.Request, a dialplan.Enquire, reply func(dialplan.Enquired)) {
	s.box.post(func() { reply(s.prospect(r, a)) })
}

func (s *promises) prospect(r callback.Request, a dialplan.Enquire) dialplan.Enquired {
	_, open, err := s.standing(r)
	if err != nil {
		s.c.log.Error("a caller is not told of an older promise: " + err.Error())
	}
	for _, cb := range open {
		if cb.Open() && cb.Queue == r.Queue {
			return dialplan.Enquired{Existing: cb.ID}
		}
	}
	r.Campaign = s.c.policyOf(r.Hotline).Campaign
	p := s.policy(callback.Callback{Number: r.Number, Queue: r.Queue, Hotline: r.Hotline, Campaign: r.Campaign})
	if d := p.Decide(r.Callee(), s.now()); d.Refused() {
		return dialplan.Enquired{Refused: string(d.Rule)}
	}
	return dialplan.Enquired{Slots: s.free(r, p, a)}
}

// free gives the first slots that have room, by the customer's clock.
func (s *promises) free(r callback.Request, p callback.Policy, a dialplan.Enquire) []dialplan.Slot {
	if len(a.Slots) == 0 {
		return nil
	}
	counts, err := s.windows(r.Queue, a.Slots[0].From, a.Slots[len(a.Slots)-1].Until)
	if err != nil {
		s.c.log.Error("a caller is told no times: " + err.Error())
		return nil
	}
	clock := p.Clock(r.Callee())
	var free []dialplan.Slot
	for _, slot := range a.Slots {
		if len(free) == a.Want {
			break
		}
		w := callback.Window{From: slot.From, Until: slot.Until}
		if taken(counts, w) < a.Capacity && p.OpenAt(r.Callee(), slot.From) {
			free = append(free, dialplan.Slot{From: slot.From.In(clock), Until: slot.Until.In(clock)})
		}
	}
	return free
}
