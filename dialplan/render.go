package dialplan

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/linekeeper/linekeeper/callers"
)

// words is a text as this caller hears it, and the language it is in: the
// document may not have the caller's.
//
// A value that is empty must not leave a broken sentence. An unknown name goes
// together with the comma that set it off: "Hello, {{caller.name}}!" becomes
// "Hello!", and "{{caller.name}}, welcome!" becomes "Welcome!". For any other
// value the whole sentence goes that would state it, up to its ".", "!" or "?".
// What has neither a letter nor a digit after that is "".
func (c *call) words(text Text) (said, lang string) {
	said, lang = text.In(c.s.Language, c.doc.Language)
	read, ok := c.doc.texts[textKey{c.node().Dialogue, said}]
	if !ok {
		return said, lang
	}
	values := make([]string, len(read.holes))
	for i, h := range read.holes {
		values[i] = c.fill(h, lang)
	}
	return read.with(values), lang
}

// with puts values into the text, or takes away what would state those that are "".
func (s sentences) with(values []string) string {
	said := s.words
	for i, h := range s.holes {
		at := strings.Index(said, markOf(i))
		if at < 0 || values[i] != "" {
			continue // its sentence went with another value
		}
		before, after := said[:at], said[at+len(markOf(i)):]
		if h.expr.Source == "caller.name" {
			said = withoutName(before, after)
		} else {
			said = withoutSentence(before, after)
		}
	}
	var b strings.Builder
	for _, r := range said {
		if i := int(r - firstMark); isMark(r) && i < len(values) {
			b.WriteString(values[i]) // a value is data: nothing in it is read again
			continue
		}
		b.WriteRune(r)
	}
	if !strings.ContainsFunc(b.String(), func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		return ""
	}
	return strings.TrimSpace(b.String())
}

// fill is what is said for a template, "" when there is nothing to say.
func (c *call) fill(h hole, lang string) string {
	if c.unset(h.expr) {
		return ""
	}
	v := c.eval(h.expr)
	if isEmpty(v) {
		return ""
	}
	said := h.put(lang, v, c)
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '{' || r == '}' || unicode.IsControl(r) || isMark(r) {
			return -1
		}
		return r
	}, said))
}

// unset says whether a number or a time is built on something that is not known.
// A text is judged by what comes of it.
func (c *call) unset(e *Expression) bool {
	if e.Kind == KindText {
		return false
	}
	for _, name := range e.names {
		if v, ok := strings.CutPrefix(name, "vars."); ok && !c.has(v) {
			return true
		}
		if name == "caller.balance" && !c.knowsBalance() {
			return true
		}
	}
	return false
}

// knowsBalance says whether there is a balance that this caller may hear.
func (c *call) knowsBalance() bool {
	// The check of documents asks for the PIN; this makes sure of it.
	return c.s.Caller.Balance != nil && c.s.Caller.Assurance >= callers.AssurancePIN
}

func withoutName(before, after string) string {
	head := strings.TrimRightFunc(before, unicode.IsSpace)
	if comma, ok := strings.CutSuffix(head, ","); ok {
		return strings.TrimRightFunc(comma, unicode.IsSpace) + after
	}
	tail := strings.TrimLeftFunc(after, unicode.IsSpace)
	if !startsSentence(head) {
		if tail != "" && strings.ContainsRune(".,!?:;", rune(tail[0])) {
			return head + tail
		}
		return head + " " + tail
	}
	tail = strings.TrimLeftFunc(strings.TrimLeft(tail, ",.!?"), unicode.IsSpace)
	first, size := utf8.DecodeRuneInString(tail)
	if size == 0 {
		return head
	}
	return strings.TrimLeft(head+" "+string(unicode.ToUpper(first))+tail[size:], " ")
}

func startsSentence(head string) bool {
	return head == "" || strings.ContainsRune(".!?", rune(head[len(head)-1]))
}

func withoutSentence(before, after string) string {
	head := before[:strings.LastIndexAny(before, ".!?")+1]
	end := strings.IndexAny(after, ".!?")
	if end < 0 {
		return head
	}
	return head + after[end+1:]
}
