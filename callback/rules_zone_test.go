package callback

import (
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

func TestZonesInTheirOrder(t *testing.T) {
	t.Parallel()
	p := Policy{Hours: daily(9, 20), Zone: location("Asia/Kathmandu")}
	for _, tc := range []struct {
		name string
		who  Callee
		want string
		from string
	}{
		{"what the customer says", Callee{Number: "+79161234567", Zone: "Asia/Vladivostok"}, "Asia/Vladivostok", zonesFromCustomer},
		{"the number", Callee{Number: "+74212123456"}, "Asia/Vladivostok", zonesFromNumber},
		{"the number has two", Callee{Number: "+19075551234"}, "America/Adak America/Anchorage", zonesFromNumber},
		{"nothing", Callee{Number: "+870773111632"}, "Asia/Kathmandu", zonesFromHours},
		{"a form, in the country", Callee{Number: "+79161234567", Zone: "Asia/Vladivostok", Unverified: true}, "Asia/Vladivostok", zonesFromCustomer},
		{"a form, by another name of the clocks", Callee{Number: "+4930123456", Zone: "Europe/Paris", Unverified: true}, "Europe/Paris", zonesFromCustomer},
		{"a form, abroad", Callee{Number: "+4930123456", Zone: "Asia/Tokyo", Unverified: true}, "Asia/Tokyo Europe/Berlin", zonesFromBoth},
		{"verified, abroad", Callee{Number: "+4930123456", Zone: "Asia/Tokyo"}, "Asia/Tokyo", zonesFromCustomer},
	} {
		zones, from, unknown := p.zonesOf(tc.who, t0)
		var names []string
		for _, z := range zones {
			names = append(names, z.String())
		}
		if got := strings.Join(names, " "); got != tc.want || from != tc.from || unknown != "" {
			t.Errorf("%s: %s, from %s, unknown %q; want %s from %s", tc.name, got, from, unknown, tc.want, tc.from)
		}
	}
	if p.Clock(Callee{Number: "+79161234567", Zone: "Asia/Tokyo", Unverified: true}).String() != "Asia/Tokyo" ||
		p.Clock(Callee{Number: "+19075551234"}).String() != "Asia/Kathmandu" {
		t.Error("customers are told times by other clocks than their own")
	}
}

func TestHoursByTheZoneOfTheCustomer(t *testing.T) {
	t.Parallel()
	p := Policy{Prefixes: []string{"+7"}, Hours: daily(9, 20)}
	evening := time.Date(2025, 3, 3, 15, 0, 0, 0, location("Europe/Moscow")) // 22:00 in Vladivostok
	req := Request{ID: "k1", Number: "+79161234567", Queue: "q", PlaceID: "p1", Zone: "Asia/Vladivostok"}
	cb, refusal := Ask(req, p, nil, evening)
	if refusal != nil || cb.DelayedBy != RuleHours || !cb.NotBefore.Equal(time.Date(2025, 3, 4, 9, 0, 0, 0, location("Asia/Vladivostok"))) {
		t.Fatalf("%+v, %+v", cb, refusal)
	}
	// The zone goes with the promise: right before the dial it counts again.
	if got, _, err := Step(cb, Tick{}, p, cb.NotBefore.Add(12*time.Hour)); err != nil || got.DelayedBy != RuleHours {
		t.Errorf("in the evening of the next day: %+v, %v", got, err)
	}
	for _, zone := range []string{"Vladivostok", "Local", "../../etc/passwd", "Europe/Berlin\n", strings.Repeat("A/", 500)} {
		req.Zone = zone
		_, refusal := Ask(req, p, nil, evening)
		if refusal == nil || refusal.Rule != RuleZone || !strings.Contains(refusal.Remedy, "Europe/Berlin") || len(refusal.Message) > 200 {
			t.Errorf("zone %.20q: %+v", zone, refusal)
		}
		// One that was known when it was asked for, on another machine.
		if d := p.Decide(Callee{Number: req.Number, Zone: zone}, evening); !d.Refused() || d.Rule != RuleHours {
			t.Errorf("zone %.20q right before the dial: %+v", zone, d)
		}
	}
}

func FuzzZone(f *testing.F) {
	for _, zone := range []string{"Europe/Berlin", "Local", "", "UTC", "America/Argentina/Buenos_Aires", "/etc/localtime", "..", "Etc/GMT+14", "\x00"} {
		f.Add(zone)
	}
	p := Policy{Prefixes: []string{"+7"}, Hours: daily(9, 20)}
	f.Fuzz(func(t *testing.T, zone string) {
		_, refusal := Ask(Request{ID: "k", Number: "+79161234567", Queue: "q", PlaceID: "p", Zone: zone}, p, nil, t0)
		loc, err := callers.LoadZone(zone)
		if (refusal == nil) != (err == nil || zone == "") {
			t.Fatalf("zone %q: asked %+v, loaded %v", zone, refusal, err)
		}
		if err == nil && loc == time.Local {
			t.Fatalf("zone %q is that of this machine", zone)
		}
	})
}
