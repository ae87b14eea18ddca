package drawing_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/dialplan/drawing"
)

// any draws a document with up to 40 nodes of all shapes of graphs.
func anyDocument(t *rapid.T) *dialplan.Document {
	n := rapid.IntRange(1, 40).Draw(t, "nodes")
	name := func(what string) string { return fmt.Sprintf("n%d", rapid.IntRange(0, n-1).Draw(t, what)) }
	var b strings.Builder
	b.WriteString("hotline: h\nnumbers: [\"600\"]\nlanguage: en\nstart: n0\nnodes:\n")
	for i := range n {
		words := rapid.StringMatching(`[A-Za-z]{1,12}( [a-z]{1,40}){0,12}`).Draw(t, "words")
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			fmt.Fprintf(&b, "  n%d: {say: %q, hangup: true}\n", i, words)
		case 1:
			fmt.Fprintf(&b, "  n%d: {menu: %q, keys: {", i, words)
			for k := range rapid.IntRange(1, 6).Draw(t, "keys") {
				fmt.Fprintf(&b, "%d: %s, ", k, name("key"))
			}
			b.WriteString("}}\n")
		case 2:
			fmt.Fprintf(&b, "  n%d: {queue: support, full: %s, after: %s}\n", i, name("full"), name("after"))
		default:
			fmt.Fprintf(&b, "  n%d: {say: %q, next: %s}\n", i, words, name("next"))
		}
	}
	doc, err := dialplan.Parse("h.yaml", []byte(b.String()))
	if err != nil {
		t.Skip("goes round for ever")
	}
	return doc
}

func TestNoBoxesOverlapAndNoWayCrossesOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawing.Draw(anyDocument(t), "")
		for i, a := range p.Boxes {
			if a.X < 0 || a.Y < 0 || a.X+a.W > p.Width || a.Y+a.H > p.Height || math.IsNaN(a.X) {
				t.Fatalf("%+v is outside of the picture, %.0f x %.0f", a, p.Width, p.Height)
			}
			for _, b := range p.Boxes[i+1:] {
				if a.X < b.X+b.W-0.01 && b.X < a.X+a.W-0.01 && a.Y < b.Y+b.H-0.01 && b.Y < a.Y+a.H-0.01 {
					t.Fatalf("%+v\noverlaps\n%+v", a, b)
				}
			}
		}
		for _, w := range p.Ways {
			for i := 1; i < len(w.Points); i++ {
				through(t, p, w, w.Points[i-1], w.Points[i])
			}
		}
	})
}

// through fails when a piece of a way lies inside of a box of a node. Pieces are
// upright, or bend between two ranks, where no box is.
func through(t *rapid.T, p drawing.Picture, w drawing.Way, a, b drawing.Point) {
	low, high := math.Min(a.Y, b.Y), math.Max(a.Y, b.Y)
	for _, x := range p.Boxes {
		if x.Node == "" || high <= x.Y+0.01 || low >= x.Y+x.H-0.01 {
			continue
		}
		left, right := math.Min(a.X, b.X), math.Max(a.X, b.X)
		if right > x.X+0.01 && left < x.X+x.W-0.01 {
			t.Fatalf("the way from %s to %s goes through %s: %+v to %+v, %+v", w.From, w.To, x.Node, a, b, x)
		}
	}
}

func TestPictureShowsAllNodesAndWays(t *testing.T) {
	t.Parallel()
	for _, doc := range documents(t) {
		p := drawing.Draw(doc, "")
		boxes, ways := map[string]bool{}, map[string]bool{}
		for _, b := range p.Boxes {
			boxes[b.Node] = true
		}
		for _, w := range p.Ways {
			ways[w.From+" "+w.To] = true
		}
		for _, name := range doc.Order {
			if !boxes[name] {
				t.Errorf("%s: node %q is not there", doc.File, name)
			}
			for _, e := range doc.Nodes[name].Edges() {
				same := doc.Nodes[e.To].Dialogue == doc.Nodes[name].Dialogue
				if e.To != name && same && !ways[name+" "+e.To] {
					t.Errorf("%s: the way from %q to %q is not there", doc.File, name, e.To)
				}
			}
		}
		var svg bytes.Buffer
		if err := p.SVG(&svg); err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(&svg); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: the picture is no XML: %v", doc.File, err)
			}
		}
	}
}

func TestTreeTellsEveryNodeOnce(t *testing.T) {
	t.Parallel()
	for _, doc := range documents(t) {
		var b strings.Builder
		if err := drawing.Tree(&b, doc, "", 100); err != nil {
			t.Fatal(err)
		}
		for _, name := range doc.Order {
			told := strings.Count(b.String(), "\u2500 "+name+": ") + strings.Count(b.String(), "] "+name+": ")
			if n := told; n != 1 {
				t.Errorf("%s: node %q is told %d times:\n%s", doc.File, name, n, b.String())
			}
		}
		for line := range strings.Lines(b.String()) {
			if utf8.RuneCountInString(line) > 101 {
				t.Errorf("the line is longer than the terminal: %s", line)
			}
		}
	}
}

// A picture tells of every kind of node in words, of keys and ways that have no
// arrow, and of who calls a dialogue.
func TestPictureTellsWhatHappens(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("../testdata/all.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := dialplan.Parse("all.yaml", bytes.Replace(src, []byte(`wrong: {return: "false"}`), []byte(`wrong: {goto: help}`), 1))
	if err != nil {
		t.Fatal(err)
	}
	p := drawing.Draw(doc, "")
	told := map[string]string{} // by node
	for _, b := range p.Boxes {
		if b.Node != "" && b.Head == "" {
			t.Errorf("kind %q has no word", b.Kind)
		}
		told[b.Node] += "|" + b.Head + ": " + strings.Join(b.Lines, " ")
	}
	for node, words := range map[string]string{
		"(start)": "0 from everywhere: help|confirm: with code called by confirm, agree",
		"menu":    "[8: language ru, 9: again]", "refund": "[needs answer]", "who": "by number, by code, by birth date, by PIN, or the operator asks",
		"confirm": "goes through: dialogue confirm", "confirm.right": "goes back: with true", "confirm.wrong": "goes on: [on to help]",
		"mark": "ok = caller.vip, when = now.at, language en", "pause": "waits: 5s, in silence", "abroad": "to sip:help@pbx.example.com",
		"old": "to context old-menu", "number": "to +74951234567", "rate": "(and 1 more)", "lookup": "lookup orders", "spare": "queue spare",
	} {
		if !strings.Contains(told[node], words) {
			t.Errorf("node %q says %q, not %q", node, told[node], words)
		}
	}
	if len(p.Groups) != 1 || p.Groups[0].Name != "confirm" {
		t.Errorf("the frames are %+v", p.Groups)
	}
	var tree strings.Builder
	if err := drawing.Tree(&tree, doc, "", 120); err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"0 from everywhere: help\n", "[8: language ru, 9: again]\n", "asks for an entry, needs answer: "} {
		if !strings.Contains(tree.String(), words) {
			t.Errorf("the tree does not say %q:\n%s", words, tree.String())
		}
	}
}

// documents are those of the demo and the examples.
func documents(t *testing.T) []*dialplan.Document {
	t.Helper()
	var docs []*dialplan.Document
	for _, pattern := range []string{"../../demo/hotlines/*.yaml", "../../examples/hotlines/*.yaml", "../../examples/*/*.yaml", "../testdata/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if doc, err := dialplan.Parse(file, src); err == nil { // there are other files too
				docs = append(docs, doc)
			}
		}
	}
	if len(docs) < 2 {
		t.Fatalf("only %d documents were found", len(docs))
	}
	return docs
}
