package callback

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Campaign limits the calls that are made for one occasion, over all queues. 0
// stands for no limit.
type Campaign struct {
	Hour     int       // dials in an hour
	Day      int       // dials in a day
	InFlight int       // customers who are being called, or wait for the agent, at once
	Until    time.Time // nobody is dialled for it from then on; zero: it has no end
}

// CostGroup limits what calls may cost: the dials of numbers whose calls are
// charged alike, over all queues. A number belongs to every group that fits it.
type CostGroup struct {
	Name     string
	Prefixes []string     // beginnings of its numbers; none: any
	Types    []NumberType // of its numbers; none: any
	Hour     int          // dials in an hour; 0: no limit
	Day      int          // dials in a day; 0: no limit
}

func (g CostGroup) fits(number string) bool {
	begins := func(prefix string) bool { return strings.HasPrefix(number, prefix) }
	return (len(g.Prefixes) == 0 || slices.ContainsFunc(g.Prefixes, begins)) &&
		(len(g.Types) == 0 || slices.Contains(g.Types, TypeOf(number)))
}

// CostGroupsOf names the cost groups of a number, in the order of the policy.
func (p Policy) CostGroupsOf(number string) []string {
	var names []string
	for _, g := range p.CostGroups {
		if g.fits(number) {
			names = append(names, g.Name)
		}
	}
	return names
}

// Capped says whether dials are to be counted.
func (p Policy) Capped() bool {
	return p.Caps != (Caps{}) || len(p.Campaigns) > 0 || len(p.CostGroups) > 0
}

// lookCampaign refuses what is too late for its campaign.
func (p Policy) lookCampaign(who Callee, at time.Time) Decision {
	ends := p.Campaigns[who.Campaign].Until
	if who.Campaign == "" || ends.IsZero() || at.Before(ends) {
		return Decision{}
	}
	return Decision{
		Rule:    RuleCampaign,
		Message: fmt.Sprintf("campaign %s is over since %s", who.Campaign, stamp(ends)),
		Remedy:  fmt.Sprintf("set a later until of campaign %s of the callback policy", who.Campaign),
		Inputs:  []Input{{"campaign", who.Campaign}, {"until", stamp(ends)}},
	}
}

func (p Policy) lookCampaignHour(who Callee, at time.Time) Decision {
	c := dialCap{RuleCampaignHour, p.Campaigns[who.Campaign].Hour, time.Hour, "campaign " + who.Campaign}
	return c.look(p.Facts.OfCampaign, at)
}

func (p Policy) lookCampaignDay(who Callee, at time.Time) Decision {
	c := dialCap{RuleCampaignDay, p.Campaigns[who.Campaign].Day, day, "campaign " + who.Campaign}
	return c.look(p.Facts.OfCampaign, at)
}

func (p Policy) lookCostHour(who Callee, at time.Time) Decision {
	return p.lookCost(who, at, func(g CostGroup) dialCap { return dialCap{RuleCostHour, g.Hour, time.Hour, "cost group " + g.Name} })
}

func (p Policy) lookCostDay(who Callee, at time.Time) Decision {
	return p.lookCost(who, at, func(g CostGroup) dialCap { return dialCap{RuleCostDay, g.Day, day, "cost group " + g.Name} })
}

// lookCost is the objection of the cost group that objects for longest.
func (p Policy) lookCost(who Callee, at time.Time, limit func(CostGroup) dialCap) Decision {
	var last Decision
	for _, g := range p.CostGroups {
		c := limit(g)
		if c.most <= 0 || !g.fits(who.Number) {
			continue
		}
		if d := c.look(p.Facts.OfCost[g.Name], at); d.Until.After(last.Until) {
			last = d
		}
	}
	return last
}

// Validate says what is wrong with a campaign, nil when nothing is.
func (c Campaign) Validate() error {
	return limits{{"hour", c.Hour}, {"day", c.Day}, {"in_flight", c.InFlight}}.validate()
}

// Validate says what is wrong with a cost group, nil when nothing is.
func (g CostGroup) Validate() error {
	for _, prefix := range g.Prefixes {
		if !validPrefix(prefix) {
			return fmt.Errorf("%q is not a prefix: write + and 1 to 15 digits, such as \"+7916\"", prefix)
		}
	}
	for _, is := range g.Types {
		if !slices.Contains(NumberTypes(), is) {
			return fmt.Errorf("there is no type %q; write any of %s", is, typeList(NumberTypes()))
		}
	}
	if len(g.Prefixes) == 0 && len(g.Types) == 0 {
		return fmt.Errorf("has neither prefixes nor types: say which numbers belong to it; the caps of queues limit all of them")
	}
	if g.Hour == 0 && g.Day == 0 {
		return fmt.Errorf("limits nothing: write hour, day or both")
	}
	return limits{{"hour", g.Hour}, {"day", g.Day}}.validate()
}
