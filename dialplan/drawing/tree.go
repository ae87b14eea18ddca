package drawing

import (
	"fmt"
	"io"
	"strings"

	"github.com/linekeeper/linekeeper/dialplan"
)

// Tree writes a document as a tree, for a terminal so many columns wide. A node is
// told where it is met first; elsewhere an arrow names it.
func Tree(w io.Writer, doc *dialplan.Document, language string, columns int) error {
	if language == "" {
		language = doc.Language
	}
	t := &tree{doc: doc, language: language, columns: max(columns, 40), told: map[string]bool{}}
	t.line("", fmt.Sprintf("%s (%s)", doc.SpokenTitle(language), strings.Join(doc.Numbers, ", ")))
	if key := fromEverywhere(doc); key != "" {
		t.line("", key)
	}
	roots := []way{{"", doc.Start}}
	if doc.Closed != "" {
		roots = []way{{"open", doc.Start}, {"closed", doc.Closed}}
	}
	t.branches("", roots)
	for _, name := range doc.Order { // what no call gets to, and sub-dialogues
		if !t.told[name] {
			if part := doc.Nodes[name].Dialogue; part != "" && !t.told["dialogue "+part] {
				t.told["dialogue "+part] = true
				t.line("", "")
				t.line("", "dialogue "+part)
			}
			t.branches("", []way{{"", name}})
		}
	}
	if _, err := io.WriteString(w, t.b.String()); err != nil {
		return fmt.Errorf("write the tree: %w", err)
	}
	return nil
}

type tree struct {
	doc      *dialplan.Document
	language string
	columns  int
	told     map[string]bool
	b        strings.Builder
}

// branches writes where a node leads, each way on a line with what follows below.
func (t *tree) branches(indent string, list []way) {
	for i, w := range list {
		stem, below := "\u251c\u2500 ", "\u2502  "
		if i == len(list)-1 {
			stem, below = "\u2514\u2500 ", "   "
		}
		label := ""
		if w.label != "" {
			label = "[" + w.label + "] "
		}
		n := t.doc.Nodes[w.to]
		if n == nil || t.told[w.to] {
			t.line(indent, stem+label+"-> "+w.to)
			continue
		}
		t.told[w.to] = true
		head, said := describe(t.doc, n, t.language)
		if n.Require > 0 {
			head += fmt.Sprintf(", needs %s", n.Require)
		}
		text := fmt.Sprintf("%s%s%s: %s", stem, label, w.to, head)
		if said != "" {
			text += ": " + said
		}
		if keys := staying(n); keys != "" {
			text = clip(text, max(40, t.columns-len([]rune(indent))-len(keys)-3)) + " [" + keys + "]"
		}
		if ends(n) {
			text += " (end)"
		}
		t.line(indent, text)
		t.branches(indent+below, ways(n))
	}
}

func (t *tree) line(indent, text string) {
	t.b.WriteString(strings.TrimRight(clip(indent+text, t.columns), " ") + "\n")
}
