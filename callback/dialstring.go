package callback

import (
	"fmt"
	"strings"
)

// maxTemplate is far below what a switch takes as an endpoint.
const maxTemplate = 200

// DialString puts a number into the template of an endpoint: {number} becomes
// the number with its +, {digits} without. It is the only way by which a number
// gets to the switch. It fails for anything that is not ValidNumber and for a
// template that CheckTemplate refuses.
func DialString(template, number string) (string, error) {
	if err := CheckTemplate(template); err != nil {
		return "", err
	}
	if !ValidNumber(number) {
		return "", fmt.Errorf("dial string for %q: not + and 8 to 15 digits", number)
	}
	return strings.NewReplacer("{number}", number, "{digits}", number[1:]).Replace(template), nil
}

// CheckTemplate says what is wrong with the template of an endpoint, such as
// "PJSIP/{number}@trunk" or "Local/{digits}@from-internal/n". It must begin with
// a technology, hold {number} or {digits}, and have no characters with which a
// switch's dialplan separates or computes things (such as & , | $ and spaces).
func CheckTemplate(template string) error {
	bad := func(why string) error { return fmt.Errorf("endpoint template %q: %s", template, why) }
	if len(template) > maxTemplate {
		return fmt.Errorf("endpoint template of %d characters: longer than %d", len(template), maxTemplate)
	}
	tech, rest, found := strings.Cut(template, "/")
	if !found || tech == "" || rest == "" {
		return bad(`must have the form TECHNOLOGY/ADDRESS, such as "PJSIP/{number}@trunk"`)
	}
	for i := range len(tech) {
		if !isAlnum(tech[i]) {
			return bad("the technology before the first / must be letters and digits")
		}
	}
	plain := strings.NewReplacer("{number}", "", "{digits}", "").Replace(rest)
	if len(plain) == len(rest) {
		return bad("has neither {number} nor {digits}: every customer would be the same endpoint")
	}
	for i := range len(plain) {
		if !isAlnum(plain[i]) && !strings.ContainsRune("_-.:@/;=+*#", rune(plain[i])) {
			return bad(fmt.Sprintf("character %q is not allowed", plain[i]))
		}
	}
	return nil
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
