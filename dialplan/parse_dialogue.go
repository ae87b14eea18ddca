package dialplan

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// dialogueHeads reads the names and parameters of all dialogues, before any node
// is read that could call them.
func (p *parser) dialogueHeads(f field) []field {
	all, ok := p.entries(f.value, quoted(f))
	if !ok {
		return nil
	}
	p.doc.Dialogues = map[string]*Dialogue{}
	for _, e := range all {
		name := e.key.Value
		if !namePattern.MatchString(name) {
			p.fail(e.key, "letters, digits, _ and -, first a letter", "%q is no name of a dialogue", name)
		}
		d := &Dialogue{Name: name, line: e.key.Line, col: e.key.Column}
		p.doc.Dialogues[name] = d
		keys, ok := p.mapping(e.value, "a dialogue", []string{"params", "start", "nodes"})
		if !ok {
			continue
		}
		for _, key := range []string{"start", "nodes"} {
			if !p.has(e.value, key) {
				p.fail(e.key, "", "dialogue %q needs %q", name, key)
			}
		}
		if v, ok := keys["params"]; ok {
			d.Params = p.variables(v)
		}
	}
	return all
}

// dialogueNodes reads the nodes of one dialogue. Names of nodes mean those of the
// dialogue, and else those of the main part.
func (p *parser) dialogueNodes(e field, defaults queueDefaults) {
	d := p.doc.Dialogues[e.key.Value]
	nodes, start := child(e.value, "nodes"), child(e.value, "start")
	if nodes.value == nil || start.value == nil {
		return
	}
	params := map[string]ValueKind{}
	for _, v := range d.Params {
		params[v.Name] = v.Kind
	}
	p.dialogue, p.scope, p.local = d.Name, newScope(p.doc.Vars, params), map[string]bool{}
	for i := 0; i+1 < len(nodes.value.Content); i += 2 {
		p.local[nodes.value.Content[i].Value] = true
	}
	d.Start = p.node(start)
	p.readNodes(nodes, defaults)
	if d.Start != "" && !strings.HasPrefix(d.Start, d.Name+".") {
		p.fail(start.value, "", "dialogue %q must start at a node of its own", d.Name)
	}
	p.dialogue, p.scope, p.local = "", newScope(p.doc.Vars, nil), nil
}

// full is the name of a node as it is known outside of its dialogue.
func (p *parser) full(name string) string {
	if p.local[name] {
		return p.dialogue + "." + name
	}
	return name
}

// callNode reads the call of a dialogue.
func (p *parser) callNode(node *Node, f fields) {
	p.needsNext(f, "call")
	name, ok := p.scalar(f["call"].value, `"call"`)
	if !ok {
		return
	}
	d := p.doc.Dialogues[name]
	if d == nil {
		names := slices.Sorted(maps.Keys(p.doc.Dialogues))
		hint := DidYouMean(name, names)
		if hint == "" {
			hint = `write it under "dialogues" of the document`
		}
		p.fail(f["call"].value, hint, "there is no dialogue %q", name)
		return
	}
	node.Calls = name
	if v, ok := f["into"]; ok {
		node.Into, _ = p.variable(v)
		p.ways = append(p.ways, flow{to: "vars." + node.Into, from: []string{"result." + name}})
		p.results = append(p.results, result{call: node, at: v.value})
	}
	var given []field
	if v, ok := f["with"]; ok {
		given, _ = p.entries(v.value, `"with"`)
	}
	known := make([]string, len(d.Params))
	for i, param := range d.Params {
		known[i] = param.Name
		if !slices.ContainsFunc(given, func(g field) bool { return g.key.Value == param.Name }) && !p.excused {
			p.fail(f["call"].value, `give it by "with"`, "dialogue %q needs %q", name, param.Name)
		}
	}
	for _, g := range given {
		i := slices.Index(known, g.key.Value)
		if i < 0 {
			p.fail(g.key, DidYouMean(g.key.Value, known), "dialogue %q has no parameter %q", name, g.key.Value)
			continue
		}
		e := p.expression(g, d.Params[i].Kind, node)
		p.flows(argName(name, g.key.Value), e)
		node.With = append(node.With, Argument{Param: g.key.Value, To: e})
	}
}

// returnNode reads the end of a dialogue.
func (p *parser) returnNode(node *Node, f fields) {
	if p.dialogue == "" {
		p.fail(f["return"].key, "", "only a node of a dialogue can return")
		return
	}
	node.Return = p.expression(f["return"], KindAny, node)
	p.flows("result."+p.dialogue, node.Return)
}

// child is one key of a mapping.
func child(mapping *yaml.Node, key string) field {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return field{mapping.Content[i], mapping.Content[i+1]}
		}
	}
	return field{}
}

// result is a call whose dialogue must return what its variable can hold.
type result struct {
	call *Node
	at   *yaml.Node
}

// returnKinds tells of calls that would get another kind of value than they keep.
func (p *parser) returnKinds() {
	for _, r := range p.results {
		want := p.doc.Vars[r.call.Into].Kind
		for _, name := range p.doc.Order {
			n := p.doc.Nodes[name]
			if n.Kind != KindReturn || n.Dialogue != r.call.Calls || n.Return.Kind == want {
				continue
			}
			p.fail(r.at, "", "dialogue %q returns %s at node %q, and %q holds %s",
				r.call.Calls, n.Return.Kind.article(), name, r.call.Into, want.article())
		}
	}
}
