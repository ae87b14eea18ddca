package tally

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/journal"
)

// Row is what became of the promises of one group.
type Row struct {
	Group string `json:"group"` // "" for all, and for those without a campaign

	Promised  int           `json:"promised"`  // asked for and not refused
	Kept      int           `json:"kept"`      // talked with an agent, or closed as reached by an operator
	InTime    int           `json:"in_time"`   // of those, by the time that was promised
	Late      int           `json:"late"`      // of those, later
	Overdue   int           `json:"overdue"`   // open, and the time that was promised has passed
	Open      int           `json:"open"`      // something is still to happen
	GivenUp   int           `json:"given_up"`  // no attempt left, or expired
	Expired   int           `json:"expired"`   // of those, it was too late for them
	Postponed int           `json:"postponed"` // times that they were put off
	Merged    int           `json:"merged"`    // requests for what was promised already
	Dialled   int           `json:"dialled"`   // attempts that were begun
	Uncertain int           `json:"uncertain"` // attempts of which nobody knew what became of them
	Basis     map[Basis]int `json:"basis"`     // promises by the time that they are held against

	Cancelled map[string]int `json:"cancelled"` // promises, by whom: customer, operator, served, policy
	Refused   map[string]int `json:"refused"`   // requests, and promises before a dial, by rule
	Delayed   map[string]int `json:"delayed"`   // promises, by rule that put them off
	Outcomes  map[string]int `json:"outcomes"`  // attempts that ended, by outcome

	FirstAnswer Spread `json:"first_answer"` // which attempt was the first that somebody answered
	YesToAgent  Spread `json:"yes_to_agent"` // from the customer's yes to the agent, seconds
	AgentWait   Spread `json:"agent_wait"`   // that an agent waited for the customer, reached or not, seconds
}

// Spread tells how measured numbers are spread; all zero for none.
type Spread struct {
	N    int     `json:"n"` // how many were measured
	Mean float64 `json:"mean"`
	P50  float64 `json:"p50"` // half are no greater
	P90  float64 `json:"p90"` // nine of ten are no greater
	Max  float64 `json:"max"`
}

// row is a Row that grows.
type row struct {
	Row
	firstAnswer, yes, agent sample
}

func newRow(group string) *row {
	return &row{Row: Row{
		Group: group, Basis: map[Basis]int{}, Cancelled: map[string]int{}, Refused: map[string]int{},
		Delayed: map[string]int{}, Outcomes: map[string]int{},
	}}
}

// over counts how a promise ended.
func (p *promise) over(e journal.Entry) {
	p.agentFree(e.At)
	switch e.Type {
	case callback.NoteDone:
		p.row.Kept++
		at := p.met
		if at.IsZero() {
			at = e.At // an operator says so
		}
		switch {
		case p.basis == BasisNone:
		case at.After(p.by):
			p.row.Late++
		default:
			p.row.InTime++
		}
	case callback.NoteGivenUp:
		p.row.GivenUp++
		if strings.HasPrefix(e.Text("reason"), "expired") {
			p.row.Expired++
		}
	case callback.NoteCancelled:
		p.row.Cancelled[e.Text("by")]++
	}
}

// Rows gives the groups by name as they stand at a time, which says what is
// overdue. With Total there is always one.
func (t *Tally) Rows(now time.Time) []Row {
	if t.opts.By == Total && len(t.rows) == 0 {
		t.rows[""] = newRow("")
	}
	for _, r := range t.rows {
		r.Open, r.Overdue = 0, 0
	}
	for _, p := range t.open {
		p.row.Open++
		if p.basis != BasisNone && p.met.IsZero() && now.After(p.by) {
			p.row.Overdue++
		}
	}
	out := make([]Row, 0, len(t.rows))
	for _, r := range t.rows {
		r.FirstAnswer, r.YesToAgent, r.AgentWait = r.firstAnswer.spread(), r.yes.spread(), r.agent.spread()
		for basis, n := range r.Basis {
			if n == 0 {
				delete(r.Basis, basis)
			}
		}
		out = append(out, r.Row)
	}
	slices.SortFunc(out, func(a, b Row) int { return cmp.Compare(a.Group, b.Group) })
	return out
}

// sample are measured numbers. Four bytes are enough: seven digits of seconds.
type sample []float32

func (s *sample) add(v float64) { *s = append(*s, float32(v)) }

func (s sample) spread() Spread {
	if len(s) == 0 {
		return Spread{}
	}
	slices.Sort(s)
	sum := 0.0
	for _, v := range s {
		sum += float64(v)
	}
	return Spread{
		N: len(s), Mean: round(sum / float64(len(s))), P50: s.at(0.5), P90: s.at(0.9), Max: round(float64(s[len(s)-1])),
	}
}

// at is the smallest number that so large a share is no greater than (nearest rank).
func (s sample) at(share float64) float64 {
	return round(float64(s[max(0, int(math.Ceil(share*float64(len(s))))-1)]))
}

// round keeps hundredths.
func round(v float64) float64 { return math.Round(v*100) / 100 }
