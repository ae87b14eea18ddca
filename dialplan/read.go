package dialplan

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// parser reads one document and collects its faults.
type parser struct {
	doc  *Document
	errs ErrorList
	refs []mention // of nodes, checked when all nodes are known

	lines  []string     // of the source
	scope  scope        // what expressions can name here
	spoken []spokenName // expressions whose values are said
	ways   []flow       // of values from one name to another

	dialogue string          // whose nodes are being read; "" for the main part
	local    map[string]bool // the names of its nodes
	results  []result        // calls that keep what their dialogue returns

	// The keys of the present node have faults: a key that is missing is then
	// likely one of those, and not told again.
	excused bool
}

// mention is a place that names a node, in full.
type mention struct {
	at   *yaml.Node
	name string
}

// field is one key of a mapping with its value.
type field struct{ key, value *yaml.Node }

type fields map[string]field

func (p *parser) fail(n *yaml.Node, hint, format string, args ...any) {
	p.failAt(n.Line, n.Column, hint, format, args...)
}

func (p *parser) failAt(line, col int, hint, format string, args ...any) {
	p.errs = append(p.errs, &Error{
		File: p.doc.File, Line: max(line, 1), Col: max(col, 1), Msg: fmt.Sprintf(format, args...), Hint: hint,
	})
}

func (p *parser) warnAt(line, col int, format string, args ...any) {
	p.doc.Warnings = append(p.doc.Warnings, &Error{
		File: p.doc.File, Line: max(line, 1), Col: max(col, 1), Msg: fmt.Sprintf(format, args...), Warning: true,
	})
}

// mark remembers where a value was written.
func (p *parser) mark(what string, n *yaml.Node) {
	p.doc.marks[what] = append(p.doc.marks[what], mark{value: n.Value, line: n.Line, col: n.Column})
}

// mapping reads a mapping whose keys must be among the known ones.
func (p *parser) mapping(n *yaml.Node, what string, known []string) (fields, bool) {
	all, ok := p.entries(n, what)
	if !ok {
		return nil, false
	}
	found := make(fields, len(all))
	for _, f := range all {
		if !slices.Contains(known, f.key.Value) {
			p.fail(f.key, DidYouMean(f.key.Value, known), "unknown key %q", f.key.Value)
			continue
		}
		found[f.key.Value] = f
	}
	return found, true
}

// entries reads a mapping with free keys, in the order written. Keys that come
// twice, have no value or are no plain words are reported and left out.
func (p *parser) entries(n *yaml.Node, what string) ([]field, bool) {
	if n.Kind != yaml.MappingNode {
		p.fail(n, "", "%s must be a mapping, not %s", what, kindName(n))
		return nil, false
	}
	var found []field
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch first := lines[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			p.fail(key, "", "a key must be a word, not %s", kindName(key))
			continue
		case first != 0:
			p.fail(key, fmt.Sprintf("the first is on line %d", first), "key %q is here twice", key.Value)
			continue
		}
		lines[key.Value] = key.Line
		switch {
		case value.Kind == yaml.AliasNode || value.Anchor != "":
			p.fail(value, "write the value out", "%q uses a YAML anchor, which a hotline document cannot have", key.Value)
		case value.Kind == yaml.ScalarNode && value.Tag == "!!null":
			p.fail(key, "", "%q has no value", key.Value)
		default:
			found = append(found, field{key, value})
		}
	}
	return found, true
}

// scalar reads a single value as it was written.
func (p *parser) scalar(n *yaml.Node, what string) (string, bool) {
	if n.Kind != yaml.ScalarNode {
		p.fail(n, "", "%s must be a single value, not %s", what, kindName(n))
		return "", false
	}
	return strings.TrimSpace(n.Value), true
}

// list reads a list of single values; a single value alone is a list of one.
func (p *parser) list(n *yaml.Node, what string) ([]*yaml.Node, bool) {
	if n.Kind == yaml.ScalarNode {
		return []*yaml.Node{n}, true
	}
	if n.Kind != yaml.SequenceNode {
		p.fail(n, "", "%s must be a list, not %s", what, kindName(n))
		return nil, false
	}
	var items []*yaml.Node
	for _, item := range n.Content {
		if item.Kind != yaml.ScalarNode || item.Tag == "!!null" {
			p.fail(item, "", "%s must be a list of single values, and this is %s", what, kindName(item))
			continue
		}
		items = append(items, item)
	}
	return items, true
}

// sequence reads a list whose items are read by the one who asks.
func (p *parser) sequence(f field) ([]*yaml.Node, bool) {
	if f.value.Kind != yaml.SequenceNode {
		p.fail(f.value, "", "%s must be a list, not %s", quoted(f), kindName(f.value))
		return nil, false
	}
	return f.value.Content, true
}

// kindName is how a person would call what stands there.
func kindName(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "a YAML alias"
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			return "empty"
		}
		return fmt.Sprintf("the value %q", n.Value)
	default:
		return "empty"
	}
}
