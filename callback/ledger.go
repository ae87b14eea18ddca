package callback

import (
	"maps"
	"slices"
	"time"
)

// Ledger remembers who was dialled when, for the caps. Its zero value is empty.
// It keeps the dials of two days, at most mostOfCap of each number, queue, campaign
// and cost group. It is not safe for concurrent use.
type Ledger struct {
	dials map[account][]time.Time
	swept time.Time
}

// account is what dials are counted for.
type account struct{ kind, name string }

const (
	ofNumber    = "number"
	ofQueue     = "queue"
	ofCampaign  = "campaign"
	ofCostGroup = "cost group"
)

// kept is how long dials are remembered. Caps look back a day; the other one is for a
// clock that is put forward by mistake and then back.
const kept = 2 * day

// Dialled remembers a dial of somebody whose number is in these cost groups, and
// forgets those that no cap counts any more.
func (l *Ledger) Dialled(who Callee, groups []string, at time.Time) {
	if l.dials == nil {
		l.dials = map[account][]time.Time{}
	}
	l.add(account{ofNumber, who.Number}, at)
	l.add(account{ofQueue, who.Queue}, at)
	if who.Campaign != "" {
		l.add(account{ofCampaign, who.Campaign}, at)
	}
	for _, group := range groups {
		l.add(account{ofCostGroup, group}, at)
	}
	if since := at.Sub(l.swept); since >= 0 && since < time.Hour {
		return
	}
	l.swept = at
	for of, dials := range l.dials {
		if len(current(dials, at)) == 0 {
			delete(l.dials, of)
		}
	}
}

func (l *Ledger) add(of account, at time.Time) { l.dials[of] = current(append(l.dials[of], at), at) }

// current are the dials that matter, the oldest first. A clock that was put back
// must not bring them out of order.
func current(dials []time.Time, now time.Time) []time.Time {
	if n := len(dials); n > 1 && dials[n-1].Before(dials[n-2]) {
		slices.SortFunc(dials, time.Time.Compare)
	}
	old := max(0, len(dials)-mostOfCap)
	for old < len(dials) && !now.Before(dials[old].Add(kept)) {
		old++
	}
	return dials[old:]
}

// Facts gives what the rules want to know of earlier dials. The slices are good
// until the next Dialled.
func (l *Ledger) Facts(who Callee, groups []string) Facts {
	f := Facts{ToNumber: l.dials[account{ofNumber, who.Number}], OfQueue: l.dials[account{ofQueue, who.Queue}]}
	if who.Campaign != "" {
		f.OfCampaign = l.dials[account{ofCampaign, who.Campaign}]
	}
	for _, group := range groups {
		if f.OfCost == nil {
			f.OfCost = map[string][]time.Time{}
		}
		f.OfCost[group] = l.dials[account{ofCostGroup, group}]
	}
	return f
}

// With adds a dial of another callee, whose number is in these cost groups, to what is
// known about who: one that the ledger does not have yet.
func (f Facts) With(who, other Callee, groups []string, at time.Time) Facts {
	add := func(dials []time.Time) []time.Time { return append(slices.Clip(dials), at) }
	if other.Number == who.Number {
		f.ToNumber = add(f.ToNumber)
	}
	if other.Queue == who.Queue {
		f.OfQueue = add(f.OfQueue)
	}
	if other.Campaign != "" && other.Campaign == who.Campaign {
		f.OfCampaign = add(f.OfCampaign)
	}
	of := maps.Clone(f.OfCost)
	for _, group := range groups {
		if dials, counts := of[group]; counts {
			of[group] = add(dials)
		}
	}
	f.OfCost = of
	return f
}
