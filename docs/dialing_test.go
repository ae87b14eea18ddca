package docs_test

import (
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
	const standard, russia, america = 0, 1, 2
	for _, tc := range []struct {
		policy       int
		number, when string
		rule         callback.Rule
		until        string
	}{
		{standard, "+442071234567", "2027-03-03T12:00:00Z", "", ""},
		{standard, "+441534123456", "2027-03-03T12:00:00Z", callback.RuleBlocked, ""},
		{standard, "+12125551234", "2027-03-03T12:00:00Z", callback.RulePrefix, ""},
		{standard, "+442071234567", "2026-12-24T19:55:00Z", callback.RuleHours, "2026-12-28T09:00:00Z"},
		{russia, "+79161234567", "2027-03-03T12:00:00+03:00", "", ""},
		{russia, "+77011234567", "2027-03-03T12:00:00+03:00", callback.RulePrefix, ""},
		{russia, "+78091234567", "2027-03-03T12:00:00+03:00", callback.RuleType, ""},
		{russia, "+79541234567", "2027-03-03T12:00:00+03:00", callback.RuleBlocked, ""},
		{russia, "+74212123456", "2027-03-03T15:00:00+03:00", callback.RuleHours, "2027-03-04T09:00:00+10:00"},
		{russia, "+79161234567", "2027-02-20T20:00:00+03:00", callback.RuleHours, "2027-02-21T10:00:00+03:00"},
		{russia, "+79161234567", "2027-02-21T20:00:00+03:00", callback.RuleHours, "2027-02-24T09:00:00+03:00"},
		{america, "+12125551234", "2027-03-03T12:00:00-05:00", "", ""},
		{america, "+18085551234", "2027-03-03T12:00:00-05:00", callback.RuleHours, "2027-03-03T09:00:00-10:00"},
		{america, "+18092345678", "2027-03-03T12:00:00-05:00", callback.RuleBlocked, ""},
		{america, "+19005551234", "2027-03-03T12:00:00-05:00", callback.RuleType, ""},
		{america, "+18005551234", "2027-03-03T12:00:00-05:00", callback.RuleType, ""},
	} {
		at, err := time.Parse(time.RFC3339, tc.when)
		if err != nil {
			t.Fatal(err)
		}
		var until time.Time
		if tc.until != "" {
			if until, err = time.Parse(time.RFC3339, tc.until); err != nil {
				t.Fatal(err)
			}
		}
		if d := policies[tc.policy].Decide(callback.Callee{Number: tc.number}, at); d.Rule != tc.rule || !d.Until.Equal(until) {
			t.Errorf("example %d, %s at %s: %+v; want rule %q until %q", tc.policy, tc.number, tc.when, d, tc.rule, tc.until)
		}
	}
	// Every rule and every type has its row.
	text := read(t, "docs/dialing-policy.md")
	for _, r := range []callback.Rule{
		callback.RulePrefix, callback.RuleType, callback.RuleBlocked, callback.RuleDoNotCall, callback.RuleHours, callback.RulePaused,
		callback.RuleNumberDay, callback.RuleHour, callback.RuleDay, callback.RuleInFlight,
	} {
		if !strings.Contains(text, "| `"+string(r)+"` |") {
			t.Errorf("the table of rules does not have %s", r)
		}
	}
	for _, is := range callback.NumberTypes() {
		if !strings.Contains(text, "`"+string(is)+"`") || !strings.Contains(read(t, "docs/configuration.md"), "`"+string(is)+"`") {
			t.Errorf("the type %s is not explained", is)
		}
	}
}
