package dialplan

import (
	"slices"
	"strings"
)

// recursion tells of dialogues that come to call themselves, and says whether
// there are any: nothing else can be followed through them.
func (p *parser) recursion() (found bool) {
	calls := map[string][]string{}
	for _, name := range p.doc.Order {
		if n := p.doc.Nodes[name]; n.Kind == KindCall && n.Dialogue != "" {
			calls[n.Dialogue] = append(calls[n.Dialogue], n.Calls)
		}
	}
	told := map[string]bool{}
	for _, start := range p.dialogueNames() {
		round := shortestRound(start, func(name string) []string { return calls[name] })
		if round == nil || slices.ContainsFunc(round, func(n string) bool { return told[n] }) {
			continue
		}
		for _, n := range round {
			told[n] = true
		}
		found = true
		d := p.doc.Dialogues[start]
		p.failAt(d.line, d.col, "", "a dialogue comes to call itself: %s", strings.Join(append(round, start), " -> "))
	}
	return found
}

// dialogueNames are in the order written.
func (p *parser) dialogueNames() []string {
	names := make([]string, 0, len(p.doc.Dialogues))
	for name := range p.doc.Dialogues {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		x, y := p.doc.Dialogues[a], p.doc.Dialogues[b]
		if x.line != y.line {
			return x.line - y.line
		}
		return x.col - y.col
	})
	return names
}

// through follows ways within a dialogue: whether they get to its end, and to
// which nodes of the main part.
func (d *Document) through(dialogue string, ways func(*Document, *Node) []string) (returns bool, out []string) {
	in := d.Dialogues[dialogue]
	if in == nil {
		return false, nil
	}
	seen := map[string]bool{}
	queue := []string{in.Start}
	for len(queue) > 0 {
		n := d.Nodes[queue[0]]
		queue = queue[1:]
		if seen[n.Name] {
			continue
		}
		seen[n.Name] = true
		switch {
		case n.Dialogue != dialogue:
			out = append(out, n.Name)
		case n.Kind == KindReturn:
			returns = true
		default:
			queue = append(queue, ways(d, n)...)
		}
	}
	return returns, out
}

// callWays is where a call can lead when one goes through its dialogue by the
// given ways.
func (d *Document) callWays(n *Node, ways func(*Document, *Node) []string) []string {
	returns, out := d.through(n.Calls, ways)
	if returns {
		out = append(out, present(n.Next)...)
	}
	return out
}
