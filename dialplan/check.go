package dialplan

import (
	"maps"
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/callers"
)

// check finds faults that only the whole document shows. It runs on documents
// whose every part is right, so all references can be followed.
func (p *parser) check() {
	if p.recursion() {
		return
	}
	told := map[string]bool{} // nodes in a loop that was reported
	p.loops(told, (*Document).silentWays, "the call goes round for ever without a word to the caller: %s")
	p.loops(told, (*Document).passiveWays, "a caller who presses nothing goes round for ever: %s")
	p.privacy()
	p.returnKinds()
	p.consentKeys()
	p.unreachable()
	p.keptPlaces()
	p.languages()
	p.silences()
	p.prefixes()
}

// loops reports every round trip over the given ways, once for each node in it.
func (p *parser) loops(told map[string]bool, ways func(*Document, *Node) []string, message string) {
	for _, name := range p.doc.Order {
		if told[name] {
			continue
		}
		round := shortestRound(name, func(at string) []string { return ways(p.doc, p.doc.Nodes[at]) })
		if round == nil || slices.ContainsFunc(round, func(n string) bool { return told[n] }) {
			continue
		}
		for _, n := range round {
			told[n] = true
		}
		node := p.doc.Nodes[name]
		p.failAt(node.line, node.col, "", message, strings.Join(append(round, name), " -> "))
	}
}

// shortestRound is the shortest way from something back to itself, nil when there
// is none.
func shortestRound(start string, ways func(string) []string) []string {
	cameFrom := map[string]string{}
	queue := []string{start}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, to := range ways(at) {
			if to == start {
				round := []string{at}
				for at != start {
					at = cameFrom[at]
					round = append(round, at)
				}
				slices.Reverse(round)
				return round
			}
			if _, seen := cameFrom[to]; !seen {
				cameFrom[to] = at
				queue = append(queue, to)
			}
		}
	}
	return nil
}

// silentWays is where a node can lead without speaking and without waiting.
func (d *Document) silentWays(n *Node) []string {
	switch n.Kind {
	case KindGoto:
		return present(n.Next)
	case KindHours:
		return present(n.Open, n.Closed)
	case KindBranch, KindSet:
		return targets(n)
	case KindCall:
		return d.callWays(n, (*Document).silentWays)
	case KindQueue: // these come at once when the queue does not take the place
		return present(n.Longer.Next, n.Full, n.NoAgents, n.Broken)
	case KindLookup: // the answer may be there at once
		return present(n.Next, n.NotFound, n.Failed)
	case KindTransfer: // which a rule may forbid, or a context may not want
		if n.Target.Kind == ToContext {
			return present(n.Next, n.Busy, n.NoAnswer, n.Failed)
		}
		return present(n.Failed)
	case KindIdentify:
		if slices.ContainsFunc(n.Steps, IdentifyStep.asks) {
			return present(n.Known) // passed silently once the caller is known
		}
		return present(n.Known, n.Unknown)
	}
	return nil
}

// passiveWays is where a caller who never presses a key can get. Queues are
// left out: waiting is what such a caller chose.
func (d *Document) passiveWays(n *Node) []string {
	var ways []string
	if n.Require > callers.AssuranceNone {
		ways = present(n.Refused)
		if n.Refused == "" {
			ways = d.menusBefore(n.Name)
		}
	}
	switch n.Kind {
	case KindMenu, KindCollect:
		if n.NoInput != "" {
			return append(ways, n.NoInput)
		}
		return append(ways, present(n.Otherwise)...)
	case KindCall:
		return append(ways, d.callWays(n, (*Document).passiveWays)...)
	case KindQueue:
		return ways
	case KindCallback:
		return append(ways, present(n.Otherwise, n.Next)...)
	}
	return append(ways, targets(n)...)
}

// targets is every node that a node can lead to.
func targets(n *Node) []string {
	var to []string
	for _, e := range n.Edges() {
		to = append(to, e.To)
	}
	return to
}

// menusBefore lists the menus from which a node can be reached without passing
// another menu: where someone who fails "require: pin" may be sent back to.
func (d *Document) menusBefore(name string) []string {
	var menus []string
	seen := map[string]bool{name: true}
	queue := []string{name}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, from := range d.Order {
			n := d.Nodes[from]
			if seen[from] || !slices.ContainsFunc(n.Edges(), func(e Edge) bool { return e.To == at }) {
				continue
			}
			seen[from] = true
			if n.Kind == KindMenu {
				menus = append(menus, from)
			} else {
				queue = append(queue, from)
			}
		}
	}
	return menus
}

func (p *parser) unreachable() {
	seen := map[string]bool{}
	queue := present(p.doc.Start, p.doc.Closed, p.doc.Operator.Node)
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if seen[at] {
			continue
		}
		seen[at] = true
		for _, e := range p.doc.Nodes[at].Edges() {
			queue = append(queue, e.To)
		}
	}
	for _, name := range p.doc.Order {
		if n := p.doc.Nodes[name]; !seen[name] {
			p.warnAt(n.line, n.col, "no call ever gets to node %q", name)
		}
	}
}

// keptPlaces warns of nodes that keep the time of a place which no call has.
func (p *parser) keptPlaces() {
	ousted := map[string]bool{}
	var queue []string
	for _, n := range p.doc.Nodes {
		queue = append(queue, present(n.Full, n.NoAgents, n.TooLong)...)
	}
	for len(queue) > 0 {
		n := p.doc.Nodes[queue[0]]
		queue = queue[1:]
		if ousted[n.Name] {
			continue
		}
		ousted[n.Name] = true
		switch n.Kind {
		case KindSay, KindGoto, KindHours, KindBranch, KindSet, KindWait:
			queue = append(queue, targets(n)...)
		}
	}
	for _, name := range p.doc.Order {
		if n := p.doc.Nodes[name]; n.KeepPlace && !ousted[name] {
			p.warnAt(n.line, n.col, `node %q keeps a place, and none leads to it by "full", "no_agents" or "timeout" of a queue`, name)
		}
	}
}

// languages warns of texts that lack a language which others have: the caller
// would hear two languages mixed.
func (p *parser) languages() {
	used := map[string]bool{}
	for _, n := range p.doc.Nodes {
		for _, text := range n.texts() {
			for lang := range text {
				used[lang] = true
			}
		}
	}
	langs := make([]string, 0, len(used))
	for lang := range used {
		langs = append(langs, lang)
	}
	slices.Sort(langs)
	for _, name := range p.doc.Order {
		n := p.doc.Nodes[name]
		for _, lang := range langs {
			if slices.ContainsFunc(n.texts(), func(t Text) bool { return t[lang] == "" }) {
				p.warnAt(n.line, n.col, "the text of node %q has no %q, which other texts have", name, lang)
			}
		}
	}
}

// silences warns of questions that nobody hears when nothing is known.
func (p *parser) silences() {
	for _, name := range p.doc.Order {
		n := p.doc.Nodes[name]
		if n.Kind != KindMenu && n.Kind != KindCollect {
			continue
		}
		for _, lang := range slices.Sorted(maps.Keys(n.Text)) {
			read, ok := p.doc.texts[textKey{n.Dialogue, n.Text[lang]}]
			if ok && read.with(make([]string, len(read.holes))) == "" {
				p.warnAt(n.line, n.col, "node %q asks nothing when its values are not known: it needs a sentence without them", name)
				break
			}
		}
	}
}

// prefixes warns of promises that none may keep.
func (p *parser) prefixes() {
	if len(p.doc.Callback.Prefixes) > 0 {
		return
	}
	for _, name := range p.doc.Order {
		n := p.doc.Nodes[name]
		if n.Kind == KindCallback || n.Kind == KindQueue && (n.Offer.Key != 0 || p.doc.Callback.Abandoned != nil) {
			p.warnAt(n.line, n.col, `node %q promises callbacks, and "callback: prefixes" allows no number`, name)
			return
		}
	}
}

// present drops branches that the document does not have.
func present(names ...string) []string {
	return slices.DeleteFunc(names, func(n string) bool { return n == "" })
}
