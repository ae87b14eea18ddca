package verify

import (
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

// call is one that waits, or that hung up while it waited and has no end yet.
type call struct {
	place *place // that it holds, nil when it left
	left  Ref    // the place was abandoned, and the call must end
	since time.Duration
}

// hold notes who holds a place, and whether they are there at all.
func (v *Verifier) hold(p *place, e journal.Entry) {
	if p.callback != "" {
		if pr := v.promises[p.callback]; pr != nil {
			v.holdPromise(p, pr, e)
		} else if v.over.has(p.callback) {
			p.abandon(v, e)
		}
		return
	}
	switch {
	case p.call == "":
	case v.over.has(p.call):
		p.abandon(v, e)
	default:
		v.calls[p.call] = &call{place: p}
	}
}

func (v *Verifier) holdPromise(p *place, pr *promise, e journal.Entry) {
	pr.place, pr.placelessBy = p.id, Ref{}
	t := pr.terms
	if p.exact && !t.placeAt.IsZero() && (p.takenAt.Sub(t.placeAt) > time.Millisecond || t.placeFrom.Sub(p.takenAt) > time.Millisecond) {
		v.fault(TimeChanged, fmt.Sprintf("place %s counts from %s, but promise %s was made for a place from %s",
			p.id, p.takenAt.UTC().Format(time.RFC3339Nano), pr.id, t.placeAt.UTC().Format(time.RFC3339Nano)), pr.asked, refOf(e))
	}
}

// abandon notes that whoever held the place is gone.
func (p *place) abandon(v *Verifier, e journal.Entry) {
	if !p.gone {
		p.gone, p.goneBy, p.goneLive = true, refOf(e), v.live
	}
}

// expectEnd: the caller hung up, so the call must end.
func (v *Verifier) expectEnd(p *place, e journal.Entry) {
	if p.call != "" && !v.over.has(p.call) {
		v.calls[p.call] = &call{left: refOf(e), since: v.live}
	}
}

func (v *Verifier) callEnded(e journal.Entry) {
	v.callEnds = true
	if v.over.has(e.Call) {
		v.fault(EndedTwice, "the call is over already", v.over.refs(e.Call, e)...)
		return
	}
	v.over.add(e.Call, refOf(e))
	v.rep.Calls++
	c := v.calls[e.Call]
	delete(v.calls, e.Call)
	if c != nil && c.place != nil && c.place.call == e.Call && c.place.callback == "" && v.places[c.place.id] == c.place {
		c.place.abandon(v, e)
	}
	if e.Text("result") == "" {
		v.fault(NoOutcome, "the call ended without a result", refOf(e))
	}
}

// checkCalls asks at the end of the journal what became of those who hung up
// while they waited.
func (v *Verifier) checkCalls() {
	for id, c := range v.calls {
		if v.callEnds && c.left.Seq != 0 && v.live-c.since > overdue {
			v.fault(NoOutcome, fmt.Sprintf("the caller of call %s hung up while waiting, and the call has no end", id), c.left)
		}
	}
}
