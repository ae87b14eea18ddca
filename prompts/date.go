package prompts

import "time"

// DateForm says how a date is told. The zero value is "двадцать первое марта",
// "March twenty-first".
type DateForm struct {
	When    bool // Russian: as the answer to "when": "двадцать первого марта", "в понедельник, ..."; Case is passed over
	Case    Case // Russian: of the day, and of the weekday
	Weekday bool // "понедельник, двадцать первое марта", "Monday, March twenty-first"
	Year    bool // "... две тысячи двадцать шестого года", "..., twenty twenty-six"
}

// Date puts the day of t, by the clock of its location, into words.
func Date(lang string, t time.Time, f DateForm) string {
	day := int64(t.Day())
	if Resolve(lang) == English {
		words := monthsEN[t.Month()] + " " + Ordinal(English, day, Form{})
		if f.Weekday {
			words = t.Weekday().String() + ", " + words
		}
		if f.Year {
			words += ", " + yearEN(t.Year())
		}
		return words
	}
	c := f.Case
	if f.When {
		c = Genitive
	}
	words := Ordinal(Russian, day, Form{Neuter, c}) + " " + monthsRU[t.Month()]
	if f.Weekday && f.When {
		words = weekdays[Russian][t.Weekday()] + ", " + words
	} else if f.Weekday {
		words = weekdaysRU[t.Weekday()][c] + ", " + words
	}
	if f.Year {
		words += " " + Ordinal(Russian, int64(t.Year()), Form{Masculine, Genitive}) + " года"
	}
	return words
}

// yearEN says a year in two halves, as English does: "nineteen oh five", "twenty
// twenty-six", but "two thousand seven".
func yearEN(year int) string {
	first, last := int64(year/100), int64(year%100)
	switch {
	case year < 1000 || year > 9999 || year%1000 < 10:
		return Number(English, int64(year), Form{})
	case last == 0:
		return Number(English, first, Form{}) + " hundred"
	case last < 10:
		return Number(English, first, Form{}) + " oh " + Number(English, last, Form{})
	}
	return Number(English, first, Form{}) + " " + Number(English, last, Form{})
}

// nearDay is yesterday, today or tomorrow as seen at now, by the clock of t; ""
// for any other day.
func nearDay(lang string, t, now time.Time) string {
	now = now.In(t.Location())
	for offset, word := range map[int]string{-1: yesterday[lang], 0: nearDays[lang][0], 1: nearDays[lang][1]} {
		if now.AddDate(0, 0, offset).Format(time.DateOnly) == t.Format(time.DateOnly) {
			return word
		}
	}
	return ""
}

var yesterday = map[string]string{Russian: "вчера", English: "yesterday"}

var monthsEN = [13]string{
	"", "January", "February", "March", "April", "May", "June",
	"July", "August", "September", "October", "November", "December",
}

// monthsRU stand after the day, in the genitive.
var monthsRU = [13]string{
	"", "января", "февраля", "марта", "апреля", "мая", "июня",
	"июля", "августа", "сентября", "октября", "ноября", "декабря",
}

// weekdaysRU are the days of the week in all cases, from Sunday on.
var weekdaysRU = [7][cases]string{
	{"воскресенье", "воскресенья", "воскресенью", "воскресенье", "воскресеньем", "воскресенье"},
	{"понедельник", "понедельника", "понедельнику", "понедельник", "понедельником", "понедельнике"},
	{"вторник", "вторника", "вторнику", "вторник", "вторником", "вторнике"},
	{"среда", "среды", "среде", "среду", "средой", "среде"},
	{"четверг", "четверга", "четвергу", "четверг", "четвергом", "четверге"},
	{"пятница", "пятницы", "пятнице", "пятницу", "пятницей", "пятнице"},
	{"суббота", "субботы", "субботе", "субботу", "субботой", "субботе"},
}
