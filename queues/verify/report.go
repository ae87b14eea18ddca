package verify

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

// Rule says what a fault breaks.
type Rule string

// The rules that can be broken.
const (
	Overtaken      Rule = "overtaken"       // a better place waited, and no stated rule lets it be passed
	TakenTwice     Rule = "taken_twice"     // a place is taken while it is open
	EndedTwice     Rule = "ended_twice"     // something happens to what is over
	ServedTwice    Rule = "served_twice"    // a place is served while it is served
	NeverServed    Rule = "never_served"    // a place ended as served, and no agent took it
	Vanished       Rule = "vanished"        // whoever held the place is gone, and the place has no end
	NoOutcome      Rule = "no_outcome"      // a call that waited has no end, or an end without a result
	PlaceMissing   Rule = "place_missing"   // an open promise holds no place
	TimeChanged    Rule = "time_changed"    // a promise's place counts from another time than promised
	TwoCalls       Rule = "two_calls"       // an agent had two calls at once
	TooManyDials   Rule = "too_many_dials"  // more attempts than allowed, or one counted twice
	TwoDials       Rule = "two_dials"       // an attempt begins while another is under way
	ConnectedTwice Rule = "connected_twice" // the customer of one promise is connected a second time
	DialledClosed  Rule = "dialled_closed"  // a promise that is over, or kept, is dialled
	DialledEarly   Rule = "dialled_early"   // before its time: the window's start, the end of a pause between attempts, or when a rule lets it go
	DialledPaused  Rule = "dialled_paused"  // for a queue that an operator paused
	WrongState     Rule = "wrong_state"     // something that cannot follow the state of the promise
	OutOfOrder     Rule = "out_of_order"    // seq does not rise
)

// Pass is a stated rule by which one place may be served before a better one.
type Pass string

// The stated rules.
const (
	ByPriority  Pass = "priority"  // it has the higher priority, though it came later
	ByRest      Pass = "resting"   // the other one was not in the line at that moment, or just leaving it
	ByAbsence   Pass = "absent"    // the other one is a promise whose customer was not on the line
	ByArrival   Pass = "arrival"   // the other one came into the switch's queue too late for this agent, or together with it
	ByRinging   Pass = "ringing"   // an agent was being rung for the other one, too
	ByRefusal   Pass = "refused"   // an agent did not take the other one when rung for it
	BySkills    Pass = "skills"    // the agent lacks a skill that the other one needs
	ByTier      Pass = "tier"      // the tier of the agent is not open for the other one yet
	ByBorrowing Pass = "borrowing" // the agent is lent, or belongs to a queue that lends
	ByLimit     Pass = "limit"     // the other one's queue has as many agents as it may have
)

// Ref names an entry.
type Ref struct {
	Seq      int64     `json:"seq"`
	At       time.Time `json:"at"`
	Type     string    `json:"type"`
	Call     string    `json:"call"`
	Place    string    `json:"place"`
	Callback string    `json:"callback"`
	Queue    string    `json:"queue"`
	Agent    string    `json:"agent"`

	reason string // of place.left
}

func refOf(e journal.Entry) Ref {
	r := Ref{Seq: e.Seq, At: e.At, Type: e.Type, Call: e.Call, Place: e.Place, Callback: e.Callback, Queue: e.Queue, Agent: e.Agent}
	if e.Type == "place.left" {
		r.reason = e.Text("reason")
	}
	return r
}

// String gives the entry in one line: seq, time, type and ids.
func (r Ref) String() string {
	parts := []string{fmt.Sprintf("seq %d", r.Seq), r.At.UTC().Format(time.RFC3339Nano), r.Type}
	for _, id := range []struct{ name, value string }{
		{"call", r.Call}, {"place", r.Place}, {"callback", r.Callback}, {"queue", r.Queue}, {"agent", r.Agent},
	} {
		if id.value != "" {
			parts = append(parts, id.name+"="+id.value)
		}
	}
	return strings.Join(parts, " ")
}

// Fault is a rule that was broken, and by which entries. The last of them is
// the one at which it was broken.
type Fault struct {
	Rule    Rule   `json:"rule"`
	Message string `json:"message"`
	Entries []Ref  `json:"entries"`
}

// String gives the fault and its entries, a line each.
func (f Fault) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", f.Rule, f.Message)
	for _, r := range f.Entries {
		fmt.Fprintf(&b, "\n  %s", r)
	}
	return b.String()
}

// Report is what a journal proves.
type Report struct {
	Entries    int            `json:"entries"`
	FirstSeq   int64          `json:"first_seq"`
	LastSeq    int64          `json:"last_seq"`
	Places     int            `json:"places"`    // taken
	Open       int            `json:"open"`      // of those, not ended yet
	Served     int            `json:"served"`    // times that an agent took a place
	Left       map[string]int `json:"left"`      // places that ended, by reason
	Calls      int            `json:"calls"`     // that ended
	Promises   int            `json:"promises"`  // asked for
	Dialled    int            `json:"dialled"`   // attempts
	Agents     int            `json:"agents"`    // that took places
	Passed     map[Pass]int   `json:"passed"`    // places served or offered before a better one, by the rule that allows it
	Undecided  int            `json:"undecided"` // likewise, where the journal does not tell whether it was allowed
	Unproved   []string       `json:"unproved"`  // what the journal cannot prove, and why
	FaultCount int            `json:"fault_count"`
	Faults     []Fault        `json:"faults"` // in the order of their last entries; the first ones, see Options
}

// String gives the summary in one line.
func (r Report) String() string {
	passed := "none"
	if len(r.Passed) > 0 {
		var parts []string
		for _, by := range slices.Sorted(maps.Keys(r.Passed)) {
			parts = append(parts, fmt.Sprintf("%s %d", by, r.Passed[by]))
		}
		passed = strings.Join(parts, ", ")
	}
	s := fmt.Sprintf("%d entries, %d places, %d served, %d open; overtaken by rule: %s", r.Entries, r.Places, r.Served, r.Open, passed)
	if r.Undecided > 0 {
		s += fmt.Sprintf("; not decidable: %d", r.Undecided)
	}
	return fmt.Sprintf("%s; faults: %d", s, r.FaultCount)
}

// Err is nil when there are no faults; otherwise it lists them below the
// summary. It is for tests.
func (r Report) Err() error {
	if r.FaultCount == 0 {
		return nil
	}
	var b strings.Builder
	b.WriteString(r.String())
	for _, f := range r.Faults {
		fmt.Fprintf(&b, "\n%s", f)
	}
	return fmt.Errorf("%s", b.String())
}
