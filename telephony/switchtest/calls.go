package switchtest

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/telephony"
)

func arrives(b *bench) {
	for _, dialed := range Numbers {
		p, got := b.ring(dialed)
		// A switch may add whether the number may be shown.
		if diff := cmp.Diff([]string{"hotline", dialed}, got.Args[:min(2, len(got.Args))]); diff != "" {
			b.Errorf("arguments (-want +got):\n%s", diff)
		}
		c := got.Channel
		if c.ID == "" || c.Name == "" || c.Dialed != dialed || !c.Arrived || c.State != telephony.StateRinging || c.Bridge != "" {
			b.Errorf("arrived as %+v, want an unanswered call to %s", c, dialed)
		}
		if got.At.IsZero() {
			b.Error("the arrival has no time")
		}
		p.Hangup()
		b.ended(c.ID)
	}
}

func answer(b *bench) {
	p, arrived := b.ring(Numbers[0])
	id := arrived.Channel.ID
	b.must(b.sw.Answer(b.ctx, id))
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	b.must(p.WaitAnswered(ctx))
	first(b, "the news that the call is up", func(e telephony.ChannelChanged) bool {
		return e.Channel.ID == id && e.Channel.State == telephony.StateUp
	})
	if err := b.sw.Answer(b.ctx, id); err != nil {
		b.Errorf("answering twice: %v", err)
	}
	if c, ok := channel(b.snapshot(), id); !ok || c.State != telephony.StateUp {
		b.Errorf("the snapshot shows %+v, %v; want it up", c, ok)
	}
}

func goneChannel(b *bench) {
	id := b.gone()
	_, readErr := b.sw.Variable(b.ctx, id, "A")
	for what, err := range map[string]error{
		"answer":      b.sw.Answer(b.ctx, id),
		"play":        b.sw.Play(b.ctx, id, b.pid("p"), []telephony.Media{b.rig.Media(0)}),
		"start music": b.sw.StartMusic(b.ctx, id, ""),
		"stop music":  b.sw.StopMusic(b.ctx, id),
		"set":         b.sw.SetVariable(b.ctx, id, "A", "1"),
		"read":        readErr,
	} {
		b.refused(what, err, telephony.KindGone)
	}
	if err := b.sw.Hangup(b.ctx, id, telephony.CauseNormal); err != nil {
		b.Errorf("hanging up twice: %v", err)
	}
}

func callerHangsUp(b *bench) {
	waiting, arrived := b.ring(Numbers[0])
	waiting.Hangup()
	b.ended(arrived.Channel.ID)

	talking, id := b.talk()
	talking.Hangup()
	b.ended(id)
	if _, ok := channel(b.snapshot(), id); ok {
		b.Error("the snapshot still lists the call")
	}

	b.gone() // whatever was still on its way has come before this
	for _, want := range []telephony.ChannelID{arrived.Channel.ID, id} {
		if got := all(b, func(e telephony.ChannelEnded) bool { return e.ID == want }); len(got) != 1 {
			b.Errorf("%s ended %d times: %+v", want, len(got), got)
		}
	}
}

func hangUp(b *bench) {
	p, arrived := b.ring(Numbers[0])
	id := arrived.Channel.ID
	b.must(b.sw.Hangup(b.ctx, id, telephony.CauseBusy))
	if got := b.ended(id); got.Cause != telephony.CauseBusy {
		b.Errorf("ended with cause %v, want %v", got.Cause, telephony.CauseBusy)
	}
	b.phoneEnded(p)

	p, id = b.talk()
	b.must(b.sw.Hangup(b.ctx, id, telephony.CauseNormal))
	if got := b.ended(id); got.Cause != telephony.CauseNormal {
		b.Errorf("ended with cause %v, want %v", got.Cause, telephony.CauseNormal)
	}
	b.phoneEnded(p)
}

func digits(b *bench) {
	const keys = "12#*0"
	p, id := b.talk()
	p.Press(keys)
	b.keys(id, keys)
}

// keys waits until a channel has sent exactly these keys, in this order.
func (b *bench) keys(id telephony.ChannelID, want string) {
	b.Helper()
	mine := func(e telephony.DigitReceived) bool { return e.ID == id }
	b.until("the digits "+want, func(log []telephony.Event, _ bool) bool {
		n := 0
		for _, ev := range log {
			if e, ok := ev.(telephony.DigitReceived); ok && mine(e) {
				n++
			}
		}
		return n >= len(want)
	})
	got := ""
	for _, e := range all(b, mine) {
		got += string(e.Digit)
	}
	if got != want {
		b.Errorf("%s sent the digits %q, want %q", id, got, want)
	}
}

func variables(b *bench) {
	_, id := b.talk()
	const value = "Grüße, \"здесь\" & 100%"
	b.must(b.sw.SetVariable(b.ctx, id, "LK_TEST", value))
	for name, want := range map[string]string{"LK_TEST": value, "LK_UNSET": ""} {
		got, err := b.sw.Variable(b.ctx, id, name)
		b.must(err)
		if got != want {
			b.Errorf("variable %s is %q, want %q", name, got, want)
		}
	}
}

func snapshotLists(b *bench) {
	p, arrived := b.ring(Numbers[1])
	out := b.leg("out")
	b.must(b.sw.Originate(b.ctx, telephony.OriginateRequest{ID: out, Endpoint: b.rig.Endpoint(Rings), Timeout: time.Minute}))
	snap := b.snapshot()
	in, ok := channel(snap, arrived.Channel.ID)
	if !ok || !in.Arrived || in.Caller.Number != p.Number() || in.Dialed != Numbers[1] || in.State == telephony.StateUp {
		b.Errorf("the call is listed as %+v, %v", in, ok)
	}
	if c, ok := channel(snap, out); !ok || c.Arrived || c.State == telephony.StateUp {
		b.Errorf("the leg that rings is listed as %+v, %v", c, ok)
	}
	b.must(b.sw.Hangup(b.ctx, out, telephony.CauseNormal))
	b.ended(out)
}

func cancelled(b *bench) {
	_, id := b.talk()
	ctx, cancel := context.WithCancel(b.ctx)
	cancel()
	begun := time.Now()
	_, snapErr := b.sw.Snapshot(ctx)
	for what, err := range map[string]error{
		"play":     b.sw.Play(ctx, id, b.pid("p"), []telephony.Media{b.rig.Media(0)}),
		"hang up":  b.sw.Hangup(ctx, id, telephony.CauseNormal),
		"snapshot": snapErr,
	} {
		b.refused(what, err, telephony.KindRetryable)
		if !errors.Is(err, context.Canceled) {
			b.Errorf("%s: %v does not say that the context was cancelled", what, err)
		}
	}
	if took := time.Since(begun); took > promptly {
		b.Errorf("cancelled requests took %v", took)
	}
	if _, ok := channel(b.snapshot(), id); !ok {
		b.Error("the cancelled hang-up was carried out")
	}
}

func crowd(b *bench) {
	const n = 20
	var phones []Phone
	for range n {
		phones = append(phones, b.rig.Caller(b.T, Numbers[0]))
	}
	var ids []telephony.ChannelID
	for _, p := range phones {
		ids = append(ids, b.arrival(p).Channel.ID)
	}
	errs := make(chan error, n)
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() {
			errs <- errors.Join(
				b.sw.Answer(b.ctx, id),
				b.sw.Play(b.ctx, id, b.pid(string(id)), []telephony.Media{b.rig.Media(0)}),
			)
		})
	}
	wg.Wait()
	for range n {
		b.must(<-errs)
	}
	for i, id := range ids {
		b.finished(b.pid(string(id)))
		if i%2 == 0 {
			phones[i].Hangup()
		} else {
			b.must(b.sw.Hangup(b.ctx, id, telephony.CauseNormal))
		}
	}
	for _, id := range ids {
		b.ended(id)
	}
}

func runEnds(b *bench) {
	b.stop()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	select {
	case err := <-b.done:
		b.must(err)
	case <-deadline.C:
		b.Fatalf("run did not return within %v", patience)
	}
	b.until("the end of the events", func(_ []telephony.Event, closed bool) bool { return closed })
}
