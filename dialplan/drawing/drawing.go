// Package drawing draws hotline documents: as a picture (SVG) that somebody who
// has never seen a document understands, and as a tree for a terminal. It is pure.
//
// The picture is laid out in layers, by the classic four steps: nodes get ranks
// so that ways lead down (rank.go), ranks are ordered so that few ways cross
// (order.go), boxes get their places (place.go, straight.go), and ways are drawn through the
// gaps between them (svg.go). What is written on a way takes part in all of this as
// a small box, so that no words ever lie on others.
package drawing

import (
	"strings"

	"github.com/linekeeper/linekeeper/dialplan"
)

// Picture is a document that has been laid out. Sizes are in pixels of SVG.
type Picture struct {
	Title         string
	Width, Height float64
	Boxes         []Box
	Ways          []Way
	Groups        []Group
}

// Box is a node, or the words on a way. X and Y are its left upper corner.
type Box struct {
	X, Y, W, H float64
	Node       string        // name; "" for the words on a way
	Kind       dialplan.Kind // "" for those words, and for the beginning
	Head       string        // what kind of node it is, for people
	Lines      []string      // what is said or done there
	Last       bool          // the call ends there
}

// Way leads from a box to another, by points through the gaps.
type Way struct {
	From, To string
	Label    string
	Points   []Point
}

// Point is a place in the picture.
type Point struct{ X, Y float64 }

// Group is a frame around the nodes of a sub-dialogue.
type Group struct {
	Name       string
	X, Y, W, H float64
}

// start is the name of the box from which the ways into the document, or into a
// dialogue, lead; no node can be called so.
const start = "(start)"

// Draw lays a document out, with its texts in a language where they have it.
func Draw(doc *dialplan.Document, language string) Picture {
	if language == "" {
		language = doc.Language
	}
	p := Picture{Title: doc.SpokenTitle(language)}
	x, y, column, below := margin, margin, 0.0, 0.0 // of the next part; of its column; of the main part
	for _, part := range parts(doc) {
		g := build(doc, part, language)
		g.layout()
		w, h := g.right()-g.left(), g.bottom()
		if part == "" {
			p.take(g, x-g.left(), y)
			p.Width, p.Height, below = x+w+margin, y+h+margin, y+h
			x += w + groupGap
			continue
		}
		w, h = w+2*frame, h+2*frame+headHeight
		if y > margin && y+h > below { // beside those before, not below the main part
			x, y, column = x+column+groupGap, margin, 0
		}
		p.take(g, x+frame-g.left(), y+frame+headHeight)
		p.Groups = append(p.Groups, Group{Name: part, X: x, Y: y, W: w, H: h})
		p.Width, p.Height = max(p.Width, x+w+margin), max(p.Height, y+h+margin)
		y, column = y+h+groupGap, max(column, w)
	}
	return p
}

const (
	margin     = 24.0
	frame      = 16.0 // from the frame of a group to its boxes
	groupGap   = 48.0
	headHeight = 22.0 // of a frame's name
)

// parts are the main part of a document and its sub-dialogues, in their order.
func parts(doc *dialplan.Document) []string {
	list, seen := []string{""}, map[string]bool{"": true}
	for _, name := range doc.Order {
		if part := partOf(doc.Nodes[name]); !seen[part] {
			seen[part] = true
			list = append(list, part)
		}
	}
	return list
}

// partOf is the sub-dialogue that a node belongs to, "" for the main part.
func partOf(n *dialplan.Node) string { return n.Dialogue }

// short is the name of a node without that of its sub-dialogue.
func short(name string) string {
	if i := strings.LastIndex(name, "."); i >= 0 {
		return name[i+1:]
	}
	return name
}

// take moves what was laid out into the picture.
func (p *Picture) take(g *graph, dx, dy float64) {
	for _, v := range g.vertices {
		if v.box.W > 0 && (v.box.Node != "" || len(v.box.Lines) > 0) {
			b := v.box
			b.X, b.Y = b.X+dx, b.Y+dy
			p.Boxes = append(p.Boxes, b)
		}
	}
	for _, e := range g.edges {
		w := Way{From: e.from.box.Node, To: e.to.box.Node, Label: e.label}
		for _, pt := range g.points(e) {
			w.Points = append(w.Points, Point{pt.X + dx, pt.Y + dy})
		}
		p.Ways = append(p.Ways, w)
	}
}
