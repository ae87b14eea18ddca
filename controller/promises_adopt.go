package controller

import (
	"maps"
	"slices"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
)

// What a start, or a gap in the connection, makes of the promises.

// remind tells a promise again what its customer has said: the call stored it, and
// the last run may have died before the promise did. It comes before the promises
// are compared with the switch, so that a 9 counts although the customer has hung up.
func (s *promises) remind(rec store.Call) {
	if rec.Direction != store.DirectionCallback {
		return
	}
	if rec.TalkFrom.IsZero() { // it is on disk before the two are bridged
		s.on(rec.CallbackID, func(p *promise) { p.bridging = false }, nothing)
	}
	switch st := rec.State; {
	case st.Held, st.Phase == dialplan.PhaseConnected:
		s.send(rec.CallbackID, callback.Accepted{Channel: rec.Channel})
	case st.Phase != dialplan.PhaseLeaving:
	case st.Outcome == dialplan.ResultIVR:
		s.send(rec.CallbackID, callback.Declined{Channel: rec.Channel})
	case st.Outcome == dialplan.ResultCallback:
		s.send(rec.CallbackID, callback.NoKey{Channel: rec.Channel})
	}
}

// reconcile runs in the promises' mailbox. first says that this is the start of the
// daemon, when no request of ours can be under way.
func (s *promises) reconcile(now onSwitchNow, first bool) {
	agentOn := now.agents()
	compared := map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(s.all)) {
		if last, ok := s.all[id].cb.Last(); ok {
			compared[last.Channel] = true
		}
		s.with(id, errand{task: func(p *promise) { s.compare(p, now, agentOn, first) }})
	}
	for ch := range now {
		id, _, ok := ownedBy(ch, prefixCust)
		if !ok || compared[string(ch)] { // its promise may have ended just now: the customer hears last words
			continue
		}
		hangUp := func() { s.c.hangupLater(ch) } // a leg of a promise that is over
		s.with(id, errand{task: func(p *promise) {
			if last, _ := p.cb.Last(); last.Channel != string(ch) {
				hangUp()
			} else if p.cb.Dormant() {
				s.compare(p, now, agentOn, first)
			}
		}, none: func(error) { hangUp() }})
	}
	s.ready = true
}

// lookedAt is for the promises that the switch was asked about again. Legs that came
// meanwhile have told of themselves.
func (s *promises) lookedAt(now onSwitchNow) {
	agentOn := now.agents()
	for _, id := range slices.Sorted(maps.Keys(s.all)) {
		if s.all[id].unsure {
			s.with(id, errand{task: func(p *promise) { s.compare(p, now, agentOn, false) }})
		}
	}
}

// agents gives, by place, the placeholder that an agent took.
func (now onSwitchNow) agents() map[string]string {
	on := map[string]string{}
	for id, ch := range now {
		if place, _, ok := ownedBy(id, prefixPlace); ok && ch.Arrived {
			on[place] = string(id)
		}
	}
	return on
}

// compare tells a promise what the switch shows of its latest attempt.
func (s *promises) compare(p *promise, now onSwitchNow, agentOn map[string]string, first bool) {
	last, dialled := p.cb.Last()
	alive := now.alive(last.Channel)
	p.unsure = false
	if p.cb.Dormant() && !alive {
		return // nothing of it is on the switch
	}
	if dialled && !first && !alive && s.now().Sub(last.At) < settle {
		p.unsure = true
		s.c.lookAgain()
		return
	}
	mayTalk := p.bridging
	p.agentLeg = agentOn[p.cb.PlaceID]
	p.bridging = p.bridging && p.agentLeg != ""
	state := now[telephony.ChannelID(last.Channel)].State
	if now.away(last.Channel) && p.cb.State != callback.Answered {
		state = telephony.StateRinging // that it was answered is told when it arrives
	}
	s.step(p, callback.Recovered{ChannelAlive: alive, Channel: state, AgentThere: p.agentLeg != "", MayTalk: mayTalk})
}
