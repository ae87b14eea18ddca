package prompts

import (
	"testing"

	"github.com/linekeeper/linekeeper/queues"
)

func TestWaitQuote(t *testing.T) {
	t.Parallel()
	quote := func(kind queues.QuoteKind, low, high int) queues.Quote {
		return queues.Quote{Kind: kind, Low: low, High: high}
	}
	for _, c := range []struct {
		quote  queues.Quote
		ru, en string
	}{
		{queues.Quote{}, "", ""},
		{quote(queues.QuoteNext, 0, 0), "", ""},
		{quote(queues.QuoteLessThanMinute, 0, 0), "Вам ответят меньше чем через минуту.", "The wait is less than a minute."},
		{quote(queues.QuoteAbout, 1, 1), "Вам ответят примерно через одну минуту.", "The wait is about one minute."},
		{quote(queues.QuoteAbout, 3, 3), "Вам ответят примерно через три минуты.", "The wait is about three minutes."},
		{quote(queues.QuoteRange, 2, 4), "Вам ответят через две-четыре минуты.", "The wait is two to four minutes."},
		{quote(queues.QuoteRange, 1, 2), "Вам ответят через одну-две минуты.", "The wait is one to two minutes."},
		{quote(queues.QuoteRange, 15, 20), "Вам ответят через пятнадцать-двадцать минут.", "The wait is fifteen to twenty minutes."},
		{quote(queues.QuoteRange, 20, 25), "Время ожидания от двадцати до двадцати пяти минут.", "The wait is twenty to twenty-five minutes."},
		{quote(queues.QuoteRange, 21, 31), "Время ожидания от двадцати одной до тридцати одной минуты.", "The wait is twenty-one to thirty-one minutes."},
		{quote(queues.QuoteRange, 0, 4), "Время ожидания до четырёх минут.", "The wait is up to four minutes."},
		{quote(queues.QuoteMoreThan, 30, 0), "Время ожидания больше тридцати минут.", "The wait is more than thirty minutes."},
	} {
		if got := WaitQuote("ru-RU", c.quote); got != c.ru {
			t.Errorf("WaitQuote(ru, %+v) = %q, want %q", c.quote, got, c.ru)
		}
		if got := Message("en", KeyWaitQuote, c.quote); got != c.en {
			t.Errorf("WaitQuote(en, %+v) = %q, want %q", c.quote, got, c.en)
		}
	}
}
