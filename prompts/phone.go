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
// E.164 number gets the groups of its country (libphonenumber), and so does a
// Russian number written with 8; anything else has groups of two or three. What is not a digit, but for a leading plus, is passed
// over; a text without digits gives "".
func Phone(lang, number string) string {
	if Resolve(lang) == English {
		return Digits(English, number)
	}
	var parts []string
	for i, group := range groups(number) {
		if i == 0 {
			parts = append(parts, group) // the country, or the first part
			continue
		}
		parts = append(parts, cut(group)...)
	}
	spoken := make([]string, len(parts))
	follows := ""
	for i := len(parts) - 1; i >= 0; i-- {
		spoken[i] = groupRU(parts[i])
		if runsInto(parts[i], follows) {
			spoken[i] = singly(Russian, parts[i])
			follows = parts[i][:1]
			continue
		}
		follows = parts[i]
	}
	switch {
	case len(parts) == 0 || !isInternational(number):
	case parts[0] == "7" && len(parts) > 1:
		spoken[0] = cardinal(Russian, 8, Form{})
	default:
		spoken[0] = plus[Russian] + spoken[0]
	}
	return strings.Join(spoken, ", ")
}

// runsInto says whether a group would be taken for one number with what follows:
// "сто, двадцать" is heard as "сто двадцать". It is then said digit by digit.
func runsInto(group, follows string) bool {
	value := strings.TrimLeft(group, "0")
	zeros := len(value) - len(strings.TrimRight(value, "0"))
	if zeros == 0 || follows == "" || follows[0] == '0' || len(follows) > zeros {
		return false
	}
	// "десять, пять" is not "пятнадцать".
	return zeros > 1 || value[len(value)-2] != '1'
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
	digits := strings.Join(digitRuns(number), "")
	if len(digits) == 11 && (digits[0] == '8' || digits[0] == '7') {
		// A Russian number as it is written at home: 8 (916) 123-45-01.
		if parsed, err := phonenumbers.Parse("+7"+digits[1:], ""); err == nil && phonenumbers.IsValidNumber(parsed) {
			home := digitRuns(phonenumbers.Format(parsed, phonenumbers.INTERNATIONAL))
			return append([]string{digits[:1]}, home[1:]...)
		}
	}
	return cut(digits)
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
