package prompts

import "strings"

var (
	smallEN = [20]string{
		"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
		"eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
		"nineteen",
	}
	tensEN   = [10]string{"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}
	scalesEN = [7]string{"", " thousand", " million", " billion", " trillion", " quadrillion", " quintillion"}

	// oddOrdinalEN holds the last words whose ordinal is not the word with "th".
	oddOrdinalEN = map[string]string{
		"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
		"nine": "ninth", "twelve": "twelfth",
	}
)

// numberEN puts n into words in the American manner, without "and".
func numberEN(n uint64) string {
	if n == 0 {
		return smallEN[0]
	}
	var words []string
	for scale, group := range thousands(n) {
		if group > 0 {
			words = append([]string{under1000EN(group) + scalesEN[scale]}, words...)
		}
	}
	return strings.Join(words, " ")
}

func under1000EN(n int) string {
	var words []string
	if n >= 100 {
		words = append(words, smallEN[n/100]+" hundred")
		n %= 100
	}
	switch {
	case n >= 20 && n%10 > 0:
		words = append(words, tensEN[n/10]+"-"+smallEN[n%10])
	case n >= 20:
		words = append(words, tensEN[n/10])
	case n > 0:
		words = append(words, smallEN[n])
	}
	return strings.Join(words, " ")
}

// ordinalEN turns the last word of a cardinal into its ordinal.
func ordinalEN(n uint64) string {
	words := numberEN(n)
	cut := strings.LastIndexAny(words, " -") + 1
	rest, last := words[:cut], words[cut:]
	if odd, ok := oddOrdinalEN[last]; ok {
		return rest + odd
	}
	if stem, ok := strings.CutSuffix(last, "y"); ok {
		return rest + stem + "ieth"
	}
	return rest + last + "th"
}
