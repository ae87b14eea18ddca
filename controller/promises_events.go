package controller

import (
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
)

// What the lines, the switch and the customer's call tell the promises.

func (s *promises) confirmed(id string) { s.send(id, callback.Accepted{}) }
func (s *promises) declined(id string)  { s.send(id, callback.Declined{}) }
func (s *promises) noKey(id string)     { s.send(id, callback.NoKey{}) }
func (s *promises) ringing(id string, n int) {
	s.send(id, callback.PhoneRings{Channel: callback.ChannelID(id, n)})
}

// leave ends a place that no open promise has.
func (s *promises) leave(place queues.Place) {
	if l := s.c.line(place.Queue); l != nil {
		l.ifHeld(place.ID, "", place.CallbackID, queues.Leave{PlaceID: place.ID, Reason: queues.LeftByChoice})
	}
}

// nothing is done for a promise that is closed.
func nothing(error) {}

// connected is told by the customer's call: it was bridged with this leg. If the
// agent left meanwhile, the call is told so and this is history.
func (s *promises) connected(id, leg, agent string) {
	s.on(id, func(p *promise) {
		if p.agentLeg == leg {
			if agent == "" {
				agent = p.agent // told to us while the two were being connected
			}
			s.step(p, callback.ConversationStarted{Agent: agent})
		}
	}, nothing)
}

// bridging is told by the customer's call: it is about to ask the switch to bridge it
// with this leg. Should the answer get lost, the two may talk.
func (s *promises) bridging(id, leg string) {
	s.on(id, func(p *promise) { p.bridging = p.bridging || p.agentLeg == leg }, nothing)
}

func (s *promises) answered(id string, n int, ch telephony.Channel) {
	over := func() { s.c.hangupLater(ch.ID) } // a leg of a promise that is over
	s.on(id, func(p *promise) {
		if len(p.cb.Attempts) != n {
			over()
			return
		}
		s.step(p, callback.PickedUp{Channel: string(ch.ID)})
	}, func(error) { over() })
}

func (s *promises) legEnded(id string, n int, cause telephony.Cause) {
	s.send(id, callback.Ended{Channel: callback.ChannelID(id, n), Cause: cause})
}

// served says that an agent is on the placeholder of a promise.
func (s *promises) served(place queues.Place, leg string) {
	s.on(place.CallbackID, func(p *promise) {
		p.bridging = p.bridging && p.agentLeg == leg
		p.agentLeg, p.agent = leg, place.Agent
		if l := s.c.line(p.cb.Queue); l != nil && p.cb.State == callback.Shown {
			s.preview(p, l) // asked for before the leg was known
		}
		s.step(p, callback.AgentTook{})
	}, func(error) {
		s.c.hangupLater(telephony.ChannelID(leg))
		s.leave(place)
	})
}

// named says which agent it is.
func (s *promises) named(place queues.Place) {
	s.on(place.CallbackID, func(p *promise) {
		p.agent = place.Agent
		if p.cb.State == callback.Connected {
			s.step(p, callback.ConversationStarted{Agent: place.Agent})
		}
		s.toCustomer(p, func(k *call) { k.box.post(func() { k.named(place) }) })
	}, nothing)
}

// moved says that the place of a promise stands in another queue.
func (s *promises) moved(place queues.Place, from, why string) {
	s.on(place.CallbackID, func(p *promise) {
		talked := p.cb.State == callback.Connected
		s.stepThen(p, callback.Moved{Queue: place.Queue, PlaceAt: place.TakenAt, SentOn: talked}, func() {
			p.agentGone()
			s.toCustomer(p, func(k *call) { k.moved(place, from, why) })
		})
	}, nothing)
}

// update tells the customer who waits on the line how the place stands.
func (s *promises) update(u queues.Update) {
	s.box.post(func() {
		if p := s.all[u.Place.CallbackID]; p != nil && (p.cb.State == callback.Confirmed || p.cb.SentOn) {
			s.toCustomer(p, func(k *call) { k.send(queuesUpdate(u)) })
		}
	})
}

// over says that the line ended the place.
func (s *promises) over(place queues.Place) {
	s.on(place.CallbackID, func(p *promise) {
		p.agentGone()
		switch {
		case place.Reason == queues.LeftServed && p.cb.State == callback.Connected:
			s.toCustomer(p, func(k *call) { k.over(place) })
			s.step(p, callback.ConversationOver{})
		case place.Reason == queues.LeftServed:
			s.toCustomer(p, func(k *call) { k.lost() })
			s.step(p, callback.AgentLost{})
		default:
			s.step(p, callback.PlaceOver{Reason: string(place.Reason)})
		}
	}, nothing)
}

// toCustomer finds the call with the customer of a promise, if there is one now.
func (s *promises) toCustomer(p *promise, f func(*call)) {
	if len(p.cb.Attempts) == 0 {
		return
	}
	leg := telephony.ChannelID(p.cb.Attempts[len(p.cb.Attempts)-1].Channel)
	s.c.main.post(func() {
		if k := s.c.byLeg[leg]; k != nil {
			f(k)
		}
	})
}

// greet makes the call that begins at our end: the customer picked up.
func (s *promises) greet(p *promise, cmd callback.Greet) {
	channel := cmd.Channel
	now, cb := time.Now(), p.cb
	doc := s.c.hotline(cb.Hotline)
	rec := store.Call{
		ID: newID("c", now), Direction: store.DirectionCallback, Channel: channel, Number: cb.Number, Hotline: cb.Hotline,
		StartedAt: now, PlaceID: cb.PlaceID, CallbackID: cb.ID, Queue: cb.Queue, WaitFrom: now,
		State: dialplan.NewCallbackState(doc, calleeOf(cb, cmd.Verify, s.policy(cb).Clock(cb.Callee()))),
	}
	s.c.main.post(func() {
		leg := telephony.ChannelID(channel)
		if s.c.byLeg[leg] != nil {
			return // asked twice: the call is there
		}
		if !s.c.mayGreet(leg) {
			return
		}
		k := s.c.newCall(rec, doc)
		s.c.adopt(k)
		k.begin(dialplan.StartedCallback{})
		if s.c.arriving[leg] {
			k.send(dialplan.HungUp{}) // hung up before we were ready to hear of it
		}
		delete(s.c.arriving, leg)
	})
}
