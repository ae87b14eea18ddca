package dialplan

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

var variablePattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,31}$`)

// reserved words of the expression language are no names of variables.
var reserved = []string{
	"and", "contains", "else", "endsWith", "false", "if", "in", "let", "matches", "nil", "not", "or", "startsWith", "true",
}

// variables reads what the document declares under "vars", or a dialogue under
// "params".
func (p *parser) variables(f field) []Variable {
	entries, ok := p.entries(f.value, quoted(f))
	if !ok {
		return nil
	}
	var vars []Variable
	for _, e := range entries {
		name := e.key.Value
		if !variablePattern.MatchString(name) || slices.Contains(reserved, name) {
			p.fail(e.key, "letters, digits and _, first a letter", "%q is no name of a variable", name)
			continue
		}
		kind, ok := p.oneOf(e.value, "kind of value", valueKinds)
		if !ok {
			kind = string(KindText) // so that its uses are not called faults too
		}
		vars = append(vars, Variable{Name: name, Kind: ValueKind(kind), line: e.key.Line, col: e.key.Column})
	}
	return vars
}

func (p *parser) declare(f field) {
	p.doc.Vars = map[string]Variable{}
	for _, v := range p.variables(f) {
		p.doc.Vars[v.Name] = v
	}
	p.scope = newScope(p.doc.Vars, nil)
}

// variable reads the name of a variable that is to get a value.
func (p *parser) variable(f field) (name string, kind ValueKind) {
	name, ok := p.scalar(f.value, quoted(f))
	if !ok {
		return "", KindAny
	}
	return name, p.declared(f.value, name)
}

// declared is the kind of a variable by its name, written at n.
func (p *parser) declared(n *yaml.Node, name string) ValueKind {
	v, ok := p.doc.Vars[name]
	if !ok {
		hint := DidYouMean(name, p.scope.fields("vars"))
		if hint == "" {
			hint = `declare it under "vars" of the document`
		}
		p.fail(n, hint, "there is no variable %q", name)
		return KindAny
	}
	return v.Kind
}

// expression reads one that must give the wanted kind; on is the node whose it
// is. It is nil when it has a fault.
func (p *parser) expression(f field, want ValueKind, on *Node) *Expression {
	if _, ok := p.scalar(f.value, quoted(f)); !ok {
		return nil
	}
	e := p.compiled(f.value, f.value.Value, want)
	if e == nil {
		return nil
	}
	p.guarded(f.value, e, on)
	return e
}

// compiled compiles a part of a scalar and tells a fault where it stands.
func (p *parser) compiled(n *yaml.Node, source string, want ValueKind) *Expression {
	e, fault := compile(source, want, p.scope)
	if fault != nil {
		line, col, exact := p.locate(n, strings.TrimSpace(source))
		if exact {
			col += fault.offset
		}
		p.failAt(line, col, fault.hint, "%s", fault.msg)
		return nil
	}
	e.dialogue = p.dialogue
	return e
}

// guarded finds conditions that go by what only a caller who is sure may learn.
// One that looks at the assurance itself knows what it does.
func (p *parser) guarded(n *yaml.Node, e *Expression, on *Node) {
	if e.mentions("caller.assurance") {
		return
	}
	for _, name := range e.names {
		if need := guards[name]; on.Require < need && slices.Contains(unspokenToo, name) {
			p.fail(n, "numbers can be spoofed", `%s needs "require: %s" on its node, or a look at caller.assurance beside it`, name, need)
		}
	}
}

// locate finds a part of a value in the source, which the YAML library does not
// tell; exact is false when it is not written there as it is read, because of
// escapes or line breaks.
func (p *parser) locate(n *yaml.Node, part string) (line, col int, exact bool) {
	if part == "" || n.Line < 1 || n.Line > len(p.lines) || strings.Contains(part, "\n") {
		return n.Line, n.Column, false
	}
	for i := n.Line - 1; i < len(p.lines) && i < n.Line+strings.Count(n.Value, "\n")+1; i++ {
		text, skipped := p.lines[i], 0
		if i == n.Line-1 {
			skipped = min(n.Column-1, utf8.RuneCountInString(text))
			text = string([]rune(text)[skipped:])
		}
		if at := strings.Index(text, part); at >= 0 {
			return i + 1, skipped + utf8.RuneCountInString(text[:at]) + 1, true
		}
	}
	return n.Line, n.Column, false
}
