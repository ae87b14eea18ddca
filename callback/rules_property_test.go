package callback

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/telephony"
)

func deedNames(cmds []Command) string {
	var names []string
	for _, cmd := range deeds(cmds) {
		names = append(names, strings.TrimPrefix(fmt.Sprintf("%T", cmd), "callback."))
	}
	return "[" + strings.Join(names, " ") + "]"
}

// campaign keeps several promises of two queues by one policy, as the controller
// does, and holds every dial against the rules by other means than they use.
type campaign struct {
	t      *rapid.T
	p      Policy
	now    time.Time
	latest time.Time // that the clock ever showed
	all    []Callback
	ledger Ledger
	dials  []dialled
	listed map[string]bool
}

type dialled struct {
	Callee
	at time.Time
}

// zonesThatJump change their clocks, each in a way of its own: by an hour, at odd
// minutes, by half an hour, by a whole day, and not at all.
var zonesThatJump = []string{"", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"}

var campaignNumbers = []string{
	"+79161234567", "+74212123456", "+12125551234", "+19075551234", "+19005551234", "+78005550101", "+881612345678", "+4916012345678",
}

func (c *campaign) policy(of Callback) Policy {
	p := c.p
	paused := p.Facts.Paused
	p.Facts = c.ledger.Facts(of.Callee(), p.CostGroupsOf(of.Number))
	p.Facts.Paused = paused
	p.Facts.Listed = c.listed[of.Number]
	for _, other := range c.all {
		if other.ID != of.ID && other.Queue == of.Queue && other.InFlight() {
			p.Facts.InFlight++
		}
	}
	return p
}

func (c *campaign) ask(who Callee) {
	req := Request{ID: fmt.Sprintf("k%d", len(c.all)), Number: who.Number, Queue: who.Queue, PlaceID: "p", Zone: who.Zone, Campaign: who.Campaign}
	cb, refusal := Ask(req, c.policy(Callback{Number: who.Number, Queue: who.Queue, Campaign: who.Campaign}), c.all, c.now)
	if refusal == nil {
		c.all = append(c.all, cb)
	} else if refusal.Message == "" || refusal.Remedy == "" {
		c.t.Fatalf("refused without words: %+v", *refusal)
	}
}

func (c *campaign) step(i int, ev Event) {
	before := c.all[i]
	after, cmds, err := Step(before, ev, c.policy(before), c.now)
	if err != nil {
		return
	}
	c.all[i] = after
	for _, cmd := range cmds {
		if d, ok := cmd.(Dial); ok {
			c.hold(after, d)
			c.ledger.Dialled(after.Callee(), c.p.CostGroupsOf(after.Number), c.now)
			c.dials = append(c.dials, dialled{after.Callee(), c.now})
		}
	}
	if after.State == Waiting && !after.NotBefore.IsZero() && after.NotBefore.After(c.now.Add(hoursAhead+2*day)) {
		c.t.Fatalf("rests until %s", after.NotBefore)
	}
}

// hold is a second opinion on a dial.
func (c *campaign) hold(cb Callback, d Dial) {
	parsed, err := phonenumbers.Parse(d.Number, "")
	if err != nil || c.listed[d.Number] {
		c.t.Fatalf("dialled %s: %v", d.Number, err)
	}
	for _, b := range c.p.Blocked {
		if strings.HasPrefix(d.Number, b) {
			c.t.Fatalf("dialled %s, which is blocked", d.Number)
		}
	}
	switch phonenumbers.GetNumberType(parsed) {
	case phonenumbers.PREMIUM_RATE, phonenumbers.TOLL_FREE, phonenumbers.SHARED_COST:
		c.t.Fatalf("dialled %s", d.Number)
	}
	if strings.HasPrefix(d.Number, "+88") {
		c.t.Fatalf("dialled a satellite")
	}
	zones, err := phonenumbers.GetTimezonesForNumber(parsed)
	if err != nil {
		c.t.Fatal(err)
	}
	if cb.Zone != "" {
		zones = []string{cb.Zone}
	}
	if c.p.Facts.Paused.On {
		c.t.Fatalf("dialled in a pause")
	}
	for _, zone := range zones {
		for m := c.now; c.p.Hours != nil && m.Before(c.now.Add(max(c.p.CutOff, 1))); m = m.Add(time.Minute) {
			if !c.p.Hours.In(location(zone)).IsOpen(m) {
				c.t.Fatalf("dialled %s at %s, and %s is closed at %s", d.Number, c.now, zone, m)
			}
		}
	}
	// What the clock dates later than now was dialled all the same.
	number, hour, queue, spring, russia, flying := 1, 1, 1, 1, 1, 1
	for _, x := range c.dials {
		if c.now.Sub(x.at) < time.Hour && x.Queue == cb.Queue {
			hour++
		}
		if c.now.Sub(x.at) >= 24*time.Hour {
			continue
		}
		if x.Number == d.Number {
			number++
		}
		if x.Queue == cb.Queue {
			queue++
		}
		if x.Campaign == "spring" && cb.Campaign == "spring" {
			spring++
		}
		if strings.HasPrefix(x.Number, "+7") && strings.HasPrefix(d.Number, "+7") {
			russia++
		}
	}
	for _, other := range c.all {
		if other.ID != cb.ID && other.Queue == cb.Queue && slices.Contains([]State{Dialling, Ringing, Answered, Confirmed}, other.State) {
			flying++
		}
	}
	for _, x := range []struct{ is, limit int }{
		{number, c.p.Caps.NumberDay}, {hour, c.p.Caps.Hour}, {queue, c.p.Caps.Day}, {flying, c.p.Caps.InFlight},
		{spring, c.p.Campaigns["spring"].Day}, {russia, c.p.CostGroups[0].Day},
	} {
		if x.limit > 0 && x.is > x.limit {
			c.t.Fatalf("dial %d of %d at %s", x.is, x.limit, c.now)
		}
	}
}

// TestNoDialAgainstTheRules lets promises be kept for a few days, with every
// event in any order, around the nights in which clocks are changed, while that of
// the machine is put forward and back.
func TestNoDialAgainstTheRules(t *testing.T) {
	t.Parallel()
	dials := 0
	rapid.Check(t, func(t *rapid.T) {
		c := &campaign{t: t, listed: map[string]bool{}, now: rapid.SampledFrom([]time.Time{
			t0, time.Date(2025, 3, 8, 20, 0, 0, 0, time.UTC), time.Date(2025, 11, 1, 20, 0, 0, 0, time.UTC),
			time.Date(2025, 3, 29, 20, 0, 0, 0, time.UTC), time.Date(2025, 10, 25, 20, 0, 0, 0, time.UTC), time.Date(2011, 12, 29, 20, 0, 0, 0, time.UTC),
		}).Draw(t, "start")}
		small := func(name string) int { return rapid.IntRange(0, 3).Draw(t, name) }
		c.p = Policy{
			Prefixes: []string{"+7", "+1", "+4", "+8"}, MaxAttempts: 4,
			Caps:       Caps{NumberDay: small("number day"), Hour: small("hour"), Day: 2 * small("day"), InFlight: small("in flight")},
			Campaigns:  map[string]Campaign{"spring": {Day: 2 * small("campaign")}},
			CostGroups: []CostGroup{{Name: "russia", Prefixes: []string{"+7"}, Day: 3 * small("cost")}},
		}
		if rapid.Bool().Draw(t, "hours") {
			from := rapid.IntRange(0, 23).Draw(t, "from")
			c.p.Hours = &dialplan.Hours{Location: time.UTC, Holidays: []dialplan.Holiday{{Month: time.March, Day: 4}}}
			for d := range c.p.Hours.Week {
				c.p.Hours.Week[d] = []dialplan.Span{{From: from * 60, To: (from + 11) % 24 * 60}}
			}
			c.p.CutOff = time.Duration(small("cut-off")) * 30 * time.Minute
		}
		if rapid.Bool().Draw(t, "block") {
			c.p.Blocked = []string{"+7916"}
		}
		for range 60 {
			number := rapid.SampledFrom(campaignNumbers).Draw(t, "number")
			if c.now.After(c.latest) {
				c.latest = c.now
			}
			switch rapid.IntRange(0, 11).Draw(t, "do") {
			case 0, 1:
				c.ask(Callee{
					Number: number, Queue: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "queue"),
					Campaign: rapid.SampledFrom([]string{"", "spring"}).Draw(t, "campaign"), Zone: rapid.SampledFrom(zonesThatJump).Draw(t, "zone"),
				})
			case 10:
				c.p.Facts.Paused = Pause{On: !c.p.Facts.Paused.On, Queue: "a", Since: c.now}
			case 11: // the clock is put right, as it was not a day before
				if back := c.latest.Add(-time.Duration(rapid.IntRange(0, 20*60).Draw(t, "back min")) * time.Minute); back.Before(c.now) {
					c.now = back
				}
			case 2:
				c.listed[number] = rapid.Bool().Draw(t, "listed")
			case 3:
				c.now = c.now.Add(time.Duration(rapid.IntRange(0, 14*3600).Draw(t, "pass s")) * time.Second)
			default:
				if len(c.all) == 0 {
					continue
				}
				i := rapid.IntRange(0, len(c.all)-1).Draw(t, "which")
				if cb := c.all[i]; cb.State == Waiting && cb.NotBefore.After(c.now) && rapid.Bool().Draw(t, "wait") {
					c.now = cb.NotBefore
				}
				c.step(i, rapid.SampledFrom([]Event{
					Due{}, Due{}, Due{}, Tick{}, Tick{}, AgentTook{}, Recovered{}, Recovered{AgentThere: true}, PhoneRings{}, PickedUp{}, Accepted{},
					Ended{Cause: telephony.CauseBusy}, PlaceOver{Reason: "no_agents"}, Moved{Queue: "b"}, AgentLost{}, NoKey{},
				}).Draw(t, "event"))
			}
		}
		dials += len(c.dials)
	})
	if dials < 50 {
		t.Errorf("only %d dials were held against the rules", dials)
	}
}

// TestUntilIsTrue: when a delay is over, the rule that told the time objects no
// more, and none does before.
func TestUntilIsTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.SampledFrom(campaignNumbers).Draw(t, "number")
		var dials []time.Time
		for range rapid.IntRange(0, 5).Draw(t, "dials") {
			dials = append(dials, t0.Add(-time.Duration(rapid.IntRange(0, 25*60).Draw(t, "ago min"))*time.Minute))
		}
		slices.SortFunc(dials, time.Time.Compare)
		p := Policy{
			Prefixes: []string{"+7", "+1", "+4", "+8"}, Types: NumberTypes(), Hours: daily(rapid.IntRange(0, 9).Draw(t, "from"), rapid.IntRange(10, 24).Draw(t, "to")),
			CutOff: time.Duration(rapid.IntRange(0, 59).Draw(t, "cut-off min")) * time.Minute,
			Caps:   Caps{NumberDay: rapid.IntRange(0, 4).Draw(t, "number day"), Hour: rapid.IntRange(0, 3).Draw(t, "hour"), Day: rapid.IntRange(0, 5).Draw(t, "day")},
			Facts:  Facts{ToNumber: dials, OfQueue: dials},
		}
		p.Prefixes = []string{"+7", "+1", "+4", "+8"}
		d := p.Decide(Callee{Number: number}, t0)
		if d.Refused() {
			return
		}
		if d.Allowed() {
			ends := p.Closes(Callee{Number: number}, t0)
			if before := p.lookHours(Callee{Number: number}, ends.Add(-time.Nanosecond)); before.Rule != "" {
				t.Fatalf("before the end at %s: %+v", ends, before)
			}
			if at := p.lookHours(Callee{Number: number}, ends); at.Rule == "" && !ends.Equal(t0.Add(day)) {
				t.Fatalf("no end at %s", ends)
			}
			return
		}
		if then := p.Decide(Callee{Number: number}, d.Until); !then.Allowed() {
			t.Fatalf("%+v, but then %+v", d, then)
		}
		if before := p.Decide(Callee{Number: number}, d.Until.Add(-time.Nanosecond)); before.Allowed() {
			t.Fatalf("%+v, but allowed before", d)
		}
	})
}

func FuzzNumberRules(f *testing.F) {
	for _, number := range append(campaignNumbers, "", "+", "+7916\x00", "+79161234567@evil", "+00000000", "+999999999999999", "１２３") {
		f.Add(number)
	}
	p := Policy{Prefixes: []string{"+1", "+7", "+8"}, Hours: daily(9, 20), Caps: Caps{NumberDay: 1}}
	f.Fuzz(func(t *testing.T, number string) {
		d := p.Decide(Callee{Number: number}, t0.Add(-5*time.Hour))
		if d.Allowed() && (!ValidNumber(number) || !p.Allows(number) || !slices.Contains(DefaultTypes(), TypeOf(number))) {
			t.Fatalf("%q is allowed", number)
		}
		endpoint, err := DialString("PJSIP/{number}@trunk", number)
		if d.Allowed() && (err != nil || endpoint != "PJSIP/"+number+"@trunk") {
			t.Fatalf("%q is allowed, and dialled as %q: %v", number, endpoint, err)
		}
		if err == nil && strings.Trim(number, "+0123456789") != "" {
			t.Fatalf("%q is dialled as %q", number, endpoint)
		}
		_, refusal := Ask(Request{ID: "k", Number: number, Queue: "q", PlaceID: "p"}, p, nil, t0.Add(-5*time.Hour))
		if (refusal == nil) != (d.Allowed() || d.Delayed()) {
			t.Fatalf("%q: asked %+v, decided %+v", number, refusal, d)
		}
	})
}
