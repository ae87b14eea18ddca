package simswitch_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// ring originates a leg to an agent's phone.
func (w *world) ring(id, iface string) {
	w.t.Helper()
	w.must(w.Originate(w.Context(), telephony.OriginateRequest{
		ID: telephony.ChannelID(id), Endpoint: iface, Timeout: 20 * time.Second,
		CallerID: telephony.CallerID{Name: "support", Number: "+79160000001"}, Args: []string{"place", "p-" + id},
	}))
}

// phonesSaid lists what was said of phones after the n-th queue event.
func (w *world) phonesSaid(from int) []string {
	w.said(0) // what is under way has arrived
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, ev := range w.queue[from:] {
		if ev.Kind == telephony.PhoneChanged {
			out = append(out, fmt.Sprintf("%s %v", ev.Agent.Interface, ev.Phones[0].Status))
		}
	}
	return out
}

func TestAgentIsRungDirectly(t *testing.T) {
	t.Parallel()
	const phone = "PJSIP/101"
	for name, tt := range map[string]struct {
		agent  func(*simswitch.Agent)
		events []string
		phone  []string
		took   time.Duration // until the last event
		rang   bool
	}{
		"answers and talks": {
			func(a *simswitch.Agent) { a.AnswerAfter(3 * time.Second).TalkFor(time.Minute) },
			[]string{"changed leg 1", "changed leg 2", "arrived leg place p-leg", "ended leg normal clearing"},
			[]string{"ringing", "in use", "idle"}, 63 * time.Second, true,
		},
		"lets it ring": {
			func(a *simswitch.Agent) { a.Miss(1) },
			[]string{"changed leg 1", "ended leg no answer"}, []string{"ringing", "idle"}, 20 * time.Second, true,
		},
		"rejects": {
			func(a *simswitch.Agent) { a.Reject(1).AnswerAfter(4 * time.Second) },
			[]string{"changed leg 1", "ended leg rejected"}, []string{"ringing", "idle"}, 4 * time.Second, true,
		},
		"rejects by hand": {
			func(a *simswitch.Agent) { time.AfterFunc(time.Second, a.Hangup) },
			[]string{"changed leg 1", "ended leg rejected"}, []string{"ringing", "idle"}, time.Second, true,
		},
		"is on a private call": {
			func(a *simswitch.Agent) { a.Private(true) },
			[]string{"changed leg 1", "ended leg busy"}, []string{"in use"}, 0, false,
		},
		"dials somebody while it rings": {
			func(a *simswitch.Agent) { time.AfterFunc(time.Second, func() { a.Private(true) }) },
			[]string{"changed leg 1", "ended leg busy"}, []string{"ringing", "in use"}, time.Second, true,
		},
		"pulls the plug while it rings": {
			func(a *simswitch.Agent) { time.AfterFunc(time.Second, func() { a.Away(true) }) },
			[]string{"changed leg 1", "ended leg subscriber absent"}, []string{"ringing", "unavailable"}, time.Second, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				ivan := w.Agent(phone, "Ivan")
				tt.agent(ivan)
				w.ring("leg", phone)
				if tt.took > 0 {
					w.pass(tt.took - time.Nanosecond)
					if got := w.said(1); len(got) >= len(tt.events) {
						t.Errorf("all was over before %v: %q", tt.took, got)
					}
				}
				w.pass(time.Nanosecond)
				same(t, "events", w.said(1), tt.events)
				want := []string{phone + " idle"}
				for _, status := range tt.phone {
					want = append(want, phone+" "+status)
				}
				same(t, "what the phone did", w.phonesSaid(0), want)
				calls := ivan.Calls()
				if (len(calls) == 1) != tt.rang {
					t.Fatalf("the phone rang for %+v, want %v", calls, tt.rang)
				}
				if tt.rang && (calls[0].Shown.Name != "support" || calls[0].Channel != "leg" || calls[0].Queue != "" || calls[0].Ended.IsZero()) {
					t.Errorf("the phone rang for %+v", calls[0])
				}
				w.pass(time.Hour)
				same(t, "events an hour later", w.said(1), tt.events)
			})
		})
	}
}

func TestAgentWhoIsAwayCannotBeRung(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.Agent("PJSIP/101", "Ivan").Away(true)
		err := w.Originate(w.Context(), telephony.OriginateRequest{ID: "leg", Endpoint: "PJSIP/101"})
		if err == nil || telephony.KindOf(err) != telephony.KindRetryable {
			t.Errorf("ringing a phone that is not registered: %v", err)
		}
		same(t, "events", w.said(1), nil)
		w.Agent("PJSIP/101", "Ivan").Away(false)
		w.ring("leg", "PJSIP/101") // the id is free
		w.Endpoint("PJSIP/101", simswitch.Invalid("explicit"))
		err = w.Originate(w.Context(), telephony.OriginateRequest{ID: "leg2", Endpoint: "PJSIP/101"})
		if telephony.KindOf(err) != telephony.KindPermanent {
			t.Errorf("an endpoint with a behaviour is the agent's phone all the same: %v", err)
		}
	})
}

func TestAgentTalksOnALegOfOurs(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		ivan := w.Agent("PJSIP/101", "Ivan").AnswerAfter(-1)
		caller := w.Call("+79160000001", "700")
		w.must(w.Answer(w.Context(), caller.ID()))
		w.ring("leg", "PJSIP/101")
		if id, ok := ivan.Ringing(); !ok || id != "leg" {
			t.Errorf("the phone rings for %q, %v", id, ok)
		}
		w.ring("second", "PJSIP/101")
		same(t, "why the second leg ended", w.said(4), []string{"changed second 1", "ended second busy"})
		w.pass(time.Second)
		ivan.Answer()
		w.must(w.Play(w.Context(), "leg", "whisper", []telephony.Media{"sound:support"}))
		w.must(ivan.Phone().WaitHear(w.Context(), "sound:support"))
		w.must(w.Bridge(w.Context(), "m", caller.ID(), "leg")) // waits for the whisper
		ivan.Press("*2")
		said := w.said(0)
		same(t, "keys", said[len(said)-2:], []string{"digit leg *", "digit leg 2"})
		if !caller.Hears(ivan.Phone()) || ivan.Status() != telephony.MemberInUse {
			t.Errorf("caller and agent do not hear each other; the phone is %v", ivan.Status())
		}
		w.ring("third", "PJSIP/101")
		w.must(w.Hangup(w.Context(), "leg", telephony.CauseNormal))
		said = w.said(0)
		same(t, "ends", said[len(said)-2:], []string{"ended third busy", "ended leg normal clearing"})
		if ivan.Phone() != nil || ivan.Status() != telephony.MemberIdle || len(ivan.Calls()) != 1 {
			t.Errorf("after the call the phone is %v and rang for %+v", ivan.Status(), ivan.Calls())
		}
	})
}

// TestAgentServesBothEngines shows that the switch's queue leaves a phone alone
// that linekeeper uses, and gives it work afterwards.
func TestAgentServesBothEngines(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.Queue("support", simswitch.QueueOptions{})
		ivan := w.Agent("PJSIP/101", "Ivan").AnswerAfter(time.Second).TalkFor(10*time.Second).Login("support", 0)
		w.ring("leg", "PJSIP/101")
		w.place("a", "support", nil)
		w.pass(time.Minute)
		calls := ivan.Calls()
		if len(calls) != 2 || calls[0].Queue != "" || calls[1].Queue != "support" || calls[1].RangAt.Before(calls[0].Ended) {
			t.Errorf("the phone rang for %+v", calls)
		}
		same(t, "queue events", w.saidOfQueues(1), []string{
			"caller joined a 1", "agent ringing a Ivan", "caller left a 1", "agent connected a Ivan", "agent completed a Ivan agent",
		})
		ivan.Reject(1)
		w.place("b", "support", nil)
		w.pass(time.Second)
		same(t, "a rejected offer of a queue", w.saidOfQueues(0)[6:], []string{"caller joined b 1", "agent ringing b Ivan", "agent no answer b Ivan"})
	})
}

func TestAgentDialsACode(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		ivan := w.Agent("PJSIP/101", "Ivan")
		p := ivan.Dial("*22")
		w.said(0) // what is under way has arrived
		w.mu.Lock()
		var arrived telephony.ChannelArrived
		for _, ev := range w.events {
			if e, ok := ev.(telephony.ChannelArrived); ok {
				arrived = e
			}
		}
		w.mu.Unlock()
		same(t, "arguments", arrived.Args, []string{"agent", "*22"})
		if c := arrived.Channel; telephony.PhoneOf(c.Name) != "PJSIP/101" || c.Dialed != "*22" || c.Caller.Number != "101" {
			t.Errorf("arrived as %+v", c)
		}
		w.must(w.Answer(w.Context(), p.ID()))
		w.must(w.Play(w.Context(), p.ID(), "ok", []telephony.Media{"sound:logged-in"}))
		w.must(p.WaitHear(w.Context(), "sound:logged-in"))
		w.ring("leg", "PJSIP/101")
		w.must(w.Hangup(w.Context(), p.ID(), telephony.CauseNormal))
		same(t, "what the phone did", w.phonesSaid(0), []string{"PJSIP/101 idle", "PJSIP/101 in use", "PJSIP/101 idle"})
		w.Disconnect()
		if p := ivan.Dial("*22"); !p.FellBack() || ivan.Status() != telephony.MemberIdle {
			t.Errorf("dialled while nobody listens: fell back %v, the phone is %v", p.FellBack(), ivan.Status())
		}
	})
}

func TestPhonesAfterAGap(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.Agent("PJSIP/103", "Olga").Away(true)
		w.Agent("PJSIP/102", "Anna").Private(true)
		ivan := w.Agent("PJSIP/101", "Ivan").AnswerAfter(-1)
		w.ring("leg", "PJSIP/101")
		w.Disconnect()
		ivan.Answer() // nobody listens: the leg ends
		w.Agent("PJSIP/102", "").Private(false)
		w.Reconnect()
		w.pass(0)
		w.mu.Lock()
		defer w.mu.Unlock()
		got := w.queue[len(w.queue)-1]
		same(t, "kind", got.Kind, telephony.QueueReset)
		same(t, "phones", got.Phones, []telephony.PhoneStatus{
			{Phone: "PJSIP/101", Status: telephony.MemberIdle}, {Phone: "PJSIP/102", Status: telephony.MemberIdle},
			{Phone: "PJSIP/103", Status: telephony.MemberUnavailable},
		})
	})
}

func TestRecordingSpansUnjoin(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		caller := w.Call("+79160000001", "700")
		w.must(w.Answer(w.Context(), caller.ID()))
		for _, a := range []string{"PJSIP/101", "PJSIP/102"} {
			w.Agent(a, a).AnswerAfter(0)
			w.ring("to-"+a, a)
		}
		w.must(w.Bridge(w.Context(), "m", caller.ID(), "to-PJSIP/101"))
		begun := time.Now()
		w.must(w.Record(w.Context(), "m", "talk"))
		w.pass(time.Minute)
		w.must(w.Unjoin(w.Context(), "m", caller.ID()))
		w.Agent("PJSIP/101", "").Hangup()
		w.must(w.StartMusic(w.Context(), caller.ID(), ""))
		w.pass(time.Minute)
		if !caller.MusicOn() || len(caller.Bridged()) > 0 || !w.Recordings()[0].Until.IsZero() {
			t.Errorf("taken out, the caller hears music: %v, is with %v; recording %+v", caller.MusicOn(), caller.Bridged(), w.Recordings()[0])
		}
		w.must(w.StopMusic(w.Context(), caller.ID()))
		w.must(w.Bridge(w.Context(), "m", caller.ID(), "to-PJSIP/102"))
		w.pass(time.Minute)
		w.must(w.Unbridge(w.Context(), "m"))
		at := func(minutes int) time.Time { return begun.Add(time.Duration(minutes) * time.Minute) }
		same(t, "recordings", w.Recordings(), []simswitch.Recording{{
			Name: "talk", Bridge: "m", From: begun, Until: at(3), Parts: []simswitch.Part{
				{Channel: caller.ID(), From: begun, Until: at(1)}, {Channel: "to-PJSIP/101", From: begun, Until: at(1)},
				{Channel: caller.ID(), From: at(2), Until: at(3)}, {Channel: "to-PJSIP/102", From: at(2), Until: at(3)},
			},
		}})
		said := w.said(0)
		same(t, "the last event", said[len(said)-1], "recorded talk")

		w.must(w.Bridge(w.Context(), "m2", caller.ID()))
		w.must(w.Record(w.Context(), "m2", "talk"))
		if err := w.Record(w.Context(), "m2", "talk"); !telephony.IsExists(err) {
			t.Errorf("recording twice at a time: %v", err)
		}
		if r := w.Recordings(); len(r) != 1 || !r[0].Until.IsZero() || len(r[0].Parts) != 5 || r[0].Bridge != "m2" {
			t.Errorf("continued, the recording is %+v", r)
		}
	})
}
