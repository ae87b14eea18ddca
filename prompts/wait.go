package prompts

import (
	"strings"

	"github.com/linekeeper/linekeeper/queues"
)

// The texts of a quoted wait.
const (
	keyWaitLess   Key = "wait_quote.less_than_minute"
	keyWaitAbout  Key = "wait_quote.about"   // minutes after "через"
	keyWaitBrief  Key = "wait_quote.brief"   // low and high, one word each, after "через"
	keyWaitFromTo Key = "wait_quote.from_to" // low and high in the genitive
	keyWaitUpTo   Key = "wait_quote.up_to"   // minutes in the genitive
	keyWaitMore   Key = "wait_quote.more"    // minutes in the genitive
)

// WaitQuote puts a quoted wait into words: "Вам ответят через две-четыре
// минуты." It gives "" when the quote says nothing, and also for QuoteNext,
// because KeyQueuePosition with 0 ahead has said that already.
func WaitQuote(lang string, q queues.Quote) string {
	lang = Resolve(lang)
	say := func(key Key, values ...string) string { return fill(catalogues[lang][key], values) }
	switch q.Kind {
	case queues.QuoteLessThanMinute:
		return say(keyWaitLess)
	case queues.QuoteAbout:
		return say(keyWaitAbout, inMinutes(lang, q.High, Accusative))
	case queues.QuoteMoreThan:
		return say(keyWaitMore, inMinutes(lang, q.Low, Genitive))
	case queues.QuoteRange:
		if q.Low <= 0 {
			return say(keyWaitUpTo, inMinutes(lang, q.High, Genitive))
		}
		low := Number(lang, int64(q.Low), Form{minutes[lang].gender, Accusative})
		high := inMinutes(lang, q.High, Accusative)
		if !strings.Contains(low, " ") && strings.Count(high, " ") == 1 {
			return say(keyWaitBrief, low, high)
		}
		low = Number(lang, int64(q.Low), Form{minutes[lang].gender, Genitive})
		return say(keyWaitFromTo, low, inMinutes(lang, q.High, Genitive))
	}
	return ""
}

func inMinutes(lang string, n int, c Case) string {
	return counted(lang, uint64(max(n, 0)), minutes[lang], c)
}
