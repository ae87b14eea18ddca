package switchtest

import (
	"slices"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/telephony"
)

// members lists who is in a bridge, sorted; nil when there is no such bridge.
func (b *bench) members(id telephony.BridgeID) []telephony.ChannelID {
	b.Helper()
	for _, br := range b.snapshot().Bridges {
		if br.ID == id {
			return slices.Sorted(slices.Values(br.Channels))
		}
	}
	return nil
}

// inBridge checks that a bridge holds exactly these channels.
func (b *bench) inBridge(id telephony.BridgeID, want ...telephony.ChannelID) {
	b.Helper()
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), b.members(id)); diff != "" {
		b.Errorf("members of the bridge (-want +got):\n%s", diff)
	}
	for _, ch := range want {
		if c, _ := channel(b.snapshot(), ch); c.Bridge != id {
			b.Errorf("channel %s is in bridge %q, want %q", ch, c.Bridge, id)
		}
	}
}

func bridgeTwo(b *bench) {
	p, one := b.talk()
	q, two := b.talk()
	mix := b.mix("m")
	b.must(b.sw.Bridge(b.ctx, mix, one, two))
	b.inBridge(mix, one, two)
	b.hears(p, q, true)

	p.Press("7")
	first(b, "a digit in a bridge", func(e telephony.DigitReceived) bool { return e.ID == one && e.Digit == '7' })

	b.must(b.sw.Unbridge(b.ctx, mix))
	if err := b.sw.Unbridge(b.ctx, mix); err != nil {
		b.Errorf("destroying a bridge twice: %v", err)
	}
	if m := b.members(mix); m != nil {
		b.Errorf("the bridge is still listed with %v", m)
	}
	b.hears(p, q, false)
	for _, id := range []telephony.ChannelID{one, two} {
		if c, ok := channel(b.snapshot(), id); !ok || !c.Arrived || c.Bridge != "" {
			b.Errorf("without the bridge the channel is %+v, %v; want it with us and alone", c, ok)
		}
		pid := b.pid(string(id))
		b.must(b.sw.Play(b.ctx, id, pid, []telephony.Media{b.rig.Media(0)}))
		if b.finished(pid).Failed {
			b.Errorf("after the bridge nothing can be played on %s", id)
		}
	}
}

func bridgeLater(b *bench) {
	p, one := b.talk()
	q, two := b.talk()
	mix := b.mix("m")
	b.must(b.sw.Bridge(b.ctx, mix, one))
	b.inBridge(mix, one)
	b.must(b.sw.Bridge(b.ctx, mix, two))
	b.inBridge(mix, one, two)
	b.hears(p, q, true)

	p.Hangup()
	b.ended(one)
	b.inBridge(mix, two)
	r, three := b.talk()
	b.must(b.sw.Bridge(b.ctx, mix, three))
	b.inBridge(mix, two, three)
	b.hears(q, r, true)
	b.must(b.sw.Unbridge(b.ctx, mix))
}

func bridgeGone(b *bench) {
	gone := b.gone()
	mix := b.mix("m")
	b.refused("bridging a gone channel", b.sw.Bridge(b.ctx, mix, gone), telephony.KindGone)
	b.must(b.sw.Unbridge(b.ctx, mix))
	b.refused("recording no bridge", b.sw.Record(b.ctx, b.mix("none"), b.tag), telephony.KindGone)
}

func unjoin(b *bench) {
	p, one := b.talk()
	q, two := b.talk()
	mix := b.mix("m")
	b.must(b.sw.Bridge(b.ctx, mix, one, two))
	b.hears(p, q, true)
	b.must(b.sw.Unjoin(b.ctx, mix, one))
	b.inBridge(mix, two)
	b.hears(p, q, false)
	if c, ok := channel(b.snapshot(), one); !ok || !c.Arrived || c.Bridge != "" {
		b.Errorf("taken out, the channel is %+v, %v; want it with us and alone", c, ok)
	}
	gone := b.gone()
	b.must(b.sw.Unjoin(b.ctx, mix, one)) // a second time
	b.must(b.sw.Unjoin(b.ctx, mix, gone))
	b.must(b.sw.Unjoin(b.ctx, b.mix("none"), two))
	b.inBridge(mix, two)
	b.must(b.sw.StartMusic(b.ctx, one, ""))
	b.must(b.sw.StopMusic(b.ctx, one))
	b.must(b.sw.Unjoin(b.ctx, mix, two))
	b.must(b.sw.Bridge(b.ctx, mix, one, two)) // into the empty bridge
	b.inBridge(mix, one, two)
	b.hears(p, q, true)
	b.must(b.sw.Unbridge(b.ctx, mix))
}

func record(b *bench) {
	_, one := b.talk()
	_, two := b.talk()
	mix := b.mix("m")
	b.must(b.sw.Bridge(b.ctx, mix, one, two))
	b.refused("a name that leads elsewhere", b.sw.Record(b.ctx, mix, "../"+b.tag), telephony.KindPermanent)
	b.must(b.sw.Record(b.ctx, mix, b.tag))

	b.must(b.sw.Play(b.ctx, one, b.pid("p"), []telephony.Media{b.rig.Media(0)}))
	b.finished(b.pid("p")) // so that there is something to record
	b.must(b.sw.Unbridge(b.ctx, mix))
	got := first(b, "the end of the recording", func(e telephony.RecordingFinished) bool { return e.Name == b.tag })
	if got.Failed {
		b.Error("the recording failed")
	}
}

// recordAcross checks that a conversation with two agents, one after the other,
// is one recording, although nobody was in the bridge between.
func recordAcross(b *bench) {
	caller, one := b.talk()
	agent, two := b.talk()
	mix := b.mix("m")
	b.must(b.sw.Bridge(b.ctx, mix, one, two))
	b.must(b.sw.Record(b.ctx, mix, b.tag))
	b.hears(caller, agent, true)
	b.must(b.sw.Unjoin(b.ctx, mix, one))
	agent.Hangup()
	b.ended(two)
	b.inBridge(mix)
	b.must(b.sw.Play(b.ctx, one, b.pid("p"), []telephony.Media{b.rig.Media(0)}))
	b.finished(b.pid("p"))

	second, three := b.talk()
	b.must(b.sw.Bridge(b.ctx, mix, one, three))
	b.hears(caller, second, true)
	done := func(e telephony.RecordingFinished) bool { return e.Name == b.tag }
	if got := all(b, done); len(got) > 0 {
		b.Errorf("the recording ended before its bridge: %+v", got)
	}
	b.must(b.sw.Unbridge(b.ctx, mix))
	if first(b, "the end of the recording", done).Failed {
		b.Error("the recording failed")
	}
	b.gone() // whatever was still on its way has come before this
	if got := all(b, done); len(got) != 1 {
		b.Errorf("the recording ended %d times", len(got))
	}
	if !b.rig.Caps().Audio {
		return
	}
	for who, p := range map[string]Phone{"the caller": caller, "the first agent": agent, "the second agent": second} {
		if !b.rig.Recorded(b.T, b.tag, p) {
			b.Errorf("%s is not in the recording", who)
		}
	}
}
