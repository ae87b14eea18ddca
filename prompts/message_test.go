package prompts

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linekeeper/linekeeper/queues"
)

// examples holds fitting arguments for each key that wants some.
var examples = map[Key][]any{
	KeyQueuePosition:    {4},
	KeyWaitQuote:        {queues.Quote{Kind: queues.QuoteRange, Low: 2, High: 4}},
	KeyOfferCallback:    {"1"},
	KeyConfirmNumber:    {"+79161234501"},
	KeyConfirmOwnNumber: {"+79161234501"},
	KeyCallbackGreeting: {"Иван", "Ромашка"},
	KeyAgentHoldOn:      {"Иван", "+79161234501"},
	KeyVerifyGreeting:   {"Ромашка"},
	KeyMachineMessage:   {"Ромашка"},
	KeyCallbackSlot:     {Slot{time.Date(2025, 3, 4, 9, 0, 0, 0, time.UTC), time.Date(2025, 3, 4, 10, 0, 0, 0, time.UTC), time.Date(2025, 3, 3, 21, 0, 0, 0, time.UTC)}},
	KeySlotOffer:        {Slot{time.Date(2025, 3, 4, 9, 0, 0, 0, time.UTC), time.Date(2025, 3, 4, 10, 0, 0, 0, time.UTC), time.Date(2025, 3, 3, 21, 0, 0, 0, time.UTC)}, "2"},
	KeyCutOffConsent:    {"5"},
	KeyCallbackLater:    {Later{time.Date(2025, 3, 4, 9, 0, 0, 0, time.UTC), time.Date(2025, 3, 3, 21, 0, 0, 0, time.UTC)}},
	KeyWhisper:          {"поддержка", "Иван", 3 * time.Minute},
	KeyWhisperCallback:  {"поддержка", "Иван"},
	KeyYouEntered:       {"двенадцать"},
}

// badArguments are of no kind that any key wants.
var badArguments = []any{nil, -1, 1.5, struct{}{}, []string{"1"}}

func TestEveryKeySpeaksEveryLanguage(t *testing.T) {
	t.Parallel()
	// Digits would be left to the guess of a speech engine.
	leftover := regexp.MustCompile(`[{}0-9]|\s\s|^\s|\s$|%`)
	for _, lang := range Languages() {
		seen := map[string]Key{}
		for _, key := range Keys() {
			text := Message(lang, key, examples[key]...)
			if text == "" || leftover.MatchString(text) {
				t.Errorf("%s %s: %q", lang, key, text)
			}
			if other, twice := seen[text]; twice {
				t.Errorf("%s: %s and %s say the same: %q", lang, key, other, text)
			}
			seen[text] = key
		}
	}
}

func TestArgumentsAreChecked(t *testing.T) {
	t.Parallel()
	for _, key := range Keys() {
		if got := Message("en", key, append(slices.Clone(examples[key]), "more")...); got != "" {
			t.Errorf("%s takes one argument too many: %q", key, got)
		}
		for i := range examples[key] {
			for _, bad := range badArguments {
				args := slices.Clone(examples[key])
				args[i] = bad
				if got := Message("en", key, args...); got != "" {
					t.Errorf("%s takes %v as argument %d: %q", key, bad, i, got)
				}
			}
		}
	}
	if got := Message("en", "no_such_key"); got != "" {
		t.Errorf("an unknown key speaks: %q", got)
	}
	for _, bad := range []string{"", "10", "a", "ж", "+"} {
		if got := Message("en", KeyOfferCallback, bad); got != "" {
			t.Errorf("%q is no key of a phone: %q", bad, got)
		}
	}
}

func TestCataloguesHaveTheSameKeys(t *testing.T) {
	t.Parallel()
	placeholders := regexp.MustCompile(`\{\d\}`)
	shape := func(catalogue map[Key]string) map[Key][]string {
		out := map[Key][]string{}
		for key, text := range catalogue {
			out[key] = placeholders.FindAllString(text, -1)
		}
		return out
	}
	if diff := cmp.Diff(shape(catalogueRU), shape(catalogueEN)); diff != "" {
		t.Errorf("keys or placeholders differ (-ru +en):\n%s", diff)
	}
	keys := map[Key]bool{}
	for _, key := range Keys() {
		keys[key] = true
		if arguments[key] == nil {
			t.Errorf("%s has no list of arguments", key)
		}
	}
	if len(keys) != len(arguments) || len(keys) != len(Keys()) {
		t.Errorf("Keys lists %d keys (%d different), arguments %d", len(Keys()), len(keys), len(arguments))
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	evening := time.Date(2025, 3, 3, 20, 0, 0, 0, time.FixedZone("MSK", 3*3600)) // a Monday
	for _, c := range []struct {
		lang string
		key  Key
		args []any
		want string
	}{
		{"ru", KeyQueuePosition, []any{0}, "Ваш звонок следующий в очереди."},
		{"ru", KeyQueuePosition, []any{4}, "Ваше место в очереди: пятое."},
		{"ru_RU", KeyQueuePosition, []any{22}, "Ваше место в очереди: двадцать третье."},
		{"en", KeyQueuePosition, []any{0}, "You are next in line."},
		{"en-GB", KeyQueuePosition, []any{1}, "You are number two in line."},
		{"fr", KeyGoodbye, nil, "Goodbye!"},
		{"", KeyGoodbye, nil, "Goodbye!"},
		{"RU", KeyGoodbye, nil, "До свидания!"},
		{"ru", KeyOfferCallback, []any{"*"}, "Можно не ждать на линии: мы перезвоним, когда подойдёт ваша очередь. Для этого нажмите звёздочку."},
		{"en", KeyOfferCallback, []any{"1"}, "You do not have to stay on the line: we can call you back when your turn comes. To be called back, press one."},
		{"ru", KeyCallbackGreeting, []any{"Иван Петров", "горячая линия"}, "Здравствуйте, Иван Петров! Это горячая линия. Вы просили вам перезвонить."},
		{"ru", KeyCallbackGreeting, []any{" ", "горячая линия"}, "Здравствуйте! Это горячая линия. Вы просили вам перезвонить."},
		{"en", KeyAgentHoldOn, []any{"", "+442079460003"}, "A callback. We are calling the customer, number plus four four, two zero, seven nine four six, zero zero zero three. Please hold on."},
		{"en", KeyWhisper, []any{"support", "Ivan Petrov", 3*time.Minute + 29*time.Second}, "support, Ivan Petrov, waited three minutes."},
		{"en", KeyWhisper, []any{"support", "", 90 * time.Second}, "support, unknown caller, waited two minutes."},
		{"en", KeyWhisper, []any{"support", "Ivan", 62 * time.Minute}, "support, Ivan, waited one hour two minutes."},
		{"en", KeyWhisper, []any{"support", "Ivan", 59 * time.Second}, "support, Ivan, waited less than a minute."},
		{"en", KeyWhisper, []any{" ", "Ivan", time.Minute}, ""},
		{"en", KeyWhisper, []any{"support", "Ivan", -time.Second}, ""},
		{"en", KeyWhisperCallback, []any{"support", "Ivan"}, "support, Ivan, we called them back."},
		{"ru", KeyWhisper, []any{"поддержка", "Иван Петров", time.Minute}, "поддержка, Иван Петров, ждёт одну минуту."},
		{"ru", KeyWhisper, []any{"поддержка", "Иван Петров", 22 * time.Minute}, "поддержка, Иван Петров, ждёт двадцать две минуты."},
		{"ru", KeyWhisper, []any{"поддержка", "", 5 * time.Minute}, "поддержка, имя неизвестно, ждёт пять минут."},
		{"ru", KeyWhisper, []any{"поддержка", "Иван", time.Second}, "поддержка, Иван, ждёт меньше минуты."},
		{"ru", KeyWhisperCallback, []any{"поддержка", ""}, "поддержка, имя неизвестно, обратный звонок."},
		{"ru", KeyCallbackLater, []any{Later{evening.Add(13 * time.Hour), evening}}, "Мы перезвоним завтра, после девяти часов, когда подойдёт ваша очередь. Можно положить трубку."},
		{"ru", KeyCallbackLater, []any{Later{evening.Add(64*time.Hour + 44*time.Minute), evening}}, "Мы перезвоним в четверг, после двенадцати часов тридцати минут, когда подойдёт ваша очередь. Можно положить трубку."},
		{"ru", KeyCallbackLater, []any{Later{evening.Add(4*time.Hour + 20*time.Minute), evening}}, "Мы перезвоним завтра, после нуля часов пятнадцати минут, когда подойдёт ваша очередь. Можно положить трубку."},
		{"ru", KeyCallbackLater, []any{Later{evening.Add(4 * time.Hour), evening}}, "Мы перезвоним завтра, после полуночи, когда подойдёт ваша очередь. Можно положить трубку."},
		{"en", KeyCallbackLater, []any{Later{evening.Add(90 * time.Minute), evening}}, "We will call you today after nine thirty p.m., when your turn comes. You may hang up now."},
		{"en", KeyCallbackLater, []any{Later{evening.Add(6*24*time.Hour - 8*time.Hour), evening}}, "We will call you on Sunday after noon, when your turn comes. You may hang up now."},
		{"en", KeyCallbackLater, []any{Later{evening.Add(7*24*time.Hour - 20*time.Hour), evening}}, "We will call you in a week or later after midnight, when your turn comes. You may hang up now."},
		{"en", KeyCallbackLater, []any{Later{evening.Add(-time.Second), evening}}, ""},
		{"ru", KeyCallbackSlot, []any{slotAt("2025-03-04 09:00", "2025-03-04 10:00")}, "Мы перезвоним завтра с девяти до десяти. Можно положить трубку."},
		{"ru", KeyCallbackSlot, []any{slotAt("2025-03-03 21:00", "")}, "Мы перезвоним сегодня, после двадцати одного часа. Можно положить трубку."},
		{"ru", KeySlotOffer, []any{slotAt("2025-03-03 21:00", "2025-03-03 22:00"), "2"}, "Если удобнее сегодня с двадцати одного до двадцати двух, нажмите два."},
		{"ru", KeySlotOffer, []any{slotAt("2025-03-04 00:00", "2025-03-04 01:00"), "3"}, "Если удобнее завтра с полуночи до часа, нажмите три."},
		{"ru", KeySlotOffer, []any{slotAt("2025-03-04 00:30", "2025-03-04 01:05"), "3"}, "Если удобнее завтра с нуля часов тридцати минут до часа ноль пяти, нажмите три."},
		{"ru", KeySlotOffer, []any{slotAt("2025-03-06 16:30", "2025-03-06 17:21"), "8"}, "Если удобнее в четверг с шестнадцати тридцати до семнадцати двадцати одной, нажмите восемь."},
		{"en", KeySlotOffer, []any{slotAt("2025-03-04 09:00", "2025-03-04 10:00"), "3"}, "For a call tomorrow between nine and ten a.m., press three."},
		{"en", KeySlotOffer, []any{slotAt("2025-03-04 11:30", "2025-03-04 12:30"), "3"}, "For a call tomorrow between eleven thirty a.m. and twelve thirty p.m., press three."},
		{"en", KeySlotOffer, []any{slotAt("2025-03-04 11:00", "2025-03-04 12:00"), "3"}, "For a call tomorrow between eleven a.m. and noon, press three."},
		{"en", KeySlotOffer, []any{slotAt("2025-03-03 23:00", "2025-03-04 00:00"), "3"}, "For a call today between eleven p.m. and midnight, press three."},
		{"en", KeyCallbackSlot, []any{slotAt("2025-03-08 16:00", "2025-03-08 17:00")}, "We will call you on Saturday between four and five p.m.; you may hang up now."},
		{"en", KeyCallbackSlot, []any{slotAt("2025-03-03 16:00", "")}, ""},
		{"en", KeyCallbackSlot, []any{slotAt("2025-03-04 16:00", "2025-03-04 16:00")}, ""},
		{"en", KeyCallbackGreeting, []any{"{1}", "{0}"}, "Hello, {1}! This is {0}. You asked us to call you back."},
	} {
		if got := Message(c.lang, c.key, c.args...); got != c.want {
			t.Errorf("Message(%s, %s, %v) = %q, want %q", c.lang, c.key, c.args, got, c.want)
		}
	}
}

// slotAt is a slot as told on Monday, 3 March 2025, at 20:00.
func slotAt(from, until string) Slot {
	msk := time.FixedZone("MSK", 3*3600)
	at := func(text string) time.Time {
		t, err := time.ParseInLocation("2006-01-02 15:04", text, msk)
		if err != nil {
			return time.Time{}
		}
		return t
	}
	return Slot{From: at(from), Until: at(until), Now: at("2025-03-03 20:00")}
}
