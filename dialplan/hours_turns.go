package dialplan

import (
	"time"

	"go.yaml.in/yaml/v3"
)

// In gives the same hours, told by the clocks of another place.
func (h *Hours) In(loc *time.Location) *Hours {
	other := *h
	other.Location = loc
	return &other
}

// Turn gives the next instant after now at which IsOpen may change its answer:
// a span begins or ends, a day ends, or the clocks are changed. Between two
// turns the answer stays as it is.
func (h *Hours) Turn(now time.Time) time.Time {
	const day = 24 * 60
	local := now.In(h.Location)
	minute, next := local.Hour()*60+local.Minute(), day
	look := func(at int) {
		if at > minute && at < next {
			next = at
		}
	}
	for _, s := range h.spansOn(local) {
		look(s.From)
		if s.To > s.From {
			look(s.To)
		}
	}
	for _, s := range h.spansOn(time.Date(local.Year(), local.Month(), local.Day()-1, 12, 0, 0, 0, h.Location)) {
		if s.To <= s.From {
			look(s.To)
		}
	}
	past := time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
	at := now.Add(time.Duration(next-minute)*time.Minute - past)
	// Where the clocks are changed before, the minutes counted above are not those
	// that pass.
	if _, end := local.ZoneBounds(); !end.IsZero() && end.Before(at) {
		return end
	}
	return at
}

// ReadHours reads hours that stand outside of a document: the mapping of days to
// spans, with "timezone", "holidays" and "exceptions", as a hotline has it, but for "closed".
// File is only used in messages. The error is an ErrorList of all faults.
func ReadHours(file string, node *yaml.Node) (*Hours, error) {
	p := &parser{doc: &Document{File: file}}
	found, ok := p.mapping(node, "the hours", hoursKeys)
	if !ok {
		return nil, p.errs.asError()
	}
	h := p.hours(node, found)
	if h == nil && len(p.errs) == 0 {
		p.fail(node, "like weekdays: \"09:00-20:00\"", "the hours name no day")
	}
	if len(p.errs) > 0 {
		return nil, p.errs.asError()
	}
	return h, nil
}
