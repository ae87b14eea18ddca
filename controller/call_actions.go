package controller

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
)

// prepare puts into the record what an action is going to do, before it is
// stored, and gives the journal entries of the action.
func (k *call) prepare(a dialplan.Action, now time.Time) []store.Event {
	switch a := a.(type) {
	case dialplan.TakePlace:
		k.rec.PlaceID = newID("p", now)
		k.rec.Queue, k.rec.Priority, k.rec.WaitedS = a.Queue, a.Priority, 0
		if !a.Keep {
			k.rec.WaitFrom, k.rec.PlaceAt = now, now
		}
		k.rec.Skills = a.Skills
	case dialplan.Connect:
		k.endWait(now)
		k.rec.TalkFrom = now
		k.rec.TalkedS = 0
		k.rec.Bridge = prefixBridge + k.id
		data := map[string]any{"waited_s": seconds(k.rec.WaitedS)}
		if k.c.opts.Conversations[k.rec.Queue].Record && k.rec.Recording == "" {
			k.rec.Recording = k.id
		}
		if k.rec.Recording != "" {
			data["recording"] = k.rec.Recording
		}
		return []store.Event{k.event("call.connected", data)}
	case dialplan.Keep:
		return []store.Event{k.messageLeft(a)}
	case dialplan.Dial:
		k.rec.Dialled, k.rec.DialledAt = fmt.Sprintf("%s%s-%d", prefixDial, k.id, a.Seq), now
	case dialplan.PutThrough:
		k.rec.Bridge = prefixBridge + k.id
	case dialplan.Note:
		return []store.Event{k.event(a.Type, a.Data)}
	}
	return nil
}

// perform carries one action out.
func (k *call) perform(a dialplan.Action) {
	sw, leg := k.c.opts.Switch, telephony.ChannelID(k.rec.Channel)
	switch a := a.(type) {
	case dialplan.Answer:
		_ = k.c.onSwitch("answer", func(ctx context.Context) error { return sw.Answer(ctx, leg) })
		k.opens()
	case dialplan.Say:
		k.say(a)
	case dialplan.StopSpeech:
		k.hush()
	case dialplan.Timer:
		k.stopTimer()
		if a.After > 0 {
			k.timer = time.AfterFunc(a.After, func() { k.send(dialplan.TimerFired{Seq: a.Seq}) })
		}
	case dialplan.Music:
		_ = k.c.onSwitch("hold music", func(ctx context.Context) error {
			if a.On {
				return sw.StartMusic(ctx, leg, k.music())
			}
			return sw.StopMusic(ctx, leg)
		})
	case dialplan.LookUp:
		k.lookUp(a.Number)
	case dialplan.Recall:
		k.recall(a.Account)
	case dialplan.Check:
		k.check(a)
	case dialplan.TakePlace:
		k.takePlace()
	case dialplan.LeavePlace:
		k.leavePlace()
	case dialplan.Connect:
		k.connect()
	case dialplan.Part:
		k.part()
	case dialplan.Promise:
		k.promise(a)
	case dialplan.ConfirmPromise:
		k.c.promises.confirmed(k.rec.CallbackID)
	case dialplan.DeclinePromise:
		k.c.promises.declined(k.rec.CallbackID)
	case dialplan.NoKeyPromise:
		k.c.promises.noKey(k.rec.CallbackID)
	case dialplan.MessageLeft:
		k.c.promises.send(k.rec.CallbackID, callback.MessageLeft{})
	case dialplan.CancelPromise:
		k.takeBack(a)
	case dialplan.Enquire:
		k.enquire(a)
	case dialplan.Record:
		k.recordMessage(a)
	case dialplan.StopRecord:
		k.stopMessage(a.Take)
	case dialplan.Discard:
		k.discard(a.Take)
	case dialplan.Keep: // in the journal already
	case dialplan.Fetch:
		k.fetch(a)
	case dialplan.Dial:
		k.dial(a)
	case dialplan.PutThrough:
		k.putThrough(a)
	case dialplan.DropDial:
		k.dropDial()
	case dialplan.Lend:
		k.lend(a)
	case dialplan.Hangup:
		_ = k.c.onSwitch("hang up", func(ctx context.Context) error { return sw.Hangup(ctx, leg, telephony.CauseNormal) })
	case dialplan.Private:
		k.private(a.On)
	case dialplan.Note: // in the journal already
	default:
		k.logger().Error("the dialplan asked for something the controller does not know", zap.String("action", fmt.Sprintf("%T", a)))
	}
}

// say renders and plays; whatever goes wrong ends in Spoken, so that a call
// never waits for words that do not come.
func (k *call) say(a dialplan.Say) {
	k.hush()
	media := k.sounds(a.Language, a.Texts)
	if a.Take > 0 {
		media = append([]telephony.Media{telephony.RecordingMedia(k.messageName(a.Take))}, media...)
	}
	if len(media) == 0 {
		k.send(dialplan.Spoken{Seq: a.Seq})
		return
	}
	if early := time.Until(k.openAt); early > 0 {
		pause(k.c.ctx, early)
	}
	id := telephony.PlaybackID(fmt.Sprintf("%s%s-%d", prefixPlay, k.id, a.Seq))
	k.playing, k.playSeq = id, a.Seq
	err := k.c.onSwitch("play", func(ctx context.Context) error {
		err := k.c.opts.Switch.Play(ctx, telephony.ChannelID(k.rec.Channel), id, media)
		if a.Take > 0 && len(media) > 1 && err != nil && telephony.KindOf(err) == telephony.KindPermanent { // there is no such message: the words go on
			return k.c.opts.Switch.Play(ctx, telephony.ChannelID(k.rec.Channel), id, media[1:])
		}
		return err
	})
	if err != nil && k.playing == id {
		k.playing = ""
		if !telephony.IsGone(err) {
			k.send(dialplan.Spoken{Seq: a.Seq})
		}
	}
}

// opens notes that the call was answered just now.
func (k *call) opens() { k.openAt = time.Now().Add(k.c.opts.LeadIn) }

// hush stops what is being said; nothing is reported for it any more.
func (k *call) hush() {
	if k.playing == "" {
		return
	}
	id := k.playing
	k.playing = ""
	_ = k.c.onSwitch("stop speech", func(ctx context.Context) error { return k.c.opts.Switch.StopPlay(ctx, id) })
}

// spoken is told by the router when a playback ended.
func (k *call) spoken(id telephony.PlaybackID) {
	k.box.post(func() {
		if id != k.playing {
			return
		}
		k.playing = ""
		k.step(dialplan.Spoken{Seq: k.playSeq})
	})
}

// placeAt is since when the call's place counts.
func (k *call) placeAt() time.Time {
	if k.rec.PlaceAt.IsZero() { // a record of an earlier version
		return k.rec.WaitFrom
	}
	return k.rec.PlaceAt
}

func (k *call) takePlace() {
	k.c.line(k.rec.Queue).apply(queues.Take{Place: queues.Place{
		ID: k.rec.PlaceID, Queue: k.rec.Queue, CallID: k.id, Number: k.rec.State.ANI,
		Name: k.rec.State.Caller.Name, Priority: k.rec.Priority, TakenAt: k.placeAt(), Skills: k.rec.Skills,
		Display: k.display(),
	}})
}

// leavePlace gives the place up, for the reason that the event being handled
// implies.
func (k *call) leavePlace() {
	if k.rec.PlaceID == "" {
		return
	}
	reason := queues.LeftByChoice
	if _, gone := k.stepping.(dialplan.HungUp); gone {
		reason = queues.LeftAbandoned
		if !k.rec.TalkFrom.IsZero() {
			reason = queues.LeftServed
		}
	}
	if l := k.c.line(k.rec.Queue); l != nil {
		l.ifHeld(k.rec.PlaceID, k.id, "", queues.Leave{PlaceID: k.rec.PlaceID, Reason: reason})
	}
}

// connect bridges caller and agent. If the agent is gone meanwhile, the line
// says so by itself and the call goes on.
func (k *call) connect() {
	sw := k.c.opts.Switch
	k.hush()
	_ = k.c.onSwitch("stop music", func(ctx context.Context) error {
		return sw.StopMusic(ctx, telephony.ChannelID(k.rec.Channel))
	})
	if k.rec.Direction == store.DirectionCallback {
		k.c.promises.bridging(k.rec.CallbackID, k.rec.AgentLeg)
	}
	k.at(StepBridgeAsking)
	err := k.c.onSwitch("bridge", func(ctx context.Context) error {
		return sw.Bridge(ctx, telephony.BridgeID(k.rec.Bridge), telephony.ChannelID(k.rec.Channel), telephony.ChannelID(k.rec.AgentLeg))
	})
	k.at(StepBridgeAnswered)
	if err != nil {
		// Letting the agent go ends the place, and that brings the caller back into line.
		k.rec.TalkFrom = time.Time{}
		leg := telephony.ChannelID(k.rec.AgentLeg)
		_ = k.c.onSwitch("release agent", func(ctx context.Context) error { return sw.Hangup(ctx, leg, telephony.CauseFailure) })
		return
	}
	k.record()
	if k.rec.Direction == store.DirectionCallback {
		k.c.promises.connected(k.rec.CallbackID, k.rec.AgentLeg, k.rec.Agent)
		return
	}
	k.c.promises.servedBy(k.id, k.rec.State.ANI, k.rec.State.Caller.Account, k.rec.Queue)
}

// record starts the recording with the first conversation; it goes on through
// the later ones, until the call's bridge ends.
func (k *call) record() {
	if k.rec.Recording == "" || k.recording {
		return
	}
	k.recording = true
	_ = k.c.onSwitch("record", func(ctx context.Context) error {
		err := k.c.opts.Switch.Record(ctx, telephony.BridgeID(k.rec.Bridge), k.rec.Recording)
		if telephony.IsExists(err) {
			return nil // it goes on since the last run
		}
		return err
	})
}

// private lets a recording rest while the caller enters what must not be in it. If
// the switch does not do so, the caller is taken out of what is recorded.
func (k *call) private(on bool) {
	if k.rec.Recording == "" {
		return
	}
	sw, name := k.c.opts.Switch, k.rec.Recording
	if !on {
		_ = k.c.onSwitch("go on recording", func(ctx context.Context) error { return sw.ResumeRecord(ctx, name) })
		k.record() // once more after a restart: the switch may know of no rest
		return
	}
	if err := k.c.onSwitch("pause recording", func(ctx context.Context) error { return sw.PauseRecord(ctx, name) }); err != nil {
		k.part()
	}
}

// part takes the caller out of the conversation; the bridge stays for the next
// agent, and so does the recording.
func (k *call) part() {
	_ = k.c.onSwitch("take the caller out of the conversation", func(ctx context.Context) error {
		return k.c.opts.Switch.Unjoin(ctx, telephony.BridgeID(k.rec.Bridge), telephony.ChannelID(k.rec.Channel))
	})
}

// seconds rounds to milliseconds, so that the journal reads well.
func seconds(s float64) float64 { return float64(int64(s*1000+0.5)) / 1000 }

// waitedSoFar is for how many seconds the caller has waited in line, or had when
// the wait ended.
func (k *call) waitedSoFar(now time.Time) float64 {
	if k.rec.WaitFrom.IsZero() || k.rec.WaitedS > 0 {
		return k.rec.WaitedS
	}
	return now.Sub(k.rec.WaitFrom).Seconds()
}
