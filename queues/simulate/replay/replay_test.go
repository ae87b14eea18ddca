package replay

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/queues/simulate"
	"github.com/linekeeper/linekeeper/queues/simulate/scenario"
)

// day plays one day of an example and gives its journal as it is read from a file.
func day(t *testing.T, name string, seed uint64) (p *simulate.Plan, entries []journal.Entry) {
	t.Helper()
	text, err := os.ReadFile("../../../examples/scenarios/" + name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := scenario.Parse(name, text)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = s.Plan(scenario.Change{}); err != nil {
		t.Fatal(err)
	}
	err = simulate.Play(p, acd.New(p.Rules), seed, func(e journal.Entry) {
		line, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var read journal.Entry
		if err := json.Unmarshal(line, &read); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, read)
	})
	if err != nil {
		t.Fatal(err)
	}
	return p, entries
}

const target = 20 * time.Second

// A day that is learned from its journal and played again must come out as it was,
// as far as chance allows.
func TestADayPlayedAgainComesOutAsItWas(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"support-burst.yaml", "two-queues.yaml"} {
		p, entries := day(t, name, 5)
		o := Options{From: p.Start, To: p.Start.Add(p.Length), Target: target}
		if name == "two-queues.yaml" {
			o.Rules = &p.Rules // borrowing and overflow are not in the journal
		}
		d, err := Learn(entries, o)
		if err != nil {
			t.Fatal(err)
		}
		var days []simulate.Report
		for seed := range uint64(8) {
			m := simulate.NewMeter(simulate.Window{From: o.From, To: o.To, Target: target})
			if err := simulate.Play(d.Plan, acd.New(d.Plan.Rules), seed, m.Add); err != nil {
				t.Fatal(err)
			}
			days = append(days, m.Report())
		}
		got := simulate.Summarize(days, 0.99).Total
		if calls := got[simulate.Calls]; calls.Mean != d.Measured.Total[simulate.Calls] || calls.Half != 0 {
			t.Errorf("%s: %v callers were measured, %+v played", name, d.Measured.Total[simulate.Calls], calls)
		}
		for _, m := range []simulate.Measure{simulate.Within, simulate.ASA, simulate.Abandoned, simulate.Occupancy, simulate.AgentHours, simulate.Promised, simulate.Kept} {
			one := got[m].OneDay()
			// Agents who let it ring come back at slightly other times.
			one.Half += 0.01 * one.Mean
			if !one.Holds(d.Measured.Total[m]) {
				t.Errorf("%s: %s was %.4f, played again %.4f +- %.4f for one day", name, m, d.Measured.Total[m], one.Mean, one.Half)
			}
		}
	}
}

func TestWhatIsLearnedIsTheMeasuredDay(t *testing.T) {
	t.Parallel()
	p, entries := day(t, "support-burst.yaml", 2)
	w := simulate.Window{From: p.Start, To: p.Start.Add(p.Length), Target: target}
	m := simulate.NewMeter(w)
	for _, e := range entries {
		m.Add(e)
	}
	d, err := Learn(entries, Options{From: w.From, To: w.To, Target: target})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m.Report().Total, d.Measured.Total); diff != "" {
		t.Errorf("the day was measured otherwise:\n%s", diff)
	}
	if n := len(d.Plan.Staff); n != 12 {
		t.Errorf("%d agents, want 12", n)
	}
	for _, w := range d.Plan.Staff {
		if len(w.Breaks) != 1 || w.Breaks[0].Reason != "lunch" {
			t.Errorf("%s takes the breaks %v, want lunch", w.Agent, w.Breaks)
		}
		if w.NoAnswer > 0.15 {
			t.Errorf("%s lets %v ring", w.Agent, w.NoAnswer)
		}
	}
	h := d.Plan.Habits["support"]
	if got := h.Offer; got.Answer < 0.7 || got.Answer > 0.95 || got.Policy.MaxAttempts != 3 || got.Policy.RetryAfter != 5*time.Minute {
		t.Errorf("customers: %+v", got)
	}
	if h.WrapUp == nil || len(h.Talk.(simulate.Empirical)) < 500 {
		t.Error("talks or the work after them were not learned")
	}
}

// entry makes one of a switch's queue.
func entry(at time.Time, kind, place string, data map[string]any) journal.Entry {
	e := journal.Entry{At: at, Type: kind, Place: place, Queue: "support", Data: data}
	e.Callback = e.Text("callback")
	return e
}

// The journal of a queue that the switch distributes has less in it.
func TestEngineAsterisk(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	at := func(minutes float64) time.Time { return from.Add(time.Duration(minutes * float64(time.Minute))) }
	state := func(minutes float64, agent, state string) journal.Entry {
		return entry(at(minutes), "agent.state", "", map[string]any{"agent": agent, "state": state})
	}
	entries := []journal.Entry{
		state(-60, "PJSIP/101", "idle"),
		entry(at(10), "place.taken", "p1", map[string]any{"priority": 10.0}),
		state(10, "PJSIP/101", "ringing"),
		state(10.1, "PJSIP/101", "talking"),
		entry(at(10.1), "place.served", "p1", map[string]any{}),
		entry(at(11), "place.taken", "p2", map[string]any{"priority": 0.0}),
		entry(at(12), "place.left", "p2", map[string]any{"reason": "abandoned"}),
		entry(at(12), "place.taken", "p3", map[string]any{"priority": 0.0}),
		entry(at(13), "place.converted", "p3", map[string]any{"callback": "b3"}),
		entry(at(14.1), "place.left", "p1", map[string]any{"reason": "served", "talked_s": 240.0}),
		state(14.1, "PJSIP/101", "idle"),
		state(20, "PJSIP/101", "paused"),
		state(30, "PJSIP/101", "idle"),
		state(600, "PJSIP/101", "offline"),
	}
	d, err := Learn(entries, Options{From: from, To: from.AddDate(0, 0, 1), Target: target})
	if err != nil {
		t.Fatal(err)
	}
	want := []simulate.Known{
		{At: 10 * time.Minute, Queue: "support", Priority: 10, Talked: 240, Waited: 6, End: simulate.EndServed},
		{At: 11 * time.Minute, Queue: "support", Waited: 60, End: simulate.EndHungUp},
		{At: 12 * time.Minute, Queue: "support", Waited: 60, End: simulate.EndPromised},
	}
	if diff := cmp.Diff(want, d.Plan.Known); diff != "" {
		t.Errorf("callers (-want +got):\n%s", diff)
	}
	w := d.Plan.Staff[0]
	wantDuty := []simulate.Span{{From: 0, To: 600 * time.Minute}}
	wantBreaks := []simulate.Break{{Span: simulate.Span{From: 20 * time.Minute, To: 30 * time.Minute}, Reason: "pause"}}
	if diff := cmp.Diff(wantDuty, w.Duty) + cmp.Diff(wantBreaks, w.Breaks); diff != "" {
		t.Errorf("the agent's day (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(simulate.Empirical{6}, w.Answer); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	rules := d.Plan.Rules
	if len(rules.Queues) != 1 || rules.Queues[0].Strategy != acd.LongestIdle || !slices.Equal(rules.Agents[0].Queues, []string{"support"}) {
		t.Errorf("rules %+v", rules)
	}
	if len(d.Assumed) == 0 {
		t.Error("nothing is said of the rules that the journal does not show")
	}
	if err := simulate.Play(d.Plan, acd.New(rules), 1, nil); err != nil {
		t.Error(err)
	}
}

func TestResize(t *testing.T) {
	t.Parallel()
	p, entries := day(t, "support-burst.yaml", 2)
	d, err := Learn(entries, Options{From: p.Start, To: p.Start.Add(p.Length), Target: target})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1, 7, 10, 23} {
		r := d.Resize(n)
		ids := map[string]bool{}
		for i, w := range r.Staff {
			ids[w.Agent] = true
			if r.Rules.Agents[i].ID != w.Agent {
				t.Fatalf("agent %s has the rules of %s", w.Agent, r.Rules.Agents[i].ID)
			}
		}
		if len(ids) != n {
			t.Errorf("%d agents, want %d", len(ids), n)
		}
		if errs := r.Rules.Check(); len(errs) > 0 {
			t.Error(errs)
		}
		if err := simulate.Play(r, acd.New(r.Rules), 1, nil); err != nil {
			t.Error(err)
		}
	}
	if first := d.Resize(1).Staff[0]; d.hours[first.Agent] < 9*time.Hour {
		t.Errorf("%s stays, who was there for %s", first.Agent, d.hours[first.Agent])
	}
}

func TestJournalsThatTellTooLittle(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	o := Options{From: from, To: from.AddDate(0, 0, 1)}
	if _, err := Learn(nil, o); !errors.Is(err, ErrNoCallers) {
		t.Errorf("an empty journal gives %v", err)
	}
	taken := entry(from.Add(time.Hour), "place.taken", "p1", map[string]any{})
	if _, err := Learn([]journal.Entry{taken}, o); err == nil || !strings.Contains(err.Error(), "no agent") {
		t.Errorf("a journal without agents gives %v", err)
	}
	idle := entry(from, "agent.state", "", map[string]any{"agent": "a", "state": string(queues.AgentIdle)})
	o.Rules = &acd.Rules{Queues: []acd.Queue{{Name: "other"}}}
	if _, err := Learn([]journal.Entry{idle, taken}, o); err == nil || !strings.Contains(err.Error(), `"support"`) {
		t.Errorf("rules without the queue give %v", err)
	}
}
