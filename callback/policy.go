package callback

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/dialplan"
)

// UncertainPolicy says what follows when linekeeper stopped while dialling and
// the switch cannot tell whether the customer was called.
type UncertainPolicy string

// The policies for an uncertain attempt. None dials again at once.
const (
	CountAsTry      UncertainPolicy = "count" // it was an attempt; the next one comes after RetryAfter
	HoldForOperator UncertainPolicy = "hold"  // nothing happens until an operator resolves it
	AskSwitch       UncertainPolicy = "ask"   // for as long as a call can ring it goes on if the switch shows it after all; then it counts as a try
)

// UncertainPolicies returns every policy for an uncertain attempt, the default first.
func UncertainPolicies() []UncertainPolicy {
	return []UncertainPolicy{CountAsTry, HoldForOperator, AskSwitch}
}

// Policy says who may be called, when and how often; rules.go has the rules. The
// zero value allows nobody; a zero in any other field stands for its default.
type Policy struct {
	Prefixes []string     // allowed beginnings of numbers: "+7916"; none allows nobody
	Types    []NumberType // of numbers that are called; default DefaultTypes
	Blocked  []string     // numbers, and beginnings of numbers, that are not called although a prefix allows them
	Caps     Caps         // how often is dialled; default no limit

	Campaign   string              // of promises that name none; the controller puts it into the request
	Campaigns  map[string]Campaign // by name; one that is not listed has no limits of its own
	CostGroups []CostGroup         // each has a name of its own

	Hours  *dialplan.Hours // when customers are called, by their own clocks; nil: at any time
	Zone   *time.Location  // of numbers that tell no time zone; default that of Hours
	CutOff time.Duration   // no dial when Hours end sooner than this; 0 to 12 h, default 0
	Ahead  time.Duration   // how far in the future the window of a promise may begin; 1 h to 366 days, default 60 days
	Facts  Facts           // not a setting: what the controller knows at this moment

	Mode    Mode              // who is called first; default CustomerFirst
	Retries map[Outcome]Retry // what follows attempts that ended so; RetryOf has the defaults
	Expire  time.Duration     // from the time it was promised for (Window.From, else AskedAt) until it is given up; 0: never
	Machine MachineAction     // what is done when a machine answers; default MachineHangUp

	RetryAfter     time.Duration   // from the end of an attempt to the next one; default 5 min
	MaxAttempts    int             // 1 to 10; default 2
	RingTimeout    time.Duration   // how long the customer's phone rings; default 30 s
	ConfirmTimeout time.Duration   // how long a key is awaited, beside the time of the spoken question; default 15 s
	AgentHold      time.Duration   // how long an agent who took the place waits for the customer; default 30 s
	Uncertain      UncertainPolicy // default CountAsTry
}

// MachineAction is what is done when a machine answers.
type MachineAction string

// The actions for machines. No agent is ever connected to one.
const (
	MachineHangUp  MachineAction = "hang_up"
	MachineMessage MachineAction = "message" // a word of who called and why is left after the tone
)

// PolicyError is one mistake in a Policy. Field is the name of the field.
type PolicyError struct {
	Field   string
	Message string
}

func (e *PolicyError) Error() string { return "callback policy: " + e.Field + ": " + e.Message }

// WithDefaults returns the policy with every zero field filled in that has
// another default than zero.
func (p Policy) WithDefaults() Policy {
	fill := func(d *time.Duration, def time.Duration) {
		if *d == 0 {
			*d = def
		}
	}
	fill(&p.Ahead, defaultAhead)
	fill(&p.RetryAfter, 5*time.Minute)
	fill(&p.RingTimeout, 30*time.Second)
	fill(&p.ConfirmTimeout, 15*time.Second)
	fill(&p.AgentHold, 30*time.Second)
	if p.MaxAttempts == 0 {
		p.MaxAttempts = 2
	}
	if p.Uncertain == "" {
		p.Uncertain = CountAsTry
	}
	if p.Mode == "" {
		p.Mode = CustomerFirst
	}
	if p.Machine == "" {
		p.Machine = MachineHangUp
	}
	if len(p.Types) == 0 {
		p.Types = DefaultTypes()
	}
	return p
}

// Validate returns all mistakes in the policy, nil when there are none. Each is
// a *PolicyError.
func (p Policy) Validate() []error {
	p = p.WithDefaults()
	var errs []error
	bad := func(field, format string, args ...any) {
		errs = append(errs, &PolicyError{Field: field, Message: fmt.Sprintf(format, args...)})
	}
	for _, prefix := range p.Prefixes {
		if !validPrefix(prefix) {
			bad("Prefixes", "%q is not a prefix: write + and 1 to 15 digits, such as \"+7916\"", prefix)
		}
	}
	for _, is := range p.Types {
		if !slices.Contains(NumberTypes(), is) {
			bad("Types", "there is no type %q; write any of %s", is, typeList(NumberTypes()))
		}
	}
	for _, prefix := range p.Blocked {
		if !validPrefix(prefix) {
			bad("Blocked", "%q is neither a number nor a prefix: write + and 1 to 15 digits, such as \"+7900\"", prefix)
		}
	}
	for _, c := range (limits{{"number_day", p.Caps.NumberDay}, {"hour", p.Caps.Hour}, {"day", p.Caps.Day}, {"in_flight", p.Caps.InFlight}}) {
		if err := (limits{c}).validate(); err != nil {
			bad("Caps", "%v", err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Campaigns)) {
		if err := p.Campaigns[name].Validate(); err != nil {
			bad("Campaigns", "%s: %v", name, err)
		}
	}
	for _, g := range p.CostGroups {
		if err := g.Validate(); err != nil {
			bad("CostGroups", "%s: %v", g.Name, err)
		}
	}
	if p.Hours != nil && !p.everCallable() {
		bad("Hours", "no time of a week is open for as long as the cut-off of %s", p.CutOff)
	}
	between := func(field string, d, low, high time.Duration) {
		if d < low || d > high {
			bad(field, "%s is outside of %s to %s", d, low, high)
		}
	}
	between("RetryAfter", p.RetryAfter, time.Second, 7*24*time.Hour)
	between("RingTimeout", p.RingTimeout, time.Second, 5*time.Minute)
	between("ConfirmTimeout", p.ConfirmTimeout, time.Second, 5*time.Minute)
	between("CutOff", p.CutOff, 0, 12*time.Hour)
	between("Ahead", p.Ahead, time.Hour, 366*day)
	between("AgentHold", p.AgentHold, time.Second, 10*time.Minute)
	if p.Expire != 0 {
		between("Expire", p.Expire, time.Minute, 30*24*time.Hour)
	}
	if !slices.Contains(Modes(), p.Mode) {
		bad("Mode", "%q is neither %q, %q nor %q", p.Mode, CustomerFirst, AgentFirst, AgentPreview)
	}
	if p.Machine != MachineHangUp && p.Machine != MachineMessage {
		bad("Machine", "%q is neither %q nor %q", p.Machine, MachineHangUp, MachineMessage)
	}
	p.checkRetries(bad)
	if p.MaxAttempts < 1 || p.MaxAttempts > 10 {
		bad("MaxAttempts", "%d is outside of 1 to 10", p.MaxAttempts)
	}
	if !slices.Contains(UncertainPolicies(), p.Uncertain) {
		bad("Uncertain", "%q is neither %q, %q nor %q", p.Uncertain, CountAsTry, HoldForOperator, AskSwitch)
	}
	return errs
}

// Allows says whether number is E.164 and begins with an allowed prefix.
func (p Policy) Allows(number string) bool {
	if !ValidNumber(number) {
		return false
	}
	for _, prefix := range p.Prefixes {
		// An invalid prefix such as "" would otherwise allow everybody.
		if validPrefix(prefix) && strings.HasPrefix(number, prefix) {
			return true
		}
	}
	return false
}

func validPrefix(s string) bool { return plusDigits(s, 1, 15) }

// ValidNumber says whether s is a number in the form of E.164: + and 8 to 15
// digits.
func ValidNumber(s string) bool { return plusDigits(s, 8, 15) }

func plusDigits(s string, low, high int) bool {
	digits, ok := strings.CutPrefix(s, "+")
	if !ok || len(digits) < low || len(digits) > high {
		return false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
	}
	return true
}
