package prompts

import (
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/queues"
)

func TestDuration(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		d             time.Duration
		nom, acc, gen string
		english       string
	}{
		{d: 0, nom: "ноль секунд", acc: "ноль секунд", gen: "нуля секунд", english: "zero seconds"},
		{d: time.Second, nom: "одна секунда", acc: "одну секунду", gen: "одной секунды", english: "one second"},
		{d: 21 * time.Minute, nom: "двадцать одна минута", acc: "двадцать одну минуту", gen: "двадцати одной минуты", english: "twenty-one minutes"},
		{d: 150 * time.Second, nom: "две минуты тридцать секунд", acc: "две минуты тридцать секунд", gen: "двух минут тридцати секунд", english: "two minutes thirty seconds"},
		{d: 11 * time.Minute, nom: "одиннадцать минут", acc: "одиннадцать минут", gen: "одиннадцати минут", english: "eleven minutes"},
		{d: time.Hour + 3*time.Second, nom: "один час три секунды", acc: "один час три секунды", gen: "одного часа трёх секунд", english: "one hour three seconds"},
		{d: 22 * time.Hour, nom: "двадцать два часа", acc: "двадцать два часа", gen: "двадцати двух часов", english: "twenty-two hours"},
		{d: 59*time.Second + 600*time.Millisecond, nom: "одна минута", acc: "одну минуту", gen: "одной минуты", english: "one minute"},
		{d: -5 * time.Second, nom: "пять секунд", acc: "пять секунд", gen: "пяти секунд", english: "five seconds"},
	} {
		got := [4]string{Duration("ru", c.d, Nominative), Duration("ru", c.d, Accusative),
			Duration("ru", c.d, Genitive), Duration("en", c.d, Nominative)}
		if want := [4]string{c.nom, c.acc, c.gen, c.english}; got != want {
			t.Errorf("%v: got %q, want %q", c.d, got, want)
		}
	}
}

func TestMoney(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		minor            int64
		currency, ru, en string
	}{
		{152350, "RUB", "одна тысяча пятьсот двадцать три рубля пятьдесят копеек", "one thousand five hundred twenty-three rubles fifty kopecks"},
		{2201, "RUB", "двадцать два рубля одна копейка", "twenty-two rubles one kopeck"},
		{102, "RUB", "один рубль две копейки", "one ruble two kopecks"},
		{1100, "RUB", "одиннадцать рублей", "eleven rubles"},
		{0, "RUB", "ноль рублей", "zero rubles"},
		{50, "RUB", "пятьдесят копеек", "fifty kopecks"},
		{-2100, "RUB", "минус двадцать один рубль", "minus twenty-one rubles"},
		{-1, "RUB", "минус одна копейка", "minus one kopeck"},
		{4205, "USD", "сорок два доллара пять центов", "forty-two dollars five cents"},
		{100, "EUR", "один евро", "one euro"},
		{201, "GBP", "два фунта один пенни", "two pounds one penny"},
		{300, "BYN", "три белорусских рубля", "three Belarusian rubles"},
		{500, "KZT", "пять тенге", "five tenge"},
		{1250, "CHF", "12.50 CHF", "12.50 CHF"},
		{-1250, "JPY", "-1250 JPY", "-1250 JPY"},
	} {
		m := callers.Money{Minor: c.minor, Currency: c.currency}
		if got := Money("ru", m); got != c.ru {
			t.Errorf("Money(ru, %v) = %q, want %q", m, got, c.ru)
		}
		if got := Money("en", m); got != c.en {
			t.Errorf("Money(en, %v) = %q, want %q", m, got, c.en)
		}
	}
}

func TestDigits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ number, ru, en string }{
		{"+79161234501", "плюс семь, девятьсот шестнадцать, сто двадцать три, сорок пять, ноль один",
			"plus seven, nine one six, one two three, four five, zero one"},
		{"+78005550005", "плюс семь, восемьсот, пятьсот пятьдесят пять, ноль ноль, ноль пять",
			"plus seven, eight zero zero, five five five, zero zero, zero five"},
		{"+442079460003", "плюс сорок четыре, двадцать, семьдесят девять, сорок шесть, ноль ноль, ноль три",
			"plus four four, two zero, seven nine four six, zero zero zero three"},
		{"1001", "десять, ноль один", "one zero, zero one"},
		{"101", "сто один", "one zero one"},
		{"12-345", "сто двадцать три, сорок пять", "one two three, four five"},
		{"000", "ноль ноль ноль", "zero zero zero"},
		{"1234567", "сто двадцать три, сорок пять, шестьдесят семь", "one two three, four five, six seven"},
		{"", "", ""}, {"withheld", "", ""}, {"+", "", ""},
	} {
		if got := Digits("ru", c.number); got != c.ru {
			t.Errorf("Digits(ru, %q) = %q, want %q", c.number, got, c.ru)
		}
		if got := Digits("en", c.number); got != c.en {
			t.Errorf("Digits(en, %q) = %q, want %q", c.number, got, c.en)
		}
	}
}

func TestWaitQuote(t *testing.T) {
	t.Parallel()
	quote := func(kind queues.QuoteKind, low, high int) queues.Quote {
		return queues.Quote{Kind: kind, Low: low, High: high}
	}
	for _, c := range []struct {
		quote  queues.Quote
		ru, en string
	}{
		{queues.Quote{}, "", ""},
		{quote(queues.QuoteNext, 0, 0), "", ""},
		{quote(queues.QuoteLessThanMinute, 0, 0), "Вам ответят меньше чем через минуту.", "The wait is less than a minute."},
		{quote(queues.QuoteAbout, 1, 1), "Вам ответят примерно через одну минуту.", "The wait is about one minute."},
		{quote(queues.QuoteAbout, 3, 3), "Вам ответят примерно через три минуты.", "The wait is about three minutes."},
		{quote(queues.QuoteRange, 2, 4), "Вам ответят через две-четыре минуты.", "The wait is two to four minutes."},
		{quote(queues.QuoteRange, 1, 2), "Вам ответят через одну-две минуты.", "The wait is one to two minutes."},
		{quote(queues.QuoteRange, 15, 20), "Вам ответят через пятнадцать-двадцать минут.", "The wait is fifteen to twenty minutes."},
		{quote(queues.QuoteRange, 20, 25), "Время ожидания от двадцати до двадцати пяти минут.", "The wait is twenty to twenty-five minutes."},
		{quote(queues.QuoteRange, 21, 31), "Время ожидания от двадцати одной до тридцати одной минуты.", "The wait is twenty-one to thirty-one minutes."},
		{quote(queues.QuoteRange, 0, 4), "Время ожидания до четырёх минут.", "The wait is up to four minutes."},
		{quote(queues.QuoteMoreThan, 30, 0), "Время ожидания больше тридцати минут.", "The wait is more than thirty minutes."},
	} {
		if got := WaitQuote("ru-RU", c.quote); got != c.ru {
			t.Errorf("WaitQuote(ru, %+v) = %q, want %q", c.quote, got, c.ru)
		}
		if got := Message("en", KeyWaitQuote, c.quote); got != c.en {
			t.Errorf("WaitQuote(en, %+v) = %q, want %q", c.quote, got, c.en)
		}
	}
}
