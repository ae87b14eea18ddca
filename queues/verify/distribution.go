package verify

import (
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/journal"
)

// Engine linekeeper: our own distribution. It is judged when an agent is rung for
// a place, by who was in the line then.

const (
	// oneTurn is how far apart the entries of one decision may be.
	oneTurn = time.Millisecond
	// late is how much later than stated a tier may open: a timer opens it.
	late = time.Second
)

// skilled is what an agent may be rung for.
type skilled struct {
	skills map[string]int
	queues []string // none: every queue for whose tiers it has the skills
}

func (v *Verifier) agentOpened(e journal.Entry) {
	v.crew[e.Agent] = &skilled{skills: e.Levels("skills"), queues: e.Texts("queues")}
}

// tier is the first circle of a queue that an agent is in; ok is false when it is
// in none.
func (q *queue) tier(a *skilled) (t tier, ok bool) {
	if len(a.queues) > 0 && !slices.Contains(a.queues, q.name) {
		return tier{}, false
	}
	for _, t := range q.tiers {
		if covers(a.skills, t.needs) {
			return t, true
		}
	}
	return tier{}, len(q.tiers) == 0
}

func (v *Verifier) judgeOffer(p *place, e journal.Entry) {
	j := &judgement{v: v}
	defer j.close()
	if p.queue.passesByPriority(p) {
		j.allow(ByPriority)
	}
	a := v.crew[e.Agent]
	for _, q := range v.queues {
		if !q.own {
			continue
		}
		if q != p.queue && a != nil {
			if _, serves := q.tier(a); !serves && !q.lent {
				continue
			}
		}
		q.better(p, func(o *place) {
			switch by, decided := v.offerPass(p, o, a, e); {
			case by != "":
				j.allow(by)
			case !decided:
				j.undecided = true
			default:
				j.doubt(&doubt{
					passed: o, at: e.At, live: v.live, window: oneTurn,
					fault: Fault{Overtaken, passedWords(p, o, "was offered to "+e.Agent, e.At), []Ref{o.taken, o.entered, p.taken, refOf(e)}},
				})
			}
		})
	}
}

// offerPass is the rule by which an agent may be rung for a place before o, which
// comes before it in the order; "" for none. decided is false when the journal
// does not say what the agent may be rung for.
func (v *Verifier) offerPass(p, o *place, a *skilled, e journal.Entry) (by Pass, decided bool) {
	switch {
	case o.standing != waiting && o.callback != "" && o.call == "":
		return ByAbsence, true
	case o.standing != waiting:
		return ByRest, true
	case o.ringingAt(e.At):
		return ByRinging, true
	case slices.Contains(o.refusers, e.Agent):
		return ByRefusal, true
	case a == nil || !o.queue.opened || !o.exact || !p.exact:
		return "", false
	case !covers(a.skills, o.needs):
		return BySkills, true
	}
	after := time.Duration(0)
	t, in := o.queue.tier(a)
	switch {
	case in:
		after = t.after
	case o.queue != p.queue:
		return ByBorrowing, true
	case len(o.queue.tiers) > 0: // lent agents come after all tiers
		after = o.queue.tiers[len(o.queue.tiers)-1].after
	}
	switch {
	case after > 0 && e.At.Sub(o.since) < after+late:
		return ByTier, true
	case o.queue.atOnce > 0 && v.serving(o.queue, e.At) >= o.queue.atOnce:
		return ByLimit, true
	}
	return "", true
}

// serving is how many places of a queue agents have now, or are rung for.
func (v *Verifier) serving(q *queue, at time.Time) int {
	n := 0
	for _, p := range v.places {
		if p.queue == q && (p.standing == inTalk || p.ringingAt(at)) {
			n++
		}
	}
	return n
}
