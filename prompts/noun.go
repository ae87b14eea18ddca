package prompts

import (
	"strings"

	"golang.org/x/text/feature/plural"
)

// noun is something that is counted, in the forms that go with a number.
type noun struct {
	gender Gender
	one    [cases]string // singular: "минута", as after "двадцать одна"
	few    string        // after два, три, четыре: "минуты"
	many   [cases]string // plural; in nominative and accusative as after "пять": "минут"
}

// nounRU is a Russian noun. one lists its singular in the order of the cases,
// many its plural in genitive, dative, instrumental and prepositional.
func nounRU(gender Gender, one, few, many string) noun {
	w := noun{gender: gender, few: few}
	copy(w.one[:], strings.Split(one, ", "))
	m := append(strings.Split(many, ", "), "", "", "", "")
	w.many = [cases]string{m[0], m[0], m[1], m[0], m[2], m[3]}
	return w
}

// nounEN is an English noun: its singular and its plural.
func nounEN(one, many string) noun { return sameInAllCases(Masculine, one, many, many) }

// sameInAllCases is a noun that is not declined, or one of whose cases is given.
func sameInAllCases(gender Gender, one, few, many string) noun {
	w := noun{gender: gender, few: few}
	for c := range cases {
		w.one[c], w.many[c] = one, many
	}
	return w
}

// after gives the form of the noun that follows n in a resolved language.
func (w noun) after(lang string, n uint64, c Case) string {
	if lang == Russian && n%1000 == 0 {
		// Zero and a thousand are nouns themselves: "к двум тысячам рублей".
		return w.many[Genitive]
	}
	switch pluralOf(lang, n) {
	case plural.One:
		return w.one[c]
	case plural.Few:
		if c == Nominative || c == Accusative {
			return w.few
		}
	}
	return w.many[c]
}

// counted puts a number with its noun into words: "двадцать одна минута".
func counted(lang string, n uint64, w noun, c Case) string {
	return cardinal(lang, n, Form{Gender: w.gender, Case: c}) + " " + w.after(lang, n, c)
}
