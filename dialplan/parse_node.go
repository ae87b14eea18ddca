package dialplan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// nodeKeys is which keys each kind of node has, beside "require", "refused",
// "account_digits" and "pin_digits" that all have.
var nodeKeys = map[Kind][]string{
	KindSay:      {"say", "next", "hangup"},
	KindMenu:     {"menu", "keys", "tries", "timeout", "otherwise", "no_input"},
	KindIdentify: {"identify", "known", "unknown", "next", "tries", "timeout"},
	KindQueue: {
		"queue", "skills", "priority", "priority_vip", "keep_place", "announce", "offer_callback",
		"if_longer", "full", "no_agents", "timeout", "unavailable", "after", "next",
	},
	KindCallback: {"callback", "next", "otherwise", "tries"},
	KindGoto:     {"goto"},
	KindLookup:   {"lookup", "with", "into", "timeout", "next", "not_found", "failed"},
	KindMessage:  {"message", "longest", "silence", "hook", "tries", "next", "otherwise"},
	KindTransfer: {"transfer", "timeout", "busy", "no_answer", "failed", "next"},
	KindSurvey:   {"survey", "thanks", "tries", "timeout", "next"},
	KindHours:    {"hours"},
	KindHangup:   {"hangup"},
	KindBranch:   {"branch", "otherwise"},
	KindSet:      {"set", "language", "next"},
	KindWait:     {"wait", "music", "next"},
	KindCollect: {
		"collect", "into", "digits", "end", "secret", "readback", "confirm", "tries", "timeout", "next", "otherwise", "no_input",
	},
	KindCall:   {"call", "with", "into", "next"},
	KindReturn: {"return"},
}

var kinds = []Kind{
	KindSay, KindMenu, KindIdentify, KindQueue, KindCallback, KindGoto, KindHours, KindCollect, KindBranch, KindSet, KindWait, KindCall, KindReturn,
	KindLookup, KindMessage, KindTransfer, KindSurvey, KindHangup,
}

var anyNodeKeys = []string{"require", "refused", "account_digits", "pin_digits"}

func allNodeKeys() []string {
	keys := slices.Clone(anyNodeKeys)
	for _, kind := range kinds {
		keys = append(keys, nodeKeys[kind]...)
	}
	return keys
}

const (
	defaultTries   = 3
	defaultTimeout = 5 * time.Second
)

// nodes reads the nodes of the main part and of the dialogues, and then looks
// whether all that they name are there.
func (p *parser) nodes(main field, dialogues []field, defaults queueDefaults) {
	p.readNodes(main, defaults)
	for _, d := range dialogues {
		if d.value.Kind == yaml.MappingNode {
			p.dialogueNodes(d, defaults)
		}
	}
	for _, ref := range p.refs {
		if p.doc.Nodes[ref.name] == nil {
			p.fail(ref.at, DidYouMean(ref.name, p.doc.Order), "there is no node %q", ref.name)
		}
	}
	for _, name := range p.doc.Order {
		if n := p.doc.Nodes[name]; n.Calls != "" {
			n.Begins = p.doc.Dialogues[n.Calls].Start
		}
	}
	p.guards()
}

func (p *parser) readNodes(f field, defaults queueDefaults) {
	all, ok := p.entries(f.value, quoted(f))
	if !ok {
		return
	}
	if len(f.value.Content) == 0 {
		p.fail(f.value, "", "a hotline needs a node")
	}
	for _, n := range all {
		if !namePattern.MatchString(n.key.Value) {
			p.fail(n.key, "letters, digits, _ and -, first a letter", "%q is no name of a node", n.key.Value)
		}
		node := p.parseNode(n, defaults)
		p.doc.Nodes[node.Name] = node
		p.doc.Order = append(p.doc.Order, node.Name)
	}
	for i := 0; i+1 < len(f.value.Content); i += 2 {
		// A node that could not be read counts as there: one fault, one line.
		if name := p.full(f.value.Content[i].Value); p.doc.Nodes[name] == nil {
			p.doc.Nodes[name] = &Node{Name: name, Dialogue: p.dialogue}
			p.doc.Order = append(p.doc.Order, name)
		}
	}
}

func (p *parser) parseNode(n field, defaults queueDefaults) *Node {
	node := &Node{
		Name: p.full(n.key.Value), Dialogue: p.dialogue, line: n.key.Line, col: n.key.Column,
		Tries: defaultTries, Timeout: defaultTimeout, Account: Length{1, 16}, PIN: Length{4, 4},
	}
	before := len(p.errs)
	f, ok := p.mapping(n.value, fmt.Sprintf("node %q", n.key.Value), allNodeKeys())
	if !ok {
		return node
	}
	p.excused = len(p.errs) > before
	kind, ok := p.kind(n, f)
	if !ok {
		return node
	}
	node.Kind = kind
	for _, key := range sortedKeys(f) {
		if !slices.Contains(nodeKeys[kind], key) && !slices.Contains(anyNodeKeys, key) {
			p.fail(f[key].key, "", "%q does not belong to a node of kind %q", key, kind)
		}
	}
	p.assurance(node, f)
	p.branches(node, f)
	switch kind {
	case KindSay:
		p.sayNode(node, f)
	case KindMenu:
		p.menuNode(node, f)
	case KindIdentify:
		p.identifyNode(node, f)
	case KindQueue:
		p.queueNode(node, f, defaults)
	case KindCallback:
		p.callbackNode(node, f)
	case KindHours:
		p.hoursNode(node, f)
	case KindGoto:
		node.Next = p.node(f["goto"])
	case KindLookup:
		p.lookupNode(node, f)
	case KindMessage:
		p.messageNode(node, f)
	case KindTransfer:
		p.transferNode(node, f)
	case KindSurvey:
		p.surveyNode(node, f)
	case KindCollect:
		p.collectNode(node, f)
	case KindCall:
		p.callNode(node, f)
	case KindReturn:
		p.returnNode(node, f)
	case KindBranch:
		p.branchNode(node, f)
	case KindSet:
		p.setNode(node, f)
	case KindWait:
		p.waitNode(node, f)
	case KindHangup:
		if !p.boolean(f["hangup"]) {
			p.fail(f["hangup"].value, "", "a node that only hangs up cannot say false")
		}
	}
	return node
}

// kind finds out what the node does: exactly one of its keys says so. Beside
// "say", "hangup" is only a property.
func (p *parser) kind(n field, f fields) (Kind, bool) {
	var found []Kind
	for _, kind := range kinds {
		if _, ok := f[string(kind)]; ok {
			found = append(found, kind)
		}
	}
	if len(found) > 1 && found[len(found)-1] == KindHangup && found[0] == KindSay {
		found = found[:len(found)-1]
	}
	switch {
	case len(found) == 0 && p.excused:
		return "", false
	case len(found) == 0:
		p.fail(n.key, "one of "+joinKinds(kinds), "node %q does not say what it does", n.key.Value)
		return "", false
	case len(found) > 1:
		p.fail(n.key, "", "node %q does two things at once: %s", n.key.Value, joinKinds(found))
		return "", false
	}
	return found[0], true
}

// branches reads the keys that name another node. "timeout" is a branch only of
// a queue; elsewhere it is a duration.
func (p *parser) branches(node *Node, f fields) {
	targets := map[string]*string{
		"next": &node.Next, "otherwise": &node.Otherwise, "no_input": &node.NoInput,
		"known": &node.Known, "unknown": &node.Unknown,
		"full": &node.Full, "no_agents": &node.NoAgents, "unavailable": &node.Broken, "after": &node.After,
		"not_found": &node.NotFound, "busy": &node.Busy, "no_answer": &node.NoAnswer, "failed": &node.Failed,
	}
	if node.Kind == KindQueue {
		targets["timeout"] = &node.TooLong
	} else if v, ok := f["timeout"]; ok {
		node.Timeout = p.duration(v, false)
	}
	for _, key := range sortedKeys(f) {
		if target := targets[key]; target != nil {
			*target = p.node(f[key])
		}
	}
	if v, ok := f["tries"]; ok {
		node.Tries = p.integer(v, 1, 10)
	}
}

func joinKinds(kinds []Kind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = string(k)
	}
	return strings.Join(words, ", ")
}

// sortedKeys orders fields as they were written, so that faults come in order.
func sortedKeys(f fields) []string {
	keys := make([]string, 0, len(f))
	for k := range f {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return before(f[a].key, f[b].key) })
	return keys
}

func before(a, b *yaml.Node) int {
	if a.Line != b.Line {
		return a.Line - b.Line
	}
	return a.Column - b.Column
}
