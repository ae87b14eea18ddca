package prompts

import "strings"

// The Russian numerals, each in the order of the cases.
var (
	oneRU = [3][cases]string{
		Masculine: {"один", "одного", "одному", "один", "одним", "одном"},
		Feminine:  {"одна", "одной", "одной", "одну", "одной", "одной"},
		Neuter:    {"одно", "одного", "одному", "одно", "одним", "одном"},
	}
	smallRU = [20][cases]string{
		0: {"ноль", "нуля", "нулю", "ноль", "нулём", "нуле"},
		2: {"два", "двух", "двум", "два", "двумя", "двух"},
		3: {"три", "трёх", "трём", "три", "тремя", "трёх"},
		4: {"четыре", "четырёх", "четырём", "четыре", "четырьмя", "четырёх"},
		5: softRU("пят"), 6: softRU("шест"), 7: softRU("сем"),
		8: {"восемь", "восьми", "восьми", "восемь", "восемью", "восьми"},
		9: softRU("девят"), 10: softRU("десят"), 11: softRU("одиннадцат"), 12: softRU("двенадцат"),
		13: softRU("тринадцат"), 14: softRU("четырнадцат"), 15: softRU("пятнадцат"), 16: softRU("шестнадцат"),
		17: softRU("семнадцат"), 18: softRU("восемнадцат"), 19: softRU("девятнадцат"),
	}
	tensRU = [10][cases]string{
		2: softRU("двадцат"), 3: softRU("тридцат"),
		4: {"сорок", "сорока", "сорока", "сорок", "сорока", "сорока"},
		5: tensOf("пят"), 6: tensOf("шест"), 7: tensOf("сем"),
		8: {"восемьдесят", "восьмидесяти", "восьмидесяти", "восемьдесят", "восемьюдесятью", "восьмидесяти"},
		9: {"девяносто", "девяноста", "девяноста", "девяносто", "девяноста", "девяноста"},
	}
	hundredsRU = [10][cases]string{
		1: {"сто", "ста", "ста", "сто", "ста", "ста"},
		2: {"двести", "двухсот", "двумстам", "двести", "двумястами", "двухстах"},
		3: {"триста", "трёхсот", "трёмстам", "триста", "тремястами", "трёхстах"},
		4: {"четыреста", "четырёхсот", "четырёмстам", "четыреста", "четырьмястами", "четырёхстах"},
		5: hundredsOf("пят"), 6: hundredsOf("шест"), 7: hundredsOf("сем"),
		8: {"восемьсот", "восьмисот", "восьмистам", "восемьсот", "восемьюстами", "восьмистах"},
		9: hundredsOf("девят"),
	}
	scalesRU = [7]noun{
		1: nounRU(Feminine, "тысяча, тысячи, тысяче, тысячу, тысячей, тысяче", "тысячи", "тысяч, тысячам, тысячами, тысячах"),
		2: scaleRU("миллион"), 3: scaleRU("миллиард"), 4: scaleRU("триллион"), 5: scaleRU("квадриллион"), 6: scaleRU("квинтиллион"),
	}
)

// softRU declines "пять" and all that end like it.
func softRU(stem string) [cases]string {
	return [cases]string{stem + "ь", stem + "и", stem + "и", stem + "ь", stem + "ью", stem + "и"}
}

// tensOf declines "пятьдесят": both halves change.
func tensOf(stem string) [cases]string {
	half := softRU(stem)
	return [cases]string{
		half[Nominative] + "десят", half[Genitive] + "десяти", half[Dative] + "десяти",
		half[Accusative] + "десят", half[Instrumental] + "десятью", half[Prepositional] + "десяти",
	}
}

// hundredsOf declines "пятьсот": both halves change.
func hundredsOf(stem string) [cases]string {
	half := softRU(stem)
	return [cases]string{
		half[Nominative] + "сот", half[Genitive] + "сот", half[Dative] + "стам",
		half[Accusative] + "сот", half[Instrumental] + "стами", half[Prepositional] + "стах",
	}
}

func scaleRU(word string) noun {
	return nounRU(Masculine,
		word+", "+word+"а, "+word+"у, "+word+", "+word+"ом, "+word+"е", word+"а",
		word+"ов, "+word+"ам, "+word+"ами, "+word+"ах")
}

// numberRU puts n into words. All parts of a Russian numeral are declined, and
// the last one agrees with what is counted; a thousand is feminine itself.
func numberRU(n uint64, form Form) string {
	if n == 0 {
		return smallRU[0][form.Case]
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

func under1000RU(n int, form Form) []string {
	var words []string
	if n >= 100 {
		words = append(words, hundredsRU[n/100][form.Case])
		n %= 100
	}
	if n >= 20 {
		words = append(words, tensRU[n/10][form.Case])
		n %= 10
	}
	if n > 0 {
		words = append(words, under20RU(n, form))
	}
	return words
}

func under20RU(n int, form Form) string {
	switch {
	case n == 1:
		return oneRU[form.Gender][form.Case]
	case n == 2 && form.Gender == Feminine && (form.Case == Nominative || form.Case == Accusative):
		return "две"
	}
	return smallRU[n][form.Case]
}
