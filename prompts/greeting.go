package prompts

import (
	"strings"
	"time"
)

// Asked is how and when a customer asked for a call, as the greeting tells it.
type Asked struct {
	Reason string    // as callback.Reason has it
	At     time.Time // by the clock of its location; zero: not known
	Now    time.Time
}

// longAgo is from when on a customer is told when they asked.
const longAgo = 15 * time.Minute

// Greeting tells a customer whom we called who is calling and why: that they asked
// for it, and when, if that is a while ago. name may be empty.
func Greeting(lang, name, title string, asked Asked) string {
	lang = Resolve(lang)
	text := Message(lang, KeyCallbackGreeting, name, title)
	if other := otherReasons[lang][asked.Reason]; other != "" {
		text = strings.TrimSuffix(text, usualReason[lang]) + other
	}
	return sentences(text, asked.when(lang))
}

// usualReason ends the greeting that Message gives.
var usualReason = map[string]string{
	English: "You asked us to call you back.", Russian: "Вы просили вам перезвонить.",
}

// otherReasons are said instead of it.
var otherReasons = map[string]map[string]string{
	English: {
		"abandoned": "You called us and could not get through.",
		"web":       "You asked for a call on our web site.",
		"import":    "We are calling as arranged.",
	},
	Russian: {
		"abandoned": "Вы звонили нам и не дождались ответа.",
		"web":       "Вы заказали звонок на нашем сайте.",
		"import":    "Мы звоним, как договаривались.",
	},
}

// when tells the time of today or yesterday, "" for any other.
func (a Asked) when(lang string) string {
	if a.At.IsZero() || a.Now.Sub(a.At) < longAgo || a.Reason == "import" {
		return ""
	}
	now := a.Now.In(a.At.Location())
	for back, day := range pastDays[lang] {
		if now.AddDate(0, 0, -back).Format(time.DateOnly) == a.At.Format(time.DateOnly) {
			return strings.TrimSuffix(day+" "+Clock(lang, a.At, Accusative), ".") + "."
		}
	}
	return ""
}

var pastDays = map[string][2]string{
	English: {"That was today at", "That was yesterday at"},
	Russian: {"Это было сегодня в", "Это было вчера в"},
}
