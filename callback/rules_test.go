package callback

import (
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/dialplan"
)

// daily are hours from one hour of each day to another, in Moscow.
func daily(from, to int) *dialplan.Hours {
	h := &dialplan.Hours{Location: location("Europe/Moscow")}
	for day := range h.Week {
		h.Week[day] = []dialplan.Span{{From: from * 60, To: to * 60}}
	}
	return h
}

func location(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}

func TestTypeOf(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]NumberType{
		"+79161234567": TypeMobile, "+74951234567": TypeFixed, "+78005550101": TypeTollFree, "+78091234567": TypePremium,
		"+12125551234": TypeFixedOrMobile, "+19005551234": TypePremium, "+4970012345678": TypePersonal, "+448431234567": TypePremium,
		"+80812345678": TypeSharedCost, "+979123456789": TypePremium, "+881612345678": TypeSatellite, "+870773111632": TypeSatellite,
		"+88213123456": TypeSatellite, "+71234567890": TypeUnknown, "+1": TypeUnknown, "": TypeUnknown, "+79161234567@x": TypeUnknown,
	} {
		if got := TypeOf(number); got != want {
			t.Errorf("%s is %s, want %s", number, got, want)
		}
	}
}

func TestZonesOf(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"+79161234567": "Europe/Moscow", "+74212123456": "Asia/Vladivostok", "+74012123456": "Europe/Kaliningrad",
		"+12125551234": "America/New_York", "+19075551234": "America/Adak America/Anchorage", "+870773111632": "", "hello": "",
	} {
		if got := strings.Join(ZonesOf(number), " "); got != want {
			t.Errorf("%s is in %q, want %q", number, got, want)
		}
	}
}

func TestRulesAboutTheNumber(t *testing.T) {
	t.Parallel()
	world := []string{"+1", "+7", "+4", "+8"}
	for _, tc := range []struct {
		name, number string
		policy       Policy
		want         Rule
		inputs       string
	}{
		{name: "nobody is allowed by default", number: "+79161234567", want: RulePrefix, inputs: "prefixes: there are none"},
		{name: "a mobile phone", number: "+79161234567", policy: Policy{Prefixes: world}},
		{name: "a landline", number: "+74951234567", policy: Policy{Prefixes: world}},
		{name: "premium", number: "+19005551234", policy: Policy{Prefixes: world}, want: RuleType,
			inputs: "type: premium_rate; types: fixed_line, mobile, fixed_line_or_mobile, voip"},
		{name: "shared cost", number: "+80812345678", policy: Policy{Prefixes: world}, want: RuleType,
			inputs: "type: shared_cost; types: fixed_line, mobile, fixed_line_or_mobile, voip"},
		{name: "satellite", number: "+881612345678", policy: Policy{Prefixes: world}, want: RuleType,
			inputs: "type: satellite; types: fixed_line, mobile, fixed_line_or_mobile, voip"},
		{name: "in no range", number: "+71234567890", policy: Policy{Prefixes: world}, want: RuleType,
			inputs: "type: unknown; types: fixed_line, mobile, fixed_line_or_mobile, voip"},
		{name: "toll free is wanted", number: "+78005550101", policy: Policy{Prefixes: world, Types: []NumberType{TypeTollFree}}},
		{name: "then mobile is not", number: "+79161234567", policy: Policy{Prefixes: world, Types: []NumberType{TypeTollFree}},
			want: RuleType, inputs: "type: mobile; types: toll_free"},
		{name: "blocked prefix", number: "+79161234567", policy: Policy{Prefixes: world, Blocked: []string{"+7495", "+7916"}},
			want: RuleBlocked, inputs: "blocked: +7916"},
		{name: "blocked number", number: "+79161234567", policy: Policy{Prefixes: world, Blocked: []string{"+79161234567"}},
			want: RuleBlocked, inputs: "blocked: +79161234567"},
		{name: "listed", number: "+79161234567", policy: Policy{Prefixes: world, Facts: Facts{Listed: true}}, want: RuleDoNotCall,
			inputs: "listed: yes"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := tc.policy.Decide(Callee{Number: tc.number}, t0)
			if d.Rule != tc.want || d.Allowed() != (tc.want == "") || d.Refused() != (tc.want != "") || inputs(d.Inputs) != tc.inputs {
				t.Fatalf("decides %+v", d)
			}
			if d.Refused() && (d.Message == "" || d.Remedy == "") {
				t.Errorf("has no words: %+v", d)
			}
			// The same right before the dial: the promise is closed.
			cb := fixture(Waiting, 0)
			cb.Number = tc.number
			got, cmds, err := Step(cb, Due{}, tc.policy, t0)
			if err != nil {
				t.Fatal(err)
			}
			want := Dialling
			if tc.want != "" {
				want = Cancelled
			}
			if got.State != want || strings.Contains(mustJSON(t, cmds), `"rule":"`+string(tc.want)+`"`) != (tc.want != "") {
				t.Errorf("becomes %s by %s", got.State, mustJSON(t, cmds))
			}
		})
	}
}

func TestCallingHours(t *testing.T) {
	t.Parallel()
	const moscow, vladivostok, newYork, alaska = "+79161234567", "+74212123456", "+12125551234", "+19075551234"
	workdays := daily(9, 20)
	workdays.Week[time.Saturday], workdays.Week[time.Sunday] = nil, nil
	workdays.Holidays = []dialplan.Holiday{{Month: time.March, Day: 10}}
	night := daily(22, 6)
	early := daily(9, 20)
	for d := range early.Week {
		early.Week[d] = []dialplan.Span{{From: 2*60 + 30, To: 4 * 60}}
	}
	twice := daily(9, 20)
	for d := range twice.Week {
		twice.Week[d] = []dialplan.Span{{From: 90, To: 5 * 60}}
	}
	for _, tc := range []struct {
		name, number string
		hours        *dialplan.Hours
		zone         string
		cutOff       time.Duration
		at, want     string // want "" is at once, "never" not at all
	}{
		{name: "no hours", number: moscow, at: "2025-03-03T00:00:00Z"},
		{name: "open", number: moscow, hours: workdays, at: "2025-03-03T17:00:00+03:00"},
		{name: "the first minute", number: moscow, hours: workdays, at: "2025-03-03T09:00:00+03:00"},
		{name: "the evening", number: moscow, hours: workdays, at: "2025-03-03T20:00:00+03:00", want: "2025-03-04T09:00:00+03:00"},
		{name: "the morning", number: moscow, hours: workdays, at: "2025-03-03T08:59:59+03:00", want: "2025-03-03T09:00:00+03:00"},
		{name: "weekend and holiday", number: moscow, hours: workdays, at: "2025-03-07T21:00:00+03:00", want: "2025-03-11T09:00:00+03:00"},
		{name: "night in Vladivostok", number: vladivostok, hours: workdays, at: "2025-03-03T17:00:00+03:00", want: "2025-03-04T09:00:00+10:00"},
		{name: "all zones of Alaska", number: alaska, hours: daily(9, 20), at: "2025-01-15T18:30:00Z", want: "2025-01-15T19:00:00Z"},
		{name: "all zones end", number: alaska, hours: daily(9, 20), at: "2025-01-16T05:00:00Z", want: "2025-01-16T19:00:00Z"},
		{name: "no zone tells, so the hotline's", number: "+870773111632", hours: daily(9, 20), zone: "Asia/Vladivostok",
			at: "2025-03-03T17:00:00+03:00", want: "2025-03-04T09:00:00+10:00"},
		{name: "no zone at all, so that of the hours", number: "+870773111632", hours: daily(9, 20), at: "2025-03-03T17:00:00+03:00"},
		{name: "before the cut-off", number: moscow, hours: workdays, cutOff: 10 * time.Minute, at: "2025-03-03T19:50:00+03:00"},
		{name: "after the cut-off", number: moscow, hours: workdays, cutOff: 10 * time.Minute, at: "2025-03-03T19:50:01+03:00",
			want: "2025-03-04T09:00:00+03:00"},
		{name: "the cut-off at midnight of a night shift", number: moscow, hours: night, cutOff: time.Hour, at: "2025-03-03T23:30:00+03:00"},
		{name: "the morning of a night shift", number: moscow, hours: night, at: "2025-03-03T06:00:00+03:00", want: "2025-03-03T22:00:00+03:00"},
		{name: "spring forward, closed before", number: newYork, hours: daily(9, 20), at: "2025-03-08T21:00:00-05:00",
			want: "2025-03-09T09:00:00-04:00"},
		{name: "spring forward within the hours", number: newYork, hours: early, at: "2025-03-09T01:59:00-05:00",
			want: "2025-03-09T03:00:00-04:00"},
		{name: "spring forward takes time from the cut-off", number: newYork, hours: early, cutOff: 61 * time.Minute,
			at: "2025-03-09T01:59:00-05:00", want: "2025-03-10T02:30:00-04:00"},
		{name: "fall back, closed before", number: newYork, hours: daily(9, 20), at: "2025-11-01T21:00:00-04:00",
			want: "2025-11-02T09:00:00-05:00"},
		{name: "fall back, the hour comes twice", number: newYork, hours: twice, at: "2025-11-02T01:45:00-04:00"},
		{name: "fall back, closed again", number: newYork, hours: twice, at: "2025-11-02T01:00:00-05:00",
			want: "2025-11-02T01:30:00-05:00"},
		{name: "no common hour of a whole continent", number: "+18005551234", hours: daily(9, 12), at: "2025-03-03T17:00:00Z", want: "never"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			at, err := time.Parse(time.RFC3339, tc.at)
			if err != nil {
				t.Fatal(err)
			}
			p := Policy{Prefixes: []string{"+1", "+7", "+8"}, Types: NumberTypes(), Hours: tc.hours, CutOff: tc.cutOff}
			if tc.zone != "" {
				p.Zone = location(tc.zone)
			}
			d := p.Decide(Callee{Number: tc.number}, at)
			switch tc.want {
			case "":
				if !d.Allowed() {
					t.Fatalf("objects: %+v", d)
				}
				return
			case "never":
				if !d.Refused() || d.Rule != RuleHours {
					t.Fatalf("decides %+v", d)
				}
				return
			}
			want, err := time.Parse(time.RFC3339, tc.want)
			if err != nil {
				t.Fatal(err)
			}
			if !d.Delayed() || d.Rule != RuleHours || !d.Until.Equal(want) || d.Message == "" || len(d.Inputs) != 4 {
				t.Fatalf("decides %+v, want a delay until %s", d, want)
			}
		})
	}
}

func TestCaps(t *testing.T) {
	t.Parallel()
	ago := func(minutes ...int) []time.Time {
		var all []time.Time
		for _, m := range minutes {
			all = append(all, t0.Add(-time.Duration(m)*time.Minute))
		}
		return all
	}
	for _, tc := range []struct {
		name   string
		caps   Caps
		facts  Facts
		hours  *dialplan.Hours
		rule   Rule
		after  time.Duration
		inputs string
	}{
		{name: "no caps", facts: Facts{ToNumber: ago(3, 2, 1), OfQueue: ago(3, 2, 1), InFlight: 9}},
		{name: "below", caps: Caps{NumberDay: 4, Hour: 4, Day: 4, InFlight: 10}, facts: Facts{ToNumber: ago(3, 2, 1), OfQueue: ago(3, 2, 1), InFlight: 9}},
		{name: "number", caps: Caps{NumberDay: 2}, facts: Facts{ToNumber: ago(1500, 60, 1)}, rule: RuleNumberDay, after: 23 * time.Hour,
			inputs: "dials: 2; cap: 2; window_s: 86400"},
		{name: "a day ago is over", caps: Caps{NumberDay: 2}, facts: Facts{ToNumber: ago(1440, 1)}},
		{name: "hour", caps: Caps{Hour: 2}, facts: Facts{OfQueue: ago(90, 59, 20)}, rule: RuleHour, after: time.Minute,
			inputs: "dials: 2; cap: 2; window_s: 3600"},
		{name: "more than the cap, which was lowered", caps: Caps{Hour: 1}, facts: Facts{OfQueue: ago(59, 20, 10)}, rule: RuleHour,
			after: 50 * time.Minute, inputs: "dials: 3; cap: 1; window_s: 3600"},
		{name: "day", caps: Caps{Hour: 3, Day: 2}, facts: Facts{OfQueue: ago(120, 20)}, rule: RuleDay, after: 22 * time.Hour,
			inputs: "dials: 2; cap: 2; window_s: 86400"},
		{name: "hour and day: the later one tells", caps: Caps{Hour: 1, Day: 2}, facts: Facts{OfQueue: ago(120, 20)}, rule: RuleDay,
			after: 22 * time.Hour, inputs: "dials: 2; cap: 2; window_s: 86400"},
		// 17:00 UTC is 20:00 in Moscow; the number is free again at 19:00 UTC, in the night.
		{name: "the cap ends outside of the hours", caps: Caps{NumberDay: 1}, facts: Facts{ToNumber: ago(22 * 60)}, hours: daily(9, 21),
			rule: RuleHours, after: 13 * time.Hour, inputs: "zones: Europe/Moscow; zones_from: the number; local_time: Mon 22:00 in Europe/Moscow; cut_off_s: 0"},
		{name: "in flight", caps: Caps{InFlight: 2}, facts: Facts{InFlight: 2}, rule: RuleInFlight, after: 15 * time.Second,
			inputs: "in_flight: 2; cap: 2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := Policy{Prefixes: []string{"+7"}, Caps: tc.caps, Facts: tc.facts, Hours: tc.hours}
			d := p.Decide(Callee{Number: "+79161234567"}, t0)
			if d.Rule != tc.rule || inputs(d.Inputs) != tc.inputs || d.Delayed() && !d.Until.Equal(t0.Add(tc.after)) || d.Refused() {
				t.Errorf("decides %+v, want %q after %s", d, tc.rule, tc.after)
			}
		})
	}
}

func TestADelayKeepsThePlaceOut(t *testing.T) {
	t.Parallel()
	p := Policy{Prefixes: []string{"+7"}, Hours: daily(9, 20)} // t0 is 20:00 in Moscow
	morning := t0.Add(13 * time.Hour)
	cb, refusal := Ask(Request{ID: "k1", Number: "+79161234567", Queue: "q", PlaceID: "p1", PlaceAt: t0.Add(-time.Hour)}, p, nil, t0)
	if refusal != nil {
		t.Fatal(refusal.Message)
	}
	if !cb.NotBefore.Equal(morning) || cb.DelayedBy != RuleHours || !cb.PlaceAt.Equal(t0.Add(-time.Hour)) {
		t.Fatalf("asked in the evening: %+v", cb)
	}
	for _, tc := range []struct {
		name  string
		ev    Event
		at    time.Time
		agent bool
		want  string
	}{
		{name: "due in the evening", ev: Due{}, at: t0.Add(time.Minute), want: "[RestPlace]"},
		{name: "an agent takes it in the evening", ev: AgentTook{}, at: t0.Add(time.Minute), want: "[ReleaseAgent RestPlace]"},
		{name: "a restart in the evening", ev: Recovered{}, at: t0.Add(time.Minute), want: "[RestPlace Wake]"},
		{name: "the morning", ev: Tick{}, at: morning, want: "[TakePlace Wake]"},
		{name: "slept over a day", ev: Tick{}, at: morning.Add(12 * time.Hour), want: "[RestPlace Wake]"},
	} {
		got, cmds, err := Step(cb, tc.ev, p, tc.at)
		if err != nil {
			t.Fatal(err)
		}
		if names := deedNames(cmds); names != tc.want || got.State != Waiting {
			t.Errorf("%s: %s in state %s, want %s", tc.name, names, got.State, tc.want)
		}
	}
}

func TestHoursThatEndTakeThePlaceOutOfTheLine(t *testing.T) {
	t.Parallel()
	p := Policy{Prefixes: []string{"+7"}, Hours: daily(9, 20)} // t0 is 20:00 in Moscow
	cb := fixture(Waiting, 0)
	soon := cb
	soon.NotBefore = t0.Add(-2 * time.Minute)
	for _, tc := range []struct {
		name   string
		cb     Callback
		ev     Event
		before time.Duration
		cutOff time.Duration
		want   string
		wake   time.Time
	}{
		{"early", cb, Tick{}, time.Minute, 0, "[Wake]", t0},
		{"after a restart", cb, Recovered{}, time.Hour, 0, "[TakePlace Wake]", t0},
		{"after a pause", soon, Tick{}, 2 * time.Minute, 0, "[TakePlace Wake]", t0},
		{"at the end", cb, Tick{}, 0, 0, "[RestPlace Wake]", t0.Add(13 * time.Hour)},
		{"before the cut-off", cb, Tick{}, 11 * time.Minute, 10 * time.Minute, "[Wake]", t0.Add(time.Nanosecond - 10*time.Minute)},
		{"after it", cb, Tick{}, 10*time.Minute - 1, 10 * time.Minute, "[RestPlace Wake]", t0.Add(13 * time.Hour)},
	} {
		p := p
		p.CutOff = tc.cutOff
		got, cmds, err := Step(tc.cb, tc.ev, p, t0.Add(-tc.before))
		if err != nil {
			t.Fatal(err)
		}
		wake, _ := deeds(cmds)[len(deeds(cmds))-1].(Wake)
		if names := deedNames(cmds); names != tc.want || !wake.At.Equal(tc.wake) || got.State != Waiting || !got.PlaceAt.Equal(cb.PlaceAt) {
			t.Errorf("%s: %s, wakes at %s", tc.name, names, wake.At)
		}
	}
	p.Hours = daily(0, 24)
	if ends := p.Closes(Callee{Number: "+79161234567"}, t0); !ends.Equal(t0.Add(day)) {
		t.Errorf("hours without end end at %s", ends)
	}
	if ends := (Policy{}).Closes(Callee{Number: "+79161234567"}, t0); !ends.IsZero() {
		t.Errorf("no hours end at %s", ends)
	}
}

func TestPolicyOfRules(t *testing.T) {
	t.Parallel()
	bad := Policy{
		Prefixes: []string{"+7"}, Types: []NumberType{"landline"}, Blocked: []string{"7900"}, Caps: Caps{Hour: -1, Day: 1_000_000},
		Hours: daily(9, 10), CutOff: 2 * time.Hour,
	}
	var fields []string
	for _, err := range bad.Validate() {
		fields = append(fields, err.Error())
	}
	want := `callback policy: Types: there is no type "landline"; write any of fixed_line, mobile, fixed_line_or_mobile, voip, toll_free, premium_rate, shared_cost, personal_number, pager, uan, voicemail, satellite, unknown
callback policy: Blocked: "7900" is neither a number nor a prefix: write + and 1 to 15 digits, such as "+7900"
callback policy: Caps: hour: -1 is outside of 0 (no limit) to 100000
callback policy: Caps: day: 1000000 is outside of 0 (no limit) to 100000
callback policy: Hours: no time of a week is open for as long as the cut-off of 2h0m0s`
	if got := strings.Join(fields, "\n"); got != want {
		t.Errorf("finds\n%s\nwant\n%s", got, want)
	}
	good := Policy{Prefixes: []string{"+7"}, Hours: daily(0, 24), CutOff: 12 * time.Hour, Caps: Caps{NumberDay: 3}}
	if errs := good.Validate(); errs != nil {
		t.Error(errs)
	}
}
