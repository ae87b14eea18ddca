package callback

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCapsOfCampaignsAndCostGroups(t *testing.T) {
	t.Parallel()
	ago := func(minutes ...int) []time.Time {
		var all []time.Time
		for _, m := range minutes {
			all = append(all, t0.Add(-time.Duration(m)*time.Minute))
		}
		return all
	}
	mobile := CostGroup{Name: "mobile", Prefixes: []string{"+79"}, Types: []NumberType{TypeMobile}, Hour: 2, Day: 3}
	far := CostGroup{Name: "far", Types: []NumberType{TypeMobile}, Day: 2}
	for _, tc := range []struct {
		name   string
		who    Callee
		p      Policy
		facts  Facts
		rule   Rule
		after  time.Duration // 0: refused
		inputs string
	}{
		{name: "no such campaign", who: Callee{Campaign: "autumn"}, facts: Facts{OfCampaign: ago(3, 2, 1), InCampaign: 9}},
		{name: "below", who: Callee{Campaign: "spring"}, facts: Facts{OfCampaign: ago(2), InCampaign: 1}},
		{name: "campaign hour", who: Callee{Campaign: "spring"}, facts: Facts{OfCampaign: ago(90, 50, 20)}, rule: RuleCampaignHour,
			after: 10 * time.Minute, inputs: "dials: 2; cap: 2; window_s: 3600; of: campaign spring"},
		{name: "campaign day", who: Callee{Campaign: "spring"}, facts: Facts{OfCampaign: ago(300, 200, 100, 90)}, rule: RuleCampaignDay,
			after: 19 * time.Hour, inputs: "dials: 4; cap: 4; window_s: 86400; of: campaign spring"},
		{name: "campaign in flight", who: Callee{Campaign: "spring"}, facts: Facts{InCampaign: 2}, rule: RuleCampaignInFlight,
			after: 15 * time.Second, inputs: "in_flight: 2; cap: 2"},
		{name: "the campaign is over", who: Callee{Campaign: "winter"}, rule: RuleCampaign, inputs: "campaign: winter; until: 2025-03-03T17:00:00Z"},
		{name: "the campaign is over when the cap lets go", who: Callee{Campaign: "ending"}, facts: Facts{OfCampaign: ago(30)}, rule: RuleCampaign,
			inputs: "campaign: ending; until: 2025-03-03T17:30:00Z"},
		{name: "without a campaign its figures do not count", facts: Facts{OfCampaign: ago(3, 2, 1), InCampaign: 9}},
		{name: "cost hour", facts: Facts{OfCost: map[string][]time.Time{"mobile": ago(50, 20)}}, rule: RuleCostHour, after: 10 * time.Minute,
			inputs: "dials: 2; cap: 2; window_s: 3600; of: cost group mobile"},
		{name: "cost day of the group that lets go last", facts: Facts{OfCost: map[string][]time.Time{"mobile": ago(200, 150, 100), "far": ago(120, 80)}},
			rule: RuleCostDay, after: 22 * time.Hour, inputs: "dials: 2; cap: 2; window_s: 86400; of: cost group far"},
		{name: "another group", who: Callee{Number: "+74951234567"}, facts: Facts{OfCost: map[string][]time.Time{"mobile": ago(50, 20), "far": ago(9, 8)}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := Policy{
				Prefixes: []string{"+7"}, Facts: tc.facts, CostGroups: []CostGroup{mobile, far},
				Campaigns: map[string]Campaign{
					"spring": {Hour: 2, Day: 4, InFlight: 2, Until: t0.Add(48 * time.Hour)}, "winter": {Until: t0},
					"ending": {Hour: 1, Until: t0.Add(30 * time.Minute)},
				},
			}
			if tc.who.Number == "" {
				tc.who.Number = "+79161234567"
			}
			d := p.Decide(tc.who, t0)
			if d.Rule != tc.rule || inputs(d.Inputs) != tc.inputs || d.Refused() != (tc.rule != "" && tc.after == 0) || d.Delayed() && !d.Until.Equal(t0.Add(tc.after)) {
				t.Errorf("decides %+v, want %q after %s", d, tc.rule, tc.after)
			}
			if d.Rule != "" && (d.Message == "" || d.Remedy == "") {
				t.Errorf("has no words: %+v", d)
			}
		})
	}
}

func TestFaultsOfCampaignsAndCostGroups(t *testing.T) {
	t.Parallel()
	p := Policy{
		Campaigns: map[string]Campaign{"a": {Hour: -1}, "b": {InFlight: mostOfCap + 1}, "fine": {}},
		CostGroups: []CostGroup{
			{Name: "nothing", Hour: 1}, {Name: "no limit", Prefixes: []string{"+7"}}, {Name: "prefix", Prefixes: []string{"7"}, Day: 1},
			{Name: "type", Types: []NumberType{"landline"}, Day: 1}, {Name: "cap", Prefixes: []string{"+7"}, Day: -1}, {Name: "fine", Prefixes: []string{"+7"}, Day: 1},
		},
	}
	var got []string
	for _, err := range p.Validate() {
		line, _, _ := strings.Cut(err.Error(), "; write any of")
		got = append(got, line)
	}
	want := []string{
		"callback policy: Campaigns: a: hour: -1 is outside of 0 (no limit) to 100000",
		"callback policy: Campaigns: b: in_flight: 100001 is outside of 0 (no limit) to 100000",
		"callback policy: CostGroups: nothing: has neither prefixes nor types: say which numbers belong to it; the caps of queues limit all of them",
		"callback policy: CostGroups: no limit: limits nothing: write hour, day or both",
		`callback policy: CostGroups: prefix: "7" is not a prefix: write + and 1 to 15 digits, such as "+7916"`,
		`callback policy: CostGroups: type: there is no type "landline"`,
		"callback policy: CostGroups: cap: day: -1 is outside of 0 (no limit) to 100000",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCampaignsHaveNames(t *testing.T) {
	t.Parallel()
	for name, fits := range map[string]bool{"spring-2027": true, "": true, "spring 2027": false, "a\nb": false, "a/b": true, strings.Repeat("a", 65): false, "весна": false} {
		cb, refusal := Ask(Request{ID: "k", Number: "+79161234567", Queue: "q", PlaceID: "p", Campaign: name}, Policy{Prefixes: []string{"+7"}}, nil, t0)
		if (refusal == nil) != fits || fits && cb.Campaign != name || !fits && (refusal.Rule != RuleRequest || refusal.Remedy == "") {
			t.Errorf("campaign %q: %+v, %+v", name, cb, refusal)
		}
	}
}

func TestLedger(t *testing.T) {
	t.Parallel()
	var l Ledger
	if f := l.Facts(Callee{Number: "+7", Campaign: "spring"}, []string{"mobile"}); len(f.ToNumber)+len(f.OfQueue)+len(f.OfCampaign)+len(f.OfCost["mobile"]) > 0 {
		t.Errorf("an empty ledger knows %+v", f)
	}
	anna := Callee{Number: "+79160000001", Queue: "a", Campaign: "spring"}
	boris := Callee{Number: "+79160000002", Queue: "a"}
	l.Dialled(anna, []string{"mobile", "far"}, t0)
	l.Dialled(boris, []string{"mobile"}, t0.Add(time.Minute))
	want := Facts{
		ToNumber: []time.Time{t0}, OfQueue: []time.Time{t0, t0.Add(time.Minute)}, OfCampaign: []time.Time{t0},
		OfCost: map[string][]time.Time{"mobile": {t0, t0.Add(time.Minute)}, "far": {t0}},
	}
	if diff := cmp.Diff(want, l.Facts(anna, []string{"mobile", "far"})); diff != "" {
		t.Error(diff)
	}
	// The clock is put back: the order stays that of the time.
	l.Dialled(anna, nil, t0.Add(-time.Hour))
	if f := l.Facts(anna, nil); !f.ToNumber[0].Equal(t0.Add(-time.Hour)) || len(f.ToNumber) != 2 {
		t.Errorf("after the clock was put back: %v", f.ToNumber)
	}
	// It is put forward by a day, and back: nothing that counts is forgotten.
	l.Dialled(boris, nil, t0.Add(day))
	l.Dialled(boris, nil, t0.Add(2*time.Minute))
	if f := l.Facts(anna, []string{"mobile"}); len(f.ToNumber) != 2 || len(f.OfCost["mobile"]) != 2 || len(f.OfQueue) != 5 {
		t.Errorf("after a jump of a day and back: %+v", f)
	}
	// Days later it remembers nobody of them.
	l.Dialled(Callee{Number: "+79160000003", Queue: "b"}, nil, t0.Add(5*day))
	if len(l.dials) != 2 {
		t.Errorf("keeps %v", l.dials)
	}
	for i := range mostOfCap + 10 {
		l.Dialled(Callee{Number: "+79160000003", Queue: "b"}, nil, t0.Add(6*day+time.Duration(i)*time.Millisecond))
	}
	if n := len(l.Facts(Callee{Queue: "b"}, nil).OfQueue); n != mostOfCap {
		t.Errorf("keeps %d dials", n)
	}
}

func TestADialThatTheLedgerDoesNotHaveYet(t *testing.T) {
	t.Parallel()
	var l Ledger
	who := Callee{Number: "+79160000001", Queue: "a", Campaign: "spring"}
	l.Dialled(who, []string{"mobile"}, t0)
	now := t0.Add(time.Minute)
	f := l.Facts(who, []string{"mobile"})
	for _, tc := range []struct {
		other  Callee
		groups []string
		want   [4]int // to the number, of the queue, of the campaign, of the group
	}{
		{who, []string{"mobile"}, [4]int{2, 2, 2, 2}},
		{Callee{Number: "+79160000002", Queue: "a"}, []string{"mobile", "far"}, [4]int{1, 2, 1, 2}},
		{Callee{Number: "+79160000002", Queue: "b", Campaign: "spring"}, nil, [4]int{1, 1, 2, 1}},
		{Callee{Number: "+79160000002", Queue: "b", Campaign: "autumn"}, []string{"far"}, [4]int{1, 1, 1, 1}},
	} {
		with := f.With(who, tc.other, tc.groups, now)
		if got := [4]int{len(with.ToNumber), len(with.OfQueue), len(with.OfCampaign), len(with.OfCost["mobile"])}; got != tc.want || len(with.OfCost) != 1 {
			t.Errorf("%+v in %v: %+v", tc.other, tc.groups, with)
		}
	}
	if after := l.Facts(who, []string{"mobile"}); len(after.ToNumber) != 1 || len(f.OfCost["mobile"]) != 1 {
		t.Errorf("the ledger has changed: %+v", after)
	}
}
