package simulate

// Measure is the name of a figure.
type Measure string

// The measures. Counts are of callers who arrived in the measured time. A caller
// counts for the queue in which it took its place, also when it was moved.
const (
	Calls      Measure = "calls"       // live callers who took a place
	Served     Measure = "served"      // of those, who talked with an agent without leaving a promise
	HungUp     Measure = "hung_up"     // of those, who hung up while waiting
	TurnedAway Measure = "turned_away" // of those, whose wait the rules ended: full, no agents, too long
	Within     Measure = "within"      // service level: share answered within the target, of served, hung up and turned away
	Waiting    Measure = "waiting"     // share who had to wait at all, of the same
	ASA        Measure = "asa_s"       // mean wait of the served, seconds
	Longest    Measure = "longest_s"   // longest wait of all live callers, seconds
	Abandoned  Measure = "abandoned"   // share who hung up, of served, hung up and turned away
	Occupancy  Measure = "occupancy"   // share of their time on duty, without pauses, in which agents talked or worked after a call
	Promised   Measure = "promised"    // promises to call back
	Kept       Measure = "kept"        // of those, how many ended in a conversation
	GivenUp    Measure = "given_up"    // of those, how many customers could not be reached
	Unfinished Measure = "unfinished"  // callers and promises whose wait had not ended when the day was over
	CallbackIn Measure = "callback_s"  // mean time from the promise to the conversation, seconds
	ToldInside Measure = "told_inside" // share of the waits that were told and ended with an agent, which were within the range of 80 %
	ToldBias   Measure = "told_bias_s" // mean of the told wait less the true one, of the same, seconds
	AgentHours Measure = "agent_hours" // on duty, pauses left out
)

// Measures lists all measures in the order in which they are shown.
func Measures() []Measure {
	return []Measure{
		Calls, Served, HungUp, TurnedAway, Within, Waiting, ASA, Longest, Abandoned, Occupancy,
		Promised, Kept, GivenUp, CallbackIn, Unfinished, AgentHours, ToldInside, ToldBias,
	}
}

// Figures are what was measured of one day, or of one queue on it. What cannot
// be said (a mean of nobody) is missing.
type Figures map[Measure]float64

// Report is what was measured of a day.
type Report struct {
	Total  Figures
	Queues map[string]Figures // by name; agents' figures are only in Total
	Course []Slot             // the day in equal parts, all queues together
}

// Slot is one part of a day.
type Slot struct {
	Calls   float64 // live callers who took a place
	Within  float64 // of those who count for the service level, how many were answered within the target
	Counted float64 // how many those are
	Length  float64 // mean number of live callers who waited
}
