package simswitch

import (
	"cmp"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// offer is one agent's phone ringing for one place. Everything in this file runs
// with the switch locked.
type offer struct {
	place  *place
	agent  *Agent
	timers []*alarm
}

// member is the agent's membership in a queue, or nil.
func (a *Agent) member(q *Queue) *membership {
	for _, m := range a.in {
		if m.queue == q {
			return m
		}
	}
	return nil
}

func (a *Agent) status() telephony.MemberStatus {
	switch {
	case a.call != nil:
		return telephony.MemberInUse
	case a.ring != nil:
		return telephony.MemberRinging
	case a.away:
		return telephony.MemberUnavailable
	}
	return telephony.MemberIdle
}

func (m *membership) state() telephony.QueueMember {
	a := m.agent
	return telephony.QueueMember{
		Queue: m.queue.name, Interface: a.who.Interface, Name: a.who.Name, Status: a.status(),
		Paused: m.paused, PausedReason: m.pausedReason, Penalty: m.penalty,
		InCall: a.call != nil && a.call.queue == m.queue, LastCall: m.lastCall, CallsTaken: m.taken,
	}
}

// staffed says whether anyone could take calls now or after the present one.
func (q *Queue) staffed() bool {
	return slices.ContainsFunc(q.members, func(m *membership) bool { return !m.paused && !m.agent.away })
}

// announce tells the feed about a member.
func (s *Switch) announce(m *membership) {
	s.emitQueue(telephony.QueueEvent{
		Kind: telephony.MemberChanged, Queue: m.queue.name, Agent: m.agent.who,
		Members: []telephony.QueueMember{m.state()},
	})
}

func (s *Switch) announceAll(a *Agent) {
	for _, m := range a.in {
		s.announce(m)
	}
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

func (s *Switch) ringAgent(p *place, a *Agent) {
	o := &offer{place: p, agent: a}
	p.offer, a.ring = o, o
	s.seq++
	a.rungSeq = s.seq
	a.history = append(a.history, AgentCall{
		Channel: p.ch.ID, Queue: p.queue.name, Shown: p.ch.phone.shown, RangAt: time.Now(),
	})
	s.emitQueue(telephony.QueueEvent{Kind: telephony.AgentRinging, Queue: p.queue.name, Channel: p.ch.ID, Agent: a.who})
	s.announceAll(a)

	if a.misses != 0 {
		a.misses = max(a.misses-1, -1)
	} else if a.answerAfter >= 0 {
		o.timers = append(o.timers, s.after(a.answerAfter, func() { s.connect(o) }))
	}
	o.timers = append(o.timers, s.after(p.queue.opts.RingTime, func() { s.ringOut(o) }))
}

// stop ends the ringing without a word to the feed.
func (o *offer) stop() {
	for _, t := range o.timers {
		t.stop()
	}
	o.place.offer, o.agent.ring = nil, nil
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

// ringOut ends an offer that the agent did not take.
func (s *Switch) ringOut(o *offer) {
	a, p := o.agent, o.place
	o.stop()
	a.last().Ended = time.Now()
	s.emitQueue(telephony.QueueEvent{Kind: telephony.AgentNoAnswer, Queue: p.queue.name, Channel: p.ch.ID, Agent: a.who})
	s.announceAll(a)
	s.rest(a, p.queue.opts.Retry)
	s.distribute(p.queue)
}

// connect gives a place to the agent who picked up: the placeholder's own leg is
// answered and arrives.
func (s *Switch) connect(o *offer) {
	a, p := o.agent, o.place
	o.stop()
	a.call, p.agent = p, a
	a.last().Answered = time.Now()
	s.leaveLine(p, "")
	s.emitQueue(telephony.QueueEvent{Kind: telephony.AgentConnected, Queue: p.queue.name, Channel: p.ch.ID, Agent: a.who})
	s.announceAll(a)
	if s.pickUp(p.ch) && a.talkFor > 0 {
		s.after(a.talkFor, func() {
			if a.call == p {
				a.hangup()
			}
		})
	}
}

// complete ends an agent's conversation; the caller's side is not touched.
func (s *Switch) complete(a *Agent, reason string) {
	p := a.call
	a.call, p.agent = nil, nil
	a.last().Ended = time.Now()
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

// last is the record of the agent's latest offer; there is one.
func (a *Agent) last() *AgentCall { return &a.history[len(a.history)-1] }
