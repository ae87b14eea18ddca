package simulate

import (
	"fmt"
	"math"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/telephony"
)

// ask makes a promise to a waiting caller, who then hangs up.
func (w *world) ask(g *guest) {
	g.policy = g.offer.Policy
	p, ok := w.engine.Place(g.place)
	if !ok {
		return
	}
	req := callback.Request{
		ID: "b" + g.place[1:], Number: g.number, Queue: p.Queue, Hotline: "simulation", Language: "en", Priority: g.priority,
		Reason: "in_line", CallID: g.call, PlaceID: g.place, PlaceAt: p.TakenAt,
	}
	cb, refused := callback.Ask(req, g.policy, nil, w.now)
	if refused != nil {
		w.fail("the promise is refused: %s", refused.Message)
		return
	}
	g.promise, g.onLine = cb, false
	w.called[cb.ID] = g
	w.note(g, callback.AskedNote(cb, req))
	w.tell(queues.Convert{PlaceID: g.place, CallbackID: cb.ID})
}

// step moves the promise by its own engine and does what follows, as the
// controller does.
func (w *world) step(g *guest, ev callback.Event) {
	cb, cmds, err := callback.Step(g.promise, ev, g.policy, w.now)
	if err != nil {
		return // an echo of what is over
	}
	g.promise, g.place = cb, cb.PlaceID
	w.guests[g.place] = g
	for _, cmd := range cmds {
		switch cmd := cmd.(type) {
		case callback.Dial:
			w.dial(g, cmd)
		case callback.Greet:
			w.greet(g, cmd.Channel)
		case callback.HangUpCustomer:
			if g.customer == cmd.Channel {
				g.customer, g.onLine, g.talking = "", false, false
			}
		case callback.TakePlace:
			w.tell(queues.Take{Place: w.placeOf(g), Hold: true})
		case callback.EnterPlace:
			w.tell(queues.Attach{PlaceID: g.place, CallID: g.call})
			w.tell(queues.Enter{PlaceID: g.place})
		case callback.RestPlace:
			w.tell(queues.Rest{PlaceID: g.place})
		case callback.LeavePlace:
			w.tell(queues.Leave{PlaceID: cmd.PlaceID, Reason: queues.LeaveReason(cmd.Reason)})
		case callback.ReleaseAgent:
			g.agentLeg = ""
		case callback.ConnectAgent:
			w.connect(g)
		case callback.Wake:
			w.promiseWake(g, cmd)
		case callback.Note:
			w.note(g, cmd)
		}
	}
	if !cb.Open() {
		w.leave(g)
	}
}

func (w *world) placeOf(g *guest) queues.Place {
	return queues.Place{
		ID: g.place, Queue: g.promise.Queue, CallbackID: g.promise.ID, Number: g.number, Priority: g.priority,
		Skills: g.skills, TakenAt: g.promise.PlaceAt,
	}
}

func (w *world) note(g *guest, n callback.Note) {
	w.write(journal.Entry{
		At: n.At, Type: n.Type, Call: g.promise.CallID, Place: g.place, Callback: n.CallbackID,
		Queue: g.promise.Queue, Agent: g.promise.Agent, Data: n.Data,
	})
}

// dial calls the customer, who answers or not.
func (w *world) dial(g *guest, cmd callback.Dial) {
	g.customer = cmd.Channel
	w.ifStill(g, cmd.Channel, 0, func() { w.step(g, callback.PhoneRings{Channel: cmd.Channel}) })
	call := g.nextCall()
	if !call.answers || inTime(call.rings) >= cmd.Timeout {
		g.next = nil
		w.ifStill(g, cmd.Channel, cmd.Timeout.Seconds(), func() {
			g.customer = ""
			w.step(g, callback.Ended{Channel: cmd.Channel, Cause: telephony.CauseNoAnswer})
		})
		return
	}
	w.ifStill(g, cmd.Channel, call.rings, func() {
		g.calls++
		g.call = fmt.Sprintf("c%s-%d", g.place[1:], g.calls)
		w.step(g, callback.PickedUp{Channel: cmd.Channel})
	})
}

// greet asks the customer for the key.
func (w *world) greet(g *guest, channel string) {
	call := g.nextCall()
	g.next = nil
	if !call.confirms {
		w.ifStill(g, channel, g.policy.WithDefaults().ConfirmTimeout.Seconds(), func() { w.step(g, callback.NoKey{Channel: channel}) })
		return
	}
	w.ifStill(g, channel, call.decides, func() {
		g.onLine = true
		w.step(g, callback.Accepted{Channel: channel})
		if math.IsInf(g.patience, 1) {
			return
		}
		// A customer who was called waits as long again, not longer.
		w.ifStill(g, channel, g.patience, func() {
			if !g.talking {
				g.customer, g.onLine = "", false
				w.step(g, callback.Ended{Channel: channel, Cause: telephony.CauseNormal})
			}
		})
	})
}

// ifStill does something later, if the leg to the customer still lives then.
func (w *world) ifStill(g *guest, channel string, seconds float64, do func()) {
	w.after(seconds, func() {
		if g.customer == channel {
			do()
		}
	})
}

// connect puts customer and agent together.
func (w *world) connect(g *guest) {
	if w.legs[g.agentLeg] == nil {
		return
	}
	w.tell(queues.Attach{PlaceID: g.place, CallID: g.call})
	agent := w.legs[g.agentLeg].agent.Agent
	w.talk(g, g.agentLeg, func() { w.step(g, callback.ConversationOver{}) })
	w.step(g, callback.ConversationStarted{Agent: agent})
}

// placeOver tells the promise that its place ended.
func (w *world) placeOver(g *guest, p queues.Place) {
	g.agentLeg, g.talking = "", false
	switch {
	case p.Reason == queues.LeftServed && g.promise.State == callback.Connected:
		w.step(g, callback.ConversationOver{})
	case p.Reason == queues.LeftServed:
		w.step(g, callback.AgentLost{})
	default:
		w.step(g, callback.PlaceOver{Reason: string(p.Reason)})
	}
}

func (w *world) promiseWake(g *guest, cmd callback.Wake) {
	g.ticks++
	mine := g.ticks
	w.agenda.add(cmd.At, func() {
		if g.ticks == mine {
			w.step(g, callback.Tick{})
		}
	})
}
