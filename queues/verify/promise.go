package verify

import (
	"fmt"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

// promise is an open promise to call back.
type promise struct {
	id, place   string
	asked       Ref // the first entry about it
	last        Ref // the entry before this one
	phase       phase
	gaps        int // as the verifier counts them, at the last entry
	attempts    int // the number of the latest
	dialling    Ref // that attempt
	underWay    bool
	connected   Ref
	uncertain   bool
	terms       terms
	placeless   time.Duration // by the live clock, since when it has no place; when placelessBy is set
	placelessBy Ref
}

// promise finds the promise of an entry; nil when it is over.
func (v *Verifier) promise(e journal.Entry) *promise {
	pr := v.promises[e.Callback]
	if pr == nil && e.Callback != "" && !v.ended(e.Callback) {
		pr = &promise{id: e.Callback, place: e.Place, asked: refOf(e), gaps: v.gaps}
		v.promises[e.Callback] = pr
	}
	return pr
}

// promiseEntry takes every entry about a promise that was made before.
func (v *Verifier) promiseEntry(e journal.Entry) {
	pr := v.promise(e)
	if pr != nil {
		v.follow(pr, e)
		pr.move(v, e)
	}
	if handle := promiseHandlers[e.Type]; handle != nil {
		handle(v, pr, e)
	}
	if pr != nil {
		pr.last = refOf(e)
	}
}

// promiseHandlers are given nil for a promise that is over.
var promiseHandlers = map[string]func(*Verifier, *promise, journal.Entry){
	"callback.dialling":  (*Verifier).promiseDialling,
	"callback.recovered": (*Verifier).promiseRecovered,
	"callback.connected": (*Verifier).promiseConnected,
	"callback.attempt":   (*Verifier).promiseAttempt,
	"callback.delayed":   (*Verifier).promiseDelayed,
	"callback.retry":     (*Verifier).promiseRetry,
	"callback.postponed": (*Verifier).promisePostponed,
	"callback.hastened":  (*Verifier).promiseHastened,
	"callback.verified":  (*Verifier).promiseVerified,
	"callback.uncertain": (*Verifier).promiseUncertain,
	"callback.resolved":  (*Verifier).promiseResolved,
	"callback.done":      (*Verifier).promiseOver,
	"callback.given_up":  (*Verifier).promiseOver,
	"callback.cancelled": (*Verifier).promiseOver,
}

// move keeps which place is the promise's: who takes a new one says so in the entry
// about it, and has none until then.
func (pr *promise) move(v *Verifier, e journal.Entry) {
	if e.Place == "" || e.Place == pr.place {
		return
	}
	pr.place = e.Place
	if v.places[e.Place] == nil {
		pr.placeless, pr.placelessBy = v.live, refOf(e)
	}
}

func (v *Verifier) promiseAsked(e journal.Entry) {
	if pr := v.promises[e.Callback]; pr != nil {
		v.fault(TakenTwice, "the same promise is made again", pr.asked, refOf(e))
		return
	}
	pr := &promise{
		id: e.Callback, place: e.Place, asked: refOf(e), last: refOf(e), phase: waits, gaps: v.gaps,
		terms: v.termsOf(e), placeless: v.live, placelessBy: refOf(e),
	}
	v.promises[e.Callback] = pr
	v.rep.Promises++
}

// promiseRefused is about a request that an older promise stands for.
func (v *Verifier) promiseRefused(e journal.Entry) {
	if id := e.Text("existing_id"); id != "" && v.promises[id] == nil && v.ended(id) {
		v.fault(EndedTwice, "a request is told of a promise that is over", v.over.refs(id, e)...)
	}
}

func (v *Verifier) promiseDialling(pr *promise, e journal.Entry) {
	v.rep.Dialled++
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
	default:
		v.checkTime(pr, e)
	}
	pr.attempts, pr.dialling, pr.underWay, pr.uncertain = n, refOf(e), true, false
}

func (v *Verifier) promiseRecovered(pr *promise, _ journal.Entry) {
	if pr != nil {
		pr.underWay, pr.uncertain = true, false
	}
}

func (v *Verifier) promiseConnected(pr *promise, e journal.Entry) {
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

func (v *Verifier) promiseAttempt(pr *promise, _ journal.Entry) {
	if pr != nil {
		pr.underWay = false
	}
}

func (v *Verifier) promiseUncertain(pr *promise, e journal.Entry) {
	if pr != nil {
		pr.underWay, pr.uncertain = false, holds(e)
	}
}

// holds says whether an uncertain attempt waits for somebody's word: an operator's,
// or the switch's.
func holds(e journal.Entry) bool { return e.Text("policy") == "hold" || e.Text("policy") == "ask" }

func (v *Verifier) promiseResolved(pr *promise, e journal.Entry) {
	if pr != nil {
		pr.uncertain = false
		if e.Text("outcome") == "connected" {
			pr.connected = refOf(e)
		}
	}
}

func (v *Verifier) promiseOver(pr *promise, e journal.Entry) {
	if pr == nil {
		v.fault(EndedTwice, "the promise is over already", v.over.refs(e.Callback, e)...)
		return
	}
	if e.Type == "callback.done" && pr.connected.Seq == 0 && v.whole {
		v.fault(WrongState, "the promise ends as kept, and its customer was never connected", pr.asked, refOf(e))
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

// OpenPromises lists the promises that have no end yet, sorted by id.
func (v *Verifier) OpenPromises() []string {
	ids := make([]string, 0, len(v.promises))
	for id := range v.promises {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// checkPromises asks at the end of the journal where the places of open promises
// are. The time while linekeeper was away does not count.
func (v *Verifier) checkPromises() {
	for _, pr := range v.promises {
		idle := !pr.underWay && !pr.uncertain && !pr.terms.unverified && v.at.After(pr.terms.earliest().Add(overdue))
		if v.places[pr.place] == nil && pr.placelessBy.Seq != 0 && idle && v.live-max(pr.placeless, v.silence) > overdue && v.rep.Places > 0 {
			v.fault(PlaceMissing, fmt.Sprintf("promise %s is open, and it holds no place", pr.id), pr.asked, pr.placelessBy)
		}
	}
}
