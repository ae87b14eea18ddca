package switchtest

import (
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// long is a medium that lasts longer than any case wants to listen.
const long = telephony.Media("silence:10")

func playList(b *bench) {
	_, id := b.talk()
	list := []telephony.Media{b.rig.Media(0), b.rig.Media(1), b.rig.Media(2)}
	begun := time.Now()
	b.must(b.sw.Play(b.ctx, id, b.pid("list"), list))
	got := b.finished(b.pid("list"))
	if got.Failed || got.Channel != id || got.At.IsZero() {
		b.Errorf("finished as %+v, want it complete on %s", got, id)
	}
	if took := time.Since(begun); took < 3*100*time.Millisecond {
		b.Errorf("three media took only %v: were they played at all?", took)
	}
	b.must(b.sw.Play(b.ctx, id, b.pid("after"), list[:1]))
	b.finished(b.pid("after"))
	if got := all(b, func(e telephony.PlaybackFinished) bool { return e.ID == b.pid("list") }); len(got) != 1 {
		b.Errorf("one list finished %d times", len(got))
	}
	if err := b.sw.StopPlay(b.ctx, b.pid("list")); err != nil {
		b.Errorf("stopping a playback that has ended: %v", err)
	}
}

func stopPlay(b *bench) {
	_, id := b.talk()
	b.must(b.sw.Play(b.ctx, id, b.pid("long"), []telephony.Media{long, long}))
	begun := time.Now()
	b.must(b.sw.StopPlay(b.ctx, b.pid("long")))
	if got := b.finished(b.pid("long")); got.Failed {
		b.Error("a playback that was stopped counts as failed")
	}
	if took := time.Since(begun); took > promptly {
		b.Errorf("it took %v to stop", took)
	}
	if err := b.sw.StopPlay(b.ctx, b.pid("never")); err != nil {
		b.Errorf("stopping a playback that never was: %v", err)
	}
}

func playQueued(b *bench) {
	_, id := b.talk()
	b.must(b.sw.Play(b.ctx, id, b.pid("one"), []telephony.Media{long}))
	b.must(b.sw.Play(b.ctx, id, b.pid("two"), []telephony.Media{b.rig.Media(0)}))
	b.must(b.sw.Play(b.ctx, id, b.pid("three"), []telephony.Media{b.rig.Media(1)}))
	begun := time.Now()
	b.must(b.sw.StopPlay(b.ctx, b.pid("one")))
	b.finished(b.pid("one"))
	if took := time.Since(begun); took > promptly {
		b.Errorf("it took %v to stop with others waiting", took)
	}
	b.finished(b.pid("three"))
	var order []telephony.PlaybackID
	for _, e := range all(b, func(e telephony.PlaybackFinished) bool { return e.Channel == id }) {
		order = append(order, e.ID)
	}
	if want := []telephony.PlaybackID{b.pid("one"), b.pid("two"), b.pid("three")}; !slices.Equal(order, want) {
		b.Errorf("finished in the order %v, want %v", order, want)
	}
}

func playHangup(b *bench) {
	p, id := b.talk()
	b.must(b.sw.Play(b.ctx, id, b.pid("now"), []telephony.Media{long}))
	b.must(b.sw.Play(b.ctx, id, b.pid("next"), []telephony.Media{long}))
	begun := time.Now()
	p.Hangup()
	b.ended(id)
	b.finished(b.pid("now"))
	b.finished(b.pid("next"))
	if took := time.Since(begun); took > promptly {
		b.Errorf("the playbacks of a call that is over took %v to finish", took)
	}
	for _, name := range []string{"now", "next"} {
		if err := b.sw.StopPlay(b.ctx, b.pid(name)); err != nil {
			b.Errorf("stopping a playback of a call that is over: %v", err)
		}
	}
}

func playMissing(b *bench) {
	_, id := b.talk()
	err := b.sw.Play(b.ctx, id, b.pid("none"), []telephony.Media{"sound:no/such/medium"})
	if err != nil {
		b.refused("play", err, telephony.KindPermanent)
	} else if got := b.finished(b.pid("none")); !got.Failed {
		b.Error("a medium that does not exist counts as played")
	}
	b.must(b.sw.Play(b.ctx, id, b.pid("good"), []telephony.Media{b.rig.Media(0)}))
	if got := b.finished(b.pid("good")); got.Failed {
		b.Error("after a missing medium a good one fails")
	}
}

func music(b *bench) {
	p, id := b.talk()
	if err := b.sw.StopMusic(b.ctx, id); err != nil {
		b.Errorf("stopping music that was not started: %v", err)
	}
	b.must(b.sw.StartMusic(b.ctx, id, ""))
	b.must(b.sw.Play(b.ctx, id, b.pid("over"), []telephony.Media{b.rig.Media(0)}))
	if got := b.finished(b.pid("over")); got.Failed {
		b.Error("a playback over music failed")
	}
	p.Press("5")
	first(b, "a digit during music", func(e telephony.DigitReceived) bool { return e.ID == id && e.Digit == '5' })
	for range 2 {
		if err := b.sw.StopMusic(b.ctx, id); err != nil {
			b.Errorf("stopping music: %v", err)
		}
	}
	if _, ok := channel(b.snapshot(), id); !ok {
		b.Error("the call was lost to the music")
	}
}
