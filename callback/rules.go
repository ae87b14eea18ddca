package callback

import (
	"slices"
	"strings"
	"time"
)

// Rule is the name of the rule that objects to a promise or to a dial.
type Rule string

// The rules, in the order they are looked at. The first three are about asking
// only; the others are looked at again right before each dial.
const (
	RuleRequest   Rule = "request"   // something is missing, or the id is unfit
	RuleNumber    Rule = "number"    // the number is not E.164
	RuleZone      Rule = "zone"      // there is no such time zone
	RuleWindow    Rule = "window"    // the time that the customer wishes for is past, too far ahead or outside of the hours
	RuleDuplicate Rule = "duplicate" // the same customer was promised a call from the same queue already
	RuleSlotFull  Rule = "slot_full" // as many calls as there may be are promised for the time
	RuleOnce      Rule = "once"      // a call is promised to who hangs up in line, but not twice within a day

	RulePrefix    Rule = "prefix"      // no allowed prefix fits the number
	RuleType      Rule = "type"        // numbers of this type are not called
	RuleBlocked   Rule = "blocked"     // the number, or its beginning, is blocked
	RuleDoNotCall Rule = "do_not_call" // the number is on the do-not-call list
	RuleCampaign  Rule = "campaign"    // the campaign is over

	RulePaused    Rule = "paused"     // an operator ordered that nobody is dialled for the queue
	RuleHours     Rule = "hours"      // nobody is called at this time of the customer's day
	RuleNumberDay Rule = "number_day" // the number was dialled often enough within a day
	RuleHour      Rule = "hour"       // the queue made its dials of an hour
	RuleDay       Rule = "day"        // the queue made its dials of a day
	RuleInFlight  Rule = "in_flight"  // enough customers of the queue are being called

	RuleCampaignHour     Rule = "campaign_hour"      // the campaign made its dials of an hour
	RuleCampaignDay      Rule = "campaign_day"       // the campaign made its dials of a day
	RuleCampaignInFlight Rule = "campaign_in_flight" // enough customers of the campaign are being called
	RuleCostHour         Rule = "cost_hour"          // numbers of a cost group were dialled often enough within an hour
	RuleCostDay          Rule = "cost_day"           // numbers of a cost group were dialled often enough within a day
)

// Rules lists every rule, those about asking first.
func Rules() []Rule {
	all := []Rule{RuleRequest, RuleNumber, RuleZone, RuleWindow, RuleDuplicate}
	for _, r := range slices.Concat(refusing, delaying) {
		all = append(all, r.name)
	}
	return append(all, RulePaused, RuleInFlight, RuleCampaignInFlight)
}

// Input is one thing that a rule looked at.
type Input struct{ Name, Value string }

// Decision is what the rules say about calling a number. Its zero value says
// that none objects.
type Decision struct {
	Rule    Rule      // that objects; "" when none does
	Until   time.Time // not before this time; zero: not at all
	Message string    // what is wrong, in plain words
	Remedy  string    // what to do about it
	Inputs  []Input   // what was looked at
}

// Allowed says that no rule objects.
func (d Decision) Allowed() bool { return d.Rule == "" }

// Delayed says that time alone lifts the objection, at Until.
func (d Decision) Delayed() bool { return d.Rule != "" && !d.Until.IsZero() }

// Refused says that the number is not called at all.
func (d Decision) Refused() bool { return d.Rule != "" && d.Until.IsZero() }

// inputs is how the journal has them: "type: premium_rate; allowed: mobile".
func inputs(all []Input) string {
	parts := make([]string, len(all))
	for i, in := range all {
		parts[i] = in.Name + ": " + in.Value
	}
	return strings.Join(parts, "; ")
}

// Facts are what the rules look at beside the policy. They change all the time,
// so the controller fills them in for each step.
type Facts struct {
	Listed bool // the number is on the do-not-call list

	ToNumber   []time.Time            // earlier dials of the number, the oldest first; only those of the last 24 h matter
	OfQueue    []time.Time            // earlier dials for the queue, likewise
	OfCampaign []time.Time            // earlier dials for the campaign, likewise
	OfCost     map[string][]time.Time // earlier dials of the number's cost groups, by their names, likewise

	InFlight   int   // other customers of the queue who are being called or wait for the agent
	InCampaign int   // other customers of the campaign, likewise
	Paused     Pause // the order about the queue; its zero value stands for none
}

// rule is one rule: its name, and what it says about somebody at a time.
type rule struct {
	name Rule
	look func(p Policy, who Callee, at time.Time) Decision
}

// refusing are the rules that time does not lift.
var refusing = []rule{
	{RulePrefix, Policy.lookPrefix},
	{RuleType, Policy.lookType},
	{RuleBlocked, Policy.lookBlocked},
	{RuleDoNotCall, Policy.lookDoNotCall},
}

// delaying are the rules that look at the time. All but the first let go of
// somebody later, and when they do, the first one may be against it for good.
var delaying = []rule{
	{RuleCampaign, Policy.lookCampaign},
	{RuleHours, Policy.lookHours},
	{RuleNumberDay, Policy.lookNumberDay},
	{RuleHour, Policy.lookHour},
	{RuleDay, Policy.lookDay},
	{RuleCampaignHour, Policy.lookCampaignHour},
	{RuleCampaignDay, Policy.lookCampaignDay},
	{RuleCostHour, Policy.lookCostHour},
	{RuleCostDay, Policy.lookCostDay},
}

// Decide holds a callee against every rule. The first one that refuses them
// decides. Of those that only delay the call, the one that lets it go last does:
// at Until, none of them objects any more, as far as is known now. A pause is the
// exception, as in_flight is: nobody knows its end, so it is looked at again.
func (p Policy) Decide(who Callee, now time.Time) Decision {
	p = p.WithDefaults()
	for _, r := range refusing {
		if d := r.look(p, who, now); d.Rule != "" {
			return d
		}
	}
	var last Decision
	for at := now; ; at = last.Until {
		d := p.objection(who, at)
		switch {
		case d.Rule == "" && last.Rule == "":
			return p.soon(who, now)
		case d.Refused():
			return d
		case d.Rule == "", !d.Until.After(at):
			return last
		}
		last = d
	}
}

// objection is that of the first rule that delays a call at this time.
func (p Policy) objection(who Callee, at time.Time) Decision {
	for _, r := range delaying {
		if d := r.look(p, who, at); d.Rule != "" {
			return d
		}
	}
	return Decision{}
}

// soon is the objection of the rules whose end nobody knows.
func (p Policy) soon(who Callee, now time.Time) Decision {
	if d := p.lookPaused(now); d.Rule != "" {
		return d
	}
	if d := p.lookInFlight(now); d.Rule != "" {
		return d
	}
	return p.lookCampaignInFlight(who, now)
}
