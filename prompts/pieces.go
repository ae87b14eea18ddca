package prompts

import (
	"regexp"
	"strings"
)

// Pieces gives names of Asterisk's core sounds (asterisk-core-sounds-en and -ru,
// 1.6.1) that, played one after another in the language, say a text: "sound:" in
// front makes media of them. It is the voice of last resort, for where there is
// neither a recorded file nor a speech engine.
//
// ok is false, and the sounds nil, unless all of the text can be said: half a
// sentence may say something false. These can: the built-in sentences of
// Sayable, "Hello!", "Thank you." and "Goodbye!", and texts of numbers, digits,
// Latin letters, dates, times of day, minutes and seconds as the functions of this
// package put them into words. Wordings differ from the text where the recording
// says the same in other words.
//
// What was never recorded is said as near as it can be: Russian numbers have one
// gender and case, months and weekdays one case, "минута" two forms, and there
// are no hundreds but "сто". So a group of a telephone number from 200 on is said
// digit by digit, and any other number from 200 on cannot be said in Russian.
func Pieces(lang, text string) (sounds []string, ok bool) {
	lang = Resolve(lang)
	rest := strings.TrimSpace(halves.Replace(text))
	for rest != "" {
		said, after, ok := sentencePieces(lang, rest)
		if !ok {
			sentence := firstSentence.FindString(rest)
			after = strings.TrimSpace(rest[len(sentence):])
			if said, ok = wordPieces(lang, sentence); !ok {
				return nil, false
			}
		}
		sounds, rest = append(sounds, said...), after
	}
	return sounds, len(sounds) > 0
}

// halves takes the full stops out of "a.m.", which end no sentence.
var halves = strings.NewReplacer("a.m.", "am", "p.m.", "pm")

var firstSentence = regexp.MustCompile(`^[^.!?]*[.!?]*`)

// wordPieces says a text word by word, and telephone numbers group by group.
func wordPieces(lang, text string) ([]string, bool) {
	var sounds []string
	for _, group := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;:", r) }) {
		words := strings.FieldsFunc(group, func(r rune) bool { return strings.ContainsRune(" -.!?\"«»", r) })
		said, ok := lexicon[lang].say(words)
		if !ok {
			said, ok = hundredsByDigits(lang, words)
		}
		if !ok {
			return nil, false
		}
		sounds = append(sounds, said...)
	}
	return sounds, true
}

// phrases are the sounds by what they say, in small letters. A single capital of
// Latin is looked for as it is, so that "A" is a letter and "a" is not.
type phrases struct {
	sounds  map[string][]string
	longest int // words of the longest phrase
}

// say finds the fewest words that are left to each sound: the longest phrase first.
func (p *phrases) say(words []string) ([]string, bool) {
	if len(words) == 0 {
		return nil, true
	}
	for n := min(p.longest, len(words)); n > 0; n-- {
		phrase := strings.Join(words[:n], " ")
		said, ok := p.sounds[phrase]
		if !ok {
			said, ok = p.sounds[plainLetters.Replace(strings.ToLower(phrase))]
		}
		if !ok {
			continue
		}
		if rest, ok := p.say(words[n:]); ok {
			return append(append([]string{}, said...), rest...), true
		}
	}
	return nil, false
}

// plainLetters makes one of the two ways to write "четвёртый".
var plainLetters = strings.NewReplacer("ё", "е")

// hundredsByDigits says a Russian group that is a number of hundreds, and nothing
// else, digit by digit.
func hundredsByDigits(lang string, words []string) ([]string, bool) {
	if lang != Russian || len(words) == 0 {
		return nil, false
	}
	hundred := byHundred[words[0]]
	if hundred == "" {
		return nil, false
	}
	digits, ok := [2]string{"0", "0"}, true
	switch len(words) {
	case 1:
	case 2:
		digits, ok = belowHundred(words[1], "")
	case 3:
		digits, ok = belowHundred(words[1], words[2])
	default:
		ok = false
	}
	if !ok {
		return nil, false
	}
	return []string{"digits/" + hundred, "digits/" + digits[0], "digits/" + digits[1]}, true
}

// belowHundred gives the two digits of "двадцать" "один", or of one word.
func belowHundred(first, second string) (digits [2]string, ok bool) {
	for n := range 100 {
		words := under1000RU(n, Form{})
		if len(words) > 0 && strings.Join(words, " ") == strings.TrimSpace(first+" "+second) {
			return [2]string{string(rune('0' + n/10)), string(rune('0' + n%10))}, true
		}
	}
	return digits, false
}

// byHundred gives the first digit of "двести" to "девятьсот".
var byHundred = func() map[string]string {
	out := map[string]string{}
	for n := 2; n < 10; n++ {
		out[hundredsRU[n][Nominative]] = string(rune('0' + n))
	}
	return out
}()
