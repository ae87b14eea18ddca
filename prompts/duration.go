package prompts

import (
	"strings"
	"time"
)

var days = map[string]noun{
	Russian: nounRU(Masculine, "день, дня, дню, день, днём, дне", "дня", "дней, дням, днями, днях"),
	English: nounEN("day", "days"),
}

var hours = map[string]noun{
	Russian: nounRU(Masculine, "час, часа, часу, час, часом, часе", "часа", "часов, часам, часами, часах"),
	English: nounEN("hour", "hours"),
}

var minutes = map[string]noun{
	Russian: nounRU(Feminine, "минута, минуты, минуте, минуту, минутой, минуте", "минуты", "минут, минутам, минутами, минутах"),
	English: nounEN("minute", "minutes"),
}

var seconds = map[string]noun{
	Russian: nounRU(Feminine, "секунда, секунды, секунде, секунду, секундой, секунде", "секунды", "секунд, секундам, секундами, секундах"),
	English: nounEN("second", "seconds"),
}

// Duration puts a length of time into words, rounded to whole seconds: "две
// минуты тридцать секунд". The sign is dropped, and parts that are zero are left
// out, unless all are. Days are told from 48 hours on.
func Duration(lang string, d time.Duration, c Case) string {
	lang = Resolve(lang)
	left := magnitude(int64(d.Round(time.Second) / time.Second))
	if left == 0 {
		return counted(lang, 0, seconds[lang], c)
	}
	var words []string
	tell := func(n uint64, unit map[string]noun) {
		if n > 0 {
			words = append(words, counted(lang, n, unit[lang], c))
		}
	}
	if left >= 48*3600 {
		tell(left/(24*3600), days)
		left %= 24 * 3600
	}
	tell(left/3600, hours)
	tell(left/60%60, minutes)
	tell(left%60, seconds)
	return strings.Join(words, " ")
}
