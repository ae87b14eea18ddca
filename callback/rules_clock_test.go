package callback

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/dialplan"
)

// jumps are times shortly before some clocks of zonesThatJump are changed.
var jumps = []time.Time{
	time.Date(2025, 3, 9, 0, 0, 0, 0, time.UTC), time.Date(2025, 11, 2, 0, 0, 0, 0, time.UTC), // St. John's, at 3:30 and 4:30 UTC
	time.Date(2025, 3, 29, 18, 0, 0, 0, time.UTC), time.Date(2025, 10, 25, 18, 0, 0, 0, time.UTC), // Berlin
	time.Date(2025, 4, 5, 9, 0, 0, 0, time.UTC), time.Date(2025, 10, 4, 9, 0, 0, 0, time.UTC), // Lord Howe
	time.Date(2011, 12, 29, 20, 0, 0, 0, time.UTC), // Apia has no 30th
}

// TestTheNextCallIsWithinTheHours draws hours, zones and times around changes of the
// clocks, and looks ahead: the look ends, and what it finds is open by the clocks of
// the customer for as long as the cut-off, and no look in between finds one before.
func TestTheNextCallIsWithinTheHours(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := &dialplan.Hours{Location: time.UTC, Holidays: []dialplan.Holiday{{Month: time.March, Day: 30}, {Year: 2011, Month: time.December, Day: 31}}}
		for d := range h.Week {
			for range rapid.IntRange(0, 2).Draw(t, "spans") {
				s := dialplan.Span{From: rapid.IntRange(0, 1439).Draw(t, "from"), To: rapid.IntRange(1, 1440).Draw(t, "to")}
				if s.From != s.To {
					h.Week[d] = append(h.Week[d], s)
				}
			}
		}
		p := Policy{Prefixes: []string{"+4"}, Hours: h, CutOff: time.Duration(rapid.IntRange(0, 90).Draw(t, "cut-off min")) * time.Minute}
		who := Callee{
			Number: "+4930123456", Zone: rapid.SampledFrom(zonesThatJump).Draw(t, "zone"), Unverified: rapid.Bool().Draw(t, "unverified"),
		}
		at := rapid.SampledFrom(jumps).Draw(t, "near").Add(time.Duration(rapid.IntRange(0, 36*3600).Draw(t, "s")) * time.Second)
		d := p.Decide(who, at)
		if d.Refused() {
			return // no common time
		}
		if d.Delayed() && (!d.Until.After(at) || d.Until.After(at.Add(2*hoursAhead))) {
			t.Fatalf("at %s not before %s", at, d.Until)
		}
		opens := at
		if d.Delayed() {
			opens = d.Until
		}
		open := func(m time.Time) bool {
			zones, _, unknown := p.zonesOf(who, m)
			if unknown != "" {
				t.Fatal(unknown)
			}
			for _, zone := range zones {
				clock := h.In(zone)
				for x := m; x.Before(m.Add(max(p.CutOff, 1))); x = x.Add(time.Minute) {
					if !clock.IsOpen(x) {
						return false
					}
				}
			}
			return true
		}
		if !open(opens) {
			t.Fatalf("from %s on at %s, which is outside of the hours", at, opens)
		}
		for m := at; m.Before(opens) && m.Before(at.Add(2*day)); m = m.Add(13 * time.Minute) {
			if open(m) {
				t.Fatalf("from %s on not before %s, although %s is open", at, opens, m)
			}
		}
	})
}

// TestTheDayThatApiaLeftOut: Samoa went from the 29th to the 31st of December 2011.
func TestTheDayThatApiaLeftOut(t *testing.T) {
	t.Parallel()
	apia := location("Pacific/Apia")
	p := Policy{Prefixes: []string{"+685"}, Hours: daily(9, 20)}
	evening := time.Date(2011, 12, 29, 21, 0, 0, 0, apia)
	d := p.Decide(Callee{Number: "+6857212345"}, evening)
	if want := time.Date(2011, 12, 31, 9, 0, 0, 0, apia); d.Rule != RuleHours || !d.Until.Equal(want) || d.Until.Sub(evening) != 12*time.Hour {
		t.Errorf("after the evening of the 29th: %+v, want %s", d, want)
	}
	all := p.Openings(Callee{Number: "+6857212345"}, evening, evening.Add(day), 9)
	if len(all) != 1 || all[0].Until.Sub(all[0].From) != 11*time.Hour {
		t.Errorf("openings of the next 24 h: %v", all)
	}
}

// TestAClockThatGoesBack: what was promised by a later clock is kept by the earlier
// one, neither twice nor outside of the hours.
func TestAClockThatGoesBack(t *testing.T) {
	t.Parallel()
	p := Policy{Prefixes: []string{"+7"}, Hours: daily(9, 20), Caps: Caps{NumberDay: 1}}
	noon := t0.Add(-8 * time.Hour)
	cb, refusal := Ask(Request{ID: "k", Number: "+79161234567", Queue: "q", PlaceID: "p"}, p, nil, noon)
	if refusal != nil {
		t.Fatal(refusal.Message)
	}
	var l Ledger
	dial := func(at time.Time) bool {
		t.Helper()
		p.Facts = l.Facts(cb.Callee(), nil)
		after, cmds, err := Step(cb, Due{}, p, at)
		if err != nil {
			t.Fatal(err)
		}
		cb = after
		for _, cmd := range cmds {
			if _, dials := cmd.(Dial); dials {
				l.Dialled(cb.Callee(), nil, at)
				return true
			}
		}
		return false
	}
	if dial(noon.Add(-8 * time.Hour)) {
		t.Error("dialled at four in the morning, for the clock was put back before")
	}
	cb.NotBefore, cb.DelayedBy = time.Time{}, ""
	if !dial(noon) {
		t.Fatal("not dialled at noon")
	}
	cb, _, err := Step(cb, Ended{Channel: ChannelID("k", 1)}, p, noon.Add(time.Minute))
	if err != nil || cb.State != Waiting {
		t.Fatalf("%s, %v", cb.State, err)
	}
	cb.NotBefore = time.Time{}
	for _, at := range []time.Time{noon.Add(-time.Hour), noon, noon.Add(time.Hour)} {
		p.Facts = l.Facts(cb.Callee(), nil)
		if d := p.Decide(cb.Callee(), at); d.Rule != RuleNumberDay && d.Rule != RuleHours {
			t.Errorf("at %s a second dial is decided as %+v", at, d)
		}
	}
}
