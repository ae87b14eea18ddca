package cli

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/linekeeper/linekeeper/queues/simulate"
	"github.com/linekeeper/linekeeper/queues/simulate/scenario"
)

// simAnswer is what linekeeper simulate answers with.
type simAnswer struct {
	Title    string
	Target   scenario.Target
	Results  []simResult
	Measured *simulate.Report // the real day, nil for a scenario
	Assumed  []string

	from time.Time
	slot time.Duration
}

// simResult is what was measured with one staff.
type simResult struct {
	Agents  *int // nil: as planned
	Summary simulate.Summary
}

// simRow is a row of figures.
type simRow struct {
	name    string
	figures map[simulate.Measure]simulate.Range
	target  scenario.Target
}

func (s *simulation) show(a *simAnswer) error {
	if s.output == outJSON {
		return s.writeJSON(s.jsonOf(a))
	}
	title := a.Title
	if title != "" {
		title += ": "
	}
	s.say("%s%s drawn, seed %d; ranges hold with a confidence of %g %%", title, plural(s.replications, "day"), s.seed, simulate.Level*100)
	for _, what := range a.Assumed {
		s.say("assumed: %s", what)
	}
	if a.Measured != nil && (s.agents == "" || s.output == outTable) {
		if err := s.beside(a); err != nil {
			return err
		}
		if s.agents == "" {
			return s.draws(a)
		}
		if err := s.line(""); err != nil {
			return err
		}
	}
	head, rows := s.rows(a)
	if err := writeRows(s.env, s.stdout, rows, simColumns(head, a.Target, s.estimates)); err != nil {
		return err
	}
	return s.draws(a)
}

// rows are the queues, or the numbers of agents.
func (s *simulation) rows(a *simAnswer) (head string, rows []simRow) {
	if s.agents != "" {
		for _, r := range a.Results {
			if r.Agents != nil {
				rows = append(rows, simRow{strconv.Itoa(*r.Agents), r.Summary.Total, a.Target})
			}
		}
		return "AGENTS", rows
	}
	only := a.Results[0].Summary
	for _, q := range slices.Sorted(maps.Keys(only.Queues)) {
		rows = append(rows, simRow{q, only.Queues[q], a.Target})
	}
	if len(rows) == 1 {
		rows[0].figures = only.Total // the same callers, and the agents' figures
		return "QUEUE", rows
	}
	return "QUEUE", append(rows, simRow{"all", only.Total, a.Target})
}

func (s *simulation) line(text string) error {
	_, err := fmt.Fprintln(s.stdout, text)
	return err
}

// simColumns are the figures of a row.
func simColumns(head string, target scenario.Target, estimates bool) []column[simRow] {
	figure := func(m simulate.Measure) func(simRow) cell {
		return func(r simRow) cell { return rangeCell(m, r.figures) }
	}
	columns := []column[simRow]{
		{head, func(r simRow) cell { return text(r.name) }},
		{"CALLS", figure(simulate.Calls)},
		{fmt.Sprintf("WITHIN %s", human(target.Within.Seconds())), figure(simulate.Within)},
		{fmt.Sprintf("%g %%", target.Share*100), func(r simRow) cell { return text(met(r)) }},
		{"ASA", figure(simulate.ASA)},
		{"LONGEST", figure(simulate.Longest)},
		{"HUNG UP", figure(simulate.Abandoned)},
		{"TURNED AWAY", figure(simulate.TurnedAway)},
		{"OCCUPANCY", figure(simulate.Occupancy)},
		{"PROMISED", figure(simulate.Promised)},
		{"KEPT", figure(simulate.Kept)},
	}
	if estimates {
		columns = append(columns, column[simRow]{"TOLD WELL", figure(simulate.ToldInside)}, column[simRow]{"TOLD TOO MUCH", figure(simulate.ToldBias)})
	}
	return columns
}

// met says whether the target is reached for certain, perhaps, or not.
func met(r simRow) string {
	within, ok := r.figures[simulate.Within]
	switch {
	case !ok:
		return ""
	case within.Mean-within.Half >= r.target.Share:
		return "met"
	case within.Mean+within.Half < r.target.Share:
		return "missed"
	}
	return "perhaps"
}

// isShare lists the measures that are parts of all.
var isShare = []simulate.Measure{simulate.Within, simulate.Waiting, simulate.Abandoned, simulate.Occupancy, simulate.ToldInside}

// isSpan lists the measures that are seconds.
var isSpan = []simulate.Measure{simulate.ASA, simulate.Longest, simulate.CallbackIn}

// rangeCell shows a figure with its range; the mean alone for programs.
func rangeCell(m simulate.Measure, figures map[simulate.Measure]simulate.Range) cell {
	r, ok := figures[m]
	if !ok {
		return text("")
	}
	shown, half := amount(m, r.Mean), ""
	if !math.IsInf(r.Half, 1) {
		half = " ±" + halfOf(m, r.Half)
	}
	return cell{shown + half, strconv.FormatFloat(inDigits(m, r.Mean), 'f', -1, 64)}
}

// amount writes a figure for people.
func amount(m simulate.Measure, v float64) string {
	switch {
	case slices.Contains(isShare, m):
		return fmt.Sprintf("%.1f %%", v*100)
	case slices.Contains(isSpan, m):
		return human(v)
	case m == simulate.ToldBias: // may be negative
		return strconv.FormatFloat(inDigits(m, v), 'f', -1, 64) + "s"
	}
	return strconv.FormatFloat(inDigits(m, v), 'f', -1, 64)
}

func halfOf(m simulate.Measure, v float64) string {
	if slices.Contains(isShare, m) {
		return fmt.Sprintf("%.1f", v*100)
	}
	return amount(m, v)
}

// inDigits gives a figure without digits that mean nothing: shares to the
// hundredth of a per cent, everything else to a tenth.
func inDigits(m simulate.Measure, v float64) float64 {
	scale := 10.0
	if slices.Contains(isShare, m) {
		scale = 1e4
	}
	return math.Round(v*scale) / scale
}
