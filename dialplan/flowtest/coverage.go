package flowtest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/dialplan"
)

// Coverage is which nodes and branches of one document conversations have been
// through.
type Coverage struct {
	Doc      *dialplan.Document
	nodes    map[string]int
	branches map[branch]int
}

// branch is a way out of a node: a key of a menu, or all other ways to the same
// node, which nothing tells apart.
type branch struct{ from, key, to string }

// Count is how often conversations came to a node, or took a branch.
type Count struct {
	Node   string // where it is, or begins
	Labels string // of a branch: the keys of the document that lead this way; "" for a node
	To     string // of a branch
	Times  int
}

// NewCoverage counts for one document.
func NewCoverage(doc *dialplan.Document) *Coverage {
	c := &Coverage{Doc: doc, nodes: map[string]int{}, branches: map[branch]int{}}
	return c
}

// step counts one step from node to node.
func (c *Coverage) step(from, to, key string) {
	c.nodes[to]++
	if from != "" {
		c.branches[branch{from, key, to}]++
	}
}

// Nodes counts the nodes of the document, in its order.
func (c *Coverage) Nodes() []Count {
	var list []Count
	for _, name := range c.Doc.Order {
		list = append(list, Count{Node: name, Times: c.nodes[name]})
	}
	return list
}

// Branches counts the branches of the document, in the order of their nodes.
func (c *Coverage) Branches() []Count {
	var list []Count
	for _, name := range c.Doc.Order {
		n := c.Doc.Nodes[name]
		labels := map[branch][]string{}
		var order []branch
		for _, e := range n.Edges() {
			b := branch{from: name, to: e.To}
			if n.Kind == dialplan.KindMenu && len([]rune(e.Label)) == 1 {
				b.key = e.Label
			}
			if labels[b] == nil {
				order = append(order, b)
			}
			labels[b] = append(labels[b], e.Label)
		}
		for _, b := range order {
			list = append(list, Count{Node: name, Labels: strings.Join(labels[b], ", "), To: b.to, Times: c.branches[b]})
		}
	}
	return list
}

// Share is how many of some are covered, in whole percent rounded down, so that
// 100 means all; of none all are.
func Share(counts []Count) int {
	if len(counts) == 0 {
		return 100
	}
	covered := 0
	for _, n := range counts {
		if n.Times > 0 {
			covered++
		}
	}
	return covered * 100 / len(counts)
}

// Missed lists what no conversation has been through, nodes first.
func (c *Coverage) Missed() []Count {
	var list []Count
	for _, n := range slices.Concat(c.Nodes(), c.Branches()) {
		if n.Times == 0 {
			list = append(list, n)
		}
	}
	slices.SortStableFunc(list, func(a, b Count) int { return cmp.Compare(min(len(a.Labels), 1), min(len(b.Labels), 1)) })
	return list
}
