package dialplan

import (
	"strconv"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

func TestRender(t *testing.T) {
	t.Parallel()
	anna := callers.Caller{
		Name: "Anna", Number: "+79161234501", Assurance: callers.AssurancePIN,
		Balance: &callers.Money{Minor: 500, Currency: "USD"},
	}
	byNumber := anna
	byNumber.Assurance = callers.AssuranceANI
	nobody := callers.Caller{}
	trick := callers.Caller{Name: "{{caller.balance | money}}", Assurance: callers.AssurancePIN}
	for _, tc := range []struct {
		text   string
		caller callers.Caller
		want   string
	}{
		{"Plain.", nobody, "Plain."},
		{"Hello, {{caller.name}}!", anna, "Hello, Anna!"},
		{"Hello, {{caller.name}}!", nobody, "Hello!"},
		{"Hello, {{caller.name}}, welcome!", nobody, "Hello, welcome!"},
		{"{{caller.name}}, welcome!", nobody, "Welcome!"},
		{"{{ caller.name }}, здравствуйте!", nobody, "Здравствуйте!"},
		{"Hi. {{caller.name}}, welcome!", nobody, "Hi. Welcome!"},
		{"Dear {{caller.name}}, welcome!", nobody, "Dear, welcome!"},
		{"The friend {{caller.name}} calls.", nobody, "The friend calls."},
		{"{{caller.name}}", nobody, ""},
		{"It is {{caller.balance|money}}.", anna, "It is five dollars."},
		{"It is {{caller.balance | money}}. Bye!", nobody, "Bye!"},
		{"Hello! It is {{caller.balance | money}}. Bye!", byNumber, "Hello! Bye!"},
		{"You call from {{caller.number | digits}}", nobody, ""},
		{"{{caller.name}}!", trick, "caller.balance | money!"},
		{`Hello, {{caller.vip ? "dear" : "good"}} {{ caller.name }}!`, anna, "Hello, good Anna!"},
		{`{{"a | b || c"}} {{"it is" | digits}}. Now.`, anna, "Now."},
	} {
		c := telling(t, "", tc.text)
		c.s.Caller = tc.caller
		if got, _ := c.words(Text{"en": tc.text}); got != tc.want {
			t.Errorf("%q of %q is %q, want %q", tc.text, tc.caller.Name, got, tc.want)
		}
	}
}

// telling is a call at a node with one text, which may tell anything.
func telling(t *testing.T, vars, text string) *call {
	t.Helper()
	src := "hotline: h\nnumbers: [\"600\"]\nlanguage: en\nstart: a\n" + vars +
		"\nnodes: {a: {require: pin, say: " + strconv.Quote(text) + ", hangup: true}}"
	doc, err := Parse("test.yaml", []byte(src))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return &call{doc: doc, s: State{Node: "a", Language: "en"}, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
}

// TestRenderVariables: what was not set takes its sentence away, and what was set
// is said as it is, whatever it looks like.
func TestRenderVariables(t *testing.T) {
	t.Parallel()
	const vars = "vars: {order: text, total: number, ok: yes_no}"
	for _, tc := range []struct {
		text string
		vars map[string]any
		want string
	}{
		{"Order {{vars.order}} costs {{vars.total | money RUB}}. Bye.", map[string]any{"order": "17", "total": 22.01}, "Order 17 costs twenty-two rubles and one kopeck. Bye."},
		{"Order {{vars.order}} costs {{vars.total | money RUB}}. Bye.", map[string]any{"order": "17"}, "Bye."},
		{"Order {{vars.order}}. It costs {{vars.total * 2 | money RUB}}. Bye.", map[string]any{"order": "17"}, "Order 17. Bye."},
		{"Order {{vars.order}}. It costs {{vars.total * 2}}.", map[string]any{"order": "1. 2", "total": 0.0}, "Order 1. 2. It costs zero."},
		{"First {{vars.order}}. {{vars.order}} and {{vars.total}}.", map[string]any{"order": "a! b"}, "First a! b."},
		{`{{vars.ok ? "Yes." : "No."}}`, nil, "No."},
		{"Order {{vars.order}}.", map[string]any{"order": "{{caller.name}} \U000F0000\n{x}"}, "Order caller.name x."},
	} {
		c := telling(t, vars, tc.text)
		for name, v := range tc.vars {
			if !c.setVar(name, v) {
				t.Fatalf("%s does not take %v", name, v)
			}
		}
		if got, _ := c.words(Text{"en": tc.text}); got != tc.want {
			t.Errorf("%q with %v is %q, want %q", tc.text, tc.vars, got, tc.want)
		}
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"next", "next", 0}, {"nxet", "next", 1}, {"net", "next", 1}, {"", "abc", 3}, {"ru", "en", 2},
		{"меню", "мену", 1},
	} {
		if got := distance(tc.a, tc.b); got != tc.want {
			t.Errorf("from %q to %q are %d slips, want %d", tc.a, tc.b, got, tc.want)
		}
	}
}
