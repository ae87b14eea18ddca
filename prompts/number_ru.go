package prompts

import "strings"

// The Russian numerals. Accusative is as nominative but for "одну"; see under20RU.
var (
	smallRU = [20]string{
		"ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять",
		"десять", "одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать",
		"шестнадцать", "семнадцать", "восемнадцать", "девятнадцать",
	}
	smallGenitiveRU = [20]string{
		"нуля", "одного", "двух", "трёх", "четырёх", "пяти", "шести", "семи", "восьми", "девяти",
		"десяти", "одиннадцати", "двенадцати", "тринадцати", "четырнадцати", "пятнадцати",
		"шестнадцати", "семнадцати", "восемнадцати", "девятнадцати",
	}
	tensRU = [10]string{
		"", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят",
		"восемьдесят", "девяносто",
	}
	tensGenitiveRU = [10]string{
		"", "", "двадцати", "тридцати", "сорока", "пятидесяти", "шестидесяти", "семидесяти",
		"восьмидесяти", "девяноста",
	}
	hundredsRU = [10]string{
		"", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот",
		"восемьсот", "девятьсот",
	}
	hundredsGenitiveRU = [10]string{
		"", "ста", "двухсот", "трёхсот", "четырёхсот", "пятисот", "шестисот", "семисот",
		"восьмисот", "девятисот",
	}
	scalesRU = [7]noun{
		{},
		{Feminine, "тысяча", "тысячу", "тысячи", "тысяч"},
		{Masculine, "миллион", "миллион", "миллиона", "миллионов"},
		{Masculine, "миллиард", "миллиард", "миллиарда", "миллиардов"},
		{Masculine, "триллион", "триллион", "триллиона", "триллионов"},
		{Masculine, "квадриллион", "квадриллион", "квадриллиона", "квадриллионов"},
		{Masculine, "квинтиллион", "квинтиллион", "квинтиллиона", "квинтиллионов"},
	}
)

// numberRU puts n into words. All parts of a Russian numeral are declined, and
// the last one agrees with what is counted; a thousand is feminine itself.
func numberRU(n uint64, form Form) string {
	if n == 0 {
		return under20RU(0, form)
	}
	var words []string
	for scale, group := range thousands(n) {
		if group == 0 {
			continue
		}
		if scale == 0 {
			words = append(under1000RU(group, form), words...)
			continue
		}
		unit := scalesRU[scale]
		part := under1000RU(group, Form{Gender: unit.gender, Case: form.Case})
		part = append(part, unit.after(Russian, uint64(group), form.Case))
		words = append(part, words...)
	}
	return strings.Join(words, " ")
}

// thousands cuts n into groups of three digits, the lowest first.
func thousands(n uint64) []int {
	var groups []int
	for ; n > 0; n /= 1000 {
		groups = append(groups, int(n%1000))
	}
	return groups
}

func under1000RU(n int, form Form) []string {
	hundreds, tens := hundredsRU, tensRU
	if form.Case == Genitive {
		hundreds, tens = hundredsGenitiveRU, tensGenitiveRU
	}
	var words []string
	if n >= 100 {
		words = append(words, hundreds[n/100])
		n %= 100
	}
	if n >= 20 {
		words = append(words, tens[n/10])
		n %= 10
	}
	if n > 0 {
		words = append(words, under20RU(n, form))
	}
	return words
}

func under20RU(n int, form Form) string {
	switch {
	case form.Case == Genitive && n == 1 && form.Gender == Feminine:
		return "одной"
	case form.Case == Genitive:
		return smallGenitiveRU[n]
	case n == 1 && form.Gender == Feminine && form.Case == Accusative:
		return "одну"
	case n == 1 && form.Gender == Feminine:
		return "одна"
	case n == 1 && form.Gender == Neuter:
		return "одно"
	case n == 2 && form.Gender == Feminine:
		return "две"
	}
	return smallRU[n]
}

// The stems of ordinals. An ending in -ой is stressed: "второй", "шестой".
var (
	smallOrdinalRU = [20]string{
		"", "перв", "втор", "трет", "четвёрт", "пят", "шест", "седьм", "восьм", "девят",
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
	stressedRU = map[string]bool{"втор": true, "шест": true, "седьм": true, "восьм": true, "сороков": true}
)

// ordinalRU puts 1 to 999 into words: only the last part is an ordinal.
func ordinalRU(n int, gender Gender) string {
	var stem string
	var rest int
	switch {
	case n%100 == 0:
		stem = hundredsOrdinalRU[n/100]
	case n%100 < 20:
		stem, rest = smallOrdinalRU[n%100], n/100*100
	case n%10 == 0:
		stem, rest = tensOrdinalRU[n%100/10], n/100*100
	default:
		stem, rest = smallOrdinalRU[n%10], n/10*10
	}
	words := append(under1000RU(rest, Form{}), stem+ordinalEndingRU(stem, gender))
	return strings.Join(words, " ")
}

func ordinalEndingRU(stem string, gender Gender) string {
	switch {
	case stem == "трет":
		return [...]string{"ий", "ья", "ье"}[gender]
	case gender == Masculine && stressedRU[stem]:
		return "ой"
	}
	return [...]string{"ый", "ая", "ое"}[gender]
}
