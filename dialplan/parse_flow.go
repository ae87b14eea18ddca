package dialplan

import "github.com/linekeeper/linekeeper/prompts"

// Nodes that the caller does not notice, or only as time: branch, set and wait.

// branchNode reads the cases of a branch.
func (p *parser) branchNode(node *Node, f fields) {
	if _, ok := f["otherwise"]; !ok && !p.excused {
		p.fail(f["branch"].key, "", `a branch needs "otherwise", for when none of its cases holds`)
	}
	cases, ok := p.sequence(f["branch"])
	if ok && len(cases) == 0 {
		p.fail(f["branch"].value, "like [{if: caller.vip, then: NODE}]", "a branch needs a case")
	}
	for _, item := range cases {
		c, ok := p.mapping(item, "a case of a branch", []string{"if", "then"})
		if !ok {
			continue
		}
		for _, key := range []string{"if", "then"} {
			if !p.has(item, key) {
				p.fail(item, "", "a case of a branch needs %q", key)
			}
		}
		var one Case
		if v, ok := c["if"]; ok {
			one.If = p.expression(v, KindYesNo, node)
		}
		if v, ok := c["then"]; ok {
			one.Then = p.node(v)
		}
		node.Cases = append(node.Cases, one)
	}
}

// setNode reads what is set, in the order written.
func (p *parser) setNode(node *Node, f fields) {
	p.needsNext(f, "set")
	if v, ok := f["language"]; ok {
		node.Language, _ = p.oneOf(v.value, "language", prompts.Languages())
	}
	values, ok := p.entries(f["set"].value, `"set"`)
	if ok && len(f["set"].value.Content) == 0 && node.Language == "" && !p.excused {
		p.fail(f["set"].key, "", `"set" sets nothing`)
	}
	for _, v := range values {
		kind := p.declared(v.key, v.key.Value)
		e := p.expression(v, kind, node)
		p.flows("vars."+v.key.Value, e)
		node.Sets = append(node.Sets, Assignment{Var: v.key.Value, To: e})
	}
}

func (p *parser) waitNode(node *Node, f fields) {
	p.needsNext(f, "wait")
	node.Pause, node.Music = p.duration(f["wait"], false), true
	if v, ok := f["music"]; ok {
		node.Music = p.boolean(v)
	}
}

// needsNext tells that a node leads nowhere.
func (p *parser) needsNext(f fields, kind string) {
	if _, ok := f["next"]; !ok && !p.excused {
		p.fail(f[kind].key, "", `a %s node needs "next"`, kind)
	}
}
