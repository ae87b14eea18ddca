package forecast

import "math"

// rollout plays the queue forward once and gives how long the caller waits, and
// in how many steps: calls taken, and callers who had gone by then. One that does not come to an end, because ever more go first,
// is cut short.
func (f *Forecaster) rollout() (wait float64, steps int) {
	p := &f.play
	p.slots, p.held, p.later = p.slots[:0], p.held[:0], p.later[:0]
	for i := range p.servers {
		p.slots = append(p.slots, slot{at: f.firstFree(&p.servers[i]), who: i})
	}
	heapify(p.slots)
	p.haste = math.Exp(f.patience.doubt * (f.rng.NormFloat64() - f.patience.doubt/2))
	next := 0
	for ; next < len(p.ahead) && p.ahead[next].heldUntil > 0; next++ {
		p.held = append(p.held, held{until: p.ahead[next].heldUntil, place: p.ahead[next]})
	}
	arrival := math.Inf(1)
	if p.laterRate > 0 {
		arrival = f.rng.ExpFloat64() / p.laterRate
	}
	nextLater, targetHeld, taken := 0, 0.0, 0.0
	for ; ; steps++ {
		s := &p.slots[0]
		now := s.at
		if now >= farthest || steps > longest+len(p.ahead) {
			return min(now, farthest), steps + next + nextLater
		}
		for ; arrival <= now; arrival += f.rng.ExpFloat64() / p.laterRate {
			p.later = append(p.later, place{waited: -arrival, callback: f.rng.Float64() < p.laterCallbacks})
		}
		server := &p.servers[s.who]
		answers := server.refuses <= 0 || f.rng.Float64() >= server.refuses
		served, found := f.nextAhead(now, &next, &nextLater)
		switch {
		case !found && targetHeld > now:
			// The caller is out of reach: the agent takes one behind, or waits.
			if taken+1 > p.behindRate*now {
				s.at = targetHeld
				break
			}
			taken++
			s.at = now + f.service(server)
		case !found && answers:
			return now, steps + next + nextLater
		case !found:
			targetHeld = now + f.ringTime
			s.at = now + f.ringTime + f.restTime
		case answers:
			s.at = now + f.service(server)
		default:
			p.held = append(p.held, held{until: now + f.ringTime, place: served})
			s.at = now + f.ringTime + f.restTime
		}
		sink(p.slots)
	}
}

// nextAhead gives the next of those who go first and still wait at time now.
func (f *Forecaster) nextAhead(now float64, next, nextLater *int) (place, bool) {
	p := &f.play
	for i := 0; i < len(p.held); {
		h := p.held[i]
		if h.until > now {
			i++
			continue
		}
		p.held = append(p.held[:i], p.held[i+1:]...)
		if f.stays(h.place, now) {
			return h.place, true
		}
	}
	for ; *nextLater < len(p.later); *nextLater++ {
		if c := p.later[*nextLater]; f.stays(c, now) {
			*nextLater++
			return c, true
		}
	}
	for ; *next < len(p.ahead); *next++ {
		if c := p.ahead[*next]; f.stays(c, now) {
			*next++
			return c, true
		}
	}
	return place{}, false
}

// stays draws whether a caller still waits at time now.
func (f *Forecaster) stays(c place, now float64) bool {
	return c.callback || f.rng.ExpFloat64() > f.play.haste*(f.patience.hazard(c.waited+now)-c.hazard)
}

// firstFree draws when a server can take its first call.
func (f *Forecaster) firstFree(s *server) float64 {
	p := &f.play
	switch s.doing {
	case talking:
		t := p.talkMean * s.factor * f.talk.residual(f.rng, s.elapsed, s.rank)
		return max(s.fixed, t+p.wrapMean*f.wrap.draw(f.rng, 0))
	case wrapping:
		return max(s.fixed, p.wrapMean*f.wrap.residual(f.rng, s.elapsed, s.rank))
	}
	return s.fixed
}

// service draws how long a call keeps a server busy.
func (f *Forecaster) service(s *server) float64 {
	p := &f.play
	return p.talkMean*s.factor*f.talk.draw(f.rng, 0) + p.wrapMean*f.wrap.draw(f.rng, 0)
}

// heapify puts the earliest slot first, and so below.
func heapify(h []slot) {
	for i := len(h)/2 - 1; i >= 0; i-- {
		sinkFrom(h, i)
	}
}

// sink puts the first slot where it belongs.
func sink(h []slot) { sinkFrom(h, 0) }

func sinkFrom(h []slot, i int) {
	moved := h[i]
	for {
		child := 2*i + 1
		if child >= len(h) {
			break
		}
		if r := child + 1; r < len(h) && h[r].at < h[child].at {
			child = r
		}
		if moved.at <= h[child].at {
			break
		}
		h[i] = h[child]
		i = child
	}
	h[i] = moved
}
