package controller

import (
	"context"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
)

// settle is how old a request to the switch must be before its absence from a
// snapshot means something: a younger one may have been under way.
const settle = 2 * switchTimeout

// onSwitchNow is the switch's own list, easy to ask.
type onSwitchNow map[telephony.ChannelID]telephony.Channel

func listOf(snap telephony.Snapshot) onSwitchNow {
	now := onSwitchNow{}
	for _, ch := range snap.Channels {
		now[ch.ID] = ch
	}
	return now
}

func (now onSwitchNow) alive(id string) bool { _, ok := now[telephony.ChannelID(id)]; return ok }

// away says whether a leg was answered and is not with us: it arrives soon.
func (now onSwitchNow) away(id string) bool {
	ch := now[telephony.ChannelID(id)]
	return ch.State == telephony.StateUp && !ch.Arrived
}

// taken says whether a placeholder's near leg is up: an agent is on it.
func (now onSwitchNow) taken(id string) bool { return now[telephony.ChannelID(id)].Arrived }

// reconcile compares what we believe with what the switch shows, after every
// connect. It runs in the main mailbox. Missed events are not replayed by a
// switch, so this is where a call that ended in a gap is noticed.
func (c *Controller) reconcile(snap telephony.Snapshot) {
	now := listOf(snap)
	first := !c.adopted
	if first {
		c.adopted = true
		c.takeOver(now)
	} else {
		c.catchUp(now)
	}
	c.compareExams(now)
	c.compareDials(now)
	for _, l := range c.all {
		l.box.post(func() { l.reconcile(now) })
	}
	c.promises.box.post(func() { c.promises.reconcile(now, first) })
	if first {
		c.sweep(snap.Bridges)
	}
	for _, ch := range snap.Channels {
		_, _, placeholder := ownedBy(ch.ID, prefixPlace)
		_, _, customer := ownedBy(ch.ID, prefixCust)
		_, _, dialled := ownedBy(ch.ID, prefixDial)
		if ch.Arrived && !placeholder && !customer && !dialled {
			c.arrived(ch, nil) // a caller whose arrival we missed
		}
	}
}

// sweep destroys the bridges of calls that ended in the last run, which died before
// it could. Calls that begin now have ids of their own.
func (c *Controller) sweep(bridges []telephony.Bridge) {
	for _, b := range bridges {
		if call, ours := strings.CutPrefix(string(b.ID), prefixBridge); ours && c.calls[call] == nil {
			c.wg.Go(func() {
				_ = c.onSwitch("destroy a bridge of the last run", func(ctx context.Context) error { return c.opts.Switch.Unbridge(ctx, b.ID) })
			})
		}
	}
}

// lookAgain asks the switch for its list once requests that were under way have
// settled.
func (c *Controller) lookAgain() {
	c.main.post(func() {
		if c.looking {
			return
		}
		c.looking = true
		time.AfterFunc(settle, func() { c.main.post(c.look) })
	})
}

// look asks for the list without keeping the main mailbox waiting.
func (c *Controller) look() {
	c.wg.Go(func() {
		ctx, cancel := context.WithTimeout(c.ctx, switchTimeout)
		defer cancel()
		snap, err := c.opts.Switch.Snapshot(ctx)
		c.main.post(func() {
			c.looking = false
			switch {
			case !c.linked: // the next Connected brings a list
			case err != nil:
				c.lookAgain()
			default:
				c.lookedAt(snap)
			}
		})
	})
}

// lookedAt settles what was put off. The connection was whole meanwhile, so that calls
// have missed nothing, and an end may have been told since the list was made.
func (c *Controller) lookedAt(snap telephony.Snapshot) {
	now := listOf(snap)
	for _, l := range c.all {
		l.box.post(func() { l.reconcile(now) })
	}
	c.promises.box.post(func() { c.promises.lookedAt(now) })
	c.compareDials(now)
}

// takeOver puts the records of the last run to work. Places go before calls, so
// that a call that ended meanwhile finds the place that it gives up.
func (c *Controller) takeOver(now onSwitchNow) {
	open := c.open
	c.open = store.Open{}
	for _, l := range c.all {
		for _, duty := range open.Agents {
			if l.own != nil {
				l.apply(queues.RestoreAgent{Duty: duty}) // a line passes over agents that are not its own
			}
		}
	}
	held := map[string]queues.Place{}
	for _, p := range open.Places {
		if c.lines[p.Queue] != nil {
			held[p.ID] = p
		}
	}
	promised := map[string]string{} // by place
	for _, cb := range open.Callbacks {
		promised[cb.PlaceID] = cb.ID
		if p, ok := held[cb.PlaceID]; ok && p.Queue != cb.Queue { // it was moved, and the promise had not heard of it
			c.promises.send(cb.ID, callback.Moved{Queue: p.Queue, PlaceAt: p.TakenAt, SentOn: cb.SentOn})
		}
	}
	callOf := map[string]bool{}
	for _, rec := range open.Calls {
		callOf[rec.ID] = true
	}
	for _, p := range open.Places {
		l := c.lines[p.Queue]
		if l == nil {
			c.log.Error("a place is in a queue that is no longer configured", zap.String("place", p.ID), zap.String("queue", p.Queue))
			continue
		}
		c.queueOf[p.ID] = p.Queue
		l.apply(queues.Restore{Place: p, Alive: now.alive(p.Channel), Served: now.taken(p.Channel)})
		id := promised[p.ID]
		if id != "" && p.CallbackID == "" {
			l.apply(queues.Convert{PlaceID: p.ID, CallbackID: id}) // the promise was stored, the place not yet handed over
		} else if p.CallbackID == "" && !callOf[p.CallID] {
			l.apply(queues.Leave{PlaceID: p.ID, Reason: queues.LeftAbandoned})
		} else if p.CallbackID != "" && id == "" {
			l.apply(queues.Leave{PlaceID: p.ID, Reason: c.whyLeft(p.CallbackID)})
		}
	}
	for _, rec := range open.Calls {
		doc := c.documentOf(rec)
		if doc == nil {
			c.log.Error("a call belongs to a hotline that is no longer configured", zap.String("call", rec.ID), zap.String("hotline", rec.Hotline))
			c.hangupLater(telephony.ChannelID(rec.Channel))
			continue
		}
		place, isHeld := held[rec.PlaceID]
		if isHeld { // likewise
			rec.Queue, rec.State.Queue, rec.PlaceAt = place.Queue, place.Queue, place.TakenAt
		}
		k := c.newCall(rec, doc)
		c.adopt(k)
		c.promises.remind(rec)
		if rec.State.Phase == dialplan.PhaseGone {
			k.resumeGone(isHeld)
			continue
		}
		lent := rec.State.Phase == dialplan.PhaseLent && now.alive(rec.Channel)
		if !now.taken(rec.Channel) && !lent {
			k.send(dialplan.HungUp{})
			continue
		}
		k.resume(isHeld)
	}
	c.log.Info("took over the records of the last run",
		zap.Int("calls", len(open.Calls)), zap.Int("places", len(open.Places)), zap.Int("callbacks", len(open.Callbacks)))
}

// whyLeft says for which reason a place is left that its promise did not come to
// leave in the last run: a promise that is open has parked it, and sleeps on disk.
func (c *Controller) whyLeft(id string) queues.LeaveReason {
	ctx, cancel := context.WithTimeout(c.ctx, storeTimeout)
	defer cancel()
	cb, err := c.opts.Store.Callback(ctx, id)
	switch {
	case err != nil:
		c.log.Error("a place is left, and the promise that held it cannot be read", zap.String("callback", id), zap.Error(err))
	case cb.Open():
		return queues.LeftParked
	}
	return queues.LeftByChoice
}

// catchUp notices what calls missed while the switch was out of reach.
func (c *Controller) catchUp(now onSwitchNow) {
	for leg, k := range c.byLeg {
		if !now.alive(string(leg)) {
			k.send(dialplan.HungUp{})
			continue
		}
		k.box.post(func() {
			// The end of what it heard may have been missed; said again is better
			// than silence for ever.
			if k.playing != "" {
				k.playing = ""
				k.step(dialplan.Resumed{})
			}
		})
	}
}

// resume goes on with a call of the last run. If its place was asked for but
// never reached the line, it is taken now, with the time it should have had.
func (k *call) resume(placeHeld bool) {
	k.box.post(func() {
		if k.rec.State.Held && !placeHeld && k.rec.CallbackID == "" && k.rec.TalkFrom.IsZero() {
			k.takePlace()
		}
		k.step(dialplan.Resumed{})
	})
}

// resumeGone asks anew for the promise of a caller who hung up before it was on
// disk.
func (k *call) resumeGone(placeHeld bool) {
	k.box.post(func() {
		k.rec.State.Held = k.rec.State.Held && placeHeld
		k.goneAt = time.Now()
		k.step(dialplan.Resumed{})
	})
}

// reconcile runs in the line's mailbox.
func (l *line) reconcile(now onSwitchNow) {
	current := map[string]bool{}
	for _, leg := range l.q.Legs() {
		current[leg.Channel] = true
		switch {
		case now.taken(leg.Channel):
			l.step(queues.Answered{PlaceID: leg.PlaceID, Channel: leg.Channel})
		case now.alive(leg.Channel):
		case time.Since(leg.Asked) < settle:
			l.c.lookAgain()
		default:
			l.step(queues.Gone{PlaceID: leg.PlaceID, Channel: leg.Channel})
		}
	}
	for id := range now {
		place, _, ok := ownedBy(id, prefixPlace)
		if !ok || current[string(id)] {
			continue
		}
		l.c.main.post(func() {
			// Only the queue that the place is in may judge; nobody holds it at all if there is none.
			if q := l.c.queueOf[place]; (q == "" || l.serves(q)) && !l.c.saysFarewell(id) {
				l.c.hangupLater(id)
			}
		})
	}
	l.step(queues.Tick{})
	l.refresh()
}

// refresh shows the estimator how the queues stand, after a gap.
func (l *line) refresh() {
	l.box.post(func() {
		l.flush() // what the view shows is not told again
		for _, name := range l.queues {
			l.est.reset(l.q.View(name, time.Now()))
		}
	})
}
