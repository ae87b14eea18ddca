package controller

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
)

// call owns one call. Everything below the mailbox is touched by its own
// goroutine only.
type call struct {
	c   *Controller
	box *mailbox
	id  string

	rec        store.Call
	doc        *dialplan.Document
	stepping   dialplan.Event // the event being handled, for the reason of LeavePlace
	timer      *time.Timer
	playing    telephony.PlaybackID // what is heard now, "" for nothing
	playSeq    int                  // Seq of the Say that is playing
	openAt     time.Time            // when the first words may begin
	asking     bool                 // a promise was asked for and not answered yet
	goneAt     time.Time            // when the caller hung up while it was asked for
	discarded  map[int]bool         // takes of messages that are to be deleted
	recording  bool                 // the switch was asked to
	whispers   int                  // how often an agent was told who it is
	whispering telephony.PlaybackID // what the agent hears before the conversation, "" for nothing
	ended      bool
}

// newCall makes the owner of a call; start begins it.
func (c *Controller) newCall(rec store.Call, doc *dialplan.Document) *call {
	rec.Document = doc.Version
	return &call{c: c, box: newMailbox(), id: rec.ID, rec: rec, doc: doc}
}

// start runs the owner until the call ends.
func (k *call) start() { k.c.wg.Go(func() { k.box.run(k.c.ctx); k.stopTimer() }) }

// send hands an event to the call's dialplan.
func (k *call) send(ev dialplan.Event) { k.box.post(func() { k.step(ev) }) }

// begin records a new call and gives its dialplan the first event.
func (k *call) begin(first dialplan.Event) {
	k.box.post(func() {
		note := k.event("call.started", map[string]any{
			"direction": string(k.rec.Direction), "from": k.from(), "number": k.rec.Number, "hotline": k.rec.Hotline,
		})
		if k.rec.CallbackID != "" {
			note.Callback = k.rec.CallbackID
		}
		k.c.store(store.Batch{Calls: []store.Call{k.rec}, Events: []store.Event{note}})
		k.at(StepGreeted)
		if _, answered := first.(dialplan.StartedCallback); answered {
			k.opens()
		}
		if started, ok := first.(dialplan.Started); ok {
			started.History = k.memory()("")
			first = started
		}
		k.step(first)
	})
}

// step gives one event to the dialplan: decide, store, act.
func (k *call) step(ev dialplan.Event) {
	if k.ended && !k.asking {
		return
	}
	wasOver, now := k.ended, time.Now()
	k.stepping = ev
	before := k.rec.State.Phase
	state, actions := dialplan.Step(k.c.during(k.doc), k.rec.State, ev, now)
	k.rec.State = state
	if k.rec.CallbackID == "" {
		k.rec.CallbackID = state.Promise
	}
	b := store.Batch{}
	for _, a := range actions {
		b.Events = append(b.Events, k.prepare(a, now)...)
	}
	switch _, gone := ev.(dialplan.HungUp); {
	case wasOver:
	case gone && state.Phase == dialplan.PhaseGone:
		// The record stays open until the promise is on disk: a restart before that
		// finds the call, and the place that it still holds.
		if k.goneAt.IsZero() {
			k.goneAt = now
		}
	case gone, before == dialplan.PhaseGone && state.Phase == dialplan.PhaseEnded:
		b.Events = append(b.Events, k.finish(now))
	}
	b.Calls = []store.Call{k.rec}
	k.c.store(b) // a caller is not dropped because a disk is full
	for _, a := range actions {
		k.perform(a)
	}
	if k.ended && !wasOver {
		k.bury()
	}
}

// finish closes the record of a call whose caller is gone.
func (k *call) finish(now time.Time) store.Event {
	if !k.goneAt.IsZero() {
		now = k.goneAt
	}
	k.ended = true
	k.rec.EndedAt = now
	k.endTalk(now)
	k.rec.Result = k.rec.State.Result
	if k.rec.Result == "" {
		k.rec.Result = dialplan.ResultFailed
	}
	k.c.met.callEnded(k.rec)
	return k.event("call.ended", map[string]any{
		"result": k.rec.Result, "waited_s": seconds(k.rec.WaitedS), "talked_s": seconds(k.rec.TalkedS),
		"duration_s": seconds(now.Sub(k.rec.StartedAt).Seconds()), "node": k.rec.State.Node,
	})
}

// bury releases what a finished call still holds on the switch.
func (k *call) bury() {
	k.stopTimer()
	if k.rec.Bridge != "" {
		_ = k.c.onSwitch("destroy bridge", func(ctx context.Context) error {
			return k.c.opts.Switch.Unbridge(ctx, telephony.BridgeID(k.rec.Bridge))
		})
	}
	id, leg := k.id, telephony.ChannelID(k.rec.Channel)
	k.c.main.post(func() {
		delete(k.c.calls, id)
		delete(k.c.byLeg, leg)
		k.c.met.live.WithLabelValues(k.rec.Hotline).Dec()
		k.c.released(k.doc)
	})
	if !k.asking {
		k.box.close()
	}
}

// at tells whoever watches that the call with the customer of a promise is at a step.
func (k *call) at(s Step) {
	if k.rec.Direction == store.DirectionCallback {
		k.c.at(s, k.rec.CallbackID)
	}
}

// lost is told when the agent was gone before the two could talk.
func (k *call) lost() {
	k.box.post(func() {
		k.rec.AgentLeg, k.rec.TalkFrom, k.whispering = "", time.Time{}, ""
		k.step(dialplan.AgentLost{})
	})
}

// named keeps the agent's name, which may come before or after the agent.
func (k *call) named(p queues.Place) {
	if p.Agent == "" || p.Agent == k.rec.Agent {
		return
	}
	k.rec.Agent = p.Agent
	k.rec.State.AgentName = p.Agent
	if !k.rec.TalkFrom.IsZero() {
		k.c.store(store.Batch{Calls: []store.Call{k.rec}, Events: []store.Event{k.event("call.agent", nil)}})
	}
}

// over is told when the place ended: before an agent, or after the conversation.
func (k *call) over(p queues.Place) {
	k.box.post(func() {
		k.named(p)
		k.whispering = ""
		switch p.Reason {
		case queues.LeftByChoice, queues.LeftAbandoned:
			return // the call left by itself
		case queues.LeftServed:
			if k.rec.TalkFrom.IsZero() {
				k.rec.AgentLeg = ""
				k.step(dialplan.AgentLost{})
				return
			}
			k.endTalk(time.Now())
			k.step(dialplan.AgentLeft{})
			return
		}
		k.endWait(time.Now())
		k.step(dialplan.PlaceOver{Reason: p.Reason})
	})
}

func (k *call) endWait(now time.Time) {
	if !k.rec.WaitFrom.IsZero() && k.rec.WaitedS == 0 {
		k.rec.WaitedS = now.Sub(k.rec.WaitFrom).Seconds()
	}
}

func (k *call) endTalk(now time.Time) {
	if !k.rec.TalkFrom.IsZero() && k.rec.TalkedS == 0 {
		k.rec.TalkedS = now.Sub(k.rec.TalkFrom).Seconds()
	}
	if k.rec.TalkFrom.IsZero() {
		k.endWait(now)
	}
}

func (k *call) stopTimer() {
	if k.timer != nil {
		k.timer.Stop()
		k.timer = nil
	}
}

// from is the caller's number as shown: E.164, or what the switch gave.
func (k *call) from() string {
	if k.rec.State.ANI != "" {
		return k.rec.State.ANI
	}
	return "anonymous"
}

// event makes a journal entry about this call.
func (k *call) event(typ string, data map[string]any) store.Event {
	return store.Event{
		At: time.Now(), Type: typ, Call: k.id, Place: k.rec.PlaceID, Callback: k.rec.CallbackID,
		Queue: k.rec.Queue, Agent: k.rec.Agent, Data: data,
	}
}

func (k *call) logger() *zap.Logger { return k.c.log.With(zap.String("call", k.id)) }
