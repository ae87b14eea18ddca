package cli

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/queues/simulate"
)

// chartHeight is how many lines the columns of a chart have.
const chartHeight = 8

// draws puts the chart below a table: on a terminal, where there is one staff.
func (s *simulation) draws(a *simAnswer) error {
	if s.output != outTable || s.chart == "none" || len(a.Results) != 1 {
		return nil
	}
	course := a.Results[0].Summary.Course
	values := make([]float64, len(course))
	title, top := "callers who wait, on average", 0.0
	for i, slot := range course {
		values[i] = slot.Length
		if s.chart == "within" {
			title, top = fmt.Sprintf("per cent answered within %s", human(a.Target.Within.Seconds())), 100
			values[i] = math.NaN()
			if slot.Counted > 0 {
				values[i] = slot.Within / slot.Counted * 100
			}
		}
	}
	for _, line := range chart(values, top, a.from, a.slot) {
		title += "\n" + line
	}
	return s.line("\n" + title + "\n" + fmt.Sprintf("a column is %s", spell(a.slot)))
}

func spell(d time.Duration) string {
	if d == time.Hour {
		return "an hour"
	}
	return plural(int(d/time.Minute), "minute")
}

// chart draws columns as plain text: a scale at the left, hours below. top is the
// value of the highest line, 0 for the greatest value. NaN is left empty.
func chart(values []float64, top float64, from time.Time, slot time.Duration) []string {
	if top == 0 {
		top = 0.1
		for _, v := range values {
			if v > top { // which NaN is not
				top = v
			}
		}
	}
	var lines []string
	for row := chartHeight; row >= 1; row-- {
		label := "      "
		if row%2 == 0 {
			label = fmt.Sprintf("%6.1f", top*float64(row)/chartHeight)
		}
		var b strings.Builder
		for _, v := range values {
			switch part := v/top*chartHeight - float64(row-1); {
			case math.IsNaN(v) || part <= 0:
				b.WriteByte(' ')
			case part < 0.5:
				b.WriteByte('.')
			default:
				b.WriteByte('#')
			}
		}
		lines = append(lines, strings.TrimRight(label+" |"+b.String(), " "))
	}
	axis, hours := []byte(strings.Repeat("-", len(values))), []byte(strings.Repeat(" ", len(values)+2))
	free := 0
	for i := range values {
		at := from.Add(time.Duration(i) * slot)
		if at.Minute() != 0 || at.Second() != 0 {
			continue
		}
		axis[i] = '+'
		if i >= free {
			copy(hours[i:], at.Format("15"))
			free = i + 3
		}
	}
	return append(lines, "       +"+string(axis), strings.TrimRight("        "+string(hours), " "))
}

// courseOf is the day in equal parts, as --output json shows it.
func courseOf(course []simulate.Slot, from time.Time, slot time.Duration) []simSlot {
	all := []simSlot{}
	for i, c := range course {
		one := simSlot{At: from.Add(time.Duration(i) * slot).Format("15:04"), Calls: tenth(c.Calls), Waiting: math.Round(c.Length*100) / 100}
		if c.Counted > 0 {
			within := inDigits(simulate.Within, c.Within/c.Counted)
			one.Within = &within
		}
		all = append(all, one)
	}
	return all
}

func tenth(v float64) float64 { return math.Round(v*10) / 10 }
