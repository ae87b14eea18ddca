package prompts

import (
	"errors"
	"strings"
	"time"
)

// moment is a day, a time of day, or both.
type moment struct {
	time.Time
	day, clock bool
}

// The ways to write a date or a time, the most telling first. Those with a zone
// are points in time and are told by the clock of who hears them.
var layouts = []struct {
	layout           string
	zone, day, clock bool
}{
	{time.RFC3339Nano, true, true, true},
	{"2006-01-02 15:04:05.999999999Z07:00", true, true, true},
	{"2006-01-02 15:04:05.999999999Z07", true, true, true},
	{"2006-01-02T15:04:05.999999999", false, true, true},
	{"2006-01-02 15:04:05.999999999", false, true, true},
	{"2006-01-02T15:04", false, true, true},
	{"2006-01-02 15:04", false, true, true},
	{time.DateOnly, false, true, false},
	{time.TimeOnly, false, false, true},
	{"15:04", false, false, true},
}

// momentOf reads a date or time. Points in time are moved to the zone of now,
// unless that is zero; what is written without a zone is taken to be there.
func momentOf(value any, now time.Time) (moment, error) {
	if at, ok := value.(time.Time); ok {
		return moment{local(at, now), true, true}, nil
	}
	text, ok := textOf(value)
	if !ok {
		return moment{}, errKind
	}
	for _, l := range layouts {
		zone := time.UTC
		if !now.IsZero() {
			zone = now.Location()
		}
		at, err := time.ParseInLocation(l.layout, text, zone)
		if err != nil {
			continue
		}
		if l.zone {
			at = local(at, now)
		}
		return moment{at, l.day, l.clock}, nil
	}
	return moment{}, errors.New("a text that is no date or time such as 2026-11-25, 2026-11-25T18:30:00+03:00 or 18:30")
}

func local(at, now time.Time) time.Time {
	if now.IsZero() {
		return at
	}
	return at.In(now.Location())
}

// dateOptions are those of a date in a document.
type dateOptions struct {
	DateForm
	near, short bool
}

func (o *options) date() dateOptions {
	d := dateOptions{DateForm: DateForm{Weekday: o.has("weekday")}, near: o.has("near")}
	switch o.oneOf("year", "short") {
	case 0:
		d.Year = true
	case 1:
		d.short = true
	}
	return d
}

// words says the day of m. In English, where a day in a sentence needs "on" and
// "today" does not, near days bring it along.
func (d dateOptions) words(lang string, m moment, now time.Time) (string, error) {
	if !m.day {
		return "", errors.New("it has no day")
	}
	on := ""
	if d.near && !now.IsZero() {
		if word := nearDay(lang, m.Time, now); word != "" {
			return word, nil
		}
	}
	if d.near && lang == English {
		on = "on "
	}
	form := d.DateForm
	form.Year = d.Year || !d.short && (now.IsZero() || now.In(m.Location()).Year() != m.Year())
	return on + Date(lang, m.Time, form), nil
}

func dateFilter(lang string, o *options) valueSpeaker {
	d := o.date()
	c, written := o.grammatical()
	d.When, d.Case = !written, c
	return func(value any, now time.Time) (string, error) {
		m, err := momentOf(value, now)
		if err != nil {
			return "", err
		}
		return d.words(lang, m, now)
	}
}

func timeFilter(lang string, o *options) valueSpeaker {
	c, _ := o.grammatical()
	return func(value any, now time.Time) (string, error) {
		m, err := momentOf(value, now)
		if err != nil {
			return "", err
		}
		if !m.clock {
			return "", errors.New("it has no time of day")
		}
		return Clock(lang, m.Time, c), nil
	}
}

var at = map[string]string{Russian: " в ", English: " at "}

func datetimeFilter(lang string, o *options) valueSpeaker {
	d := o.date()
	d.When = true
	return func(value any, now time.Time) (string, error) {
		m, err := momentOf(value, now)
		if err != nil {
			return "", err
		}
		if !m.clock {
			return "", errors.New("it has no time of day")
		}
		words, err := d.words(lang, m, now)
		if lang == Russian && strings.Contains(words, ",") {
			words += "," // the comma after the weekday opens what this one closes
		}
		return words + at[lang] + Clock(lang, m.Time, Accusative), err
	}
}
