package acd

import (
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// What agents and operators order, and what phones show.

// ordered gives the agent of an order, nil when it is not to be carried out. The
// journal has who gave it.
func (g *Group) ordered(t *turn, ev queues.Event, id, by string) *agent {
	a := g.ids[id]
	if a == nil || g.Allowed(ev, t.now) != nil {
		return nil
	}
	t.by = map[*agent]string{a: by}
	return a
}

func (g *Group) logIn(t *turn, ev queues.LogIn) {
	a := g.ordered(t, ev, ev.Agent, ev.By)
	if a == nil {
		return
	}
	a.duty.On = true
	if !a.works() { // else it thought better of a log-out during a call
		d := &a.duty
		*d = queues.Duty{Agent: d.Agent, On: true, Since: t.now, FreeAt: t.now, OfferedAt: d.OfferedAt, Queue: d.Queue}
		a.failures, a.retryAt = 0, noTime
	}
	g.reconsider(t, a)
}

func (g *Group) logOut(t *turn, ev queues.LogOut) {
	a := g.ordered(t, ev, ev.Agent, ev.By)
	if a == nil {
		return
	}
	a.restedUntil(t.now)
	a.duty.On = false
	if a.state == queues.AgentWrapUp { // who goes has done that, too, and could not say so any more
		t.saveAgent(a)
		g.wrappedUp(t, a)
		return
	}
	g.reconsider(t, a)
}

func (g *Group) pause(t *turn, ev queues.Pause) {
	a := g.ordered(t, ev, ev.Agent, ev.By)
	if a == nil {
		return
	}
	a.restedUntil(t.now)
	until := noTime
	if left, limited := g.allowance(a, ev.Reason); limited {
		until = t.now.Add(left)
	}
	g.beginPause(t, a, ev.Reason, until)
}

// beginPause keeps calls from an agent; a call in hand goes on.
func (g *Group) beginPause(t *turn, a *agent, reason string, until time.Time) {
	d := &a.duty
	d.Paused, d.Reason, d.PausedAt, d.Until = true, reason, t.now, until
	g.reconsider(t, a)
}

func (g *Group) unpause(t *turn, ev queues.Unpause) {
	a := g.ordered(t, ev, ev.Agent, ev.By)
	if a == nil {
		return
	}
	g.endPause(t, a)
}

func (g *Group) endPause(t *turn, a *agent) {
	a.restedUntil(t.now)
	g.reconsider(t, a)
}

func (g *Group) ready(t *turn, ev queues.Ready) {
	a := g.ordered(t, ev, ev.Agent, ev.By)
	if a == nil {
		return
	}
	g.wrappedUp(t, a)
}

// reconsider takes account of an order about an agent.
func (g *Group) reconsider(t *turn, a *agent) {
	t.saveAgent(a)
	switch {
	case !a.works():
		g.stepAgent(t, a, agentRest)
	case a.state == queues.AgentRinging && (!a.duty.On || a.duty.Paused):
		g.endOffer(t, a.leg, offerCancelled)
	default:
		g.count(t, a)
	}
}

// allowance is what is left of the allowance for pauses of a reason; limited is
// false when there is none.
func (g *Group) allowance(a *agent, reason string) (left time.Duration, limited bool) {
	allowed, limited := g.rules.Reasons[reason]
	return allowed - a.duty.Rested[reason], limited
}

// restedUntil ends the pause of an agent, if there is one, and counts it against
// its allowance.
func (a *agent) restedUntil(now time.Time) {
	d := &a.duty
	switch {
	case !d.Paused:
		return
	case a.works(): // it was to begin after the call
		d.PausedAt = now
	}
	rested := make(map[string]time.Duration, len(d.Rested)+1)
	for reason, spent := range d.Rested {
		rested[reason] = spent
	}
	rested[d.Reason] += now.Sub(d.PausedAt)
	d.Rested = rested
	d.Paused, d.Reason, d.PausedAt, d.Until = false, "", noTime, noTime
}

// workOver is called when an agent's leg is over: after a talk there may be work
// to do, after a mere ringing there is none.
func (g *Group) workOver(t *turn, l *leg) {
	a := l.agent
	d := &a.duty
	a.leg, d.Channel = nil, ""
	if l.up() {
		if !l.unseen {
			d.TalkS += inSeconds(t.now.Sub(l.upAt))
		}
		q := g.named[d.Queue]
		d.FreeAt = t.now
		if d.On && q != nil && (q.rule.WrapUp > 0 || q.rule.WrapUpByAgent) {
			d.WrapUp = t.now
			g.stepAgent(t, a, agentWrap)
			return
		}
		g.resumePause(t, a)
	}
	d.Place = ""
	g.stepAgent(t, a, agentRest)
}

// wrappedUp ends the work after a call.
func (g *Group) wrappedUp(t *turn, a *agent) {
	a.duty.WrapUp, a.duty.FreeAt, a.duty.Place = noTime, t.now, ""
	g.resumePause(t, a)
	g.stepAgent(t, a, agentRest)
}

// resumePause lets a pause that was ordered during a call begin after it.
func (g *Group) resumePause(t *turn, a *agent) {
	d := &a.duty
	if !d.Paused {
		return
	}
	if !d.Until.IsZero() {
		d.Until = t.now.Add(d.Until.Sub(d.PausedAt))
	}
	d.PausedAt = t.now
}

func (g *Group) phoneSeen(t *turn, ev queues.PhoneSeen) {
	if a := g.phones[ev.Phone]; a != nil && a.phone != ev.State {
		if a.phone == queues.PhoneInUse && ev.State == queues.PhoneIdle {
			a.failures, a.retryAt = 0, noTime // what kept it from being reached is over
		}
		a.phone = ev.State
		if !a.works() {
			g.stepAgent(t, a, agentRest)
		}
	}
}

func (g *Group) phonesSeen(t *turn, ev queues.PhonesSeen) {
	seen := make(map[string]queues.PhoneState, len(ev.Phones))
	for _, p := range ev.Phones {
		seen[p.Phone] = p.State
	}
	for _, a := range g.agents {
		state, ok := seen[a.rule.Phone]
		if !ok {
			state = queues.PhoneUnknown
		}
		g.phoneSeen(t, queues.PhoneSeen{Phone: a.rule.Phone, State: state})
	}
}
