package drawing

import (
	"strings"
	"unicode/utf8"
)

// clip shortens a text to so many letters, the last of which is then an ellipsis.
func clip(s string, letters int) string {
	if utf8.RuneCountInString(s) <= letters {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:letters-1]), " ,.;:-") + "\u2026"
}

// wrap breaks a text into lines of at most so many letters, and shortens what
// does not fit into as many lines as there may be.
func wrap(s string, letters, lines int) []string {
	var out []string
	line := ""
	words := strings.Fields(s)
	for i, word := range words {
		word = clip(word, letters)
		joined := strings.TrimSpace(line + " " + word)
		if utf8.RuneCountInString(joined) <= letters {
			line = joined
			continue
		}
		if len(out) == lines-1 {
			return append(out, clip(line+" "+strings.Join(words[i:], " "), letters))
		}
		out, line = append(out, line), word
	}
	if line != "" {
		out = append(out, line)
	}
	return out
}
