package cli

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/prompts"
	"github.com/linekeeper/linekeeper/prompts/voice"
)

// promptRow is a text that is spoken, as "prompts list" and "prompts check" show it.
type promptRow struct {
	File     string `json:"file"` // of a recording, beneath voice.recordings
	Language string `json:"language"`
	Hotline  string `json:"hotline"` // "" for linekeeper's own sentences
	Node     string `json:"node"`    // or the key of such a sentence
	Values   bool   `json:"values"`  // it holds values, and so is not recorded
	Text     string `json:"text"`
}

// ofCaller finds what differs from call to call.
var ofCaller = regexp.MustCompile(`\{\{|\{\d\}`)

// unsafe are characters that do not belong into the name of a file.
var unsafe = regexp.MustCompile(`[^a-z0-9_.]+`)

// spoken lists all texts of the documents, and linekeeper's own sentences in the
// languages of the documents. A text that stands in several places is listed once,
// where it stands first.
func spoken(docs []*dialplan.Document) []promptRow {
	var rows []promptRow
	seen := map[voice.Text]bool{}
	add := func(r promptRow) {
		t := voice.Text{Lang: r.Language, Words: r.Text}
		if strings.TrimSpace(r.Text) == "" || seen[t] {
			return
		}
		seen[t] = true
		r.Values = ofCaller.MatchString(r.Text)
		if !r.Values {
			where := cmp.Or(r.Hotline, "linekeeper") + "." + r.Node
			r.File = fmt.Sprintf("%s/%s-%s.wav", r.Language, strings.Trim(unsafe.ReplaceAllString(strings.ToLower(where), "_"), "_"), voice.ID(r.Language, r.Text))
		}
		rows = append(rows, r)
	}
	docs = slices.SortedFunc(slices.Values(docs), func(a, b *dialplan.Document) int { return cmp.Compare(a.Hotline, b.Hotline) })
	for _, doc := range docs {
		for _, name := range slices.Sorted(maps.Keys(doc.Nodes)) {
			for _, text := range textsOf(doc.Nodes[name]) {
				for _, lang := range slices.Sorted(maps.Keys(text)) {
					add(promptRow{Language: lang, Hotline: doc.Hotline, Node: name, Text: text[lang]})
				}
			}
		}
	}
	for _, lang := range languagesOf(docs) {
		for _, s := range prompts.Standing(lang) {
			add(promptRow{Language: lang, Node: s.Key, Text: s.Text})
		}
	}
	return rows
}

// textsOf are what a node says: its text, and the questions of its identification
// or survey that the caller hears.
func textsOf(n *dialplan.Node) []dialplan.Text {
	texts := []dialplan.Text{n.Text}
	for _, step := range n.Steps {
		if step.Method != dialplan.ByOperator { // the agent reads it
			texts = append(texts, step.Text)
		}
	}
	for _, q := range n.Questions {
		texts = append(texts, q.Ask)
	}
	return append(texts, n.Thanks)
}

// languagesOf lists the languages in which callers are spoken to, sorted.
func languagesOf(docs []*dialplan.Document) []string {
	languages := map[string]bool{}
	for _, d := range docs {
		languages[d.Language] = true
		for _, n := range d.Nodes {
			for _, text := range textsOf(n) {
				for lang := range text {
					languages[lang] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(languages))
}

// certain are the texts that are the same for every caller.
func certain(rows []promptRow) []voice.Text {
	var texts []voice.Text
	for _, r := range rows {
		if !r.Values {
			texts = append(texts, voice.Text{Lang: r.Language, Words: r.Text})
		}
	}
	return texts
}
