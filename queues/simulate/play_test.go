package simulate_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/queues/simulate"
	"github.com/linekeeper/linekeeper/queues/simulate/scenario"
	"github.com/linekeeper/linekeeper/queues/verify"
)

// read gives a scenario and its plan, the text changed by pairs of old and new.
func read(t testing.TB, text string, change scenario.Change) *simulate.Plan {
	t.Helper()
	s, err := scenario.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Plan(change)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func example(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../examples/scenarios", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// playedDay plays one day and gives its entries.
func playedDay(t testing.TB, p *simulate.Plan, seed uint64) []journal.Entry {
	t.Helper()
	var all []journal.Entry
	if err := simulate.Play(p, acd.New(p.Rules), seed, func(e journal.Entry) { all = append(all, e) }); err != nil {
		t.Fatal(err)
	}
	return all
}

func examples() []string { return []string{"support-burst.yaml", "two-queues.yaml"} }

func TestTheSameSeedPlaysTheSameDay(t *testing.T) {
	t.Parallel()
	texts := map[string]string{"with estimates": crew}
	for _, name := range examples() {
		texts[name] = example(t, name)
	}
	for name, text := range texts {
		p := read(t, text, scenario.Change{})
		p.Rollouts = name == "with estimates"
		day := func(seed uint64) string {
			text, err := json.Marshal(playedDay(t, p, seed))
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		once := day(7)
		if again := day(7); once != again {
			t.Errorf("%s: the same seed played two days", name)
		}
		if once == day(8) {
			t.Errorf("%s: two seeds played one day", name)
		}
	}
}

// Callers do not depend on the staff: plans are compared on the same ones.
func TestCallersDoNotDependOnTheStaff(t *testing.T) {
	t.Parallel()
	text := example(t, "support-burst.yaml")
	arrivals := func(early int) (all []string) {
		for _, e := range playedDay(t, read(t, text, scenario.Change{Counts: map[string]int{"early": early}}), 3) {
			if e.Type == "place.taken" && e.Callback == "" {
				all = append(all, fmt.Sprint(e.At, e.Place, e.Data["priority"]))
			}
		}
		return all
	}
	if diff := cmp.Diff(arrivals(4), arrivals(12)); diff != "" {
		t.Errorf("callers with 4 and with 12 agents:\n%s", diff)
	}
}

// No caller vanishes, none is served twice, and no agent has two calls.
func TestNobodyIsLostAndNothingIsTwice(t *testing.T) {
	t.Parallel()
	for _, name := range examples() {
		p := read(t, example(t, name), scenario.Change{})
		for seed := range uint64(3) {
			taken, left, serving := map[string]bool{}, map[string]bool{}, map[string]string{}
			for _, e := range playedDay(t, p, seed) {
				switch e.Type {
				case "place.taken":
					taken[e.Place] = true
				case "place.served":
					if other := serving[e.Agent]; other != "" {
						t.Fatalf("%s, seed %d: %s serves %s and %s", name, seed, e.Agent, other, e.Place)
					}
					serving[e.Agent] = e.Place
				case "place.left", "place.rest":
					if left[e.Place] {
						t.Fatalf("%s, seed %d: %s left twice", name, seed, e.Place)
					}
					left[e.Place] = e.Type == "place.left"
					for agent, place := range serving {
						if place == e.Place {
							delete(serving, agent)
						}
					}
				}
			}
			if len(taken) < 500 {
				t.Errorf("%s: only %d places", name, len(taken))
			}
			for place := range taken {
				if !left[place] && len(taken)-len(left) > 3 {
					t.Errorf("%s, seed %d: %s never left; %d of %d did", name, seed, place, len(left), len(taken))
				}
			}
		}
	}
}

const crew = `
from: "09:00"
to: "13:00"
queues: {line: {ring_timeout: 15s, join_empty: true}}
callers:
  - {queue: line, per_hour: 100, talk: {exponential: 3m}, wrap_up: {fixed: 30s}, patience: {exponential: 3m}}
agents:
  - {name: crew, count: 6}
`

// count gives how many entries of each type a day has, and those of one type.
func count(entries []journal.Entry, kind string) (n map[string]int, of []journal.Entry) {
	n = map[string]int{}
	for _, e := range entries {
		n[e.Type]++
		if e.Type == kind {
			of = append(of, e)
		}
	}
	return n, of
}

func TestAgentsWhoLetItRing(t *testing.T) {
	t.Parallel()
	p := read(t, strings.Replace(crew, "count: 6", "count: 6, no_answer: 20%, back_after: 90s, answers: 2s", 1), scenario.Change{})
	_, ended := count(playedDay(t, p, 1), "offer.ended")
	missed, answered := 0, 0
	for _, e := range ended {
		switch e.Text("why") {
		case queues.OfferNoAnswer:
			missed++
		case "answered":
			answered++
		}
	}
	if share := float64(missed) / float64(missed+answered); share < 0.14 || share > 0.26 {
		t.Errorf("%d offers were let ring, %d answered, want one in five", missed, answered)
	}
	paused := map[string]time.Time{}
	back := 0
	_, states := count(playedDay(t, p, 1), "agent.state")
	for _, e := range states {
		id := e.Text("agent")
		if since := paused[id]; !since.IsZero() {
			if d := e.At.Sub(since); d != 90*time.Second {
				t.Errorf("%s came back after %s, want 1m30s", id, d)
			}
			back++
		}
		delete(paused, id)
		if e.Text("state") == string(queues.AgentPaused) {
			paused[id] = e.At
		}
	}
	if back < missed/2 {
		t.Errorf("of %d agents who let it ring only %d came back", missed, back)
	}
}

func TestWorkAfterACallLastsAsDrawn(t *testing.T) {
	t.Parallel()
	since, worked := map[string]time.Time{}, 0
	_, states := count(playedDay(t, read(t, crew, scenario.Change{}), 1), "agent.state")
	for _, e := range states {
		id := e.Text("agent")
		if at := since[id]; !at.IsZero() {
			if d := e.At.Sub(at); d != 30*time.Second {
				t.Errorf("%s worked for %s, want 30 s", id, d)
			}
			worked++
		}
		delete(since, id)
		if e.Text("state") == string(queues.AgentWrapUp) {
			since[id] = e.At
		}
	}
	if worked < 200 {
		t.Errorf("only %d calls had work after them", worked)
	}
}

func TestShiftsAndBreaks(t *testing.T) {
	t.Parallel()
	text := strings.Replace(crew, "count: 6", `count: 2, duty: ["09:30-12:00"], breaks: [{at: "10:00", for: 20m, stagger: 30m, reason: lunch}]`, 1)
	entries := playedDay(t, read(t, text, scenario.Change{}), 1)
	var told []string
	for _, e := range entries {
		if state := e.Text("state"); e.Type == "agent.state" && (e.Text("reason") != "" || state == string(queues.AgentOff)) {
			told = append(told, fmt.Sprint(e.Text("agent"), " ", state, " ", e.Text("reason")))
		}
		if e.Type == "offer.made" && (e.At.Hour() == 9 && e.At.Minute() < 30 || e.At.Hour() >= 12) {
			t.Errorf("%s is rung off duty, at %s", e.Text("agent"), e.At.Format(time.TimeOnly))
		}
	}
	for _, want := range []string{"crew-01 paused lunch", "crew-02 paused lunch", "crew-01 logged_out ", "crew-02 logged_out "} {
		if strings.Count(strings.Join(told, "\n"), want) != 1 {
			t.Errorf("%q is not told once in %q", want, told)
		}
	}
}

func TestWhoFindsNobodyOnDutyIsTurnedAway(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("join_empty: true", "leave_empty: true", "count: 6", `count: 2, duty: ["10:00-11:00"]`).Replace(crew)
	p := read(t, text, scenario.Change{})
	s := play(t, p, simulate.Window{From: p.Start, To: p.Start.Add(p.Length)}, 3, simulate.Level)
	if away, calls := s.Total[simulate.TurnedAway].Mean, s.Total[simulate.Calls].Mean; away < calls*0.6 || s.Total[simulate.Unfinished].Mean != 0 {
		t.Errorf("%v of %v callers were turned away, %v are left", away, calls, s.Total[simulate.Unfinished].Mean)
	}
}

func TestPromisesAreKept(t *testing.T) {
	t.Parallel()
	text := strings.Replace(crew, "patience: {exponential: 3m}",
		"patience: never, callback: {after: 30s, accept: 50%, answer: 75%, confirm: 90%, max_attempts: 2, retry_after: 4m}", 1)
	p := read(t, text, scenario.Change{Counts: map[string]int{"crew": 5}})
	s := play(t, p, simulate.Window{From: p.Start, To: p.Start.Add(p.Length)}, 5, simulate.Level).Total
	promised, kept, up := s[simulate.Promised].Mean, s[simulate.Kept].Mean, s[simulate.GivenUp].Mean
	if promised < 50 || s[simulate.Unfinished].Mean != 0 {
		t.Fatalf("%v promises, %v unfinished", promised, s[simulate.Unfinished].Mean)
	}
	if math.Abs(promised-kept-up) > 1e-9 {
		t.Errorf("of %v promises %v were kept and %v given up", promised, kept, up)
	}
	// Two attempts of which each reaches somebody who presses 1 in 67.5 % of all.
	if share, want := kept/promised, 1-(1-0.675)*(1-0.675); share < want-0.06 || share > want+0.06 {
		t.Errorf("%.3f of the promises were kept, want %.3f", share, want)
	}
}

func TestToldWaitsAreMeasured(t *testing.T) {
	t.Parallel()
	p := read(t, crew, scenario.Change{})
	p.Rollouts = true
	s := play(t, p, simulate.Window{From: p.Start, To: p.Start.Add(p.Length)}, 3, simulate.Level).Total
	inside, ok := s[simulate.ToldInside]
	if !ok || inside.Mean < 0.6 || inside.Mean > 0.98 {
		t.Errorf("of the told waits %v were inside the range of 80 %%", inside.Mean)
	}
	p.Rollouts = false
	if _, told := play(t, p, simulate.Window{From: p.Start, To: p.Start.Add(p.Length)}, 1, simulate.Level).Total[simulate.ToldInside]; told {
		t.Error("waits were told that nobody estimated")
	}
}

func TestBorrowingHappensWhenTheWaitIsLong(t *testing.T) {
	t.Parallel()
	n, on := count(playedDay(t, read(t, example(t, "two-queues.yaml"), scenario.Change{}), 1), "queue.borrowing")
	if len(on) < 2 || n["place.moved"] == 0 {
		t.Errorf("borrowing began or ended %d times, %d places flowed over", len(on), n["place.moved"])
	}
}

func TestPlansThatCannotBePlayed(t *testing.T) {
	t.Parallel()
	p := read(t, crew, scenario.Change{})
	p.Streams[0].Queue, p.Staff[0].Agent, p.WarmUp = "nowhere", "nobody", p.Length
	p.Streams[0].Offer = &simulate.Offer{}
	p.Known = []simulate.Known{{Queue: "line", End: simulate.EndPromised}, {Queue: "gone"}}
	p.Habits = map[string]simulate.Habits{"line": {Talk: simulate.Fixed(1), Patience: simulate.NewSurvival(nil)}}
	err := simulate.Play(p, acd.New(p.Rules), 1, nil)
	for _, want := range []string{`"nowhere"`, `"nobody"`, "warm-up", "answering or deciding", `"line" wants to be called back`, `"gone"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %s in %v", want, err)
		}
	}
}

// odd is an engine that answers a login with what should not be.
type odd struct {
	queues.Engine
	cmd queues.Command
}

func (o odd) Apply(ev queues.Event, now time.Time) []queues.Command {
	if _, ok := ev.(queues.LogIn); ok {
		return []queues.Command{o.cmd}
	}
	return nil
}

func TestEnginesThatAskForWhatCannotBe(t *testing.T) {
	t.Parallel()
	for want, cmd := range map[string]queues.Command{
		"not on the staff":  queues.Ring{Agent: "stranger", Channel: "x"},
		"did not answer":    queues.Serve{Channel: "x"},
		"the switch's own":  queues.Insert{},
		`queue "elsewhere"`: queues.Handover{Place: queues.Place{Queue: "elsewhere"}},
	} {
		p := read(t, crew, scenario.Change{})
		if err := simulate.Play(p, odd{cmd: cmd}, 1, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%T gives %v, want %q", cmd, err, want)
		}
	}
}

// BenchmarkDay plays 24 hours of 10,000 calls; the target is 5 s.
func BenchmarkDay(b *testing.B) {
	text := strings.NewReplacer(`from: "09:00"`, `from: "00:00"`, `to: "13:00"`, `to: "24:00"`, "per_hour: 100", "per_hour: 416.7", "count: 6", "count: 26").Replace(crew)
	p := read(b, text, scenario.Change{})
	calls := 0
	for b.Loop() {
		m := simulate.NewMeter(simulate.Window{From: p.Start, To: p.Start.Add(p.Length), Target: 20 * time.Second})
		if err := simulate.Play(p, acd.New(p.Rules), 1, m.Add); err != nil {
			b.Fatal(err)
		}
		calls = int(m.Report().Total[simulate.Calls])
	}
	b.ReportMetric(float64(calls), "calls")
}

// The journal of a simulated day must prove what the one of a real day must:
// nobody overtaken, lost or served twice.
func TestTheVerifierFindsNoFault(t *testing.T) {
	t.Parallel()
	for _, name := range examples() {
		p := read(t, example(t, name), scenario.Change{})
		for seed := range uint64(3) {
			v := verify.New(verify.Options{})
			if err := v.Read(lines(t, playedDay(t, p, seed))); err != nil {
				t.Fatal(err)
			}
			r := v.Done()
			for _, f := range r.Faults {
				t.Errorf("%s, seed %d: %+v", name, seed, f)
			}
			if r.Places < 500 {
				t.Errorf("%s: only %d places were looked at", name, r.Places)
			}
		}
	}
}

// lines writes entries as linekeeper journal --output json prints them.
func lines(t testing.TB, entries []journal.Entry) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	for i, e := range entries {
		line, err := json.Marshal(struct {
			Seq int `json:"seq"`
			journal.Entry
		}{i + 1, e})
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	return &b
}
