package prompts

import (
	"maps"
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/queues"
)

// Sentence is a standing message as it stands in the catalogue of a language.
type Sentence struct {
	Key    string
	Text   string // {0}, {1} stand for its values
	Values bool   // it has some
}

// Standing lists the standing messages of a language (see Resolve), sorted by
// their keys: what somebody can record, and what has values in it.
func Standing(lang string) []Sentence {
	var all []Sentence
	catalogue := catalogues[Resolve(lang)]
	for _, key := range slices.Sorted(maps.Keys(catalogue)) {
		text := catalogue[key]
		if strings.Trim(text, "{}0123456789 ") == "" {
			continue // nothing but its value
		}
		all = append(all, Sentence{string(key), text, strings.Contains(text, "{0}") || strings.Contains(text, "{1}")})
	}
	return all
}

// The places and minutes of Foreseen.
const (
	foreseenPlaces  = 20
	foreseenMinutes = 10
)

// Foreseen lists the sentences with values that any hotline says sooner or later,
// in a language (see Resolve): the first twenty places in line, waits that are
// told in minutes up to ten and in steps up to an hour, and the offer to be called
// back. They can be made before anybody waits for them.
func Foreseen(lang string) []string {
	var all []string
	add := func(text string) {
		if text != "" && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	for ahead := range foreseenPlaces {
		add(Message(lang, KeyQueuePosition, ahead))
	}
	minutes := []int{15, 20, 25, 30, 40, 50, 60}
	for n := foreseenMinutes; n > 0; n-- {
		minutes = append([]int{n}, minutes...)
	}
	for i, high := range minutes {
		add(WaitQuote(lang, queues.Quote{Kind: queues.QuoteAbout, Low: high, High: high}))
		for _, low := range append([]int{0}, minutes[:i]...) {
			add(WaitQuote(lang, queues.Quote{Kind: queues.QuoteRange, Low: low, High: high}))
		}
		add(WaitQuote(lang, queues.Quote{Kind: queues.QuoteMoreThan, Low: high}))
	}
	add(Message(lang, KeyOfferCallback, "1"))
	return all
}
