package verify

import (
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

// standing is where a place is.
type standing int

const (
	resting standing = iota // held by linekeeper alone, or on its way into the switch's queue
	waiting                 // in line: an agent may be rung for it
	inTalk                  // an agent took it
)

// place is an open place.
type place struct {
	id, call, callback string
	queue              *queue
	priority           int
	takenAt            time.Time
	exact              bool      // takenAt is what the engine orders by
	ranked             bool      // in the order of its queue; one that was not seen being taken is not
	since              time.Time // in this queue
	needs              map[string]int
	standing           standing
	taken              Ref
	entered            Ref // as it last came into the line
	everServed         bool
	served             Ref // the last time
	servedBy           string
	servedIn           int  // the run of the daemon
	moved              bool // into another queue; that queue may say that it was taken
	gone               bool // whoever held it is gone
	goneBy             Ref
	goneLive           time.Duration
	offers
}

// before is the order of the line.
func (p *place) before(q *place) bool {
	if p.priority != q.priority {
		return p.priority > q.priority
	}
	if !p.takenAt.Equal(q.takenAt) {
		return p.takenAt.Before(q.takenAt)
	}
	return p.id < q.id
}

func (p *place) placed(s standing) {
	was := p.standing
	p.standing = s
	switch {
	case !p.ranked:
	case was == inTalk && s != inTalk:
		p.queue.insert(p)
	case was != inTalk && s == inTalk:
		p.queue.remove(p)
	}
}

// place finds the place of an entry. One that is not known began before the
// journal does, unless that is impossible: then it is nil and a fault.
func (v *Verifier) place(e journal.Entry) *place {
	if p := v.places[e.Place]; p != nil {
		p.name(e)
		return p
	}
	if e.Place == "" {
		return nil
	}
	if v.ended(e.Place) {
		message := "the place was never taken"
		if v.over.has(e.Place) {
			message = "the place is over already"
		}
		v.fault(EndedTwice, message, v.over.refs(e.Place, e)...)
		return nil
	}
	v.learned++
	p := &place{id: e.Place, queue: v.queue(e.Queue), since: e.At, taken: refOf(e)}
	p.name(e)
	v.places[p.id] = p
	return p
}

// name keeps who holds the place.
func (p *place) name(e journal.Entry) {
	if e.Callback != "" {
		p.callback = e.Callback
	}
	if e.Call != "" {
		p.call = e.Call
	}
}

func (v *Verifier) placeTaken(e journal.Entry) {
	takenAt, exact := e.Moment("taken_at")
	if !exact {
		takenAt = e.At
		v.timeless++
	}
	if p := v.places[e.Place]; p != nil {
		if p.moved {
			p.moved = false // into the queue of another engine, which says so
			p.name(e)
			v.stand(p, e)
			return
		}
		v.fault(TakenTwice, "the place is open already", p.taken, refOf(e))
		return
	}
	if by, over := v.over.ids[e.Place]; over && !mayReturn(by, e) {
		v.fault(TakenTwice, "the place was over, given up by its caller", by, refOf(e))
	}
	v.rep.Places++
	p := &place{
		id: e.Place, queue: v.queue(e.Queue), priority: int(number(e, "priority")), takenAt: takenAt, exact: exact,
		ranked: true, since: e.At, needs: e.Levels("skills"), taken: refOf(e),
	}
	p.name(e)
	v.places[p.id] = p
	p.queue.insert(p)
	v.stand(p, e)
	v.hold(p, e)
}

// mayReturn says whether a place that ended may be taken again: by a promise, or
// by a call that was not told the end, because the daemon died at that moment.
func mayReturn(left Ref, e journal.Entry) bool {
	return e.Callback != "" || left.Call == e.Call && left.reason != "abandoned" && left.reason != "by_choice"
}

// stand lets a place that comes into a queue be in its line, where no
// placeholder must enter it first: somebody is on the line.
func (v *Verifier) stand(p *place, e journal.Entry) {
	if p.queue.own && p.call != "" {
		p.entered = refOf(e)
		p.placed(waiting)
	}
}

func (v *Verifier) placeEntered(e journal.Entry) {
	if p := v.place(e); p != nil && p.standing != inTalk {
		p.entered = refOf(e)
		p.placed(waiting)
	}
}

func (v *Verifier) placeReentered(e journal.Entry) {
	if p := v.place(e); p != nil && p.standing != inTalk {
		p.placed(resting)
	}
}

func (v *Verifier) placeRest(e journal.Entry) {
	p := v.place(e)
	if p == nil {
		return
	}
	switch reason := e.Text("reason"); {
	case reason == "restart":
		v.restarted(p.queue)
	case lost(reason):
		v.wasLost(p, e.At)
	}
	v.letGo(p, e)
	p.offers.close(e.At)
	p.placed(resting)
	if p.callback != "" {
		p.call = "" // a promise that rests has nobody on the line
	}
}

func (v *Verifier) placeConverted(e journal.Entry) {
	if p := v.place(e); p != nil {
		p.call = ""
		p.gone = false
		v.hold(p, e)
		if p.queue.own && p.standing == waiting {
			p.placed(resting)
		}
	}
}

// placeMoved also tells all of a place that was not known before.
func (v *Verifier) placeMoved(e journal.Entry) {
	takenAt, exact := e.Moment("taken_at")
	p := v.place(e)
	if p == nil {
		return
	}
	v.letGo(p, e)
	p.offers.close(e.At)
	p.placed(resting)
	if p.ranked {
		p.queue.remove(p)
	} else if exact {
		p.ranked, p.exact, p.priority, p.needs = true, true, int(number(e, "priority")), e.Levels("skills")
	}
	p.queue, p.since, p.moved = v.queue(e.Text("to")), e.At, true
	switch {
	case exact:
		p.takenAt = takenAt
	case !e.Flag("kept"):
		p.takenAt = e.At
	}
	if pr := v.promises[p.callback]; pr != nil && !e.Flag("kept") {
		pr.terms.counts(p.takenAt)
	}
	if p.ranked {
		p.queue.insert(p)
	}
	v.stand(p, e)
}

func (v *Verifier) placeServed(e journal.Entry) {
	p := v.place(e)
	if p == nil {
		return
	}
	v.rep.Served++
	p.queue.served = true
	v.lookAgain(p)
	if p.standing == inTalk {
		v.fault(ServedTwice, "an agent took the place while another had it", p.served, refOf(e))
		return
	}
	if p.ranked && !p.queue.own {
		v.judgeService(p, e)
	}
	p.placed(inTalk)
	p.served, p.everServed, p.servedBy, p.servedIn = refOf(e), true, "", p.queue.run
	p.offers.close(e.At)
	v.engage(p, e.Agent)
}

// lookAgain gives up a talk of an earlier run of the daemon: it may have found, on
// its return, that it had only been about to begin, which it does not tell.
func (v *Verifier) lookAgain(p *place) {
	if p.standing == inTalk && p.servedIn != p.queue.run {
		v.disengage(p)
		p.placed(waiting)
	}
}

func (v *Verifier) placeLeft(e journal.Entry) {
	p := v.place(e)
	if p == nil {
		return
	}
	reason := e.Text("reason")
	v.rep.Left[reason]++
	v.engage(p, e.Agent)
	v.letGo(p, e)
	if reason != "served" {
		v.wasLeaving(p, e.At)
	}
	if reason == "served" && !p.everServed && p.ranked && !v.keptByWord(p) {
		v.fault(NeverServed, "the place ended as served, but no agent took it", p.taken, refOf(e))
	}
	if p.ranked && p.standing != inTalk {
		p.queue.remove(p)
	}
	delete(v.places, p.id)
	v.over.add(p.id, refOf(e))
	if reason == "abandoned" && p.callback == "" {
		v.expectEnd(p, e)
	}
	if pr := v.promises[p.callback]; pr != nil && pr.place == p.id {
		pr.placeless, pr.placelessBy = v.live, refOf(e)
	}
}

// checkPlaces asks at the end of the journal what became of the places whose
// holders are gone.
func (v *Verifier) checkPlaces() {
	for _, p := range v.places {
		if p.gone && v.live-p.goneLive > overdue {
			v.fault(Vanished, fmt.Sprintf("whoever held place %s is gone, and the place has no end", p.id), p.taken, p.goneBy)
		}
	}
}
