package dialplan

import (
	"testing"

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
	} {
		if got := render(tc.text, "en", tc.caller); got != tc.want {
			t.Errorf("%q of %q is %q, want %q", tc.text, tc.caller.Name, got, tc.want)
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
