package simswitch

import (
	"cmp"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// offer is one agent's phone ringing for one leg, and then their conversation.
// Everything in this file runs with the switch locked.
type offer struct {
	ch     *channel
	place  *place // the leg's place in a queue; nil when linekeeper dialled the phone
	agent  *Agent
	timers []*alarm
}

// queue is the queue that made the offer, or nil.
func (o *offer) queue() *Queue {
	if o.place == nil {
		return nil
	}
	return o.place.queue
}

// settle does what follows from a change of who is there.
func (s *Switch) settle(q *Queue) {
	if q.opts.LeaveWhenEmpty && !q.staffed() {
		for _, p := range slices.Clone(q.waiting) {
			if p.waits() {
				s.giveUp(p, "LEAVEEMPTY")
			}
		}
	}
	s.distribute(q)
}

func (s *Switch) settleAll(a *Agent) {
	for _, m := range slices.Clone(a.in) {
		s.settle(m.queue)
	}
}

// distribute rings free agents for those who wait, the first in line first.
func (s *Switch) distribute(q *Queue) {
	for _, p := range slices.Clone(q.waiting) {
		if !p.waits() || p.offer != nil {
			continue
		}
		m := q.next()
		if m == nil {
			return
		}
		s.ringAgent(p, m.agent)
	}
}

// next is the member to ring: free, with the lowest penalty, rung longest ago.
func (q *Queue) next() *membership {
	now := time.Now()
	var best *membership
	for _, m := range q.members {
		a := m.agent
		if m.paused || a.status() != telephony.MemberIdle || now.Before(a.restUntil) {
			continue
		}
		if best == nil || cmp.Or(
			cmp.Compare(m.penalty, best.penalty), cmp.Compare(a.rungSeq, best.agent.rungSeq),
		) < 0 {
			best = m
		}
	}
	return best
}

// ringAgent lets the phone of a free agent ring for a place.
func (s *Switch) ringAgent(p *place, a *Agent) {
	o := &offer{ch: p.ch, place: p, agent: a}
	p.offer = o
	s.seq++
	a.rungSeq = s.seq
	s.emitQueue(telephony.QueueEvent{Kind: telephony.AgentRinging, Queue: p.queue.name, Channel: p.ch.ID, Agent: a.who})
	s.alert(o)
	o.timers = append(o.timers, s.after(p.queue.opts.RingTime, func() { s.ringOut(o) }))
}

// ringPhone lets an agent's phone ring for a leg that linekeeper originated. One
// that is in use or rings is busy.
func (s *Switch) ringPhone(c *channel, a *Agent) {
	if a.status() != telephony.MemberIdle {
		s.follow(c, &Outgoing{decided: true, cause: telephony.CauseBusy})
		return
	}
	c.offer = &offer{ch: c, agent: a}
	s.setState(c, telephony.StateRinging)
	s.alert(c.offer)
}

// alert begins to ring, and does what the agent was told to do about it.
func (s *Switch) alert(o *offer) {
	a := o.agent
	a.ring = o
	call := AgentCall{Channel: o.ch.ID, Shown: o.ch.phone.shown, RangAt: time.Now()}
	if q := o.queue(); q != nil {
		call.Queue = q.name
	}
	a.history = append(a.history, call)
	s.announceAll(a)
	then := func() { s.connect(o) }
	switch {
	case a.misses != 0:
		a.misses = max(a.misses-1, -1)
		return
	case a.rejects != 0:
		a.rejects = max(a.rejects-1, -1)
		then = func() { s.decline(o, telephony.CauseRejected) }
	}
	if a.answerAfter >= 0 {
		o.timers = append(o.timers, s.after(a.answerAfter, then))
	}
}

// stop ends the ringing without a word to the feed.
func (o *offer) stop() {
	for _, t := range o.timers {
		t.stop()
	}
	o.agent.ring = nil
	if o.place != nil {
		o.place.offer = nil
	}
}

// withdraw stops the ringing because caller or agent went away; nil is allowed.
func (s *Switch) withdraw(o *offer) {
	if o == nil {
		return
	}
	o.stop()
	o.agent.last().Ended = time.Now()
	s.announceAll(o.agent)
	s.offerElsewhere(o.agent)
}

// decline stops the ringing because the phone refuses the call; nil is allowed.
// The switch's queue tries the next agent, a leg of linekeeper's own ends.
func (s *Switch) decline(o *offer, cause telephony.Cause) {
	switch {
	case o == nil:
	case o.place == nil:
		s.end(o.ch, cause)
	case cause == telephony.CauseRejected:
		s.ringOut(o)
	default:
		s.withdraw(o)
		s.distribute(o.place.queue)
	}
}

// ringOut ends an offer of a queue that the agent did not take.
func (s *Switch) ringOut(o *offer) {
	a, p := o.agent, o.place
	o.stop()
	a.last().Ended = time.Now()
	s.emitQueue(telephony.QueueEvent{Kind: telephony.AgentNoAnswer, Queue: p.queue.name, Channel: p.ch.ID, Agent: a.who})
	s.announceAll(a)
	s.rest(a, p.queue.opts.Retry)
	s.distribute(p.queue)
}

// connect gives a leg to the agent who picked up: it is answered and arrives.
func (s *Switch) connect(o *offer) {
	a := o.agent
	o.stop()
	a.call = o
	a.last().Answered = time.Now()
	if p := o.place; p != nil {
		p.agent = a
		s.leaveLine(p, "")
		s.emitQueue(telephony.QueueEvent{Kind: telephony.AgentConnected, Queue: p.queue.name, Channel: p.ch.ID, Agent: a.who})
	}
	s.announceAll(a)
	if s.pickUp(o.ch) && a.talkFor > 0 {
		s.after(a.talkFor, func() {
			if a.call == o {
				a.hangup()
			}
		})
	}
}

// complete ends an agent's conversation; the caller's side is not touched.
func (s *Switch) complete(a *Agent, reason string) {
	o := a.call
	a.call = nil
	a.last().Ended = time.Now()
	p := o.place
	if p == nil {
		s.announceAll(a)
		s.offerElsewhere(a)
		return
	}
	p.agent = nil
	if m := a.member(p.queue); m != nil {
		m.taken++
		m.lastCall = time.Now()
	}
	s.emitQueue(telephony.QueueEvent{
		Kind: telephony.AgentCompleted, Queue: p.queue.name, Channel: p.ch.ID, Agent: a.who, Reason: reason,
	})
	s.announceAll(a)
	s.rest(a, p.queue.opts.WrapUp)
}

// legEnded tidies up when a leg to an agent's phone has ended.
func (s *Switch) legEnded(o *offer) {
	switch o {
	case o.agent.ring:
		s.withdraw(o)
	case o.agent.call:
		s.complete(o.agent, telephony.ReasonCaller)
	}
}

// rest leaves an agent alone for d, then lets them ring again.
func (s *Switch) rest(a *Agent, d time.Duration) {
	a.restUntil = time.Now().Add(d)
	s.offerElsewhere(a)
}

// offerElsewhere lets all queues of an agent look for work for them, once they
// have rested. It goes through the clock because its callers are in mid-change.
func (s *Switch) offerElsewhere(a *Agent) {
	s.after(max(time.Until(a.restUntil), 0), func() {
		for _, m := range slices.Clone(a.in) {
			s.distribute(m.queue)
		}
	})
}
