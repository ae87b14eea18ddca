package prompts

import (
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

var hours = map[string]noun{
	Russian: {Masculine, "час", "час", "часа", "часов"},
	English: nounEN("hour", "hours"),
}

var minutes = map[string]noun{
	Russian: {Feminine, "минута", "минуту", "минуты", "минут"},
	English: nounEN("minute", "minutes"),
}

var seconds = map[string]noun{
	Russian: {Feminine, "секунда", "секунду", "секунды", "секунд"},
	English: nounEN("second", "seconds"),
}

// Duration puts a length of time into words, rounded to whole seconds: "две
// минуты тридцать секунд". The sign is dropped, and parts that are zero are left
// out, unless all are.
func Duration(lang string, d time.Duration, c Case) string {
	lang = Resolve(lang)
	left := magnitude(int64(d.Round(time.Second) / time.Second))
	if left == 0 {
		return counted(lang, 0, seconds[lang], c)
	}
	var words []string
	for _, part := range []struct {
		n    uint64
		unit noun
	}{{left / 3600, hours[lang]}, {left / 60 % 60, minutes[lang]}, {left % 60, seconds[lang]}} {
		if part.n > 0 {
			words = append(words, counted(lang, part.n, part.unit, c))
		}
	}
	return strings.Join(words, " ")
}

// coin is how a currency is called: its unit and its hundredth.
type coin struct{ unit, hundredth noun }

var kopeck = noun{Feminine, "копейка", "копейку", "копейки", "копеек"}

var coins = map[string]map[string]coin{
	Russian: {
		"RUB": {noun{Masculine, "рубль", "рубль", "рубля", "рублей"}, kopeck},
		"BYN": {noun{Masculine, "белорусский рубль", "белорусский рубль", "белорусских рубля", "белорусских рублей"}, kopeck},
		"KZT": {noun{Masculine, "тенге", "тенге", "тенге", "тенге"}, noun{Masculine, "тиын", "тиын", "тиына", "тиынов"}},
		"USD": {noun{Masculine, "доллар", "доллар", "доллара", "долларов"}, noun{Masculine, "цент", "цент", "цента", "центов"}},
		"EUR": {noun{Masculine, "евро", "евро", "евро", "евро"}, noun{Masculine, "цент", "цент", "цента", "центов"}},
		"GBP": {noun{Masculine, "фунт", "фунт", "фунта", "фунтов"}, noun{Masculine, "пенни", "пенни", "пенни", "пенни"}},
	},
	English: {
		"RUB": {nounEN("ruble", "rubles"), nounEN("kopeck", "kopecks")},
		"BYN": {nounEN("Belarusian ruble", "Belarusian rubles"), nounEN("kopeck", "kopecks")},
		"KZT": {nounEN("tenge", "tenge"), nounEN("tiyn", "tiyn")},
		"USD": {nounEN("dollar", "dollars"), nounEN("cent", "cents")},
		"EUR": {nounEN("euro", "euros"), nounEN("cent", "cents")},
		"GBP": {nounEN("pound", "pounds"), nounEN("penny", "pence")},
	},
}

// Money puts an amount into words: "одна тысяча пятьсот двадцать три рубля
// пятьдесят копеек". Hundredths are left out when there are none. RUB, BYN, KZT,
// USD, EUR and GBP have names; any other amount is given in digits with its
// code, "12.50 CHF", for the speech engine to read.
func Money(lang string, m callers.Money) string {
	lang = Resolve(lang)
	coin, ok := coins[lang][m.Currency]
	if !ok {
		return m.String()
	}
	n := magnitude(m.Minor)
	words := counted(lang, n/100, coin.unit, Nominative)
	switch {
	case n%100 > 0 && n < 100:
		words = counted(lang, n, coin.hundredth, Nominative)
	case n%100 > 0:
		words += " " + counted(lang, n%100, coin.hundredth, Nominative)
	}
	if m.Minor < 0 {
		return map[string]string{Russian: "минус ", English: "minus "}[lang] + words
	}
	return words
}
