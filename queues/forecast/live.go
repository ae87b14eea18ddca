package forecast

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
)

// How Live takes what it is told.
const (
	priorAnswer     = 5.0   // seconds from the ring to the talk
	priorAnswerSeen = 3.0   // calls
	priorRing       = 15.0  // seconds that are rung in vain
	priorRest       = 5.0   // seconds after which an agent who did not answer is rung again
	priorEvents     = 2.0   // that both weigh as much as
	ringMemory      = 50.0  // events that their means look back
	sameMoment      = 5.0   // seconds between two entries about one thing
	journalGap      = 3600. // seconds without an entry: nobody looked
	longestTalk     = 4 * 3600.
)

// How much Live asks of itself to see how good it is: the budget grows with what
// it observes, so that a long journal is read quickly.
const (
	trialRuns  = 39    // rollouts of one trial
	trialGrant = 80    // draws for each entry
	trialMost  = 30000 // draws that may be saved up
)

// Live follows one queue in the journal and estimates the waits of all its
// places at once. It is not safe for concurrent use; no method blocks.
type Live struct {
	queue  string
	seed   uint64
	f      *Forecaster
	zero   time.Time // the Forecaster's time 0
	credit int       // draws that trials may take

	names    map[string]string // ids of agents by name
	tiers    []tier
	lenders  map[string]bool // queues whose agents help now
	foreign  map[string]bool // channels of callers who came by another way
	unbound  []served        // who was taken by an agent that is not known yet
	ringSum  running
	restSum  running
	lastSeen float64 // when the last entry came
}

// served is a place that was taken a moment ago.
type served struct {
	id   string
	at   float64
	left *caller // a foreign caller: perhaps it hung up instead
}

// running is a mean that forgets.
type running struct{ sum, count float64 }

func (r *running) observe(v float64) {
	r.sum += v - r.sum/ringMemory
	r.count += 1 - r.count/ringMemory
}

func (r *running) mean() float64 { return r.sum / r.count }

// NewLive gives one that knows nothing yet of the queue of this name. The seed is
// that of its rollouts.
func NewLive(queue string, seed uint64) *Live {
	f := New(seed)
	f.ringTime, f.restTime = priorRing, priorRest
	f.answer = newLaw(priorAnswer, priorAnswerSeen)
	return &Live{
		queue: queue, seed: seed, f: f, names: map[string]string{}, lenders: map[string]bool{}, foreign: map[string]bool{},
		ringSum: running{priorRing * priorEvents, priorEvents}, restSum: running{priorRest * priorEvents, priorEvents},
	}
}

// Presume says how long a conversation and a caller's patience are taken to be
// before any were seen; 0 keeps the default. It is of use before the first entry.
func (l *Live) Presume(talk, patience time.Duration) {
	if talk > 0 {
		l.f.talk = newLaw(talk.Seconds(), priorTalkSeen)
	}
	if patience > 0 {
		l.f.patience.prior = patience.Seconds()
		l.f.patience.refresh()
	}
}

// Observe takes up one entry. What is missing, comes twice or cannot be true is
// taken as far as it makes sense; entries about other queues are passed over, but
// for what they say about agents.
func (l *Live) Observe(e journal.Entry) {
	l.advance(e.At)
	l.lastSeen = l.f.now
	l.credit = min(l.credit+trialGrant, trialMost)
	l.settle(false)
	switch e.Type {
	case "agent.state", "agent.opened", "queue.opened", "queue.borrowing":
		l.aboutAgents(e)
	default:
		l.aboutPlaces(e)
	}
	l.layWhenFree()
}

// advance lets time pass. It never goes back, and what happened while nobody
// looked is not learned from.
func (l *Live) advance(to time.Time) {
	f := l.f
	if l.zero.IsZero() {
		l.zero = to
	}
	at := to.Sub(l.zero).Seconds()
	if at <= f.now {
		return
	}
	if at-f.now > journalGap {
		for _, a := range f.agents {
			a.rate, a.crew.call = 0, ""
		}
		f.now = at
		return
	}
	f.advance(at)
}

// settle decides about those of whom it was not known whether an agent took
// them: whose agent did not show itself within a moment hung up, if it could.
func (l *Live) settle(all bool) {
	for _, a := range l.f.agents {
		if a.doing == talking && a.crew.call == "" && (all || l.f.now-a.since > sameMoment) {
			l.takenAway(a)
		}
	}
	keep := l.unbound[:0]
	for _, s := range l.unbound {
		switch {
		case !all && l.f.now-s.at <= sameMoment:
			keep = append(keep, s)
		case s.left != nil:
			l.f.patience.observe(s.at-s.left.joined, true)
		}
	}
	l.unbound = keep
}

// free is how many agents could take a call at once.
func (l *Live) free() int {
	n := 0
	for _, a := range l.f.agents {
		if a.on && !a.paused && (a.doing == idle || a.doing == ringing) && l.serves(a) {
			n++
		}
	}
	return n
}

// layWhenFree: when an agent is free and nobody waits, the turn of all who hung
// up has come.
func (l *Live) layWhenFree() {
	if len(l.f.calls) > 0 || len(l.f.waiting) == 0 {
		return
	}
	if l.free() > 0 {
		l.f.lay(nil)
	}
}

// Estimates predicts the wait, from now, of every place that is not served yet,
// by its id, and of a live caller without priority who would join now. One set of
// rollouts serves them all. An estimate is not Known when nothing honest can be
// said: no agent is on duty who may serve the place.
func (l *Live) Estimates(now time.Time) (joining queues.Estimate, places map[string]queues.Estimate) {
	l.advance(now)
	places = map[string]queues.Estimate{}
	b, asked := l.batch(nil)
	if b == nil {
		l.fill(places)
		return queues.Estimate{}, places
	}
	l.f.rng = rand.New(rand.NewPCG(l.seed, batchStream)) // the same each time: estimates do not flicker
	for i, waits := range b.run(most, batchWork) {
		e := l.estimate(b, asked[i], waits)
		if id := asked[i].id; id == "" {
			joining = e
		} else {
			places[id] = e
		}
	}
	l.fill(places)
	return joining, places
}

// Alone is the estimate of a live caller without priority who would join now if
// no agents of other queues helped any more; helped is false when none do.
func (l *Live) Alone(now time.Time) (joining queues.Estimate, helped bool) {
	if len(l.lenders) == 0 {
		return queues.Estimate{}, false
	}
	lenders := l.lenders
	l.lenders = nil
	defer func() { l.lenders = lenders }()
	joining, _ = l.Estimates(now)
	return joining, true
}

// fill says that nothing is known of the places that have no estimate.
func (l *Live) fill(places map[string]queues.Estimate) {
	for id := range l.f.calls {
		if _, known := places[id]; !known && !l.foreign[id] {
			places[id] = queues.Estimate{}
		}
	}
}

// Estimate predicts the wait of one place alone, with fewer draws than Estimates
// takes for all.
func (l *Live) Estimate(place string, now time.Time) queues.Estimate {
	l.advance(now)
	c := l.f.calls[place]
	if c == nil {
		return queues.Estimate{}
	}
	b, asked := l.batch(c)
	if b == nil || len(asked) == 0 {
		return queues.Estimate{}
	}
	l.f.rng = rand.New(rand.NewPCG(l.seed, batchStream))
	return l.estimate(b, asked[0], b.run(oneMost, oneWork)[0])
}

// batchStream is the stream of random numbers of estimates.
const batchStream = 0x62617463686573

// How much the estimate of one place may cost.
const (
	oneMost = 200    // rollouts
	oneWork = 20_000 // draws
)

// estimate sums up the rollouts of one place.
func (l *Live) estimate(b *batch, of question, waits []float64) queues.Estimate {
	mean := 0.0
	for _, w := range waits {
		mean += w
	}
	mean /= float64(len(waits))
	b.widen(waits)
	c := l.f.calibrationOf(of.soon)
	return queues.Estimate{
		Known: true, Mean: inTime(mean), Low: inTime(between(waits, c.rank(0.1))), High: inTime(between(waits, c.rank(0.9))),
	}
}

func inTime(s float64) time.Duration {
	return time.Duration(math.Round(min(max(s, 0), 10*farthest)*1000)) * time.Millisecond
}

// trial predicts the wait of one who has just joined, to see later at which rank
// the truth lay, if there is credit for it.
func (l *Live) trial(c *caller) {
	f := l.f
	if l.credit < trialRuns*(len(f.calls)+len(f.agents)) {
		return
	}
	b, asked := l.batch(c)
	if b == nil || len(asked) == 0 {
		return
	}
	l.credit -= trialRuns * (len(f.calls) + len(f.agents))
	waits := b.run(trialRuns, math.MaxInt)[0]
	if b.widen(waits); waits[len(waits)-1] > 0 {
		c.outcomes, c.asked, c.soon = waits, f.now, asked[0].soon
	}
}
