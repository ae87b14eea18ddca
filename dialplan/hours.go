package dialplan

import (
	"slices"
	"time"
)

// Hours is when a hotline is open.
type Hours struct {
	Location *time.Location
	Week     [7][]Span // by time.Weekday; an empty day is closed
	Holidays []Holiday // closed all day
	// Exceptions are days with spans of their own, which count before holidays. Of
	// two for one day, that of one year counts before that of every year.
	Exceptions []Exception
}

// Exception is a day with spans of its own; none: closed all day.
type Exception struct {
	On    Holiday
	Spans []Span
}

// Span is an open time of one day, in minutes after midnight. When To is not
// after From, it ends on the next day.
type Span struct{ From, To int }

// Holiday is a day without work. Year 0 means every year.
type Holiday struct {
	Year  int
	Month time.Month
	Day   int
}

// russianHolidays are the non-working public holidays of article 112 of the
// Labour Code of Russia. Days off that the government moves from year to year
// are not among them: name their dates.
var russianHolidays = []Holiday{
	{0, time.January, 1}, {0, time.January, 2}, {0, time.January, 3}, {0, time.January, 4},
	{0, time.January, 5}, {0, time.January, 6}, {0, time.January, 7}, {0, time.January, 8},
	{0, time.February, 23}, {0, time.March, 8}, {0, time.May, 1}, {0, time.May, 9},
	{0, time.June, 12}, {0, time.November, 4},
}

// calendars are the sets of holidays that a document can name.
var calendars = map[string][]Holiday{"ru": russianHolidays}

// IsOpen says whether now is within the hours. The first minute of a span is
// open, its last is closed: 09:00-21:00 is closed at 21:00:00.
func (h *Hours) IsOpen(now time.Time) bool {
	local := now.In(h.Location)
	minute := local.Hour()*60 + local.Minute()
	for _, s := range h.spansOn(local) {
		if minute >= s.From && (minute < s.To || s.To <= s.From) {
			return true
		}
	}
	// A night shift that began yesterday; noon avoids the hour that summer time takes.
	yesterday := time.Date(local.Year(), local.Month(), local.Day()-1, 12, 0, 0, 0, h.Location)
	for _, s := range h.spansOn(yesterday) {
		if s.To <= s.From && minute < s.To {
			return true
		}
	}
	return false
}

// spansOn are the open times that begin on a day.
func (h *Hours) spansOn(day time.Time) []Span {
	var every *Exception
	for i, e := range h.Exceptions {
		switch {
		case !e.On.is(day):
		case e.On.Year != 0:
			return e.Spans
		case every == nil:
			every = &h.Exceptions[i]
		}
	}
	switch {
	case every != nil:
		return every.Spans
	case slices.ContainsFunc(h.Holidays, func(x Holiday) bool { return x.is(day) }):
		return nil
	}
	return h.Week[day.Weekday()]
}

func (x Holiday) is(day time.Time) bool {
	return x.Month == day.Month() && x.Day == day.Day() && (x.Year == 0 || x.Year == day.Year())
}
