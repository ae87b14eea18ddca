package simulate_test

import (
	"testing"

	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/queues/simulate"
)

// play draws a plan several times and summarizes what was measured.
func play(t testing.TB, p *simulate.Plan, w simulate.Window, days int, level float64) simulate.Summary {
	t.Helper()
	var reports []simulate.Report
	for seed := range days {
		m := simulate.NewMeter(w)
		if err := simulate.Play(p, acd.New(p.Rules), uint64(seed+1), m.Add); err != nil {
			t.Fatal(err)
		}
		reports = append(reports, m.Report())
	}
	return simulate.Summarize(reports, level)
}

// The engine, played in virtual time, must give what Erlang's formulas say. There
// are 36 figures; by C. Bonferroni's inequality all of them are inside with a
// confidence of 95 % when each is with 99.86 %.
func TestAgainstErlang(t *testing.T) {
	t.Parallel()
	for _, c := range simulate.Checks() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			p, want := c.Plan(1500), c.Formula()
			got := play(t, p, c.Window(p), 10, 1-0.05/36)
			for _, m := range simulate.Checked() {
				if r := got.Total[m]; !r.Holds(want[m]) {
					t.Errorf("%s is %.4f by the formula, simulated %.4f +- %.4f", m, want[m], r.Mean, r.Half)
				}
			}
			if calls := got.Total[simulate.Calls].Mean; calls < 1350 || calls > 1650 {
				t.Errorf("%.0f callers were measured", calls)
			}
			if open := got.Total[simulate.Unfinished].Mean; open != 0 {
				t.Errorf("%.1f callers were left", open)
			}
		})
	}
}
