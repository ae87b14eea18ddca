package forecast

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func apply(t testing.TB, f *Forecaster, events ...Event) {
	t.Helper()
	for _, ev := range events {
		if err := f.Apply(ev); err != nil {
			t.Fatal(err)
		}
	}
}

func ask(t testing.TB, f *Forecaster, call string) Prediction {
	t.Helper()
	p, err := f.Forecast(call)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// history lets one agent serve calls that take d each, one after the other, and
// gives the time at the end.
func history(t testing.TB, f *Forecaster, at float64, calls int, d float64) float64 {
	t.Helper()
	for i := range calls {
		call := fmt.Sprintf("h%.0f-%d", at, i)
		apply(t, f, Event{At: at, Kind: Join, Call: call}, Event{At: at, Kind: Connect, Call: call, Agent: "a"})
		at += d
		apply(t, f, Event{At: at, Kind: Complete, Agent: "a"}, Event{At: at, Kind: Ready, Agent: "a"})
	}
	return at
}

func TestForecastOfAFreeAgentIsNoWait(t *testing.T) {
	t.Parallel()
	f := New(1)
	apply(t, f, Event{Kind: Login, Agent: "a"}, Event{At: 1, Kind: Join, Call: "c"})
	if got := ask(t, f, "c"); got != (Prediction{}) {
		t.Errorf("got %+v", got)
	}
	if _, err := f.Forecast("d"); err == nil {
		t.Error("a call that is not there got a forecast")
	}
}

func TestForecastLearnsRegularTimes(t *testing.T) {
	t.Parallel()
	f := New(1)
	apply(t, f, Event{Kind: Login, Agent: "a"})
	at := history(t, f, 0, 300, 100)
	apply(t, f,
		Event{At: at, Kind: Join, Call: "x"}, Event{At: at, Kind: Connect, Call: "x", Agent: "a"},
		Event{At: at + 60, Kind: Join, Call: "y", Callback: true})
	if got := ask(t, f, "y"); math.Abs(got.Mean-40) > 15 {
		t.Errorf("40 s are left of the talk, forecast %.1f", got.Mean)
	}
	apply(t, f, Event{At: at + 60, Kind: Join, Call: "z"})
	if got := ask(t, f, "z"); math.Abs(got.Mean-140) > 20 || got.Low > 140 || got.High < 140 {
		t.Errorf("140 s are left, forecast %+v", got)
	}
}

func TestForecastFollowsADoubledHandleTime(t *testing.T) {
	t.Parallel()
	f := New(1)
	rng := rand.New(rand.NewPCG(1, 1))
	apply(t, f, Event{Kind: Login, Agent: "a"})
	at := 0.0
	for range 500 {
		at = history(t, f, at, 1, 100*rng.ExpFloat64())
	}
	if got := f.talk.level.mean(); math.Abs(got-100) > 12 {
		t.Errorf("mean %.1f before the change", got)
	}
	for range 80 {
		at = history(t, f, at, 1, 250*rng.ExpFloat64())
	}
	if got := f.talk.level.mean(); got < 190 || got > 320 {
		t.Errorf("mean %.1f after the change to 250", got)
	}
}

func TestForecastHigherPriorityWaitsLess(t *testing.T) {
	t.Parallel()
	f := New(1)
	apply(t, f, Event{Kind: Login, Agent: "a"},
		Event{At: 1, Kind: Join, Call: "c"}, Event{At: 1, Kind: Connect, Call: "c", Agent: "a"})
	for i := range 5 {
		apply(t, f, Event{At: 2, Kind: Join, Call: fmt.Sprint(i)})
	}
	apply(t, f, Event{At: 3, Kind: Join, Call: "low"}, Event{At: 3, Kind: Join, Call: "high", Priority: 9})
	low, high := ask(t, f, "low"), ask(t, f, "high")
	if high.Mean*2 > low.Mean {
		t.Errorf("high %+v, low %+v", high, low)
	}
}

func TestForecastPromisesDoNotHangUp(t *testing.T) {
	t.Parallel()
	wait := func(promises bool) float64 {
		f := New(1)
		apply(t, f, Event{Kind: Login, Agent: "a"},
			Event{At: 1, Kind: Join, Call: "c"}, Event{At: 1, Kind: Connect, Call: "c", Agent: "a"})
		for i := range 20 {
			apply(t, f, Event{At: 2, Kind: Join, Call: fmt.Sprint(i), Callback: promises})
		}
		apply(t, f, Event{At: 3, Kind: Join, Call: "me"})
		return ask(t, f, "me").Mean
	}
	if live, promised := wait(false), wait(true); live*1.5 > promised {
		t.Errorf("behind 20 callers %.0f s, behind 20 promises %.0f s", live, promised)
	}
}

func TestForecastCountsAgentsWhoDoNotAnswer(t *testing.T) {
	t.Parallel()
	f := New(1)
	apply(t, f, Event{Kind: Login, Agent: "a"}, Event{At: 10, Kind: Join, Call: "c"},
		Event{At: 25, Kind: RNA, Call: "c", Agent: "a"}, Event{At: 30, Kind: Join, Call: "d"})
	if got := ask(t, f, "c").Mean; got < 54 {
		t.Errorf("the agent rests for 55 s more, forecast %.1f", got)
	}
}

func TestApplyRefusesWhatCannotBeMeant(t *testing.T) {
	t.Parallel()
	f := New(1)
	apply(t, f, Event{At: 5, Kind: Login, Agent: "a"}, Event{At: 6, Kind: Join, Call: "c"})
	for want, ev := range map[string]Event{
		"after an event at":  {At: 4, Kind: Login, Agent: "b"},
		"unknown event":      {At: 7, Kind: "lunch"},
		"without a kind":     {At: 7},
		"without a call":     {At: 7, Kind: RNA, Agent: "a"},
		"without an agent":   {At: 7, Kind: Ready},
		"joins a second":     {At: 7, Kind: Join, Call: "c"},
		"that is no number":  {At: math.NaN(), Kind: Join, Call: "d"},
		"connect without an": {At: 7, Kind: Connect, Call: "c"},
	} {
		if err := f.Apply(ev); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want one with %q", ev, err, want)
		}
	}
}

// Whatever happens, also what cannot be true, a forecast is finite, ordered and
// the same for the same events.
func TestForecastOfRandomHistories(t *testing.T) {
	t.Parallel()
	kinds := []Kind{Login, Logout, Pause, Unpause, Join, Join, Join, Abandon, Connect, Complete, Ready, RNA}
	rapid.Check(t, func(t *rapid.T) {
		f, twin := New(7), New(7)
		at, joins := 0.0, 0
		for range rapid.IntRange(1, 120).Draw(t, "events") {
			at += rapid.Float64Range(0, 100).Draw(t, "pause")
			ev := Event{At: at, Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
			ev.Agent = fmt.Sprintf("a%d", rapid.IntRange(1, 4).Draw(t, "agent"))
			ev.Call = fmt.Sprintf("c%d", rapid.IntRange(0, joins).Draw(t, "call"))
			if ev.Kind == Join {
				joins++
				ev.Call = fmt.Sprintf("c%d", joins)
				ev.Priority = rapid.IntRange(0, 2).Draw(t, "priority")
				ev.Callback = rapid.Bool().Draw(t, "callback")
			}
			for _, x := range []*Forecaster{f, twin} {
				if err := x.Apply(ev); err != nil {
					t.Fatal(err)
				}
			}
			if ev.Kind != Join {
				continue
			}
			got, err := f.Forecast(ev.Call)
			if err != nil {
				t.Fatal(err)
			}
			again, err := twin.Forecast(ev.Call)
			if err != nil || cmp.Diff(got, again) != "" {
				t.Fatalf("the same events give %+v and %+v (%v)", got, again, err)
			}
			for _, v := range []float64{got.Mean, got.Low, got.High} {
				if math.IsNaN(v) || v < 0 || v > 10*farthest {
					t.Fatalf("forecast %+v", got)
				}
			}
			if got.Low > got.High {
				t.Fatalf("range turned round: %+v", got)
			}
		}
		checkQueue(t, f)
	})
}

func checkQueue(t *rapid.T, f *Forecaster) {
	if !slices.IsSortedFunc(f.waiting, ahead) {
		t.Fatal("the queue is out of order")
	}
	live := 0
	for _, c := range f.waiting {
		if !c.ghost {
			live++
		}
	}
	if live != len(f.calls) {
		t.Fatalf("%d callers wait, %d are known", live, len(f.calls))
	}
}

func BenchmarkForecast(b *testing.B) {
	for _, size := range []struct{ agents, places int }{{10, 20}, {100, 100}, {100, 1000}} {
		b.Run(fmt.Sprintf("agents=%d/places=%d", size.agents, size.places), func(b *testing.B) {
			f := New(1)
			for i := range size.agents {
				name := fmt.Sprint("a", i)
				apply(b, f, Event{At: float64(i), Kind: Login, Agent: name}, Event{At: float64(i), Kind: Join, Call: name},
					Event{At: float64(i), Kind: Connect, Call: name, Agent: name})
			}
			for i := range size.places {
				apply(b, f, Event{At: 200 + float64(i)/100, Kind: Join, Call: fmt.Sprint(i)})
			}
			last := fmt.Sprint(size.places - 1)
			b.ReportAllocs()
			for b.Loop() {
				ask(b, f, last)
			}
		})
	}
}
