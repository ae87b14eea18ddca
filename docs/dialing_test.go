package docs_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller/config"
)

// TestDialingExamples holds the examples of the dialing policy to what is said
// about them.
func TestDialingExamples(t *testing.T) {
	t.Parallel()
	var policies []callback.Policy
	for _, b := range blocks(read(t, "docs/dialing-policy.md")) {
		if !strings.HasPrefix(b.text, "callbacks:") {
			continue
		}
		cfg, err := config.Parse("linekeeper.yaml", []byte("hotlines: hotlines\nqueues: {support: {}}\n"+b.text))
		if err != nil {
			t.Fatal(err)
		}
		if cfg.Callbacks.DoNotCall == "" || cfg.Callbacks.CallingHours() == nil {
			t.Error("an example has no do-not-call list, or no hours")
		}
		policies = append(policies, cfg.Callbacks.Rules())
	}
	if len(policies) != 3 {
		t.Fatalf("there are %d examples, want the default, Russia and North America", len(policies))
	}
	dialled := func(when string, times int) []time.Time {
		at, err := time.Parse(time.RFC3339, when)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Repeat([]time.Time{at}, times)
	}
	const standard, russia, america = 0, 1, 2
	for _, tc := range []struct {
		policy       int
		number, when string
		rule         callback.Rule
		until        string
		campaign     string
		facts        callback.Facts
	}{
		{policy: standard, number: "+442071234567", when: "2027-03-03T12:00:00Z"},
		{policy: standard, number: "+441534123456", when: "2027-03-03T12:00:00Z", rule: callback.RuleBlocked},
		{policy: standard, number: "+12125551234", when: "2027-03-03T12:00:00Z", rule: callback.RulePrefix},
		{policy: standard, number: "+442071234567", when: "2026-12-24T19:55:00Z", rule: callback.RuleHours, until: "2026-12-28T09:00:00Z"},
		{policy: russia, number: "+79161234567", when: "2027-03-03T12:00:00+03:00"},
		{policy: russia, number: "+77011234567", when: "2027-03-03T12:00:00+03:00", rule: callback.RulePrefix},
		{policy: russia, number: "+78091234567", when: "2027-03-03T12:00:00+03:00", rule: callback.RuleType},
		{policy: russia, number: "+79541234567", when: "2027-03-03T12:00:00+03:00", rule: callback.RuleBlocked},
		{policy: russia, number: "+74212123456", when: "2027-03-03T15:00:00+03:00", rule: callback.RuleHours, until: "2027-03-04T09:00:00+10:00"},
		{policy: russia, number: "+79161234567", when: "2027-02-20T20:00:00+03:00", rule: callback.RuleHours, until: "2027-02-21T10:00:00+03:00"},
		{policy: russia, number: "+79161234567", when: "2027-02-21T20:00:00+03:00", rule: callback.RuleHours, until: "2027-02-24T09:00:00+03:00"},
		{policy: america, number: "+12125551234", when: "2027-03-03T12:00:00-05:00"},
		{policy: america, number: "+18085551234", when: "2027-03-03T12:00:00-05:00", rule: callback.RuleHours, until: "2027-03-03T09:00:00-10:00"},
		{policy: america, number: "+18092345678", when: "2027-03-03T12:00:00-05:00", rule: callback.RuleBlocked},
		{policy: america, number: "+19005551234", when: "2027-03-03T12:00:00-05:00", rule: callback.RuleType},
		{policy: america, number: "+18005551234", when: "2027-03-03T12:00:00-05:00", rule: callback.RuleType},
		{policy: russia, number: "+79161234567", when: "2027-05-31T20:00:00+03:00", campaign: "spring"},
		{policy: russia, number: "+79161234567", when: "2027-06-01T09:00:00+03:00", campaign: "spring", rule: callback.RuleCampaign},
		{policy: america, number: "+12125551234", when: "2027-07-01T09:00:00-04:00", campaign: "renewals-2027", rule: callback.RuleCampaign},
		{
			policy: russia, number: "+79161234567", when: "2027-03-03T12:00:00+03:00", rule: callback.RuleCostHour,
			until: "2027-03-03T12:30:00+03:00", facts: callback.Facts{OfCost: map[string][]time.Time{"mobile": dialled("2027-03-03T11:30:00+03:00", 150)}},
		},
		{
			policy: america, number: "+18085551234", when: "2027-03-03T12:00:00-10:00", rule: callback.RuleCostDay,
			until: "2027-03-04T11:00:00-10:00", facts: callback.Facts{OfCost: map[string][]time.Time{"far": dialled("2027-03-03T11:00:00-10:00", 100)}},
		},
		{
			policy: america, number: "+12125551234", when: "2027-03-03T12:00:00-05:00",
			facts: callback.Facts{OfCost: map[string][]time.Time{"far": dialled("2027-03-03T11:00:00-05:00", 100)}},
		},
	} {
		at, err := time.Parse(time.RFC3339, tc.when)
		p := policies[tc.policy]
		if err != nil {
			t.Fatal(err)
		}
		var until time.Time
		if tc.until != "" {
			if until, err = time.Parse(time.RFC3339, tc.until); err != nil {
				t.Fatal(err)
			}
		}
		p.Facts = tc.facts
		if d := p.Decide(callback.Callee{Number: tc.number, Campaign: tc.campaign}, at); d.Rule != tc.rule || !d.Until.Equal(until) {
			t.Errorf("example %d, %s at %s: %+v; want rule %q until %q", tc.policy, tc.number, tc.when, d, tc.rule, tc.until)
		}
	}
	// Every rule and every type has its row.
	text := read(t, "docs/dialing-policy.md")
	for _, r := range callback.Rules() {
		if !strings.Contains(text, "| `"+string(r)+"` |") && !strings.Contains(read(t, "docs/callbacks.md"), "`"+string(r)+"`") {
			t.Errorf("the rule %s is not explained", r)
		}
	}
	for _, is := range callback.NumberTypes() {
		if !strings.Contains(text, "`"+string(is)+"`") || !strings.Contains(read(t, "docs/configuration.md"), "`"+string(is)+"`") {
			t.Errorf("the type %s is not explained", is)
		}
	}
}

// TestNobodyIsCalledByDefault: what a deployer did not allow is refused, whatever
// else is configured, and each refusal says how to lift it.
func TestNobodyIsCalledByDefault(t *testing.T) {
	t.Parallel()
	const least = "hotlines: hotlines\nqueues: {support: {}}\n"
	for name, text := range map[string]string{
		"an empty file":       "",
		"the least":           least,
		"an endpoint alone":   least + "callbacks: {endpoint: \"PJSIP/{number}@trunk\"}\n",
		"all but prefixes":    least + "callbacks: {endpoint: \"PJSIP/{number}@trunk\", types: [mobile, fixed_line], caps: {day: 9}, campaigns: {a: {day: 1}}, cost_groups: {b: {prefixes: [\"+7\"], day: 9}}}\n",
		"prefixes of nothing": least + "callbacks: {prefixes: []}\n",
	} {
		cfg, _ := config.Parse("linekeeper.yaml", []byte(text)) // an empty file has faults, and still allows nobody
		for _, number := range []string{"+79161234567", "+12125551234", "+442071234567", "+8613812345678", "100", ""} {
			d := cfg.Callbacks.Rules().Decide(callback.Callee{Number: number}, time.Now())
			if d.Rule != callback.RulePrefix || !d.Refused() || d.Remedy == "" {
				t.Errorf("%s: %q is decided as %+v", name, number, d)
			}
		}
	}
}
