package controller

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
)

// How a call asks for a callback: the promise itself, what it would come to, and
// the message that goes with it.

// wish is what every request of this call says.
func (k *call) wish(queue, number string) callback.Request {
	return callback.Request{
		Number: number, Queue: queue, Hotline: k.rec.Hotline, Language: k.rec.State.Language,
		Name: k.rec.State.Caller.Name, Account: k.rec.State.Caller.Account, Zone: k.rec.State.Caller.TimeZone, CallID: k.id, Priority: k.rec.Priority,
		About: callback.About{
			Path: slices.Clone(k.rec.State.Path), Assurance: k.rec.State.Caller.Assurance, WaitedS: k.waitedSoFar(time.Now()),
			Vars: k.doc.Carried(k.rec.State),
		},
	}
}

func (k *call) promise(a dialplan.Promise) {
	req := askRequest{Request: k.wish(a.Queue, a.Number)}
	req.Window = callback.Window{From: a.Slot.From, Until: a.Slot.Until}
	req.Capacity, req.Once = a.Capacity, a.Once
	if a.Take > 0 {
		req.About.Message = k.messageName(a.Take)
	}
	switch {
	case a.Abandoned:
		req.Reason = callback.ReasonAbandoned
	case a.KeepPlace:
		req.Reason = callback.ReasonInLine
	default:
		req.Reason = callback.ReasonInstead
	}
	switch {
	case a.KeepPlace:
		req.PlaceID, req.PlaceAt, req.Ahead = k.rec.PlaceID, k.placeAt(), k.rec.State.Ahead
	case a.Abandoned: // the line lost the place meanwhile: a new one has its time
		req.PlaceAt = k.placeAt()
	}
	k.asking = true
	k.c.promises.ask(req, func(r askReply) {
		k.box.post(func() {
			defer k.answered()
			switch {
			case r.Refusal != nil && r.Refusal.ExistingID == "":
				k.step(dialplan.PromiseRefused{Rule: string(r.Refusal.Rule)})
			case r.Refusal != nil:
				k.step(dialplan.Promised{ID: r.Refusal.ExistingID, Existing: true})
			default:
				if a.KeepPlace && k.rec.State.Phase == dialplan.PhaseGone {
					k.c.line(r.Callback.Queue).keepFor(r.Callback)
				}
				k.endWait(time.Now())
				k.step(dialplan.Promised{ID: r.Callback.ID, NotBefore: r.NotBefore})
			}
		})
	})
}

// keepFor makes sure that the line holds the place of a promise whose caller is
// gone. An agent may have taken it between the hang-up and the promise, and is let
// go: the place is taken anew, with its time.
func (l *line) keepFor(cb callback.Callback) {
	l.box.post(func() {
		p, ok := l.q.Place(cb.PlaceID)
		if ok && p.CallbackID == cb.ID {
			return
		}
		if ok {
			l.step(queues.Leave{PlaceID: p.ID, Reason: queues.LeftServed})
		}
		l.step(queues.Take{Place: placeOf(cb), Hold: true})
	})
}

// answered ends the wait for a promise; a call that ended meanwhile ends here.
func (k *call) answered() {
	k.asking = false
	if k.ended {
		k.box.close()
	}
}

func (k *call) enquire(a dialplan.Enquire) {
	k.c.promises.enquire(k.wish(a.Queue, a.Number), a, func(ev dialplan.Enquired) { k.send(ev) })
}

// takeBack cancels a promise: the older one of a customer who wants no call any
// more, or the one of this call, to which an agent was faster.
func (k *call) takeBack(a dialplan.CancelPromise) {
	cancel := callback.Cancel{By: callback.ByService}
	if a.ByCustomer {
		cancel = callback.Cancel{By: callback.ByCustomer, Why: "called again and pressed 9"}
	}
	k.rec.CallbackID = ""
	k.c.promises.send(a.ID, cancel)
}

// prefixTake goes between the id of a call and the number of a take in the name of
// its recording.
const prefixTake = "-message-"

// messageName is what a take is called on the switch.
func (k *call) messageName(take int) string { return fmt.Sprintf("%s%s%d", k.id, prefixTake, take) }

// messageLeft is the entry by which a message of its own is found.
func (k *call) messageLeft(a dialplan.Keep) store.Event {
	data := map[string]any{"node": a.Node, "recording": k.messageName(a.Take), "length_s": seconds(a.Length.Seconds()), "hotline": k.rec.Hotline}
	if a.Hook != "" {
		data["hook"] = a.Hook
	}
	if who := k.rec.State.Caller; who.Account != "" {
		data["account"] = who.Account
	}
	if k.rec.State.ANI != "" {
		data["from"] = k.rec.State.ANI
	}
	return k.event("message.left", data)
}

func (k *call) recordMessage(a dialplan.Record) {
	err := k.c.onSwitch("record a message", func(ctx context.Context) error {
		limits := telephony.RecordLimits{Longest: a.Longest, Silence: a.Silence}
		return k.c.opts.Switch.RecordMessage(ctx, telephony.ChannelID(k.rec.Channel), k.messageName(a.Take), limits)
	})
	if err != nil && !telephony.IsGone(err) && !telephony.IsExists(err) {
		k.send(dialplan.Recorded{Take: a.Take, Failed: true})
	}
}

func (k *call) stopMessage(take int) {
	_ = k.c.onSwitch("end a message", func(ctx context.Context) error {
		return k.c.opts.Switch.StopRecord(ctx, k.messageName(take))
	})
}

// recorded is told by the router when a recording on the caller's channel ended.
func (k *call) recorded(ev telephony.RecordingFinished) {
	k.box.post(func() {
		var take int
		number, ours := strings.CutPrefix(ev.Name, k.id+prefixTake)
		if _, err := fmt.Sscan(number, &take); !ours || err != nil {
			return
		}
		if k.discarded[take] {
			k.removeMessage(take) // what the switch wrote after it was deleted
			return
		}
		k.step(dialplan.Recorded{Take: take, Silent: ev.Silent, Failed: ev.Failed})
	})
}

func (k *call) discard(take int) {
	if k.discarded == nil {
		k.discarded = map[int]bool{}
	}
	k.discarded[take] = true
	k.removeMessage(take)
}

func (k *call) removeMessage(take int) {
	_ = k.c.onSwitch("delete a message", func(ctx context.Context) error {
		return k.c.opts.Switch.RemoveRecording(ctx, k.messageName(take))
	})
}
