package dialplan

import (
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/callers"
)

// flow is a way of a value into a variable, an argument or the result of a dialogue.
type flow struct {
	to     string // "vars.order", "args.confirm.code", "result.confirm"
	from   []string
	secret bool              // it is an entry that is secret
	needs  callers.Assurance // of whom it may be told to
}

// flows notes that the value of an expression gets somewhere.
func (p *parser) flows(to string, e *Expression) {
	if e != nil {
		p.ways = append(p.ways, flow{to: to, from: p.qualified(e)})
	}
}

// qualified is the names of an expression as flows have them.
func (p *parser) qualified(e *Expression) []string {
	names := slices.Clone(e.names)
	for i, name := range names {
		if arg, ok := strings.CutPrefix(name, "args."); ok {
			names[i] = argName(e.dialogue, arg)
		}
	}
	return names
}

// spread follows values from where they come to wherever they get, and says which
// of the names hold what one of the sources has.
func (p *parser) spread(source func(flow) bool) map[string]bool {
	tainted := map[string]bool{}
	for changed := true; changed; {
		changed = false
		for _, w := range p.ways {
			if tainted[w.to] || !source(w) && !slices.ContainsFunc(w.from, func(n string) bool { return tainted[n] }) {
				continue
			}
			tainted[w.to], changed = true, true
		}
	}
	return tainted
}

// privacy finds out which variables are secret and which are private, and whether
// a text tells what it must not.
func (p *parser) privacy() {
	secret := p.spread(func(f flow) bool { return f.secret })
	needs := map[string]callers.Assurance{}
	for _, need := range []callers.Assurance{callers.AssuranceAnswer, callers.AssurancePIN} {
		for name := range p.spread(func(f flow) bool {
			return f.needs >= need || slices.ContainsFunc(f.from, func(n string) bool { return guards[n] >= need })
		}) {
			needs[name] = need
		}
	}
	for name, v := range p.doc.Vars {
		v.Secret, v.Private = secret["vars."+name], needs["vars."+name] > callers.AssuranceNone
		p.doc.Vars[name] = v
	}
	for name, d := range p.doc.Dialogues {
		for i, param := range d.Params {
			d.Params[i].Secret = secret[argName(name, param.Name)]
		}
	}
	for _, s := range p.spoken {
		for _, name := range p.qualified(s.expr) {
			switch {
			case secret[name]:
				p.failAt(s.line, s.col, "it came from a secret entry", "{{%s}} would be said aloud", s.shown)
			case s.node.Require < needs[name]:
				p.failAt(s.line, s.col, "numbers can be spoofed", `{{%s}} needs "require: %s" on its node, for it comes from what only the caller may hear`, s.shown, needs[name])
			}
		}
	}
}
