package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/queues/verify"
)

// table is the outcome of a comparison.
type table struct {
	comparison
	version string // of Asterisk
	samples [][]sample
	lost    []string      // callers who were dropped, one line each
	proof   verify.Report // of the journal
}

func (t *table) failed() bool { return len(t.lost) > 0 }

func (t *table) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "agent free -> the next caller hears the agent, Asterisk %s: %d agents, %d callers waiting at every moment,\n"+
		"conversations of %s to %s, no wrap-up; %d turns of each way in rotation; callers lost %d\n",
		t.version, t.agents, t.waiting, t.talkMin, t.talkMax, t.turns, len(t.lost))
	for _, line := range t.lost[:min(len(t.lost), 20)] {
		fmt.Fprintf(&b, "  lost: %s\n", line)
	}
	fmt.Fprintf(&b, "\n%-18s %5s %11s %11s %11s %11s %9s %9s\n",
		"way", "n", "rings p50", "heard p50", "heard p99", "longest", "p50", "p99")
	base := t.heard(0)
	for i, w := range ways {
		var rings []time.Duration
		for _, s := range t.samples[i] {
			rings = append(rings, s.rings)
		}
		heard := t.heard(i)
		fmt.Fprintf(&b, "%-18s %5d %11s %11s %11s %11s %9s %9s\n", w.name, len(heard), ms(percentile(rings, 0.5)),
			ms(percentile(heard, 0.5)), ms(percentile(heard, 0.99)), ms(percentile(heard, 1)),
			ratio(percentile(heard, 0.5), percentile(base, 0.5)), ratio(percentile(heard, 0.99), percentile(base, 0.99)))
	}
	fmt.Fprintf(&b, "\nThe journal proves of both engines: %v\n", t.proof)
	b.WriteString("\nFrom the agent's BYE of one call to the first 20 ms of the agent's voice at the next caller's phone;\n" +
		"rings: to the INVITE at the agent's phone, which answers at once. The last columns are parts of app_queue alone.\n")
	return b.String()
}

// heard are the times of one way.
func (t *table) heard(way int) []time.Duration {
	var all []time.Duration
	for _, s := range t.samples[way] {
		all = append(all, s.heard)
	}
	return all
}

// ratio is a as a part of b.
func ratio(a, b time.Duration) string {
	if b <= 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", float64(a)/float64(b))
}
