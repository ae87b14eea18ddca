package prompts

import (
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// The languages that linekeeper speaks.
const (
	Russian = "ru"
	English = "en"
)

// Languages lists the languages that linekeeper speaks.
func Languages() []string { return []string{Russian, English} }

// Resolve gives the language that is spoken for a tag: "ru" for "ru", "ru-RU"
// and "RU_ru", and "en" for everything that is not spoken.
func Resolve(lang string) string {
	base, _, _ := strings.Cut(strings.ReplaceAll(lang, "_", "-"), "-")
	if strings.EqualFold(base, Russian) {
		return Russian
	}
	return English
}

var tags = map[string]language.Tag{Russian: language.Russian, English: language.English}

// pluralOf gives the CLDR cardinal category of an integer in a resolved language.
func pluralOf(lang string, n uint64) plural.Form {
	// MatchPlural asks for large operands modulo 10 000 000.
	return plural.Cardinal.MatchPlural(tags[lang], int(n%10_000_000), 0, 0, 0, 0)
}
