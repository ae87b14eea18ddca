package ari

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/linekeeper/linekeeper/telephony"
)

// How long the parts of a caller id may be, in characters. Phones show less; the
// limits keep a request of SIP with both of them, twice, within one packet.
const (
	maxCallerName   = 60
	maxCallerNumber = 40
)

// callerIDString writes "Name" <number> as Asterisk reads it. Both may come from a
// caller's own phone or from a form, so nothing that could end either part early, or
// a line of a message, is let through.
func callerIDString(id telephony.CallerID) string {
	name, number := shownName(id.Name), shownNumber(id.Number)
	switch {
	case name == "" && number == "":
		return ""
	case name == "":
		return "<" + number + ">"
	}
	return `"` + name + `" <` + number + ">"
}

// shownName makes one plain line of a name; double quotes become single ones, which
// end nothing.
func shownName(s string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r == '"':
			return '\''
		case r == utf8.RuneError, strings.ContainsRune(`<>\`, r):
			return -1
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case !unicode.IsPrint(r): // marks that turn the direction of writing, and the like
			return -1
		}
		return r
	}, s)
	return cut(strings.Join(strings.Fields(plain), " "), maxCallerName)
}

// shownNumber keeps what numbers and users of SIP consist of.
func shownNumber(s string) string {
	return cut(strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("+*#-._", r)) {
			return r
		}
		return -1
	}, s), maxCallerNumber)
}

// cut keeps the first characters, so many of them.
func cut(s string, most int) string {
	for i := range s {
		if most--; most < 0 {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}
