package forecast

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

var day = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// note tells Live an entry, seconds after the day began.
func note(l *Live, at float64, kind, place, agent string, data map[string]any) {
	l.Observe(journal.Entry{At: day.Add(time.Duration(at * 1e9)), Type: kind, Place: place, Agent: agent, Queue: "q", Data: data})
}

func agentIs(l *Live, at float64, agent, state string) {
	note(l, at, "agent.state", "", agent, map[string]any{"agent": agent, "state": state})
}

func join(l *Live, at float64, place string) {
	note(l, at, "place.taken", place, "", map[string]any{"priority": 0, "call": "call"})
}

// crowded is a queue in which so many agents talk and so many callers wait, and
// the time of the last entry.
func crowded(agents, places int) (*Live, time.Time) {
	l := NewLive("q", 1)
	for i := range agents {
		name := fmt.Sprint("a", i)
		agentIs(l, float64(i), name, "idle")
		join(l, float64(i), name)
		note(l, float64(i), "place.served", name, name, nil)
	}
	at := 200.0
	for i := range places {
		at += 0.01
		join(l, at, fmt.Sprint(i))
	}
	return l, day.Add(time.Duration(at * 1e9))
}

var sizes = []struct{ agents, places int }{{10, 20}, {100, 100}, {100, 1000}, {100, 10_000}}

func BenchmarkEstimates(b *testing.B) {
	for _, size := range sizes {
		b.Run(fmt.Sprintf("agents=%d/places=%d", size.agents, size.places), func(b *testing.B) {
			l, now := crowded(size.agents, size.places)
			b.ReportAllocs()
			for b.Loop() {
				if _, places := l.Estimates(now); len(places) != size.places || !places["0"].Known {
					b.Fatalf("%d estimates, the first %+v", len(places), places["0"])
				}
			}
		})
	}
}

func BenchmarkEstimateOfOne(b *testing.B) {
	for _, size := range sizes {
		b.Run(fmt.Sprintf("agents=%d/places=%d", size.agents, size.places), func(b *testing.B) {
			l, now := crowded(size.agents, size.places)
			last := fmt.Sprint(size.places - 1)
			b.ReportAllocs()
			for b.Loop() {
				if !l.Estimate(last, now).Known {
					b.Fatal("no estimate")
				}
			}
		})
	}
}

// journal is what a queue of so many agents writes in some days, with so many
// calls of 200 s on average, of which nobody hangs up.
func madeJournal(agents, calls int) []journal.Entry {
	rng := rand.New(rand.NewPCG(1, 2))
	free := make([]float64, agents)
	var entries []journal.Entry
	add := func(at float64, kind, place, agent string, data map[string]any) {
		entries = append(entries, journal.Entry{
			At: day.Add(time.Duration(at * 1e9)), Type: kind, Place: place, Agent: agent, Queue: "q", Data: data,
		})
	}
	state := func(at float64, agent, state string) {
		add(at, "agent.state", "", agent, map[string]any{"agent": agent, "state": state})
	}
	for i := range agents {
		state(0, fmt.Sprint("a", i), "idle")
	}
	at := 1.0
	for n := range calls {
		at += rng.ExpFloat64() * 200 / 0.95 / float64(agents)
		place, who := fmt.Sprint("p", n), 0
		for i := range free {
			if free[i] < free[who] {
				who = i
			}
		}
		agent := fmt.Sprint("a", who)
		rung := max(at, free[who])
		begin := rung + 2 + 4*rng.Float64()
		end := begin + 200*rng.ExpFloat64()
		free[who] = end + 10
		add(at, "place.taken", place, "", map[string]any{"priority": 0, "call": "c"})
		add(at+0.1, "place.entered", place, "", nil)
		state(rung, agent, "ringing")
		add(rung, "offer.made", place, agent, nil)
		add(begin, "offer.ended", place, agent, map[string]any{"why": "answered"})
		add(begin, "place.served", place, agent, nil)
		state(begin, agent, "talking")
		add(end, "place.left", place, agent, map[string]any{"reason": "served"})
		state(end, agent, "wrapup")
		state(end+10, agent, "idle")
	}
	slices.SortStableFunc(entries, func(a, b journal.Entry) int { return a.At.Compare(b.At) })
	return entries
}

// BenchmarkObserve reads a journal of 100,000 entries, as a daemon does at start.
func BenchmarkObserve(b *testing.B) {
	for _, agents := range []int{10, 100} {
		b.Run(fmt.Sprintf("agents=%d", agents), func(b *testing.B) {
			entries := madeJournal(agents, 10_000)
			for b.Loop() {
				l := NewLive("q", 1)
				for _, e := range entries {
					l.Observe(e)
				}
			}
		})
	}
}
