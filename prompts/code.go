package prompts

import (
	"strings"
	"unicode"
)

// Code spells a code: every letter and digit by its name, with a comma between
// them: "АБ-1" is "а, бэ, дефис, один" in Russian, "B52" is "B, five, two" in
// English. Russian says Latin letters by their English names, which differ from
// those of most Russian ones; where a code has letters of both alphabets, each
// letter is said with its alphabet, for some still sound the same. Blanks are
// passed over, and so is what has no name; a text with nothing else gives "".
func Code(lang, code string) string { return spell(lang, code, letterNames) }

// Spell is Code with a word for every letter: "Борис" and "bravo" for B. Russian
// has names for it, English the words of aviation; letters of the other alphabet
// are said as Code says them, Latin ones by the words of aviation in Russian too.
func Spell(lang, code string) string { return spell(lang, code, letterWords) }

func spell(lang, code string, letters map[string]map[rune]string) string {
	lang = Resolve(lang)
	code = strings.ToLower(code)
	mixed := strings.ContainsFunc(code, isLatin) && strings.ContainsFunc(code, isCyrillic)
	var words []string
	for _, r := range code {
		word := letters[lang][r]
		if word == "" {
			word = letterNames[lang][r]
		}
		switch {
		case r >= '0' && r <= '9':
			word = cardinal(lang, uint64(r-'0'), Form{})
		case word == "":
			continue
		case lang == Russian && mixed && isLatin(r):
			word = "латинская " + word
		case lang == Russian && mixed && isCyrillic(r):
			word = "русская " + word
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

func isLatin(r rune) bool    { return unicode.Is(unicode.Latin, r) }
func isCyrillic(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }
