package prompts

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

func TestFilterTakesGoValues(t *testing.T) {
	t.Parallel()
	msk := time.FixedZone("MSK", 3*3600)
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, msk)
	evening := time.Date(2026, 11, 25, 22, 30, 0, 0, time.UTC)
	balance := callers.Money{Minor: 152350, Currency: "RUB"}
	for _, c := range []struct {
		lang, name string
		value      any
		arg, want  string
	}{
		{"en", "number", int8(-3), "", "minus three"},
		{"en", "number", uint16(7), "", "seven"},
		{"en", "number", float32(0.1), "", "zero point one"},
		{"en", "number", 0.1 + 0.2, "", "zero point three"},
		{"en", "number", -1e-9, "", "zero"},
		{"en", "money", &balance, "", "one thousand five hundred twenty-three rubles and fifty kopecks"},
		{"en", "money", balance, "RUB", "one thousand five hundred twenty-three rubles and fifty kopecks"},
		{"en", "money", 2.675, "USD", "two dollars and sixty-eight cents"},
		{"en", "money", 5, "JPY", "five yen"},
		{"en", "money", callers.Money{Minor: -1 << 63, Currency: ""}, "", "minus ninety-two quadrillion two hundred thirty-three trillion " +
			"seven hundred twenty billion three hundred sixty-eight million five hundred forty-seven thousand seven hundred fifty-eight point zero eight"},
		{"en", "date", evening, "", "November twenty-fifth, twenty twenty-six"},
		{"en", "date", AsOf{evening, now}, "", "November twenty-sixth"},
		{"en", "date", AsOf{"2026-11-25T22:30:00Z", now}, "near", "tomorrow"},
		{"en", "date", AsOf{"2026-11-25", now}, "near", "today"},
		{"en", "date", AsOf{"2026-11-24", now}, "near", "yesterday"},
		{"en", "date", AsOf{"2026-11-27", now}, "near weekday", "on Friday, November twenty-seventh"},
		{"en", "date", AsOf{"2027-01-01", now}, "", "January first, twenty twenty-seven"},
		{"en", "date", AsOf{"2027-01-01", now}, "short", "January first"},
		{"en", "date", AsOf{"2026-01-01", now}, "year", "January first, twenty twenty-six"},
		{"en", "time", AsOf{evening, now}, "", "one thirty a.m."},
		{"en", "datetime", AsOf{evening, now}, "near", "tomorrow at one thirty a.m."},
		{"ru", "datetime", AsOf{&evening, now}, "near", "завтра в один час тридцать минут"},
		{"ru", "date", AsOf{"2026-11-24", now}, "near", "вчера"},
		{"ru", "date", AsOf{"2026-12-01", now}, "near weekday", "во вторник, первого декабря"},
		{"ru", "datetime", AsOf{"2026-12-01 09:05", now}, "", "первого декабря в девять часов пять минут"},
		{"en", "duration", 90 * time.Minute, "", "one hour thirty minutes"},
		{"en", "duration", 90.6, "", "one minute thirty-one seconds"},
		{"en", "duration", 20, "minutes", "twenty seconds"},
		{"en", "yes_no", true, "", "yes"},
		{"ru", "yes_no", 0, "", "нет"},
		{"en", "text", 5, "", "five"},
		{"en", "text", " two \t words\n", "", "two words"},
		{"en", "digits", 1001, "", "one zero, zero one"},
	} {
		got, err := Filter(c.lang, c.name, c.value, c.arg)
		if got != c.want || err != nil {
			t.Errorf("Filter(%s, %s, %v, %q) = %q, %v, want %q", c.lang, c.name, c.value, c.arg, got, err, c.want)
		}
	}
}

func TestFilterRefuses(t *testing.T) {
	t.Parallel()
	var nobody *callers.Money
	for _, c := range []struct {
		lang, name string
		value      any
		arg, want  string
	}{
		{"en", "shout", 1, "", `there is no filter "shout" (one of text, number, ordinal, `},
		{"en", "number", 1, "genitive", `the filter number: there are no cases in English: leave out "genitive"`},
		{"en", "number", 1, "neuter", `the filter number: there are no genders in English: leave out "neuter"`},
		{"ru", "number", 1, "big", `the filter number does not know "big"; it takes [gender] [case]`},
		{"ru", "digits", 1, "genitive", `the filter digits takes no argument: leave out "genitive"`},
		{"ru", "money", 1, "RUX genitive", `the filter money: "RUX" is not a currency code of ISO 4217`},
		{"ru", "count", 1, "звонок, звонков", `the filter count: write the forms after 1, 2 and 5`},
		{"ru", "count", 1, "", `the filter count: write the forms after 1, 2 and 5`},
		{"ru", "count", 1, "площадь, площади, площадей", `the filter count: the gender of "площадь" cannot be seen`},
		{"en", "count", 1, "call", `the filter count: write the forms for one and for several`},
		{"ru", "count", 2.5, "одного литра, литров, литров", "there is nothing in it that could be told"},
		{"en", "money", 1523.5, "", `put a number into words by the filter money: it has no currency: name one, as in "money RUB"`},
		{"en", "money", callers.Money{Minor: 1, Currency: "USD"}, "RUB", "its currency is another than the document says"},
		{"en", "money", "ten USD", "", "no number"},
		{"en", "money", "5 apples", "", "its currency is no code of ISO 4217"},
		{"en", "money", math.MaxInt64, "RUB", "too large"},
		{"en", "money", time.Second, "RUB", "put a duration into words by the filter money: the filter does not take such values"},
		{"en", "number", math.NaN(), "", "not a finite number"},
		{"en", "number", math.Inf(-1), "", "not a finite number"},
		{"en", "number", 1e300, "", "too large"},
		{"en", "number", uint64(math.MaxUint64), "", "too large"},
		{"en", "number", "4111111111111111x", "", "put a text into words by the filter number: a text that is no number such as 1523.50"},
		{"en", "number", []int{1}, "", "put a value of another kind into words by the filter number: the filter does not take such values"},
		{"en", "ordinal", -1, "", "no place in a row"},
		{"en", "ordinal", 1.5, "", "no place in a row"},
		{"en", "date", "18:30", "", "it has no day"},
		{"en", "datetime", "2026-11-25", "", "it has no time of day"},
		{"en", "time", "2026-11-25", "", "it has no time of day"},
		{"en", "date", "25.11.2026", "", "no date or time"},
		{"en", "date", "2026-02-29", "", "no date or time"},
		{"en", "date", 5, "", "does not take such values"},
		{"en", "duration", "soon", "", "no number"},
		{"en", "duration", 1e17, "", "too long"},
		{"en", "digits", -1, "", "not a whole number"},
		{"en", "digits", "none", "", "nothing in it that could be told"},
		{"en", "code", strings.Repeat("1", 65), "", "too long"},
		{"en", "yes_no", "perhaps", "", "neither true nor false"},
	} {
		got, err := Filter(c.lang, c.name, c.value, c.arg)
		if got != "" || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Filter(%s, %s, %v, %q) = %q, %v, want an error with %q", c.lang, c.name, c.value, c.arg, got, err, c.want)
		}
	}
	for _, nothing := range []any{nil, "", "  ", nobody, &nobody, time.Time{}, AsOf{}, AsOf{Value: nobody, Now: time.Now()}} {
		if _, err := Filter("en", "text", nothing, ""); !errors.Is(err, ErrNoValue) {
			t.Errorf("%v is a value: %v", nothing, err)
		}
	}
}

func TestCheckFilter(t *testing.T) {
	t.Parallel()
	for _, f := range Filters() {
		if f.Doc == "" || len(f.Takes) == 0 {
			t.Errorf("%s says nothing of itself", f.Name)
		}
		arg := map[string]string{"count": "item, items"}[f.Name]
		if err := CheckFilter("en", f.Name, arg); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		if err := CheckFilter("en", f.Name, "no such, option, at all"); err == nil {
			t.Errorf("%s takes any argument", f.Name)
		}
	}
	if err := CheckFilter("ru", "money", "EUR, genitive"); err != nil {
		t.Error(err)
	}
}
