package prompts

import "time"

// Slot is a span of time in the future as a person at Now would say it: "tomorrow
// between nine and ten a.m.", "завтра с девяти до десяти". All count by the clock
// of the location of From. Until zero stands for an open end, which is said as
// Later is.
type Slot struct{ From, Until, Now time.Time }

func slot(lang string, arg any) (string, bool) {
	s, ok := arg.(Slot)
	if !ok || s.From.Before(s.Now) {
		return "", false
	}
	start := Later{At: s.From, Now: s.Now}
	if s.Until.IsZero() {
		return later(lang, start)
	}
	until := s.Until.In(s.From.Location())
	if !until.After(s.From) {
		return "", false
	}
	if lang == Russian {
		return dayOf(lang, start) + " с " + hourRU(s.From) + " до " + hourRU(until), true
	}
	return dayOf(lang, start) + " between " + spanEN(s.From, until), true
}

// hourRU is a time of day in the genitive, as it stands after "с" and "до" where
// two of them follow each other: without the word "часов".
func hourRU(t time.Time) string {
	hour, minute := t.Hour(), t.Minute()
	switch {
	case hour == 0:
		return clockRU(hour, minute, Genitive)
	case minute == 0 && hour == 1:
		return "часа"
	case minute == 0:
		return Number(Russian, int64(hour), Form{Masculine, Genitive})
	}
	words := Number(Russian, int64(hour), Form{Masculine, Genitive})
	if hour == 1 {
		words = "часа"
	}
	if minute < 10 {
		words += " " + smallRU[0][Nominative]
	}
	return words + " " + Number(Russian, int64(minute), Form{Feminine, Genitive})
}

// spanEN says "a.m." once where both ends have it.
func spanEN(from, until time.Time) string {
	same := from.Hour()/12 == until.Hour()/12 && from.Hour()%12+from.Minute() > 0 && until.Hour()%12+until.Minute() > 0
	first := clockEN(from.Hour(), from.Minute())
	if same {
		first = first[:len(first)-len(" a.m.")]
	}
	return first + " and " + clockEN(until.Hour(), until.Minute())
}
