package controller

import (
	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// When customers are called: the line decides it by what the estimator of the line
// learned of earlier calls. See callback.Pace.

// due says that a place came up. Nobody may hold it any more after a crash.
func (s *promises) due(d queues.Due) {
	ev := callback.Due{Ahead: d.Ahead, Basis: callback.Basis{
		Wait: d.Estimate.Mean, Known: d.Estimate.Known, Lead: d.Lead, InFlight: d.InFlight, Free: d.Free,
	}}
	s.on(d.Place.CallbackID, func(p *promise) { s.step(p, ev) }, func(error) { s.leave(d.Place) })
}

// learn shows what was just written about a promise to the estimator of its queue.
func (s *promises) learn(queue string, events []store.Event) {
	if l := s.c.line(queue); l != nil {
		l.est.observe(events)
	}
}
