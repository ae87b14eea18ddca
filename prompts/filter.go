package prompts

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// FilterInfo says what a filter of templates does.
type FilterInfo struct {
	Name  string
	Takes []string // the kinds of values: "number", "amount", "date", "time", "duration", "text", "truth"
	Args  string   // what may follow the name, each in square brackets where it may be left out
	Doc   string   // one sentence
}

// AsOf is a value with the time at which it is told, for Filter: then a date has
// its year only if it is another than that of Now, near days can be called "today"
// and "tomorrow", and points in time are told by the clock of the location of Now.
type AsOf struct {
	Value any
	Now   time.Time
}

// ErrNoValue is the error of Filter for nil, an empty text and a zero time.
var ErrNoValue = errors.New("there is no value")

// Filters lists the filters in the order in which documentation tells them.
func Filters() []FilterInfo {
	list := make([]FilterInfo, len(filters))
	for i, f := range filters {
		list[i] = f.FilterInfo
	}
	return list
}

// Filter puts a value into words for a text in a language (see Resolve). name is
// one of Filters, arg what follows it in the template, options apart by blanks or
// commas. The words stand inside a sentence: they begin with a small letter but for
// names, and have no full stop.
//
// Numbers may be any integer or float of Go, or a text such as "1523.50". An
// amount is callers.Money, a text such as "1523.50 RUB", or a number whose
// currency arg names. Dates and times are time.Time, told by the clock of its
// location, or texts: RFC 3339, "2026-11-25", "2026-11-25 18:30", "18:30".
// Durations are time.Duration, a number of seconds, or a text such as "1h30m". A
// pointer stands for what it points to. AsOf may be around any value.
//
// It fails for a filter that is not known, for arguments that CheckFilter would
// refuse, with ErrNoValue, and for a value that is not of a kind the filter takes
// or too large to be told. Errors never repeat the value, which may be secret. It
// neither blocks nor reads the clock.
func Filter(lang, name string, value any, arg string) (string, error) {
	speak, err := prepared(lang, name, arg)
	if err != nil {
		return "", err
	}
	given := asOf(value)
	if given.Value == nil {
		return "", fmt.Errorf("put a value into words by the filter %s: %w", name, ErrNoValue)
	}
	words, err := speak(given.Value, given.Now)
	if err != nil {
		return "", fmt.Errorf("put %s into words by the filter %s: %w", kindOf(given.Value), name, err)
	}
	return words, nil
}

// CheckFilter says what is wrong with a filter as a document has it, before any
// value is known; nil when Filter will take it. lang is that of the text.
func CheckFilter(lang, name, arg string) error {
	_, err := prepared(lang, name, arg)
	return err
}

// filter makes a speaker of values from the argument in a document.
type filter struct {
	FilterInfo
	prepare func(lang string, o *options) valueSpeaker
}

// valueSpeaker puts a value, never nil or a pointer, into words; now may be zero.
type valueSpeaker func(value any, now time.Time) (string, error)

func prepared(lang, name, arg string) (valueSpeaker, error) {
	lang = Resolve(lang)
	for _, f := range filters {
		if f.Name != name {
			continue
		}
		o := &options{lang: lang, raw: strings.TrimSpace(arg)}
		o.words = strings.FieldsFunc(o.raw, func(r rune) bool { return r == ' ' || r == ',' })
		speak := f.prepare(lang, o)
		if err := o.problem(f.FilterInfo); err != nil {
			return nil, err
		}
		return speak, nil
	}
	names := make([]string, len(filters))
	for i, f := range filters {
		names[i] = f.Name
	}
	return nil, fmt.Errorf("there is no filter %q (one of %s)", name, strings.Join(names, ", "))
}

// filters are all there are. What each takes is told again in docs/flow-author.md.
var filters = []filter{
	{FilterInfo{"text", []string{"text", "number"}, "", "says a text as it is."}, textFilter},
	{FilterInfo{"number", []string{"number"}, "[gender] [case]", "says a whole or decimal number."}, numberFilter},
	{FilterInfo{"ordinal", []string{"number"}, "[gender] [case]", "says a place in a row: \"twenty-first\"."}, ordinalFilter},
	{FilterInfo{"count", []string{"number"}, "FORMS", "says a number of things, whose forms are given."}, countFilter},
	{FilterInfo{"money", []string{"amount", "number"}, "[CURRENCY] [case]", "says an amount of money."}, moneyFilter},
	{FilterInfo{"percent", []string{"number"}, "[case]", "says a number of percent."}, percentFilter},
	{FilterInfo{"digits", []string{"text", "number"}, "", "says digits one by one, in groups."}, digitsFilter},
	{FilterInfo{"phone", []string{"text", "number"}, "", "says a telephone number as people do."}, phoneFilter},
	{FilterInfo{"code", []string{"text", "number"}, "", "names letters and digits one by one."}, codeFilter},
	{FilterInfo{"spell", []string{"text", "number"}, "", "is code with a word for every letter."}, spellFilter},
	{FilterInfo{"date", []string{"date"}, "[weekday] [near] [year|short] [case]", "says a day."}, dateFilter},
	{FilterInfo{"time", []string{"time"}, "[case]", "says a time of day."}, timeFilter},
	{FilterInfo{"datetime", []string{"date"}, "[weekday] [near] [year|short]", "says a day and the time of day."}, datetimeFilter},
	{FilterInfo{"duration", []string{"duration", "number"}, "[hours|minutes] [case]", "says a length of time."}, durationFilter},
	{FilterInfo{"yes_no", []string{"truth"}, "", "says yes or no."}, yesNoFilter},
}
