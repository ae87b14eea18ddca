package dialplan

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// namedPattern is what lookups, hooks and agents of linekeeper.yaml are called.
var namedPattern = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// named reads the name of something that linekeeper.yaml has.
func (p *parser) named(f field, what string) string {
	v, ok := p.scalar(f.value, quoted(f))
	if ok && !namedPattern.MatchString(v) {
		p.fail(f.value, "letters, digits, _, . and -", "%q is no name of %s", v, what)
	}
	return v
}

func (p *parser) lookupNode(node *Node, f fields) {
	node.Lookup = &Lookup{Source: p.named(f["lookup"], "a lookup")}
	if _, ok := f["timeout"]; !ok {
		node.Timeout = defaultLookup
	}
	if v, ok := f["with"]; ok {
		entries, _ := p.entries(v.value, quoted(v))
		for _, e := range entries {
			node.Lookup.With = append(node.Lookup.With, Input{e.key.Value, p.expression(e, KindAny, node)})
		}
	}
	if v, ok := f["into"]; ok {
		entries, _ := p.entries(v.value, quoted(v))
		for _, e := range entries {
			p.declared(e.key, e.key.Value)
			field, ok := p.scalar(e.value, quoted(e))
			if ok && field == "" {
				p.fail(e.value, "", "%s needs the name of a field", quoted(e))
			}
			node.Lookup.Into = append(node.Lookup.Into, Output{Variable: e.key.Value, Field: field})
			// What was asked for behind a guard is not told in front of it.
			p.ways = append(p.ways, flow{to: "vars." + e.key.Value, needs: node.Require})
		}
	}
	if _, ok := f["next"]; !ok && !p.excused {
		p.fail(f["lookup"].key, "", `a lookup needs "next"`)
	}
}

func (p *parser) messageNode(node *Node, f fields) {
	node.Text = p.text(f["message"], node)
	node.Message = &Message{Longest: defaultMessage, Silence: messageSilence}
	if v, ok := f["longest"]; ok {
		node.Message.Longest = p.duration(v, false)
		if node.Message.Longest > longestMessage {
			p.fail(v.value, "", "%s must be at most %s", quoted(v), longestMessage)
		}
	}
	if v, ok := f["silence"]; ok {
		node.Message.Silence = p.duration(v, false)
	}
	if v, ok := f["hook"]; ok {
		node.Hook = p.named(v, "a hook")
	}
}

func (p *parser) surveyNode(node *Node, f fields) {
	if _, ok := f["tries"]; !ok {
		node.Tries = surveyTries
	}
	if _, ok := f["timeout"]; !ok {
		node.Timeout = surveyTimeout
	}
	if v, ok := f["thanks"]; ok {
		node.Thanks = p.text(v, node)
	}
	list := f["survey"]
	if !isSequence(list.value) || len(list.value.Content) == 0 {
		p.fail(list.value, "- {name: score, ask: TEXT}", `"survey" must be a list of questions`)
		return
	}
	for _, item := range list.value.Content {
		before := len(p.errs)
		keys, ok := p.mapping(item, "a question", []string{"name", "ask", "keys", "into"})
		if !ok {
			continue
		}
		q := Question{Low: lowestAnswer, High: highestAnswer}
		for _, key := range []string{"name", "ask"} {
			if !p.has(item, key) && len(p.errs) == before {
				p.fail(item, "", "a question needs %q", key)
			}
		}
		if v, ok := keys["name"]; ok {
			q.Name = p.named(v, "a question")
			if slices.ContainsFunc(node.Questions, func(o Question) bool { return o.Name == q.Name }) {
				p.fail(v.value, "", "two questions are called %q", q.Name)
			}
		}
		if v, ok := keys["ask"]; ok {
			q.Ask = p.text(v, node)
		}
		if v, ok := keys["keys"]; ok {
			q.Low, q.High = p.keyRange(v)
		}
		if v, ok := keys["into"]; ok {
			name, kind := p.variable(v)
			if q.Into = name; kind != KindNumber && kind != KindAny {
				p.fail(v.value, "declare it as number", "the answer is a number, and %q is %s", name, kind.article())
			}
		}
		node.Questions = append(node.Questions, q)
	}
}

// keyRange reads the keys that answer a question: 1-5.
func (p *parser) keyRange(f field) (low, high rune) {
	v, ok := p.scalar(f.value, quoted(f))
	if !ok {
		return lowestAnswer, highestAnswer
	}
	from, to, _ := strings.Cut(strings.ReplaceAll(v, " ", ""), "-")
	if len(from) != 1 || len(to) != 1 || from[0] < '0' || to[0] > '9' || from[0] >= to[0] {
		p.fail(f.value, `write it like 1-5`, "%q is no span of keys", v)
		return lowestAnswer, highestAnswer
	}
	return rune(from[0]), rune(to[0])
}

// Known is what linekeeper.yaml has that documents may name.
type Known struct {
	Lookups map[string]Shape // by name
	Hooks   []string
	Agents  []string // ids
	Hosts   []string // of SIP addresses
	Numbers []string // prefixes of numbers that callers may be put through to
}

// Shape is what a lookup wants and gives.
type Shape struct {
	Inputs []string
	Fields []string // nil when only the answer tells
}

// CheckKnown finds what documents name and linekeeper.yaml does not have: lookups and
// their inputs and fields, hooks, agents, and where nobody may be put through to. The
// error is an ErrorList.
func CheckKnown(docs []*Document, k Known) error {
	var errs ErrorList
	for _, d := range docs {
		for _, name := range d.Order {
			n := d.Nodes[name]
			fail := func(hint, format string, args ...any) {
				errs = append(errs, &Error{
					File: d.File, Line: max(n.line, 1), Col: max(n.col, 1), Msg: fmt.Sprintf("node %q: ", name) + fmt.Sprintf(format, args...), Hint: hint,
				})
			}
			if n.Lookup != nil {
				k.lookup(n.Lookup, fail)
			}
			if n.Hook != "" && !slices.Contains(k.Hooks, n.Hook) {
				fail(orElse(DidYouMean(n.Hook, k.Hooks), `write it under "hooks" of linekeeper.yaml`), "there is no hook %q", n.Hook)
			}
			if n.Target != nil {
				k.target(n.Target, fail)
			}
		}
	}
	return errs.asError()
}

func (k Known) lookup(l *Lookup, fail func(hint, format string, args ...any)) {
	shape, there := k.Lookups[l.Source]
	if !there {
		names := make([]string, 0, len(k.Lookups))
		for name := range k.Lookups {
			names = append(names, name)
		}
		slices.Sort(names)
		fail(orElse(DidYouMean(l.Source, names), `write it under "lookups" of linekeeper.yaml`), "there is no lookup %q", l.Source)
		return
	}
	for _, in := range l.With {
		if !slices.Contains(shape.Inputs, in.Name) {
			fail(orElse(DidYouMean(in.Name, shape.Inputs), "its inputs are "+listOf(shape.Inputs)), "lookup %q has no input %q", l.Source, in.Name)
		}
	}
	for _, name := range shape.Inputs {
		if !slices.ContainsFunc(l.With, func(in Input) bool { return in.Name == name }) {
			fail(`write it under "with"`, "lookup %q needs the input %q", l.Source, name)
		}
	}
	for _, out := range l.Into {
		if shape.Fields != nil && !slices.Contains(shape.Fields, out.Field) {
			fail(orElse(DidYouMean(out.Field, shape.Fields), "its fields are "+listOf(shape.Fields)), "lookup %q has no field %q", l.Source, out.Field)
		}
	}
}

func listOf(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func orElse(hint, other string) string {
	if hint == "" {
		return other
	}
	return hint
}
