package forecast

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"
)

// How much a law remembers and presumes.
const (
	remembered   = 1000 // durations that make up the shape
	settled      = 40   // durations that are scaled by their common mean
	rebuildEvery = 20   // durations after which the table is made anew
	presumed     = 20   // quantiles of an exponential law that stand for the prior shape
	tailShare    = 0.05 // the longest durations, which are taken to be exponential
)

// law learns how long something takes: a mean that may jump (level), and a shape,
// which is the empirical law of durations divided by the mean of their time.
type law struct {
	level *level
	raw   []float64 // the first durations, until they are settled
	ring  []float64 // newest durations over their mean
	next  int       // where the ring goes on
	since int       // durations since the table was made
	table []float64 // sorted, mean 1
	tail  float64   // mean excess over the tail's beginning
	cv2   float64   // squared coefficient of variation
}

func newLaw(mean, shape float64) *law {
	l := &law{level: newLevel(mean, shape, restless), cv2: 1}
	l.rebuild()
	return l
}

// observe learns a duration; factor is how slow its agent is. Exposure is told
// to the level as it goes by.
func (l *law) observe(d, factor float64) {
	scale := l.level.mean()
	l.level.event(min(max(1/l.cv2, 0.6), 2.5))
	d /= factor
	switch {
	case len(l.ring) < settled:
		l.raw = append(l.raw, d)
		l.ring = append(l.ring, 0)
		mean := 0.0
		for _, v := range l.raw {
			mean += v
		}
		mean /= float64(len(l.raw))
		for i, v := range l.raw {
			l.ring[i] = over(v, mean)
		}
	case len(l.ring) < remembered:
		l.ring = append(l.ring, over(d, scale))
	default:
		l.ring[l.next] = over(d, scale)
		l.next = (l.next + 1) % remembered
	}
	if l.since++; l.since >= rebuildEvery || len(l.ring) < settled {
		l.rebuild()
	}
}

func over(a, b float64) float64 {
	if b > 0 {
		return a / b
	}
	return 0
}

// rebuild makes the table of quantiles.
func (l *law) rebuild() {
	l.since = 0
	l.table = append(l.table[:0], l.ring...)
	for i := range presumed {
		l.table = append(l.table, exponential((float64(i)+0.5)/presumed))
	}
	slices.Sort(l.table)
	mean := 0.0
	for _, v := range l.table {
		mean += v
	}
	mean /= float64(len(l.table))
	l.cv2 = 0
	for i := range l.table {
		l.table[i] /= mean
		l.cv2 += (l.table[i] - 1) * (l.table[i] - 1)
	}
	l.cv2 /= float64(len(l.table))
	from := int(float64(len(l.table)) * (1 - tailShare))
	l.tail = 0
	for _, v := range l.table[from:] {
		l.tail += v - l.table[from]
	}
	l.tail /= float64(len(l.table) - from)
}

// rank is the share of durations that are shorter than x means.
func (l *law) rank(x float64) float64 {
	n := float64(len(l.table))
	i := sort.SearchFloat64s(l.table, x)
	if i == len(l.table) {
		return 1
	}
	if i == 0 {
		return 0
	}
	below, above := l.table[i-1], l.table[i]
	part := 0.5
	if above > below {
		part = (x - below) / (above - below)
	}
	return (float64(i) - 0.5 + part) / n
}

// draw gives a duration in means, of those above the given rank.
func (l *law) draw(rng *rand.Rand, rank float64) float64 {
	u := rank + (1-rank)*rng.Float64()
	n := float64(len(l.table))
	if u >= 1-tailShare {
		from := l.table[int(n*(1-tailShare))]
		return from + l.tail*rng.ExpFloat64()
	}
	at := u*n - 0.5
	if at <= 0 {
		return l.table[0] * (at + 0.5) * 2
	}
	i := int(at)
	part := at - float64(i)
	return l.table[i] + part*(l.table[i+1]-l.table[i])
}

// residual gives how much longer something takes that has taken elapsed means.
func (l *law) residual(rng *rand.Rand, elapsed, rank float64) float64 {
	if rank >= 1-tailShare {
		return l.tail * rng.ExpFloat64()
	}
	return max(0, l.draw(rng, rank)-elapsed)
}

// exponential is the quantile u of an exponential law with mean 1.
func exponential(u float64) float64 { return -math.Log1p(-u) }
