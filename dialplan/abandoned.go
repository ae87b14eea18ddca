package dialplan

import (
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/prompts"
)

// Abandoned says who is called back after hanging up while waiting in line.
type Abandoned struct {
	After   time.Duration // the shortest wait
	Consent Consent
	Once    bool // not again within a day for the same number
	Key     rune // by which callers agree, with ConsentAsked
}

// Consent says who is called back without having asked for it.
type Consent string

// The consents.
const (
	ConsentAlways Consent = "always" // whoever shows a number
	ConsentKnown  Consent = "known"  // only who is in the directory
	ConsentAsked  Consent = "asked"  // only who pressed the key for it while waiting
)

// abandons says whether a caller who hangs up now is called back.
func (c *call) abandons() bool {
	rule := c.doc.Callback.Abandoned
	if rule == nil || !c.s.Held || c.s.Outbound || c.s.ANI == "" || c.s.NoCall || c.s.Phase == PhaseConnected {
		return false
	}
	return c.consents(rule) && c.now.Sub(c.s.WaitSince) >= rule.After
}

func (c *call) consents(rule *Abandoned) bool {
	switch rule.Consent {
	case ConsentAlways:
		return true
	case ConsentKnown:
		return c.s.Caller.Account != "" && c.s.Caller.Assurance >= callers.AssuranceANI
	case ConsentAsked:
		return c.s.Consent
	}
	return false
}

// abandon asks for the promise of a caller who hung up while waiting. Its place is
// the one that the call still holds.
func (c *call) abandon() {
	c.dropTake()
	c.s.Number, c.s.Asked = c.s.ANI, c.s.Held
	c.do(Promise{
		Queue: c.s.Queue, Number: c.s.ANI, KeepPlace: c.s.Held, Abandoned: true, Once: c.doc.Callback.Abandoned.Once,
	})
	c.end(ResultAbandoned)
	c.s.Phase = PhaseGone
}

// asksConsent says whether a caller in line is yet to be asked.
func (c *call) asksConsent() bool {
	rule := c.doc.Callback.Abandoned
	return rule != nil && rule.Consent == ConsentAsked && !c.s.ConsentSought && !c.s.Outbound && c.s.ANI != "" && !c.s.NoCall
}

// consentDue is how long a caller waits for the question where there is nothing to
// be told of the place.
const consentDue = 5 * time.Second

// consentAt is when the question is due, zero for never: after the first word, so
// that the place comes first.
func (c *call) consentAt() time.Time {
	switch {
	case !c.asksConsent():
		return time.Time{}
	case !c.s.SaidAt.IsZero():
		return c.now
	}
	return c.s.hereSince().Add(consentDue)
}

func (c *call) seekConsent() {
	c.stopTimer()
	c.s.ConsentSought = true
	c.say(c.s.Language, c.message(prompts.KeyCutOffConsent, string(c.doc.Callback.Abandoned.Key)))
}

// consentKey takes the key by which a caller agrees, and says whether it was one.
func (c *call) consentKey(key rune) bool {
	rule := c.doc.Callback.Abandoned
	if rule == nil || !c.s.ConsentSought || key != rule.Key || c.s.Consent {
		return false
	}
	c.quiet()
	c.s.Consent = true
	c.note("callback.consented", nil)
	c.say(c.s.Language, c.message(prompts.KeyCutOffConsentThanks))
	return true
}
