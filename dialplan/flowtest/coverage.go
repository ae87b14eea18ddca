package flowtest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/linekeeper/linekeeper/dialplan"
)

// Coverage is which nodes and branches of one document conversations have been
// through.
type Coverage struct {
	Doc      *dialplan.Document
	nodes    map[string]int
	branches map[branch]int
	operator int // times that the operator key led to its node
}

// branch is a way out of a node. Its key tells ways to the same node apart: it is
// that of a menu, the number of a case, or the result of a lookup or a transfer.
// All other ways to the same node are one.
type branch struct{ from, key, to string }

// byOperator is the key of a step that the operator key led to.
const byOperator = "operator"

// anywhere is where the way of the operator key begins.
const anywhere = "(anywhere)"

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
	switch {
	case key == byOperator:
		c.operator++
	case from != "":
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
		for i, e := range n.Edges() {
			b := branch{from: name, key: keyOf(n, i, e), to: e.To}
			if labels[b] == nil {
				order = append(order, b)
			}
			labels[b] = append(labels[b], e.Label)
		}
		for _, b := range order {
			list = append(list, Count{Node: name, Labels: strings.Join(labels[b], ", "), To: b.to, Times: c.branches[b]})
		}
	}
	if o := c.Doc.Operator; o.Key != 0 {
		list = append(list, Count{Node: anywhere, Labels: "operator", To: o.Node, Times: c.operator})
	}
	return list
}

// keyOf is what tells the way of an edge, the i-th of its node, from others.
func keyOf(n *dialplan.Node, i int, e dialplan.Edge) string {
	switch n.Kind {
	case dialplan.KindMenu:
		if len([]rune(e.Label)) == 1 {
			return e.Label
		}
	case dialplan.KindBranch:
		if i < len(n.Cases) { // they come first
			return strconv.Itoa(i + 1)
		}
	case dialplan.KindLookup, dialplan.KindTransfer:
		if e.Label != "refused" {
			return e.Label
		}
	}
	return ""
}

// taken is the key of the branch that a note tells of; ok is false when it tells of
// none.
func taken(doc *dialplan.Document, note dialplan.Note) (key string, ok bool) {
	switch note.Type {
	case "menu.choice":
		key, ok = note.Data["key"].(string)
		return key, ok
	case "operator.asked":
		return byOperator, true
	case "branch.taken":
		if n, _ := note.Data["case"].(int); n > 0 {
			key = strconv.Itoa(n)
		}
		return key, true
	case "lookup.done", "transfer.over":
		name, _ := note.Data["node"].(string)
		result, _ := note.Data["result"].(string)
		return resultKey(doc.Nodes[name], result), true
	}
	return "", false
}

// resultKey is the branch of a result; one that the node does not have is "failed".
func resultKey(n *dialplan.Node, result string) string {
	own := map[string]string{}
	if n != nil {
		own = map[string]string{
			string(dialplan.FetchNotFound): n.NotFound, string(dialplan.TransferBusy): n.Busy, string(dialplan.TransferNoAnswer): n.NoAnswer,
		}
	}
	switch result {
	case string(dialplan.FetchFound), string(dialplan.TransferOver):
		return "next"
	}
	if own[result] != "" {
		return result
	}
	return "failed"
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
