package verify

import (
	"slices"
	"strings"
	"time"
)

// doubt is an overtaking for which no rule has been found yet. What explains it
// may come a little later: an agent who is rung for the passed place, too.
type doubt struct {
	passed *place
	window time.Duration // an offer within this time of the service explains it
	at     time.Time     // of the service, or the offer
	live   time.Duration // the same by the live clock
	fault  Fault
}

// ringPatience is how much later the switch may ring an agent for the better of
// two places when agents get free one after another: each caller in its queue
// looks once a second whether it is their turn, and again after the queue's retry
// (5 s unless queues.conf says otherwise) when the agent that they saw was faster
// taken by another.
const ringPatience = 6 * time.Second

// patience is how long a doubt waits; longer than its window, because a restart
// may lie between, and a restart is seen by what comes after it.
const patience = 30 * time.Second

func (v *Verifier) settleDoubts() {
	for len(v.doubts) > 0 && v.live-v.doubts[0].live > patience {
		d := v.doubts[0]
		v.doubts = v.doubts[1:]
		v.fault(d.fault.Rule, d.fault.Message, d.fault.Entries...)
	}
}

// explain drops the doubts about a place for which an agent is being rung.
func (v *Verifier) explain(p *place, at time.Time) {
	v.resolve(func(d *doubt) bool { return d.passed == p && at.Sub(d.at) <= d.window }, func() { v.rep.Passed[ByRinging]++ })
}

// wasLost drops the doubts about a place whose placeholder turns out to have been
// lost: after a gap in the connection that is noticed late.
func (v *Verifier) wasLost(p *place, at time.Time) {
	v.resolve(func(d *doubt) bool { return d.passed == p && at.Sub(d.at) <= unsettled }, func() { v.rep.Passed[ByRest]++ })
}

// leaving is how soon after an overtaking the passed caller must leave to have
// been on the way out: a hang-up takes a moment from the phone to the queue.
const leaving = time.Second

// wasLeaving drops the doubts about a place whose caller was just hanging up.
func (v *Verifier) wasLeaving(p *place, at time.Time) {
	v.resolve(func(d *doubt) bool { return d.passed == p && at.Sub(d.at) <= leaving }, func() { v.rep.Passed[ByRest]++ })
}

// dropDoubts gives up what a restart makes undecidable.
func (v *Verifier) dropDoubts(q *queue) {
	v.resolve(func(d *doubt) bool { return d.passed.queue == q }, func() { v.rep.Undecided++ })
}

// resolve takes out the doubts that which chooses, and counts each.
func (v *Verifier) resolve(which func(*doubt) bool, count func()) {
	v.doubts = slices.DeleteFunc(v.doubts, func(d *doubt) bool {
		found := which(d)
		if found {
			count()
		}
		return found
	})
}

// lost says whether a place rests because its placeholder was.
func lost(reason string) bool {
	return strings.HasPrefix(reason, "lost") || strings.HasPrefix(reason, "refused")
}
