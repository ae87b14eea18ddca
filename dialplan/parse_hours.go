package dialplan

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/callers"
)

var dayNames = map[string][]time.Weekday{
	"daily": {
		time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday,
	},
	"weekdays": {time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday},
	"weekends": {time.Saturday, time.Sunday},
	"mon":      {time.Monday},
	"tue":      {time.Tuesday},
	"wed":      {time.Wednesday},
	"thu":      {time.Thursday},
	"fri":      {time.Friday},
	"sat":      {time.Saturday},
	"sun":      {time.Sunday},
}

// dayKeys goes from the general to the special: a later key replaces the days
// of an earlier one.
var dayKeys = []string{"daily", "weekdays", "weekends", "mon", "tue", "wed", "thu", "fri", "sat", "sun"}

var hoursKeys = append(slices.Clone(dayKeys), "timezone", "holidays", "exceptions")

// hotlineHours reads the hours of the hotline and the node for closed times.
func (p *parser) hotlineHours(f field) (h *Hours, closed string) {
	all, ok := p.mapping(f.value, quoted(f), append([]string{"closed"}, hoursKeys...))
	if !ok {
		return &Hours{Location: time.UTC}, ""
	}
	if v, ok := all["closed"]; ok {
		closed = p.node(v)
	}
	h = p.hours(f.value, all)
	if h == nil {
		p.fail(f.key, strings.Join(dayKeys, ", "), "the hours name no day")
		return &Hours{Location: time.UTC}, closed
	}
	return h, closed
}

// hours reads the days of a mapping; nil when it names none.
func (p *parser) hours(n *yaml.Node, f fields) *Hours {
	h := &Hours{Location: time.UTC}
	if p.doc.Hours != nil {
		h.Location = p.doc.Hours.Location
	}
	named := false
	for _, key := range dayKeys {
		named = named || p.has(n, key)
		if v, ok := f[key]; ok {
			spans := p.spans(v)
			for _, day := range dayNames[key] {
				h.Week[day] = spans
			}
		}
	}
	if v, ok := f["timezone"]; ok {
		p.timezone(v, h)
	} else if named && p.doc.Hours == nil && !p.has(n, "timezone") {
		p.fail(n, "like Europe/Moscow", `hours need a "timezone"`)
	}
	if v, ok := f["holidays"]; ok {
		h.Holidays = p.holidays(v)
	} else if p.doc.Hours != nil {
		h.Holidays = p.doc.Hours.Holidays
	}
	if v, ok := f["exceptions"]; ok {
		h.Exceptions = p.exceptions(v)
	} else if p.doc.Hours != nil {
		h.Exceptions = p.doc.Hours.Exceptions
	}
	if !named {
		return nil
	}
	return h
}

// exceptions reads days with hours of their own.
func (p *parser) exceptions(f field) []Exception {
	days, _ := p.entries(f.value, quoted(f))
	var list []Exception
	for _, day := range days {
		on, err := parseHoliday(day.key.Value)
		if err != nil {
			p.fail(day.key, "a date like 2027-12-31 or a day of every year like 12-31", "%q is no day", day.key.Value)
			continue
		}
		e := Exception{On: on}
		if strings.TrimSpace(day.value.Value) != "closed" {
			e.Spans = p.spans(day)
		}
		list = append(list, e)
	}
	return list
}

func (p *parser) timezone(f field, h *Hours) {
	if loc := p.zone(f); loc != nil {
		h.Location = loc
	}
}

// zone reads a time zone; nil when it is none.
func (p *parser) zone(f field) *time.Location {
	v, ok := p.scalar(f.value, quoted(f))
	if !ok {
		return nil
	}
	loc, err := callers.LoadZone(v)
	if err != nil {
		p.fail(f.value, "like Europe/Moscow", "unknown time zone %q", v)
		return nil
	}
	return loc
}

var spanPattern = regexp.MustCompile(`^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$`)

func (p *parser) spans(f field) []Span {
	items, _ := p.list(f.value, quoted(f))
	var spans []Span
	for _, item := range items {
		span, ok := parseSpan(strings.TrimSpace(item.Value))
		if !ok {
			p.fail(item, "write it like 09:00-21:00", "%q is no span of time", item.Value)
			continue
		}
		spans = append(spans, span)
	}
	return spans
}

func parseSpan(v string) (Span, bool) {
	m := spanPattern.FindStringSubmatch(v)
	if m == nil {
		return Span{}, false
	}
	var n [4]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1]) // two digits at most
	}
	s := Span{From: n[0]*60 + n[1], To: n[2]*60 + n[3]}
	const day = 24 * 60
	return s, n[1] < 60 && n[3] < 60 && s.From < day && s.To <= day && s.From != s.To
}

func (p *parser) holidays(f field) []Holiday {
	items, _ := p.list(f.value, quoted(f))
	var holidays []Holiday
	for _, item := range items {
		v := strings.TrimSpace(item.Value)
		if calendar, ok := calendars[v]; ok {
			holidays = append(holidays, calendar...)
			continue
		}
		h, err := parseHoliday(v)
		if err != nil {
			p.fail(item, `a date like 2027-05-01, a day of every year like 05-01, or the calendar "ru"`, "%v", err)
			continue
		}
		holidays = append(holidays, h)
	}
	return holidays
}

func parseHoliday(v string) (Holiday, error) {
	if day, err := time.Parse(time.DateOnly, v); err == nil {
		return Holiday{day.Year(), day.Month(), day.Day()}, nil
	}
	// 2000 is a leap year, so that 02-29 is a day.
	if day, err := time.Parse(time.DateOnly, "2000-"+v); err == nil {
		return Holiday{0, day.Month(), day.Day()}, nil
	}
	return Holiday{}, fmt.Errorf("unknown holiday %q", v)
}
