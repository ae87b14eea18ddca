package verify

import (
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

// promise is an open promise to call back.
type promise struct {
	id, place   string
	asked       Ref // the first entry about it
	placeAt     time.Time
	attempts    int // the number of the latest
	dialling    Ref // that attempt
	underWay    bool
	connected   Ref
	uncertain   bool
	notBefore   time.Time
	placeless   time.Duration // by the live clock, since when it has no place; when placelessBy is set
	placelessBy Ref
}

// promise finds the promise of an entry; nil when it is over.
func (v *Verifier) promise(e journal.Entry) *promise {
	pr := v.promises[e.Callback]
	if pr == nil && e.Callback != "" && !v.ended(e.Callback) {
		pr = &promise{id: e.Callback, place: e.Place, asked: refOf(e)}
		v.promises[e.Callback] = pr
	}
	return pr
}

func (v *Verifier) promiseAsked(e journal.Entry) {
	if pr := v.promises[e.Callback]; pr != nil {
		v.fault(TakenTwice, "the same promise is made again", pr.asked, refOf(e))
		return
	}
	pr := &promise{id: e.Callback, place: e.Place, asked: refOf(e), placeless: v.live, placelessBy: refOf(e)}
	pr.placeAt, _ = e.Moment("place_at")
	v.promises[e.Callback] = pr
	v.rep.Promises++
}

func (v *Verifier) promiseDialling(e journal.Entry) {
	v.rep.Dialled++
	pr := v.promise(e)
	if pr == nil {
		v.fault(DialledClosed, "the promise is over, and its customer is dialled", v.over.refs(e.Callback, e)...)
		return
	}
	n, of := int(number(e, "attempt")), int(number(e, "of"))
	switch {
	case pr.connected.Seq != 0:
		v.fault(DialledClosed, "the promise is kept, and its customer is dialled", pr.connected, refOf(e))
	case pr.underWay:
		v.fault(TwoDials, fmt.Sprintf("attempt %d begins while attempt %d is under way", n, pr.attempts), pr.dialling, refOf(e))
	case of > 0 && n > of:
		v.fault(TooManyDials, fmt.Sprintf("attempt %d of %d that are allowed", n, of), pr.asked, refOf(e))
	case pr.dialling.Seq != 0 && n != pr.attempts+1:
		v.fault(TooManyDials, fmt.Sprintf("attempt %d follows attempt %d", n, pr.attempts), pr.dialling, refOf(e))
	}
	pr.attempts, pr.dialling, pr.underWay, pr.uncertain = n, refOf(e), true, false
}

func (v *Verifier) promiseRecovered(e journal.Entry) {
	if pr := v.promise(e); pr != nil {
		pr.underWay, pr.uncertain = true, false
	}
}

func (v *Verifier) promiseConnected(e journal.Entry) {
	pr := v.promise(e)
	switch {
	case pr == nil:
		v.fault(DialledClosed, "the promise is over, and its customer is connected", v.over.refs(e.Callback, e)...)
		return
	case pr.connected.Seq != 0:
		v.fault(ConnectedTwice, "the customer is connected a second time for one promise", pr.connected, refOf(e))
	}
	pr.connected = refOf(e)
	if p := v.places[pr.place]; p != nil {
		v.engage(p, e.Text("agent"))
	}
}

func (v *Verifier) promiseAttempt(e journal.Entry) {
	if pr := v.promise(e); pr != nil {
		pr.underWay = false
	}
}

func (v *Verifier) promiseRetry(e journal.Entry) {
	if pr := v.promise(e); pr != nil {
		pr.notBefore, _ = e.Moment("not_before")
	}
}

func (v *Verifier) promiseUncertain(e journal.Entry) {
	if pr := v.promise(e); pr != nil {
		pr.underWay, pr.uncertain = false, e.Text("policy") == "hold"
	}
}

func (v *Verifier) promiseResolved(e journal.Entry) {
	if pr := v.promise(e); pr != nil {
		pr.uncertain = false
		if e.Text("outcome") == "connected" {
			pr.connected = refOf(e)
		}
	}
}

func (v *Verifier) promiseOver(e journal.Entry) {
	pr := v.promise(e)
	if pr == nil {
		v.fault(EndedTwice, "the promise is over already", v.over.refs(e.Callback, e)...)
		return
	}
	delete(v.promises, pr.id)
	v.over.add(pr.id, refOf(e))
	if p := v.places[pr.place]; p != nil && p.callback == pr.id {
		p.abandon(v, e)
	}
}

// keptByWord says whether an operator said that the promise of a place is kept.
func (v *Verifier) keptByWord(p *place) bool {
	by, over := v.over.ids[p.callback]
	return over && by.Type == "callback.done"
}

// checkPromises asks at the end of the journal where the places of open promises
// are.
func (v *Verifier) checkPromises() {
	for _, pr := range v.promises {
		idle := !pr.underWay && !pr.uncertain && v.at.After(pr.notBefore.Add(overdue))
		if v.places[pr.place] == nil && pr.placelessBy.Seq != 0 && idle && v.live-pr.placeless > overdue && v.rep.Places > 0 {
			v.fault(PlaceMissing, fmt.Sprintf("promise %s is open, and it holds no place", pr.id), pr.asked, pr.placelessBy)
		}
	}
}
