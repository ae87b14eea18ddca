package simswitch

import (
	"cmp"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// membership is one agent in one queue. Everything in this file runs with the
// switch locked.
type membership struct {
	queue        *Queue
	agent        *Agent
	penalty      int
	paused       bool
	pausedReason string
	taken        int
	lastCall     time.Time
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

func (m *membership) state() telephony.QueueMember {
	a := m.agent
	state := telephony.QueueMember{
		Queue: m.queue.name, Interface: a.who.Interface, Name: a.who.Name, Status: a.status(),
		Paused: m.paused, PausedReason: m.pausedReason, Penalty: m.penalty,
		InCall: a.call != nil && a.call.queue() == m.queue, LastCall: m.lastCall, CallsTaken: m.taken,
		WrapUp: m.queue.opts.WrapUp,
	}
	if state.WrapUp > 0 && !m.lastCall.IsZero() {
		state.WrapUpUntil = m.lastCall.Add(state.WrapUp)
	}
	return state
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

// announceAll tells the feed about an agent's phone and memberships.
func (s *Switch) announceAll(a *Agent) {
	s.announcePhone(a)
	for _, m := range a.in {
		s.announce(m)
	}
}

// announcePhone tells the feed what an agent's phone does, if that is news.
func (s *Switch) announcePhone(a *Agent) {
	if a.told == a.status() {
		return
	}
	a.told = a.status()
	s.emitQueue(telephony.QueueEvent{
		Kind:   telephony.PhoneChanged,
		Agent:  telephony.QueueAgent{Interface: a.who.Interface, Name: a.who.Interface},
		Phones: []telephony.PhoneStatus{{Phone: a.who.Interface, Status: a.told}},
	})
}

// phoneStates lists the phones of all agents by name.
func (s *Switch) phoneStates() []telephony.PhoneStatus {
	out := make([]telephony.PhoneStatus, 0, len(s.agents))
	for _, a := range s.agents {
		out = append(out, telephony.PhoneStatus{Phone: a.who.Interface, Status: a.status()})
	}
	slices.SortFunc(out, func(a, b telephony.PhoneStatus) int { return cmp.Compare(a.Phone, b.Phone) })
	return out
}
