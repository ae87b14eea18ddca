package prompts

import (
	"strconv"
	"strings"
)

// lexicon says which sound says which words. Names and contents are those of the
// lists core-sounds-en.txt and core-sounds-ru.txt of the packages.
var lexicon = map[string]*phrases{Russian: russianSounds(), English: englishSounds()}

// add enters a phrase and its sounds, apart by blanks.
func (p *phrases) add(phrase, sounds string) {
	p.sounds[plainLetters.Replace(phrase)] = strings.Fields(sounds)
	p.longest = max(p.longest, strings.Count(phrase, " ")+1)
}

func (p *phrases) addAll(sound string, words ...string) {
	for _, w := range words {
		if w != "" {
			p.add(strings.ToLower(w), sound)
		}
	}
}

func digit(n int) string { return "digits/" + strconv.Itoa(n) }

func englishSounds() *phrases {
	p := &phrases{sounds: map[string][]string{}}
	for n, word := range smallEN {
		p.add(word, digit(n))
		if n > 0 {
			p.add(ordinalEN(uint64(n)), "digits/h-"+strconv.Itoa(n))
		}
	}
	for n := 2; n < 10; n++ {
		p.add(tensEN[n], digit(10*n))
		p.add(ordinalEN(uint64(10*n)), "digits/h-"+strconv.Itoa(10*n))
	}
	for _, word := range []string{"hundred", "thousand", "million", "billion"} {
		p.add(word, "digits/"+word)
		p.add(word+"th", "digits/h-"+word)
	}
	for r := 'a'; r <= 'z'; r++ {
		p.sounds[strings.ToUpper(string(r))] = []string{"letters/" + string(r)}
	}
	for month := 1; month <= 12; month++ {
		p.addAll("digits/mon-"+strconv.Itoa(month-1), monthsEN[month])
	}
	for day, word := range weekdays[English] {
		p.addAll("digits/day-"+strconv.Itoa(day), strings.TrimPrefix(word, "on "))
	}
	for phrase, sounds := range map[string]string{
		"noon": "digits/12 digits/p-m", "midnight": "digits/12 digits/a-m", "am": "digits/a-m", "pm": "digits/p-m",
		"oh": "digits/oh", "at": "digits/at", "today": "digits/today", "tomorrow": "digits/tomorrow", "yesterday": "digits/yesterday",
		"minus": "digits/minus", "plus": "letters/plus", "point": "letters/dot", "percent": "letters/ascii37",
		"dash": "letters/dash", "slash": "letters/slash", "dot": "letters/dot", "star": "digits/star",
		"hash": "digits/pound", "the hash key": "digits/pound", "dollars": "digits/dollars",
		"minute": "minute", "minutes": "minutes", "second": "second", "seconds": "seconds", "hours": "hours",
		"no": "vm-no", "and": "vm-and", "press": "vm-press", "number": "number",
		"hello": "hello", "goodbye": "vm-goodbye", "thank you": "auth-thankyou", "we are sorry": "sorry", "less than": "queue-less-than",
	} {
		p.add(phrase, sounds)
	}
	return p
}

func russianSounds() *phrases {
	p := &phrases{sounds: map[string][]string{}}
	for n, forms := range smallRU {
		p.addAll(digit(n), forms[:]...)
	}
	for gender, forms := range oneRU {
		p.addAll(map[Gender]string{Masculine: "digits/1", Feminine: "digits/1", Neuter: "digits/1n"}[Gender(gender)], forms[:]...)
	}
	p.addAll("digits/1", oneRU[Masculine][:]...) // the neuter shares most of its cases
	p.addAll("digits/2", "две")
	for n := 2; n < 10; n++ {
		p.addAll(digit(10*n), tensRU[n][:]...)
	}
	p.addAll("digits/hundred", hundredsRU[1][:]...)
	for gender := range oneRU {
		for c := range cases {
			for n := 1; n <= 20; n++ {
				p.addAll("digits/h-"+strconv.Itoa(n), ordinalRU(uint64(n), Form{Gender(gender), Case(c)}))
			}
			for n := 30; n < 100; n += 10 {
				p.addAll("digits/h-"+strconv.Itoa(n), ordinalRU(uint64(n), Form{Gender(gender), Case(c)}))
			}
		}
	}
	for _, r := range latin {
		p.addAll("letters/"+string(r), strings.ReplaceAll(letterNames[Russian][r], "-", " "))
	}
	// "и" and "эй" name letters and are words: the words win.
	for month := 1; month <= 12; month++ {
		p.addAll("digits/mon-"+strconv.Itoa(month-1), monthsRU[month])
	}
	for day, forms := range weekdaysRU {
		p.addAll("digits/day-"+strconv.Itoa(day), forms[:]...)
		p.addAll("digits/day-"+strconv.Itoa(day), weekdays[Russian][day])
	}
	p.addAll("queue-minute", "минута", "минуту", "минутой")
	for sound, w := range map[string]noun{"queue-minutes": minutes[Russian], "seconds": seconds[Russian], "hours": hours[Russian]} {
		p.addAll(sound, w.few)
		p.addAll(sound, w.many[:]...)
	}
	for phrase, sounds := range map[string]string{
		"полночь": "digits/0 hours", "в": "digits/at", "сегодня": "digits/today", "завтра": "digits/tomorrow", "вчера": "digits/yesterday",
		"минус": "digits/minus", "плюс": "letters/plus",
		"процент": "letters/ascii37", "точка": "letters/dot", "дефис": "letters/dash", "звёздочка": "digits/star", "звёздочку": "digits/star",
		"долларов": "digits/dollars", "нет": "vm-no", "и": "vm-and", "нажмите": "vm-press",
		"здравствуйте": "hello", "до свидания": "vm-goodbye", "спасибо": "auth-thankyou", "к сожалению": "im-sorry",
	} {
		p.add(phrase, sounds)
	}
	return p
}
