package switchtest

import (
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/telephony"
)

// left waits until a channel is out of our control.
func (b *bench) left(id telephony.ChannelID) {
	b.Helper()
	first(b, "the leaving of "+string(id), func(e telephony.ChannelLeft) bool { return e.ID == id })
}

func lend(b *bench) {
	leg := b.dial("out", Answers, time.Minute)
	first(b, "the answer", func(e telephony.ChannelArrived) bool { return e.Channel.ID == leg })
	_, caller := b.talk()
	for _, id := range []telephony.ChannelID{leg, caller} {
		b.must(b.sw.Lend(b.ctx, id, telephony.Extension{Context: b.rig.Passage()}))
		b.left(id)
		if c, ok := channel(b.snapshot(), id); !ok || c.Arrived || c.State != telephony.StateUp {
			b.Errorf("in the dialplan the channel is %+v, %v; want it up and not with us", c, ok)
		}
		back := first(b, "the way back", func(e telephony.ChannelArrived) bool {
			return e.Channel.ID == id && len(e.Args) > 0 && e.Args[0] == PassageArgs[0]
		})
		if diff := cmp.Diff(PassageArgs[:], back.Args); diff != "" {
			b.Errorf("arguments (-want +got):\n%s", diff)
		}
		if c := back.Channel; c.State != telephony.StateUp || !c.Arrived {
			b.Errorf("came back as %+v, want it up", c)
		}
		if c, ok := channel(b.snapshot(), id); !ok || !c.Arrived {
			b.Errorf("back again the channel is %+v, %v", c, ok)
		}
		pid := b.pid(string(id))
		b.must(b.sw.Play(b.ctx, id, pid, []telephony.Media{b.rig.Media(0)}))
		if b.finished(pid).Failed {
			b.Errorf("nothing can be played on %s after it", id)
		}
		if n := b.arrivals(id); n != 2 {
			b.Errorf("%s arrived %d times, want 2", id, n)
		}
		b.must(b.sw.Hangup(b.ctx, id, telephony.CauseNormal))
		if got := b.ended(id); got.Cause != telephony.CauseNormal {
			b.Errorf("%s ended with cause %v", id, got.Cause)
		}
	}
}

// lendHangup lets a leg and a caller hang up, and hangs up on a third, while
// they are in the switch's dialplan.
func lendHangup(b *bench) {
	caller, calls := b.talk()
	_, sent := b.talk()
	leg := b.dial("out", Operator, time.Minute)
	first(b, "the answer", func(e telephony.ChannelArrived) bool { return e.Channel.ID == leg })
	operator := b.rig.Callee(b.T, leg)
	everybody := []telephony.ChannelID{leg, calls, sent}
	for _, id := range everybody {
		b.must(b.sw.Lend(b.ctx, id, telephony.Extension{Context: b.rig.Passage()}))
		b.left(id)
	}
	operator.Hangup()
	caller.Hangup()
	b.must(b.sw.Hangup(b.ctx, sent, telephony.CauseNormal))
	for _, id := range everybody {
		got := b.ended(id)
		// Of phones that hang up a switch need not say why, here as ever.
		if id == sent && got.Cause != telephony.CauseNormal {
			b.Errorf("%s ended with cause %v, want %v", id, got.Cause, telephony.CauseNormal)
		}
	}
	b.gone() // whatever was still on its way has come before this
	for _, id := range everybody {
		if n := b.arrivals(id); n != 1 {
			b.Errorf("%s arrived %d times, want once", id, n)
		}
		if n := len(all(b, func(e telephony.ChannelEnded) bool { return e.ID == id })); n != 1 {
			b.Errorf("%s ended %d times", id, n)
		}
		if _, ok := channel(b.snapshot(), id); ok {
			b.Errorf("the snapshot lists %s, which is gone", id)
		}
	}
}

func lendNowhere(b *bench) {
	_, id := b.talk()
	b.refused("a context that does not exist", b.sw.Lend(b.ctx, id, telephony.Extension{Context: "no-such-context"}), telephony.KindPermanent)
	b.must(b.sw.Play(b.ctx, id, b.pid("p"), []telephony.Media{b.rig.Media(0)}))
	if b.finished(b.pid("p")).Failed {
		b.Error("nothing can be played on a channel that stayed")
	}
	b.refused("a gone channel", b.sw.Lend(b.ctx, b.gone(), telephony.Extension{Context: b.rig.Passage()}), telephony.KindGone)
}
