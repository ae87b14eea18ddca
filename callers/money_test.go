package callers

import (
	"testing"

	"pgregory.net/rapid"
)

func TestParseMoney(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		amount, code string
		want         int64
	}{
		{"1523.50", "RUB", 152350}, {"7", "RUB", 700}, {"0.5", "USD", 50}, {"-0.05", "RUB", -5}, {"-7", "EUR", -700},
		{"00", "RUB", 0}, {"1250", "JPY", 1250}, {"1.234", "KWD", 1234}, {"92233720368547758.07", "RUB", 9223372036854775807},
	} {
		got, err := ParseMoney(c.amount, c.code)
		if want := (Money{Minor: c.want, Currency: c.code}); got != want || err != nil {
			t.Errorf("ParseMoney(%q, %q) = %v, %v, want %v", c.amount, c.code, got, err, want)
		}
	}
	for _, c := range [][2]string{
		{"", "RUB"}, {"-", "RUB"}, {".5", "RUB"}, {"5.", "RUB"}, {"1,5", "RUB"}, {"1 000", "RUB"}, {"+5", "RUB"}, {"--5", "RUB"},
		{"1.2.3", "RUB"}, {"0x10", "RUB"}, {"1e3", "RUB"}, {"1.005", "RUB"}, {"1.5", "JPY"}, {"5", ""}, {"5", "rub"}, {"5", "ZZZ"},
		{"92233720368547758.08", "RUB"},
	} {
		if got, err := ParseMoney(c[0], c[1]); err == nil {
			t.Errorf("ParseMoney(%q, %q) = %v", c[0], c[1], got)
		}
	}
}

func TestMoneyString(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]Money{
		"1523.50 RUB": {152350, "RUB"}, "0.00 RUB": {0, "RUB"}, "-0.05 RUB": {-5, "RUB"}, "1250 JPY": {1250, "JPY"},
		"-92233720368547758.08 RUB": {-9223372036854775808, "RUB"}, "0.07": {7, ""},
	} {
		if got := m.String(); got != want {
			t.Errorf("%#v: %q, want %q", m, got, want)
		}
	}
}

func TestMoneyRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := Money{
			Minor:    rapid.Int64().Draw(t, "minor"),
			Currency: rapid.SampledFrom([]string{"RUB", "JPY", "KWD", "EUR"}).Draw(t, "currency"),
		}
		text := m.String()
		got, err := ParseMoney(text[:len(text)-len(" RUB")], m.Currency)
		if err != nil || got != m {
			t.Fatalf("%q reads as %v, %v", text, got, err)
		}
	})
}
