package drawing

import (
	"regexp"
	"strings"

	"github.com/linekeeper/linekeeper/dialplan"
)

// graph is one part of a document on its way to a picture.
type graph struct {
	vertices []*vertex // boxes first, in the order of the document
	edges    []*edge
	ranks    [][]*vertex // from above, each from left to right
	tops     []float64   // of the ranks
	heights  []float64
}

// vertex is a box, or a place at which a long way passes a rank.
type vertex struct {
	box        Box
	rank       int
	center     float64 // of the box, sideways
	up, down   []*vertex
	downs, ups []*edge // of a real box: its ways, for their ports
	bend       bool    // only a place of a way
}

// edge is a way between boxes. In the layout it always leads down: back says that
// it was turned round for that.
type edge struct {
	from, to *vertex
	label    string
	back     bool
	chain    []*vertex // from the upper box to the lower, both of them included
}

const (
	boxWidth   = 208.0
	lineHeight = 16.0
	letter     = 6.9 // about the width of one, at 12 px
	labelWidth = 6.4 // likewise at 11 px
	perLine    = 28  // letters on a line of a box
	maxLines   = 3
)

// build makes boxes and ways of one part.
func build(doc *dialplan.Document, part, language string) *graph {
	g := &graph{}
	of := map[string]*vertex{}
	add := func(b Box) *vertex {
		v := &vertex{box: b}
		g.vertices = append(g.vertices, v)
		of[b.Node] = v
		return v
	}
	if part == "" {
		add(startBox(doc, language))
	} else {
		add(dialogueBox(doc, part))
	}
	for _, name := range doc.Order {
		if n := doc.Nodes[name]; partOf(n) == part {
			add(nodeBox(doc, n, language))
		}
	}
	if part == "" {
		closed := ""
		if doc.Closed != "" {
			closed = "open"
			g.connect(of[start], of[doc.Closed], "closed")
		}
		g.connect(of[start], of[doc.Start], closed)
	} else {
		g.connect(of[start], of[doc.Dialogues[part].Start], "")
	}
	for _, name := range doc.Order {
		if partOf(doc.Nodes[name]) != part {
			continue
		}
		for _, w := range ways(doc.Nodes[name]) {
			g.connect(of[name], of[w.to], w.label)
		}
	}
	return g
}

// connect adds a way, unless it leads out of this part or nowhere else.
func (g *graph) connect(from, to *vertex, label string) {
	if from != nil && to != nil && from != to {
		g.edges = append(g.edges, &edge{from: from, to: to, label: label})
	}
}

// way is where a node leads, with all that is written on it.
type way struct{ label, to string }

// ways joins the branches of a node that lead to the same one.
func ways(n *dialplan.Node) []way {
	labels := map[string][]string{}
	var order []string
	for _, e := range n.Edges() {
		if labels[e.To] == nil {
			order = append(order, e.To)
		}
		labels[e.To] = append(labels[e.To], e.Label)
	}
	list := make([]way, len(order))
	for i, to := range order {
		list[i] = way{label: inWords(labels[to], len(order)), to: to}
	}
	return list
}

// branchKey is what the key of a branch looks like.
var branchKey = regexp.MustCompile(`^[a-z_]+$`)

// inWords is what is written on a way; nothing where it is the only one.
func inWords(labels []string, ways int) string {
	if ways == 1 && len(labels) == 1 && (labels[0] == "next" || labels[0] == "goto") {
		return ""
	}
	words := make([]string, len(labels))
	for i, l := range labels {
		if branchKey.MatchString(l) { // others are conditions, as they were written
			l = strings.ReplaceAll(l, "_", " ")
		}
		words[i] = clip(l, 24)
	}
	return clip(strings.Join(words, ", "), 40)
}

func nodeBox(doc *dialplan.Document, n *dialplan.Node, language string) Box {
	head, said := describe(doc, n, language)
	b := Box{Node: n.Name, Kind: n.Kind, Head: head, Lines: wrap(said, perLine, maxLines), Last: ends(n)}
	b.Lines = append(b.Lines, asides(doc, n)...)
	return b.sized()
}

func (x Box) sized() Box {
	x.W, x.H = boxWidth, 30+lineHeight*float64(len(x.Lines))
	return x
}

func startBox(doc *dialplan.Document, language string) Box {
	b := Box{Node: start, Head: doc.SpokenTitle(language), Lines: wrap(strings.Join(doc.Numbers, ", "), perLine, maxLines)}
	b.Lines = append(b.Lines, wrap(fromEverywhere(doc), perLine, 1)...)
	return b.sized()
}

// dialogueBox is where a dialogue begins: what it gets, and from whom.
func dialogueBox(doc *dialplan.Document, part string) Box {
	b := Box{Node: start, Head: part}
	var params []string
	for _, p := range doc.Dialogues[part].Params {
		params = append(params, p.Name)
	}
	if len(params) > 0 {
		b.Lines = wrap("with "+strings.Join(params, ", "), perLine, 1)
	}
	if from := callers(doc, part); len(from) > 0 {
		b.Lines = append(b.Lines, wrap("called by "+strings.Join(from, ", "), perLine, 2)...)
	}
	return b.sized()
}

// ends says whether the call is over after a node.
func ends(n *dialplan.Node) bool {
	return n.Kind == dialplan.KindHangup || n.Hangup
}
