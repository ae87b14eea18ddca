package prompts

import (
	"slices"
	"strings"
	"testing"
)

func TestStanding(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		all := map[string]Sentence{}
		for _, s := range Standing(lang) {
			all[s.Key] = s
			if s.Values != strings.Contains(s.Text, "{") {
				t.Errorf("%s %s: values %v in %q", lang, s.Key, s.Values, s.Text)
			}
		}
		for _, key := range Keys() {
			s, there := all[string(key)]
			if key == KeyWaitQuote { // nothing but its value
				continue
			}
			if !there || s.Values != (len(arguments[key]) > 0) {
				t.Errorf("%s %s: %+v", lang, key, s)
			}
			if !s.Values && s.Text != Message(lang, key) {
				t.Errorf("%s %s: %q is not what is said", lang, key, s.Text)
			}
		}
	}
}

func TestForeseen(t *testing.T) {
	t.Parallel()
	for lang, some := range map[string][]string{
		Russian: {"Вам ответят через две-четыре минуты."},
		English: {"You are next in line.", "You are number twenty in line.", "The wait is ten to fifteen minutes."},
	} {
		all := Foreseen(lang)
		for _, want := range some {
			if !slices.Contains(all, want) {
				t.Errorf("%s: %q is not foreseen", lang, want)
			}
		}
		for _, text := range all {
			if strings.Contains(text, "{") {
				t.Errorf("%s: %q", lang, text)
			}
		}
		if len(all) < 100 || len(all) > 250 {
			t.Errorf("%s: %d sentences", lang, len(all))
		}
	}
}
