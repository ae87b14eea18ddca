package forecast

import "math"

// patienceEdges are the ends (seconds of waiting) of the spans in which the rate
// of hanging up is taken to be constant. The last span has no end.
var patienceEdges = [...]float64{15, 30, 60, 120, 240, 480, 960, math.Inf(1)}

// What patience presumes and how it forgets.
const (
	priorPatience = 500.0  // seconds of waiting per hang-up, before any was seen
	priorLost     = 2.0    // hang-ups that this weighs as much as
	leastShrink   = 2.0    // hang-ups by which a span is drawn towards all of them, at least
	mostShrink    = 2000.0 // and at most
	doubted       = 1.5    // standard deviations of the differences that are put down to chance
	forgetting    = 1 - 1/3000.0
)

// patience learns the rate of hanging up by how long a caller has waited, also
// from those who were served first (piecewise exponential hazard).
type patience struct {
	lost, waited [len(patienceEdges)]float64
	waiting      [len(patienceEdges)]float64 // the same as waited, of those who still wait
	rate         [len(patienceEdges)]float64 // per second
	before       [len(patienceEdges)]float64 // cumulative hazard where a span begins
	prior        float64                     // seconds of waiting per hang-up, before any was seen
	doubt        float64                     // relative standard deviation of the rates
}

func newPatience() *patience {
	p := &patience{prior: priorPatience}
	p.refresh()
	return p
}

// observe learns one wait of a live caller, and whether it ended by hanging up.
func (p *patience) observe(wait float64, hungUp bool) {
	begin := 0.0
	for i, end := range patienceEdges {
		p.lost[i] *= forgetting
		p.waited[i] *= forgetting
		if hungUp && wait >= begin && wait < end {
			p.lost[i]++
		}
		begin = end
	}
	spread(&p.waited, wait)
	p.refresh()
}

// still takes up how long those wait who wait now, in place of what it was told
// before. Without them, the rate would be too high in a queue that grows: there,
// hang-ups are seen before the waits that they belong to.
func (p *patience) still(waits func(yield func(float64) bool)) {
	p.waiting = [len(patienceEdges)]float64{}
	for wait := range waits {
		spread(&p.waiting, wait)
	}
	p.refresh()
}

// spread adds a wait to the spans that it went through.
func spread(spans *[len(patienceEdges)]float64, wait float64) {
	begin := 0.0
	for i, end := range patienceEdges {
		if wait <= begin {
			return
		}
		spans[i] += min(wait, end) - begin
		begin = end
	}
}

func (p *patience) refresh() {
	lost, waited := priorLost, priorLost*p.prior
	var exposure [len(patienceEdges)]float64
	for i := range p.lost {
		exposure[i] = p.waited[i] + p.waiting[i]
		lost += p.lost[i]
		waited += exposure[i]
	}
	all := lost / waited
	p.doubt = 1 / math.Sqrt(lost)
	// How far the spans differ more than chance makes them (as in compare).
	excess, hoped, squares, spans := 0.0, 0.0, 0.0, -1.0
	for i := range p.lost {
		if e := all * exposure[i]; e > 1 {
			excess += (p.lost[i] - e) * (p.lost[i] - e) / e
			hoped, squares, spans = hoped+e, squares+e*e, spans+1
		}
	}
	// By chance the excess is spans on average, with variance 2 spans.
	shrinkage := mostShrink
	if chance := spans + doubted*math.Sqrt(2*spans); spans > 0 && excess > chance {
		shrinkage = min(mostShrink, max(leastShrink, (hoped-squares/hoped)/(excess-chance)))
	}
	begin, sum := 0.0, 0.0
	for i, end := range patienceEdges {
		p.rate[i] = (p.lost[i] + shrinkage) / (exposure[i] + shrinkage/all)
		p.before[i] = sum
		sum += p.rate[i] * (end - begin)
		begin = end
	}
}

// hazard is the cumulative hazard after a wait (seconds).
func (p *patience) hazard(wait float64) float64 {
	begin := 0.0
	for i, end := range patienceEdges {
		if wait < end {
			return p.before[i] + p.rate[i]*(wait-begin)
		}
		begin = end
	}
	return math.Inf(1)
}
