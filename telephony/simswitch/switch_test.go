package simswitch_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

func same[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestConversation(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		begun := time.Now()
		p := w.Call("+79161234567", "700")
		id := p.ID()
		w.must(w.Answer(w.Context(), id))
		w.must(w.StartMusic(w.Context(), id, ""))
		if !p.MusicOn() {
			t.Error("music was started and is not heard")
		}
		w.must(w.Play(w.Context(), id, "one", []telephony.Media{"sound:hello", "silence:2.5"}))
		w.must(w.Play(w.Context(), id, "two", []telephony.Media{"tone:ring"}))
		if p.MusicOn() {
			t.Error("music is heard together with a playback")
		}
		w.must(p.WaitHear(w.Context(), "tone:ring"))
		same(t, "time until the tone", time.Since(begun), 3500*time.Millisecond)
		p.Press("1")
		w.pass(time.Second)
		w.must(w.StopPlay(w.Context(), "two"))
		if !p.MusicOn() {
			t.Error("music does not come back after a playback")
		}
		p.Hangup()

		same(t, "heard", p.Heard(), []simswitch.Heard{
			{Media: "sound:hello", At: begun, Complete: true},
			{Media: "silence:2.5", At: begun.Add(time.Second), Complete: true},
			{Media: "tone:ring", At: begun.Add(3500 * time.Millisecond)},
		})
		same(t, "events", w.said(0), []string{
			"connected with 0 channels, 0 bridges",
			"arrived sim-1 hotline 700", "changed sim-1 2", "played one failed=false",
			"digit sim-1 1", "played two failed=false", "ended sim-1 normal clearing",
		})
		if err := p.WaitHear(w.Context(), "sound:never"); err == nil {
			t.Error("waiting on a phone whose call is over succeeds")
		}
	})
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		behaviour simswitch.Behaviour
		want      []string
		took      time.Duration
	}{
		"answer": {simswitch.Answer(4 * time.Second), []string{"changed out 1", "changed out 2", "arrived out a b"}, 4 * time.Second},
		"busy":   {simswitch.Busy(time.Second), []string{"changed out 1", "ended out busy"}, time.Second},
		"reject": {simswitch.Reject(2 * time.Second), []string{"changed out 1", "ended out rejected"}, 2 * time.Second},
		"rings":  {simswitch.NoAnswer(), []string{"changed out 1", "ended out no answer"}, 20 * time.Second},
		"late":   {simswitch.Answer(time.Minute), []string{"changed out 1", "ended out no answer"}, 20 * time.Second},
		"slow ring": {func(o *simswitch.Outgoing) {
			o.RingAfter(3 * time.Second)
			o.Answer(5 * time.Second)
		}, []string{"changed out 1", "changed out 2", "arrived out a b"}, 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				w.Endpoint("PJSIP/+7916@trunk", tt.behaviour)
				w.must(w.Originate(w.Context(), telephony.OriginateRequest{
					ID: "out", Endpoint: "PJSIP/+7916@trunk", Timeout: 20 * time.Second, Args: []string{"a", "b"},
				}))
				w.pass(tt.took - time.Nanosecond)
				if got := w.said(1); len(got) == len(tt.want) {
					t.Errorf("all was over before %v: %q", tt.took, got)
				}
				w.pass(time.Nanosecond)
				same(t, "events", w.said(1), tt.want)
				w.pass(time.Hour)
				same(t, "events an hour later", w.said(1), tt.want)
			})
		})
	}
}

func TestSequenceAndOnAnswer(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.Endpoint("PJSIP/a", simswitch.Sequence(
			simswitch.Invalid("no credit"), simswitch.Busy(0),
			func(o *simswitch.Outgoing) {
				o.Answer(time.Second)
				o.OnAnswer(func(p *simswitch.Phone) {
					if p.WaitHear(w.Context(), "sound:press-one") == nil {
						p.Press("1")
					}
				})
			},
		))
		req := telephony.OriginateRequest{ID: "out", Endpoint: "PJSIP/a", CallerID: telephony.CallerID{Number: "700"}, Args: []string{"callback"}}
		if err := w.Originate(w.Context(), req); telephony.KindOf(err) != telephony.KindPermanent {
			t.Errorf("first attempt: %v, want a permanent error", err)
		}
		w.must(w.Originate(w.Context(), req))
		w.pass(time.Second)
		w.must(w.Originate(w.Context(), req))
		w.pass(time.Second)
		w.must(w.Play(w.Context(), "out", "ask", []telephony.Media{"sound:press-one"}))
		same(t, "events", w.said(1), []string{
			"changed out 1", "ended out busy", "changed out 1", "changed out 2", "arrived out callback", "digit out 1",
		})
		if n := len(w.Dialled("PJSIP/a")); n != 2 {
			t.Errorf("the endpoint was dialled %d times, want 2", n)
		}
		same(t, "display", w.Phone("out").Shown(), req.CallerID)
	})
}

// TestSameInstant shows that what is due at one instant happens in the order in
// which it was asked for.
func TestSameInstant(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		var want []string
		for i := range 30 {
			p := w.Call(strconv.Itoa(i), "700")
			pid := telephony.PlaybackID(strconv.Itoa(i))
			w.must(w.Play(w.Context(), p.ID(), pid, []telephony.Media{"sound:a"}))
			err := w.Play(w.Context(), p.ID(), pid, []telephony.Media{"sound:b"})
			if !telephony.IsExists(err) {
				t.Errorf("a playback id in use: %v, want an error of kind exists", err)
			}
			want = append(want, "played "+string(pid)+" failed=false")
		}
		w.pass(time.Second)
		same(t, "events", w.said(31), want)
	})
}

func TestBridgeWaitsForPlayback(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, b := w.Call("1", "700"), w.Call("2", "700")
		for _, p := range []*simswitch.Phone{a, b} {
			w.must(w.Answer(w.Context(), p.ID()))
		}
		w.must(w.Play(w.Context(), a.ID(), "p", []telephony.Media{"silence:30"}))
		ctx, cancel := context.WithTimeout(w.Context(), time.Second)
		defer cancel()
		if err := w.Bridge(ctx, "m", a.ID(), b.ID()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("bridging during a playback: %v, want the end of patience", err)
		}
		begun := time.Now()
		w.must(w.Bridge(w.Context(), "m", a.ID(), b.ID()))
		same(t, "time until the bridge stood", time.Since(begun), 29*time.Second)
		if !a.Hears(b) || !b.Hears(a) {
			t.Error("bridged phones do not hear each other")
		}
		same(t, "others in the bridge", a.Bridged(), []telephony.ChannelID{b.ID()})

		w.must(w.Record(w.Context(), "m", "talk"))
		w.pass(time.Minute)
		w.must(w.Unbridge(w.Context(), "m"))
		if a.Hears(b) {
			t.Error("phones hear each other without a bridge")
		}
		rec := w.Recordings()[0]
		same(t, "length of the recording", rec.Until.Sub(rec.From), time.Minute)
	})
}

func TestFaults(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.Call("1", "700")
		overload := &telephony.Error{Op: "503", Kind: telephony.KindRetryable, Err: errors.New("overload")}
		w.Fail(simswitch.OpAnswer, overload, 2)
		for range 2 {
			if err := w.Answer(w.Context(), p.ID()); !errors.Is(err, overload) || telephony.IsUnanswered(err) || p.Answered() {
				t.Errorf("answer: %v, answered %v; want the fault and nothing done", err, p.Answered())
			}
		}
		w.Slow(simswitch.OpAnswer, time.Minute, 1)
		ctx, cancel := context.WithTimeout(w.Context(), time.Second)
		defer cancel()
		if err := w.Answer(ctx, p.ID()); !errors.Is(err, context.DeadlineExceeded) || !telephony.IsUnanswered(err) || !p.Answered() {
			t.Errorf("slow answer: %v, answered %v; want it carried out without a reply", err, p.Answered())
		}
		w.Inject(simswitch.Fault{Op: simswitch.OpAny, Err: errors.New("cut"), LostReply: true})
		err := w.Hangup(w.Context(), p.ID(), telephony.CauseNormal)
		if ended, _ := p.Ended(); !ended || telephony.KindOf(err) != telephony.KindRetryable || !telephony.IsUnanswered(err) {
			t.Errorf("lost reply: %v, ended %v; want it carried out and a retryable error", err, ended)
		}
		w.Heal()
		if _, err := w.Snapshot(w.Context()); err != nil {
			t.Errorf("after healing: %v", err)
		}
	})
}

func TestGap(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.Endpoint("PJSIP/a", simswitch.Answer(time.Second))
		stays, goes := w.Call("1", "700"), w.Call("2", "700")
		w.must(w.Originate(w.Context(), telephony.OriginateRequest{ID: "out", Endpoint: "PJSIP/a"}))
		w.Disconnect()
		w.Disconnect()
		goes.Hangup()
		late := w.Call("3", "700")
		w.pass(time.Minute)
		if !late.FellBack() || stays.FellBack() {
			t.Error("only the call of the gap falls back to the dialplan")
		}
		if cause, err := w.Phone("out").WaitEnded(w.Context()); err != nil || cause != telephony.CauseNormal {
			t.Errorf("the leg answered in the gap: %v, %v; want it ended", cause, err)
		}
		err := w.Hangup(w.Context(), stays.ID(), telephony.CauseNormal)
		if err == nil || telephony.KindOf(err) != telephony.KindRetryable {
			t.Errorf("hanging up in the gap: %v, want a retryable error", err)
		}
		w.Reconnect()
		w.Replace()
		w.Reconnect()
		stays.Redirect()
		stays.Hangup()
		same(t, "events", w.said(3), []string{
			"changed out 1", "disconnected", "connected with 1 channels, 0 bridges",
			"replaced", "disconnected", "connected with 1 channels, 0 bridges", "left sim-1",
		})
	})
}

func TestReopen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sim := simswitch.New(simswitch.Options{})
		t.Cleanup(sim.Close)
		ctx, crash := context.WithCancel(t.Context())
		first := make(chan error)
		go func() { first <- sim.Run(ctx) }()
		if _, ok := (<-sim.Events()).(telephony.Connected); !ok {
			t.Fatal("the first run does not begin with a connection")
		}
		stays, goes := sim.Call("1", "700"), sim.Call("2", "700")
		sim.Reopen() // too early, must not disturb the run
		crash()
		if err := <-first; err != nil {
			t.Fatal(err)
		}
		goes.Hangup()

		sim.Reopen()
		second := make(chan error)
		go func() { second <- sim.Run(t.Context()) }()
		hello, ok := (<-sim.Events()).(telephony.Connected)
		if !ok || len(hello.Snapshot.Channels) != 1 || hello.Snapshot.Channels[0].ID != stays.ID() {
			t.Errorf("the second run begins with %+v, want the call that stayed", hello)
		}
		if ev := <-sim.QueueEvents(); ev.Kind != telephony.QueueReset {
			t.Errorf("the queue feed begins with %v", ev.Kind)
		}
		stays.Hangup()
		if ev, ok := (<-sim.Events()).(telephony.ChannelEnded); !ok || ev.ID != stays.ID() {
			t.Errorf("the second run tells %+v, want the end of the call", ev)
		}
		sim.Close()
		if err := <-second; err != nil {
			t.Error(err)
		}
	})
}

func TestClose(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.Call("1", "700")
		w.Close()
		w.Close()
		w.pass(time.Second)
		if err := w.Answer(w.Context(), p.ID()); telephony.KindOf(err) != telephony.KindRetryable || err == nil {
			t.Errorf("answer on a closed switch: %v", err)
		}
		if err := w.Run(w.Context()); err == nil {
			t.Error("run may be called twice")
		}
		if _, open := <-w.Events(); open {
			t.Error("the events go on")
		}
	})
}
