package window

import (
	"fmt"
	"time"
)

// The layouts of local times, and how much of one is worth a look.
var layouts = []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02 15:04:05"}

// which of two instants a local time stands for that the clocks show twice.
type which int

const (
	first which = iota
	last
)

// reader reads the times of one wish.
type reader struct {
	loc   *time.Location // nil when not known
	zone  string
	now   time.Time
	notes []string
}

// read gives the instant that a text stands for, zero for "".
func (r *reader) read(field, text string, choose which) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := r.instant(field, text, choose)
	if err != nil {
		return time.Time{}, err
	}
	if at.After(r.now.Add(MaxAhead)) {
		return time.Time{}, &Error{field, fmt.Sprintf("%s is more than a year ahead", clip(text)), "look at the year; choose a sooner time"}
	}
	return at, nil
}

func (r *reader) instant(field, text string, choose which) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	for _, layout := range layouts {
		wall, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		if r.loc == nil {
			return time.Time{}, &Error{
				"time_zone", fmt.Sprintf("%s: %s is a local time, and the time zone is missing", field, text),
				"add time_zone, such as Europe/Moscow, or write the time with an offset, such as " + text + "+03:00",
			}
		}
		return r.local(field, wall, choose), nil
	}
	return time.Time{}, &Error{
		field, fmt.Sprintf("%q is not a time", clip(text)),
		"write local time like 2026-03-29T14:30 with time_zone, or with an offset like 2026-03-29T14:30:00+03:00",
	}
}

// local finds the instant at which the clocks of the zone show a time. Where
// they never do, it is the first one after they were put forward; where they do
// twice, the window gets the wider end.
func (r *reader) local(field string, wall time.Time, choose which) time.Time {
	earlier, later, times := moments(wall, r.loc)
	shown := wall.Format("2006-01-02 15:04")
	switch times {
	case 0:
		r.notes = append(r.notes, fmt.Sprintf("%s: the clocks of %s never show %s, they are put forward; %s is taken",
			field, r.zone, shown, earlier.In(r.loc).Format("15:04")))
	case 2:
		at, word := earlier, "first"
		if choose == last {
			at, word = later, "second"
		}
		r.notes = append(r.notes, fmt.Sprintf("%s: the clocks of %s show %s twice, they are put back; the %s time is taken, %s",
			field, r.zone, shown, word, at.UTC().Format(time.RFC3339)))
		return at
	}
	return earlier
}

// moments finds the instants at which the clocks of a zone show what wall shows
// in UTC, and how many there are. When there is none, it gives twice the moment
// at which the clocks jumped over it.
func moments(wall time.Time, loc *time.Location) (earlier, later time.Time, times int) {
	const day = 24 * time.Hour // more than any zone is away from UTC
	_, before := wall.Add(-day).In(loc).Zone()
	_, after := wall.Add(day).In(loc).Zone()
	var found []time.Time
	for _, offset := range []int{before, after} {
		at := wall.Add(-time.Duration(offset) * time.Second)
		if _, is := at.In(loc).Zone(); is == offset {
			found = append(found, at)
		}
	}
	switch {
	case len(found) == 0:
		at := wall.Add(-time.Duration(before) * time.Second)
		if jump, _ := at.In(loc).ZoneBounds(); !jump.IsZero() {
			at = jump.UTC()
		}
		return at, at, 0
	case len(found) == 1 || before == after:
		return found[0], found[0], 1
	case found[0].After(found[1]):
		return found[1], found[0], 2
	}
	return found[0], found[1], 2
}
