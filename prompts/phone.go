package prompts

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Phone puts a telephone number into words as people say it: in groups, with a
// comma as a breath between them. "+79161234501" is "восемь, девятьсот шестнадцать,
// сто двадцать три, сорок пять, ноль один" in Russian, because so people say and
// write down the numbers of their own country: three numbers and two pairs are
// easier to keep in mind than eleven digits, and "плюс семь восемьсот" is what
// nobody calls a toll-free number. English says "plus seven" and every digit. An
// E.164 number gets the groups of its country (libphonenumber), anything else
// groups of two or three. What is not a digit, but for a leading plus, is passed
// over; a text without digits gives "".
func Phone(lang, number string) string {
	if Resolve(lang) == English {
		return Digits(English, number)
	}
	all := groups(number)
	if len(all) == 0 {
		return ""
	}
	spoken := make([]string, 0, len(all)+2)
	if isInternational(number) {
		country := groupRU(all[0])
		if all[0] == "7" {
			spoken = append(spoken, cardinal(Russian, 8, Form{}))
		} else {
			spoken = append(spoken, plus[Russian]+country)
		}
		all = all[1:]
	}
	for _, group := range all {
		for _, part := range cut(group) {
			spoken = append(spoken, groupRU(part))
		}
	}
	return strings.Join(spoken, ", ")
}

// Digits says every digit on its own, in groups with a comma as a breath between
// them: an account, a code. A leading plus is said, and the groups are those of
// Phone; a text without digits gives "".
func Digits(lang, number string) string {
	lang = Resolve(lang)
	var spoken []string
	for _, group := range groups(number) {
		spoken = append(spoken, singly(lang, group))
	}
	if len(spoken) > 0 && isInternational(number) {
		spoken[0] = plus[lang] + spoken[0]
	}
	return strings.Join(spoken, ", ")
}

var plus = map[string]string{Russian: "плюс ", English: "plus "}

func isInternational(number string) bool { return strings.HasPrefix(strings.TrimSpace(number), "+") }

func groups(number string) []string {
	if isInternational(number) {
		if parsed, err := phonenumbers.Parse(number, ""); err == nil {
			return digitRuns(phonenumbers.Format(parsed, phonenumbers.INTERNATIONAL))
		}
	}
	return cut(strings.Join(digitRuns(number), ""))
}

func digitRuns(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// cut splits digits into parts of three and then of two, as Russians say them:
// 3-2-2 for seven digits, 2-2-2 for six, 3-2 for five, 2-2 for four.
func cut(digits string) []string {
	var parts []string
	for len(digits) > 3 {
		size := 3
		if len(digits) == 4 || len(digits) == 6 {
			size = 2
		}
		parts = append(parts, digits[:size])
		digits = digits[size:]
	}
	if digits != "" {
		parts = append(parts, digits)
	}
	return parts
}

// groupRU says a group of at most three digits as a number, with its leading
// zeros one by one.
func groupRU(group string) string {
	value := strings.TrimLeft(group, "0")
	words := make([]string, 0, 3)
	for range len(group) - len(value) {
		words = append(words, smallRU[0][Nominative])
	}
	n := uint64(0)
	for _, d := range value {
		n = n*10 + uint64(d-'0')
	}
	if n > 0 {
		words = append(words, numberRU(n, Form{}))
	}
	return strings.Join(words, " ")
}
