package dialplan

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ValueKind is what a variable holds or an expression gives.
type ValueKind string

// The kinds of values. An expression of KindAny is taken as whatever it gives.
const (
	KindAny    ValueKind = ""
	KindText   ValueKind = "text"
	KindNumber ValueKind = "number"
	KindYesNo  ValueKind = "yes_no"
	KindTime   ValueKind = "time"
)

var valueKinds = []string{string(KindText), string(KindNumber), string(KindYesNo), string(KindTime)}

// Variable is one that a document declares under "vars".
type Variable struct {
	Name string
	Kind ValueKind
	// Secret says that its value came from a secret entry: it lives in memory only,
	// and is neither saved nor spoken.
	Secret bool
	// Private says that its value came from what only the caller is to hear. It does
	// not go with a promise: whoever picks up then is known by number only.
	Private bool

	line, col int
}

// longestValue is how many characters a text in a variable may have; what is
// beyond is cut off, so that no document can make a call grow without end.
const longestValue = 500

// zero is what stands for a value that was never set.
func (k ValueKind) zero() any {
	switch k {
	case KindNumber:
		return 0.0
	case KindYesNo:
		return false
	case KindTime:
		return time.Time{}
	}
	return ""
}

// value converts what an expression gave, a caller keyed in or a database said.
// It is a string, float64, bool or time.Time then; ok is false when it does not
// fit the kind.
func (k ValueKind) value(from any) (v any, ok bool) {
	switch from := from.(type) {
	case string:
		return k.read(from)
	case bool:
		return from, k == KindYesNo
	case time.Time:
		return from, k == KindTime
	case int:
		return k.number(float64(from))
	case int64:
		return k.number(float64(from))
	case float64:
		return k.number(from)
	}
	return nil, false
}

func (k ValueKind) number(n float64) (any, bool) {
	return n, k == KindNumber && !math.IsNaN(n) && !math.IsInf(n, 0)
}

// read takes a value out of a text.
func (k ValueKind) read(text string) (any, bool) {
	switch trimmed := strings.TrimSpace(text); k {
	case KindNumber:
		n, err := strconv.ParseFloat(trimmed, 64)
		if err != nil {
			return nil, false
		}
		return k.number(n)
	case KindYesNo:
		switch strings.ToLower(trimmed) {
		case "yes", "true", "1", "t", "y":
			return true, true
		case "no", "false", "0", "f", "n":
			return false, true
		}
		return nil, false
	case KindTime:
		for _, layout := range []string{time.RFC3339Nano, time.DateTime, "2006-01-02T15:04:05", time.DateOnly} {
			if at, err := time.Parse(layout, trimmed); err == nil {
				return at, true
			}
		}
		return nil, false
	}
	return shortened(strings.ToValidUTF8(text, "")), true
}

func shortened(text string) string {
	if utf8.RuneCountInString(text) <= longestValue {
		return text
	}
	return string([]rune(text)[:longestValue])
}

// saved is a value as State.Vars keeps it, the same after it was marshalled and
// read again.
func saved(v any) any {
	if at, ok := v.(time.Time); ok {
		return at.Format(time.RFC3339Nano)
	}
	return v
}
