package callback

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// How long texts from outside may be, in characters.
const (
	MaxName     = 100 // of a customer
	MaxAccount  = 64
	MaxCampaign = 64
	MaxKey      = 200
)

// PlainText makes one line of what a stranger wrote: control and formatting
// characters (line ends, escape sequences, marks that turn the direction of
// writing) and bytes that are no UTF-8 become blanks, and blanks in a row one.
func PlainText(s string) string {
	blank := func(r rune) bool {
		return r == utf8.RuneError || unicode.IsSpace(r) || unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs)
	}
	return strings.Join(strings.FieldsFunc(s, blank), " ")
}

// PlainWord says whether s can be a key or the name of a campaign: at most most
// characters of ASCII that are seen, without blanks.
func PlainWord(s string, most int) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return len(s) <= most
}
