package erlang

import "math"

// Queue is one queue in its steady state.
type Queue struct {
	Agents   int     // at least 1
	Rate     float64 // callers per second, above 0
	Handle   float64 // mean handle time in seconds, above 0
	Patience float64 // mean time in seconds after which a waiting caller hangs up; 0: nobody does
}

// Load is the offered load in erlangs.
func (q Queue) Load() float64 { return q.Rate * q.Handle }

// Stable says whether the queue has a steady state: without patience the agents
// must be able to keep up.
func (q Queue) Stable() bool { return q.Patience > 0 || q.Load() < float64(q.Agents) }

// Waiting is the share of callers who have to wait at all.
func (q Queue) Waiting() float64 {
	if q.Patience <= 0 {
		return C(q.Agents, q.Load())
	}
	b, a := B(q.Agents, q.Load()), q.growth()
	return a * b / (1 + (a-1)*b)
}

// Abandonment is the share of callers who hang up while they wait.
func (q Queue) Abandonment() float64 {
	if q.Patience <= 0 {
		return 0
	}
	rho := q.Load() / float64(q.Agents)
	return q.Waiting() * (1/(rho*q.growth()) + 1 - 1/rho)
}

// Wait is the mean time in seconds until an agent answers or the caller hangs
// up, over all callers. It is infinite where the queue is not Stable.
func (q Queue) Wait() float64 {
	switch {
	case q.Patience > 0:
		return q.Abandonment() * q.Patience
	case !q.Stable():
		return math.Inf(1)
	}
	return q.Waiting() * q.Handle / (float64(q.Agents) - q.Load())
}

// ASA is the average speed of answer: the mean wait in seconds of those who are
// served. It is infinite where the queue is not Stable.
func (q Queue) ASA() float64 {
	if q.Patience <= 0 {
		return q.Wait()
	}
	waited := q.integrate(func(t float64) float64 { return t * q.stays(t) }, math.Inf(1))
	return waited / (1 - q.Abandonment())
}

// Within is the service level: the share of all callers who are answered within
// so many seconds. It is 0 where the queue is not Stable.
func (q Queue) Within(seconds float64) float64 {
	switch {
	case q.Patience > 0:
		return 1 - q.Waiting() + q.integrate(q.stays, seconds)
	case !q.Stable():
		return 0
	}
	return 1 - q.Waiting()*math.Exp(-(float64(q.Agents)-q.Load())*seconds/q.Handle)
}

// Occupancy is the share of their time in which agents are busy.
func (q Queue) Occupancy() float64 {
	return min(1, q.Load()*(1-q.Abandonment())/float64(q.Agents))
}

// AgentsFor is the smallest number of agents with which at least this share of
// callers is answered within so many seconds, at most limit; ok is false when
// limit are not enough.
func (q Queue) AgentsFor(share, seconds float64, limit int) (agents int, ok bool) {
	for q.Agents = 1; q.Agents <= limit; q.Agents++ {
		if q.Stable() && q.Within(seconds) >= share {
			return q.Agents, true
		}
	}
	return limit, false
}
