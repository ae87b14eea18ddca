package verify

import (
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

// offers is who is being rung for a place, and how that went before.
type offers struct {
	open     []offer
	refusers []string  // agents who were rung for it and did not take it
	refused  time.Time // when that happened last, zero for never
	ended    time.Time // when the last one ended, zero for never
	answered offer     // the one that an agent took last
}

type offer struct {
	agent string
	made  time.Time
	ended time.Time
}

// stale is how old an offer may be whose end was not told: nobody is rung longer.
const stale = 2 * time.Minute

// close forgets whatever is open.
func (o *offers) close(at time.Time) {
	if len(o.open) > 0 {
		o.ended = at
	}
	o.open = nil
}

// ringingAt says whether somebody is rung for the place.
func (o *offers) ringingAt(at time.Time) bool {
	return slices.ContainsFunc(o.open, func(one offer) bool { return at.Sub(one.made) < stale })
}

// began is when the ringing began that ends with an answer at this time; ok is
// false when it was not told.
func (o *offers) began(at time.Time) (first time.Time, ok bool) {
	for _, one := range o.open {
		if at.Sub(one.made) < stale && (!ok || one.made.Before(first)) {
			first, ok = one.made, true
		}
	}
	if a := o.answered; !a.ended.IsZero() && at.Sub(a.ended) <= streamLag && (!ok || a.made.Before(first)) {
		first, ok = a.made, true
	}
	return first, ok
}

func (o *offers) take(agent string) (offer, bool) {
	i := slices.IndexFunc(o.open, func(one offer) bool { return one.agent == agent })
	if i < 0 {
		return offer{}, false
	}
	one := o.open[i]
	o.open = slices.Delete(o.open, i, i+1)
	return one, true
}

func (v *Verifier) offerMade(e journal.Entry) {
	p := v.places[e.Place]
	if p == nil {
		return // a caller who came by another way, or a place that ended this moment
	}
	p.queue.offered = true
	v.lookAgain(p)
	v.explain(p, e.At)
	if p.ranked && p.queue.own && p.standing != inTalk {
		v.judgeOffer(p, e)
	}
	v.ringNo(e.Agent)
	p.open = append(p.open, offer{agent: e.Agent, made: e.At})
	v.agent(e.Agent).rung = p
}

// ringNo forgets for whom an agent was rung before: the end of it was not told.
func (v *Verifier) ringNo(agent string) {
	if a := v.agents[agent]; a != nil && a.rung != nil {
		a.rung.take(agent)
		a.rung = nil
	}
}

func (v *Verifier) offerEnded(e journal.Entry) {
	p := v.places[e.Place]
	if p == nil {
		return // it ended with the place
	}
	one, known := p.take(e.Agent)
	if a := v.agents[e.Agent]; a != nil && a.rung == p {
		a.rung = nil
	}
	p.ended = e.At
	switch e.Text("why") {
	case "answered":
		if known {
			one.ended = e.At
			p.answered = one
		}
	case "cancelled":
	default:
		p.refused = e.At
		if !slices.Contains(p.refusers, e.Agent) {
			p.refusers = append(p.refusers, e.Agent)
		}
	}
}
