package forecast

import (
	"math/rand/v2"
	"slices"
	"sort"
)

// How the calibration remembers.
const (
	ranksKept    = 2000 // outcomes
	ranksAssumed = 150  // outcomes at their right ranks, before any was seen
)

// calibration learns at which ranks among the rollouts the truth lay. Were the
// rollouts right, all ranks were equally frequent; where they are not, the range
// is taken at the ranks below which 10 % and 90 % of the outcomes were
// (recalibration of V. Kuleshov et al., "Accurate uncertainties for deep
// learning using calibrated regression", ICML 2018).
type calibration struct {
	ranks     []float64
	next      int
	sorted    []float64
	unsettled int
}

// observe learns one outcome. Equal rollouts share it by chance.
func (c *calibration) observe(outcomes []float64, truth float64, rng *rand.Rand) {
	low := sort.SearchFloat64s(outcomes, truth)
	high := low
	for high < len(outcomes) && outcomes[high] <= truth {
		high++
	}
	rank := (float64(low) + rng.Float64()*float64(high-low+1)) / float64(len(outcomes)+1)
	if len(c.ranks) < ranksKept {
		c.ranks = append(c.ranks, rank)
	} else {
		c.ranks[c.next] = rank
		c.next = (c.next + 1) % ranksKept
	}
	c.unsettled++
}

// rank is where the share u of outcomes was below.
func (c *calibration) rank(u float64) float64 {
	if c.sorted == nil || c.unsettled >= 10 {
		c.unsettled = 0
		c.sorted = append(c.sorted[:0], c.ranks...)
		for i := range ranksAssumed {
			c.sorted = append(c.sorted, (float64(i)+0.5)/ranksAssumed)
		}
		slices.Sort(c.sorted)
	}
	return between(c.sorted, u)
}

// between is the quantile u of sorted values, with straight lines between them.
func between(sorted []float64, u float64) float64 {
	at := u*float64(len(sorted)+1) - 1
	i := int(at)
	switch {
	case at <= 0:
		return sorted[0]
	case i >= len(sorted)-1:
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
