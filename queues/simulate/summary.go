package simulate

// Summary is what several days that were drawn from one plan have in common.
type Summary struct {
	Days   int
	Total  map[Measure]Range
	Queues map[string]map[Measure]Range
	Course []Slot // means over the days
}

// Summarize takes the reports of days that were drawn with different seeds; level
// is the confidence of the ranges, above 0 and below 1.
func Summarize(days []Report, level float64) Summary {
	s := Summary{Days: len(days), Queues: map[string]map[Measure]Range{}}
	totals := make([]Figures, 0, len(days))
	byQueue := map[string][]Figures{}
	for _, d := range days {
		totals = append(totals, d.Total)
		for q, f := range d.Queues {
			byQueue[q] = append(byQueue[q], f)
		}
		if s.Course == nil {
			s.Course = make([]Slot, len(d.Course))
		}
		for i, slot := range d.Course {
			n := float64(len(days))
			s.Course[i].Calls += slot.Calls / n
			s.Course[i].Within += slot.Within / n
			s.Course[i].Counted += slot.Counted / n
			s.Course[i].Length += slot.Length / n
		}
	}
	s.Total = ranges(totals, level)
	for q, all := range byQueue {
		s.Queues[q] = ranges(all, level)
	}
	return s
}

// ranges gives the range of each measure over the days on which it could be told.
func ranges(days []Figures, level float64) map[Measure]Range {
	found := map[Measure]Range{}
	for _, m := range Measures() {
		var values []float64
		for _, d := range days {
			if v, ok := d[m]; ok {
				values = append(values, v)
			}
		}
		if len(values) > 0 {
			found[m] = rangeOf(values, level)
		}
	}
	return found
}
