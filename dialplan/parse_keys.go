package dialplan

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/prompts"
)

// KeyAction is what a key of a menu does that leads to no other node.
type KeyAction struct {
	Language string // the menu goes on in this language; "": as before
	Repeat   bool   // the menu is said again
}

// acts says whether a key of a menu does something by itself.
func (n *Node) acts(key rune) bool {
	_, ok := n.Actions[key]
	return ok
}

// menuKeys reads what the keys of a menu mean.
func (p *parser) menuKeys(node *Node, choices []field) {
	node.Keys = map[rune]string{}
	for _, c := range choices {
		key, ok := p.key(c.key)
		switch {
		case !ok:
		case c.value.Kind != yaml.MappingNode:
			node.Keys[key] = p.node(c)
		default:
			if node.Actions == nil {
				node.Actions = map[rune]KeyAction{}
			}
			node.Actions[key] = p.keyAction(c)
		}
	}
}

func (p *parser) keyAction(f field) KeyAction {
	keys, ok := p.mapping(f.value, "what a key does", []string{"language", "repeat"})
	if !ok {
		return KeyAction{}
	}
	var a KeyAction
	if v, ok := keys["language"]; ok {
		a.Language, _ = p.oneOf(v.value, "language", prompts.Languages())
	}
	if v, ok := keys["repeat"]; ok {
		a.Repeat = p.boolean(v)
	}
	if len(f.value.Content) == 0 || a == (KeyAction{}) && p.has(f.value, "repeat") {
		p.fail(f.value, "like {language: en} or {repeat: true}", "this key does nothing")
	}
	return a
}

// operator reads the key that leads to an operator from everywhere.
func (p *parser) operator(f field) Operator {
	keys, ok := p.mapping(f.value, quoted(f), []string{"key", "node"})
	if !ok {
		return Operator{}
	}
	o := Operator{Key: '0'}
	if v, ok := keys["key"]; ok {
		if key, ok := p.key(v.value); ok && (key == '*' || key == '#') {
			p.fail(v.value, "one of 0 to 9", "%q has a meaning of its own in questions", string(key))
		} else if ok {
			o.Key = key
		}
	}
	if v, ok := keys["node"]; ok {
		o.Node = p.node(v)
	} else if !p.has(f.value, "node") {
		p.fail(f.key, "", `"operator" needs "node"`)
	}
	return o
}

// otherCountries stands for all that "language_by" does not name.
const otherCountries = "other"

// languageBy reads the language that callers from a country begin with.
func (p *parser) languageBy(f field) map[string]string {
	entries, ok := p.entries(f.value, quoted(f))
	if !ok {
		return nil
	}
	by := map[string]string{}
	for _, e := range entries {
		country := e.key.Value
		if country != otherCountries && (country != strings.ToUpper(country) || !callers.KnownRegion(country)) {
			p.fail(e.key, `two letters of ISO 3166, like "RU", or "other"`, "unknown country %q", country)
			continue
		}
		if lang, ok := p.oneOf(e.value, "language", prompts.Languages()); ok {
			by[country] = lang
		}
	}
	return by
}
