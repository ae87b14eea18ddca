package dialplan

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// SkillLanguage stands for the caller's language among the skills of a node.
const SkillLanguage = "{{caller.language}}"

var templatePattern = regexp.MustCompile(`\{\{\s*(.*?)\s*\}\}`)

// spaced puts one space around the bar of a template.
func spaced(inner string) string {
	value, filter, piped := cutFilter(inner)
	if !piped {
		return strings.TrimSpace(value)
	}
	return strings.TrimSpace(value) + " | " + strings.TrimSpace(filter)
}

// cutFilter parts a template at its bar, which is neither one of "||" nor within
// a text.
func cutFilter(inner string) (value, filter string, piped bool) {
	var quote rune
	runes := []rune(inner)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case quote != 0 && r == '\\' && quote != '`':
			i++
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case strings.ContainsRune("\"'`", r):
			quote = r
		case r == '|' && i+1 < len(runes) && runes[i+1] == '|':
			i++
		case r == '|':
			return string(runes[:i]), string(runes[i+1:]), true
		}
	}
	return inner, "", false
}

// sentences is a text that was read: the words, with one mark for each template.
type sentences struct {
	words string
	holes []hole
}

// hole is a template: what is put in its place.
type hole struct {
	expr        *Expression
	filter, arg string // "" for none
}

// textKey finds the templates of a text. Texts are kept by what they say and by
// the dialogue whose arguments they name.
type textKey struct{ dialogue, text string }

// mark of the i-th template in the words of a text: a rune that nobody writes.
const firstMark = '\U000F0000'

func markOf(i int) string { return string(firstMark + rune(i)) }

func isMark(r rune) bool { return r >= firstMark && r <= '\U000FFFFD' }

// readTemplates compiles the templates of one text; on is nil where there can be none.
func (p *parser) readTemplates(n *yaml.Node, lang string, on *Node) {
	text := strings.TrimSpace(n.Value)
	if strings.ContainsFunc(text, isMark) {
		p.fail(n, "", "the text has a character of private use, which nobody can say")
		return
	}
	if rest := templatePattern.ReplaceAllString(text, ""); strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
		p.fail(n, "", "a template is not closed: it needs {{ and }}")
		return
	}
	var read sentences
	last := 0
	for _, m := range templatePattern.FindAllStringSubmatchIndex(text, -1) {
		inner := text[m[2]:m[3]]
		if on == nil {
			p.fail(n, "", "there can be no template here: {{%s}}", spaced(inner))
			return
		}
		h, ok := p.template(n, inner, lang, on)
		if !ok {
			return
		}
		read.words += text[last:m[0]] + markOf(len(read.holes))
		read.holes = append(read.holes, h)
		last = m[1]
	}
	if len(read.holes) == 0 {
		return
	}
	read.words += text[last:]
	p.doc.texts[textKey{on.Dialogue, text}] = read
}

// template compiles one template.
func (p *parser) template(n *yaml.Node, inner, lang string, on *Node) (hole, bool) {
	source, filter, piped := cutFilter(inner)
	e := p.compiled(n, source, KindAny)
	if e == nil {
		return hole{}, false
	}
	h := hole{expr: e}
	line, col, _ := p.locate(n, strings.TrimSpace(source))
	h.filter, h.arg, _ = strings.Cut(strings.TrimSpace(filter), " ")
	h.arg = strings.TrimSpace(h.arg)
	if piped && h.filter == "" {
		p.failAt(line, col, filterHint(e), "{{%s}} has a bar and no filter behind it", inner)
		return hole{}, false
	}
	if msg, hint := h.check(lang); msg != "" {
		p.failAt(line, col, hint, "{{%s}} %s", spaced(inner), msg)
		return hole{}, false
	}
	for _, name := range e.names {
		if need := guards[name]; on.Require < need {
			p.failAt(line, col, "numbers can be spoofed", `{{%s}} needs "require: %s" on its node`, spaced(inner), need)
			return hole{}, false
		}
	}
	p.spoken = append(p.spoken, spokenName{expr: e, node: on, line: line, col: col, shown: spaced(inner)})
	return h, true
}

// spokenName is an expression whose value is said, for the checks at the end.
type spokenName struct {
	expr      *Expression
	node      *Node
	line, col int
	shown     string
}

// sentence checks one text with its templates; there can be some when a node is
// given, which says it.
func (p *parser) sentence(n *yaml.Node, lang string, on *Node) {
	switch {
	case n.Kind != yaml.ScalarNode: // the reader of the value says so
	case strings.TrimSpace(n.Value) == "":
		p.fail(n, "", "the text is empty")
	default:
		p.readTemplates(n, lang, on)
	}
}
