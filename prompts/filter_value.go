package prompts

import (
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/currency"

	"github.com/linekeeper/linekeeper/callers"
)

// asOf looks through AsOf and pointers. The value is nil where there is none.
func asOf(value any) AsOf {
	var out AsOf
	for {
		if given, ok := value.(AsOf); ok {
			value, out.Now = given.Value, given.Now
			continue
		}
		v := reflect.ValueOf(value)
		if v.Kind() != reflect.Pointer {
			break
		}
		if v.IsNil() {
			return out
		}
		value = v.Elem().Interface()
	}
	if at, ok := value.(time.Time); ok && at.IsZero() {
		return out
	}
	if text, ok := textOf(value); ok && text == "" {
		return out
	}
	out.Value = value
	return out
}

// kindOf names the kind of a value and not the value.
func kindOf(value any) string {
	switch value.(type) {
	case callers.Money:
		return "an amount"
	case time.Time:
		return "a point in time"
	case time.Duration:
		return "a duration"
	}
	switch v := reflect.ValueOf(value); {
	case v.Kind() == reflect.String:
		return "a text"
	case v.Kind() == reflect.Bool:
		return "a truth value"
	case v.CanInt(), v.CanUint(), v.CanFloat():
		return "a number"
	}
	return "a value of another kind"
}

var errKind = errors.New("the filter does not take such values")

// textOf gives a text without blanks at its ends.
func textOf(value any) (string, bool) {
	v := reflect.ValueOf(value)
	if v.Kind() != reflect.String {
		return "", false
	}
	return strings.TrimSpace(v.String()), true
}

// numberOf gives a number as exact as it is given, rounded to so many places.
func numberOf(value any, places int) (decimal, error) {
	if _, ok := value.(time.Duration); ok {
		return decimal{}, errKind
	}
	if text, ok := textOf(value); ok {
		return parseDecimal(text, places)
	}
	switch v := reflect.ValueOf(value); {
	case v.CanInt():
		return parseDecimal(strconv.FormatInt(v.Int(), 10), places)
	case v.CanUint():
		return parseDecimal(strconv.FormatUint(v.Uint(), 10), places)
	case v.CanFloat():
		f := v.Float()
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return decimal{}, errors.New("it is not a finite number")
		}
		bits := 64
		if v.Kind() == reflect.Float32 {
			bits = 32
		}
		return parseDecimal(strconv.FormatFloat(f, 'f', -1, bits), places)
	}
	return decimal{}, errKind
}

// digitsOf gives what is to be spelled: a text, or a whole number as it is written.
func digitsOf(value any) (string, error) {
	text, ok := textOf(value)
	if !ok {
		d, err := numberOf(value, maxFraction)
		if err != nil {
			return "", err
		}
		if d = d.trimmed(); d.fraction != "" || d.negative {
			return "", errors.New("it is not a whole number from 0 on")
		}
		text = strconv.FormatUint(d.whole, 10)
	}
	if len([]rune(text)) > longestSpelled {
		return "", errors.New("it is too long to be spelled")
	}
	return text, nil
}

// longestSpelled is how many characters are spelled at most: nobody can follow more.
const longestSpelled = 64

// amountOf gives an amount in its currency; code is that of the document, or "".
func amountOf(value any, code string) (callers.Money, error) {
	m, ok := value.(callers.Money)
	if !ok {
		text, isText := textOf(value)
		if number, own, found := strings.Cut(text, " "); isText && found {
			value = number
			m.Currency = strings.TrimSpace(own)
		} else {
			m.Currency = code
		}
		if m.Currency == "" {
			return m, errors.New(`it has no currency: name one, as in "money RUB"`)
		}
		if _, err := currency.ParseISO(m.Currency); err != nil {
			return m, errors.New("its currency is no code of ISO 4217")
		}
		d, err := numberOf(value, decimals(m.Currency))
		if err != nil {
			return m, err
		}
		if m.Minor, ok = d.minor(decimals(m.Currency)); !ok {
			return m, errors.New("it is too large to be told")
		}
	}
	if code != "" && m.Currency != code {
		return m, errors.New("its currency is another than the document says")
	}
	return m, nil
}

// minor gives a decimal in the smallest parts of its unit, false when they are too many.
func (d decimal) minor(places int) (int64, bool) {
	digits := strconv.FormatUint(d.whole, 10) + d.fraction + strings.Repeat("0", max(0, places-len(d.fraction)))
	if d.negative {
		digits = "-" + digits
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil
}

// lengthOf gives a duration: of Go, of seconds, or of a text such as "1h30m".
func lengthOf(value any) (time.Duration, error) {
	if d, ok := value.(time.Duration); ok {
		return d, nil
	}
	if text, ok := textOf(value); ok {
		if d, err := time.ParseDuration(text); err == nil {
			return d, nil
		}
	}
	d, err := numberOf(value, 3)
	if err != nil {
		return 0, err
	}
	millis, ok := d.minor(3)
	if !ok || millis > math.MaxInt64/int64(time.Millisecond) || millis < math.MinInt64/int64(time.Millisecond) {
		return 0, errors.New("it is too long to be told")
	}
	return time.Duration(millis) * time.Millisecond, nil
}
