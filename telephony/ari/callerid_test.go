package ari

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/linekeeper/linekeeper/telephony"
)

func TestCallerID(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, number, want string }{
		{"", "", ""},
		{"", "+79161234567", "<+79161234567>"},
		{"Иван Петров", "+79161234567", `"Иван Петров" <+79161234567>`},
		{"Anna", "", `"Anna" <>`},
		{"alice", "alice.smith_2-x", `"alice" <alice.smith_2-x>`},
		{`Bob "the" <O'H>` + "\r\nVia: evil", "+7999>\r\n", `"Bob 'the' O'H Via: evil" <+7999>`},
		{`back\slash\`, "100\" <200>", `"backslash" <100200>`},
		{"turned \u202Eround\u2066\u0000", "\u0661\u0662+7", `"turned round" <+7>`},
		{"no\xffutf", "${EVAL(1)}|,;&", `"noutf" <EVAL1>`},
		{strings.Repeat("я", 100), strings.Repeat("1", 100), `"` + strings.Repeat("я", 60) + `" <` + strings.Repeat("1", 40) + ">"},
		{" \t\n", " ", ""},
	} {
		if got := callerIDString(telephony.CallerID{Name: tc.name, Number: tc.number}); got != tc.want {
			t.Errorf("%q %q is %s, want %s", tc.name, tc.number, got, tc.want)
		}
	}
}

func FuzzCallerID(f *testing.F) {
	for _, s := range []string{"", "Anna", `"`, `\`, "<", "a\r\nb", "\xff", "\u202E", strings.Repeat("x", 300), "a\" <1>"} {
		f.Add(s, s)
	}
	form := regexp.MustCompile(`^("[^"\\<>\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+" )?<[0-9A-Za-z+*#._-]*>$`)
	f.Fuzz(func(t *testing.T, name, number string) {
		got := callerIDString(telephony.CallerID{Name: name, Number: number})
		if got == "" {
			return
		}
		if !form.MatchString(got) || !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxCallerName+maxCallerNumber+5 {
			t.Fatalf("%q %q is shown as %q", name, number, got)
		}
	})
}
