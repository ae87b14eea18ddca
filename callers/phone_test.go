package callers

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNormalize(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, region, want string }{
		{"+79161234501", "RU", "+79161234501"},
		{"+79161234501", "", "+79161234501"},
		{"89161234501", "RU", "+79161234501"},
		{"9161234501", "ru", "+79161234501"},
		{"79161234501", "RU", "+79161234501"},
		{" +7 (916) 123-45-01 ", "GB", "+79161234501"},
		{"8-800-555-01-01", "RU", "+78005550101"},
		{"+442079460003", "RU", "+442079460003"},
		{"020 7946 0003", "GB", "+442079460003"},
		{"00442079460003", "DE", "+442079460003"},
		{"810442079460003", "RU", "+442079460003"},
		{"9161234501", "", ""},
		{"9161234501", "XX", ""},
		{"", "RU", ""}, {"anonymous", "RU", ""}, {"Restricted", "RU", ""}, {"unknown", "RU", ""},
		{"101", "RU", ""}, {"1001", "RU", ""}, {"112", "RU", ""}, {"10012", "DE", ""},
		{"+", "RU", ""}, {"+7", "RU", ""}, {"7+9161234501", "RU", ""}, {"++79161234501", "RU", ""},
		{"+7916123450", "RU", ""}, {"+791612345011", "RU", ""},
		{"sip:alice@example.com", "RU", ""}, {"+79161234501 ext. 5", "RU", ""}, {"1-800-FLOWERS", "US", ""},
		{"\u0661\u0662\u0663", "RU", ""},
	} {
		got, ok := Normalize(c.raw, c.region)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("Normalize(%q, %q) = %q, %v, want %q", c.raw, c.region, got, ok, c.want)
		}
	}
}

func TestKnownRegion(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]bool{"RU": true, "ru": true, "GB": true, "": false, "XX": false, "Russia": false} {
		if got := KnownRegion(region); got != want {
			t.Errorf("KnownRegion(%q) = %v", region, got)
		}
	}
}

// What Normalize gives is E.164, and it is left as it is when read again.
func FuzzNormalize(f *testing.F) {
	f.Add("8 (916) 123-45-01", "RU")
	f.Add("+442079460003", "")
	f.Fuzz(func(t *testing.T, raw, region string) {
		got, ok := Normalize(raw, region)
		if !ok {
			if got != "" {
				t.Fatalf("no number, but %q", got)
			}
			return
		}
		if !strings.HasPrefix(got, "+") || !onlyDigits(got[1:]) || len(got) > 17 {
			t.Fatalf("%q is not E.164", got)
		}
		if again, ok := Normalize(got, ""); !ok || again != got {
			t.Fatalf("%q reads as %q, %v", got, again, ok)
		}
	})
}

func TestMask(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"+79161234501": "+7916*****01", "101": "***", "": "", "123456789": "*********", "1234567890": "12345***90",
	} {
		if got := Mask(number); got != want {
			t.Errorf("Mask(%q) = %q, want %q", number, got, want)
		}
	}
}

func TestMaskHidesAtLeastThree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`\+?[0-9]{0,15}`).Draw(t, "number")
		masked := Mask(number)
		if len(masked) != len(number) || strings.Count(masked, "*") < min(3, len(number)) {
			t.Fatalf("Mask(%q) = %q", number, masked)
		}
	})
}
