package simulate

import (
	"time"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/queues/forecast"
)

// estimates are made beside the engine, as in the daemon.
type estimates struct {
	joining map[string]queues.Estimate // by queue, of who joins now
	lives   map[string]*forecast.Live  // by queue; nil without Plan.Rollouts
	fresh   []journal.Entry            // places taken that have no estimate yet
}

// usualPatience is taken for the expected wait of queues, as in the daemon.
const usualPatience = 10 * time.Minute

// estimate tells the engine the expected wait of the queues whose rules look at
// it, over and over. The estimator is QLm: rollouts would take longer than the day
// that is played here.
func (w *world) estimate() {
	w.est.joining = map[string]queues.Estimate{}
	if w.plan.Rollouts {
		w.est.lives = map[string]*forecast.Live{}
		for _, q := range w.plan.Rules.Queues {
			w.est.lives[q.Name] = forecast.NewLive(q.Name, 1)
		}
	}
	for i := range w.plan.Rules.Queues {
		q := &w.plan.Rules.Queues[i]
		if w.plan.Estimates <= 0 || !looksAhead(q) {
			continue
		}
		est := forecast.NewQLm(w.plan.handleTime(q.Name), usualPatience)
		var again func()
		again = func() {
			w.est.joining[q.Name] = est.Estimate(stateOf(w.engine.View(q.Name, w.now)))
			w.tell(queues.Estimated{Queue: q.Name, Joining: w.est.joining[q.Name]})
			w.agenda.add(w.now.Add(w.plan.Estimates), again)
		}
		w.agenda.add(w.now, again)
	}
}

// write sends an entry to the journal, and to the estimators that read it.
func (w *world) write(e journal.Entry) {
	w.emit(e)
	w.pacing.watch(e)
	if w.est.lives == nil {
		return
	}
	for _, live := range w.est.lives {
		live.Observe(journal.Entry{At: e.At, Type: e.Type, Place: e.Place, Agent: e.Agent, Queue: e.Queue, Data: e.Data})
	}
	if e.Type == "place.taken" {
		w.est.fresh = append(w.est.fresh, e)
	}
}

// promiseWaits estimates the wait of places that were just taken.
func (w *world) promiseWaits() {
	for _, e := range w.est.fresh {
		if live := w.est.lives[e.Queue]; live != nil {
			w.tell(queues.Estimated{
				Queue: e.Queue, Joining: w.est.joining[e.Queue],
				Places: map[string]queues.Estimate{e.Place: live.Estimate(e.Place, w.now)},
			})
		}
	}
	w.est.fresh = w.est.fresh[:0]
}

// looksAhead says whether rules of a queue depend on the expected wait.
func looksAhead(q *acd.Queue) bool {
	for _, o := range q.Overflow {
		if o.EWT > 0 {
			return true
		}
	}
	return q.Borrow != nil
}

// stateOf is what an estimator may know of a queue, for one who joins now.
func stateOf(v queues.View) forecast.State {
	var s forecast.State
	for _, a := range v.Agents {
		switch a.State {
		case queues.AgentIdle, queues.AgentRinging:
			s.Free++
		case queues.AgentTalking, queues.AgentWrapUp:
			s.Busy++
		}
	}
	for _, p := range v.Places {
		if p.State == queues.PlaceServed {
			continue
		}
		s.Ahead++
		if p.CallbackID != "" && p.CallID == "" {
			s.Promises++
		}
	}
	return s
}

// handleTime is the mean of talk and wrap-up of a queue's callers.
func (p *Plan) handleTime(queue string) time.Duration {
	const enough = 200
	rng := newSource(1, 'h')
	sum, n := 0.0, 0
	for _, c := range p.draw(rng) {
		if c.queue == queue && n < enough {
			sum, n = sum+c.talk+max(0, c.wrapUp), n+1
		}
	}
	if n == 0 {
		return 3 * time.Minute
	}
	return inTime(sum / float64(n))
}
