package verify

import (
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

// Engine asterisk: the switch distributes. Whom it serves is judged when an agent
// takes a place, by who stood in its queue when that agent began to ring.

const (
	// streamLag is how far apart two streams of the switch may tell of the same
	// moment, and how close together it may take requests in any order.
	streamLag = 2 * time.Second
	// decision is how long the switch may take from choosing a caller to telling
	// that it rings an agent for them.
	decision = 500 * time.Millisecond
	// retry is how long after an agent did not answer the switch may leave that
	// caller alone, while it rings agents for others.
	retry = 30 * time.Second
)

// most is how many passed places one service is doubted for.
const most = 8

// judgement counts the rules that one service, or one offer, needs: each once.
type judgement struct {
	v         *Verifier
	by        map[Pass]bool
	undecided bool
	doubts    int
}

func (j *judgement) allow(by Pass) {
	if j.by == nil {
		j.by = map[Pass]bool{}
	}
	j.by[by] = true
}

func (j *judgement) doubt(d *doubt) {
	if j.doubts++; j.doubts <= most {
		j.v.doubts = append(j.v.doubts, d)
	}
}

func (j *judgement) close() {
	for by := range j.by {
		j.v.rep.Passed[by]++
	}
	if j.undecided {
		j.v.rep.Undecided++
	}
}

func (v *Verifier) judgeService(p *place, e journal.Entry) {
	j := &judgement{v: v}
	defer j.close()
	if p.queue.passesByPriority(p) {
		j.allow(ByPriority)
	}
	began, known := p.began(e.At)
	if !known {
		began = e.At
	}
	p.queue.better(p, func(o *place) {
		switch by := servicePass(p, o, began, e.At); {
		case by != "":
			j.allow(by)
		case !known || !p.exact || !o.exact:
			j.undecided = true
		default:
			j.doubt(&doubt{
				passed: o, at: e.At, live: v.live, window: ringPatience,
				fault: Fault{Overtaken, passedWords(p, o, "was served", e.At), []Ref{o.taken, o.entered, p.taken, refOf(e)}},
			})
		}
	})
}

// servicePass is the rule by which a place may be served before o, which comes
// before it in the order; "" for none. began is when the agent began to ring.
func servicePass(p, o *place, began, at time.Time) Pass {
	switch {
	case o.standing != waiting && o.callback != "" && o.call == "":
		return ByAbsence
	case o.standing != waiting:
		return ByRest
	case o.ringingAt(at) || !o.ended.Before(began.Add(-time.Second)) && !o.ended.IsZero():
		return ByRinging
	case began.Sub(o.entered.At) <= decision || at.Sub(o.entered.At) <= streamLag:
		return ByArrival
	case p.entered.Seq < o.entered.Seq && o.entered.At.Sub(p.entered.At) <= streamLag:
		return ByArrival
	case !o.refused.IsZero() && began.Sub(o.refused) <= retry:
		return ByRefusal
	}
	return ""
}

func passedWords(p, o *place, what string, at time.Time) string {
	why := fmt.Sprintf("was taken %s earlier", p.takenAt.Sub(o.takenAt))
	if o.priority != p.priority {
		why = fmt.Sprintf("has priority %d, not %d", o.priority, p.priority)
	} else if o.takenAt.Equal(p.takenAt) {
		why = "was taken at the same time and has the smaller id"
	}
	return fmt.Sprintf("place %s %s before place %s, which %s and had waited in line for %s; nobody was being rung for it",
		p.id, what, o.id, why, at.Sub(o.entered.At).Round(time.Millisecond))
}
