package simswitch

import (
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// Agent is a person with a phone who takes calls: from queues of the switch, and
// from linekeeper, which dials the phone itself. A new agent is in no queue,
// picks up after two seconds and talks until somebody hangs up. One call at a
// time: a phone in use or ringing gives busy to the next.
type Agent struct {
	sw   *Switch
	who  telephony.QueueAgent
	in   []*membership
	call *offer // talks
	ring *offer // rings
	told telephony.MemberStatus

	away        bool // the phone is not registered
	private     bool // on a call of which linekeeper knows nothing
	own         int  // calls to linekeeper that this phone has dialled
	misses      int  // how many offers to let ring; negative is all
	rejects     int  // how many offers to reject; negative is all
	answerAfter time.Duration
	talkFor     time.Duration
	restUntil   time.Time
	rungSeq     int // when the phone rang last, in the switch's count
	history     []AgentCall
}

// AgentCall is one time that an agent's phone rang.
type AgentCall struct {
	Channel  telephony.ChannelID // the placeholder, or the leg that linekeeper originated
	Queue    string              // of the switch; "" when linekeeper dialled the phone
	Shown    telephony.CallerID  // on the phone's display
	RangAt   time.Time
	Answered time.Time // zero when not answered
	Ended    time.Time // zero while it lasts
}

// Agent adds an agent, or finds the one with this interface. Originate to the
// interface rings the phone, unless Endpoint says something else about it.
func (s *Switch) Agent(iface, name string) *Agent {
	var a *Agent
	s.update(func() {
		if a = s.agent(iface); a == nil {
			a = &Agent{sw: s, who: telephony.QueueAgent{Interface: iface, Name: name}, answerAfter: 2 * time.Second}
			s.agents = append(s.agents, a)
			s.announcePhone(a)
		}
	})
	return a
}

// agent finds an agent, or nil; the lock is held.
func (s *Switch) agent(iface string) *Agent {
	for _, a := range s.agents {
		if a.who.Interface == iface {
			return a
		}
	}
	return nil
}

// AnswerAfter makes the agent pick up after d from now on; negative means only
// when Answer is called. It returns the agent, to be chained.
func (a *Agent) AnswerAfter(d time.Duration) *Agent {
	a.sw.update(func() { a.answerAfter = d })
	return a
}

// TalkFor makes the agent hang up d after answering, from now on; 0 means that
// the agent talks until somebody hangs up.
func (a *Agent) TalkFor(d time.Duration) *Agent {
	a.sw.update(func() { a.talkFor = d })
	return a
}

// Miss makes the agent let the next n offers ring out; negative means all.
func (a *Agent) Miss(n int) *Agent {
	a.sw.update(func() { a.misses = n })
	return a
}

// Reject makes the agent press the red button at the next n offers, after the
// time of AnswerAfter; negative means all. Those of Miss come first.
func (a *Agent) Reject(n int) *Agent {
	a.sw.update(func() { a.rejects = n })
	return a
}

// Login makes the agent a member of a queue with a penalty; a member already
// only gets the penalty. An unknown queue is created without options.
func (a *Agent) Login(queue string, penalty int) *Agent {
	a.sw.update(func() {
		q := a.sw.needQueue(queue)
		m := a.member(q)
		if m == nil {
			m = &membership{queue: q, agent: a}
			q.members = append(q.members, m)
			a.in = append(a.in, m)
		}
		m.penalty = penalty
		a.sw.announce(m)
		a.sw.distribute(q)
	})
	return a
}

// Logout takes the agent out of a queue. A phone that rings for it stops; a
// conversation goes on.
func (a *Agent) Logout(queue string) {
	a.sw.update(func() {
		q := a.sw.queue(queue)
		m := a.member(q)
		if m == nil {
			return
		}
		if a.ring != nil && a.ring.place != nil && a.ring.place.queue == q {
			a.sw.withdraw(a.ring)
		}
		same := func(x *membership) bool { return x == m }
		q.members = slices.DeleteFunc(q.members, same)
		a.in = slices.DeleteFunc(a.in, same)
		a.sw.emitQueue(telephony.QueueEvent{Kind: telephony.MemberRemoved, Queue: queue, Agent: a.who})
		a.sw.settle(q)
	})
}

// Pause takes the agent's calls away in all queues, with a reason to show.
func (a *Agent) Pause(reason string) { a.setPause(true, reason) }

// Unpause lets the agent receive calls again.
func (a *Agent) Unpause() { a.setPause(false, "") }

func (a *Agent) setPause(paused bool, reason string) {
	a.sw.update(func() {
		for _, m := range a.in {
			m.paused, m.pausedReason = paused, reason
			a.sw.announce(m)
		}
		a.sw.settleAll(a)
	})
}

// Away says that the phone is not registered (true) or is again (false).
// Meanwhile dialling it fails. A ringing phone stops; a conversation goes on.
func (a *Agent) Away(away bool) {
	a.sw.update(func() {
		a.away = away
		if away {
			a.sw.decline(a.ring, telephony.CauseSubscriberAbsent)
		}
		a.sw.announceAll(a)
		a.sw.settleAll(a)
	})
}

// Private says that the phone is on a call of which linekeeper knows nothing
// (true), or no longer (false). Meanwhile it is busy. A ringing phone stops; a
// conversation goes on.
func (a *Agent) Private(on bool) {
	a.sw.update(func() {
		a.private = on
		if on {
			a.sw.decline(a.ring, telephony.CauseBusy)
		}
		a.sw.announceAll(a)
		a.sw.settleAll(a)
	})
}
