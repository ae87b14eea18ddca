package judge

import (
	"container/heap"
	"math/rand/v2"
)

// bound is the mean wait of a client who has just joined, of n worlds that begin
// as this one and obey the same laws, and the variance of that mean.
func (w *world) bound(c client, n int, rng *rand.Rand) (mean, variance float64) {
	var fork world
	sum, squares := 0.0, 0.0
	for range n {
		w.fork(&fork, c, rng)
		for !fork.found && fork.now < w.now+12*hour {
			fork.step()
		}
		wait := fork.now - w.now
		sum += wait
		squares += wait * wait
	}
	k := float64(n)
	mean = sum / k
	return mean, max(0, squares/k-mean*mean) / (k - 1)
}

// fork makes a world that is like w in all that can be seen; what cannot be seen
// is drawn anew, from what has gone by of it.
func (w *world) fork(f *world, c client, rng *rand.Rand) {
	*f = world{
		family: w.family, rng: rng, now: w.now, nextID: w.nextID, shifts: w.shifts, watched: c.id,
		workers: append(f.workers[:0], w.workers...), queue: f.queue[:0], agenda: f.agenda[:0],
	}
	plan := func(after float64, what what, id int) {
		f.agenda = append(f.agenda, due{f.now + after, what, id})
	}
	for _, q := range w.queue {
		if q.gone {
			continue
		}
		q.forever = q.id == c.id
		f.queue = append(f.queue, q)
		if !q.forever && !q.callback && w.family.Patience.Mean > 0 {
			plan(w.family.Patience.residual(rng, w.now-q.joined), hangsUp, q.id)
		}
	}
	for i, a := range w.workers {
		switch a.status {
		case talking:
			plan(a.law.residual(rng, w.now-a.since), talkEnds, i)
		case wrapping:
			plan(w.family.Wrap.residual(rng, w.now-a.since), wrapEnds, i)
		case ringsUnheard:
			plan(a.until-w.now, ringEnds, i)
		case rests:
			plan(a.until-w.now, restEnds, i)
		}
	}
	heap.Init(&f.agenda)
	f.planArrival()
	f.planShift()
	f.dispatch()
}
