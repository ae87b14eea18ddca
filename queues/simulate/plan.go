package simulate

import (
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/acd"
)

// Plan is a day to be played. Times within it count from Start. It is not
// changed by playing it.
type Plan struct {
	Start  time.Time
	Length time.Duration // callers arrive so long
	// WarmUp is left out of all figures: the queues begin empty. It is part of
	// Length.
	WarmUp time.Duration
	// Overtime is how long after Length the last callers may still be served;
	// who is there then is left waiting.
	Overtime time.Duration

	Rules   acd.Rules
	Streams []Stream          // callers drawn at random
	Known   []Known           // callers of a real day, played again
	Habits  map[string]Habits // of those, by queue
	Staff   []Worker

	// Estimates is how often queues whose rules look at the expected wait are
	// told it; 0: never.
	Estimates time.Duration
	// Rollouts estimates the wait of each place when it is taken, as the daemon
	// does, so that it can be measured how true that is. It takes much longer.
	Rollouts bool
	// Dial says when the customers of promises are called; "" is DialWhenFree.
	Dial Dial
}

// Dial is a rule by which the customers of promises are called.
type Dial string

// The rules. DialPaced is that of the daemon; the others are for comparison with
// it.
const (
	DialWhenFree Dial = ""       // when an agent is free: what an engine does that has no estimates
	DialPaced    Dial = "paced"  // also before, by estimates that are made beside the engine as in the daemon
	DialNext     Dial = "next"   // as soon as nobody is ahead, or the estimate is short: whether or not an agent is free
	DialOracle   Dial = "oracle" // such that the customer's yes and the agent come together, by what nobody can know
)

// paceEvery is how often estimates are made for promises, as in the daemon.
const paceEvery = time.Second

// Stream is callers of one kind. They arrive as a Poisson process whose rate
// changes with the time of day.
type Stream struct {
	Queue    string
	Rates    []Rate
	Skills   []queues.Skill // that an agent must have
	Shares   []Share        // of priorities; the rest has priority 0
	Talk     Law
	WrapUp   Law // nil: as the rules say
	Patience Law // until the caller hangs up
	Offer    *Offer
}

// Rate is how many callers arrive from a time to another. Rates that overlap add
// up, so a burst is one more of them.
type Rate struct {
	From, To time.Duration
	PerHour  float64
}

// Share is the share of callers who have this priority.
type Share struct {
	Priority int
	Share    float64 // 0 to 1
}

// Offer is the offer to be called back, and what customers make of it.
type Offer struct {
	After   float64 // seconds of waiting after which it is made
	Accept  float64 // share of those who hear it who take it
	Answer  float64 // share of calls that the customer answers
	Rings   Law     // seconds until the customer answers
	Confirm float64 // share of answered calls in which the customer presses 1
	Decides Law     // seconds until the key is pressed
	Policy  callback.Policy
}

// whole says whether all laws are there.
func (o *Offer) whole() bool { return o.Rings != nil && o.Decides != nil }

// Known is a caller of a real day, with what is known of it.
type Known struct {
	At       time.Duration
	Queue    string
	Priority int
	Skills   []queues.Skill
	Talked   float64 // seconds; 0: not known, then it is drawn from Habits
	Waited   float64 // seconds
	End      KnownEnd
}

// KnownEnd is how the real wait ended.
type KnownEnd int

// The ends of a real wait. Only who hung up has shown its whole patience, and
// only who left a promise when it would.
const (
	EndServed KnownEnd = iota
	EndHungUp
	EndPromised // chose to be called back
	EndOther    // turned away, or another way out: tells nothing but that it waited so long
)

// Habits are the laws of one queue's callers, learned from a real day.
type Habits struct {
	Talk     Law
	WrapUp   Law // nil: as the rules say
	Patience *Survival
	Promise  *Survival // how long a caller waits until it chooses to be called back; nil: none does
	Offer    *Offer    // of it, what concerns customers who are called
}

// Worker is an agent on one day.
type Worker struct {
	Agent     string // id in Rules.Agents
	Duty      []Span
	Breaks    []Break // within Duty
	Answer    Law     // seconds until it answers a phone that rings
	NoAnswer  float64 // share of calls that it lets ring
	BackAfter float64 // seconds after such a call in which it reports back, where the rules leave it paused; 0: does not
}

// Span is from one time to another.
type Span struct{ From, To time.Duration }

// Break is a pause.
type Break struct {
	Span
	Reason string
}
