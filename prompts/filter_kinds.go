package prompts

import (
	"errors"
	"strings"
	"time"
	"unicode"
)

// tell makes a speaker of a conversion and the words for what it gives.
func tell[T any](convert func(value any) (T, error), words func(T) string) valueSpeaker {
	return func(value any, _ time.Time) (string, error) {
		converted, err := convert(value)
		if err != nil {
			return "", err
		}
		if said := words(converted); said != "" {
			return said, nil
		}
		return "", errors.New("there is nothing in it that could be told")
	}
}

func textFilter(lang string, _ *options) valueSpeaker {
	return tell(func(value any) (string, error) {
		if text, ok := textOf(value); ok {
			return text, nil
		}
		d, err := numberOf(value, maxFraction)
		return d.trimmed().words(lang, Masculine, Nominative), err
	}, func(text string) string {
		return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	})
}

func numberFilter(lang string, o *options) valueSpeaker {
	form := o.form()
	return tell(trimmedNumber, func(d decimal) string { return d.words(lang, form.Gender, form.Case) })
}

func trimmedNumber(value any) (decimal, error) {
	d, err := numberOf(value, maxFraction)
	return d.trimmed(), err
}

func ordinalFilter(lang string, o *options) valueSpeaker {
	form := o.form()
	return tell(func(value any) (int64, error) {
		d, err := trimmedNumber(value)
		if err == nil && (d.fraction != "" || d.negative) {
			err = errors.New("it is no place in a row")
		}
		return int64(d.whole), err // numberOf reads at most 63 bits
	}, func(n int64) string { return Ordinal(lang, n, form) })
}

func moneyFilter(lang string, o *options) valueSpeaker {
	code := o.currency()
	c, _ := o.grammatical()
	return func(value any, _ time.Time) (string, error) {
		m, err := amountOf(value, code)
		if err != nil {
			return "", err
		}
		return Money(lang, m, c), nil
	}
}

var percents = map[string]noun{Russian: hardRU("процент"), English: nounEN("percent", "percent")}

func percentFilter(lang string, o *options) valueSpeaker {
	c, _ := o.grammatical()
	return tell(func(value any) (decimal, error) {
		if text, ok := textOf(value); ok {
			value = strings.TrimSuffix(text, "%")
		}
		return trimmedNumber(value)
	}, func(d decimal) string { return d.counting(lang, percents[lang], c) })
}

// counting says a number of things, broken ones too: "две целых пять десятых процента".
func (d decimal) counting(lang string, w noun, c Case) string {
	following := w.after(lang, d.whole, c)
	if d.fraction != "" {
		following = map[string]string{Russian: w.few, English: w.many[c]}[lang]
	}
	return d.words(lang, w.gender, c) + " " + following
}

func digitsFilter(lang string, _ *options) valueSpeaker {
	return tell(digitsOf, func(text string) string { return Digits(lang, text) })
}

func phoneFilter(lang string, _ *options) valueSpeaker {
	return tell(digitsOf, func(text string) string { return Phone(lang, text) })
}

func codeFilter(lang string, _ *options) valueSpeaker {
	return tell(digitsOf, func(text string) string { return Code(lang, text) })
}

func spellFilter(lang string, _ *options) valueSpeaker {
	return tell(digitsOf, func(text string) string { return Spell(lang, text) })
}

func durationFilter(lang string, o *options) valueSpeaker {
	unit := []time.Duration{time.Second, time.Hour, time.Minute}[o.oneOf("hours", "minutes")+1]
	c, _ := o.grammatical()
	return tell(lengthOf, func(d time.Duration) string {
		if rounded := d.Round(unit); rounded != 0 {
			d = rounded
		}
		return Duration(lang, d, c)
	})
}

var yesNo = map[string]map[bool]string{
	Russian: {true: "да", false: "нет"},
	English: {true: "yes", false: "no"},
}

func yesNoFilter(lang string, _ *options) valueSpeaker {
	return tell(func(value any) (bool, error) {
		if truth, ok := value.(bool); ok {
			return truth, nil
		}
		text, ok := textOf(value)
		if !ok {
			d, err := trimmedNumber(value)
			return d.whole != 0 || d.fraction != "", err
		}
		switch strings.ToLower(text) {
		case "true", "yes", "y", "1", "да":
			return true, nil
		case "false", "no", "n", "0", "нет":
			return false, nil
		}
		return false, errors.New("it is neither true nor false")
	}, func(truth bool) string { return yesNo[lang][truth] })
}
