package judge

import (
	"slices"

	"github.com/linekeeper/linekeeper/queues/forecast"
)

func (w *world) ready(i int) {
	w.tell(forecast.Ready, -1, i)
	w.settle(i)
}

// settle makes a worker idle, or absent if the shift has ended.
func (w *world) settle(i int) {
	a := &w.workers[i]
	a.status, a.since = idle, w.now
	if !a.on {
		a.status = absent
	}
}

func (w *world) change(s Shift) {
	a := &w.workers[s.Agent]
	kind := forecast.Login
	switch s.Kind {
	case comes:
		a.on = true
		if a.status == absent {
			a.status, a.since = idle, w.now
		}
	case goes:
		kind, a.on = forecast.Logout, false
		if a.status == idle {
			a.status = absent
		}
	case pauses:
		kind, a.paused = forecast.Pause, true
	case returns:
		kind, a.paused = forecast.Unpause, false
		if a.status == idle {
			a.since = w.now
		}
	}
	w.tell(kind, -1, s.Agent)
	w.shifts++
	w.planShift()
}

// idlest gives the agent who is free for the longest time, -1 when none is.
func (w *world) idlest() int {
	best := -1
	for i := range w.workers {
		a := &w.workers[i]
		if a.status == idle && !a.paused && (best < 0 || a.since < w.workers[best].since) {
			best = i
		}
	}
	return best
}

// dispatch pairs free agents with those whose turn it is.
func (w *world) dispatch() {
	for !w.found {
		i := w.idlest()
		if i < 0 {
			return
		}
		at := slices.IndexFunc(w.queue, func(c client) bool { return !c.gone && !c.held })
		if at < 0 {
			if !slices.ContainsFunc(w.queue, func(c client) bool { return !c.gone }) {
				w.passed(len(w.queue))
			}
			return
		}
		w.offer(i, at)
	}
}

func (w *world) offer(i, at int) {
	a, c := &w.workers[i], &w.queue[at]
	a.call, a.since = c.id, w.now
	if w.family.Silent > 0 && w.rng.Float64() < w.family.Silent {
		c.held = true
		a.status, a.until = ringsUnheard, w.now+ringing
		w.plan(ringing, ringEnds, i)
		return
	}
	if c.id == w.watched {
		w.found = true
		return
	}
	a.status, a.law = talking, w.family.Talk(i, w.now)
	w.plan(a.law.sample(w.rng), talkEnds, i)
	w.tell(forecast.Connect, c.id, i)
	w.passed(at + 1)
}

// passed tells the waits of those who hung up among the first n of the queue,
// and of the n-th; they leave.
func (w *world) passed(n int) {
	kept := w.queue[:0]
	for j, c := range w.queue {
		if j >= n || (!c.gone && j != n-1) {
			kept = append(kept, c)
		} else if w.turn != nil {
			w.turn(c, w.now-c.joined)
		}
	}
	w.queue = kept
}
