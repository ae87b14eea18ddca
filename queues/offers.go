package queues

import "slices"

// offer is an agent who is rung for a caller in the switch's queue, one of ours
// or not.
type offer struct{ channel, agent string }

// offerMade notes that an agent is rung; told twice, it is noted once.
func (l *Line) offerMade(t *turn, ev AgentRung) {
	o := offer{ev.Channel, ev.Agent}
	if ev.Channel == "" || ev.Agent == "" || slices.Contains(l.offers, o) {
		return
	}
	l.offers = append(l.offers, o)
	t.note("offer.made", l.placeOf(o), map[string]any{"agent": o.agent, "channel": o.channel})
}

// offerMissed: the agent let it ring.
func (l *Line) offerMissed(t *turn, ev AgentMissed) {
	o := offer{ev.Channel, ev.Agent}
	if i := slices.Index(l.offers, o); i >= 0 {
		l.offers = slices.Delete(l.offers, i, i+1)
		l.noteOfferEnded(t, o, OfferNoAnswer)
	}
}

// How an offer ended, beside what Gone tells of it.
const (
	offerAnswered  = "answered"
	offerCancelled = "cancelled" // another agent was faster, or the caller is not in the queue any more
)

// offerAnswered: an agent took the caller, so that all others who were rung for
// it are let go. Without the agent's name it must be the only one; else the name
// will come, and "" is the answer.
func (l *Line) offerAnswered(t *turn, channel, agent string) (by string) {
	var rung []offer
	for _, o := range l.offers {
		if o.channel == channel {
			rung = append(rung, o)
		}
	}
	if agent == "" && len(rung) != 1 {
		return ""
	}
	for _, o := range rung {
		if agent == "" || o.agent == agent || l.crew.nameOf(o.agent) == agent {
			l.offers = slices.DeleteFunc(l.offers, func(other offer) bool { return other == o })
			l.noteOfferEnded(t, o, offerAnswered)
			l.offersOver(t, channel)
			return o.agent
		}
	}
	return ""
}

// offersOver ends all offers of a caller who is not in the queue any more.
func (l *Line) offersOver(t *turn, channel string) {
	for _, o := range slices.Clone(l.offers) {
		if o.channel == channel {
			l.noteOfferEnded(t, o, offerCancelled)
		}
	}
	l.offers = slices.DeleteFunc(l.offers, func(o offer) bool { return o.channel == channel })
}

func (l *Line) noteOfferEnded(t *turn, o offer, why string) {
	t.note("offer.ended", l.placeOf(o), map[string]any{"agent": o.agent, "channel": o.channel, "why": why})
}

// offersForgotten ends the offers of callers who have gone unseen.
func (l *Line) offersForgotten(t *turn) {
	for _, o := range slices.Clone(l.offers) {
		foreign := slices.ContainsFunc(l.foreign, func(f Joined) bool { return f.Channel == o.channel })
		if l.channels[o.channel] == nil && !foreign {
			l.offersOver(t, o.channel)
		}
	}
}

// placeOf says whose offer it is; "" for a foreign caller.
func (l *Line) placeOf(o offer) string {
	id, _, _ := ParseChannelID(o.channel)
	return id
}
