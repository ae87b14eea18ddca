package acd

import (
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// phonePatience is how long agents are not rung after a restart if nobody tells
// what their phones do.
const phonePatience = 3 * time.Second

// restoreAgent takes up an agent as it was saved. Whether it still talks is known
// when its place is restored.
func (g *Group) restoreAgent(t *turn, ev queues.RestoreAgent) {
	g.restoring(t)
	a := g.ids[ev.Duty.Agent]
	if a == nil || a.on || a.works() {
		return
	}
	a.duty = ev.Duty
	switch {
	case a.duty.Channel != "":
		g.unsure[a.duty.Channel] = a
		g.count(t, a)
	case !a.duty.WrapUp.IsZero():
		g.become(t, a, queues.AgentWrapUp)
	default:
		g.stepAgent(t, a, agentRest)
	}
}

func (g *Group) restoring(t *turn) {
	if g.restored.IsZero() && len(g.legs) == 0 {
		g.restored = t.now
	}
}

// restore takes up a place as it was saved. A talk that goes on is left alone. An
// offer is taken back, whatever became of it, and made anew when all is known: so
// no agent is rung twice. One that an agent answered meanwhile is a talk.
func (g *Group) restore(t *turn, ev queues.Restore) {
	p := ev.Place
	if _, known := g.spots[p.ID]; known || p.State == queues.PlaceLeft {
		return
	}
	g.restoring(t)
	was, channel := p.State, p.Channel
	agent := g.talker(p)
	talks := ev.Alive && ev.Served && agent != nil
	switch {
	case was == queues.PlaceResting:
		p.Channel = ""
	case talks:
		p.State = queues.PlaceServed
		if p.ServedAt.IsZero() {
			p.ServedAt = t.now
		}
	case was == queues.PlaceServed && !ev.Alive:
	default:
		p.State, p.Channel, p.Agent, p.ServedAt = queues.PlaceWaiting, "", "", noTime
		if p.CallbackID != "" && p.CallID == "" {
			p.State = queues.PlaceResting
			if p.EnterAfter.IsZero() {
				p.EnterAfter = t.now
			}
		}
	}
	s := g.newSpot(t, p)
	if s == nil {
		return
	}
	s.estimated = true // or was not, but that is history
	g.place(t, s)
	t.save(s)
	switch {
	case s.State == queues.PlaceServed:
		g.resumeTalk(t, s, agent, was, talks)
	case ev.Alive && channel != "" && g.unsure[channel] == nil:
		t.do(queues.Withdraw{Channel: channel})
	case ev.Alive && channel != "":
		g.unring(t, g.unsure[channel])
	}
}

// talker finds the agent who was rung for a place, or talked, by the leg that the
// place has. Of a talk whose agent has no record, or is not of the rules any more,
// the name is enough.
func (g *Group) talker(p queues.Place) *agent {
	if a := g.unsure[p.Channel]; a != nil && a.duty.Place == p.ID {
		return a
	}
	if p.State != queues.PlaceServed {
		return nil
	}
	for _, a := range g.agents {
		if a.leg == nil && a.duty.Channel == "" && a.name() == p.Agent {
			return a
		}
	}
	guest := newAgent(Agent{ID: p.Agent, Name: p.Agent}, len(g.agents))
	guest.guest = true
	return guest
}

// resumeTalk takes up a conversation that went on while nobody looked, or ended.
func (g *Group) resumeTalk(t *turn, s *spot, a *agent, was queues.PlaceState, goesOn bool) {
	l := &leg{spot: s, agent: a, channel: s.Channel, asked: s.ServedAt, upAt: s.ServedAt, unseen: !goesOn}
	l.owner = l
	s.legs, a.leg = []*leg{l}, l
	g.legs[l.channel] = l
	g.pool(t, a, false)
	delete(g.unsure, l.channel)
	a.duty.Queue, a.duty.Place, a.duty.Channel = s.Queue, s.ID, l.channel
	if !goesOn {
		a.state, s.endUnseen = queues.AgentTalking, true
		g.end(t, s, queues.LeftServed, hungUp)
		return
	}
	if was != queues.PlaceServed {
		s.Agent = a.name()
		a.duty.Calls++
		noteOffer(t, l, offerAnswered)
		g.noteServed(t, s)
	}
	g.become(t, a, queues.AgentTalking)
	t.saveAgent(a)
	t.do(queues.Serve{Place: s.Place, Channel: s.Channel})
}

// resume begins the work when all records are taken up and the phones are known.
// Agents whose legs no place has any more were being rung, and are not now.
func (g *Group) resume(t *turn) {
	g.restored = noTime
	for _, a := range g.agents {
		if g.unsure[a.duty.Channel] == a {
			g.unring(t, a)
		}
	}
	clear(g.unsure)
	g.ring(t)
}

// unring lets an agent go who was being rung in the last run.
func (g *Group) unring(t *turn, a *agent) {
	if g.spots[a.duty.Place] != nil {
		t.do(queues.Withdraw{Channel: a.duty.Channel})
	}
	delete(g.unsure, a.duty.Channel)
	a.duty.Channel, a.duty.Place = "", ""
	t.saveAgent(a)
	g.stepAgent(t, a, agentRest)
}
