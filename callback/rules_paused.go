package callback

import "time"

// A pause ends when somebody ends it. Promises look again after as long as it has
// lasted, within these limits: whoever wakes them earlier need not wait for it.
const (
	leastPause = time.Minute
	mostPause  = 15 * time.Minute
)

func (p Policy) lookPaused(now time.Time) Decision {
	order := p.Facts.Paused
	if !order.On {
		return Decision{}
	}
	d := Decision{
		Rule: RulePaused, Until: now.Add(min(max(now.Sub(order.Since), leastPause), mostPause)),
		Message: "callbacks of queue " + order.Queue + " are paused by " + or(order.By, "an operator"),
		Remedy:  "resume the queue: linekeeper callback resume " + order.Queue,
		Inputs:  []Input{{"paused_by", order.By}, {"paused_since", stamp(order.Since)}},
	}
	if order.Why != "" {
		d.Message += ": " + order.Why
		d.Inputs = append(d.Inputs, Input{"why", order.Why})
	}
	return d
}

// endless says whether nobody knows when the objection of a rule ends, so that it
// is looked at again and again.
func (r Rule) endless() bool {
	return r == RulePaused || r == RuleInFlight || r == RuleCampaignInFlight
}

// resumed says whether the pause is over that the promise rests for.
func (s *step) resumed() bool { return s.cb.DelayedBy == RulePaused && !s.p.Facts.Paused.On }
