package dialplan_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
)

// thePIN is unlike anything else that is keyed in or said in these tests.
const thePIN = "9753"

// anyEvent draws an event; answers and timers are sometimes for what was never asked.
func anyEvent(t *rapid.T, s dialplan.State) dialplan.Event {
	seq := rapid.OneOf(rapid.Just(s.Saying), rapid.Just(s.Timing), rapid.IntRange(0, s.Seq+1)).Draw(t, "seq")
	who := callers.Caller{Account: "1", Name: "Anna", Language: rapid.SampledFrom([]string{"", "ru", "en", "xx"}).Draw(t, "lang")}
	ahead := rapid.IntRange(0, 5).Draw(t, "ahead")
	return rapid.SampledFrom([]dialplan.Event{
		dialplan.Started{}, dialplan.StartedCallback{}, dialplan.Resumed{}, dialplan.MachineAnswered{}, dialplan.MachineSilent{},
		dialplan.LookedUp{Found: true, Caller: who}, dialplan.LookedUp{}, dialplan.Recalled{History: callers.History{CallsToday: 2}},
		dialplan.Checked{OK: true, Caller: who}, dialplan.Checked{},
		dialplan.Spoken{Seq: seq}, dialplan.Spoken{Seq: s.Saying}, dialplan.Spoken{Seq: s.Saying},
		dialplan.TimerFired{Seq: seq}, dialplan.TimerFired{Seq: s.Timing}, dialplan.TimerFired{Seq: s.Timing},
		dialplan.Digit{Key: rapid.SampledFrom([]rune("0123456789*#A")).Draw(t, "key")},
		dialplan.Digit{Key: rapid.SampledFrom([]rune("1235#")).Draw(t, "likely key")},
		dialplan.PlaceUpdate{Ahead: ahead, Estimate: queues.Estimate{
			Known: ahead%2 == 0, Low: time.Minute, High: time.Duration(ahead+2) * time.Minute,
		}},
		dialplan.Moved{Queue: "second"}, dialplan.Escalated{Queue: "second", By: "Olga"},
		dialplan.PlaceServed{Agent: "Olga"}, dialplan.AgentLeft{}, dialplan.AgentLost{},
		dialplan.PlaceOver{Reason: rapid.SampledFrom([]queues.LeaveReason{
			queues.LeftFull, queues.LeftNoAgents, queues.LeftTimeout, queues.LeftFailed, queues.LeftServed, "odd",
		}).Draw(t, "reason")},
		dialplan.Promised{ID: "p1", Existing: ahead == 0}, dialplan.PromiseRefused{}, dialplan.PromiseRefused{Rule: dialplan.RuleSlotFull},
		dialplan.Enquired{Slots: anySlots(ahead)}, dialplan.Enquired{Existing: "p0"}, dialplan.Enquired{Refused: "prefix"},
		dialplan.Fetched{Seq: s.Fetching, Result: dialplan.FetchFound, Row: map[string]string{"sum": "12.5"}}, dialplan.Fetched{Seq: seq, Result: dialplan.FetchNotFound},
		dialplan.DialAnswered{Seq: s.Dialling}, dialplan.DialOver{Seq: s.Dialling, Result: dialplan.TransferBusy}, dialplan.DialOver{Seq: seq, Result: dialplan.TransferOver},
		dialplan.Returned{Result: "busy"}, dialplan.Returned{},
		dialplan.Recorded{Take: s.Take}, dialplan.Recorded{Take: s.Take, Silent: true}, dialplan.Recorded{Take: seq, Failed: true},
	}).Draw(t, "event")
}

func anySlots(n int) []dialplan.Slot {
	var slots []dialplan.Slot
	for i := range n {
		from := monday.Add(time.Duration(24+i) * time.Hour)
		slots = append(slots, dialplan.Slot{From: from, Until: from.Add(time.Hour)})
	}
	return slots
}

// TestNoCallIsTrapped: whatever happens, in whatever order, a live call is
// always in a phase that something will end, and hears or waits for something.
func TestNoCallIsTrapped(t *testing.T) {
	t.Parallel()
	docs := []*dialplan.Document{
		parse(t, small), parse(t, door), parse(t, lines), parse(t, ways), parse(t, outer), parse(t, talkative),
		parse(t, replace(ways, "{after: 30s, consent: asked}", "{consent: always, after: 0s}")),
		load(t, "../demo/hotlines/support.yaml"), load(t, "../demo/hotlines/clinic.yaml"),
	}
	rapid.Check(t, func(t *rapid.T) {
		doc := rapid.SampledFrom(docs).Draw(t, "document")
		s := dialplan.NewState(doc, rapid.SampledFrom([]string{"", ani}).Draw(t, "ani"))
		var first dialplan.Event = dialplan.Started{}
		if rapid.Bool().Draw(t, "outbound") {
			s = dialplan.NewCallbackState(doc, dialplan.Callee{Promise: "p0", Queue: "support", Number: ani})
			first = dialplan.StartedCallback{}
		}
		w := &watcher{t: t, doc: doc, s: s, now: monday}
		w.step(first)
		for range rapid.IntRange(1, 60).Draw(t, "events") {
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "seconds")) * time.Second)
			w.step(anyEvent(t, w.s))
			if w.s.Phase == dialplan.PhaseEnded {
				break
			}
		}
		w.step(dialplan.HungUp{})
		if w.s.Phase != dialplan.PhaseEnded && w.s.Phase != dialplan.PhaseGone {
			t.Fatalf("phase %q after hanging up", w.s.Phase)
		}
		if w.s.Result == "" {
			t.Fatal("a call ended without a result")
		}
		if w.s.Phase == dialplan.PhaseGone {
			w.step(dialplan.PromiseRefused{})
		}
		if w.rings {
			t.Fatal("the leg of a transfer is left")
		}
		if w.holds || w.spoken != 0 {
			t.Fatalf("after the call the place is held: %v, take %d is left", w.holds, w.spoken)
		}
		w.step(anyEvent(t, w.s))
	})
}

// watcher checks every step of a call.
type watcher struct {
	t      *rapid.T
	doc    *dialplan.Document
	s      dialplan.State
	now    time.Time
	holds  bool // a place that no promise has
	rings  bool // there is a leg of a transfer
	spoken int  // take of a message that no promise has, 0 for none
	ended  bool
}

func (w *watcher) step(ev dialplan.Event) {
	t := w.t
	before := fmt.Sprintf("%+v", w.s)
	next, actions := dialplan.Step(w.doc, w.s, ev, w.now)
	if fmt.Sprintf("%+v", w.s) != before {
		t.Fatal("the state given in was changed")
	}
	again, sameActions := dialplan.Step(w.doc, w.s, ev, w.now)
	if !reflect.DeepEqual(next, again) || !reflect.DeepEqual(actions, sameActions) {
		t.Fatal("the same step twice is not the same")
	}
	seq, timers := w.s.Seq, 0
	if p, ok := ev.(dialplan.Promised); ok && !p.Existing && next.Promise != w.s.Promise && w.s.Asked {
		w.holds = false
	}
	if p, ok := ev.(dialplan.Promised); ok && !p.Existing && next.Promise != w.s.Promise {
		w.spoken = 0
	}
	if over, is := ev.(dialplan.DialOver); is && over.Seq == w.s.Dialling {
		w.rings = false
	}
	if _, over := ev.(dialplan.PlaceOver); over {
		w.holds = false
	}
	if _, lost := ev.(dialplan.AgentLost); lost && w.s.Phase == dialplan.PhaseConnected && w.s.Outbound && !w.s.Joined {
		w.holds = next.Held // the promise takes its place again
	}
	if _, gone := ev.(dialplan.HungUp); gone && w.s.Phase == dialplan.PhaseConnected {
		w.holds = true // the agent is on the place and must be let go
	}
	for i, a := range actions {
		if w.ended {
			t.Fatalf("%T after the end", a)
		}
		switch a := a.(type) {
		case dialplan.Say:
			if a.Seq <= seq || a.Language == "" {
				t.Fatalf("%+v after seq %d", a, seq)
			}
			for _, text := range a.Texts {
				if strings.TrimSpace(text) == "" || strings.ContainsAny(text, "{}") {
					t.Fatalf("%q is said", text)
				}
			}
			seq = a.Seq
		case dialplan.Timer:
			if timers++; a.Seq <= seq || a.After < 0 || timers > 1 {
				t.Fatalf("%+v after seq %d, timers %d", a, seq, timers)
			}
			seq = a.Seq
		case dialplan.TakePlace:
			w.take()
			if a.Keep && w.s.WaitSince.IsZero() {
				t.Fatal("the time of no place is kept")
			}
			if want := w.waitSince(a); !next.WaitSince.Equal(want) {
				t.Fatalf("%+v: waits since %v, not %v", a, next.WaitSince, want)
			}
		case dialplan.ConfirmPromise:
			w.take()
		case dialplan.Record:
			if w.spoken != 0 || a.Take < 1 || a.Longest <= 0 || a.Silence <= 0 {
				t.Fatalf("%+v while take %d is kept", a, w.spoken)
			}
			w.spoken = a.Take
		case dialplan.Discard:
			if a.Take != w.spoken {
				t.Fatalf("take %d is deleted, want %d", a.Take, w.spoken)
			}
			w.spoken = 0
		case dialplan.Keep:
			if a.Take != w.spoken || a.Take == 0 || a.Length < 0 {
				t.Fatalf("%+v, and the take is %d", a, w.spoken)
			}
			w.spoken = 0
		case dialplan.Dial:
			if w.rings || a.Seq <= 0 || a.Timeout <= 0 {
				t.Fatalf("%+v while another leg is there", a)
			}
			w.rings = true
		case dialplan.DropDial:
			if !w.rings || a.Seq != w.s.Dialling {
				t.Fatalf("%+v, and the leg is %d", a, w.s.Dialling)
			}
			w.rings = false
		case dialplan.Promise:
			if a.Take != 0 && a.Take != w.spoken {
				t.Fatalf("%+v, and the take is %d", a, w.spoken)
			}
		case dialplan.Part:
			if w.s.Phase != dialplan.PhaseConnected || next.Phase != dialplan.PhaseWaiting {
				t.Fatalf("parted from phase %q to %q", w.s.Phase, next.Phase)
			}
			w.take() // the same place as before the conversation
		case dialplan.LeavePlace:
			if !w.holds {
				t.Fatal("a place is left that is not held")
			}
			w.holds = false
		case dialplan.Connect:
			w.holds = false
		case dialplan.Hangup:
			w.ended = true
			if i != len(actions)-1 {
				t.Fatalf("%T after Hangup", actions[i+1])
			}
		}
	}
	w.s = next
	w.notTrapped(ev)
	// A restart must not change anything either.
	saved, err := json.Marshal(next)
	if err != nil {
		t.Fatal(err)
	}
	var loaded dialplan.State
	if err := json.Unmarshal(saved, &loaded); err != nil {
		t.Fatal(err)
	}
	if resaved, _ := json.Marshal(loaded); string(resaved) != string(saved) {
		t.Fatalf("saved:\n%s\nsaved again:\n%s", saved, resaved)
	}
}

func (w *watcher) take() {
	if w.holds {
		w.t.Fatal("a second place is taken")
	}
	w.holds = true
}

// waitSince is from when the place of a call counts that takes one now.
func (w *watcher) waitSince(a dialplan.TakePlace) time.Time {
	if a.Keep {
		return w.s.WaitSince
	}
	return w.now
}

func (w *watcher) notTrapped(ev dialplan.Event) {
	s := w.s
	if w.holds != s.Held && s.Phase != dialplan.PhaseGone {
		w.t.Fatalf("held is %v after %T", s.Held, ev)
	}
	switch s.Phase {
	case dialplan.PhaseConnected, dialplan.PhasePutThrough, dialplan.PhaseLent, dialplan.PhaseEnded, dialplan.PhaseGone:
	case dialplan.PhaseWaiting:
		if !s.Held || s.Saying == 0 && !s.Music {
			w.t.Fatalf("waits for nothing after %T: %+v", ev, s)
		}
	default:
		if s.Saying == 0 && s.Timing == 0 {
			w.t.Fatalf("phase %q waits for nothing after %T", s.Phase, ev)
		}
	}
}

// addresses of pointers are digits too.
var addresses = regexp.MustCompile(`0x[0-9a-f]+`)

// TestPINsAreNowhere: the digits of a PIN are in no state and no action, however
// they are printed or marshalled, but in the one field that carries them.
func TestPINsAreNowhere(t *testing.T) {
	t.Parallel()
	doc := parse(t, door)
	rapid.Check(t, func(t *rapid.T) {
		s := dialplan.NewState(doc, ani)
		secret := false
		step := func(ev dialplan.Event) {
			var actions []dialplan.Action
			s, actions = dialplan.Step(doc, s, ev, monday)
			marshalled, err := json.Marshal(struct {
				State   dialplan.State
				Actions []dialplan.Action
			}{s, actions})
			if err != nil {
				t.Fatal(err)
			}
			for _, shown := range []string{
				string(marshalled), fmt.Sprint(s), fmt.Sprintf("%+v %#v %v", s, s, &s),
				fmt.Sprintf("%v %+v %#v", actions, actions, actions),
			} {
				shown = addresses.ReplaceAllString(shown, "")
				if strings.Contains(shown, thePIN[:2]) {
					t.Fatalf("part of the PIN shows after %T: %s", ev, shown)
				}
			}
			for _, a := range actions {
				if check, ok := a.(dialplan.Check); ok && string(check.Digits) == thePIN {
					secret = true
				}
			}
		}
		step(dialplan.Started{})
		if rapid.Bool().Draw(t, "ahead of the questions") {
			for _, key := range "1001#" + thePIN {
				step(dialplan.Digit{Key: key})
			}
			step(dialplan.LookedUp{})
		} else {
			step(dialplan.LookedUp{})
			for _, key := range "1001#" {
				step(dialplan.Digit{Key: key})
			}
			if rapid.Bool().Draw(t, "after the words") {
				step(dialplan.Spoken{Seq: s.Saying})
			}
			for _, key := range thePIN {
				step(dialplan.Digit{Key: key})
			}
		}
		step(dialplan.Checked{})
		if !secret {
			t.Fatal("the PIN did not get to its check")
		}
	})
}

// TestRandomCallersGetOut: a caller who stops pressing keys hears the end of the
// call, or waits in line, within a few minutes.
func TestRandomCallersGetOut(t *testing.T) {
	t.Parallel()
	docs := []*dialplan.Document{parse(t, small), parse(t, door), parse(t, ways), parse(t, outer), parse(t, talkative), load(t, "../demo/hotlines/support.yaml")}
	rapid.Check(t, func(rt *rapid.T) {
		doc := rapid.SampledFrom(docs).Draw(rt, "document")
		call := newTalk(t, doc, dialplan.NewState(doc, rapid.SampledFrom([]string{"", ani}).Draw(rt, "ani")))
		call.step(dialplan.Started{})
		for _, key := range rapid.StringOfN(rapid.SampledFrom([]rune("0123456789*#")), 0, 40, -1).Draw(rt, "keys") {
			call.wait(time.Duration(rapid.IntRange(0, 4).Draw(rt, "pause")) * time.Second)
			call.step(dialplan.Digit{Key: key})
			if call.state.Phase == dialplan.PhaseChecking {
				call.step(dialplan.Checked{})
			}
		}
		call.wait(5 * time.Minute)
		if p := call.state.Phase; p != dialplan.PhaseEnded && p != dialplan.PhaseWaiting && p != dialplan.PhaseLent {
			rt.Fatalf("after minutes of silence the call is in phase %q at node %q", p, call.state.Node)
		}
	})
}
