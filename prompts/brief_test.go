package prompts

import (
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

func TestBrief(t *testing.T) {
	t.Parallel()
	live := Brief{Title: "support", Name: "Olga Kim", Waited: 3 * time.Minute, Assurance: callers.AssurancePIN}
	back := Brief{
		Title: "support", Name: "Olga Kim", Number: "+79161234501", Reason: "in_line", Assurance: callers.AssuranceANI, Waited: 4 * time.Minute,
		Path: []string{"greet", "who", "main_menu", "help"}, Question: true, Message: true,
	}
	bare := Brief{Number: "+79161234501", Reason: "web"}
	choice := "To call, press one. For later, press two. To pass it on, press three."
	for _, c := range []struct{ name, got, want string }{
		{"live", live.Whisper("en"), "support, Olga Kim, waited three minutes. Identified by PIN."},
		{"live, unknown", Brief{Title: "support"}.Whisper("en"), "support, unknown caller, waited less than a minute. Not identified."},
		{"no title", Brief{Name: "Olga Kim"}.Whisper("en"), ""},
		{"callback, no title", bare.Whisper("en"), ""},
		{"callback", back.Whisper("en"), "support, Olga Kim, we called them back. Asked for it in line. Known by the number. Had waited four minutes. " +
			"The question is on your display. There is a spoken message."},
		{"calling", bare.Calling("en"), "A callback. We are calling the customer, number " + Phone("en", "+79161234501") +
			". Please hold on. Asked for it on the web site. Not identified."},
		{"preview", back.Preview("en"), "A callback. Olga Kim, number " + Phone("en", "+79161234501") + ". Asked for it in line. Known by the number. " +
			"Had waited four minutes. The question is on your display. There is a spoken message. Came by way of who, main menu, help. " +
			choice + " To hear the message, press star."},
		{"preview of a stranger", bare.Preview("en"), "A callback. " + Phone("en", "+79161234501") + ". Asked for it on the web site. Not identified. " + choice},
		{"по-русски", back.Preview("ru"), "Обратный звонок. Olga Kim, номер " + Phone("ru", "+79161234501") + ". Звонок заказан из очереди. Узнали по номеру. " +
			"Ожидание в очереди: четыре минуты. Вопрос на экране. Есть голосовое сообщение. Путь: who, main menu, help. " +
			"Чтобы позвонить, нажмите один. Чтобы отложить, нажмите два. Чтобы передать другому, нажмите три. Чтобы прослушать сообщение, нажмите звёздочку."},
		{"agreed", Agreed("en"), "We are calling the customer. Please hold on."},
		{"released", Released("ru"), "Спасибо. Можно положить трубку."},
	} {
		if c.got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, c.got, c.want)
		}
	}
}

// TestBriefsAreWhole: each language has all the words.
func TestBriefsAreWhole(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		words := briefs[lang]
		for _, text := range []string{
			words.callback, words.number, words.waited, words.came, words.question, words.message, words.choice, words.star, words.calling, words.released,
		} {
			if text == "" {
				t.Errorf("%s lacks a text: %+v", lang, words)
			}
		}
		for reason := range briefs[English].reasons {
			if words.reasons[reason] == "" {
				t.Errorf("%s has no words for %s", lang, reason)
			}
		}
		for _, a := range []callers.Assurance{callers.AssuranceNone, callers.AssuranceANI, callers.AssurancePIN} {
			if words.assurances[a] == "" {
				t.Errorf("%s has no words for assurance %v", lang, a)
			}
		}
	}
}
