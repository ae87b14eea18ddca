package simswitch

import (
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// Agent is a person with a phone who takes calls from queues. A new agent is in
// no queue, picks up after two seconds and talks until somebody hangs up.
type Agent struct {
	sw   *Switch
	who  telephony.QueueAgent
	in   []*membership
	call *place
	ring *offer

	away        bool // the phone is not registered
	misses      int  // how many offers to let ring; negative is all
	answerAfter time.Duration
	talkFor     time.Duration
	restUntil   time.Time
	rungSeq     int // when the phone rang last, in the switch's count
	history     []AgentCall
}

// AgentCall is one time that an agent's phone rang.
type AgentCall struct {
	Channel  telephony.ChannelID // the placeholder
	Queue    string
	Shown    telephony.CallerID // on the phone's display
	RangAt   time.Time
	Answered time.Time // zero when not answered
	Ended    time.Time // zero while it lasts
}

// membership is one agent in one queue.
type membership struct {
	queue        *Queue
	agent        *Agent
	penalty      int
	paused       bool
	pausedReason string
	taken        int
	lastCall     time.Time
}

// Agent adds an agent, or finds the one with this interface.
func (s *Switch) Agent(iface, name string) *Agent {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.agents {
		if a.who.Interface == iface {
			return a
		}
	}
	a := &Agent{sw: s, who: telephony.QueueAgent{Interface: iface, Name: name}, answerAfter: 2 * time.Second}
	s.agents = append(s.agents, a)
	return a
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
		if a.ring != nil && a.ring.place.queue == q {
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

// Away says that the phone is not registered (true) or is again (false). A
// ringing phone stops; a conversation goes on.
func (a *Agent) Away(away bool) {
	a.sw.update(func() {
		a.away = away
		if away {
			a.sw.withdraw(a.ring)
		}
		a.sw.announceAll(a)
		a.sw.settleAll(a)
	})
}

// Answer picks up the phone, if it rings.
func (a *Agent) Answer() {
	a.sw.update(func() {
		if a.ring != nil {
			a.sw.connect(a.ring)
		}
	})
}

// Hangup ends the agent's conversation, if there is one: the placeholder's
// channel ends.
func (a *Agent) Hangup() {
	a.sw.update(func() { a.hangup() })
}

func (a *Agent) hangup() {
	if p := a.call; p != nil {
		a.sw.complete(a, telephony.ReasonAgent)
		a.sw.end(p.ch, telephony.CauseNormal)
	}
}

// Press sends keys from the agent's phone into the conversation.
func (a *Agent) Press(keys string) {
	if p := a.Phone(); p != nil {
		p.Press(keys)
	}
}

// Phone is what the agent hears and is bridged with during a conversation: the
// placeholder's phone. It is nil while the agent talks to nobody.
func (a *Agent) Phone() *Phone {
	a.sw.mu.Lock()
	defer a.sw.mu.Unlock()
	if a.call == nil {
		return nil
	}
	return a.call.ch.phone
}

// Ringing says for which placeholder the phone rings; false when it does not.
func (a *Agent) Ringing() (telephony.ChannelID, bool) {
	a.sw.mu.Lock()
	defer a.sw.mu.Unlock()
	if a.ring == nil {
		return "", false
	}
	return a.ring.place.ch.ID, true
}

// Calls lists every time that the agent's phone rang, oldest first.
func (a *Agent) Calls() []AgentCall {
	a.sw.mu.Lock()
	defer a.sw.mu.Unlock()
	return slices.Clone(a.history)
}
