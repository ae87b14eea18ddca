package prompts

import (
	"testing"
	"time"
)

func TestGreeting(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 12, 30, 0, 0, time.UTC)
	at := func(hour, minute, day int) time.Time {
		return time.Date(2026, 3, day, hour, minute, 0, 0, time.FixedZone("MSK", 3*3600))
	}
	for _, c := range []struct {
		lang, name string
		asked      Asked
		want       string
	}{
		{"en", "Anna", Asked{}, "Hello, Anna! This is the line. You asked us to call you back."},
		{"en", "", Asked{Reason: "in_line", At: now.Add(-14 * time.Minute), Now: now}, "Hello! This is the line. You asked us to call you back."},
		{"en", "", Asked{Reason: "in_line", At: at(10, 5, 2), Now: now}, "Hello! This is the line. You asked us to call you back. That was today at ten oh five a.m."},
		{"en", "", Asked{Reason: "operator", At: at(0, 5, 2), Now: now}, "Hello! This is the line. You asked us to call you back. That was today at twelve oh five a.m."},
		{"en", "", Asked{Reason: "web", At: at(15, 0, 1), Now: now}, "Hello! This is the line. You asked for a call on our web site. That was yesterday at three p.m."},
		{"en", "Anna", Asked{Reason: "abandoned", At: at(12, 12, 2), Now: now}, "Hello, Anna! This is the line. You called us and could not get through. That was today at twelve twelve p.m."},
		{"en", "", Asked{Reason: "web", At: at(15, 0, 1), Now: now.AddDate(0, 0, 3)}, "Hello! This is the line. You asked for a call on our web site."},
		{"en", "", Asked{Reason: "import", At: at(10, 5, 2), Now: now}, "Hello! This is the line. We are calling as arranged."},
		{"ru", "Анна", Asked{Reason: "instead", At: at(1, 5, 2), Now: now}, "Здравствуйте, Анна! Это the line. Вы просили вам перезвонить. Это было сегодня в один час пять минут."},
		{"ru", "", Asked{Reason: "abandoned", At: at(21, 0, 1), Now: now}, "Здравствуйте! Это the line. Вы звонили нам и не дождались ответа. Это было вчера в двадцать один час."},
	} {
		if got := Greeting(c.lang, c.name, "the line", c.asked); got != c.want {
			t.Errorf("%+v:\n got %q\nwant %q", c.asked, got, c.want)
		}
	}
	for lang, usual := range usualReason {
		if text := Message(lang, KeyCallbackGreeting, "", "the line"); text == "" || text[len(text)-len(usual):] != usual {
			t.Errorf("%q does not end with %q", text, usual)
		}
	}
}
