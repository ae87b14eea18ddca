package callback

import (
	"fmt"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/dialplan"
)

// hoursAhead is how far an opening is looked for. The longest row of holidays is
// a few weeks; what is closed for longer is a fault of the hours.
const hoursAhead = 62 * 24 * time.Hour

// lookHours allows a call while it is within the calling hours by the clocks of
// every zone where the phone may be, and the hours go on for the cut-off.
func (p Policy) lookHours(who Callee, at time.Time) Decision {
	if p.Hours == nil {
		return Decision{}
	}
	clocks, from, unknown := p.clocks(who, at)
	in := []Input{{"zones", zoneList(clocks)}, {"zones_from", from}, {"local_time", localTimes(clocks, at)}, {"cut_off_s", fmt.Sprint(seconds(p.CutOff))}}
	if unknown != "" {
		return Decision{
			Rule: RuleHours, Message: fmt.Sprintf("the clocks of %s, where %s may be, are not known", unknown, who.Number),
			Remedy: "install the time zone database (tzdata) on this machine", Inputs: in,
		}
	}
	if callable(clocks, at, p.CutOff) {
		return Decision{}
	}
	opens, found := nextOpening(clocks, at, p.CutOff)
	if !found {
		return Decision{
			Rule: RuleHours, Message: fmt.Sprintf("%s may be in %s, and there is no time within the calling hours of all of them", who.Number, zoneList(clocks)),
			Remedy: "widen the hours of the callback policy, or call by hand", Inputs: in,
		}
	}
	why := "is outside of the calling hours"
	if callable(clocks, at, 0) {
		why = fmt.Sprintf("is less than %s before their end", span(seconds(p.CutOff)))
	}
	return Decision{
		Rule: RuleHours, Until: opens,
		Message: fmt.Sprintf("%s %s", localTimes(clocks, at), why),
		Remedy:  "nothing to do: the call is made when they begin again; the hours of the callback policy say when",
		Inputs:  in,
	}
}

// clocks are the hours in each zone where the callee may be. unknown is a zone that
// this machine does not know.
func (p Policy) clocks(who Callee, at time.Time) (clocks []*dialplan.Hours, from, unknown string) {
	zones, from, unknown := p.zonesOf(who, at)
	for _, zone := range zones {
		clocks = append(clocks, p.Hours.In(zone))
	}
	return clocks, from, unknown
}

func (p Policy) zone() *time.Location {
	switch {
	case p.Zone != nil:
		return p.Zone
	case p.Hours != nil:
		return p.Hours.Location
	}
	return time.UTC
}

// Clock is the location by which a customer is told times: their own zone or that
// of the number, when it is only one, else the policy's own.
func (p Policy) Clock(who Callee) *time.Location {
	who.Unverified = false // it is they who are told
	if zones, _, _ := p.zonesOf(who, time.Time{}); len(zones) == 1 {
		return zones[0]
	}
	return p.zone()
}

// Closes is when the rule about hours begins to object, for a callee to whom it
// does not object now; zero when there are no hours, or when it objects already.
// An end that is more than a day away is not looked for: it is a day from now.
func (p Policy) Closes(who Callee, now time.Time) time.Time {
	if p.Hours == nil || p.lookHours(who, now).Rule != "" {
		return time.Time{}
	}
	clocks, _, _ := p.clocks(who, now) // they are known, or the rule would object
	return p.closes(clocks, now)
}

// nextTurn is the first time after at when one of them may open or close.
func nextTurn(clocks []*dialplan.Hours, at time.Time) time.Time {
	next := clocks[0].Turn(at)
	for _, h := range clocks[1:] {
		if turn := h.Turn(at); turn.Before(next) {
			next = turn
		}
	}
	return next
}

// callable says whether all are open at this time, and stay open for rest.
func callable(clocks []*dialplan.Hours, at time.Time, rest time.Duration) bool {
	for _, h := range clocks {
		for t := at; !t.After(at.Add(rest)); t = h.Turn(t) {
			// What ends at the very end of the rest has lasted.
			if !h.IsOpen(t) && (t.Equal(at) || t.Before(at.Add(rest))) {
				return false
			}
		}
	}
	return true
}

// nextOpening is the first time after at when all are open for as long as rest.
func nextOpening(clocks []*dialplan.Hours, at time.Time, rest time.Duration) (time.Time, bool) {
	for t := at; t.Before(at.Add(hoursAhead)); {
		if t = nextTurn(clocks, t); callable(clocks, t, rest) {
			return t, true
		}
	}
	return time.Time{}, false
}

func zoneList(clocks []*dialplan.Hours) string {
	names := make([]string, len(clocks))
	for i, h := range clocks {
		names[i] = h.Location.String()
	}
	return strings.Join(names, ", ")
}

// localTimes tells the time of day in one zone, or how far it spreads.
func localTimes(clocks []*dialplan.Hours, at time.Time) string {
	if len(clocks) == 0 {
		return "unknown"
	}
	first, last := at.In(clocks[0].Location), at.In(clocks[0].Location)
	for _, h := range clocks[1:] {
		local := at.In(h.Location)
		_, offset := local.Zone()
		if _, low := first.Zone(); offset < low {
			first = local
		}
		if _, high := last.Zone(); offset > high {
			last = local
		}
	}
	const layout = "Mon 15:04"
	if len(clocks) == 1 {
		return first.Format(layout) + " in " + clocks[0].Location.String()
	}
	return first.Format(layout) + " to " + last.Format(layout)
}

// everCallable says whether a week has a time that the hours and the cut-off
// allow, holidays aside.
func (p Policy) everCallable() bool {
	h := p.Hours.In(time.UTC)
	h.Holidays, h.Exceptions = nil, nil
	monday := time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)
	_, found := nextOpening([]*dialplan.Hours{h}, monday.Add(-time.Minute), p.CutOff)
	return found
}
