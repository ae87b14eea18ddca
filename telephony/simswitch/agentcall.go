package simswitch

import (
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/telephony"
)

// Answer picks up the phone, if it rings.
func (a *Agent) Answer() {
	a.sw.update(func() {
		if a.ring != nil {
			a.sw.connect(a.ring)
		}
	})
}

// Hangup ends the agent's conversation, or rejects the call for which the phone
// rings: the placeholder's channel, or the leg that linekeeper originated, ends.
func (a *Agent) Hangup() {
	a.sw.update(func() {
		a.sw.decline(a.ring, telephony.CauseRejected)
		a.hangup()
	})
}

func (a *Agent) hangup() {
	if o := a.call; o != nil {
		a.sw.complete(a, telephony.ReasonAgent)
		a.sw.end(o.ch, telephony.CauseNormal)
	}
}

// Press sends keys from the agent's phone into the conversation.
func (a *Agent) Press(keys string) {
	if p := a.Phone(); p != nil {
		p.Press(keys)
	}
}

// Dial calls linekeeper from the agent's phone, with a code such as "*22": the
// channel arrives with the arguments "agent" and the code, and its name tells
// the phone. While nobody listens the call ends at once. The phone is in use
// until it has ended.
func (a *Agent) Dial(code string) *Phone {
	var p *Phone
	a.sw.update(func() {
		c := a.sw.newChannel("", a.who.Interface)
		p = c.phone
		c.State = telephony.StateRinging
		_, c.Caller.Number, _ = strings.Cut(a.who.Interface, "/")
		c.Dialed, c.Language = code, a.sw.opts.Language
		c.dialler = a
		a.own++
		a.sw.decline(a.ring, telephony.CauseBusy)
		a.sw.announceAll(a)
		if !a.sw.arrive(c, []string{"agent", code}) {
			p.fellBack = true
			a.sw.end(c, telephony.CauseNormal)
		}
	})
	return p
}

// Phone is what the agent hears and is bridged with during a conversation: the
// phone of the placeholder, or of the leg that linekeeper originated. It is nil
// while the agent talks to nobody.
func (a *Agent) Phone() *Phone {
	a.sw.mu.Lock()
	defer a.sw.mu.Unlock()
	if a.call == nil {
		return nil
	}
	return a.call.ch.phone
}

// Status is what the agent's phone does.
func (a *Agent) Status() telephony.MemberStatus {
	a.sw.mu.Lock()
	defer a.sw.mu.Unlock()
	return a.status()
}

// Ringing says for which placeholder or leg the phone rings; false when it does
// not.
func (a *Agent) Ringing() (telephony.ChannelID, bool) {
	a.sw.mu.Lock()
	defer a.sw.mu.Unlock()
	if a.ring == nil {
		return "", false
	}
	return a.ring.ch.ID, true
}

// Calls lists every time that the agent's phone rang, oldest first.
func (a *Agent) Calls() []AgentCall {
	a.sw.mu.Lock()
	defer a.sw.mu.Unlock()
	return slices.Clone(a.history)
}

// last is the record of the agent's latest offer; there is one. The lock is
// held.
func (a *Agent) last() *AgentCall { return &a.history[len(a.history)-1] }

func (a *Agent) status() telephony.MemberStatus {
	switch {
	case a.call != nil || a.private || a.own > 0:
		return telephony.MemberInUse
	case a.ring != nil:
		return telephony.MemberRinging
	case a.away:
		return telephony.MemberUnavailable
	}
	return telephony.MemberIdle
}

// hungUp ends a call that the agent had dialled; the lock is held.
func (a *Agent) hungUp() {
	a.own--
	a.sw.announceAll(a)
	a.sw.offerElsewhere(a)
}
