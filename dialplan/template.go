package dialplan

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/prompts"
)

// The templates that a text can have, as they are written.
const (
	templateName    = "caller.name"
	templateBalance = "caller.balance | money"
	templateNumber  = "caller.number | digits"
)

// SkillLanguage stands for the caller's language among the skills of a node.
const SkillLanguage = "{{caller.language}}"

var templates = []string{templateName, templateBalance, templateNumber}

var templatePattern = regexp.MustCompile(`\{\{\s*(.*?)\s*\}\}`)

// spaced puts one space around the bar of a template.
func spaced(inner string) string {
	value, filter, piped := strings.Cut(inner, "|")
	if !piped {
		return strings.TrimSpace(value)
	}
	return strings.TrimSpace(value) + " | " + strings.TrimSpace(filter)
}

// sentence checks one text with its templates.
func (p *parser) sentence(n *yaml.Node, allowed bool, on *Node) {
	if n.Kind != yaml.ScalarNode {
		return // the reader of the value says so
	}
	if strings.TrimSpace(n.Value) == "" {
		p.fail(n, "", "the text is empty")
		return
	}
	if rest := templatePattern.ReplaceAllString(n.Value, ""); strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
		p.fail(n, "", "a template is not closed: it needs {{ and }}")
	}
	for _, m := range templatePattern.FindAllStringSubmatch(n.Value, -1) {
		template := spaced(m[1])
		switch {
		case !allowed:
			p.fail(n, "", "there can be no template here: {{%s}}", template)
		case !slices.Contains(templates, template):
			p.fail(n, nearestTemplate(template), "unknown template {{%s}}", template)
		case template == templateBalance && on.Require < callers.AssurancePIN:
			p.fail(n, "numbers can be spoofed", `{{%s}} needs "require: pin" on its node`, template)
		}
	}
}

// nearestTemplate also knows templates that only lack their filter or have a wrong one.
func nearestTemplate(written string) string {
	value, _, _ := strings.Cut(written, " |")
	for _, t := range templates {
		if known, _, _ := strings.Cut(t, " |"); DidYouMean(value, []string{known}) != "" {
			return "did you mean {{" + t + "}}?"
		}
	}
	return "one of {{" + strings.Join(templates, "}}, {{") + "}}"
}

// render puts what is known of the caller into a text.
//
// A value that is empty must not leave a broken sentence. An unknown name goes
// together with the comma that set it off: "Hello, {{caller.name}}!" becomes
// "Hello!", and "{{caller.name}}, welcome!" becomes "Welcome!". For any other
// value the whole sentence goes that would state it, up to its ".", "!" or "?".
func render(text, lang string, c callers.Caller) string {
	for {
		m := templatePattern.FindStringSubmatchIndex(text)
		if m == nil {
			return strings.TrimSpace(text)
		}
		template := spaced(text[m[2]:m[3]])
		before, after := text[:m[0]], text[m[1]:]
		switch value := templateValue(template, lang, c); {
		case value != "":
			text = before + value + after
		case template == templateName:
			text = withoutName(before, after)
		default:
			text = withoutSentence(before, after)
		}
	}
}

func templateValue(template, lang string, c callers.Caller) string {
	value := ""
	switch template {
	case templateName:
		value = c.Name
	case templateBalance:
		// The check of documents asks for the PIN; this makes sure of it.
		if c.Balance != nil && c.Assurance >= callers.AssurancePIN {
			value = prompts.Money(lang, *c.Balance, prompts.Nominative)
		}
	case templateNumber:
		value = prompts.Digits(lang, c.Number)
	}
	// A value is data: braces in it must not be read as a template again.
	return strings.TrimSpace(strings.NewReplacer("{", "", "}", "").Replace(value))
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
