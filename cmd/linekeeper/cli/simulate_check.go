package cli

import (
	"fmt"
	"strconv"

	"github.com/linekeeper/linekeeper/queues/simulate"
)

// checkedCallers is about how many callers are measured of one queue on one day.
const checkedCallers = 10_000

// checkRow is a figure by the formula and by simulation.
type checkRow struct {
	Check     string  `json:"check"`
	Measure   string  `json:"measure"`
	Formula   float64 `json:"formula"`
	Simulated float64 `json:"simulated"`
	Half      float64 `json:"half"`
	Inside    bool    `json:"inside"`

	measure simulate.Measure
	ranges  map[simulate.Measure]simulate.Range
}

// compare plays queues whose figures are known by formula. The ranges are wide
// enough that all of them together hold with the usual confidence: C. Bonferroni's
// inequality.
func (s *simulation) compare() error {
	if s.replications < 2 {
		return usagef("--check needs at least two days for its ranges: --replications 20")
	}
	checks := simulate.Checks()
	level := 1 - (1-simulate.Level)/float64(len(checks)*len(simulate.Checked()))
	rows, wrong := []checkRow{}, 0
	for _, c := range checks {
		p := c.Plan(checkedCallers)
		days, err := s.draw(p, c.Window(p), s.replications)
		if err != nil {
			return err
		}
		figures, formula := simulate.Summarize(days, level).Total, c.Formula()
		for _, m := range simulate.Checked() {
			if m == simulate.Abandoned && c.Queue.Patience == 0 {
				continue // nobody can
			}
			r := figures[m]
			row := checkRow{c.Name, string(m), formula[m], r.Mean, r.Half, r.Holds(formula[m]), m, figures}
			if !row.Inside {
				wrong++
			}
			rows = append(rows, row)
		}
	}
	s.say("%s of about %d callers for each queue, seed %d; all ranges together hold with a confidence of %g %%", plural(s.replications, "day"), checkedCallers, s.seed, simulate.Level*100)
	err := list(s.env, rows, "", []column[checkRow]{
		{"QUEUE", func(r checkRow) cell { return text(r.Check) }},
		{"FIGURE", func(r checkRow) cell { return text(r.Measure) }},
		{"FORMULA", func(r checkRow) cell { return precise(r.measure, r.Formula) }},
		{"SIMULATED", func(r checkRow) cell { return precise(r.measure, r.Simulated) }},
		{"RANGE", func(r checkRow) cell { c := precise(r.measure, r.Half); return cell{"±" + c.human, c.plain} }},
		{"INSIDE", func(r checkRow) cell {
			if r.Inside {
				return text("yes")
			}
			return text("no")
		}},
	})
	if err == nil && wrong > 0 {
		s.say("%s outside of the range", plural(wrong, "figure"))
		return errProblems
	}
	return err
}

// precise shows shares as per cent with two decimals, and seconds likewise.
func precise(m simulate.Measure, v float64) cell {
	plain := strconv.FormatFloat(v, 'f', 5, 64)
	if m == simulate.ASA {
		return cell{fmt.Sprintf("%.2f s", v), plain}
	}
	return cell{fmt.Sprintf("%.2f %%", v*100), plain}
}
