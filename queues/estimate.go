package queues

import "time"

// State is what an estimator may know of a line at the moment of a question.
type State struct {
	Now      time.Time
	Ahead    int         // places and foreign callers to be served before the one in question
	Promises int         // how many of Ahead are promises with nobody on the line: they never hang up
	Idle     int         // agents who can be rung
	Ringing  int         // agents who are being rung
	Talking  []time.Time // since when each agent in a call talks
	Paused   int
	Offline  int
}

// Able is the number of agents who serve the line, now or after the call they
// are in.
func (s State) Able() int { return s.Idle + s.Ringing + len(s.Talking) }

// Estimator predicts waits and learns from what came of them. It belongs to one
// line and is not safe for concurrent use; no method blocks.
type Estimator interface {
	// ObserveHandled learns how long one conversation kept an agent busy.
	ObserveHandled(d time.Duration)
	// ObserveAbandoned learns that a live caller hung up after waiting this long.
	ObserveAbandoned(waited time.Duration)
	// ObserveStayed learns that a live caller waited this long without hanging
	// up: then an agent came, or the wait ended for another reason.
	ObserveStayed(waited time.Duration)
	// Estimate predicts the wait, from now, of a caller who does not hang up.
	Estimate(s State) Estimate
}
