package prompts

import "golang.org/x/text/feature/plural"

// Gender is the grammatical gender of what is counted. English has none.
type Gender int

// The genders.
const (
	Masculine Gender = iota
	Feminine
	Neuter
)

// Case is the grammatical case of a number and of what it counts. English has none.
type Case int

// The cases that prompts need. Accusative is that of lifeless things.
const (
	Nominative Case = iota // "одна минута"
	Genitive               // "до одной минуты"
	Accusative             // "через одну минуту"
)

// Form is the gender and case that a number takes; the zero value is the one
// for plain counting.
type Form struct {
	Gender Gender
	Case   Case
}

// Number puts a whole number into words: "двадцать одна", "twenty-one". Any
// int64 will do; negative ones begin with "минус" or "minus".
func Number(lang string, n int64, form Form) string {
	words, minus := numberEN, "minus "
	if Resolve(lang) == Russian {
		words, minus = func(n uint64) string { return numberRU(n, form) }, "минус "
	}
	if n < 0 {
		return minus + words(magnitude(n))
	}
	return words(uint64(n))
}

// Ordinal puts a place in a row into words: "двадцать первое", "twenty-first".
// Russian ordinals are nominative. From 1 to 999; other numbers are given as
// Number gives them, which after "место" or "number" is understood as well.
func Ordinal(lang string, n int64, gender Gender) string {
	if n < 1 || n > 999 {
		return Number(lang, n, Form{Gender: gender})
	}
	if Resolve(lang) == Russian {
		return ordinalRU(int(n), gender)
	}
	return ordinalEN(int(n))
}

// magnitude is the absolute value; it is right for the smallest int64 too.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// noun is something that is counted, in the forms that go with a number.
type noun struct {
	gender Gender
	one    string // nominative singular: "минута"
	oneAcc string // accusative singular: "минуту"
	few    string // genitive singular: "минуты"
	many   string // genitive plural: "минут"
}

// nounEN is an English noun: its singular and its plural.
func nounEN(one, many string) noun { return noun{one: one, oneAcc: one, few: many, many: many} }

// after gives the form of the noun that follows n in a resolved language.
func (w noun) after(lang string, n uint64, c Case) string {
	category := pluralOf(lang, n)
	switch {
	case category == plural.One && c == Genitive && lang == Russian:
		return w.few // "до двадцати одной минуты"
	case category == plural.One && c == Accusative:
		return w.oneAcc
	case category == plural.One:
		return w.one
	case category == plural.Few && c != Genitive:
		return w.few
	}
	return w.many
}

// counted puts a number with its noun into words: "двадцать одна минута".
func counted(lang string, n uint64, w noun, c Case) string {
	words := numberEN(n)
	if lang == Russian {
		words = numberRU(n, Form{Gender: w.gender, Case: c})
	}
	return words + " " + w.after(lang, n, c)
}
