package prompts

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The numerals in all cases by how they begin, written down apart from the
// tables that the package makes them of. The first that fits counts.
var numeralsRU = []struct {
	begins *regexp.Regexp
	value  uint64
}{
	{regexp.MustCompile(`^(одиннадцат)`), 11}, {regexp.MustCompile(`^(двенадцат)`), 12}, {regexp.MustCompile(`^(тринадцат)`), 13},
	{regexp.MustCompile(`^(четырнадцат)`), 14}, {regexp.MustCompile(`^(пятнадцат)`), 15}, {regexp.MustCompile(`^(шестнадцат)`), 16},
	{regexp.MustCompile(`^(семнадцат)`), 17}, {regexp.MustCompile(`^(восемнадцат)`), 18}, {regexp.MustCompile(`^(девятнадцат)`), 19},
	{regexp.MustCompile(`^(двадцат)`), 20}, {regexp.MustCompile(`^(тридцат)`), 30}, {regexp.MustCompile(`^(сорок)`), 40},
	{regexp.MustCompile(`^(пятьдесят|пятидесят|пятьюдесят)`), 50}, {regexp.MustCompile(`^(шестьдесят|шестидесят|шестьюдесят)`), 60},
	{regexp.MustCompile(`^(семьдесят|семидесят|семьюдесят)`), 70}, {regexp.MustCompile(`^(восемьдесят|восьмидесят|восемьюдесят)`), 80},
	{regexp.MustCompile(`^(девяност)`), 90}, {regexp.MustCompile(`^(сто|ста)$`), 100},
	{regexp.MustCompile(`^(двести|двухсот|двумстам|двумястами|двухстах)$`), 200}, {regexp.MustCompile(`^(триста|трёхсот|трёмстам|тремястами|трёхстах)$`), 300},
	{regexp.MustCompile(`^(четыреста|четырёхсот|четырёмстам|четырьмястами|четырёхстах)$`), 400},
	{regexp.MustCompile(`^(пятьсот|пятисот|пятистам|пятьюстами|пятистах)$`), 500}, {regexp.MustCompile(`^(шестьсот|шестисот|шестистам|шестьюстами|шестистах)$`), 600},
	{regexp.MustCompile(`^(семьсот|семисот|семистам|семьюстами|семистах)$`), 700}, {regexp.MustCompile(`^(восемьсот|восьмисот|восьмистам|восемьюстами|восьмистах)$`), 800},
	{regexp.MustCompile(`^(девятьсот|девятисот|девятистам|девятьюстами|девятистах)$`), 900},
	{regexp.MustCompile(`^(ноль|нуля|нулю|нулём|нуле)$`), 0}, {regexp.MustCompile(`^(один|одна|одно|одну|одного|одной|одному|одним|одном)$`), 1},
	{regexp.MustCompile(`^(два|две|двух|двум|двумя)$`), 2}, {regexp.MustCompile(`^(три|трёх|трём|тремя)$`), 3},
	{regexp.MustCompile(`^(четыре|четырёх|четырём|четырьмя)$`), 4}, {regexp.MustCompile(`^(пять|пяти|пятью)$`), 5}, {regexp.MustCompile(`^(шесть|шести|шестью)$`), 6},
	{regexp.MustCompile(`^(семь|семи|семью)$`), 7}, {regexp.MustCompile(`^(восемь|восьми|восемью)$`), 8}, {regexp.MustCompile(`^(девять|девяти|девятью)$`), 9},
	{regexp.MustCompile(`^(десять|десяти|десятью)$`), 10},
}

var numeralsEN = map[string]uint64{
	"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
	"twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
	"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}

var scaleWords = []struct {
	begins string
	value  uint64
}{
	{"тысяч", 1e3}, {"миллион", 1e6}, {"миллиард", 1e9}, {"триллион", 1e12}, {"квадриллион", 1e15}, {"квинтиллион", 1e18},
	{"thousand", 1e3}, {"million", 1e6}, {"billion", 1e9}, {"trillion", 1e12}, {"quadrillion", 1e15}, {"quintillion", 1e18},
}

func numeral(word string) (uint64, bool) {
	if n, ok := numeralsEN[word]; ok {
		return n, true
	}
	for _, n := range numeralsRU {
		if n.begins.MatchString(word) {
			return n.value, true
		}
	}
	return 0, false
}

// understand reads the words of a whole number back.
func understand(text string) (n int64, err error) {
	words := strings.Fields(strings.ReplaceAll(text, "-", " "))
	negative := words[0] == "минус" || words[0] == "minus"
	if negative {
		words = words[1:]
	}
	var sum, group uint64
next:
	for _, w := range words {
		for _, s := range scaleWords {
			if strings.HasPrefix(w, s.begins) {
				sum, group = sum+group*s.value, 0
				continue next
			}
		}
		if w == "hundred" {
			group *= 100
			continue
		}
		v, ok := numeral(w)
		if !ok {
			return 0, fmt.Errorf("%q is no numeral", w)
		}
		group += v
	}
	n = int64(sum + group)
	if negative {
		n = -n
	}
	return n, nil
}

func anyForm(t *rapid.T) Form {
	return Form{Gender(rapid.IntRange(0, 2).Draw(t, "gender")), Case(rapid.IntRange(0, cases-1).Draw(t, "case"))}
}

// TestNumbersAreUnderstood: the words of every number, in every gender and case,
// are read back as that number; so no two have the same.
func TestNumbersAreUnderstood(t *testing.T) {
	t.Parallel()
	check := func(t interface{ Fatalf(string, ...any) }, lang string, n int64, form Form) {
		words := Number(lang, n, form)
		if got, err := understand(words); got != n || err != nil {
			t.Fatalf("%s: %d is %q, which is %d (%v)", lang, n, words, got, err)
		}
		if strings.Join(strings.Fields(words), " ") != words {
			t.Fatalf("badly spaced: %q", words)
		}
	}
	for n := range int64(3000) {
		for gender := range 3 {
			for c := range cases {
				check(t, Russian, n, Form{Gender(gender), Case(c)})
			}
		}
		check(t, English, n, Form{})
	}
	rapid.Check(t, func(t *rapid.T) {
		check(t, rapid.SampledFrom(Languages()).Draw(t, "lang"), rapid.Int64().Draw(t, "n"), anyForm(t))
	})
}

// TestNounsFitTheirNumbers: the last word of the number rules the noun.
func TestNounsFitTheirNumbers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64Max(1<<63-1).Draw(t, "n")
		words := strings.Fields(counted(Russian, n, rubleRU, Nominative))
		last, noun := words[len(words)-2], words[len(words)-1]
		want := "рублей"
		switch last {
		case "один":
			want = "рубль"
		case "два", "три", "четыре":
			want = "рубля"
		}
		if noun != want {
			t.Fatalf("%d: %q", n, words)
		}
		words = strings.Fields(counted(Russian, n, rubleRU, Instrumental))
		last, noun = words[len(words)-2], words[len(words)-1]
		want = "рублями"
		switch {
		case last == "одним":
			want = "рублём"
		case last == "нулём" || strings.HasPrefix(last, "тысяч") || strings.Contains(last, "лли"):
			want = "рублей"
		}
		if noun != want {
			t.Fatalf("%d: %q", n, words)
		}
		if plural := strings.HasSuffix(counted(English, n, nounEN("ruble", "rubles"), Nominative), "s"); plural != (n != 1) {
			t.Fatalf("%d: plural %v", n, plural)
		}
	})
}

// TestPhonesAreUnderstood: who writes down what they hear, without the pauses,
// joining what can be one number, has the number in the end.
func TestPhonesAreUnderstood(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		national := rapid.StringMatching(`[3489][0-9]{2}(000|[0-9]00|[0-9]{2}0|[0-9]{3})([0-9]0|[0-9]{2})[0-9]{2}`).Draw(t, "number")
		for _, lang := range Languages() {
			heard := strings.Fields(strings.ReplaceAll(Phone(lang, "+7"+national), ",", ""))
			written, pending := "", uint64(0)
			for _, word := range heard {
				v, ok := numeral(word)
				if word == "плюс" || word == "plus" {
					continue
				}
				if !ok {
					t.Fatalf("%q is no numeral", word)
				}
				joins := v > 0 && (pending%100 == 0 && pending > 0 && v < 100 || pending%10 == 0 && pending%100 >= 20 && v < 10)
				if joins && lang == Russian {
					pending += v
					continue
				}
				if pending > 0 {
					written += fmt.Sprint(pending)
				}
				if pending = v; v == 0 {
					written += "0"
				}
			}
			if pending > 0 {
				written += fmt.Sprint(pending)
			}
			want := map[string]string{Russian: "8", English: "7"}[lang] + national
			if written != want {
				t.Fatalf("%s: %s is heard as %s: %q", lang, want, written, heard)
			}
		}
	})
}

// TestNoTwoSoundAlike: different days, times, lengths, places and amounts have
// different words.
func TestNoTwoSoundAlike(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		said := map[string]string{}
		once := func(what, words string) {
			if other, twice := said[words]; twice {
				t.Errorf("%s: %s and %s are both %q", lang, what, other, words)
			}
			said[words] = what
		}
		day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		for d := range 800 {
			at := day.AddDate(0, 0, d)
			once(at.Format(time.DateOnly), Date(lang, at, DateForm{When: true, Year: true}))
		}
		for m := range 24 * 60 {
			at := day.Add(time.Duration(m) * time.Minute)
			once(at.Format("15:04"), Clock(lang, at, Instrumental))
		}
		for s := range 8000 {
			d := time.Duration(s) * time.Second
			once("the length "+d.String(), "lasts "+Duration(lang, d, Genitive))
		}
		for n := range int64(3000) {
			once(fmt.Sprint("place ", n), "in "+Ordinal(lang, n, Form{}))
		}
		for code := range coins[lang] {
			if code != "RUR" {
				words, err := Filter(lang, "money", "21", code)
				if once(code, words); err != nil {
					t.Error(err)
				}
			}
		}
	}
}

// TestCoinsHaveTheirParts: a currency is told in parts where it has decimals, and
// both languages name the same.
func TestCoinsHaveTheirParts(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		for code, coin := range coins[lang] {
			if want := map[int]uint64{0: 0, 2: 100}[decimals(code)]; coin.parts != want {
				t.Errorf("%s %s has %d decimals and %d parts", lang, code, decimals(code), coin.parts)
			}
			if _, ok := coins[English][code]; !ok || len(coins[English]) != len(coins[Russian]) {
				t.Errorf("%s is not named in both languages", code)
			}
			for c := range cases {
				if coin.unit.one[c] == "" || coin.unit.many[c] == "" || coin.unit.few == "" || coin.parts > 0 && (coin.part.one[c] == "" || coin.part.many[c] == "") {
					t.Errorf("%s %s lacks a form of case %d", lang, code, c)
				}
			}
		}
	}
}
