package prompts

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

// The cases. Accusative is that of lifeless things.
const (
	Nominative    Case = iota // "одна минута"
	Genitive                  // "до одной минуты"
	Dative                    // "к одной минуте"
	Accusative                // "через одну минуту"
	Instrumental              // "одной минутой"
	Prepositional             // "в одной минуте"
)

// cases is how many there are.
const cases = 6

// Form is the gender and case that a number takes; the zero value is the one
// for plain counting.
type Form struct {
	Gender Gender
	Case   Case
}

// Number puts a whole number into words: "двадцать одна", "twenty-one". Any
// int64 will do; negative ones begin with "минус" or "minus".
func Number(lang string, n int64, form Form) string {
	lang = Resolve(lang)
	if n < 0 {
		return minus[lang] + cardinal(lang, magnitude(n), form)
	}
	return cardinal(lang, uint64(n), form)
}

// Ordinal puts a place in a row into words: "двадцать первое", "twenty-first".
// Any int64 that is not negative will do; a negative one is given as Number
// gives it, for nothing is in such a place.
func Ordinal(lang string, n int64, form Form) string {
	switch {
	case n < 0:
		return Number(lang, n, form)
	case Resolve(lang) == Russian:
		return ordinalRU(uint64(n), form)
	}
	return ordinalEN(uint64(n))
}

var minus = map[string]string{Russian: "минус ", English: "minus "}

// cardinal is Number without a sign.
func cardinal(lang string, n uint64, form Form) string {
	if lang == Russian {
		return numberRU(n, form)
	}
	return numberEN(n)
}

// magnitude is the absolute value; it is right for the smallest int64 too.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// thousands cuts n into groups of three digits, the lowest first.
func thousands(n uint64) []int {
	var groups []int
	for ; n > 0; n /= 1000 {
		groups = append(groups, int(n%1000))
	}
	return groups
}
