package callback

import (
	"strings"
	"testing"
	"time"
)

// TestEveryRuleSaysWhatItIs makes each rule object once. Every "no" names the rule, what
// is wrong, what lifts it and what it looked at, in the journal and in the story.
func TestEveryRuleSaysWhatItIs(t *testing.T) {
	t.Parallel()
	good := Request{ID: "k1", Number: "+79161234567", Queue: "q", PlaceID: "p1", Campaign: "spring"}
	base := Policy{Prefixes: []string{"+7"}}
	dials := []time.Time{t0.Add(-time.Minute)}
	spring := func(c Campaign) map[string]Campaign { return map[string]Campaign{"spring": c} }
	group := func(g CostGroup) []CostGroup { g.Name, g.Prefixes = "mobile", []string{"+79"}; return []CostGroup{g} }
	cost := map[string][]time.Time{"mobile": dials}
	for rule, tc := range map[Rule]struct {
		req     func(*Request)
		policy  func(*Policy)
		open    []Callback
		message string
		remedy  string
		inputs  string
		noInput bool // the message has all
	}{
		RuleRequest: {req: func(r *Request) { r.Queue = "" }, message: "needs a queue", remedy: "name the queue", noInput: true},
		RuleNumber:  {req: func(r *Request) { r.Number = "8916" }, message: "not an international number", remedy: "write +", noInput: true},
		RuleZone:    {req: func(r *Request) { r.Zone = "Moskau" }, message: "no time zone", remedy: "IANA name", inputs: `zone: "Moskau"`},
		RuleWindow: {req: func(r *Request) { r.Window.Until = t0.Add(-time.Hour) }, message: "lies in the past", remedy: "within the next 60 days",
			inputs: "until: 2025-03-03 19:00 MSK"},
		RuleDuplicate: {open: []Callback{{ID: "k0", Number: good.Number, Queue: "q", State: Waiting}}, message: "has been promised a call", remedy: "callback k0 stands", noInput: true},
		RulePrefix:    {policy: func(p *Policy) { p.Prefixes = []string{"+1"} }, message: "none of the prefixes", remedy: "add a prefix", inputs: "prefixes: +1"},
		RuleType:      {policy: func(p *Policy) { p.Types = []NumberType{TypeFixed} }, message: "of type mobile", remedy: "add mobile to the types", inputs: "type: mobile; types: fixed_line"},
		RuleBlocked:   {policy: func(p *Policy) { p.Blocked = []string{"+7916"} }, message: "blocked by +7916", remedy: "remove +7916", inputs: "blocked: +7916"},
		RuleDoNotCall: {policy: func(p *Policy) { p.Facts.Listed = true }, message: "on the do-not-call list", remedy: "remove it from the list", inputs: "listed: yes"},
		RuleCampaign:  {policy: func(p *Policy) { p.Campaigns = spring(Campaign{Until: t0}) }, message: "campaign spring is over", remedy: "set a later until", inputs: "campaign: spring"},
		RuleHours:     {policy: func(p *Policy) { p.Hours = daily(9, 20) }, message: "outside of the calling hours", remedy: "the hours of the callback policy", inputs: "local_time: Mon 20:00 in Europe/Moscow"},
		RuleNumberDay: {policy: func(p *Policy) { p.Caps.NumberDay, p.Facts.ToNumber = 1, dials }, message: "was dialled 1 time within 24 h", remedy: "the cap number_day", inputs: "dials: 1; cap: 1; window_s: 86400"},
		RuleHour:      {policy: func(p *Policy) { p.Caps.Hour, p.Facts.OfQueue = 1, dials }, message: "1 dial was made", remedy: "the cap hour", inputs: "window_s: 3600"},
		RuleDay:       {policy: func(p *Policy) { p.Caps.Day, p.Facts.OfQueue = 1, dials }, message: "for the queue within 24 h", remedy: "the cap day", inputs: "dials: 1; cap: 1"},
		RuleCampaignHour: {policy: func(p *Policy) { p.Campaigns, p.Facts.OfCampaign = spring(Campaign{Hour: 1}), dials }, message: "for campaign spring within 1 h",
			remedy: "the limit of campaign spring", inputs: "of: campaign spring"},
		RuleCampaignDay: {policy: func(p *Policy) { p.Campaigns, p.Facts.OfCampaign = spring(Campaign{Day: 1}), dials }, message: "for campaign spring within 24 h",
			remedy: "the limit of campaign spring", inputs: "of: campaign spring"},
		RuleCostHour: {policy: func(p *Policy) { p.CostGroups, p.Facts.OfCost = group(CostGroup{Hour: 1}), cost }, message: "for cost group mobile within 1 h",
			remedy: "the limit of cost group mobile", inputs: "of: cost group mobile"},
		RuleCostDay: {policy: func(p *Policy) { p.CostGroups, p.Facts.OfCost = group(CostGroup{Day: 1}), cost }, message: "for cost group mobile within 24 h",
			remedy: "the limit of cost group mobile", inputs: "of: cost group mobile"},
		RulePaused: {policy: func(p *Policy) { p.Facts.Paused = Pause{Queue: "q", On: true, Since: t0.Add(-time.Hour), By: "anna"} }, message: "paused by anna",
			remedy: "linekeeper callback resume q", inputs: "paused_by: anna; paused_since: 2025-03-03T16:00:00Z"},
		RuleInFlight: {policy: func(p *Policy) { p.Caps.InFlight, p.Facts.InFlight = 1, 1 }, message: "1 other customer is being called", remedy: "the cap in_flight", inputs: "in_flight: 1; cap: 1"},
		RuleCampaignInFlight: {policy: func(p *Policy) { p.Campaigns, p.Facts.InCampaign = spring(Campaign{InFlight: 1}), 1 }, message: "for campaign spring",
			remedy: "in_flight of campaign spring", inputs: "in_flight: 1; cap: 1"},
	} {
		t.Run(string(rule), func(t *testing.T) {
			t.Parallel()
			req, p := good, base
			if tc.req != nil {
				tc.req(&req)
			}
			if tc.policy != nil {
				tc.policy(&p)
			}
			var note Note
			cb, refusal := Ask(req, p, tc.open, t0)
			switch {
			case refusal != nil:
				note = RefusedNote(req, *refusal, t0)
			case rule.endless() && rule != RulePaused: // decided at the dial alone
				cb.Placed = true
				_, cmds, err := Step(cb, Due{}, p, t0)
				if err != nil {
					t.Fatal(err)
				}
				for _, cmd := range cmds {
					if n, ok := cmd.(Note); ok && n.Type == NoteDelayed {
						note = n
					}
				}
			default:
				note, _ = DelayedNote(cb, p)
			}
			text := func(key string) string { s, _ := note.Data[key].(string); return s }
			if text("rule") != string(rule) || !strings.Contains(text("message"), tc.message) || !strings.Contains(text("remedy"), tc.remedy) {
				t.Fatalf("the journal has %+v", note.Data)
			}
			if !strings.Contains(text("inputs"), tc.inputs) || (text("inputs") == "") != tc.noInput {
				t.Errorf("the inputs are %q", text("inputs"))
			}
			told := strings.Join(Why(Callback{ID: "k1"}, []WhyEvent{{At: note.At, Type: note.Type, Data: note.Data}}), "\n")
			want := "by rule " + string(rule) + ": " + text("message")
			if rule == RuleDuplicate {
				want = ""
			}
			if !strings.Contains(told, want) || !strings.Contains(told, text("inputs")) || rule != RuleDuplicate && !strings.Contains(told, "("+text("remedy")+")") {
				t.Errorf("the story is %q", told)
			}
		})
	}
}

// TestTheTableHasEveryRule keeps the test above complete: each rule is among Rules once.
func TestTheTableHasEveryRule(t *testing.T) {
	t.Parallel()
	seen := map[Rule]bool{}
	for _, r := range Rules() {
		if seen[r] || r == "" {
			t.Errorf("rule %q is there twice, or has no name", r)
		}
		seen[r] = true
	}
	if len(seen) != 21 {
		t.Errorf("there are %d rules; has the table above the new one?", len(seen))
	}
}
