package prompts

import (
	"golang.org/x/text/currency"

	"github.com/linekeeper/linekeeper/callers"
)

// Money puts an amount into words: "одна тысяча пятьсот двадцать три рубля
// пятьдесят копеек", "five dollars and one cent". The smaller unit is left out
// when there is none of it. A currency without a name here is told as a decimal
// number and the letters of its code: "twelve point five zero C H F".
func Money(lang string, m callers.Money, c Case) string {
	lang = Resolve(lang)
	n, scale := magnitude(m.Minor), decimals(m.Currency)
	power := uint64(1)
	for range scale {
		power *= 10
	}
	coin, ok := coins[lang][m.Currency]
	if !ok || scale > 0 && power != coin.parts {
		return foreign(lang, m, scale, c)
	}
	units, parts := n/power, n%power
	words := ""
	switch {
	case parts == 0:
		words = counted(lang, units, coin.unit, c)
	case units == 0:
		words = counted(lang, parts, coin.part, c)
	default:
		words = counted(lang, units, coin.unit, c) + and[lang] + counted(lang, parts, coin.part, c)
	}
	if m.Minor < 0 {
		return minus[lang] + words
	}
	return words
}

// and stands between the units of money and their parts.
var and = map[string]string{Russian: " ", English: " and "}

// foreign tells an amount by the code of its currency.
func foreign(lang string, m callers.Money, scale int, c Case) string {
	number := decimalOf(m.Minor, scale).words(lang, Masculine, c)
	if code := Code(lang, m.Currency); code != "" {
		return number + map[string]string{Russian: ", ", English: " "}[lang] + code
	}
	return number
}

// decimals is how many a currency has, as callers.ParseMoney knows it.
func decimals(code string) int {
	unit, err := currency.ParseISO(code)
	if err != nil {
		return 2
	}
	scale, _ := currency.Standard.Rounding(unit)
	return scale
}
