package controller

import (
	"context"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
)

// pumpSwitch hands the switch's events to the main mailbox. Going through one
// mailbox keeps them behind whatever was posted before the request that caused
// them, so an owner is always known before its events arrive.
func (c *Controller) pumpSwitch(ctx context.Context) {
	for {
		select {
		case ev, ok := <-c.opts.Switch.Events():
			if !ok {
				return
			}
			c.main.post(func() { c.route(ev) })
		case <-ctx.Done():
			return
		}
	}
}

// pumpFeed hands the switch's queue events to the lines.
func (c *Controller) pumpFeed(ctx context.Context) {
	for {
		select {
		case ev, ok := <-c.opts.Feed.QueueEvents():
			if !ok {
				return
			}
			c.feed(ev)
			if ev.Kind == telephony.QueueLost {
				c.main.post(func() { c.feedUp = false })
			}
			if ev.Kind == telephony.QueueReset {
				c.main.post(func() { c.feedUp = true })
			}
		case <-ctx.Done():
			return
		}
	}
}

// feed hands one event to the lines that it is about.
func (c *Controller) feed(ev telephony.QueueEvent) {
	for _, l := range c.all {
		if l.own != nil {
			for _, e := range phoneEvents(ev) {
				l.apply(e)
			}
		} else if name := l.queues[0]; ev.Kind == telephony.QueueReset || ev.Queue == name {
			for _, e := range feedEvents(ev, name) {
				l.apply(e)
			}
		}
		if ev.Kind == telephony.QueueReset {
			l.refresh()
		}
	}
}

// route finds the owner of one event. It runs in the main mailbox.
func (c *Controller) route(ev telephony.Event) {
	switch ev := ev.(type) {
	case telephony.Connected:
		c.linked = true
		c.met.connected.Set(1)
		c.reconcile(ev.Snapshot)
	case telephony.Disconnected:
		c.linked = false
		c.met.connected.Set(0)
		c.log.Warn("the switch is out of reach; callers stay where they are", zap.Error(ev.Err))
	case telephony.Replaced:
		c.linked = false
		c.met.connected.Set(0)
		c.log.Error("another program took our place on the switch: is a second linekeeper running?")
	case telephony.ChannelArrived:
		c.arrived(ev.Channel, ev.Args)
	case telephony.ChannelChanged:
		if id, n, ok := ownedBy(ev.Channel.ID, prefixCust); ok && ev.Channel.State == telephony.StateRinging {
			c.promises.ringing(id, n)
		}
	case telephony.ChannelEnded:
		c.legEnded(ev.ID, ev.Cause)
	case telephony.ChannelLeft:
		// Only a channel that lives on elsewhere is told this way, and of ours only
		// legs are sent away: whatever ended a call says so with ChannelEnded.
		if x := c.exams[ev.ID]; x != nil {
			x.left = true
		}
		if k := c.byLeg[ev.ID]; k != nil {
			k.box.post(k.sentAway)
		}
	case telephony.DigitReceived:
		if k := c.byLeg[ev.ID]; k != nil {
			k.send(dialplan.Digit{Key: ev.Digit})
			return
		}
		c.agentPressed(ev.ID, ev.Digit, ev.At)
	case telephony.Talking:
		c.promises.talking(ev)
	case telephony.PlaybackFinished:
		c.farewellSaid(ev.ID)
		if k := c.whispers[ev.ID]; k != nil {
			k.heard(ev.ID)
		}
		if k := c.byLeg[ev.Channel]; k != nil {
			k.spoken(ev.ID)
		}
	case telephony.RecordingFinished:
		if k := c.byLeg[ev.Channel]; k != nil && ev.Channel != "" {
			k.recorded(ev)
		}
	case telephony.UserEvent:
		c.userEvent(ev)
	}
}

// arrived greets a channel that came under our control.
func (c *Controller) arrived(ch telephony.Channel, args []string) {
	back := len(args) > 0 && args[0] == argExamined
	if k := c.byLeg[ch.ID]; k != nil { // known from a snapshot
		if back {
			k.sayAgain() // it was taken for one that had not been sent away
		}
		if len(args) > 0 && args[0] == argReturned {
			k.cameBack(args[1:])
		}
		return
	}
	if place, _, ok := ownedBy(ch.ID, prefixPlace); ok {
		c.placeholderUp(place, ch.ID)
		return
	}
	if id, _, ok := ownedBy(ch.ID, prefixDial); ok {
		if k := c.calls[id]; k != nil {
			k.dialAnswered(ch.ID)
		} else {
			c.hangupLater(ch.ID)
		}
		return
	}
	if id, n, ok := ownedBy(ch.ID, prefixCust); ok {
		if back {
			c.arriving[ch.ID] = false
			c.examined(ch.ID, args[1:])
			return
		}
		c.noExam(ch.ID) // it was only about to arrive
		c.arriving[ch.ID] = false
		c.promises.answered(id, n, ch)
		return
	}
	if len(args) > 1 && args[0] == "agent" {
		c.agentDialled(ch, args[1])
		return
	}
	dialed := ch.Dialed
	if len(args) > 1 && args[0] == "hotline" {
		dialed = args[1]
	}
	doc := c.hotlines.Load().numbers[c.dialed(dialed)]
	if doc == nil {
		c.log.Warn("a call came for a number that no hotline has", zap.String("number", dialed), zap.String("channel", ch.Name))
		c.met.refused.Inc()
		c.wg.Go(func() {
			_ = c.onSwitch("refuse", func(ctx context.Context) error {
				return c.opts.Switch.Hangup(ctx, ch.ID, telephony.CauseUnallocated)
			})
			c.store(store.Batch{Events: []store.Event{{
				At: time.Now(), Type: "call.refused", Data: map[string]any{"number": dialed, "why": "no hotline has this number"},
			}}})
		})
		return
	}
	now := time.Now()
	ani, _ := callers.Normalize(ch.Caller.Number, regionOf(doc, c.opts.Region))
	if len(args) > 2 && strings.HasPrefix(args[2], "prohib") {
		ani = "" // the network knows the number, and the caller does not want it to be shown
	}
	k := c.newCall(store.Call{
		ID: newID("c", now), Direction: store.DirectionIn, Channel: string(ch.ID), Number: dialed,
		Hotline: doc.Hotline, StartedAt: now, State: dialplan.NewState(doc, ani),
	}, doc)
	c.adopt(k)
	k.begin(dialplan.Started{Dialled: dialed})
}

// adopt makes a call known and starts its owner. It runs in the main mailbox.
func (c *Controller) adopt(k *call) {
	c.calls[k.id] = k
	c.byLeg[telephony.ChannelID(k.rec.Channel)] = k
	c.met.live.WithLabelValues(k.rec.Hotline).Inc()
	k.start()
}

func (c *Controller) placeholderUp(place string, ch telephony.ChannelID) {
	l := c.lines[c.queueOf[place]]
	if l == nil {
		c.log.Warn("an agent took a placeholder that no place has", zap.String("channel", string(ch)))
		c.hangupLater(ch)
		return
	}
	l.apply(queues.Answered{PlaceID: place, Channel: string(ch)})
}

func (c *Controller) legEnded(id telephony.ChannelID, cause telephony.Cause) {
	if place, _, ok := ownedBy(id, prefixPlace); ok {
		delete(c.keys, id)
		delete(c.listeners, id)
		if l := c.lines[c.queueOf[place]]; l != nil {
			status, told := c.queueStatus[place]
			switch delete(c.queueStatus, place); {
			case l.own != nil:
				status = offerEnd(cause)
			case !told:
				status = statusOf(cause)
			}
			l.apply(queues.Gone{PlaceID: place, Channel: string(id), Status: status})
		}
		return
	}
	if call, _, ok := ownedBy(id, prefixDial); ok {
		c.tolls.over(id)
		if k := c.calls[call]; k != nil {
			k.dialEnded(id, cause)
		}
		return
	}
	c.noExam(id)
	if k := c.byLeg[id]; k != nil {
		k.send(dialplan.HungUp{})
	} else if _, waiting := c.arriving[id]; waiting {
		c.arriving[id] = true
	}
	if cb, n, ok := ownedBy(id, prefixCust); ok {
		c.promises.legEnded(cb, n, cause)
	}
}

// userEvent keeps the result of Queue() until the placeholder's end is told.
func (c *Controller) userEvent(ev telephony.UserEvent) {
	if ev.Name != eventQueue {
		return
	}
	place := ev.Fields["Place"]
	if c.queueOf[place] != "" {
		c.queueStatus[place] = ev.Fields["Status"]
	}
}

func (c *Controller) hangupLater(ch telephony.ChannelID) {
	c.wg.Go(func() {
		_ = c.onSwitch("hang up an orphan", func(ctx context.Context) error {
			return c.opts.Switch.Hangup(ctx, ch, telephony.CauseNormal)
		})
	})
}
