package simulate

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// caller is one person and all that it will do, drawn before the day begins: so
// it does the same whatever the agents do.
type caller struct {
	at       time.Duration
	queue    string
	priority int
	skills   []queues.Skill
	talk     float64 // seconds
	wrapUp   float64 // seconds, negative: as the rules say
	patience float64 // seconds, may be infinite
	promise  float64 // seconds of waiting after which it wants to be called back, infinite for never
	offer    *Offer
}

// draw gives the callers of a day in the order of their arrival.
func (p *Plan) draw(rng *rand.Rand) []caller {
	var all []caller
	for i := range p.Streams {
		all = p.Streams[i].draw(all, p.Length, rng)
	}
	for i := range p.Known {
		all = append(all, p.recall(&p.Known[i], rng))
	}
	slices.SortStableFunc(all, func(a, b caller) int { return cmp.Compare(a.at, b.at) })
	return all
}

// draw adds the callers of a stream.
func (s *Stream) draw(all []caller, length time.Duration, rng *rand.Rand) []caller {
	for _, r := range s.Rates {
		if r.PerHour <= 0 {
			continue
		}
		for at := r.From; ; {
			at += time.Duration(rng.ExpFloat64() / r.PerHour * float64(time.Hour))
			if at >= min(r.To, length) {
				break
			}
			all = append(all, s.person(at, rng))
		}
	}
	return all
}

// person draws one caller. Each takes the same number of draws wherever it can,
// so that a change in one law leaves the rest of the day alone.
func (s *Stream) person(at time.Duration, rng *rand.Rand) caller {
	c := caller{at: at, queue: s.Queue, skills: s.Skills, offer: s.Offer, wrapUp: -1, promise: math.Inf(1)}
	u := rng.Float64()
	for _, share := range s.Shares {
		if u -= share.Share; u < 0 {
			c.priority = share.Priority
			break
		}
	}
	c.talk, c.patience = s.Talk.Draw(rng), s.Patience.Draw(rng)
	if s.WrapUp != nil {
		c.wrapUp = s.WrapUp.Draw(rng)
	}
	if accepts := rng.Float64(); s.Offer != nil && accepts < s.Offer.Accept {
		c.promise = s.Offer.After
	}
	return c
}

// recall draws what a real day did not show of a caller.
func (p *Plan) recall(k *Known, rng *rand.Rand) caller {
	h := p.Habits[k.Queue]
	c := caller{
		at: k.At, queue: k.Queue, priority: k.Priority, skills: k.Skills, offer: h.Offer,
		talk: k.Talked, wrapUp: -1, patience: k.Waited, promise: math.Inf(1),
	}
	talk, beyond := h.Talk.Draw(rng), h.Patience.Beyond(rng, k.Waited)
	if c.talk == 0 {
		c.talk = talk
	}
	if h.WrapUp != nil {
		c.wrapUp = h.WrapUp.Draw(rng)
	}
	if k.End != EndHungUp {
		c.patience = beyond
	}
	if h.Promise != nil {
		c.promise = h.Promise.Beyond(rng, k.Waited)
	}
	if k.End == EndPromised {
		c.promise = k.Waited
	}
	return c
}
