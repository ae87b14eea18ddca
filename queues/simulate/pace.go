package simulate

import (
	"math"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/forecast"
)

// pacing decides, or helps the engine to decide, when customers are called.
type pacing struct {
	lives map[string]*forecast.Live // by queue, as the next
	paces map[string]*callback.Pace
}

// presumedLead is what is taken before calls were seen, and always by DialNext.
const presumedLead = 15 * time.Second

// pace lets the rule of the plan look at the queues over and over.
func (w *world) pace() {
	if w.plan.Dial == DialWhenFree {
		return
	}
	w.pacing.lives, w.pacing.paces = map[string]*forecast.Live{}, map[string]*callback.Pace{}
	for i := range w.plan.Rules.Queues {
		q := w.plan.Rules.Queues[i].Name
		w.pacing.lives[q], w.pacing.paces[q] = forecast.NewLive(q, 1), callback.NewPace(presumedLead)
		var again func()
		again = func() {
			w.lookAhead(q)
			w.agenda.add(w.now.Add(paceEvery), again)
		}
		w.agenda.add(w.now, again)
	}
}

// watch shows an entry of the journal to whoever learns from it.
func (p *pacing) watch(e journal.Entry) {
	for _, live := range p.lives {
		live.Observe(e)
	}
	if pace := p.paces[e.Queue]; pace != nil {
		pace.Observe(e)
	}
}

// lookAhead applies the rule to one queue.
func (w *world) lookAhead(queue string) {
	var line []queues.PlaceView
	promises := false
	for _, p := range w.engine.View(queue, w.now).Places {
		if p.State != queues.PlaceServed && (p.State != queues.PlaceResting || !p.EnterAfter.IsZero()) {
			line = append(line, p)
			promises = promises || p.CallbackID != ""
		}
	}
	switch {
	case !promises:
	case w.plan.Dial == DialOracle:
		w.foresee(line)
	default:
		w.estimateAhead(queue, line)
	}
}

// estimateAhead makes the estimates of the daemon for the promises that may soon be
// called.
func (w *world) estimateAhead(queue string, line []queues.PlaceView) {
	live, ev := w.pacing.lives[queue], queues.Estimated{Queue: queue, Joining: w.est.joining[queue], Lead: presumedLead, Places: map[string]queues.Estimate{}}
	if w.plan.Dial == DialPaced {
		ev.Lead = w.pacing.paces[queue].Lead()
		ev.Freeing = live.Freeing(ev.Lead, w.now)
	}
	agents := len(w.plan.Staff)
	for ahead, p := range line[:min(len(line), agents+1)] {
		g := w.called[p.CallbackID]
		if g == nil || p.CallID != "" || g.promise.State != callback.Waiting {
			continue
		}
		est := live.Estimate(p.ID, w.now)
		ev.Places[p.ID] = est
		if w.plan.Dial == DialNext && (ahead == 0 || est.Known && est.Mean <= ev.Lead) {
			w.step(g, callback.Due{Ahead: ahead})
		}
	}
	w.tell(ev)
}

// foresee calls a customer when the agent for them will be free just as long from
// now as this customer takes to say yes.
func (w *world) foresee(line []queues.PlaceView) {
	free := w.freeAt()
	for ahead, p := range line[:min(len(line), len(free))] {
		g := w.called[p.CallbackID]
		if g == nil || p.CallID != "" || g.promise.State != callback.Waiting {
			continue
		}
		if free[ahead].Sub(w.now).Seconds() <= g.nextCall().until(g) {
			w.step(g, callback.Due{Ahead: ahead})
		}
	}
}

// freeAt is when each agent on duty will be free of what it does now, soonest first.
func (w *world) freeAt() []time.Time {
	var free []time.Time
	for _, a := range w.agents {
		if a.last.On && !a.last.Paused {
			at := w.now
			if a.freeAt.After(at) {
				at = a.freeAt
			}
			free = append(free, at)
		}
	}
	slices.SortFunc(free, time.Time.Compare)
	return free
}

// response is what a customer makes of one call, drawn before it is made.
type response struct {
	answers, confirms bool
	rings, decides    float64 // seconds
}

// nextCall draws what the customer will make of the next call.
func (g *guest) nextCall() *response {
	if g.next == nil {
		g.next = &response{
			answers: g.rng.Float64() < g.offer.Answer, rings: g.offer.Rings.Draw(g.rng),
			confirms: g.rng.Float64() < g.offer.Confirm, decides: g.offer.Decides.Draw(g.rng),
		}
	}
	return g.next
}

// until is after how many seconds it is known whether the customer comes.
func (r *response) until(g *guest) float64 {
	p := g.offer.Policy.WithDefaults()
	switch {
	case !r.answers:
		return p.RingTimeout.Seconds()
	case !r.confirms:
		return r.rings + p.ConfirmTimeout.Seconds()
	}
	return math.Min(r.rings, p.RingTimeout.Seconds()) + r.decides
}
