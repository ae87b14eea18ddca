package switchtest

import (
	"context"

	"github.com/linekeeper/linekeeper/telephony"
)

// gap checks that nothing is lost for good while the link is down.
func gap(b *bench) {
	leaves, gone := b.talk()
	_, stays := b.talk()
	b.rig.BreakLink(b.T)
	first(b, "the news of the broken link", func(telephony.Disconnected) bool { return true })

	ctx, cancel := context.WithTimeout(b.ctx, promptly)
	defer cancel()
	b.refused("a request without a link", b.sw.Answer(ctx, stays), telephony.KindRetryable)

	leaves.Hangup()
	b.phoneEnded(leaves)
	b.rig.RestoreLink(b.T)

	var snap telephony.Snapshot
	b.until("the second connection", func(log []telephony.Event, _ bool) bool {
		n := 0
		for _, ev := range log {
			if e, ok := ev.(telephony.Connected); ok {
				n++
				snap = e.Snapshot
			}
		}
		return n > 1
	})
	if _, ok := channel(snap, gone); ok {
		b.Error("the snapshot lists the call that ended in the gap")
	}
	if c, ok := channel(snap, stays); !ok || c.State != telephony.StateUp || !c.Arrived {
		b.Errorf("the call that stayed is listed as %+v, %v", c, ok)
	}
	b.must(b.sw.Play(b.ctx, stays, b.pid("p"), []telephony.Media{b.rig.Media(0)}))
	if b.finished(b.pid("p")).Failed {
		b.Error("after the gap nothing can be played")
	}
	p, _ := b.ring(Numbers[0])
	p.Hangup()
}
