package queues

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func minutes(low, high float64) Estimate {
	at := func(m float64) time.Duration { return time.Duration(m * float64(time.Minute)) }
	return Estimate{Known: true, Mean: at((low + high) / 2), Low: at(low), High: at(high)}
}

func TestFirstQuote(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		est   Estimate
		ahead int
		want  Quote
	}{
		"unknown":                    {Estimate{}, 3, Quote{}},
		"unknown and next":           {Estimate{}, 0, Quote{}},
		"next":                       {minutes(1, 5), 0, Quote{Kind: QuoteNext}},
		"under a minute":             {minutes(0.1, 0.9), 1, Quote{Kind: QuoteLessThanMinute}},
		"a minute is up to one":      {minutes(0.2, 1), 1, Quote{Kind: QuoteRange, High: 1}},
		"up to":                      {minutes(0.9, 3.2), 1, Quote{Kind: QuoteRange, High: 4}},
		"single minutes":             {minutes(2.9, 6.1), 2, Quote{Kind: QuoteRange, Low: 2, High: 7}},
		"exact minute":               {minutes(3, 3), 2, Quote{Kind: QuoteAbout, Low: 3, High: 3}},
		"ten is spoken":              {minutes(4, 9.5), 2, Quote{Kind: QuoteRange, Low: 4, High: 10}},
		"fives above ten":            {minutes(7.5, 11), 5, Quote{Kind: QuoteRange, Low: 7, High: 15}},
		"fives at both ends":         {minutes(13, 27), 9, Quote{Kind: QuoteRange, Low: 10, High: 30}},
		"tens above thirty":          {minutes(22, 41), 9, Quote{Kind: QuoteRange, Low: 20, High: 50}},
		"an hour is the last":        {minutes(33, 60), 9, Quote{Kind: QuoteRange, Low: 30, High: 60}},
		"more than":                  {minutes(33, 61), 9, Quote{Kind: QuoteMoreThan, Low: 30}},
		"too wide for a lower bound": {minutes(4, 75), 9, Quote{Kind: QuoteRange, High: 80}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, NextQuote(Quote{}, 0, tc.est, tc.ahead, false)); diff != "" {
				t.Errorf("quote (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNextQuoteRisesOnlyForACause(t *testing.T) {
	t.Parallel()
	told := Quote{Kind: QuoteRange, Low: 3, High: 6}
	for name, tc := range map[string]struct {
		prev  Quote
		est   Estimate
		ahead int // it was 4
		fewer bool
		want  Quote
	}{
		"the same":                {told, minutes(3.5, 5.5), 4, false, told},
		"rose by itself":          {told, minutes(5, 9), 4, false, told},
		"upper end rose":          {told, minutes(2, 9), 4, false, Quote{Kind: QuoteRange, Low: 2, High: 6}},
		"fell":                    {told, minutes(1, 3), 3, false, Quote{Kind: QuoteRange, Low: 1, High: 3}},
		"fewer ahead, slower":     {told, minutes(5, 9), 3, false, told},
		"more ahead":              {told, minutes(5, 9), 5, false, Quote{Kind: QuoteRange, Low: 5, High: 9}},
		"fewer agents":            {told, minutes(5, 9), 4, true, Quote{Kind: QuoteRange, Low: 5, High: 9}},
		"became unknown":          {told, Estimate{}, 4, false, Quote{}},
		"next now":                {told, minutes(0.5, 4), 0, false, Quote{Kind: QuoteNext}},
		"first words":             {Quote{}, minutes(5, 9), 4, false, Quote{Kind: QuoteRange, Low: 5, High: 9}},
		"no longer next":          {Quote{Kind: QuoteNext}, minutes(1, 3), 5, false, Quote{Kind: QuoteRange, Low: 1, High: 3}},
		"stays under a minute":    {Quote{Kind: QuoteLessThanMinute}, minutes(1, 3), 4, false, Quote{Kind: QuoteLessThanMinute}},
		"an end to the long wait": {Quote{Kind: QuoteMoreThan, Low: 30}, minutes(40, 55), 4, false, Quote{Kind: QuoteRange, Low: 30, High: 60}},
		"long wait stays":         {Quote{Kind: QuoteMoreThan, Low: 30}, minutes(50, 99), 4, false, Quote{Kind: QuoteMoreThan, Low: 30}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, NextQuote(tc.prev, 4, tc.est, tc.ahead, tc.fewer)); diff != "" {
				t.Errorf("quote (-want +got):\n%s", diff)
			}
		})
	}
}

func TestQuoteProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		quote, ahead := Quote{}, 0
		for range rapid.IntRange(1, 12).Draw(t, "updates") {
			low := rapid.Float64Range(0, 80).Draw(t, "low")
			est := minutes(low, low+rapid.Float64Range(0, 80).Draw(t, "width"))
			nextAhead := rapid.IntRange(1, 6).Draw(t, "ahead")
			fewer := rapid.Bool().Draw(t, "fewer agents")
			next := NextQuote(quote, ahead, est, nextAhead, fewer)
			nextLow, nextHigh := next.ends()
			prevLow, prevHigh := quote.ends()
			worse := fewer || nextAhead > ahead || quote.Kind == QuoteNothing
			if !worse && (nextLow > prevLow || nextHigh > prevHigh) {
				t.Fatalf("rose from %+v to %+v although nothing got worse", quote, next)
			}
			if worse && time.Duration(nextLow)*time.Minute > est.Low {
				t.Fatalf("%+v promises a longer least wait than %v", next, est.Low)
			}
			if worse && nextHigh != endless && est.High > time.Duration(max(1, nextHigh))*time.Minute {
				t.Fatalf("%+v promises a shorter longest wait than %v", next, est.High)
			}
			quote, ahead = next, nextAhead
		}
	})
}

func TestJudge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		quote               Quote
		wait                time.Duration
		early, late, unsaid bool
	}{
		{Quote{Kind: QuoteNext}, time.Minute, false, false, true},
		{Quote{}, time.Minute, false, false, true},
		{Quote{Kind: QuoteLessThanMinute}, 59 * time.Second, false, false, false},
		{Quote{Kind: QuoteLessThanMinute}, time.Minute, false, true, false},
		{Quote{Kind: QuoteRange, Low: 2, High: 4}, 119 * time.Second, true, false, false},
		{Quote{Kind: QuoteRange, Low: 2, High: 4}, 4 * time.Minute, false, false, false},
		{Quote{Kind: QuoteRange, Low: 2, High: 4}, 241 * time.Second, false, true, false},
		{Quote{Kind: QuoteAbout, Low: 3, High: 3}, 2 * time.Minute, false, false, false},
		{Quote{Kind: QuoteAbout, Low: 3, High: 3}, 241 * time.Second, false, true, false},
		{Quote{Kind: QuoteAbout, Low: 15, High: 15}, 10 * time.Minute, false, false, false},
		{Quote{Kind: QuoteAbout, Low: 15, High: 15}, 9 * time.Minute, true, false, false},
		{Quote{Kind: QuoteMoreThan, Low: 30}, 29 * time.Minute, true, false, false},
		{Quote{Kind: QuoteMoreThan, Low: 30}, 5 * time.Hour, false, false, false},
	} {
		early, late, told := c.quote.Judge(c.wait)
		if early != c.early || late != c.late || told == c.unsaid {
			t.Errorf("%+v after %v: early %v, late %v, told %v", c.quote, c.wait, early, late, told)
		}
	}
}
