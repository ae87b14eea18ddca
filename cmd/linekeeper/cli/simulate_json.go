package cli

import (
	"maps"
	"math"
	"slices"

	"github.com/linekeeper/linekeeper/queues/simulate"
)

// simJSON is the answer of linekeeper simulate as --output json shows it;
// docs/cli-json.md explains each field.
type simJSON struct {
	Title    string              `json:"title"`
	Days     int                 `json:"days"`
	Seed     uint64              `json:"seed"`
	Level    float64             `json:"level"`
	Target   simTarget           `json:"target"`
	Queue    string              `json:"queue"`
	Results  []simResultJSON     `json:"results"`
	Measured map[string]*float64 `json:"measured"`
	Assumed  []string            `json:"assumed"`
}

type simTarget struct {
	Share   float64 `json:"share"`
	WithinS float64 `json:"within_s"`
}

type simResultJSON struct {
	Agents *int                 `json:"agents"`
	Total  map[string]*simRange `json:"total"`
	Queues []simQueue           `json:"queues"`
	Course []simSlot            `json:"course"`
}

type simQueue struct {
	Queue   string               `json:"queue"`
	Figures map[string]*simRange `json:"figures"`
}

type simRange struct {
	Mean float64  `json:"mean"`
	Half *float64 `json:"half"`
	Days int      `json:"days"`
}

type simSlot struct {
	At      string   `json:"at"`
	Calls   float64  `json:"calls"`
	Within  *float64 `json:"within"`
	Waiting float64  `json:"waiting"`
}

func (s *simulation) jsonOf(a *simAnswer) simJSON {
	out := simJSON{
		Title: a.Title, Days: s.replications, Seed: s.seed, Level: simulate.Level, Queue: s.queue,
		Target: simTarget{a.Target.Share, a.Target.Within.Seconds()}, Assumed: append([]string{}, a.Assumed...),
	}
	for _, r := range a.Results {
		one := simResultJSON{
			Agents: r.Agents, Total: rangesOf(r.Summary.Total), Queues: []simQueue{}, Course: courseOf(r.Summary.Course, a.from, a.slot),
		}
		for _, q := range slices.Sorted(maps.Keys(r.Summary.Queues)) {
			one.Queues = append(one.Queues, simQueue{q, rangesOf(r.Summary.Queues[q])})
		}
		out.Results = append(out.Results, one)
	}
	if a.Measured != nil {
		out.Measured = map[string]*float64{}
		for _, m := range simulate.Measures() {
			out.Measured[string(m)] = nil
			if v, ok := a.Measured.Total[m]; ok {
				v = inDigits(m, v)
				out.Measured[string(m)] = &v
			}
		}
	}
	return out
}

// rangesOf has each measure; one that cannot be told is null.
func rangesOf(figures map[simulate.Measure]simulate.Range) map[string]*simRange {
	all := map[string]*simRange{}
	for _, m := range simulate.Measures() {
		all[string(m)] = nil
		if r, ok := figures[m]; ok {
			one := &simRange{Mean: inDigits(m, r.Mean), Days: r.Days}
			if !math.IsInf(r.Half, 1) {
				half := inDigits(m, r.Half)
				one.Half = &half
			}
			all[string(m)] = one
		}
	}
	return all
}
