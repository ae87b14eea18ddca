package verify

import (
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

// terms are the times that hold for a promise.
type terms struct {
	notBefore  time.Time // nobody is dialled before, by a rule or a pause
	by         Ref       // the entry that says so
	window     time.Time // nor before the customer wants it; a call that asks whether they want it at all may come
	unverified bool      // nobody has said yes to it yet: it holds no place
	// Its place counts from this time, or from an earlier one when somebody wanted it sooner.
	placeFrom, placeAt time.Time
	gaps               int // as the verifier counts them, when the above was known for sure
}

// termsOf are those with which a promise is made.
func (v *Verifier) termsOf(e journal.Entry) terms {
	t := terms{by: refOf(e), gaps: v.gaps, unverified: e.Text("verify") != ""}
	t.placeAt, _ = e.Moment("place_at")
	t.placeFrom = t.placeAt
	t.window, _ = e.Moment("window_from")
	if !t.unverified {
		t.notBefore, _ = e.Moment("not_before")
	}
	return t
}

// earliest is when the customer may be dialled.
func (t terms) earliest() time.Time {
	if t.window.After(t.notBefore) {
		return t.window
	}
	return t.notBefore
}

// counts says that the place counts from another time from now on.
func (t *terms) counts(at time.Time) { t.placeFrom, t.placeAt = at, at }

// clockSlip is how far the clock that measures pauses may be ahead of the one on the
// wall, by which entries are dated.
const clockSlip = time.Second

// checkTime holds a dial against the times and the pauses.
func (v *Verifier) checkTime(pr *promise, e journal.Entry) {
	if pr.terms.gaps != v.gaps {
		return // what let it go may be missing
	}
	from, what := pr.terms.notBefore, "not before"
	if pr.terms.window.After(from) && !e.Flag("verify") {
		from, what = pr.terms.window, "for a time from"
	}
	if e.At.Add(clockSlip).Before(from) {
		v.fault(DialledEarly, fmt.Sprintf("dialled at %s, and the call was to be made %s %s", e.At.UTC().Format(time.RFC3339Nano), what,
			from.UTC().Format(time.RFC3339Nano)), pr.asked, pr.terms.by, refOf(e))
	}
	if order, paused := v.paused[e.Queue]; paused && e.At.After(order.by.At) && order.gaps == v.gaps {
		v.fault(DialledPaused, "the customer is dialled while the queue is paused", order.by, refOf(e))
	}
}

func (v *Verifier) promiseDelayed(pr *promise, e journal.Entry) {
	if pr == nil || e.Text("rule") == "paused" {
		return // a pause has entries of its own, and may be lifted before
	}
	pr.terms.notBefore, _ = e.Moment("not_before")
	pr.terms.by = refOf(e)
}

func (v *Verifier) promiseRetry(pr *promise, e journal.Entry) {
	if pr == nil {
		return
	}
	pr.terms.notBefore, _ = e.Moment("not_before") // not before the window, either
	pr.terms.window, pr.terms.by, pr.terms.gaps = time.Time{}, refOf(e), v.gaps
	if e.Flag("anew") {
		pr.terms.counts(pr.terms.notBefore)
	}
}

// promisePostponed: the new time is that of the window. A place that is still to be
// taken counts from then.
func (v *Verifier) promisePostponed(pr *promise, e journal.Entry) {
	if pr == nil {
		return
	}
	until, ok := e.Moment("until")
	if !ok {
		return
	}
	if !pr.terms.unverified {
		pr.terms.notBefore = time.Time{}
	}
	pr.terms.window, pr.terms.by, pr.terms.gaps = until, refOf(e), v.gaps
	if e.Flag("anew") || v.places[pr.place] == nil && pr.terms.placeAt.After(e.At) {
		pr.terms.counts(until)
	}
}

func (v *Verifier) promiseHastened(pr *promise, e journal.Entry) {
	if pr == nil {
		return
	}
	pr.terms.notBefore, pr.terms.by = time.Time{}, refOf(e)
	if pr.terms.window.After(e.At) {
		pr.terms.window = e.At
	}
	if pr.terms.placeFrom.After(e.At) {
		pr.terms.placeFrom = e.At
	}
}

func (v *Verifier) promiseVerified(pr *promise, _ journal.Entry) {
	if pr == nil {
		return
	}
	pr.terms.unverified, pr.terms.notBefore = false, time.Time{}
	pr.placeless = v.live // it has one from now on, or from its window's start
}

// pause is an order that nobody is dialled for a queue.
type pause struct {
	by   Ref
	gaps int
}

func (v *Verifier) queuePaused(e journal.Entry) { v.paused[e.Queue] = pause{refOf(e), v.gaps} }

func (v *Verifier) queueResumed(e journal.Entry) { delete(v.paused, e.Queue) }
