package prompts

import "time"

// Clock puts a time of day into words, to the minute below, by the clock of the
// location of t. Russian counts 24 hours: "пятнадцать часов тридцать минут";
// English says "three thirty p.m.". Midnight is named in both, noon in English.
func Clock(lang string, t time.Time, c Case) string {
	if Resolve(lang) == Russian {
		return clockRU(t.Hour(), t.Minute(), c)
	}
	return clockEN(t.Hour(), t.Minute())
}

var midnightRU = [cases]string{"полночь", "полуночи", "полуночи", "полночь", "полуночью", "полуночи"}

func clockRU(hour, minute int, c Case) string {
	if hour == 0 && minute == 0 {
		return midnightRU[c]
	}
	words := counted(Russian, uint64(hour), hours[Russian], c)
	if minute > 0 {
		words += " " + counted(Russian, uint64(minute), minutes[Russian], c)
	}
	return words
}

func clockEN(hour, minute int) string {
	if hour%12 == 0 && minute == 0 {
		return map[int]string{0: "midnight", 12: "noon"}[hour]
	}
	words := numberEN(uint64((hour+11)%12 + 1))
	switch {
	case minute > 0 && minute < 10:
		words += " oh " + numberEN(uint64(minute))
	case minute > 0:
		words += " " + numberEN(uint64(minute))
	}
	if hour < 12 {
		return words + " a.m."
	}
	return words + " p.m."
}
