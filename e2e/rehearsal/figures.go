package rehearsal

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/e2e/listen"
)

// Longest is the longest silence that a caller may hear without having to do
// something.
const Longest = 2 * time.Second

// Figures are what all callers of a rehearsal heard.
type Figures struct {
	Calls     int
	First     []time.Duration // from the answer to the first sound, of each call
	Stops     []time.Duration // from a key to the silence of what it interrupted
	Silences  []time.Duration // of ours, 100 ms and longer
	Worst     string          // where the longest silence was
	Prompts   int
	Late      int // prompts without their beginning
	Short     int // prompts that ended too soon, and nobody interrupted them
	Overlaps  int
	Stalls    []time.Duration // holes within prompts and music: the machine was busy
	Speech    []float64       // loudness of each prompt, LUFS
	Music     []float64       // loudness of each stretch of music
	Changes   []time.Duration // silence between music and words, both ways
	Faults    []string        // a line each; see listen.Report.Faults
	worstEver time.Duration
}

func (f *Figures) add(name string, r listen.Report) {
	f.Calls++
	f.First = append(f.First, r.First)
	f.Stops = append(f.Stops, r.Stops...)
	for _, s := range r.Silences {
		if s.Within {
			f.Stalls = append(f.Stalls, s.To-s.From)
			continue
		}
		if s.Before == "the end" || s.After == "the answer" {
			continue
		}
		f.Silences = append(f.Silences, s.Ours())
		if s.Ours() > f.worstEver {
			f.worstEver, f.Worst = s.Ours(), fmt.Sprintf("%s, between %q and %q", name, s.After, s.Before)
		}
		if (s.After == "music") != (s.Before == "music") {
			f.Changes = append(f.Changes, s.Ours())
		}
	}
	for _, p := range r.Prompts {
		f.Prompts++
		if p.To-p.From > time.Second { // else it was cut short before it could be measured
			f.Speech = append(f.Speech, p.Level)
		}
		if p.Late > 0 {
			f.Late++
		}
		if p.Short > 0 && !p.Cut {
			f.Short++
		}
	}
	f.Late += len(r.Clipped)
	for _, m := range r.Music {
		if m.To-m.From > 500*time.Millisecond {
			f.Music = append(f.Music, m.Level)
		}
	}
	f.Overlaps += len(r.Overlaps)
	for _, fault := range r.Faults(Longest) {
		f.Faults = append(f.Faults, name+": "+fault)
	}
}

// String is a table.
func (f Figures) String() string {
	var b strings.Builder
	row := func(what, format string, a ...any) {
		fmt.Fprintf(&b, "%-44s "+format+"\n", append([]any{what}, a...)...)
	}
	row("calls, prompts heard", "%d, %d", f.Calls, f.Prompts)
	row("from the answer to the first sound", "%s", spread(f.First))
	row("from a key to the silence of the words", "%s", spread(f.Stops))
	row("silences of 100 ms and longer", "%s", spread(f.Silences))
	row("  the longest", "%s", f.Worst)
	row("  of them between words and music", "%s", spread(f.Changes))
	row("two sounds at once", "%d", f.Overlaps)
	row("prompts without their beginning or end", "%d, %d", f.Late, f.Short)
	row("loudness of words", "%s", levels(f.Speech))
	row("loudness of music", "%s", levels(f.Music))
	row("holes because the machine was busy", "%s", spread(f.Stalls))
	row("faults", "%d", len(f.Faults))
	for _, fault := range f.Faults {
		fmt.Fprintf(&b, "  %s\n", fault)
	}
	return b.String()
}

func spread(all []time.Duration) string {
	if len(all) == 0 {
		return "none"
	}
	return fmt.Sprintf("n %d, p50 %d ms, p99 %d ms, longest %d ms", len(all),
		Percentile(all, 0.5).Milliseconds(), Percentile(all, 0.99).Milliseconds(), Percentile(all, 1).Milliseconds())
}

func levels(all []float64) string {
	if len(all) == 0 {
		return "none"
	}
	return fmt.Sprintf("n %d, %.1f to %.1f LUFS, spread %.1f dB", len(all), slices.Min(all), slices.Max(all), Spread(all))
}

// Percentile is the smallest value that a share of at least p of all do not exceed
// (nearest rank); 0 for none.
func Percentile(all []time.Duration, p float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[max(int(math.Ceil(p*float64(len(sorted)))), 1)-1]
}

// Spread is between the loudest and the quietest, in dB; 0 for none.
func Spread(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	return slices.Max(all) - slices.Min(all)
}
