package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	t.Parallel()
	const stat = "42 (as (t) k) S 1 42 42 0 -1 4194560 900 0 3 0 250 50 0 0 20 0 9 0 1234 99999744 2048 18446744073709551615 1 1"
	u, err := parseStat([]byte(stat))
	if err != nil {
		t.Fatal(err)
	}
	if u.cpu != 3*time.Second || u.memory < 2048*4096 {
		t.Errorf("%+v, want 3 s and 2048 pages", u)
	}
	for _, bad := range []string{"", "42", "42 (x) S 1 2", strings.Replace(stat, " 250 ", " many ", 1)} {
		if _, err := parseStat([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
	if _, err := usageOf(1 << 30); err == nil {
		t.Error("a process that cannot be has used something")
	}
}

func TestMeterGivesDifferences(t *testing.T) {
	t.Parallel()
	self := meter{daemon: os.Getpid(), asterisk: os.Getpid(), last: [3]time.Duration{time.Hour, time.Hour, 0}, began: time.Now()}
	s, err := self.next("here")
	if err != nil {
		t.Fatal(err)
	}
	apart := (s.asterisk - s.daemon).Abs() // it is looked at twice, and the system counts in steps of 10 ms
	if apart > 100*time.Millisecond || s.daemon > 0 || s.phones <= 0 || s.share() != 0 || s.name != "here" {
		t.Errorf("the span is %+v", s)
	}
	if got := (span{daemon: time.Second, asterisk: 4 * time.Second}).share(); got != 0.25 {
		t.Errorf("the share is %v, want a quarter", got)
	}
}

func TestPercentile(t *testing.T) {
	t.Parallel()
	var all []time.Duration
	for i := range 200 {
		all = append(all, time.Duration(200-i))
	}
	for p, want := range map[float64]time.Duration{0: 1, 0.5: 100, 0.99: 198, 1: 200} {
		if got := percentile(all, p); got != want {
			t.Errorf("percentile %v is %v, want %v", p, got, want)
		}
	}
	if got := percentile(nil, 0.5); got != 0 {
		t.Errorf("percentile of nothing is %v", got)
	}
}

func TestReportNamesWhatWasLost(t *testing.T) {
	t.Parallel()
	r := &report{plan: plan{rate: 20, hold: time.Second}, version: "22.0.0", lost: []string{"caller 7: gone"},
		spans: []span{{name: "waiting", took: 2 * time.Second, daemon: time.Second, asterisk: 2 * time.Second}}}
	for _, want := range []string{"Asterisk 22.0.0", "lost 1", "caller 7: gone", "waiting", "50.0%"} {
		if !strings.Contains(r.String(), want) {
			t.Errorf("%q is not in the report:\n%s", want, r)
		}
	}
}

func TestArgumentsAreChecked(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-callers", "0"}, {"-callers", "5000"}, {"-hold", "1h"}, {"-rate", "x"}, {"-only", "x"}, {"-handovers", "4"}, {"more"}} {
		var complaints bytes.Buffer
		if code := run(args, &complaints, &complaints); code != 2 || complaints.Len() == 0 {
			t.Errorf("%q gives %d and %q", args, code, complaints.String())
		}
	}
}

func TestTableGivesRatiosToAppQueue(t *testing.T) {
	t.Parallel()
	x := &table{version: "22.0.0", comparison: comparison{agents: 4}, samples: make([][]sample, len(ways)), lost: []string{"caller 7: gone"}}
	for i := range 200 {
		x.samples[0] = append(x.samples[0], sample{rings: time.Second, heard: 2 * time.Second})
		x.samples[1] = append(x.samples[1], sample{rings: time.Second, heard: time.Duration(i) * 10 * time.Millisecond})
		x.samples[2] = append(x.samples[2], sample{rings: time.Millisecond, heard: 50 * time.Millisecond})
	}
	text := strings.Join(strings.Fields(x.String()), " ")
	for _, want := range []string{
		"Asterisk 22.0.0", "callers lost 1", "caller 7: gone",
		"app_queue alone 200 1000 ms 2000 ms 2000 ms 2000 ms 1.00 1.00",
		"engine asterisk 200 1000 ms 990 ms 1970 ms 1990 ms 0.49 0.98",
		"engine linekeeper 200 1 ms 50 ms 50 ms 50 ms 0.03 0.03",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the table:\n%s", want, x)
		}
	}
	if !x.failed() || ratio(time.Second, 0) != "-" {
		t.Error("a lost caller is no failure, or nothing is a ratio of nothing")
	}
}

func TestHandoverHotlinesAreDocuments(t *testing.T) {
	t.Parallel()
	docs := strings.Split(handoverHotlines, "\n---\n")
	if len(docs) != len(ways)-1 {
		t.Fatalf("there are %d documents", len(docs))
	}
	for i, doc := range docs {
		if want := `numbers: ["` + ways[i+1].number + `"]`; !strings.Contains(doc, want) {
			t.Errorf("%s has not %s", ways[i+1].name, want)
		}
	}
}
