package prompts

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Digits puts a phone number into words as people say it: in groups, with a
// comma as a breath between them. "+79161234501" is "плюс семь, девятьсот
// шестнадцать, сто двадцать три, сорок пять, ноль один" in Russian; English says
// every digit. An E.164 number gets the groups of its country (libphonenumber),
// anything else groups of two or three. What is not a digit, but for a leading
// plus, is passed over; a text without digits gives "".
func Digits(lang, number string) string {
	lang = Resolve(lang)
	var spoken []string
	for _, group := range groups(number) {
		if lang == Russian {
			for _, part := range cut(group) {
				spoken = append(spoken, groupRU(part))
			}
			continue
		}
		spoken = append(spoken, groupEN(group))
	}
	words := strings.Join(spoken, ", ")
	if words != "" && strings.HasPrefix(strings.TrimSpace(number), "+") {
		words = map[string]string{Russian: "плюс ", English: "plus "}[lang] + words
	}
	return words
}

func groups(number string) []string {
	if strings.HasPrefix(strings.TrimSpace(number), "+") {
		if parsed, err := phonenumbers.Parse(number, ""); err == nil {
			return fields(phonenumbers.Format(parsed, phonenumbers.INTERNATIONAL))
		}
	}
	return cut(strings.Join(fields(number), ""))
}

func fields(s string) []string {
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
	var words []string
	n := uint64(0)
	for _, d := range group {
		if d == '0' && n == 0 {
			words = append(words, smallRU[0])
		}
		n = n*10 + uint64(d-'0')
	}
	if n > 0 {
		words = append(words, numberRU(n, Form{}))
	}
	return strings.Join(words, " ")
}

func groupEN(group string) string {
	words := make([]string, 0, len(group))
	for _, d := range group {
		words = append(words, smallEN[d-'0'])
	}
	return strings.Join(words, " ")
}
