package prompts

import "strings"

// The stems of ordinals. An ending in -ой is stressed: "второй", "шестой".
var (
	smallOrdinalRU = [20]string{
		"нулев", "перв", "втор", "трет", "четвёрт", "пят", "шест", "седьм", "восьм", "девят",
		"десят", "одиннадцат", "двенадцат", "тринадцат", "четырнадцат", "пятнадцат",
		"шестнадцат", "семнадцат", "восемнадцат", "девятнадцат",
	}
	tensOrdinalRU = [10]string{
		"", "", "двадцат", "тридцат", "сороков", "пятидесят", "шестидесят", "семидесят",
		"восьмидесят", "девяност",
	}
	hundredsOrdinalRU = [10]string{
		"", "сот", "двухсот", "трёхсот", "четырёхсот", "пятисот", "шестисот", "семисот",
		"восьмисот", "девятисот",
	}
	scalesOrdinalRU = [7]string{"", "тысячн", "миллионн", "миллиардн", "триллионн", "квадриллионн", "квинтиллионн"}
	stressedRU      = map[string]bool{"нулев": true, "втор": true, "шест": true, "седьм": true, "восьм": true, "сороков": true}
)

// The endings of ordinals by gender and case.
var (
	endingsRU = [3][cases]string{
		Masculine: {"ый", "ого", "ому", "ый", "ым", "ом"},
		Feminine:  {"ая", "ой", "ой", "ую", "ой", "ой"},
		Neuter:    {"ое", "ого", "ому", "ое", "ым", "ом"},
	}
	endingsThirdRU = [3][cases]string{
		Masculine: {"ий", "ьего", "ьему", "ий", "ьим", "ьем"},
		Feminine:  {"ья", "ьей", "ьей", "ью", "ьей", "ьей"},
		Neuter:    {"ье", "ьего", "ьему", "ье", "ьим", "ьем"},
	}
)

// ordinalRU puts n into words: only the last part is an ordinal, and only that
// is declined: "две тысячи двадцать шестого". A thousand at the beginning is
// said without "одна", as in years.
func ordinalRU(n uint64, form Form) string {
	scale := 0
	for rest := n; n > 0 && rest%1000 == 0; rest /= 1000 {
		scale++
	}
	power := uint64(1)
	for range scale {
		power *= 1000
	}
	last := n / power % 1000
	var words []string
	if before := n - last*power; before > 0 {
		words = append(words, strings.TrimPrefix(numberRU(before, Form{}), "одна "))
	}
	stem := ""
	if scale > 0 {
		stem = prefixRU(int(last)) + scalesOrdinalRU[scale]
	} else {
		var lead []string
		lead, stem = smallOrdinal(int(last))
		words = append(words, lead...)
	}
	return strings.Join(append(words, stem+ordinalEndingRU(stem, form)), " ")
}

// smallOrdinal gives the cardinals before the ordinal of n, under a thousand, and its stem.
func smallOrdinal(n int) (lead []string, stem string) {
	rest := 0
	switch {
	case n > 0 && n%100 == 0:
		stem = hundredsOrdinalRU[n/100]
	case n%100 < 20:
		stem, rest = smallOrdinalRU[n%100], n/100*100
	case n%10 == 0:
		stem, rest = tensOrdinalRU[n%100/10], n/100*100
	default:
		stem, rest = smallOrdinalRU[n%10], n/10*10
	}
	return under1000RU(rest, Form{}), stem
}

// prefixRU is what stands before "тысячный": the genitive in one word, but for
// "сто", "девяносто" and "одно": "двадцатиоднотысячный".
func prefixRU(n int) string {
	if n == 1 {
		return ""
	}
	words := under1000RU(n, Form{Case: Genitive})
	for i, w := range words {
		switch w {
		case "ста":
			words[i] = "сто"
		case "девяноста":
			words[i] = "девяносто"
		case "одного":
			words[i] = "одно"
		}
	}
	return strings.Join(words, "")
}

func ordinalEndingRU(stem string, form Form) string {
	switch {
	case stem == "трет":
		return endingsThirdRU[form.Gender][form.Case]
	case form.Gender == Masculine && (form.Case == Nominative || form.Case == Accusative) && stressedRU[stem]:
		return "ой"
	}
	return endingsRU[form.Gender][form.Case]
}
