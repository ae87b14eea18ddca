package forecast

import (
	"math"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// What QLm believes before it has seen anything, and how fast it forgets. The
// weights count observations.
const (
	handlePriorWeight  = 4.0   // the prior handle time weighs as much as this many conversations
	handleMemory       = 60.0  // about how many conversations the mean looks back
	abandonPriorWeight = 1.0   // the prior patience weighs as much as this many abandonments
	patienceMemory     = 300.0 // about how many waits the abandonment rate looks back
)

// answerDelay is the mean time from a free agent to a conversation: a few rings.
const answerDelay = 5 * time.Second

// State is what QLm may know of a line at the moment of a question.
type State struct {
	Ahead    int // places and foreign callers to be served before the one in question
	Promises int // how many of Ahead are promises with nobody on the line: they never hang up
	Free     int // agents who can be rung, or are being rung
	Busy     int // agents who serve the line after what they do now
}

// Able is the number of agents who serve the line, now or after the call they
// are in.
func (s State) Able() int { return s.Free + s.Busy }

// QLm estimates the wait from the length of the queue with Markovian
// abandonment: with n places ahead, s agents who each end a call at rate mu and
// callers who each hang up at rate theta, the mean wait is
//
//	sum over i = 0..n of 1 / (s*mu + i*theta)
//
// (W. Whitt, "Predicting queueing delays", Management Science 45(6), 1999,
// section 4; named QLm in R. Ibrahim and W. Whitt, "Real-time delay estimation
// based on delay history", M&SOM 11(3), 2009). Both rates are learned.
//
// It costs next to nothing, and is what the rollouts are judged against. It is not
// safe for concurrent use.
type QLm struct {
	handled, handledN float64 // sum of handle times in seconds, and how many they are; both decay
	abandoned, waited float64 // how many callers hung up, and how many seconds callers waited in all; likewise
}

// NewQLm gives an estimator that takes a conversation to last handle and a caller
// to hang up after patience on average, before any was seen.
func NewQLm(handle, patience time.Duration) *QLm {
	return &QLm{
		handled: handle.Seconds() * handlePriorWeight, handledN: handlePriorWeight,
		abandoned: abandonPriorWeight, waited: patience.Seconds() * abandonPriorWeight,
	}
}

// ObserveHandled learns how long one conversation kept an agent busy.
func (q *QLm) ObserveHandled(d time.Duration) {
	if d <= 0 {
		return
	}
	const keep = 1 - 1/handleMemory
	q.handled = q.handled*keep + d.Seconds()
	q.handledN = q.handledN*keep + 1
}

// ObserveAbandoned learns that a live caller hung up after waiting this long.
func (q *QLm) ObserveAbandoned(waited time.Duration) { q.observeWait(waited, 1) }

// ObserveStayed learns that a live caller waited this long without hanging up:
// then an agent came, or the wait ended for another reason.
func (q *QLm) ObserveStayed(waited time.Duration) { q.observeWait(waited, 0) }

// observeWait adds one wait to the abandonment rate, which is events divided by
// exposure: the estimate of an exponential patience that is often not seen to
// its end.
func (q *QLm) observeWait(waited time.Duration, abandoned float64) {
	const keep = 1 - 1/patienceMemory
	q.abandoned = q.abandoned*keep + abandoned
	q.waited = q.waited*keep + max(0, waited.Seconds())
}

// HandleTime is the mean time for which a conversation keeps an agent busy.
func (q *QLm) HandleTime() time.Duration {
	return seconds(q.handled / q.handledN)
}

// AbandonRate is how often a waiting caller hangs up, per second of waiting.
func (q *QLm) AbandonRate() float64 { return q.abandoned / q.waited }

// Estimate predicts the wait, from now, of a caller who does not hang up. It knows
// nothing while no agent serves.
func (q *QLm) Estimate(s State) queues.Estimate {
	if s.Able() == 0 {
		return queues.Estimate{}
	}
	// Each free agent takes one of those ahead at once.
	queued := s.Ahead - s.Free
	if queued < 0 {
		return gamma(answerDelay.Seconds(), answerDelay.Seconds()*answerDelay.Seconds())
	}
	service := float64(s.Able()) * q.handledN / q.handled
	// Where among those ahead the promises stand is not known here: each
	// position is taken to be a promise with the same chance.
	theta := q.AbandonRate()
	if s.Ahead > 0 {
		theta *= float64(max(0, s.Ahead-s.Promises)) / float64(s.Ahead)
	}
	return gamma(passage(service, theta, queued))
}

// passage gives the mean and the variance of a sum of independent exponentials
// with rates a + i*theta, i = 0..n. The first terms are added one by one; the
// rest, which changes slowly, is the integral from half a step before to half a
// step after (midpoint rule), so that a long queue costs no more than a short one.
func passage(a, theta float64, n int) (mean, variance float64) {
	const exact = 16
	for i := range min(n+1, exact) {
		step := 1 / (a + float64(i)*theta)
		mean += step
		variance += step * step
	}
	if n < exact {
		return mean, variance
	}
	from := a + (exact-0.5)*theta
	width := float64(n + 1 - exact)
	if grown := theta * width / from; grown > 1e-9 {
		mean += math.Log1p(grown) / theta
	} else {
		mean += width / from
	}
	variance += width / (from * (from + theta*width))
	return mean, variance
}

// z90 is the 90 % quantile of the standard normal distribution.
const z90 = 1.2815515655446004

// gamma fits a gamma distribution to a mean and a variance (seconds) and takes
// its 10 % and 90 % quantiles by the cube-root approximation of E. B. Wilson and
// M. M. Hilferty, "The distribution of chi-square", PNAS 17(12), 1931 (Abramowitz
// and Stegun 26.4.17). A sum of exponentials has shape >= 1, where it is off by
// 2.3 % of the mean at most.
func gamma(mean, variance float64) queues.Estimate {
	shape := mean * mean / variance
	at := func(z float64) time.Duration {
		c := 1 / (9 * shape)
		return seconds(mean * math.Pow(max(0, 1-c+z*math.Sqrt(c)), 3))
	}
	return queues.Estimate{Known: true, Mean: seconds(mean), Low: at(-z90), High: at(z90)}
}

// maxWait bounds every estimate, so that no rate can overflow a time.Duration.
const maxWait = 7 * 24 * time.Hour

func seconds(s float64) time.Duration {
	return time.Duration(min(s*float64(time.Second), float64(maxWait)))
}
