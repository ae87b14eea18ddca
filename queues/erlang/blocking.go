package erlang

// B is the Erlang B formula: the share of calls that find all agents busy where
// nobody waits. load is the offered load in erlangs, arrivals per second times
// the mean handle time in seconds; it must not be negative. Without agents the
// answer is 1. It is computed by the usual recursion over the number of agents,
// which loses no precision: 1/B(n) = 1 + n/load / B(n-1).
func B(agents int, load float64) float64 {
	if load <= 0 {
		if agents > 0 {
			return 0
		}
		return 1
	}
	inverse := 1.0
	for n := 1; n <= agents; n++ {
		inverse = 1 + float64(n)/load*inverse
	}
	return 1 / inverse
}

// C is the Erlang C formula: the share of callers who wait where nobody hangs
// up. load is as in B. It is 1 where the agents cannot keep up, that is from a
// load of as many erlangs as there are agents.
func C(agents int, load float64) float64 {
	if load >= float64(agents) {
		return 1
	}
	b := B(agents, load)
	return b / (1 - load/float64(agents)*(1-b))
}
