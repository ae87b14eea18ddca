package switchtest

import (
	"context"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// takeEnd waits for the end of a message.
func (b *bench) takeEnd(name string) telephony.RecordingFinished {
	b.Helper()
	return first(b, "the end of message "+name, func(e telephony.RecordingFinished) bool { return e.Name == name })
}

// playsBack checks that a message can be heard, and by whom.
func (b *bench) playsBack(name string, listener Phone, on telephony.ChannelID, by Phone) {
	b.Helper()
	pid := b.pid("back-" + name)
	b.must(b.sw.Play(b.ctx, on, pid, []telephony.Media{telephony.RecordingMedia(name)}))
	if b.rig.Caps().Audio {
		ctx, cancel := context.WithTimeout(b.ctx, patience)
		defer cancel()
		b.must(listener.HearsSaid(ctx, by))
	}
	if b.finished(pid).Failed {
		b.Errorf("message %s cannot be played", name)
	}
}

// spoken is how long people of the suite speak into a message.
const spoken = 1500 * time.Millisecond

func message(b *bench) {
	p, id := b.talk()
	limits := telephony.RecordLimits{Longest: time.Minute, Silence: 20 * time.Second}
	b.refused("a name that leads elsewhere", b.sw.RecordMessage(b.ctx, id, "../"+b.tag, limits), telephony.KindPermanent)
	b.refused("a message without an end", b.sw.RecordMessage(b.ctx, id, b.tag, telephony.RecordLimits{}), telephony.KindPermanent)
	b.must(b.sw.RecordMessage(b.ctx, id, b.tag, limits))
	b.refused("a message that is being recorded", b.sw.RecordMessage(b.ctx, id, b.tag, limits), telephony.KindExists)
	p.Speak(spoken)
	p.Press("#")
	first(b, "a key during a message", func(e telephony.DigitReceived) bool { return e.ID == id && e.Digit == '#' })
	if got := all(b, func(e telephony.RecordingFinished) bool { return e.Name == b.tag }); len(got) > 0 {
		b.Errorf("a key ended the message: %+v", got)
	}
	begun := time.Now()
	b.must(b.sw.StopRecord(b.ctx, b.tag))
	got := b.takeEnd(b.tag)
	if got.Failed || got.Silent || got.Channel != id {
		b.Errorf("finished as %+v, want a message of %s in which somebody spoke", got, id)
	}
	if took := time.Since(begun); took > promptly {
		b.Errorf("it took %v to stop", took)
	}
	b.must(b.sw.StopRecord(b.ctx, b.tag)) // a second time
	b.playsBack(b.tag, p, id, p)

	q, other := b.talk() // it outlives the call, and others can hear it
	p.Hangup()
	b.ended(id)
	b.playsBack(b.tag, q, other, p)

	b.must(b.sw.RemoveRecording(b.ctx, b.tag))
	b.must(b.sw.RemoveRecording(b.ctx, b.tag))
	err := b.sw.Play(b.ctx, other, b.pid("none"), []telephony.Media{telephony.RecordingMedia(b.tag)})
	if err != nil {
		b.refused("a message that was deleted", err, telephony.KindPermanent)
	} else if !b.finished(b.pid("none")).Failed {
		b.Error("a message that was deleted counts as played")
	}
	gone := b.gone()
	b.refused("a message of nobody", b.sw.RecordMessage(b.ctx, gone, b.tag, limits), telephony.KindGone)
}

func messageSilence(b *bench) {
	p, id := b.talk()
	limits := telephony.RecordLimits{Longest: time.Minute, Silence: 2 * time.Second}
	b.must(b.sw.RecordMessage(b.ctx, id, b.tag, limits))
	if got := b.takeEnd(b.tag); got.Failed || !got.Silent {
		b.Errorf("finished as %+v, want silence", got)
	}
	second := b.tag + "-2"
	b.must(b.sw.RecordMessage(b.ctx, id, second, limits))
	p.Speak(spoken)
	if got := b.takeEnd(second); got.Failed || got.Silent {
		b.Errorf("finished as %+v, want a message in which somebody spoke", got)
	}
	b.playsBack(second, p, id, p)
}

func messageLimit(b *bench) {
	p, id := b.talk()
	begun := time.Now()
	b.must(b.sw.RecordMessage(b.ctx, id, b.tag, telephony.RecordLimits{Longest: 2 * time.Second}))
	p.Speak(spoken)
	if got := b.takeEnd(b.tag); got.Failed {
		b.Errorf("finished as %+v", got)
	}
	if took := time.Since(begun); took < 2*time.Second || took > 2*time.Second+promptly {
		b.Errorf("a message of at most 2 s ended after %v", took)
	}
	b.playsBack(b.tag, p, id, p)
}

// messageHangup lets somebody hang up who has spoken, and somebody who has not.
func messageHangup(b *bench) {
	mute, silent := b.talk()
	nothing, limits := b.tag+"-mute", telephony.RecordLimits{Longest: time.Minute, Silence: 20 * time.Second}
	b.must(b.sw.RecordMessage(b.ctx, silent, nothing, limits))
	p, id := b.talk()
	b.must(b.sw.RecordMessage(b.ctx, id, b.tag, limits))
	p.Speak(spoken)
	p.Hangup()
	b.ended(id)
	if got := b.takeEnd(b.tag); got.Failed || got.Silent || got.Spoken == 0 || got.Channel != id {
		b.Errorf("finished as %+v, want what was said by then", got)
	}
	q, other := b.talk()
	b.playsBack(b.tag, q, other, p)
	mute.Hangup()
	if got := b.takeEnd(nothing); got.Failed || !got.Silent || got.Spoken > time.Second {
		b.Errorf("finished as %+v, want silence", got)
	}
}
