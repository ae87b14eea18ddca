package callback

import (
	"fmt"
	"strconv"
	"time"
)

// Caps limit how often is dialled. 0 stands for no limit. An hour and a day are
// any 60 minutes and any 24 hours that end now, so that no choice of midnight
// lets twice as much through.
type Caps struct {
	NumberDay int // dials of one number, from all queues, in a day
	Hour      int // dials for one queue in an hour
	Day       int // dials for one queue in a day
	InFlight  int // customers of one queue who are being called, or wait for the agent, at once
}

// mostOfCap bounds what a cap may be, and so what Ledger remembers.
const mostOfCap = 100_000

const day = 24 * time.Hour

// flightPause is when a promise looks again whether a call is over: nobody knows
// the time.
const flightPause = 15 * time.Second

func (p Policy) lookNumberDay(who Callee, at time.Time) Decision {
	return capped(RuleNumberDay, p.Caps.NumberDay, day, p.Facts.ToNumber, who.Number, at)
}

func (p Policy) lookHour(_ Callee, at time.Time) Decision {
	return capped(RuleHour, p.Caps.Hour, time.Hour, p.Facts.OfQueue, "the queue", at)
}

func (p Policy) lookDay(_ Callee, at time.Time) Decision {
	return capped(RuleDay, p.Caps.Day, day, p.Facts.OfQueue, "the queue", at)
}

// capped delays until the dial that is one too many leaves the window.
func capped(name Rule, limit int, window time.Duration, dials []time.Time, whose string, at time.Time) Decision {
	if limit <= 0 || len(dials) < limit {
		return Decision{}
	}
	until := dials[len(dials)-limit].Add(window)
	if !at.Before(until) {
		return Decision{}
	}
	within := 0
	for _, t := range dials {
		if at.Before(t.Add(window)) {
			within++
		}
	}
	long := span(seconds(window))
	message := fmt.Sprintf("%s was dialled %s within %s", whose, count(within, "time", "times"), long)
	if name != RuleNumberDay {
		message = fmt.Sprintf("%s were made for %s within %s", count(within, "dial", "dials"), whose, long)
	}
	return Decision{
		Rule: name, Until: until, Message: message,
		Remedy: fmt.Sprintf("nothing to do: the call is made when fewer are within %s; the cap %s of the callback policy says how many", long, name),
		Inputs: []Input{{"dials", strconv.Itoa(within)}, {"cap", strconv.Itoa(limit)}, {"window_s", strconv.Itoa(seconds(window))}},
	}
}

func (p Policy) lookInFlight(now time.Time) Decision {
	if p.Caps.InFlight <= 0 || p.Facts.InFlight < p.Caps.InFlight {
		return Decision{}
	}
	return Decision{
		Rule: RuleInFlight, Until: now.Add(flightPause),
		Message: count(p.Facts.InFlight, "other customer is", "other customers are") + " being called for the queue",
		Remedy:  "nothing to do: looked at again every " + span(seconds(flightPause)) + "; the cap in_flight of the callback policy says how many",
		Inputs:  []Input{{"in_flight", strconv.Itoa(p.Facts.InFlight)}, {"cap", strconv.Itoa(p.Caps.InFlight)}},
	}
}

// InFlight says whether a promise counts for the cap of that name: its customer
// is being called, or waits for the agent.
func (c Callback) InFlight() bool {
	switch c.State {
	case Dialling, Ringing, Answered, Confirmed:
		return true
	}
	return false
}
