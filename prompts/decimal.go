package prompts

import (
	"errors"
	"strconv"
	"strings"
)

// decimal is a number with a decimal fraction, as exact as it was written.
type decimal struct {
	negative bool
	whole    uint64
	fraction string // its digits after the point, at most maxFraction
}

// maxFraction is how many decimals are told: millionths are the smallest parts
// that have a name people know. What is beyond is rounded.
const maxFraction = 6

var errNotDecimal = errors.New("a text that is no number such as 1523.50")

// parseDecimal reads "-1523.50". Rounding is to the nearest, halves away from
// zero, and trailing zeros of the fraction are kept.
func parseDecimal(text string, places int) (decimal, error) {
	text = strings.TrimSpace(text)
	rest, negative := strings.CutPrefix(text, "-")
	whole, fraction, point := strings.Cut(rest, ".")
	if whole == "" || point && fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return decimal{}, errNotDecimal
	}
	n, err := strconv.ParseUint(whole, 10, 63)
	if err != nil {
		return decimal{}, errors.New("a number too large to be told")
	}
	d := decimal{negative: negative, whole: n, fraction: fraction}
	d.round(places)
	return d, nil
}

// round cuts the fraction to so many places, and drops the sign of a zero.
func (d *decimal) round(places int) {
	if len(d.fraction) > places {
		up := d.fraction[places] >= '5'
		d.fraction = d.fraction[:places]
		digits := []byte(d.fraction)
		for i := len(digits) - 1; up && i >= 0; i-- {
			if up = digits[i] == '9'; up {
				digits[i] = '0'
			} else {
				digits[i]++
			}
		}
		d.fraction = string(digits)
		if up {
			d.whole++
		}
	}
	if d.whole == 0 && strings.Trim(d.fraction, "0") == "" {
		d.negative = false
	}
}

// trimmed drops the zeros at the end of the fraction.
func (d decimal) trimmed() decimal {
	d.fraction = strings.TrimRight(d.fraction, "0")
	return d
}

// decimalOf is an amount in the smallest parts of its unit.
func decimalOf(n int64, places int) decimal {
	digits := strconv.FormatUint(magnitude(n), 10)
	if missing := places + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	cut := len(digits) - places
	whole, _ := strconv.ParseUint(digits[:cut], 10, 64) // at most the digits of an int64
	d := decimal{negative: n < 0, whole: whole, fraction: digits[cut:]}
	if strings.Trim(d.fraction, "0") == "" {
		d.fraction = ""
	}
	return d
}

var wholeRU = nounRU(Feminine, "целая, целой, целой, целую, целой, целой", "целых", "целых, целым, целыми, целых")

// fractionsRU are the names of decimal fractions by the number of their digits.
var fractionsRU = [maxFraction + 1]noun{
	1: partRU("десят"), 2: partRU("сот"), 3: partRU("тысячн"),
	4: partRU("десятитысячн"), 5: partRU("стотысячн"), 6: partRU("миллионн"),
}

func partRU(stem string) noun {
	return nounRU(Feminine, stem+"ая, "+stem+"ой, "+stem+"ой, "+stem+"ую, "+stem+"ой, "+stem+"ой", stem+"ых",
		stem+"ых, "+stem+"ым, "+stem+"ыми, "+stem+"ых")
}

// words says "две целых пять десятых", "two point five". A whole number takes
// the gender, a broken one has its own.
func (d decimal) words(lang string, gender Gender, c Case) string {
	sign := ""
	if d.negative {
		sign = minus[lang]
	}
	switch {
	case d.fraction == "":
		return sign + cardinal(lang, d.whole, Form{gender, c})
	case lang == English:
		return sign + numberEN(d.whole) + " point " + singly(English, d.fraction)
	}
	n, _ := strconv.ParseUint(d.fraction, 10, 64) // at most maxFraction digits
	return sign + counted(lang, d.whole, wholeRU, c) + " " + counted(lang, n, fractionsRU[len(d.fraction)], c)
}

// singly says digits one by one.
func singly(lang, digits string) string {
	words := make([]string, 0, len(digits))
	for _, d := range digits {
		words = append(words, cardinal(lang, uint64(d-'0'), Form{}))
	}
	return strings.Join(words, " ")
}
