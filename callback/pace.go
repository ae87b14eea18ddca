package callback

import (
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

// How Pace takes what it sees.
const (
	paceMemory   = 50               // attempts that its means look back
	pacePrior    = 3                // attempts that the presumed time weighs as much as
	paceShortest = time.Second      // a lead is no shorter
	paceLongest  = 2 * time.Minute  // and no longer
	paceAttempt  = 10 * time.Minute // an attempt that seems to take longer was not seen to end
)

// Pace learns from the journal how long a call to a customer of one queue takes
// until it is known whether the customer comes. It is not safe for concurrent use.
//
// The trade is that of a newsvendor: a call that is made too early costs the
// customer a wait after their yes, one that is made too late costs an agent who
// waits for them; so with T the time until the customer is there and W the time
// until an agent is free, it is best made when P(W < T) comes to a/(a+b) for the
// costs a of a second of the customer and b of one of the agent. Where the customer
// does not come at all the agent has waited in vain, so T is the time until that is
// known, which moves the call forward as the chance of no answer grows. For equal
// costs the ratio is a half, and Lead, the mean of T, is compared with the mean of W.
// docs/callbacks.md has what comes of it in a simulated day.
type Pace struct {
	presumed time.Duration
	begun    map[string]time.Time // attempts under way, by promise
	sum      float64              // seconds
	count    float64
	came     float64 // of count, how many said yes
}

// NewPace gives one that has seen nothing and takes calls to last as long as is
// presumed.
func NewPace(presumed time.Duration) *Pace {
	return &Pace{presumed: presumed, begun: map[string]time.Time{}}
}

// Observe takes up one entry of the journal about a promise of the queue; others
// change nothing.
func (p *Pace) Observe(e journal.Entry) {
	switch e.Type {
	case NoteDialling:
		p.begun[e.Callback] = e.At
	case NoteConfirmed:
		p.over(e, true)
	case NoteAttempt:
		switch Outcome(e.Text("outcome")) {
		case OutcomeFailed, OutcomeCongestion, OutcomeCancelled, OutcomeUnconfirmed: // says nothing about customers
			delete(p.begun, e.Callback)
		default:
			p.over(e, false)
		}
	case NoteDone, NoteGivenUp, NoteCancelled, NoteUncertain:
		delete(p.begun, e.Callback)
	}
}

func (p *Pace) over(e journal.Entry, came bool) {
	at, ok := p.begun[e.Callback]
	delete(p.begun, e.Callback)
	took := e.At.Sub(at)
	if !ok || took < 0 || took > paceAttempt {
		return
	}
	p.sum += took.Seconds() - p.sum/paceMemory
	p.count += 1 - p.count/paceMemory
	p.came -= p.came / paceMemory
	if came {
		p.came++
	}
}

// Lead is how long before an agent is free a customer is best called: the mean
// time until a call has shown whether the customer comes.
func (p *Pace) Lead() time.Duration {
	mean := (p.presumed.Seconds()*pacePrior + p.sum) / (pacePrior + p.count)
	return min(max(time.Duration(mean*float64(time.Second)), paceShortest), paceLongest)
}

// Answers is the share of calls in which the customer said yes, and false before
// any call was seen.
func (p *Pace) Answers() (share float64, seen bool) {
	if p.count == 0 {
		return 0, false
	}
	return p.came / p.count, true
}

// Basis is what Due was decided from, for the journal. Its zero value says that
// nothing was.
type Basis struct {
	Wait     time.Duration // the expected wait of the place
	Known    bool          // whether Wait is known
	Lead     time.Duration // how long the call is expected to take until the customer is there
	InFlight int           // customers who are being called for the agents of Free, this one among them
	Free     int           // agents who are free now, or else also who are expected to be within Lead
}

// noteDue tells the journal that the place came up, and from what it was decided.
func (s *step) noteDue(ahead int) {
	data := map[string]any{"ahead": ahead, "agent_waiting": s.cb.AgentWaiting()}
	if b := s.basis; b.Lead > 0 {
		data["lead_s"], data["in_flight"], data["expected_free"] = seconds(b.Lead), b.InFlight, b.Free
		if b.Known {
			data["ewt_s"] = seconds(b.Wait)
		}
	}
	s.note(NoteDue, data)
}
