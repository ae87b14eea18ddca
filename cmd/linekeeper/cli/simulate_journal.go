package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues/simulate"
	"github.com/linekeeper/linekeeper/queues/simulate/replay"
	"github.com/linekeeper/linekeeper/queues/simulate/scenario"
)

// aroundTheDay is how much of the journal is read before a day, for who is on
// duty when it begins, and after it, for what became of its last callers.
const aroundTheDay = 24 * time.Hour

func (s *simulation) runJournal(file string) error {
	from, to, err := s.theDay()
	if err != nil {
		return err
	}
	target, err := s.targetOr(scenario.DefaultTarget)
	if err != nil {
		return err
	}
	rules, err := s.configured()
	if err != nil {
		return err
	}
	group, counts, err := parseAgents(s.agents)
	if err == nil && (group != "" || counts[0] != nil && *counts[0] == 0) {
		err = usagef("--agents %q: agents of a journal have no groups, and there must be one: write 8..16", s.agents)
	}
	if err != nil {
		return err
	}
	entries, err := s.entries(file, from.Add(-aroundTheDay), to.Add(aroundTheDay))
	if err != nil {
		return err
	}
	slot := slotOf(to.Sub(from))
	day, err := replay.Learn(entries, replay.Options{From: from, To: to, Target: target.Within, Slots: int(to.Sub(from) / slot), Rules: rules, Queue: s.queue})
	if errors.Is(err, replay.ErrNoCallers) {
		return fmt.Errorf("%w; name another day with --day", err)
	} else if err != nil {
		return s.planFault(err)
	}
	if err := s.knows(day.Plan); err != nil {
		return err
	}
	shown := &simAnswer{Title: "journal of " + from.Format(time.DateOnly), Target: target, Measured: &day.Measured, Assumed: day.Assumed}
	// First with the agents who were there, to be held against what was measured.
	if err := s.play(shown, day.Plan, nil); err != nil {
		return err
	}
	for _, n := range counts {
		if n == nil {
			continue
		}
		if err := s.play(shown, day.Resize(*n), n); err != nil {
			return err
		}
	}
	return s.show(shown)
}

// theDay reads --day; local time.
func (s *simulation) theDay() (from, to time.Time, err error) {
	now := s.now().Local()
	midnight := func(back int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()-back, 0, 0, 0, 0, time.Local)
	}
	switch s.day {
	case "today":
		return midnight(0), now.Truncate(time.Minute), nil
	case "yesterday":
		return midnight(1), midnight(0), nil
	}
	from, err = time.ParseInLocation(time.DateOnly, s.day, time.Local)
	if err != nil {
		return from, to, usagef("--day %q is no day: write yesterday, today or 2006-01-02", s.day)
	}
	return from, from.AddDate(0, 0, 1), nil
}

// entries reads the journal of a time, from a file or from the daemon.
func (s *simulation) entries(file string, from, to time.Time) ([]journal.Entry, error) {
	var all []journal.Entry
	add := func(e journal.Entry) {
		if !e.At.Before(from) && e.At.Before(to) {
			all = append(all, e)
		}
	}
	if file != "" {
		err := readJournal(file, s.stdin, func(e journal.Entry) error { add(e); return nil })
		return all, err
	}
	c := s.client()
	defer c.Close()
	over := errors.New("the day is over")
	err := c.Journal(s.ctx, api.JournalFilter{Since: from}, func(ev api.Event) error {
		if ev.At.After(to) {
			return over
		}
		add(ev)
		return nil
	})
	if errors.Is(err, over) {
		err = nil
	}
	return all, err
}

// compared is a figure of the real day beside the simulated one.
type compared struct {
	measure            simulate.Measure
	measured           float64
	ok                 bool
	simulated, allowed simulate.Range
}

// beside shows the real day beside the simulated one, as the check.
func (s *simulation) beside(a *simAnswer) error {
	days := a.Results[0].Summary
	var rows []compared
	for _, m := range simulate.Measures() {
		v, ok := a.Measured.Total[m]
		r, simulated := days.Total[m]
		if ok || simulated {
			rows = append(rows, compared{m, v, ok, r, r.OneDay()})
		}
	}
	return writeRows(s.env, s.stdout, rows, []column[compared]{
		{"FIGURE", func(c compared) cell { return text(string(c.measure)) }},
		{"MEASURED", func(c compared) cell {
			if !c.ok {
				return text("")
			}
			return cell{amount(c.measure, c.measured), fmt.Sprint(inDigits(c.measure, c.measured))}
		}},
		{"SIMULATED", func(c compared) cell {
			return rangeCell(c.measure, map[simulate.Measure]simulate.Range{c.measure: c.simulated})
		}},
		{"ONE DAY", func(c compared) cell {
			if c.simulated.Days < 2 {
				return text("")
			}
			low, high := max(0, c.allowed.Mean-c.allowed.Half), c.allowed.Mean+c.allowed.Half
			return text(amount(c.measure, low) + " to " + amount(c.measure, high))
		}},
		{"INSIDE", func(c compared) cell {
			switch {
			case !c.ok || c.simulated.Days < 2:
				return text("")
			case c.allowed.Holds(c.measured):
				return text("yes")
			}
			return text("no")
		}},
	})
}
