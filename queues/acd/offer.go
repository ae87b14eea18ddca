package acd

import (
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// leg is a ringing agent, or the one who talks.
type leg struct {
	alarm   // of the ring time
	spot    *spot
	agent   *agent
	channel string
	asked   time.Time
	upAt    time.Time // since when the agent talks, zero while it rings
	unseen  bool      // the talk ended while nobody looked
}

func (l *leg) up() bool { return !l.upAt.IsZero() }

// How an offer ends besides queues.OfferNoAnswer and its like.
const (
	offerAnswered  = "answered"
	offerCancelled = "cancelled" // the caller left, another agent was faster, or the agent went off duty
)

// An agent whose phone could not be reached is rung again after a while, which
// doubles from the first to the last while that goes on.
const (
	firstRetry = 5 * time.Second
	lastRetry  = time.Minute
)

// offer rings an agent for a place. The leg has a channel id of its own, so that
// asking the switch twice cannot make two.
func (g *Group) offer(t *turn, s *spot, to *seat) {
	a := to.agent
	if s.State == queues.PlaceWaiting && !g.step(t, s, stepOffer) {
		return
	}
	s.Entry++
	s.Channel = queues.ChannelID(s.ID, s.Entry)
	l := &leg{spot: s, agent: a, channel: s.Channel, asked: t.now}
	l.owner = l
	s.legs = append(s.legs, l)
	g.legs[l.channel] = l
	t.save(s)

	g.pool(t, a, false) // before anything that its order depends on changes
	a.leg = l
	a.duty.Queue, a.duty.Place, a.duty.Channel, a.duty.OfferedAt = s.Queue, s.ID, l.channel, t.now
	g.stepAgent(t, a, agentRing)

	ring := s.queue.rule.RingTimeout
	g.clock.set(&l.alarm, t.now.Add(ring))
	t.do(queues.Ring{Place: s.Place, Channel: l.channel, Agent: a.rule.ID, Phone: a.rule.Phone, Timeout: ring})
	t.notePlace("offer.made", s, map[string]any{"agent": a.rule.ID, "channel": l.channel, "tier": to.tier})
}

// wake ends an offer that the agent let ring for too long.
func (l *leg) wake(g *Group, t *turn) { g.endOffer(t, l, queues.OfferNoAnswer) }

// current finds the leg of a channel if the place is the one that it is for.
func (g *Group) current(placeID, channel string) *leg {
	if l := g.legs[channel]; l != nil && l.spot.ID == placeID {
		return l
	}
	return nil
}

// answered makes an agent serve a place; other agents who ring for it are let go.
func (g *Group) answered(t *turn, ev queues.Answered) {
	l := g.current(ev.PlaceID, ev.Channel)
	if l == nil {
		// The agent answered an offer that was taken back in the same moment.
		if id, _, ours := queues.ParseChannelID(ev.Channel); ours && id == ev.PlaceID {
			t.do(queues.Withdraw{Channel: ev.Channel})
		}
		return
	}
	s, a := l.spot, l.agent
	if l.up() {
		return
	}
	for _, other := range slices.Clone(s.legs) {
		if other != l {
			g.forget(other)
			t.do(queues.Withdraw{Channel: other.channel})
			noteOffer(t, other, offerCancelled)
			g.workOver(t, other)
		}
	}
	l.upAt = t.now
	g.clock.drop(&l.alarm)
	noteOffer(t, l, offerAnswered)
	s.Channel, s.Agent, s.ServedAt = l.channel, a.name(), t.now
	g.step(t, s, stepAnswer)
	a.failures = 0
	a.duty.Calls++
	g.stepAgent(t, a, agentAnswer)
	t.do(queues.Serve{Place: s.Place, Channel: s.Channel})
	g.noteServed(t, s)
}

func (g *Group) noteServed(t *turn, s *spot) {
	data := map[string]any{"waited_s": inSeconds(s.ServedAt.Sub(s.TakenAt)), "entry": s.Entry}
	if s.join != nil {
		data["ahead"] = s.join.ahead
		data["estimate"] = estimateData(s.join.est)
	}
	t.notePlace("place.served", s, data)
}

// gone takes note that a leg ended: an offer came to nothing, or the agent hung
// up.
func (g *Group) gone(t *turn, ev queues.Gone) {
	l := g.current(ev.PlaceID, ev.Channel)
	if l == nil {
		return
	}
	if l.up() {
		g.end(t, l.spot, queues.LeftServed, hungUp)
		return
	}
	why := ev.Status
	switch why {
	case queues.OfferNoAnswer, queues.OfferBusy, queues.OfferRejected, queues.OfferUnreachable:
	default:
		why = queues.OfferFailed
	}
	g.offerOver(t, l, why, hungUp)
}

// refused takes note that the switch did not ring the agent at all.
func (g *Group) refused(t *turn, ev queues.Refused) {
	if l := g.current(ev.PlaceID, ev.Channel); l != nil && !l.up() {
		g.offerOver(t, l, queues.OfferFailed, !ev.Retryable) // a request may get through although its reply does not
	}
}

// hungUp marks legs that ended by themselves: there is nothing to withdraw.
const hungUp = true

// endOffer takes an offer back and goes on to the next agent.
func (g *Group) endOffer(t *turn, l *leg, why string) { g.offerOver(t, l, why, !hungUp) }

func (g *Group) offerOver(t *turn, l *leg, why string, gone bool) {
	s, a := l.spot, l.agent
	g.forget(l)
	if !gone {
		t.do(queues.Withdraw{Channel: l.channel})
	}
	noteOffer(t, l, why)
	if len(s.legs) == 0 {
		g.step(t, s, stepMissed)
		g.review(t, s)
	}
	switch why {
	case queues.OfferNoAnswer, queues.OfferRejected:
		g.missed(t, a, s.queue)
	case queues.OfferBusy, queues.OfferUnreachable, queues.OfferFailed:
		a.failures++
		a.retryAt = t.now.Add(backoff(a.failures))
	}
	g.workOver(t, l)
}

// missed pauses an agent who let it ring (RONA), or pressed the call away.
func (g *Group) missed(t *turn, a *agent, q *queue) {
	d := &a.duty
	if !d.On || d.Paused {
		return
	}
	d.Paused, d.Reason, d.PausedAt, d.Until = true, ronaReason, t.now, noTime
	if q.rule.RONAPause > 0 {
		d.Until = t.now.Add(q.rule.RONAPause)
	}
}

func backoff(failures int) time.Duration {
	d := firstRetry
	for i := 1; i < failures && d < lastRetry; i++ {
		d *= 2
	}
	return min(d, lastRetry)
}

// letGo ends all legs of a place: the talk or the ringing. The agents go on when
// the place has its new state; see release.
func (g *Group) letGo(t *turn, s *spot, why queues.LeaveReason, gone bool) (freed []*leg) {
	freed = slices.Clone(s.legs)
	for _, l := range freed {
		g.forget(l)
		if !gone {
			t.do(queues.Withdraw{Channel: l.channel, Why: why})
		}
		if !l.up() {
			noteOffer(t, l, offerCancelled)
		}
	}
	return freed
}

// release lets agents go on to what comes after a call or an offer.
func (g *Group) release(t *turn, freed []*leg) {
	for _, l := range freed {
		g.workOver(t, l)
	}
}

// forget takes a leg out of all indexes.
func (g *Group) forget(l *leg) {
	delete(g.legs, l.channel)
	g.clock.drop(&l.alarm)
	s := l.spot
	s.legs = slices.DeleteFunc(s.legs, func(o *leg) bool { return o == l })
	if len(s.legs) == 0 {
		s.legs = nil
	}
}

func noteOffer(t *turn, l *leg, why string) {
	t.notePlace("offer.ended", l.spot, map[string]any{"agent": l.agent.rule.ID, "channel": l.channel, "why": why})
}

// Legs implements queues.Engine.
func (g *Group) Legs() []queues.Leg {
	legs := make([]queues.Leg, 0, len(g.legs))
	for _, l := range g.legs {
		legs = append(legs, queues.Leg{PlaceID: l.spot.ID, Channel: l.channel, Asked: l.asked})
	}
	slices.SortFunc(legs, func(a, b queues.Leg) int { return strings.Compare(a.Channel, b.Channel) })
	return legs
}
