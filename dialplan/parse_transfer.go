package dialplan

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/callers"
)

var (
	// sipPattern has no parameters and no headers: what they would do depends on the
	// other side.
	sipPattern   = regexp.MustCompile(`^sips?:([A-Za-z0-9_.+-]{1,64}@)?([a-z0-9][a-z0-9.-]{0,252})(:[0-9]{1,5})?$`)
	extenPattern = regexp.MustCompile(`^[A-Za-z0-9_*#+.-]{1,80}$`)
)

func isSequence(n *yaml.Node) bool { return n != nil && n.Kind == yaml.SequenceNode }

// transferNode reads where callers are put through to: exactly one target.
func (p *parser) transferNode(node *Node, f fields) {
	if _, ok := f["timeout"]; !ok {
		node.Timeout = defaultRing
	}
	kinds := []string{string(ToNumber), string(ToAgent), string(ToSIP), string(ToContext)}
	t, ok := p.mapping(f["transfer"].value, `"transfer"`, append([]string{"extension", "priority"}, kinds...))
	node.Target = &Target{}
	if !ok {
		return
	}
	var found []string
	for _, kind := range kinds {
		if _, ok := t[kind]; ok {
			found = append(found, kind)
		}
	}
	switch {
	case len(found) > 1:
		p.fail(f["transfer"].key, "", "a caller can be put through to one of %s, not to both", strings.Join(found, " and "))
		return
	case len(found) == 0:
		if !p.excused {
			p.fail(f["transfer"].key, "one of "+strings.Join(kinds, ", "), "the transfer does not say whereto")
		}
		return
	}
	node.Target.Kind = TargetKind(found[0])
	p.target(node, t)
	if v, ok := f["timeout"]; ok && node.Target.Kind == ToContext {
		p.fail(v.key, "", "a context decides by itself how long it keeps the caller")
	}
}

func (p *parser) target(node *Node, t fields) {
	switch to := node.Target; to.Kind {
	case ToNumber:
		v, ok := p.scalar(t["number"].value, `"number"`)
		if e164, is := callers.Normalize(v, p.doc.Country); ok && is {
			to.Number = e164
			if e164 != v {
				p.fail(t["number"].value, `write "`+e164+`"`, "%q is no full number", v)
			}
			return
		}
		if ok {
			to.By = p.expression(t["number"], KindText, node)
		}
	case ToAgent:
		to.Agent = p.named(t["agent"], "an agent")
	case ToSIP:
		v, ok := p.scalar(t["sip"].value, `"sip"`)
		if to.Address = v; ok && !sipPattern.MatchString(v) {
			p.fail(t["sip"].value, "write it like sip:help@pbx.example.com, in small letters behind the @", "%q is no SIP address", v)
		}
	case ToContext:
		to.Context = p.named(t["context"], "a context")
	}
	for _, key := range []string{"extension", "priority"} {
		if v, ok := t[key]; ok && node.Target.Kind != ToContext {
			p.fail(v.key, "", "%q belongs to a context", key)
		}
	}
	if v, ok := t["extension"]; ok {
		node.Target.Exten, _ = p.scalar(v.value, quoted(v))
		if !extenPattern.MatchString(node.Target.Exten) {
			p.fail(v.value, "", "%q is no extension", node.Target.Exten)
		}
	}
	if v, ok := t["priority"]; ok {
		node.Target.Priority = p.integer(v, 1, 1000)
	}
}

// target finds targets to which nobody may be put through.
func (k Known) target(t *Target, fail func(hint, format string, args ...any)) {
	switch t.Kind {
	case ToAgent:
		if !slices.Contains(k.Agents, t.Agent) {
			fail(orElse(DidYouMean(t.Agent, k.Agents), `write it under "agents" of linekeeper.yaml`), "there is no agent %q", t.Agent)
		}
	case ToSIP:
		if host := t.Host(); !slices.Contains(k.Hosts, host) {
			fail(`add it to "transfers: hosts" of linekeeper.yaml`, "nobody may be put through to host %q", host)
		}
	case ToNumber:
		begins := func(prefix string) bool { return strings.HasPrefix(t.Number, prefix) }
		if len(k.Numbers) == 0 || t.By == nil && !slices.ContainsFunc(k.Numbers, begins) {
			fail(`add a prefix to "transfers: prefixes" of linekeeper.yaml`, "nobody may be put through to this number")
		}
	}
}

// Host is the host of a SIP address, "" when there is none.
func (t Target) Host() string {
	m := sipPattern.FindStringSubmatch(t.Address)
	if m == nil {
		return ""
	}
	return m[2]
}
