package drawing

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/dialplan"
)

// kindWords are what kinds of nodes are called in a picture.
var kindWords = map[dialplan.Kind]string{
	dialplan.KindSay: "says", dialplan.KindMenu: "asks for a key", dialplan.KindIdentify: "asks who it is",
	dialplan.KindQueue: "waits for an operator", dialplan.KindCallback: "promises to call back",
	dialplan.KindLookup: "asks another system", dialplan.KindMessage: "records a message", dialplan.KindTransfer: "puts through",
	dialplan.KindSurvey: "asks how it was", dialplan.KindCollect: "asks for an entry", dialplan.KindBranch: "decides",
	dialplan.KindSet: "remembers", dialplan.KindWait: "waits", dialplan.KindCall: "goes through", dialplan.KindReturn: "goes back",
	dialplan.KindGoto: "goes on", dialplan.KindHours: "looks at the clock", dialplan.KindHangup: "hangs up",
}

// describe says of a node what it is and what is said or done there.
func describe(doc *dialplan.Document, n *dialplan.Node, language string) (head, said string) {
	head = kindWords[n.Kind]
	said, _ = n.Text.In(language, doc.Language)
	if said == "" {
		said = deed(doc, n, language)
	}
	return head, said
}

// deed is what a node does that has no text of its own.
func deed(doc *dialplan.Document, n *dialplan.Node, language string) string {
	switch n.Kind {
	case dialplan.KindQueue, dialplan.KindCallback:
		return "queue " + n.Queue
	case dialplan.KindHours:
		if n.Hours != nil {
			return "hours of its own"
		}
		return "hours of the hotline"
	case dialplan.KindIdentify:
		return steps(n)
	case dialplan.KindLookup:
		return "lookup " + n.Lookup.Source
	case dialplan.KindTransfer:
		return target(n.Target)
	case dialplan.KindSurvey:
		first, _ := n.Questions[0].Ask.In(language, doc.Language)
		if more := len(n.Questions) - 1; more > 0 {
			return fmt.Sprintf("(and %d more) %s", more, first)
		}
		return first
	case dialplan.KindSet:
		return kept(n)
	case dialplan.KindWait:
		if n.Music {
			return lasting(n.Pause) + ", with music"
		}
		return lasting(n.Pause) + ", in silence"
	case dialplan.KindCall:
		return "dialogue " + n.Calls
	case dialplan.KindReturn:
		return "with " + n.Return.Source
	}
	return ""
}

// methodWords are the ways of identification.
var methodWords = map[dialplan.Method]string{
	dialplan.ByANI: "by number", dialplan.ByPIN: "by PIN", dialplan.ByCode: "by code", dialplan.ByOperator: "or the operator asks",
}

func steps(n *dialplan.Node) string {
	words := make([]string, len(n.Steps))
	for i, s := range n.Steps {
		if words[i] = methodWords[s.Method]; s.Method == dialplan.ByAnswer {
			words[i] = "by " + strings.ReplaceAll(s.Question, "_", " ")
		}
	}
	return strings.Join(words, ", ")
}

func target(t *dialplan.Target) string {
	switch {
	case t.Agent != "":
		return "to agent " + t.Agent
	case t.Address != "":
		return "to " + t.Address
	case t.Context != "":
		return "to context " + t.Context
	case t.By != nil:
		return "to the number in " + t.By.Source
	}
	return "to " + t.Number
}

func kept(n *dialplan.Node) string {
	var words []string
	for _, s := range n.Sets {
		words = append(words, s.Var+" = "+s.To.Source)
	}
	if n.Language != "" {
		words = append(words, "language "+n.Language)
	}
	return strings.Join(words, ", ")
}

// lasting writes 5s, and 2m for 2m0s.
func lasting(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimSuffix(d.String(), "0s"), "0m")
}

// asides are the lines of a box about what no arrow shows: how sure a caller must
// be, keys that stay at their menu, and ways out of a dialogue.
func asides(doc *dialplan.Document, n *dialplan.Node) []string {
	var lines []string
	if n.Require > 0 {
		lines = append(lines, "needs "+n.Require.String())
	}
	if keys := staying(n); keys != "" {
		lines = append(lines, keys)
	}
	for _, w := range ways(n) {
		label := w.label
		if label != "" {
			label += ": "
		}
		switch to := doc.Nodes[w.to]; {
		case n.Kind == dialplan.KindCall && to.Dialogue == n.Calls: // the box says so
		case to == n:
			lines = append(lines, label+"again")
		case to.Dialogue != n.Dialogue:
			lines = append(lines, label+"on to "+w.to)
		}
	}
	for i := range lines {
		lines[i] = "[" + clip(lines[i], perLine) + "]"
	}
	return lines
}

// staying tells of the keys of a menu that lead to no other node; "" when there
// are none.
func staying(n *dialplan.Node) string {
	keys := make([]rune, 0, len(n.Actions))
	for key := range n.Actions {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	words := make([]string, len(keys))
	for i, key := range keys {
		words[i] = fmt.Sprintf("%c: again", key)
		if lang := n.Actions[key].Language; lang != "" {
			words[i] = fmt.Sprintf("%c: language %s", key, lang)
		}
	}
	return strings.Join(words, ", ")
}

// callers are the nodes that call a dialogue.
func callers(doc *dialplan.Document, dialogue string) []string {
	var names []string
	for _, name := range doc.Order {
		if doc.Nodes[name].Calls == dialogue {
			names = append(names, name)
		}
	}
	return names
}

// fromEverywhere tells of the key that leads to an operator; "" when there is none.
func fromEverywhere(doc *dialplan.Document) string {
	if doc.Operator.Key == 0 {
		return ""
	}
	return fmt.Sprintf("%c from everywhere: %s", doc.Operator.Key, doc.Operator.Node)
}
