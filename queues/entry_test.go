package queues

import (
	"fmt"
	"testing"
	"time"
)

func TestLostPlaceholderBacksOffAndGivesUp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.wait("a")
	for i := 1; i <= 10; i++ {
		channel := ChannelID("a", i)
		b.want(b.do(Gone{PlaceID: "a", Channel: channel, Status: "CONTINUE"}), "save a resting", "place.rest a")
		pause := min(time.Second<<(i-1), 30*time.Second)
		b.want(b.after(pause-time.Millisecond, Tick{}))
		b.want(b.after(time.Millisecond, Tick{}),
			"save a entering", "insert "+ChannelID("a", i+1)+"@0", "place.reentered a")
	}
	b.want(b.do(Gone{PlaceID: "a", Channel: ChannelID("a", 11)}), "save a left", "over a unavailable", "place.left a")
}

func TestLongStandingPlaceStartsBackOffAnew(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.wait("a")
	for i := 1; i <= 30; i++ {
		b.after(31*time.Second, Gone{PlaceID: "a", Channel: ChannelID("a", i)})
		b.after(time.Second, Tick{})
	}
	b.state("a", PlaceEntering)
}

func TestRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.do(Take{Place: Place{ID: "a", CallID: "c"}})
	b.want(b.do(Refused{PlaceID: "a", Channel: "lk-place-a-1", Retryable: true, Err: "timeout"}), "withdraw lk-place-a-1", "save a resting", "place.rest a")
	b.after(time.Second, Tick{})
	b.want(b.do(Refused{PlaceID: "a", Channel: "lk-place-a-1", Err: "late echo"}))
	b.want(b.do(Answered{PlaceID: "a", Channel: "lk-place-a-1"}), "withdraw lk-place-a-1") // the request came late
	b.state("a", PlaceEntering)
	b.want(b.do(Refused{PlaceID: "a", Channel: "lk-place-a-2", Err: "no such context"}),
		"save a left", "over a unavailable", "place.left a")

	b.do(Take{Place: Place{ID: "p", CallbackID: "cb"}})
	b.do(Refused{PlaceID: "p", Channel: "lk-place-p-1", Err: "no such context"})
	b.state("p", PlaceResting)
	b.after(30*time.Second, Tick{})
	b.state("p", PlaceEntering)
}

func TestPositionAmongPriorities(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.wait("a")
	b.wait("b")
	b.after(time.Second, Joined{Channel: "SIP/other", At: start.Add(3 * time.Second)})
	b.wait("c")
	b.do(Take{Place: Place{ID: "vip", CallID: "v", Priority: 10}})
	b.do(Joined{Channel: "lk-place-vip-1", Priority: 10, At: b.now})
	for _, tc := range []struct {
		id    string
		place Place
		want  int
	}{
		{"between a and b", Place{Priority: 0, TakenAt: start.Add(1500 * time.Millisecond)}, 3},
		{"before the foreign caller", Place{Priority: 0, TakenAt: start.Add(2500 * time.Millisecond)}, 4},
		{"after the foreign caller", Place{Priority: 0, TakenAt: start.Add(3500 * time.Millisecond)}, 5},
		{"the end", Place{Priority: 0, TakenAt: start.Add(time.Hour)}, 0},
		{"lowest", Place{Priority: -1}, 0},
		{"above the rest, behind the vip", Place{Priority: 10, TakenAt: start.Add(time.Hour)}, 0},
		{"before the vip", Place{Priority: 10, TakenAt: start}, 1},
	} {
		s := &spot{Place: tc.place}
		s.ID, s.State = tc.id, PlaceResting
		b.line.adopt(s)
		if got := b.line.position(s); got != tc.want {
			t.Errorf("%s: position %d, want %d", tc.id, got, tc.want)
		}
		b.line.setState(s, PlaceLeft)
	}
}

func TestEnterTakesItsRightfulPosition(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.agents(AgentTalking)
	b.wait("a")
	b.wait("b")
	b.do(Convert{PlaceID: "a", CallbackID: "cb"})
	b.do(Rest{PlaceID: "a"})
	b.want(b.do(Enter{PlaceID: "a"}), "save a entering", "insert lk-place-a-2@1", "update a 0", "update b 1")
	b.want(b.do(Enter{PlaceID: "a"}))
}

func TestOrderedEntriesGoOneAtATime(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.wait("a")
	b.wait("b")
	b.wait("c")
	for _, id := range []string{"c", "a", "b"} {
		b.do(Gone{PlaceID: id, Channel: ChannelID(id, 1)})
	}
	b.want(b.after(time.Second, Tick{}), "save a entering", "insert lk-place-a-2@0", "place.reentered a")
	b.want(b.do(Joined{Channel: "lk-place-a-2"}), "save a waiting", "place.entered a",
		"save b entering", "insert lk-place-b-2@0", "place.reentered b")
	// a newcomer at the end does not wait for them
	b.want(b.do(Take{Place: Place{ID: "d", CallID: "cd"}}),
		"save d entering", "insert lk-place-d-1@0", "place.taken d", "update d 3")
	// and a switch that shows nothing does not hold up the rest for ever
	b.want(b.after(2*time.Second, Tick{}), "save c entering", "insert lk-place-c-2@3", "place.reentered c")
}

func TestMissingPlaceholderIsNotEnteredTwice(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.wait("a")
	b.want(b.after(2*time.Second, Mirror{Agents: []Agent{{ID: "x", State: AgentTalking}}}), "agent.state")
	if b.line.View("support", b.now).Places[0].Missing {
		t.Error("missing after two seconds already")
	}
	b.estimate()
	b.want(b.after(2*time.Second, Mirror{}), "agent.state", "update a 0")
	if v := b.line.View("support", b.now); !v.Places[0].Missing || v.Counts.Waiting != 1 || len(v.Agents) != 0 {
		t.Errorf("view %+v", v)
	}
	b.want(b.do(Gone{PlaceID: "a", Channel: "lk-place-a-1"}), "save a resting", "place.rest a")
}

func TestRestore(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.now = start.Add(time.Hour)
	saved := func(id string, minute int, state PlaceState) Place {
		p := Place{ID: id, CallID: "c-" + id, TakenAt: start.Add(time.Duration(minute) * time.Minute), State: state, Entry: 1}
		if state != PlaceResting {
			p.Channel = ChannelID(id, 1)
		}
		if state == PlaceServed {
			p.ServedAt = p.TakenAt.Add(time.Minute)
		}
		return p
	}
	b.want(b.do(Restore{Place: saved("lost", 2, PlaceWaiting)}), "save lost resting", "place.rest lost")
	b.want(b.do(Restore{Place: saved("kept", 1, PlaceWaiting), Alive: true}), "save kept waiting")
	b.want(b.do(Restore{Place: saved("later", 3, PlaceEntering), Alive: true}), "save later entering")
	b.want(b.do(Restore{Place: saved("talks", 0, PlaceServed), Alive: true, Served: true}), "save talks served", "serve talks")
	b.want(b.do(Restore{Place: saved("answered", 0, PlaceWaiting), Alive: true, Served: true}),
		"place.served answered", "save answered served", "serve answered")
	b.want(b.do(Restore{Place: saved("hung-up", 0, PlaceServed)}), "save hung-up left", "over hung-up served", "place.left hung-up")
	b.want(b.do(Restore{Place: saved("rests", 0, PlaceResting)}))
	b.want(b.do(Restore{Place: saved("left", 0, PlaceLeft)}))
	b.want(b.do(Leave{PlaceID: "rests", Reason: LeftAbandoned}), "save rests left", "over rests abandoned", "place.left rests")
	b.want(b.do(Tick{}))
	b.want(b.do(Take{Place: Place{ID: "new", CallID: "c"}}), "save new entering", "insert lk-place-new-1@0", "place.taken new")
	b.do(Leave{PlaceID: "new"})
	b.want(b.after(3*time.Second, Tick{}), "save lost entering", "insert lk-place-lost-2@2", "place.reentered lost",
		"update kept 0", "update lost 1", "update later 2")
}

func TestPromiseTakesItsPlaceAgainUnderNewChannels(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	promise := Place{ID: "p", CallbackID: "cb", TakenAt: start}
	b.do(Take{Place: promise, Hold: true})
	b.do(Answered{PlaceID: "p", Channel: "lk-place-p-1"})
	b.want(b.do(Gone{PlaceID: "p", Channel: "lk-place-p-1"}), "save p left", "over p served", "place.left p")
	b.do(Take{Place: promise, Hold: true})
	if got := b.place("p").Channel; got != "lk-place-p-2" {
		t.Errorf("channel %s", got)
	}
	b.do(Leave{PlaceID: "p"})
	if len(b.line.entries) != 0 {
		t.Errorf("entries of a promise that is over are kept: %v", b.line.entries)
	}
}

func TestChannelIDs(t *testing.T) {
	t.Parallel()
	for channel, want := range map[string]string{
		"lk-place-a-1": "a 1", "lk-place-a-b-12": "a-b 12",
		"lk-place-a-0": "", "lk-place-a-01": "", "lk-place-a": "", "lk-place--1": "", "other-a-1": "",
	} {
		got := ""
		if id, entry, ok := ParseChannelID(channel); ok {
			got = fmt.Sprintf("%s %d", id, entry)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", channel, got, want)
		}
	}
}
