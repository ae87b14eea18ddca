// Package tally counts from the journal what became of promises: how many were
// kept, and in time, how often customers had to be dialled, and who waited for
// whom. It is pure: entries come in one after another, and rows go out.
package tally

import (
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/journal"
)

// By says how promises are put into groups.
type By string

// The groups. Total is one group of all.
const (
	Total      By = ""
	ByQueue    By = "queue"    // in which they were asked for
	ByCampaign By = "campaign" // "" for those of none
	ByReason   By = "reason"   // how they were asked for
	ByDay      By = "day"      // on which they were asked for
)

// Groups are the ways to group beside Total.
func Groups() []By { return []By{ByQueue, ByCampaign, ByReason, ByDay} }

// Options choose what is counted; zero fields choose all.
type Options struct {
	Queue string         // only promises asked for in this queue
	Since time.Time      // only those asked for, and refused, at or after
	Until time.Time      // and before
	By    By             //
	Zone  *time.Location // whose days are counted; nil is UTC
}

// Before is how long before Since the entries should begin: what a customer was
// told is older than the promise.
const Before = 2 * time.Hour

// Types are the types of entries that a Tally uses, as store.EventFilter wants
// them; all others may be left out.
func Types() []string { return []string{"callback.", "wait.quoted", "place.estimated"} }

// Basis says which time a promise is held against.
type Basis string

// The bases, the best first.
const (
	BasisWindow   Basis = "window"   // the end of the window that was promised
	BasisQuote    Basis = "quote"    // the longest wait that the caller was told
	BasisEstimate Basis = "estimate" // the upper end of the first estimate of the place
	BasisNone     Basis = "none"     // nothing was said, or it was put off since
)

// Tally counts; make one with New. It keeps what is open, and a number for each
// time that was measured. It is not safe for concurrent use.
type Tally struct {
	opts   Options
	rows   map[string]*row
	open   map[string]*promise // asked for and not over, by id
	told   map[string]deadline // by call: the longest wait that was told last
	places map[string]deadline // by place: the first estimate
	swept  time.Time
}

// deadline is a time that was told or reckoned, and when.
type deadline struct{ at, by time.Time }

// promise is what is remembered of an open one.
type promise struct {
	row      *row
	by       time.Time // it was promised by this time
	basis    Basis
	answered bool
	yes      time.Time // when the customer said yes, in this attempt
	agent    time.Time // since when an agent waits
	met      time.Time // when customer and agent were connected
	delayed  []string  // rules that put it off
}

// New makes a tally that has seen nothing.
func New(o Options) *Tally {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	return &Tally{opts: o, rows: map[string]*row{}, open: map[string]*promise{}, told: map[string]deadline{}, places: map[string]deadline{}}
}

// Observe takes the next entry, in the order of the journal.
func (t *Tally) Observe(e journal.Entry) {
	t.sweep(e.At)
	switch e.Type {
	case "wait.quoted":
		if high, ok := e.Number("high"); ok && high > 0 {
			t.told[e.Call] = deadline{e.At, e.At.Add(time.Duration(high * float64(time.Minute)))}
		}
	case "place.estimated":
		if high, ok := e.Number("high_s"); ok {
			t.places[e.Place] = deadline{e.At, e.At.Add(time.Duration(high * float64(time.Second)))}
		}
	case callback.NoteAsked:
		t.asked(e)
	case callback.NoteRefused:
		t.refused(e)
	default:
		if p := t.open[e.Callback]; p != nil {
			t.promise(p, e)
		}
	}
}

// sweep forgets what was told to those who asked for nothing.
func (t *Tally) sweep(now time.Time) {
	if now.Sub(t.swept) < Before {
		return
	}
	t.swept = now
	for _, told := range []map[string]deadline{t.told, t.places} {
		for id, d := range told {
			if now.Sub(d.at) > Before {
				delete(told, id)
			}
		}
	}
}

func (t *Tally) counts(e journal.Entry) bool {
	return !e.At.Before(t.opts.Since) && (t.opts.Until.IsZero() || e.At.Before(t.opts.Until)) && (t.opts.Queue == "" || e.Queue == t.opts.Queue)
}

func (t *Tally) group(e journal.Entry) *row {
	name := ""
	switch t.opts.By {
	case ByQueue:
		name = e.Queue
	case ByCampaign:
		name = e.Text("campaign")
	case ByReason:
		name = e.Text("reason")
	case ByDay:
		name = e.At.In(t.opts.Zone).Format(time.DateOnly)
	}
	if t.rows[name] == nil {
		t.rows[name] = newRow(name)
	}
	return t.rows[name]
}

func (t *Tally) asked(e journal.Entry) {
	if !t.counts(e) || e.Callback == "" {
		return
	}
	p := &promise{row: t.group(e), basis: BasisNone}
	p.row.Promised++
	t.open[e.Callback] = p
	_, from := e.Moment("window_from")
	_, rests := e.Moment("not_before")
	call := e.Text("call_id")
	if call == "" {
		call = e.Call
	}
	if by, ok := e.Moment("window_until"); ok {
		p.by, p.basis = by, BasisWindow
	} else if told, ok := t.told[call]; ok && !from && !rests {
		p.by, p.basis = told.by, BasisQuote
	} else if reckoned, ok := t.places[e.Place]; ok && !from && !rests {
		p.by, p.basis = reckoned.by, BasisEstimate
	}
	p.row.Basis[p.basis]++
}

// refused is about a request, or about a promise that must not be kept any more.
func (t *Tally) refused(e journal.Entry) {
	rule := e.Text("rule")
	if p := t.open[e.Callback]; p != nil && rule != string(callback.RuleDuplicate) {
		p.row.Refused[rule]++
		return
	}
	switch {
	case !t.counts(e):
	case rule == string(callback.RuleDuplicate):
		t.group(e).Merged++
	default:
		t.group(e).Refused[rule]++
	}
}

func (t *Tally) promise(p *promise, e journal.Entry) {
	switch e.Type {
	case callback.NoteDelayed:
		if rule := e.Text("rule"); !slices.Contains(p.delayed, rule) {
			p.delayed = append(p.delayed, rule)
			p.row.Delayed[rule]++
		}
	case callback.NotePostponed:
		p.row.Postponed++
		if until, ok := e.Moment("until"); ok && !until.Before(p.by) && p.basis != BasisNone {
			p.row.Basis[p.basis]--
			p.row.Basis[BasisNone]++
			p.by, p.basis = time.Time{}, BasisNone
		}
	case callback.NoteDialling:
		p.row.Dialled++
		p.yes = time.Time{}
	case callback.NoteAnswered:
		if n, ok := e.Number("attempt"); ok && !p.answered {
			p.answered = true
			p.row.firstAnswer.add(n)
		}
	case callback.NoteConfirmed:
		p.yes = e.At
	case callback.NoteAgentTook:
		p.agent = e.At
	case callback.NoteAgentReleased, callback.NoteAgentLost:
		p.agentFree(e.At)
	case callback.NoteConnected:
		p.met = e.At
		p.agentFree(e.At)
		if !p.yes.IsZero() {
			p.row.yes.add(e.At.Sub(p.yes).Seconds())
		}
		p.row.Outcomes[string(callback.OutcomeConnected)]++
	case callback.NoteAttempt:
		p.row.Outcomes[e.Text("outcome")]++
	case callback.NoteUncertain:
		p.row.Uncertain++
	case callback.NoteDone, callback.NoteGivenUp, callback.NoteCancelled:
		p.over(e)
		delete(t.open, e.Callback)
	}
}

// agentFree ends the wait of an agent.
func (p *promise) agentFree(at time.Time) {
	if !p.agent.IsZero() {
		p.row.agent.add(at.Sub(p.agent).Seconds())
		p.agent = time.Time{}
	}
}
