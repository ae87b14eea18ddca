package scenario

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/controller/config"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues/simulate"
)

const small = `
title: A line
from: "08:00"
to: "10:00"
target: 90/15
queues: {line: {ring_timeout: 15s}}
callers:
  - queue: line
    per_hour: {"07:00-09:00": 60, "09:00-12:00": 30}
    bursts: [{at: "09:30", for: 1h, per_hour: 100}]
    talk: {lognormal: 3m, cv: 0.5}
    wrap_up: 10s
    patience: never
    priorities: [{priority: 5, share: 10%}]
    callback: {after: 1m, accept: 25%, answer: 80%, max_attempts: 3}
agents:
  - {name: crew, count: 2, duty: ["06:00-09:00", "09:30-12:00"], breaks: [{at: "08:30", for: 10m, stagger: 20m}]}
  - name: boss
`

func TestParse(t *testing.T) {
	t.Parallel()
	s, err := Parse("a.yaml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Plan(Change{Counts: map[string]int{"crew": 3}})
	if err != nil {
		t.Fatal(err)
	}
	if s.Target.String() != "90/15" || s.Replications != DefaultReplications || s.Count("crew") != 2 || s.Count("boss") != 1 {
		t.Errorf("read %+v", s)
	}
	if got := p.Start.Format(time.TimeOnly); got != "08:00:00" || p.Length != 2*time.Hour {
		t.Errorf("the day begins at %s and lasts %s", got, p.Length)
	}
	wantRates := []simulate.Rate{
		{From: 0, To: time.Hour, PerHour: 60}, {From: time.Hour, To: 2 * time.Hour, PerHour: 30},
		{From: 90 * time.Minute, To: 2 * time.Hour, PerHour: 100},
	}
	if diff := cmp.Diff(wantRates, p.Streams[0].Rates); diff != "" {
		t.Errorf("rates (-want +got):\n%s", diff)
	}
	var crew []string
	for _, w := range p.Staff {
		crew = append(crew, w.Agent)
	}
	if diff := cmp.Diff([]string{"crew-01", "crew-02", "crew-03", "boss"}, crew); diff != "" {
		t.Errorf("staff (-want +got):\n%s", diff)
	}
	wantDuty := []simulate.Span{{From: 0, To: time.Hour}, {From: 90 * time.Minute, To: 2 * time.Hour}}
	wantBreak := []simulate.Break{{Span: simulate.Span{From: 50 * time.Minute, To: time.Hour}, Reason: "break"}}
	if diff := cmp.Diff(wantDuty, p.Staff[1].Duty) + cmp.Diff(wantBreak, p.Staff[1].Breaks); diff != "" {
		t.Errorf("the second agent's day (-want +got):\n%s", diff)
	}
	if q := p.Rules.Queues[0]; !q.WrapUpByAgent || q.WrapUp != 0 {
		t.Errorf("the law of wrap-up is left to the time: %+v", q)
	}
	if o := p.Streams[0].Offer; o == nil || o.Policy.MaxAttempts != 3 || o.Confirm != 1 || o.After != 60 {
		t.Errorf("offer %+v", o)
	}
}

func TestFaultsAreToldAtOnceWithTheirPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"values", "title: x\nfrom: 8\nto: \"25:00\"\ntarget: 80\nseed: -1.5\nqueus: {}\nreplications: many\n", []string{
			`a.yaml:2:7: "8" is no time of day (write it in quotes, like "09:30")`,
			`a.yaml:3:5: "25:00" is no time of day (write it in quotes, like "09:30")`,
			`a.yaml:4:9: "80" is no service level (write it like 80/20)`,
			`a.yaml:5:7: "-1.5" is no whole number`,
			`a.yaml:6:1: unknown key "queus" (did you mean "queues"?)`,
			`a.yaml:7:15: "many" is no whole number`,
		}},
		{"laws", strings.NewReplacer(
			"{lognormal: 3m, cv: 0.5}", "{lognormal: 3m, weibull: 2m, cv: 99}",
			"wrap_up: 10s", "wrap_up: {exponential: 30}",
			"patience: never", "patience: {exponential: 30s, shape: 2}").Replace(small), []string{
			`a.yaml:11:11: cv is 99 (write a number from 0.05 to 20)`,
			`a.yaml:11:11: this names 2 laws (name one of fixed, exponential, lognormal, weibull, empirical)`,
			`a.yaml:12:28: "30" is no duration (write it like 45s, 3m or 1h30m)`,
			`a.yaml:13:15: "shape" does not belong to this law (cv is of lognormal, shape is of weibull)`,
		}},
		{"values come first", strings.NewReplacer("queue: line", "queue: lime", "share: 10%", "share: 110%").Replace(small), []string{
			`a.yaml:14:39: "110%" is no share (write it like 30%)`,
		}},
		{"meaning", strings.NewReplacer(
			"queue: line", "queue: lime", "answer: 80%, ", "", "name: boss", "name: crew", "max_attempts: 3", "max_attempts: 30",
			`to: "10:00"`, `to: "07:00"`, "patience: never", "skills: {english: 11}").Replace(small), []string{
			`a.yaml:4:5: the day ends before it begins (a day ends at 24:00 at the latest)`,
			`a.yaml:8:5: "patience" is missing (a law like {exponential: 5m}, or never)`,
			`a.yaml:8:12: there is no queue "lime" (did you mean "line"?)`,
			`a.yaml:13:23: 11 is no level of a skill (1 to 10)`,
			`a.yaml:15:15: "answer" is missing`,
			`a.yaml:15:54: 30 is outside of 1 to 10`,
			`a.yaml:18:11: there is a group "crew" already`,
		}},
		{"empty", "", []string{"a.yaml:1:1: the document is empty"}},
		{"nothing", "title: x\n", []string{
			"a.yaml:1:1: the scenario has no queues", "a.yaml:1:1: the scenario has no callers", "a.yaml:1:1: the scenario has no agents",
		}},
		{"twice", "title: x\ntitle: y\n", []string{`a.yaml:2:1: key "title" is here twice (the first is on line 1)`}},
		{"anchor", "title: &a x\n", []string{"a.yaml:1:8: a scenario cannot have YAML anchors (write the value out)"}},
		{"broken", "title: [\n", []string{"a.yaml:2:1: this is no YAML: did not find expected node content"}},
		{"two documents", "title: x\n---\ntitle: y\n", []string{"a.yaml:2:1: a second document begins here (one file holds one scenario)"}},
		{"too many", strings.Replace(small, "per_hour: 100", "per_hour: 1e9", 1), []string{
			"a.yaml:8:3: 500000090 callers are too many (at most 2000000 a day)",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, err := Parse("a.yaml", []byte(c.text))
			var faults dialplan.ErrorList
			if s != nil || !errors.As(err, &faults) {
				t.Fatalf("gives %v, %v", s, err)
			}
			if got := strings.Split(err.Error(), "\n"); !cmp.Equal(c.want, got) {
				t.Errorf("faults (-want +got):\n%s", cmp.Diff(c.want, got))
			}
		})
	}
}

// The rules of a queue are written as in the configuration.
func TestQueueHasTheKeysOfTheConfiguration(t *testing.T) {
	t.Parallel()
	elsewhere := []string{"engine", "prior_handle_time", "record", "escalate", "whisper", "music"} // not a matter of simulation
	keys := func(typ reflect.Type) []string {
		var found []string
		for i := range typ.NumField() {
			if key := typ.Field(i).Tag.Get("yaml"); key != "" && !slices.Contains(elsewhere, key) {
				found = append(found, key)
			}
		}
		slices.Sort(found)
		return found
	}
	for _, pair := range [][2]reflect.Type{
		{reflect.TypeFor[config.Queue](), reflect.TypeFor[queue]()},
		{reflect.TypeFor[config.Tier](), reflect.TypeFor[tier]()},
		{reflect.TypeFor[config.Overflow](), reflect.TypeFor[overflow]()},
		{reflect.TypeFor[config.Borrow](), reflect.TypeFor[borrow]()},
	} {
		if diff := cmp.Diff(keys(pair[0]), keys(pair[1])); diff != "" {
			t.Errorf("%s and %s (-configuration +scenario):\n%s", pair[0], pair[1], diff)
		}
	}
}

func examples(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("../../../examples/scenarios/*.yaml")
	if err != nil || len(files) < 2 {
		t.Fatalf("found %v, %v", files, err)
	}
	return files
}

func TestExamplesAreInOrder(t *testing.T) {
	t.Parallel()
	for _, file := range examples(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Parse(filepath.Base(file), text)
		if err != nil {
			t.Error(err)
			continue
		}
		if _, err := s.Plan(Change{}); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	for _, file := range examples(f) {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := Parse("x.yaml", src)
		if (s == nil) == (err == nil) {
			t.Fatalf("gives %v and %v", s, err)
		}
		if s == nil {
			return
		}
		if _, err := s.Plan(Change{}); err != nil {
			t.Fatalf("a document without faults cannot be played: %v", err)
		}
	})
}
