package prompts

import "time"

// Later is a time in the future as a person at Now would say it; both count by
// the clock of the location of At.
type Later struct{ At, Now time.Time }

// weekdays as they stand in "we will call you on Monday", from Sunday on.
var weekdays = map[string][7]string{
	Russian: {"в воскресенье", "в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу"},
	English: {"on Sunday", "on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday"},
}

// nearDays are today, tomorrow, and what is a week away or more: a weekday alone
// would be taken for the nearest one.
var nearDays = map[string][3]string{
	Russian: {"сегодня", "завтра", "через неделю или позже"},
	English: {"today", "tomorrow", "in a week or later"},
}

// later says the day, and the time to the quarter of an hour before At: what is
// promised after a time must not happen before it.
func later(lang string, arg any) (string, bool) {
	l, ok := arg.(Later)
	if !ok || l.At.Before(l.Now) {
		return "", false
	}
	quarter := l.At.Minute() / 15 * 15
	if lang == Russian {
		return dayOf(lang, l) + ", после " + clockRU(l.At.Hour(), quarter, Genitive), true
	}
	return dayOf(lang, l) + " after " + clockEN(l.At.Hour(), quarter), true
}

func dayOf(lang string, l Later) string {
	now := l.Now.In(l.At.Location())
	days := 0
	for ; days < 7 && now.AddDate(0, 0, days).Format(time.DateOnly) != l.At.Format(time.DateOnly); days++ {
	}
	switch days {
	case 0, 1:
		return nearDays[lang][days]
	case 7:
		return nearDays[lang][2]
	}
	return weekdays[lang][l.At.Weekday()]
}
