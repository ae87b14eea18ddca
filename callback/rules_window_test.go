package callback

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/dialplan"
)

// at reads a time of March 2025 by the clocks of Moscow: "03 16:00" is a Monday.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	is, err := time.ParseInLocation("2006-01-02 15:04", "2025-03-"+text, location("Europe/Moscow"))
	if err != nil {
		t.Fatal(err)
	}
	return is
}

func TestWindows(t *testing.T) {
	t.Parallel()
	hours := daily(9, 20)
	hours.Holidays = []dialplan.Holiday{{Month: time.March, Day: 10}}
	for _, tc := range []struct {
		name        string
		from, until string // of the window
		zone        string
		hours       *dialplan.Hours
		cutOff      time.Duration
		begins      string // "" when refused
		message     string
		remedy      string
	}{
		{name: "this afternoon", from: "03 16:00", until: "03 18:00", begins: "03 16:00"},
		{name: "from 16:00", from: "03 16:00", begins: "03 16:00"},
		{name: "from now until 18:00", until: "03 18:00", begins: "03 12:00"},
		{name: "began before, and goes on", from: "03 10:00", until: "03 18:00", begins: "03 12:00"},
		{name: "from now, said a moment ago", from: "03 11:58", begins: "03 12:00"},
		{name: "partly before the hours", from: "04 07:00", until: "04 10:00", begins: "04 09:00"},
		{name: "partly after the hours", from: "03 19:00", until: "03 23:00", begins: "03 19:00"},
		{name: "over the night", from: "03 21:00", until: "04 12:00", begins: "04 09:00"},
		{name: "in the night, without end", from: "03 23:00", begins: "04 09:00"},
		{name: "on a holiday, without end", from: "10 12:00", begins: "11 09:00"},
		{name: "the last day that is not too far ahead", from: "31 12:00", begins: "31 12:00"},
		{name: "in the past", from: "03 09:00", until: "03 11:00", message: "the window lies in the past",
			remedy: "the customer may be called Monday 2025-03-03 12:00-20:00 their time; choose a window that has some of it"},
		{name: "began in the past, without end", from: "02 09:00", message: "the window lies in the past", remedy: "Monday 2025-03-03 12:00-20:00"},
		{name: "turned round", from: "04 12:00", until: "04 11:00", message: "the window ends before it begins", remedy: "Tuesday 2025-03-04 12:00-20:00"},
		{name: "empty", from: "04 12:00", until: "04 12:00", message: "the window ends before it begins", remedy: "Tuesday 2025-03-04"},
		{name: "at night", from: "04 21:00", until: "05 08:00", message: "no time of the window is within the calling hours",
			remedy: "the customer may be called Wednesday 2025-03-05 09:00-20:00 their time"},
		{name: "until the very opening", from: "04 21:00", until: "05 09:00", message: "no time of the window is within the calling hours", remedy: "Wednesday 2025-03-05 09:00-20:00"},
		{name: "on a holiday", from: "10 09:00", until: "10 20:00", message: "no time of the window is within the calling hours", remedy: "Tuesday 2025-03-11 09:00-20:00"},
		{name: "after the cut-off", from: "03 19:51", until: "03 20:00", cutOff: 10 * time.Minute,
			message: "no time of the window is within the calling hours", remedy: "Tuesday 2025-03-04 09:00-19:50"},
		{name: "before the cut-off", from: "03 19:45", until: "03 20:00", cutOff: 10 * time.Minute, begins: "03 19:45"},
		{name: "open all day", from: "04 02:00", until: "04 03:00", hours: daily(0, 24), begins: "04 02:00"},
		{name: "night in Vladivostok", from: "03 16:00", until: "03 18:00", zone: "Asia/Vladivostok",
			message: "no time of the window is within the calling hours", remedy: "Tuesday 2025-03-04 09:00-20:00 their time"},
		{name: "too far ahead", from: "31 23:00", message: "the window begins more than 28 days from now", remedy: "Monday 2025-03-03 12:00-20:00"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := Policy{Prefixes: []string{"+7"}, Hours: hours, CutOff: tc.cutOff, Ahead: 28 * day}
			if tc.hours != nil {
				p.Hours = tc.hours
			}
			now := at(t, "03 12:00")
			req := Request{ID: "k", Number: "+79161234567", Queue: "q", PlaceID: "p", Zone: tc.zone, Window: Window{at(t, tc.from), at(t, tc.until)}}
			cb, refusal := Ask(req, p, nil, now)
			if tc.begins == "" {
				if refusal == nil || refusal.Rule != RuleWindow || !strings.HasPrefix(refusal.Message, tc.message) || !strings.Contains(refusal.Remedy, tc.remedy) || len(refusal.Inputs) != 4 {
					t.Fatalf("refusal %+v of %+v", refusal, cb)
				}
				return
			}
			if refusal != nil {
				t.Fatalf("refused: %+v", *refusal)
			}
			begins := at(t, tc.begins)
			want := begins
			if begins.Equal(now) {
				want = time.Time{}
			}
			if !cb.PlaceAt.Equal(begins) || !cb.NotBefore.Equal(want) || cb.Dormant() == want.IsZero() || cb.DelayedBy != "" {
				t.Errorf("begins at %s, place at %s, dormant %v, delayed by %q", cb.NotBefore, cb.PlaceAt, cb.Dormant(), cb.DelayedBy)
			}
			if cb.Dormant() && !cb.Window.From.Equal(begins) {
				t.Errorf("the window is said to begin at %s", cb.Window.From)
			}
			if _, delayed := DelayedNote(cb, p); delayed {
				t.Error("the journal says that a rule delays it")
			}
		})
	}
}

func TestWindowsWithoutHours(t *testing.T) {
	t.Parallel()
	p := Policy{Prefixes: []string{"+7"}}
	req := Request{ID: "k", Number: "+79161234567", Queue: "q", PlaceID: "p", Window: Window{From: t0.Add(61 * day)}}
	if _, refusal := Ask(req, p, nil, t0); refusal == nil || refusal.Rule != RuleWindow || refusal.Remedy != "choose a window that begins within the next 60 days" {
		t.Errorf("beyond the default: %+v", refusal)
	}
	req.Window = Window{From: t0.Add(3 * time.Hour)}
	if cb, refusal := Ask(req, p, nil, t0); refusal != nil || !cb.NotBefore.Equal(req.Window.From) {
		t.Errorf("at any time: %+v, %+v", cb, refusal)
	}
	if all := p.Openings(req.Callee(), t0, t0.Add(day), 9); len(all) != 1 || all[0] != (Window{t0, t0.Add(day)}) {
		t.Errorf("any time is %v", all)
	}
}

// TestTheCapsOfAWindow: a cap that holds the window's start up delays it, and the
// place keeps the time of the window.
func TestTheCapsOfAWindow(t *testing.T) {
	t.Parallel()
	p := Policy{Prefixes: []string{"+7"}, Caps: Caps{NumberDay: 1}, Facts: Facts{ToNumber: []time.Time{t0}}}
	req := Request{ID: "k", Number: "+79161234567", Queue: "q", PlaceID: "p", Window: Window{From: t0.Add(3 * time.Hour)}}
	cb, refusal := Ask(req, p, nil, t0.Add(time.Hour))
	if refusal != nil || cb.DelayedBy != RuleNumberDay || !cb.NotBefore.Equal(t0.Add(day)) || !cb.PlaceAt.Equal(req.Window.From) {
		t.Fatalf("%+v, %+v", cb, refusal)
	}
	if n, delayed := DelayedNote(cb, p); !delayed || n.Data["rule"] != string(RuleNumberDay) || n.Data["not_before"] != stamp(t0.Add(day)) {
		t.Errorf("noted as %+v", n)
	}
}

// TestOpenings holds the times that are offered against the rule.
func TestOpenings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := Policy{
			Hours:  daily(rapid.IntRange(0, 11).Draw(t, "from"), rapid.IntRange(12, 24).Draw(t, "to")),
			CutOff: time.Duration(rapid.IntRange(0, 59).Draw(t, "cut-off min")) * time.Minute,
		}
		p.Hours.Week[time.Saturday] = nil
		who := Callee{Number: rapid.SampledFrom(campaignNumbers).Draw(t, "number")}
		from := t0.Add(time.Duration(rapid.IntRange(0, 48*60).Draw(t, "from min")) * time.Minute)
		until := from.Add(time.Duration(rapid.IntRange(1, 96*60).Draw(t, "for min")) * time.Minute)
		all := p.Openings(who, from, until, 100)
		last := from
		for _, w := range all {
			if w.From.Before(last) || !w.Until.After(w.From) || w.Until.After(until) {
				t.Fatalf("%v within %s and %s", all, from, until)
			}
			last = w.Until
		}
		for m := from; m.Before(until); m = m.Add(137 * time.Minute) {
			offered := false
			for _, w := range all {
				offered = offered || !m.Before(w.From) && m.Before(w.Until)
			}
			if d := p.lookHours(who, m); offered != (d.Rule == "") {
				t.Fatalf("%s is offered: %v; the rule says %+v", m, offered, d)
			}
		}
	})
}
