package queues

import (
	"math"
	"time"
)

// QuoteKind is the form in which a wait is spoken.
type QuoteKind string

// The forms of a quote.
const (
	QuoteNothing        QuoteKind = ""                 // nothing honest can be said
	QuoteNext           QuoteKind = "next"             // the caller is next in line; no minutes
	QuoteLessThanMinute QuoteKind = "less_than_minute" // no minutes either
	QuoteAbout          QuoteKind = "about"            // about High minutes; Low equals High
	QuoteRange          QuoteKind = "range"            // Low to High minutes; Low 0 means up to High
	QuoteMoreThan       QuoteKind = "more_than"        // more than Low minutes; High is 0
)

// How minutes are rounded.
const (
	fivesFrom    = 10 // minutes; from here on in steps of 5
	tensFrom     = 30 // minutes; from here on in steps of 10
	longestQuote = 60 // minutes; a range that ends later is told by one end only
)

// endless is the upper end of "more than".
const endless = math.MaxInt

// Quote is what is spoken of a wait, in whole minutes. Its zero value says
// nothing.
type Quote struct {
	Kind QuoteKind `json:"kind"`
	Low  int       `json:"low_min,omitempty"`
	High int       `json:"high_min,omitempty"`
}

// NextQuote says what to tell a caller, given what was last told and how it
// stood then. The range is the estimate's 10 % to 90 % range, rounded outwards
// to minutes that people use: single ones to 10, fives to 30, tens beyond.
// While nothing got worse, that is ahead has not grown since prevAhead and
// fewerAgents is false, neither end of a quote ever rises.
func NextQuote(prev Quote, prevAhead int, est Estimate, ahead int, fewerAgents bool) Quote {
	if !est.Known {
		return Quote{}
	}
	if ahead <= 0 {
		return Quote{Kind: QuoteNext}
	}
	low, high := spokenRange(est)
	if worse := fewerAgents || ahead > prevAhead; !worse && prev.saysMinutes() {
		prevLow, prevHigh := prev.ends()
		low, high = min(low, prevLow), min(high, prevHigh)
	}
	return quoteOf(low, high)
}

// FreshQuote is what would be told to somebody who was told nothing yet.
func FreshQuote(est Estimate, ahead int) Quote { return NextQuote(Quote{}, ahead, est, ahead, false) }

// spokenRange rounds an estimate outwards; high 0 means less than a minute.
func spokenRange(est Estimate) (low, high int) {
	if est.High < time.Minute {
		return 0, 0
	}
	low = int(est.Low / time.Minute)
	low -= low % minuteStep(low)
	high = int((est.High + time.Minute - 1) / time.Minute)
	if step := minuteStep(high - 1); high%step != 0 {
		high += step - high%step
	}
	switch {
	case high <= longestQuote:
		return low, high
	case low < fivesFrom:
		return 0, high // so wide that only "up to" means something
	}
	return low, endless
}

// minuteStep is the step in which minutes of this size are spoken.
func minuteStep(minutes int) int {
	switch {
	case minutes < fivesFrom:
		return 1
	case minutes < tensFrom:
		return 5
	}
	return 10
}

// Judge holds a quote against the wait that came after it: whether that was
// shorter, or longer, than was said. About N minutes holds for one step of minutes
// more or less. told is false for a quote that says no length of time.
func (q Quote) Judge(waited time.Duration) (early, late, told bool) {
	least, most := time.Duration(q.Low)*time.Minute, time.Duration(q.High)*time.Minute
	switch q.Kind {
	case QuoteLessThanMinute:
		return false, waited >= time.Minute, true
	case QuoteMoreThan:
		return waited < least, false, true
	case QuoteAbout:
		step := time.Duration(minuteStep(q.High-1)) * time.Minute
		return waited < least-step, waited > most+step, true
	case QuoteRange:
		return waited < least, waited > most, true
	}
	return false, false, false
}

func quoteOf(low, high int) Quote {
	switch {
	case high == 0:
		return Quote{Kind: QuoteLessThanMinute}
	case high == endless:
		return Quote{Kind: QuoteMoreThan, Low: low}
	case low >= high:
		return Quote{Kind: QuoteAbout, Low: high, High: high}
	}
	return Quote{Kind: QuoteRange, Low: low, High: high}
}

// saysMinutes is false for quotes that promise no length of time.
func (q Quote) saysMinutes() bool { return q.Kind != QuoteNothing && q.Kind != QuoteNext }

// ends gives both ends in minutes; high 0 means less than a minute.
func (q Quote) ends() (low, high int) {
	if q.Kind == QuoteMoreThan {
		return q.Low, endless
	}
	return q.Low, q.High
}
