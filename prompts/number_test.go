package prompts

import (
	"strings"
	"testing"
)

// The golden words 0 to 120, written out by hand.
const (
	goldenRU = `ноль один два три четыре пять шесть семь восемь девять
десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать
двадцать|двадцать один|двадцать два|двадцать три|двадцать четыре|двадцать пять|двадцать шесть|двадцать семь|двадцать восемь|двадцать девять
тридцать|тридцать один|тридцать два|тридцать три|тридцать четыре|тридцать пять|тридцать шесть|тридцать семь|тридцать восемь|тридцать девять
сорок|сорок один|сорок два|сорок три|сорок четыре|сорок пять|сорок шесть|сорок семь|сорок восемь|сорок девять
пятьдесят|пятьдесят один|пятьдесят два|пятьдесят три|пятьдесят четыре|пятьдесят пять|пятьдесят шесть|пятьдесят семь|пятьдесят восемь|пятьдесят девять
шестьдесят|шестьдесят один|шестьдесят два|шестьдесят три|шестьдесят четыре|шестьдесят пять|шестьдесят шесть|шестьдесят семь|шестьдесят восемь|шестьдесят девять
семьдесят|семьдесят один|семьдесят два|семьдесят три|семьдесят четыре|семьдесят пять|семьдесят шесть|семьдесят семь|семьдесят восемь|семьдесят девять
восемьдесят|восемьдесят один|восемьдесят два|восемьдесят три|восемьдесят четыре|восемьдесят пять|восемьдесят шесть|восемьдесят семь|восемьдесят восемь|восемьдесят девять
девяносто|девяносто один|девяносто два|девяносто три|девяносто четыре|девяносто пять|девяносто шесть|девяносто семь|девяносто восемь|девяносто девять
сто|сто один|сто два|сто три|сто четыре|сто пять|сто шесть|сто семь|сто восемь|сто девять
сто десять|сто одиннадцать|сто двенадцать|сто тринадцать|сто четырнадцать|сто пятнадцать|сто шестнадцать|сто семнадцать|сто восемнадцать|сто девятнадцать
сто двадцать`
	goldenEN = `zero one two three four five six seven eight nine
ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
twenty twenty-one twenty-two twenty-three twenty-four twenty-five twenty-six twenty-seven twenty-eight twenty-nine
thirty thirty-one thirty-two thirty-three thirty-four thirty-five thirty-six thirty-seven thirty-eight thirty-nine
forty forty-one forty-two forty-three forty-four forty-five forty-six forty-seven forty-eight forty-nine
fifty fifty-one fifty-two fifty-three fifty-four fifty-five fifty-six fifty-seven fifty-eight fifty-nine
sixty sixty-one sixty-two sixty-three sixty-four sixty-five sixty-six sixty-seven sixty-eight sixty-nine
seventy seventy-one seventy-two seventy-three seventy-four seventy-five seventy-six seventy-seven seventy-eight seventy-nine
eighty eighty-one eighty-two eighty-three eighty-four eighty-five eighty-six eighty-seven eighty-eight eighty-nine
ninety ninety-one ninety-two ninety-three ninety-four ninety-five ninety-six ninety-seven ninety-eight ninety-nine
one hundred|one hundred one|one hundred two|one hundred three|one hundred four|one hundred five|one hundred six|one hundred seven|one hundred eight|one hundred nine
one hundred ten|one hundred eleven|one hundred twelve|one hundred thirteen|one hundred fourteen|one hundred fifteen|one hundred sixteen|one hundred seventeen|one hundred eighteen|one hundred nineteen
one hundred twenty|`
)

// golden splits a table: lines with "|" by it, others by blanks.
func golden(table string) []string {
	var words []string
	for _, line := range strings.Split(table, "\n") {
		if strings.Contains(line, "|") || strings.HasPrefix(line, "сто ") {
			words = append(words, strings.Split(strings.TrimSuffix(line, "|"), "|")...)
			continue
		}
		words = append(words, strings.Fields(line)...)
	}
	return words
}

func TestNumberTo120(t *testing.T) {
	t.Parallel()
	for lang, table := range map[string]string{Russian: goldenRU, English: goldenEN} {
		words := golden(table)
		if len(words) != 121 {
			t.Fatalf("%s: the golden table has %d numbers", lang, len(words))
		}
		for n, want := range words {
			if got := Number(lang, int64(n), Form{}); got != want {
				t.Errorf("Number(%s, %d) = %q, want %q", lang, n, got, want)
			}
		}
	}
}

func TestNumberForms(t *testing.T) {
	t.Parallel()
	f, n := Feminine, Neuter
	for _, c := range []struct {
		n    int64
		form Form
		want string
	}{
		{1, Form{f, Nominative}, "одна"}, {1, Form{f, Accusative}, "одну"}, {1, Form{f, Genitive}, "одной"},
		{1, Form{n, Nominative}, "одно"}, {1, Form{n, Accusative}, "одно"}, {1, Form{n, Genitive}, "одного"},
		{1, Form{Masculine, Accusative}, "один"},
		{2, Form{f, Nominative}, "две"}, {2, Form{f, Accusative}, "две"}, {2, Form{f, Genitive}, "двух"},
		{2, Form{n, Nominative}, "два"}, {0, Form{f, Genitive}, "нуля"}, {0, Form{f, Nominative}, "ноль"},
		{11, Form{f, Nominative}, "одиннадцать"}, {12, Form{f, Accusative}, "двенадцать"},
		{21, Form{f, Nominative}, "двадцать одна"}, {21, Form{f, Accusative}, "двадцать одну"},
		{21, Form{f, Genitive}, "двадцати одной"}, {40, Form{f, Genitive}, "сорока"},
		{94, Form{f, Genitive}, "девяноста четырёх"}, {101, Form{f, Nominative}, "сто одна"},
		{257, Form{f, Genitive}, "двухсот пятидесяти семи"}, {112, Form{n, Nominative}, "сто двенадцать"},
		{1000, Form{f, Nominative}, "одна тысяча"}, {1000, Form{f, Accusative}, "одну тысячу"},
		{1000, Form{f, Genitive}, "одной тысячи"}, {2000, Form{Masculine, Nominative}, "две тысячи"},
		{2000, Form{f, Genitive}, "двух тысяч"}, {21000, Form{f, Genitive}, "двадцати одной тысячи"},
		{5000, Form{}, "пять тысяч"}, {11000, Form{}, "одиннадцать тысяч"}, {1001, Form{f, Nominative}, "одна тысяча одна"},
		{1100, Form{}, "одна тысяча сто"}, {22222, Form{n, Nominative}, "двадцать две тысячи двести двадцать два"},
		{1_000_000, Form{f, Nominative}, "один миллион"}, {1_000_000, Form{f, Genitive}, "одного миллиона"},
		{2_000_001, Form{f, Nominative}, "два миллиона одна"}, {5_000_000, Form{}, "пять миллионов"},
		{3_000_000_000, Form{}, "три миллиарда"}, {-2, Form{f, Nominative}, "минус две"},
		{-9223372036854775808, Form{}, "минус девять квинтиллионов двести двадцать три квадриллиона " +
			"триста семьдесят два триллиона тридцать шесть миллиардов восемьсот пятьдесят четыре миллиона " +
			"семьсот семьдесят пять тысяч восемьсот восемь"},
	} {
		if got := Number("ru", c.n, c.form); got != c.want {
			t.Errorf("Number(ru, %d, %v) = %q, want %q", c.n, c.form, got, c.want)
		}
	}
	for n, want := range map[int64]string{
		1000: "one thousand", 1523: "one thousand five hundred twenty-three", 20_015: "twenty thousand fifteen",
		1_000_000: "one million", 2_000_300: "two million three hundred", -7: "minus seven",
	} {
		if got := Number("en", n, Form{}); got != want {
			t.Errorf("Number(en, %d) = %q, want %q", n, got, want)
		}
	}
}

func TestOrdinal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n          int64
		ru, he, en string
	}{
		{1, "первое", "первый", "first"}, {2, "второе", "второй", "second"}, {3, "третье", "третий", "third"},
		{4, "четвёртое", "четвёртый", "fourth"}, {5, "пятое", "пятый", "fifth"}, {6, "шестое", "шестой", "sixth"},
		{7, "седьмое", "седьмой", "seventh"}, {8, "восьмое", "восьмой", "eighth"}, {9, "девятое", "девятый", "ninth"},
		{10, "десятое", "десятый", "tenth"}, {11, "одиннадцатое", "одиннадцатый", "eleventh"},
		{12, "двенадцатое", "двенадцатый", "twelfth"}, {13, "тринадцатое", "тринадцатый", "thirteenth"},
		{19, "девятнадцатое", "девятнадцатый", "nineteenth"}, {20, "двадцатое", "двадцатый", "twentieth"},
		{21, "двадцать первое", "двадцать первый", "twenty-first"}, {30, "тридцатое", "тридцатый", "thirtieth"},
		{40, "сороковое", "сороковой", "fortieth"}, {43, "сорок третье", "сорок третий", "forty-third"},
		{50, "пятидесятое", "пятидесятый", "fiftieth"}, {90, "девяностое", "девяностый", "ninetieth"},
		{100, "сотое", "сотый", "one hundredth"}, {101, "сто первое", "сто первый", "one hundred first"},
		{112, "сто двенадцатое", "сто двенадцатый", "one hundred twelfth"},
		{140, "сто сороковое", "сто сороковой", "one hundred fortieth"},
		{200, "двухсотое", "двухсотый", "two hundredth"},
		{999, "девятьсот девяносто девятое", "девятьсот девяносто девятый", "nine hundred ninety-ninth"},
		{1002, "тысяча второе", "тысяча второй", "one thousand second"}, {0, "нулевое", "нулевой", "zeroth"},
		{2000, "двухтысячное", "двухтысячный", "two thousandth"}, {21_000, "двадцатиоднотысячное", "двадцатиоднотысячный", "twenty-one thousandth"},
		{1_100_000, "один миллион стотысячное", "один миллион стотысячный", "one million one hundred thousandth"},
		{90_000, "девяностотысячное", "девяностотысячный", "ninety thousandth"}, {-3, "минус три", "минус три", "minus three"},
	} {
		if got := Ordinal("ru", c.n, Form{Gender: Neuter}); got != c.ru {
			t.Errorf("Ordinal(ru, %d, Neuter) = %q, want %q", c.n, got, c.ru)
		}
		if got := Ordinal("ru", c.n, Form{}); got != c.he {
			t.Errorf("Ordinal(ru, %d, Masculine) = %q, want %q", c.n, got, c.he)
		}
		if got := Ordinal("en", c.n, Form{}); got != c.en {
			t.Errorf("Ordinal(en, %d) = %q, want %q", c.n, got, c.en)
		}
	}
	if got := Ordinal("ru", 43, Form{Gender: Feminine}) + ", " + Ordinal("ru", 2, Form{Gender: Feminine}); got != "сорок третья, вторая" {
		t.Errorf("feminine ordinals: %q", got)
	}
}
