package drawing

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/linekeeper/linekeeper/dialplan"
)

// kindWords are what kinds of nodes are called in a picture; a kind that is not
// here goes by its own name.
var kindWords = map[dialplan.Kind]string{
	dialplan.KindSay: "says", dialplan.KindMenu: "asks for a key", dialplan.KindIdentify: "asks who it is",
	dialplan.KindQueue: "waits for an operator", dialplan.KindCallback: "promises to call back",
	dialplan.KindLookup: "asks another system", dialplan.KindMessage: "records a message", dialplan.KindTransfer: "puts through",
	dialplan.KindSurvey:  "asks how it was",
	dialplan.KindCollect: "asks for an entry", dialplan.KindBranch: "decides", dialplan.KindSet: "remembers", dialplan.KindWait: "waits",
	dialplan.KindCall: "asks a part of its own", dialplan.KindReturn: "goes back",
	dialplan.KindGoto: "goes on", dialplan.KindHours: "looks at the clock", dialplan.KindHangup: "hangs up",
}

// describe says of a node what it is and what is said or done there.
func describe(doc *dialplan.Document, n *dialplan.Node, language string) (head, said string) {
	head = kindWords[n.Kind]
	if head == "" {
		head = strings.ReplaceAll(string(n.Kind), "_", " ")
	}
	said, _ = n.Text.In(language, doc.Language)
	switch {
	case said != "":
	case n.Kind == dialplan.KindCall:
		said = n.Calls
	case n.Kind == dialplan.KindWait:
		said = n.Pause.String()
	case n.Queue != "":
		said = "queue " + n.Queue
	case n.Kind == dialplan.KindHours && n.Hours != nil:
		said = "hours of its own"
	case n.Kind == dialplan.KindHours:
		said = "hours of the hotline"
	}
	if n.Require > 0 {
		head += fmt.Sprintf(", needs %s", n.Require)
	}
	return head, said
}

// clip shortens a text to so many letters, the last of which is then an ellipsis.
func clip(s string, letters int) string {
	if utf8.RuneCountInString(s) <= letters {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:letters-1]), " ,.;:-") + "\u2026"
}

// wrap breaks a text into lines of at most so many letters, and shortens what
// does not fit into as many lines as there may be.
func wrap(s string, letters, lines int) []string {
	var out []string
	line := ""
	words := strings.Fields(s)
	for i, word := range words {
		word = clip(word, letters)
		joined := strings.TrimSpace(line + " " + word)
		if utf8.RuneCountInString(joined) <= letters {
			line = joined
			continue
		}
		if len(out) == lines-1 {
			return append(out, clip(line+" "+strings.Join(words[i:], " "), letters))
		}
		out, line = append(out, line), word
	}
	if line != "" {
		out = append(out, line)
	}
	return out
}
