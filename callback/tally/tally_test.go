package tally

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/journal"
)

var t0 = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// story makes entries out of short lines.
type story struct {
	t     *Tally
	seq   int64
	queue string
}

func (s *story) at(sec float64, typ, id string, data map[string]any) {
	s.seq++
	e := journal.Entry{Seq: s.seq, At: t0.Add(time.Duration(sec * float64(time.Second))), Type: typ, Callback: id, Queue: s.queue, Data: data}
	switch typ {
	case "wait.quoted":
		e.Call, e.Callback = id, ""
	case "place.estimated":
		e.Place, e.Callback = id, ""
	case "callback.asked":
		e.Place = "p-" + id
	}
	s.t.Observe(e)
}

type data = map[string]any

func TestTheStoryOfADay(t *testing.T) {
	t.Parallel()
	s := &story{t: New(Options{}), queue: "support"}
	s.at(0, "wait.quoted", "c1", data{"low": 2, "high": 5.0})
	s.at(10, "callback.asked", "b1", data{"reason": "in_line", "call_id": "c1"})
	s.at(11, "callback.refused", "b1", data{"rule": "duplicate", "existing_id": "b1"})
	s.at(60, "callback.dialling", "b1", data{"attempt": 1})
	s.at(61, "callback.agent_took", "b1", nil)
	s.at(70, "callback.attempt", "b1", data{"attempt": 1, "outcome": "busy"})
	s.at(71, "callback.agent_released", "b1", nil)
	s.at(130, "callback.dialling", "b1", data{"attempt": 2})
	s.at(135, "callback.answered", "b1", data{"attempt": 2.0})
	s.at(140, "callback.confirmed", "b1", nil)
	s.at(142.5, "callback.connected", "b1", data{"agent": "Anna"})
	s.at(200, "callback.done", "b1", nil)

	s.at(20, "place.estimated", "p-b2", data{"high_s": 60.0})
	s.at(21, "callback.asked", "b2", data{"reason": "operator"})
	s.at(21, "callback.delayed", "b2", data{"rule": "hours"})
	s.at(22, "callback.delayed", "b2", data{"rule": "hours"})
	s.at(100, "callback.dialling", "b2", data{"attempt": 1})
	s.at(101, "callback.answered", "b2", data{"attempt": 1})
	s.at(101, "callback.confirmed", "b2", nil)
	s.at(110, "callback.connected", "b2", nil)
	s.at(120, "callback.done", "b2", nil)

	until := t0.Add(time.Hour).Format(time.RFC3339Nano)
	s.at(30, "callback.asked", "b3", data{"reason": "web", "window_until": until})
	s.at(31, "callback.uncertain", "b3", nil)
	s.at(40, "callback.asked", "b4", data{"reason": "web", "window_until": until})
	s.at(41, "callback.postponed", "b4", data{"until": t0.Add(2 * time.Hour).Format(time.RFC3339Nano)})
	s.at(50, "callback.given_up", "b4", data{"reason": "expired: the call was not made within 1 h"})
	s.at(51, "callback.asked", "b5", data{"reason": "import", "window_from": until})
	s.at(52, "callback.refused", "b5", data{"rule": "do_not_call"})
	s.at(52, "callback.cancelled", "b5", data{"by": "policy"})
	s.at(53, "callback.refused", "", data{"rule": "prefix"})
	s.at(54, "callback.asked", "b6", data{"reason": "operator"})
	s.at(55, "callback.cancelled", "b6", data{"by": "customer"})

	want := []Row{{
		Promised: 6, Kept: 2, InTime: 1, Late: 1, Overdue: 1, Open: 1, GivenUp: 1, Expired: 1, Postponed: 1, Merged: 1, Dialled: 3, Uncertain: 1,
		Basis:     map[Basis]int{BasisQuote: 1, BasisEstimate: 1, BasisWindow: 1, BasisNone: 3},
		Cancelled: map[string]int{"policy": 1, "customer": 1},
		Refused:   map[string]int{"do_not_call": 1, "prefix": 1}, Delayed: map[string]int{"hours": 1},
		Outcomes:    map[string]int{"busy": 1, "connected": 2},
		FirstAnswer: Spread{N: 2, Mean: 1.5, P50: 1, P90: 2, Max: 2},
		YesToAgent:  Spread{N: 2, Mean: 5.75, P50: 2.5, P90: 9, Max: 9},
		AgentWait:   Spread{N: 1, Mean: 10, P50: 10, P90: 10, Max: 10},
	}}
	if diff := cmp.Diff(want, s.t.Rows(t0.Add(90*time.Minute))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if rows := s.t.Rows(t0.Add(30 * time.Minute)); rows[0].Overdue != 0 || rows[0].Open != 1 {
		t.Errorf("before the window ends: %+v", rows[0])
	}
}

func TestGroupsAndFilters(t *testing.T) {
	t.Parallel()
	ask := func(o Options) []string {
		s := &story{t: New(o)}
		s.queue = "support"
		s.at(-3600, "callback.asked", "b0", data{"reason": "web", "campaign": "spring"})
		s.at(0, "callback.asked", "b1", data{"reason": "web"})
		s.queue = "billing"
		s.at(60, "callback.asked", "b2", data{"reason": "operator", "campaign": "spring"})
		s.at(61, "callback.refused", "", data{"rule": "prefix", "campaign": "spring"})
		s.at(20*3600, "callback.asked", "b3", data{"reason": "operator", "campaign": "spring"})
		var out []string
		for _, r := range s.t.Rows(t0) {
			out = append(out, fmt.Sprintf("%s %d/%d", r.Group, r.Promised, r.Refused["prefix"]))
		}
		return out
	}
	for _, c := range []struct {
		name string
		o    Options
		want []string
	}{
		{"all", Options{}, []string{" 4/1"}},
		{"queues", Options{By: ByQueue}, []string{"billing 2/1", "support 2/0"}},
		{"reasons", Options{By: ByReason}, []string{" 0/1", "operator 2/0", "web 2/0"}},
		{"campaigns", Options{By: ByCampaign}, []string{" 1/0", "spring 3/1"}},
		{"days", Options{By: ByDay}, []string{"2026-03-02 3/1", "2026-03-03 1/0"}},
		{"days in Tokyo", Options{By: ByDay, Zone: time.FixedZone("", 9*3600)}, []string{"2026-03-02 3/1", "2026-03-03 1/0"}},
		{"days in Hawaii", Options{By: ByDay, Zone: time.FixedZone("", -10*3600)}, []string{"2026-03-01 3/1", "2026-03-02 1/0"}},
		{"one queue", Options{Queue: "billing"}, []string{" 2/1"}},
		{"from", Options{Since: t0}, []string{" 3/1"}},
		{"until", Options{Since: t0, Until: t0.Add(60 * time.Second)}, []string{" 1/0"}},
		{"nothing", Options{Queue: "nix"}, []string{" 0/0"}},
		{"nothing in groups", Options{Queue: "nix", By: ByDay}, nil},
	} {
		if diff := cmp.Diff(c.want, ask(c.o)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// Each promise ends in one way, whatever the journal says.
func TestEveryPromiseIsCountedOnce(t *testing.T) {
	t.Parallel()
	types := []string{
		"callback.asked", "callback.refused", "callback.delayed", "callback.dialling", "callback.answered", "callback.confirmed",
		"callback.agent_took", "callback.agent_lost", "callback.agent_released", "callback.connected", "callback.attempt",
		"callback.uncertain", "callback.done", "callback.given_up", "callback.cancelled", "callback.postponed", "wait.quoted", "place.estimated", "other",
	}
	rapid.Check(t, func(rt *rapid.T) {
		s := &story{t: New(Options{By: rapid.SampledFrom(append(Groups(), Total)).Draw(rt, "by")}), queue: "q"}
		asked := map[string]bool{}
		sec := 0.0
		for range rapid.IntRange(0, 80).Draw(rt, "entries") {
			sec += rapid.Float64Range(0, 4000).Draw(rt, "pause")
			typ := rapid.SampledFrom(types).Draw(rt, "type")
			id := rapid.SampledFrom([]string{"b1", "b2", "b3"}).Draw(rt, "id")
			if typ == "callback.asked" {
				if asked[id] {
					continue // no id is used twice
				}
				asked[id] = true
			}
			s.at(sec, typ, id, data{
				"rule": "hours", "by": "operator", "outcome": "busy", "attempt": 1, "high": 5, "high_s": 60,
				"until": t0.Format(time.RFC3339), "reason": rapid.SampledFrom([]string{"web", "expired: late"}).Draw(rt, "reason"),
			})
		}
		promised := 0
		for _, r := range s.t.Rows(t0.Add(time.Duration(sec) * time.Second)) {
			cancelled, basis := 0, 0
			for _, n := range r.Cancelled {
				cancelled += n
			}
			for _, n := range r.Basis {
				basis += n
			}
			switch {
			case r.Promised != r.Kept+r.GivenUp+cancelled+r.Open:
				rt.Fatalf("%d promised, but %d kept, %d given up, %d cancelled, %d open", r.Promised, r.Kept, r.GivenUp, cancelled, r.Open)
			case r.InTime+r.Late > r.Kept, r.Expired > r.GivenUp, r.Overdue > r.Open, basis != r.Promised:
				rt.Fatalf("parts do not fit: %+v", r)
			}
			promised += r.Promised
		}
		if promised != len(asked) {
			rt.Fatalf("%d promised, %d asked for", promised, len(asked))
		}
	})
}

func TestSpread(t *testing.T) {
	t.Parallel()
	var s sample
	for v := 10; v > 0; v-- {
		s.add(float64(v))
	}
	if got, want := s.spread(), (Spread{N: 10, Mean: 5.5, P50: 5, P90: 9, Max: 10}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := (sample{}).spread(); got != (Spread{}) {
		t.Errorf("of nothing: %+v", got)
	}
}

// BenchmarkObserve is a million entries: 125,000 promises of eight entries each.
func BenchmarkObserve(b *testing.B) {
	types := []string{"asked", "due", "dialling", "ringing", "answered", "confirmed", "connected", "done"}
	for b.Loop() {
		t := New(Options{By: ByDay})
		for n := range 1_000_000 {
			t.Observe(journal.Entry{
				Seq: int64(n + 1), At: t0.Add(time.Duration(n) * time.Second), Type: "callback." + types[n%8], Callback: fmt.Sprint(n / 8),
				Data: data{"attempt": 1},
			})
		}
		if rows := t.Rows(t0); len(rows) == 0 {
			b.Fatal("nothing was counted")
		}
	}
}
