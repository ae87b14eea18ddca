package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callback"
)

const dialling = `hotlines: hotlines
queues: {support: {}}
callbacks:
  endpoint: "PJSIP/{number}@trunk"
  prefixes: ["+7"]
  types: [mobile, voip]
  blocked: ["+7900"]
  caps: {number_day: 3, hour: 100, day: 500, in_flight: 10}
  hours: {weekdays: "09:00-20:00", timezone: Europe/Moscow, holidays: [ru]}
  cut_off: 10m
  ahead: 240h
  campaigns:
    spring: {hour: 10, day: 50, in_flight: 2, until: 2027-05-31}
    winter: {until: 2027-02-28T18:00:00+03:00}
  cost_groups:
    mobile: {prefixes: ["+79"], types: [mobile], hour: 20, day: 100}
    fixed: {types: [fixed_line], day: 9}
  mode: preview
  expire: 48h
  machine: {detect: talk, then: message}
  retries: {busy: {after: 2m, attempts: 3, anew: true}}
`

func TestRulesOfCallbacks(t *testing.T) {
	t.Parallel()
	cfg, err := Parse("lk.yaml", []byte(dialling))
	if err != nil {
		t.Fatal(err)
	}
	p := cfg.Callbacks.Rules()
	if h := p.Hours; h == nil || h.Location.String() != "Europe/Moscow" || len(h.Week[time.Friday]) != 1 || len(h.Holidays) < 10 {
		t.Fatalf("the hours are %+v", h)
	}
	p.Hours = nil
	want := callback.Policy{
		Prefixes: []string{"+7"}, Types: []callback.NumberType{callback.TypeMobile, callback.TypeVoIP}, Blocked: []string{"+7900"},
		Caps: callback.Caps{NumberDay: 3, Hour: 100, Day: 500, InFlight: 10}, CutOff: 10 * time.Minute, Ahead: 10 * 24 * time.Hour,
		Mode: callback.AgentPreview, Expire: 48 * time.Hour, Machine: callback.MachineMessage,
		Retries: map[callback.Outcome]callback.Retry{callback.OutcomeBusy: {After: 2 * time.Minute, Attempts: 3, Anew: true}},
		Campaigns: map[string]callback.Campaign{
			"spring": {Hour: 10, Day: 50, InFlight: 2, Until: time.Date(2027, 5, 31, 21, 0, 0, 0, time.UTC)}, // midnight in Moscow
			"winter": {Until: time.Date(2027, 2, 28, 15, 0, 0, 0, time.UTC)},
		},
		CostGroups: []callback.CostGroup{
			{Name: "fixed", Types: []callback.NumberType{callback.TypeFixed}, Day: 9},
			{Name: "mobile", Prefixes: []string{"+79"}, Types: []callback.NumberType{callback.TypeMobile}, Hour: 20, Day: 100},
		},
	}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Error(diff)
	}
	// Hours may be written once and used twice.
	again := strings.Replace(dialling, `  hours: {`, `  hours: &day {`, 1)
	if cfg, err := Parse("lk.yaml", []byte(again)); err != nil || cfg.Callbacks.CallingHours() == nil {
		t.Errorf("an anchor gives %v", err)
	}
}

func TestFaultsOfCallbacks(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ from, to, want string }{
		{"[mobile, voip]", "[landline]", `lk.yaml:6: callbacks.types: there is no type "landline"; write any of fixed_line,`},
		{`["+7900"]`, `["7900"]`, `lk.yaml:7: callbacks.blocked: "7900" is neither a number nor a prefix`},
		{"mode: preview", "mode: agent", `lk.yaml:18: callbacks.mode: "agent" is neither "customer_first", "agent_first" nor "preview"`},
		{"expire: 48h", "expire: 4s", "lk.yaml:19: callbacks.expire: 4s is outside of 1m0s to 720h0m0s"},
		{"detect: talk", "detect: beep", `lk.yaml:20: callbacks.machine.detect: "beep" is neither "talk", "amd" nor "off"`},
		{"then: message", "then: talk", `lk.yaml:20: callbacks.machine.then: "talk" is neither "hang_up" nor "message"`},
		{"{busy:", "{done:", `lk.yaml:21: callbacks.retries: no attempt follows "done"; write any of busy,`},
		{"hour: 100", "hour: -1", "lk.yaml:8: callbacks.caps: hour: -1 is outside of 0 (no limit) to 100000"},
		{"hour: 100", "hours: 100", `lk.yaml:8: unknown key "hours" in "caps" (did you mean "hour"?)`},
		{"weekdays", "weekday", `lk.yaml:9: callbacks.hours: unknown key "weekday" (did you mean "weekdays"?)`},
		{", timezone: Europe/Moscow", "", `lk.yaml:9: callbacks.hours: hours need a "timezone" (like Europe/Moscow)`},
		{"Europe/Moscow", "Moscow", `lk.yaml:9: callbacks.hours: unknown time zone "Moscow"`},
		{"09:00-20:00", "09:00-09:05", "lk.yaml:9: callbacks.hours: no time of a week is open for as long as the cut-off of 10m0s"},
		{"10m", "13h", "lk.yaml:10: callbacks.cut_off: 13h0m0s is outside of 0s to 12h0m0s"},
		{"240h", "9000h", "lk.yaml:11: callbacks.ahead: 9000h0m0s is outside of 1h0m0s to 8784h0m0s"},
		{"day: 50, in", "day: -50, in", "lk.yaml:13: callbacks.campaigns.spring: day: -50 is outside of 0 (no limit) to 100000"},
		{"day: 50, in", "week: 50, in", `lk.yaml:13: unknown key "week" in "campaign"`},
		{"2027-05-31", "31.5.2027", `lk.yaml:13: callbacks.campaigns.spring.until: "31.5.2027" is neither a day nor a time: write 2027-03-31`},
		{"spring:", "spring time:", `lk.yaml:13: callbacks.campaigns.spring time: "spring time" is no name`},
		{", hour: 20, day: 100", "", "lk.yaml:16: callbacks.cost_groups.mobile: limits nothing: write hour, day or both"},
		{"{types: [fixed_line], day: 9}", "{day: 9}", "lk.yaml:17: callbacks.cost_groups.fixed: has neither prefixes nor types"},
		{`["+7"]`, `["7"]`, `lk.yaml:5: callbacks.prefixes: "7" is not a prefix`},
	} {
		_, err := Parse("lk.yaml", []byte(strings.Replace(dialling, tc.from, tc.to, 1)))
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s for %s gives\n%v\nwant\n%s", tc.to, tc.from, err, tc.want)
		}
	}
}
