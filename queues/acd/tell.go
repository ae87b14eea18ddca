package acd

import (
	"cmp"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// How many holders are told how their places stand.
const (
	headTold   = 5                      // in each queue that changed, at once
	newlyTold  = 64                     // of those that got their first estimate, at once
	roundTold  = 250                    // all others, in turn: at most so many on a Tick
	roundEvery = 100 * time.Millisecond // but not on every Tick, if they come faster
)

// round is how far the holders were told in turn.
type round struct {
	queue int       // in Group.queues
	rank  int       // in its order
	at    time.Time // of the last Tick that told some
}

// tell brings holders up to date: those at the head of the queues that changed,
// and on a Tick some of the others.
func (g *Group) tell(t *turn, tick bool) {
	for _, q := range g.todo.stirred {
		q.stirred = false
		for rank, s := range q.order.from(0) {
			if rank >= headTold {
				break
			}
			g.tellOne(t, s, rank)
		}
	}
	g.todo.stirred = g.todo.stirred[:0]
	if tick && t.now.Sub(g.round.at) >= roundEvery {
		g.round.at = t.now
		g.tellInTurn(t)
	}
}

// tellInTurn goes on where the Tick before stopped.
func (g *Group) tellInTurn(t *turn) {
	r := &g.round
	for left, visited := roundTold, 0; left > 0 && visited <= len(g.queues); {
		if r.queue >= len(g.queues) {
			r.queue, r.rank = 0, 0
		}
		q := g.queues[r.queue]
		if r.rank == 0 {
			if !q.stale {
				r.queue++
				visited++
				continue
			}
			q.stale = false // what changes from here on makes another round
		}
		for rank, s := range q.order.from(r.rank) {
			if left == 0 {
				return
			}
			g.tellOne(t, s, rank)
			left--
			r.rank = rank + 1
		}
		if left > 0 {
			r.queue, r.rank = r.queue+1, 0
			visited++
		}
	}
}

// tellOne tells one holder how its place stands, if that changed.
func (g *Group) tellOne(t *turn, s *spot, ahead int) {
	was := s.told
	able := int32(s.class.able)
	now := told{
		known: true, ahead: int32(ahead), able: able,
		quote: queues.FreshQuote(s.est, ahead),
	}
	s.told = now
	if !was.known || was.ahead != now.ahead || s.est.Known && was.able != now.able || was.quote != now.quote {
		t.do(queues.Update{Place: s.Place, Ahead: ahead, Estimate: s.est, Able: int(able)})
	}
}

// estimated takes over new estimates of a queue.
func (g *Group) estimated(t *turn, ev queues.Estimated) {
	q := g.named[ev.Queue]
	if q == nil {
		return
	}
	q.joining, q.freeing = ev.Joining, ev.Freeing
	q.lead = cmp.Or(ev.Lead, q.rule.Settings.DialLead)
	alone := ev.Joining
	if ev.Alone != nil {
		alone = *ev.Alone
	}
	g.borrow(t, q, alone)
	g.stir(q)
	var news []*spot // in order, so that the same events always have the same answer
	for id, est := range ev.Places {
		s := g.spots[id]
		if s == nil || s.queue != q || !s.counts() {
			continue
		}
		s.est = est
		if est.Known && !s.estimated {
			news = append(news, s)
		}
	}
	slices.SortFunc(news, func(a, b *spot) int {
		if spotBefore(a, b) {
			return -1
		}
		return 1
	})
	for i, s := range news {
		ahead := q.order.rank(s)
		g.noteEstimated(t, s, ahead)
		if i < newlyTold {
			g.tellOne(t, s, ahead)
		}
	}
	g.dialAhead(t, q)
}

// noteEstimated writes the first estimate of a place to the journal; reports hold
// it against what came of it.
func (g *Group) noteEstimated(t *turn, s *spot, ahead int) {
	s.estimated, s.join = true, &standing{ahead: ahead, est: s.est}
	t.notePlace("place.estimated", s, map[string]any{
		"ahead": ahead, "mean_s": inSeconds(s.est.Mean), "low_s": inSeconds(s.est.Low), "high_s": inSeconds(s.est.High),
	})
}

// estimateData is an estimate as the journal shows it; nil when nothing is known.
func estimateData(e queues.Estimate) map[string]any {
	if !e.Known {
		return nil
	}
	return map[string]any{
		"mean_s": inSeconds(e.Mean), "low_s": inSeconds(e.Low), "high_s": inSeconds(e.High),
	}
}

// borrow lets a queue have agents of others while its expected wait is too long,
// and gives them back when it would be short without them: with them it is short
// at once, and they would come and go in turn.
func (g *Group) borrow(t *turn, q *queue, alone queues.Estimate) {
	b := q.rule.Borrow
	if b == nil || !alone.Known {
		return
	}
	switch wait := alone.Mean; {
	case !q.borrows && wait > b.Above:
		q.borrows = true
		g.todo.queues = append(g.todo.queues, q)
	case q.borrows && wait < b.Below:
		q.borrows = false
	default:
		return
	}
	from := append([]string{}, b.From...)
	t.note("queue.borrowing", "", map[string]any{
		"queue": q.rule.Name, "on": q.borrows, "from": from, "ewt_s": inSeconds(alone.Mean),
	})
}
