package callers

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"golang.org/x/text/currency"
)

// ParseMoney reads a decimal amount, "1523.50" or "-7", of a currency (ISO 4217,
// upper case). More decimals than the currency has (CLDR) are an error, as are
// blanks, thousands separators and amounts beyond 63 bits.
func ParseMoney(amount, code string) (Money, error) {
	unit, err := currency.ParseISO(code)
	if err != nil || unit.String() != code {
		return Money{}, fmt.Errorf("%q is not a currency code of ISO 4217", code)
	}
	scale, _ := currency.Standard.Rounding(unit)
	whole, fraction, point := strings.Cut(amount, ".")
	digits := strings.TrimPrefix(whole, "-")
	if digits == "" || !onlyDigits(digits+fraction) || point && fraction == "" {
		return Money{}, fmt.Errorf("%q is not a decimal amount such as 1523.50", amount)
	}
	if len(fraction) > scale {
		return Money{}, fmt.Errorf("%q has more than the %d decimals of %s", amount, scale, code)
	}
	minor, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", scale-len(fraction)), 10, 64)
	if err != nil {
		return Money{}, fmt.Errorf("%q is too large an amount", amount)
	}
	return Money{Minor: minor, Currency: code}, nil
}

// String gives the amount as ParseMoney reads it, and the currency: "1523.50 RUB".
func (m Money) String() string {
	scale := m.scale()
	sign, digits := "", strconv.FormatInt(m.Minor, 10)
	if m.Minor < 0 {
		sign, digits = "-", digits[1:]
	}
	if missing := scale + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	text := sign + digits[:len(digits)-scale]
	if scale > 0 {
		text += "." + digits[len(digits)-scale:]
	}
	return strings.TrimSpace(text + " " + m.Currency)
}

// Units is the amount in units of its currency, to compare and compute with;
// beyond 2^53 of the smallest unit it is rounded.
func (m Money) Units() float64 {
	return float64(m.Minor) / math.Pow10(m.scale())
}

// scale is how many decimals the currency has (CLDR); 2 for one that is not known.
func (m Money) scale() int {
	if unit, err := currency.ParseISO(m.Currency); err == nil {
		scale, _ := currency.Standard.Rounding(unit)
		return scale
	}
	return 2
}

func onlyDigits(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}
