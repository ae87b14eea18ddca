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

// limits are caps by their names.
type limits []struct {
	name string
	is   int
}

func (l limits) validate() error {
	for _, c := range l {
		if c.is < 0 || c.is > mostOfCap {
			return fmt.Errorf("%s: %d is outside of 0 (no limit) to %d", c.name, c.is, mostOfCap)
		}
	}
	return nil
}

// dialCap lets so many dials of somebody or something through in any window.
type dialCap struct {
	rule   Rule
	most   int // 0: no limit
	window time.Duration
	whose  string // "the queue"
}

func (p Policy) lookNumberDay(who Callee, at time.Time) Decision {
	return dialCap{RuleNumberDay, p.Caps.NumberDay, day, who.Number}.look(p.Facts.ToNumber, at)
}

func (p Policy) lookHour(_ Callee, at time.Time) Decision {
	return dialCap{RuleHour, p.Caps.Hour, time.Hour, "the queue"}.look(p.Facts.OfQueue, at)
}

func (p Policy) lookDay(_ Callee, at time.Time) Decision {
	return dialCap{RuleDay, p.Caps.Day, day, "the queue"}.look(p.Facts.OfQueue, at)
}

// look delays until the dial that is one too many leaves the window.
func (c dialCap) look(dials []time.Time, at time.Time) Decision {
	if c.most <= 0 || len(dials) < c.most {
		return Decision{}
	}
	until := dials[len(dials)-c.most].Add(c.window)
	if !at.Before(until) {
		return Decision{}
	}
	within := 0
	for _, t := range dials {
		if at.Before(t.Add(c.window)) {
			within++
		}
	}
	long := span(seconds(c.window))
	message := fmt.Sprintf("%s made for %s within %s", count(within, "dial was", "dials were"), c.whose, long)
	of := "the cap " + string(c.rule) + " of the callback policy"
	in := []Input{{"dials", strconv.Itoa(within)}, {"cap", strconv.Itoa(c.most)}, {"window_s", strconv.Itoa(seconds(c.window))}}
	switch c.rule {
	case RuleNumberDay:
		message = fmt.Sprintf("%s was dialled %s within %s", c.whose, count(within, "time", "times"), long)
	case RuleHour, RuleDay:
	default: // of a campaign or a cost group, which has caps of its own
		of = "the limit of " + c.whose
		in = append(in, Input{"of", c.whose})
	}
	return Decision{
		Rule: c.rule, Until: until, Message: message, Inputs: in,
		Remedy: fmt.Sprintf("nothing to do: the call is made when fewer are within %s; %s says how many", long, of),
	}
}

func (p Policy) lookInFlight(now time.Time) Decision {
	return inFlight(RuleInFlight, p.Facts.InFlight, p.Caps.InFlight, "the queue", "the cap in_flight of the callback policy", now)
}

func (p Policy) lookCampaignInFlight(who Callee, now time.Time) Decision {
	most := p.Campaigns[who.Campaign].InFlight
	whose := "campaign " + who.Campaign
	return inFlight(RuleCampaignInFlight, p.Facts.InCampaign, most, whose, "in_flight of "+whose, now)
}

func inFlight(rule Rule, now, most int, whose, limit string, at time.Time) Decision {
	if most <= 0 || now < most {
		return Decision{}
	}
	return Decision{
		Rule: rule, Until: at.Add(flightPause),
		Message: count(now, "other customer is", "other customers are") + " being called for " + whose,
		Remedy:  "nothing to do: looked at again every " + span(seconds(flightPause)) + "; " + limit + " says how many",
		Inputs:  []Input{{"in_flight", strconv.Itoa(now)}, {"cap", strconv.Itoa(most)}},
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
