package switchtest

import (
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/telephony"
)

// dial originates a leg to an endpoint of the rig.
func (b *bench) dial(name string, to Behaviour, timeout time.Duration) telephony.ChannelID {
	b.Helper()
	id := b.leg(name)
	b.must(b.sw.Originate(b.ctx, telephony.OriginateRequest{
		ID: id, Endpoint: b.rig.Endpoint(to), Timeout: timeout,
		CallerID: telephony.CallerID{Name: "Linekeeper", Number: "700"},
		Args:     []string{"leg", name}, Vars: map[string]string{"LK_LEG": name},
	}))
	return id
}

// arrived says how often a leg arrived so far.
func (b *bench) arrivals(id telephony.ChannelID) int {
	return len(all(b, func(e telephony.ChannelArrived) bool { return e.Channel.ID == id }))
}

func originate(b *bench) {
	id := b.dial("out", Answers, time.Minute)
	got := first(b, "the answer", func(e telephony.ChannelArrived) bool { return e.Channel.ID == id })
	if diff := cmp.Diff([]string{"leg", "out"}, got.Args); diff != "" {
		b.Errorf("arguments (-want +got):\n%s", diff)
	}
	if c := got.Channel; c.State != telephony.StateUp || !c.Arrived {
		b.Errorf("arrived as %+v, want it up", c)
	}
	value, err := b.sw.Variable(b.ctx, id, "LK_LEG")
	b.must(err)
	if value != "out" {
		b.Errorf("the variable of the request is %q, want %q", value, "out")
	}
	b.must(b.sw.Play(b.ctx, id, b.pid("p"), []telephony.Media{b.rig.Media(0)}))
	if b.finished(b.pid("p")).Failed {
		b.Error("nothing can be played on the leg")
	}
	b.must(b.sw.Hangup(b.ctx, id, telephony.CauseNormal))
	b.ended(id)
}

func originateTwice(b *bench) {
	again := telephony.OriginateRequest{ID: b.leg("out"), Endpoint: b.rig.Endpoint(Answers), Timeout: time.Minute}
	ringing := b.dial("rings", Rings, time.Minute)
	second := again
	second.ID = ringing
	b.refused("the id of a leg that rings", b.sw.Originate(b.ctx, second), telephony.KindExists)

	id := b.dial("out", Answers, time.Minute)
	first(b, "the answer", func(e telephony.ChannelArrived) bool { return e.Channel.ID == id })
	b.refused("the id of a leg that talks", b.sw.Originate(b.ctx, again), telephony.KindExists)

	for _, leg := range []telephony.ChannelID{ringing, id} {
		b.must(b.sw.Hangup(b.ctx, leg, telephony.CauseNormal))
		b.ended(leg)
	}
	if n := b.arrivals(id); n != 1 {
		b.Errorf("the leg arrived %d times", n)
	}
	if n := b.arrivals(ringing); n != 0 {
		b.Errorf("the leg that rang arrived %d times", n)
	}
}

func originateBusy(b *bench) {
	id := b.dial("busy", Engaged, time.Minute)
	if got := b.ended(id); got.Cause != telephony.CauseBusy {
		b.Errorf("ended with cause %v, want %v", got.Cause, telephony.CauseBusy)
	}
	if n := b.arrivals(id); n != 0 {
		b.Errorf("a busy leg arrived %d times", n)
	}
}

func originateNoAnswer(b *bench) {
	const timeout = 3 * time.Second
	begun := time.Now()
	id := b.dial("rings", Rings, timeout)
	got := b.ended(id)
	if took := time.Since(begun); took < timeout-time.Second || took > timeout+promptly {
		b.Errorf("it rang for %v, want about %v", took, timeout)
	}
	if got.Cause != telephony.CauseNoAnswer && got.Cause != telephony.CauseNoUserResponse {
		b.Errorf("ended with cause %v, want %v", got.Cause, telephony.CauseNoAnswer)
	}
}

func originateGivenUp(b *bench) {
	id := b.dial("rings", Rings, 0)
	b.must(b.sw.Hangup(b.ctx, id, telephony.CauseNormal))
	b.ended(id)
	b.gone() // whatever was still on its way has come before this
	if n := b.arrivals(id); n != 0 {
		b.Errorf("a leg that was given up arrived %d times", n)
	}
	if n := len(all(b, func(e telephony.ChannelEnded) bool { return e.ID == id })); n != 1 {
		b.Errorf("the leg ended %d times", n)
	}
}

func originateNowhere(b *bench) {
	id := b.leg("nowhere")
	err := b.sw.Originate(b.ctx, telephony.OriginateRequest{
		ID: id, Endpoint: b.rig.Endpoint(Missing), Timeout: time.Minute,
	})
	if err != nil {
		b.refused("an endpoint that does not exist", err, telephony.KindPermanent)
	} else {
		b.ended(id)
	}
	if _, ok := channel(b.snapshot(), id); ok {
		b.Error("the snapshot lists a leg to nowhere")
	}
}

func originateUnplugged(b *bench) {
	id := b.leg("unplugged")
	err := b.sw.Originate(b.ctx, telephony.OriginateRequest{
		ID: id, Endpoint: b.rig.Endpoint(Unplugged), Timeout: time.Minute,
	})
	if err != nil {
		b.refused("a phone that is not registered", err, telephony.KindRetryable)
	} else {
		b.ended(id)
	}
	if n := b.arrivals(id); n != 0 {
		b.Errorf("a leg to a phone that is not registered arrived %d times", n)
	}
}
