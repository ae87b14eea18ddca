package verify

import (
	"cmp"
	"fmt"
	"slices"
)

// Done gives the report on all entries so far. What is under way at the end of
// the journal is no fault. Call it once, after the last Add.
func (v *Verifier) Done() Report {
	for _, d := range v.doubts {
		if v.live-d.live > d.window && v.at.Sub(d.at) > d.window {
			v.fault(d.fault.Rule, d.fault.Message, d.fault.Entries...)
		} else {
			v.rep.Undecided++
		}
	}
	v.doubts = nil
	v.checkPlaces()
	v.checkPromises()
	v.checkCalls()
	v.checkAgents()
	slices.SortStableFunc(v.rep.Faults, func(a, b Fault) int { return cmp.Compare(a.seq(), b.seq()) })
	v.rep.Open = len(v.places)
	v.say()
	return v.rep
}

func (f Fault) seq() int64 {
	last := int64(0)
	for _, r := range f.Entries {
		last = max(last, r.Seq)
	}
	return last
}

// say tells what the journal could not prove.
func (v *Verifier) say() {
	add := func(format string, args ...any) {
		v.rep.Unproved = append(v.rep.Unproved, fmt.Sprintf(format, args...))
	}
	if v.rep.Entries == 0 {
		add("nothing: the journal has no entries")
		return
	}
	if v.rep.FirstSeq > 1 {
		add("what was before seq %d: the journal begins late", v.rep.FirstSeq)
	} else if !v.whole {
		add("what the entries would say that are missing between seq %d and %d: the journal was filtered", v.rep.FirstSeq, v.rep.LastSeq)
	}
	if v.learned > 0 {
		add("the order of places that were taken before: %d", v.learned)
	}
	if v.timeless > 0 {
		add("the exact order of places whose entries do not tell since when they count (taken_at), as an older linekeeper wrote them: %d", v.timeless)
	}
	for _, name := range v.silent() {
		add("who was rung for whom in queue %s: the journal has no offers of it", name)
	}
	if !v.callEnds && v.rep.Places > 0 {
		add("how the calls ended: the journal has no call.ended")
	}
}

// silent lists the queues that served places and told of no offers.
func (v *Verifier) silent() []string {
	var names []string
	for name, q := range v.queues {
		if q.served && !q.offered {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
