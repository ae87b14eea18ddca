package callback

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/dialplan"
)

func TestAsk(t *testing.T) {
	t.Parallel()
	p := Policy{Prefixes: []string{"+7916", "", "7", "+"}} // the last three are invalid and must allow nobody
	open := []Callback{
		{ID: "k7", Number: "+79161111111", Queue: "support", State: Waiting},
		{ID: "k8", Number: "+79162222222", Queue: "support", State: Done},
	}
	good := Request{
		ID: "k9", Number: "+79161234567", Queue: "support", Hotline: "shop", Language: "ru", Name: "Ivan", Account: "17",
		Priority: 3, Reason: "in_line", CallID: "c1", PlaceID: "p1", PlaceAt: t0.Add(-time.Minute), Position: 2,
	}
	with := func(change func(*Request)) Request { r := good; change(&r); return r }
	for _, tc := range []struct {
		name     string
		req      Request
		rule     Rule
		existing string
	}{
		{name: "good", req: good},
		{name: "no id", req: with(func(r *Request) { r.ID = "" }), rule: RuleRequest},
		{name: "id with a slash", req: with(func(r *Request) { r.ID = "a/b" }), rule: RuleRequest},
		{name: "no queue", req: with(func(r *Request) { r.Queue = "" }), rule: RuleRequest},
		{name: "no place", req: with(func(r *Request) { r.PlaceID = "" }), rule: RuleRequest},
		{name: "national number", req: with(func(r *Request) { r.Number = "89161234567" }), rule: RuleNumber},
		{name: "dial string", req: with(func(r *Request) { r.Number = "+79161234567@evil" }), rule: RuleNumber},
		{name: "other digits", req: with(func(r *Request) { r.Number = "+7916123456\u0667" }), rule: RuleNumber},
		{name: "other prefix", req: with(func(r *Request) { r.Number = "+79031234567" }), rule: RulePrefix},
		{name: "promised already", req: with(func(r *Request) { r.Number = "+79161111111" }), rule: RuleDuplicate, existing: "k7"},
		{name: "promised from another queue", req: with(func(r *Request) { r.Number, r.Queue = "+79161111111", "sales" })},
		{name: "the last of a slot", req: with(func(r *Request) { r.Capacity, r.Taken = 2, 1 })},
		{name: "a full slot", req: with(func(r *Request) { r.Capacity, r.Taken = 2, 2 }), rule: RuleSlotFull},
		{name: "a full slot, and promised already", req: with(func(r *Request) { r.Number, r.Capacity, r.Taken = "+79161111111", 2, 2 }), rule: RuleDuplicate, existing: "k7"},
		{name: "hung up again within a day", req: with(func(r *Request) { r.Once, r.Lately = true, true }), rule: RuleOnce},
		{name: "hung up again, and it may be called again", req: with(func(r *Request) { r.Lately = true })},
		{name: "promised and kept", req: with(func(r *Request) { r.Number = "+79162222222" })},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			cb, refusal := Ask(tc.req, p, open, t0)
			if tc.rule == "" {
				if refusal != nil {
					t.Fatalf("refused: %+v", *refusal)
				}
				if cb.State != Waiting || !cb.Open() || cb.Number != tc.req.Number {
					t.Errorf("got %+v", cb)
				}
				return
			}
			if refusal == nil {
				t.Fatalf("granted: %+v", cb)
			}
			if refusal.Rule != tc.rule || refusal.ExistingID != tc.existing || refusal.Message == "" || refusal.Remedy == "" {
				t.Errorf("got %+v", *refusal)
			}
			if diff := cmp.Diff(Callback{}, cb); diff != "" {
				t.Errorf("a refusal came with a promise:\n%s", diff)
			}
		})
	}

	cb, _ := Ask(good, p, open, t0)
	want := Callback{
		ID: "k9", Number: "+79161234567", Queue: "support", Hotline: "shop", Language: "ru", Name: "Ivan", Account: "17",
		Priority: 3, Reason: "in_line", CallID: "c1", PlaceID: "p1", Placed: true, AskedAt: t0, PlaceAt: t0.Add(-time.Minute),
		State: Waiting, Since: t0,
	}
	if diff := cmp.Diff(want, cb); diff != "" {
		t.Error(diff)
	}
	cb, _ = Ask(with(func(r *Request) { r.PlaceAt = time.Time{} }), p, nil, t0)
	if !cb.PlaceAt.Equal(t0) {
		t.Errorf("a place without a time counts from %s, want now", cb.PlaceAt)
	}
	if _, refusal := Ask(good, Policy{}, nil, t0); refusal == nil || refusal.Rule != RulePrefix {
		t.Errorf("a policy without prefixes gives %+v, want a refusal by prefix", refusal)
	}
}

func TestPolicyValidate(t *testing.T) {
	t.Parallel()
	if errs := (Policy{}).Validate(); errs != nil {
		t.Errorf("the zero policy: %v", errs)
	}
	bad := Policy{
		Prefixes: []string{"+7", "7", "+", "+7x"}, RetryAfter: -1, RingTimeout: time.Hour, ConfirmTimeout: time.Millisecond,
		AgentHold: -1, MaxAttempts: 11, Uncertain: "dial",
	}
	var got []string
	for _, err := range bad.Validate() {
		got = append(got, err.Error())
	}
	want := []string{
		`callback policy: Prefixes: "7" is not a prefix: write + and 1 to 15 digits, such as "+7916"`,
		`callback policy: Prefixes: "+" is not a prefix: write + and 1 to 15 digits, such as "+7916"`,
		`callback policy: Prefixes: "+7x" is not a prefix: write + and 1 to 15 digits, such as "+7916"`,
		`callback policy: RetryAfter: -1ns is outside of 1s to 168h0m0s`,
		`callback policy: RingTimeout: 1h0m0s is outside of 1s to 5m0s`,
		`callback policy: ConfirmTimeout: 1ms is outside of 1s to 5m0s`,
		`callback policy: AgentHold: -1ns is outside of 1s to 10m0s`,
		`callback policy: MaxAttempts: 11 is outside of 1 to 10`,
		`callback policy: Uncertain: "dial" is neither "count", "hold" nor "ask"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDialString(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ template, number, want string }{
		{"PJSIP/{number}@trunk", "+79161234567", "PJSIP/+79161234567@trunk"},
		{"Local/{digits}@from-internal/n", "+79161234567", "Local/79161234567@from-internal/n"},
		{"PJSIP/trunk/sip:{number}@10.0.0.1:5060;transport=tcp", "+79161234567", "PJSIP/trunk/sip:+79161234567@10.0.0.1:5060;transport=tcp"},
		{"PJSIP/{number}@trunk", "79161234567", ""},
		{"PJSIP/{number}@trunk", "+7916123", ""},
		{"PJSIP/{number}@trunk", "+7916123456789012", ""},
		{"PJSIP/{number}@trunk", "+79161234567&PJSIP/100", ""},
		{"PJSIP/{number}@trunk", "+7916123456\n", ""},
		{"PJSIP/100", "+79161234567", ""},
		{"PJSIP/{number}&PJSIP/100", "+79161234567", ""},
		{"PJSIP/${X}{number}", "+79161234567", ""},
		{"PJSIP/{number} ", "+79161234567", ""},
		{"PJSIP/{num{digits}ber}", "+79161234567", ""},
		{"{number}@trunk", "+79161234567", ""},
		{"{number}/trunk", "+79161234567", ""},
		{"/{number}", "+79161234567", ""},
		{"", "+79161234567", ""},
		{"PJSIP/{number}" + strings.Repeat("x", 200), "+79161234567", ""},
	} {
		got, err := DialString(tc.template, tc.number)
		if got != tc.want || (err == nil) != (tc.want != "") {
			t.Errorf("DialString(%q, %q) = %q, %v; want %q", tc.template, tc.number, got, err, tc.want)
		}
	}
}

func FuzzDialString(f *testing.F) {
	for _, template := range []string{"PJSIP/{number}@trunk", "Local/{digits}@x/n", "PJSIP/{number}&{digits}", "A/{{number}}"} {
		for _, number := range []string{"+79161234567", "+7916{digits}", "+1,2", ""} {
			f.Add(template, number)
		}
	}
	const allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.:@/;=+*#"
	f.Fuzz(func(t *testing.T, template, number string) {
		got, err := DialString(template, number)
		if err != nil {
			if got != "" {
				t.Fatalf("an error with %q", got)
			}
			return
		}
		if len(number) < 9 || len(number) > 16 || number[0] != '+' || strings.Trim(number[1:], "0123456789") != "" {
			t.Fatalf("number %q got through: %q", number, got)
		}
		if rest := strings.Map(func(r rune) rune {
			if strings.ContainsRune(allowed, r) {
				return -1
			}
			return r
		}, got); rest != "" {
			t.Fatalf("%q got through: %q", rest, got)
		}
		if !strings.Contains(got, number[1:]) {
			t.Fatalf("%q lacks %q", got, number)
		}
		if head, _, _ := strings.Cut(template, "/"); !strings.HasPrefix(got, head+"/") {
			t.Fatalf("%q does not begin as %q", got, template)
		}
	})
}

func FuzzParseChannelID(f *testing.F) {
	for _, s := range []string{"lk-cb-k1-1", "lk-cb-a-b-12", "lk-cb--1", "lk-cb-k1-01", "lk-cb-k1-0", "lk-place-p1-1", "1700000000.1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, channel string) {
		id, n, ok := ParseChannelID(channel)
		if ok && (id == "" || n < 1 || ChannelID(id, n) != channel) {
			t.Fatalf("%q gives %q, %d", channel, id, n)
		}
	})
}

func TestParseChannelID(t *testing.T) {
	t.Parallel()
	if id, n, ok := ParseChannelID(ChannelID("a-b.c", 12)); id != "a-b.c" || n != 12 || !ok {
		t.Errorf("got %q, %d, %v", id, n, ok)
	}
	for _, foreign := range []string{"", "1700000000.1", "lk-cb-k1", "lk-cb-k1-0", "lk-cb-k1-01", "lk-cb--1", "lk-place-p1-1"} {
		if _, _, ok := ParseChannelID(foreign); ok {
			t.Errorf("%q was taken for ours", foreign)
		}
	}
}

func TestOpenAt(t *testing.T) {
	t.Parallel()
	p := Policy{Prefixes: []string{"+7"}, Hours: &dialplan.Hours{Location: time.UTC}, Facts: Facts{Paused: Pause{Queue: "support", On: true, Since: t0}, InFlight: 9}, Caps: Caps{InFlight: 1}}
	for day := range p.Hours.Week {
		p.Hours.Week[day] = []dialplan.Span{{From: 9 * 60, To: 20 * 60}}
	}
	who := Callee{Number: "+79161234567", Queue: "support", Zone: "Europe/Moscow"}
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))
	if !p.OpenAt(who, noon) {
		t.Error("who is called now, and a pause, say nothing about another day")
	}
	if p.OpenAt(who, noon.Add(10*time.Hour)) {
		t.Error("open at 22:00")
	}
	who.Number = "+12125550100"
	if p.OpenAt(who, noon) {
		t.Error("open to a number that is not called")
	}
}
