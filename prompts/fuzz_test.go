package prompts

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

var (
	longDigits = regexp.MustCompile(`[0-9]{5,}`)
	badSpacing = regexp.MustCompile(`\s\s|^\s|\s$|[\t\n\r]| ,`)
)

// FuzzFilter feeds the filters with anything: each gives words or an error, and no
// error tells the value. What can be said by core sounds is said by some that exist.
func FuzzFilter(f *testing.F) {
	f.Add("ru", uint8(4), "1523.50 RUB", "genitive", 0.5, int64(7))
	f.Add("en", uint8(3), "-1", "item, items", 1e300, int64(-1<<63))
	f.Add("ru", uint8(3), "2.5", "одного дня, дней, дней", -2.5, int64(1<<62))
	f.Add("ru", uint8(10), "2026-11-25T18:30:00+03:00", "near weekday", 1e-9, int64(0))
	f.Add("en", uint8(7), "+79161234501", "", 3.14, int64(5))
	f.Add("ru", uint8(8), "AБ-1 \x00ß汉", "", 0.1, int64(12))
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, lang string, which uint8, text, arg string, float float64, n int64) {
		name := filters[int(which)%len(filters)].Name
		for _, value := range []any{
			text, AsOf{text, now}, float, n, uint64(n), time.Duration(n), time.Unix(n%1e11, 0).UTC(), callers.Money{Minor: n, Currency: text}, n > 0, []string{text},
		} {
			words, err := Filter(lang, name, value, arg)
			if (words == "") != (err != nil) {
				t.Fatalf("%s %v %q: %q, %v", name, value, arg, words, err)
			}
			if err != nil {
				for _, secret := range longDigits.FindAllString(text, -1) {
					if strings.Contains(err.Error(), secret) && !strings.Contains(arg, secret) {
						t.Fatalf("the error tells the value: %v", err)
					}
				}
				if CheckFilter(lang, name, arg) != nil && !strings.Contains(err.Error(), name) {
					t.Fatalf("the error does not name the filter: %v", err)
				}
				continue
			}
			if badSpacing.MatchString(words) {
				t.Fatalf("%s of %v is badly spaced: %q", name, value, words)
			}
			for _, sound := range first(Pieces(lang, words)) {
				if sound == "" {
					t.Fatalf("%q has a piece without a name", words)
				}
			}
		}
	})
}

func first[T any](value T, _ bool) T { return value }
