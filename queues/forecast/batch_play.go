package forecast

import "math"

// rollout plays the queue forward once, until the turn of each seat that is
// asked for has come, and gives the number of steps that it took.
func (b *batch) rollout() (steps int) {
	b.begin()
	most := 2*longest + 4*b.seats
	for b.left > 0 && len(b.slots) > 0 && b.slots[0].at < farthest && steps < most {
		steps += b.step()
	}
	for _, s := range b.shades {
		b.note(s.index, s.again)
	}
	last := farthest
	if len(b.slots) > 0 {
		last = min(farthest, max(b.now, b.slots[0].at))
	}
	for i := range b.out {
		b.note(i, last)
	}
	return steps
}

// step lets the next agent who is free take a call, if there is one, and gives
// how many seats were looked at.
func (b *batch) step() (looked int) {
	f := b.f
	s := &b.slots[0]
	b.now = s.at
	b.arrive()
	server, first := &f.play.servers[s.who], !s.used
	s.used = true
	if server.away > 0 && !(first && server.doing == ringing) && f.rng.Float64() < server.away {
		s.at = b.now + f.service(server) // another queue was faster
		sink(b.slots)
		return 1
	}
	delay, answers := f.offer(server, first)
	if answers {
		b.lift(server, delay)
	}
	for b.left > 0 {
		looked++
		c, g, soonest := b.pick(server)
		if g == nil {
			b.wait(soonest)
			return looked
		}
		gone := c.absent || !f.stays(c.place, b.now)
		switch {
		case answers:
			b.note(c.index, b.now+delay)
		case gone && c.index >= 0 && b.out[c.index] < 0:
			b.shades = append(b.shades, shade{c.index, g, b.now + f.ringTime, b.now + f.ringTime + f.restTime + delay})
		}
		switch {
		case gone:
			continue
		case answers:
			s.at = b.now + delay + f.service(server)
		default:
			g.rung = append(g.rung, rungSeat{b.now + f.ringTime, c})
			s.at = b.now + f.ringTime + f.restTime
		}
		break
	}
	sink(b.slots)
	return looked
}

// arrive brings those who came until now.
func (b *batch) arrive() {
	for _, g := range b.groups {
		for ; g.arrival <= b.now; g.arrival += b.f.rng.ExpFloat64() / g.rate {
			g.later = append(g.later, seat{
				place: place{waited: -g.arrival, callback: b.f.rng.Float64() < g.callbacks}, taken: g.arrival, index: -1,
			})
		}
	}
}

// lift notes the turn of those who only would have been rung in vain.
func (b *batch) lift(server *server, delay float64) {
	keep := b.shades[:0]
	for _, s := range b.shades {
		if s.until <= b.now && server.mayServe(s.group) {
			b.note(s.index, min(b.now+delay, s.again))
			continue
		}
		keep = append(keep, s)
	}
	b.shades = keep
}

// wait lets an agent for whom there is nobody be free until a time, for good
// when that never comes.
func (b *batch) wait(until float64) {
	if math.IsInf(until, 1) {
		last := len(b.slots) - 1
		b.slots[0] = b.slots[last]
		b.slots = b.slots[:last]
	} else {
		b.slots[0].at = max(until, b.now+0.001)
	}
	if len(b.slots) > 0 {
		sink(b.slots)
	}
}

// pick takes out whom the agent serves next: the first in order whom it may
// serve by now. Without one the group is nil, and soonest is when there may be
// one.
func (b *batch) pick(server *server) (c seat, from *group, soonest float64) {
	soonest = math.Inf(1)
	var take func(*group)
	for _, g := range b.groups {
		if from != nil && from.priority > g.priority {
			break
		}
		if !server.mayServe(g) {
			continue
		}
		head, pop, at := b.head(g)
		if head == nil {
			soonest = min(soonest, at)
			continue
		}
		if open := server.after - head.waited; open > b.now {
			soonest = min(soonest, open)
			continue
		}
		if from == nil || head.taken < c.taken {
			c, from, take = *head, g, pop
		}
	}
	if from != nil {
		take(from)
	}
	return c, from, soonest
}

// head is the first of a group, and how to take it out; without one, when there
// may be one.
func (b *batch) head(g *group) (first *seat, pop func(*group), soonest float64) {
	soonest = g.arrival
	if len(g.rung) > 0 {
		if g.rung[0].until <= b.now {
			return &g.rung[0].seat, popRung, 0
		}
		soonest = min(soonest, g.rung[0].until)
	}
	if g.next < len(g.seats) {
		return &g.seats[g.next], popSeat, 0
	}
	if g.nextLater < len(g.later) {
		return &g.later[g.nextLater], popLater, 0
	}
	return nil, nil, soonest
}

func popRung(g *group)  { g.rung = append(g.rung[:0], g.rung[1:]...) }
func popSeat(g *group)  { g.next++ }
func popLater(g *group) { g.nextLater++ }

// mayServe says whether the agent may serve a group, be it later.
func (s *server) mayServe(g *group) bool { return s.serves == nil || s.serves[g.at] }

// offer draws how long the agent lets it ring, and whether it answers at all.
// Being rung already without an answer speaks against one.
func (f *Forecaster) offer(s *server, first bool) (delay float64, answers bool) {
	refuses := s.refuses
	if f.answer == nil {
		return 0, refuses <= 0 || f.rng.Float64() >= refuses
	}
	mean := f.play.answerMean
	if !first || s.doing != ringing {
		delay = mean * f.answer.draw(f.rng, 0)
	} else {
		delay = mean * f.answer.residual(f.rng, s.elapsed, s.rank)
		refuses = over(refuses, refuses+(1-refuses)*(1-s.rank))
	}
	return delay, refuses <= 0 || f.rng.Float64() >= refuses
}
