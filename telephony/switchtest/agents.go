package switchtest

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/telephony"
)

// answered originates to an endpoint that leads to the operator and waits until
// the operator has answered.
func (b *bench) answered(name, endpoint string) telephony.ChannelID {
	b.Helper()
	id := b.leg(name)
	b.must(b.sw.Originate(b.ctx, telephony.OriginateRequest{
		ID: id, Endpoint: endpoint, Timeout: time.Minute, CallerID: telephony.CallerID{Number: "700"}, Args: []string{"place", name},
	}))
	got := first(b, "the operator's answer", func(e telephony.ChannelArrived) bool { return e.Channel.ID == id })
	if c := got.Channel; c.State != telephony.StateUp {
		b.Errorf("arrived as %+v, want it up", c)
	}
	return id
}

// drop ends a leg and waits for its end.
func (b *bench) drop(id telephony.ChannelID) {
	b.Helper()
	b.must(b.sw.Hangup(b.ctx, id, telephony.CauseNormal))
	b.ended(id)
}

// code checks that a code dialled on an agent's phone tells whose phone it is.
func code(b *bench) {
	const dialled = "*22"
	p := b.rig.Operator(b.T, dialled)
	got := first(b, "the call of the operator", func(e telephony.ChannelArrived) bool { return slices.Contains(e.Args, "agent") })
	if diff := cmp.Diff([]string{"agent", dialled}, got.Args); diff != "" {
		b.Errorf("arguments (-want +got):\n%s", diff)
	}
	c := got.Channel
	if phone := telephony.PhoneOf(c.Name); phone != b.rig.Endpoint(Operator) || c.Dialed != dialled || c.State == telephony.StateUp {
		b.Errorf("arrived as %+v from phone %s, want an unanswered call of %s", c, phone, b.rig.Endpoint(Operator))
	}
	b.must(b.sw.Answer(b.ctx, c.ID))
	b.must(b.sw.Play(b.ctx, c.ID, b.pid("p"), []telephony.Media{b.rig.Media(0)}))
	if b.finished(b.pid("p")).Failed {
		b.Error("nothing can be said to who dialled a code")
	}
	b.drop(c.ID)
	b.phoneEnded(p)
}

// whisper checks that what is played as soon as an agent has answered is heard
// from its beginning.
func whisper(b *bench) {
	p, caller := b.talk()
	ctx, cancel := context.WithTimeout(b.ctx, 2*patience)
	defer cancel()
	for i, name := range []string{"first", "second", "third"} {
		leg := b.answered(name, b.rig.Endpoint(Operator))
		pid := b.pid(name)
		b.must(b.sw.Play(b.ctx, leg, pid, []telephony.Media{b.rig.Media(i)}))
		if b.finished(pid).Failed {
			b.Fatal("nothing can be played to an agent who has just answered")
		}
		agent := b.rig.Callee(b.T, leg)
		if b.rig.Caps().Audio {
			if err := agent.HeardAll(ctx, b.rig.Media(i)); err != nil {
				b.Errorf("the whisper was cut: %v", err)
			}
		}
		b.must(b.sw.Bridge(b.ctx, b.mix(name), caller, leg))
		b.hears(p, agent, true)
		b.must(b.sw.Unbridge(b.ctx, b.mix(name)))
		b.drop(leg)
	}
}

// agentKeys checks that keys which an agent presses in a conversation are told
// of the leg that leads to the agent, rung by linekeeper or by a queue.
func agentKeys(b *bench) {
	p, caller := b.talk()
	for name, endpoint := range map[string]string{
		"direct": b.rig.Endpoint(Operator), "queued": "Local/" + b.rig.Queue() + "@linekeeper-queue/n",
	} {
		leg := b.answered(name, endpoint)
		agent := b.rig.Callee(b.T, leg)
		b.must(b.sw.Bridge(b.ctx, b.mix(name), caller, leg))
		b.hears(p, agent, true)
		agent.Press("*2#")
		b.keys(leg, "*2#")
		b.must(b.sw.Unbridge(b.ctx, b.mix(name)))
		b.drop(leg)
		b.phoneEnded(agent)
	}
	p.Press("4")
	b.keys(caller, "4")
}

// follow collects what the switch tells of queues and phones from now on.
func (b *bench) follow() {
	b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	feed := b.rig.QueueFeed(ctx, b.T)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ev := range feed.QueueEvents() {
			b.note(func() { b.queues = append(b.queues, ev) })
		}
	}()
	b.Cleanup(func() {
		b.stop() // a feed may end with its switch
		cancel()
		<-done
	})
}

// phoneStates lists what was told of one phone so far. The lock is held.
func (b *bench) phoneStates(phone string) []telephony.MemberStatus {
	var out []telephony.MemberStatus
	for _, ev := range b.queues {
		for _, p := range ev.Phones {
			if p.Phone == phone {
				out = append(out, p.Status)
			}
		}
	}
	return out
}

// does waits until a phone is told to do something, after it did what came
// before in seen.
func (b *bench) does(seen map[string]int, phone string, want telephony.MemberStatus) {
	b.Helper()
	b.until("news that "+phone+" is "+want.String(), func([]telephony.Event, bool) bool {
		told := b.phoneStates(phone)
		i := slices.Index(told[min(seen[phone], len(told)):], want)
		if i >= 0 {
			seen[phone] += i + 1
		}
		return i >= 0
	})
}

// phones checks what is told of phones that ring, talk and dial.
func phones(b *bench) {
	b.follow()
	seen := map[string]int{}
	operator, rings := b.rig.Endpoint(Operator), b.rig.Endpoint(Rings)
	b.does(seen, operator, telephony.MemberIdle)
	b.does(seen, rings, telephony.MemberIdle)
	b.does(seen, b.rig.Endpoint(Unplugged), telephony.MemberUnavailable)

	ringing := b.dial("rings", Rings, time.Minute)
	b.does(seen, rings, telephony.MemberRinging)
	b.drop(ringing)
	b.does(seen, rings, telephony.MemberIdle)

	talking := b.answered("talks", operator)
	b.does(seen, operator, telephony.MemberRinging)
	b.does(seen, operator, telephony.MemberInUse)
	b.drop(talking)
	b.does(seen, operator, telephony.MemberIdle)

	// Asterisk says so of a phone that dials when it is answered, not before.
	p := b.rig.Operator(b.T, "*22")
	dials := first(b, "the call of the operator", func(e telephony.ChannelArrived) bool { return slices.Contains(e.Args, "agent") })
	b.must(b.sw.Answer(b.ctx, dials.Channel.ID))
	b.does(seen, operator, telephony.MemberInUse)
	p.Hangup()
	b.does(seen, operator, telephony.MemberIdle)

	b.mu.Lock()
	defer b.mu.Unlock()
	for _, ev := range b.queues {
		if ev.Kind == telephony.PhoneChanged && (len(ev.Phones) != 1 || ev.Agent.Interface != ev.Phones[0].Phone || ev.At.IsZero() || ev.Queue != "") {
			b.Errorf("a phone changed: %+v", ev)
		}
		for _, phone := range ev.Phones {
			if strings.Contains(phone.Phone, ":") || !strings.Contains(phone.Phone, "/") {
				b.Errorf("%s is no phone", phone.Phone)
			}
		}
	}
}

// wrapUp checks that a queue of the switch's own says how long its agent is left
// alone after a call.
func wrapUp(b *bench) {
	b.follow()
	operator, begun := b.rig.Endpoint(Operator), time.Now()
	b.drop(b.answered("queued", "Local/"+b.rig.Queue()+"@linekeeper-queue/n"))
	b.until("the end of the operator's call", func([]telephony.Event, bool) bool {
		for _, ev := range b.queues {
			for _, m := range ev.Members {
				if m.Queue != b.rig.Queue() || m.Interface != operator || ev.Kind != telephony.MemberChanged {
					continue
				}
				// The switch may count in whole seconds.
				if m.LastCall.After(begun.Add(-time.Second)) {
					return m.WrapUp == WrapUp && m.WrapUpUntil.Equal(m.LastCall.Add(WrapUp))
				}
			}
		}
		return false
	})
}
