package queues

import (
	"math"
	"time"
)

// pace is what decides when the customers of promises are called: never more of
// them, with all who are to be served before them, than there are agents for.
type pace struct {
	known   bool          // who the agents are
	able    int           // agents who serve, now or after what they do
	free    int           // agents who take a caller at once
	freeing int           // agents who are expected to within lead
	flying  int           // promises whose customers are being called or wait
	behind  int           // of those, how many are behind the place that is looked at
	lead    time.Duration // how long a call takes until the customer is there
}

// pace takes stock of the line.
func (l *Line) pace(now time.Time) *pace {
	p := &pace{
		known: l.crew.known, able: l.crew.able(), free: l.free(now), freeing: int(math.Round(l.freeing)), lead: l.lead,
	}
	for _, s := range l.order {
		if s.inFlight() {
			p.flying++
		}
	}
	p.behind = p.flying
	return p
}

// inFlight says whether the customer of a promise is being called, or waits.
func (s *spot) inFlight() bool { return s.due && s.CallbackID != "" && s.State.unserved() }

// comesUp says whether it is time to dial a promise's customer. An agent is free
// for it beside those whom everybody ahead takes, and whoever behind it was called
// before; or one will be by the time the customer is there, as the estimate says.
// Promises ahead that rest while their customers are dialled count as ahead, or all
// would be dialled at once. Nobody is dialled to wait for agents who are not there.
func (p *pace) comesUp(t *turn, s *spot, now told) bool {
	if t.now.Before(s.EnterAfter) {
		return false
	}
	if !p.known {
		return now.ahead == 0
	}
	claims := now.ahead + p.behind + 1
	soon := now.est.Known && now.est.Mean <= p.lead
	return p.able > 0 && (claims <= p.free || soon && claims <= p.free+p.freeing)
}
