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
		Caps: callback.Caps{NumberDay: 3, Hour: 100, Day: 500, InFlight: 10}, CutOff: 10 * time.Minute,
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
		{"hour: 100", "hour: -1", "lk.yaml:8: callbacks.caps: hour: -1 is outside of 0 (no limit) to 100000"},
		{"hour: 100", "hours: 100", `lk.yaml:8: unknown key "hours" in "caps" (did you mean "hour"?)`},
		{"weekdays", "weekday", `lk.yaml:9: callbacks.hours: unknown key "weekday" (did you mean "weekdays"?)`},
		{", timezone: Europe/Moscow", "", `lk.yaml:9: callbacks.hours: hours need a "timezone" (like Europe/Moscow)`},
		{"Europe/Moscow", "Moscow", `lk.yaml:9: callbacks.hours: unknown time zone "Moscow"`},
		{"09:00-20:00", "09:00-09:05", "lk.yaml:9: callbacks.hours: no time of a week is open for as long as the cut-off of 10m0s"},
		{"10m", "13h", "lk.yaml:10: callbacks.cut_off: 13h0m0s is outside of 0s to 12h0m0s"},
		{`["+7"]`, `["7"]`, `lk.yaml:5: callbacks.prefixes: "7" is not a prefix`},
	} {
		_, err := Parse("lk.yaml", []byte(strings.Replace(dialling, tc.from, tc.to, 1)))
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s for %s gives\n%v\nwant\n%s", tc.to, tc.from, err, tc.want)
		}
	}
}
