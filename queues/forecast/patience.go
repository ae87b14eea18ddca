package forecast

import "math"

// patienceEdges are the ends (seconds of waiting) of the spans in which the rate
// of hanging up is taken to be constant. The last span has no end.
var patienceEdges = [...]float64{15, 30, 60, 120, 240, 480, 960, math.Inf(1)}

// What patience presumes and how it forgets.
const (
	priorPatience = 600.0 // seconds of waiting per hang-up, before any was seen
	shrinkage     = 12.0  // hang-ups by which a span is drawn towards all of them
	forgetting    = 1 - 1/3000.0
)

// patience learns the rate of hanging up by how long a caller has waited, also
// from those who were served first (piecewise exponential hazard).
type patience struct {
	lost, waited [len(patienceEdges)]float64
	rate         [len(patienceEdges)]float64 // per second
	before       [len(patienceEdges)]float64 // cumulative hazard where a span begins
}

func newPatience() *patience {
	p := &patience{}
	p.refresh()
	return p
}

// observe learns one wait of a live caller, and whether it ended by hanging up.
func (p *patience) observe(wait float64, hungUp bool) {
	begin := 0.0
	for i, end := range patienceEdges {
		p.lost[i] *= forgetting
		p.waited[i] *= forgetting
		if wait > begin {
			p.waited[i] += min(wait, end) - begin
		}
		if hungUp && wait >= begin && wait < end {
			p.lost[i]++
		}
		begin = end
	}
	p.refresh()
}

func (p *patience) refresh() {
	lost, waited := 1.0, priorPatience
	for i := range p.lost {
		lost += p.lost[i]
		waited += p.waited[i]
	}
	all := lost / waited
	begin, sum := 0.0, 0.0
	for i, end := range patienceEdges {
		p.rate[i] = (p.lost[i] + shrinkage) / (p.waited[i] + shrinkage/all)
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
