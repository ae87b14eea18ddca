package forecast

import (
	"cmp"
	"math"
	"slices"
)

// How much a batch may cost, like the limits of a single prediction.
const (
	batchWork   = 200_000 // draws
	batchFewest = 24      // rollouts
)

// batch predicts the waits of several places of one queue from the same
// rollouts: one rollout plays on until the turn of each has come. A caller who
// hangs up in a rollout takes no agent, but its turn is noted all the same.
//
// Beside what a single prediction knows, it knows which agents may serve whom
// (skills, tiers), that agents also serve other queues, and how long they take to
// answer.
type batch struct {
	f      *Forecaster
	groups []*group // the higher priority first
	seats  int      // whose turn is asked for
	now    float64  // of the rollout
	out    []float64
	left   int // seats whose turn has not come in this rollout
	shades []shade
	slots  []slot
	doubt  []float64 // by rollout: how much longer all takes, for the mean talk is in doubt
}

// seat is a place in a batch.
type seat struct {
	place
	taken  float64 // seconds from now, below 0 for those who are there
	index  int     // of its result; -1 when it is not asked for
	absent bool    // it takes no agent, only its turn is asked for
}

// group is the places of one priority that the same agents may serve.
type group struct {
	at        int // among the groups
	priority  int
	need      string
	seats     []seat
	rate      float64 // arrivals per second that matter to those who are there
	callbacks float64 // share of promises among them

	// The rest is of one rollout.
	next      int
	later     []seat
	nextLater int
	arrival   float64
	rung      []rungSeat
}

// rungSeat rings at an agent who does not answer; then it is first again.
type rungSeat struct {
	until float64
	seat  seat
}

// shade is a seat that would have been rung in vain, had it not hung up: its turn
// is when somebody else would answer, or that agent at its second call.
type shade struct {
	index        int
	group        *group
	until, again float64
}

// add puts a seat into its group; the seats of a group are added in their order.
func (b *batch) add(priority int, need string, s seat) {
	if s.index >= 0 {
		b.seats++
	}
	g := b.group(priority, need)
	g.seats = append(g.seats, s)
}

func (b *batch) group(priority int, need string) *group {
	i := slices.IndexFunc(b.groups, func(g *group) bool { return g.priority == priority && g.need == need })
	if i < 0 {
		i, _ = slices.BinarySearchFunc(b.groups, priority, func(g *group, p int) int { return cmp.Compare(p, g.priority) })
		b.groups = slices.Insert(b.groups, i, &group{priority: priority, need: need})
	}
	return b.groups[i]
}

// run plays rollouts, at most so many and with so much work, and gives the waits
// of each seat that is asked for, not sorted.
func (b *batch) run(atMost, work int) [][]float64 {
	f := b.f
	b.flow()
	var runs [][]float64
	doubt := f.talk.level.doubt()
	for spent := 0; len(runs) < batchFewest || len(runs) < atMost && spent < work; {
		b.out = make([]float64, b.seats)
		spent += b.rollout() + len(f.play.servers)
		runs = append(runs, b.out)
		b.doubt = append(b.doubt, math.Exp(doubt*f.rng.NormFloat64()-doubt*doubt/2))
	}
	waits := make([][]float64, b.seats)
	all := make([]float64, b.seats*len(runs))
	for i := range waits {
		waits[i] = all[i*len(runs) : (i+1)*len(runs) : (i+1)*len(runs)]
		for k := range runs {
			waits[i][k] = runs[k][i]
		}
	}
	return waits
}

// flow sets the arrivals that may go before somebody who is there.
func (b *batch) flow() {
	lowest := math.MaxInt
	for _, g := range b.groups {
		if len(g.seats) > 0 {
			lowest = min(lowest, g.priority)
		}
	}
	vain := slices.ContainsFunc(b.f.play.servers, func(s server) bool { return s.refuses > 0 })
	for _, s := range b.f.streams {
		if s.priority < lowest || s.priority == lowest && !vain {
			continue // behind all who are there, and nobody is out of reach
		}
		g := b.group(s.priority, s.need)
		g.rate, g.callbacks = 1/p0(s.rate.mean()), s.callbacks/s.seen
	}
	skilled := false
	for i, g := range b.groups {
		g.at = i
		skilled = skilled || g.need != ""
	}
	if !skilled {
		return
	}
	for i := range b.f.play.servers {
		s := &b.f.play.servers[i]
		s.serves = make([]bool, len(b.groups))
		for k, g := range b.groups {
			s.serves[k] = s.skills.meet(g.need)
		}
	}
}

// begin sets all to the present.
func (b *batch) begin() {
	f, p := b.f, &b.f.play
	b.shades, b.left = b.shades[:0], b.seats
	for i := range b.out {
		b.out[i] = -1
	}
	for _, g := range b.groups {
		g.next, g.nextLater, g.later, g.rung = 0, 0, g.later[:0], g.rung[:0]
		g.arrival = math.Inf(1)
		if g.rate > 0 {
			g.arrival = f.rng.ExpFloat64() / g.rate
		}
	}
	b.slots = b.slots[:0]
	for i := range p.servers {
		b.slots = append(b.slots, slot{at: f.firstFree(&p.servers[i]), who: i})
	}
	heapify(b.slots)
	p.haste = math.Exp(f.patience.doubt * (f.rng.NormFloat64() - f.patience.doubt/2))
}

// widen adds the doubt to the waits of one seat, and sorts them.
func (b *batch) widen(waits []float64) {
	for i := range waits {
		waits[i] *= b.doubt[i]
	}
	slices.Sort(waits)
}

// note is the turn of a seat.
func (b *batch) note(index int, wait float64) {
	if index >= 0 && b.out[index] < 0 {
		b.out[index] = wait
		b.left--
	}
}
