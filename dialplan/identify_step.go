package dialplan

import "github.com/linekeeper/linekeeper/callers"

// Method is a way to find out who is calling.
type Method string

// The methods of identify.
const (
	ByANI      Method = "ani"      // by the number of the call: good for a greeting, it can be spoofed
	ByPIN      Method = "pin"      // by account and PIN
	ByCode     Method = "code"     // by a code alone, which only one customer has
	ByAnswer   Method = "ask"      // by account and the answer to a question, in digits
	ByOperator Method = "operator" // the agent asks; the call goes on as one of an unknown caller
)

// IdentifyStep is one way to find out who is calling, as a node has it.
type IdentifyStep struct {
	Method   Method
	Gives    callers.Assurance // how sure it makes
	Question string            // of ByAnswer: its name in the directory
	Digits   Length            // of ByCode and ByAnswer
	Format   Format            // of ByAnswer
	Text     Text              // what is asked; nil for built-in words. With ByOperator the agent reads it
}

// Format is what digits must be before they are compared.
type Format string

// The formats of an answer.
const (
	FormatAny  Format = ""     // any digits
	FormatDate Format = "date" // a day, as DDMMYYYY
)

// pinStep is what a node that requires something asks for where no identify node
// of the document has a better way.
var pinStep = IdentifyStep{Method: ByPIN, Gives: callers.AssurancePIN}

// asks says whether the caller is asked for anything.
func (s IdentifyStep) asks() bool { return s.Method != ByANI && s.Method != ByOperator }

// texts lists what a node says by its own words.
func (n *Node) texts() []Text {
	var texts []Text
	if n.Text != nil {
		texts = append(texts, n.Text)
	}
	for _, q := range n.Questions {
		texts = append(texts, q.Ask)
	}
	if n.Thanks != nil {
		texts = append(texts, n.Thanks)
	}
	for _, s := range n.Steps {
		if s.Text != nil && s.asks() {
			texts = append(texts, s.Text)
		}
	}
	return texts
}
