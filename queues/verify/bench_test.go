package verify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

// day is a journal of a busy hotline: 200 callers in line, one in ten served by
// priority, 20 agents. It has the entries of so many calls.
func day(calls int) []journal.Entry {
	var entries []journal.Entry
	add := func(at time.Duration, typ string, n int, data map[string]any) {
		agent, _ := data["agent"].(string)
		entries = append(entries, journal.Entry{
			Seq: int64(len(entries) + 1), At: start.Add(at), Type: typ, Queue: "support", Agent: agent,
			Call: fmt.Sprintf("c%07d", n), Place: fmt.Sprintf("p%07d", n), Data: data,
		})
	}
	const line, agents = 200, 20
	for n := range calls + line + agents {
		at := time.Duration(n) * time.Second
		if n < calls {
			add(at, "call.started", n, map[string]any{"direction": "in", "from": "+79161234567", "hotline": "support"})
			add(at, "place.taken", n, map[string]any{"priority": 0, "taken_at": start.Add(at).Format(time.RFC3339Nano), "ahead": line})
			add(at, "place.entered", n, map[string]any{"entry": 1, "after_s": 0.02})
			add(at, "wait.quoted", n, map[string]any{"ahead": line, "kind": "range", "low": 5, "high": 7})
		}
		if next := n - line; next >= 0 && next < calls {
			agent := fmt.Sprintf("agent%d", next%agents)
			add(at, "offer.made", next, map[string]any{"agent": agent})
			add(at, "offer.ended", next, map[string]any{"agent": agent, "why": "answered"})
			add(at, "place.served", next, map[string]any{"agent": agent, "waited_s": line})
		}
		if done := n - line - agents; done >= 0 {
			agent := fmt.Sprintf("agent%d", done%agents)
			add(at, "place.left", done, map[string]any{"agent": agent, "reason": "served", "talked_s": agents})
			add(at, "call.ended", done, map[string]any{"agent": agent, "result": "agent"})
		}
	}
	return entries
}

func BenchmarkAdd(b *testing.B) {
	entries := day(10000)
	for b.Loop() {
		v := New(Options{})
		for _, e := range entries {
			if err := v.Add(e); err != nil {
				b.Fatal(err)
			}
		}
		if err := v.Done().Err(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(entries))/b.Elapsed().Seconds(), "entries/s")
}

func BenchmarkRead(b *testing.B) {
	var file bytes.Buffer
	entries := day(10000)
	enc := json.NewEncoder(&file)
	for _, e := range entries {
		if err := enc.Encode(e); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		v := New(Options{})
		if err := v.Read(bytes.NewReader(file.Bytes())); err != nil {
			b.Fatal(err)
		}
		if r := v.Done(); r.Entries != len(entries) || r.FaultCount != 0 {
			b.Fatal(r)
		}
	}
	b.SetBytes(int64(file.Len()))
	b.ReportMetric(float64(b.N*len(entries))/b.Elapsed().Seconds(), "entries/s")
}

// TestMemoryIsThatOfWhatIsOpen: a long journal leaves nothing behind.
func TestMemoryIsThatOfWhatIsOpen(t *testing.T) {
	t.Parallel()
	v := New(Options{})
	for _, e := range day(20000) {
		if err := v.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	kept := len(v.places) + len(v.calls) + len(v.promises) + len(v.doubts)
	if r := v.Done(); r.Places != 20000 || r.FaultCount != 0 || kept != 0 || len(v.over.ids) > remembered || len(v.over.ring) > remembered {
		t.Errorf("%v; %d things are kept, %d ended ids", r, kept, len(v.over.ids))
	}
}
