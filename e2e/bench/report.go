package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/queues/verify"
)

// report is the outcome.
type report struct {
	plan     plan
	version  string // of Asterisk
	peak     int    // who waited at once
	answered int
	gaveUp   int
	lost     []string // what went wrong, one line each
	sound    []time.Duration
	spans    []span
	proof    verify.Report // of the journal
}

// percentile is the smallest value that a share of at least p of all do not
// exceed (nearest rank).
func percentile(all []time.Duration, p float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	rank := int(math.Ceil(p * float64(len(sorted))))
	return sorted[max(rank, 1)-1]
}

func (r *report) failed() bool { return len(r.lost) > 0 }

func (r *report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d callers waited at once on Asterisk %s for %s; %d a second had arrived, %d operators\n",
		r.peak, r.version, r.plan.hold, r.plan.rate, r.plan.operators)
	fmt.Fprintf(&b, "served by an operator %d, hung up while waiting %d, lost %d\n", r.answered, r.gaveUp, len(r.lost))
	for _, line := range r.lost[:min(len(r.lost), 20)] {
		fmt.Fprintf(&b, "  lost: %s\n", line)
	}
	fmt.Fprintf(&b, "from INVITE to the first sound: p50 %s, p99 %s, longest %s\n\n",
		ms(percentile(r.sound, 0.5)), ms(percentile(r.sound, 0.99)), ms(percentile(r.sound, 1)))
	fmt.Fprintf(&b, "%-10s %7s %12s %12s %8s %10s %10s %10s\n",
		"phase", "took", "linekeeper", "asterisk", "share", "phones", "lk memory", "ast memory")
	for _, s := range r.spans {
		fmt.Fprintf(&b, "%-10s %6.1fs %11.2fs %11.2fs %7.1f%% %9.2fs %7d MB %7d MB\n", s.name, s.took.Seconds(),
			s.daemon.Seconds(), s.asterisk.Seconds(), 100*s.share(), s.phones.Seconds(), s.daemonMem>>20, s.asteriskMem>>20)
	}
	fmt.Fprintf(&b, "\nThe journal proves: %v\n", r.proof)
	b.WriteString("\nProcessor seconds are those of /proc/PID/stat; share is linekeeper's as a part of Asterisk's.\n")
	return b.String()
}

func ms(d time.Duration) string { return fmt.Sprintf("%d ms", d.Milliseconds()) }
