package dialplan

import (
	"time"

	"github.com/linekeeper/linekeeper/prompts"
)

// Question is one of a survey, answered by one key.
type Question struct {
	Name      string // in the journal
	Ask       Text
	Low, High rune   // the keys that answer: '1' to '5'
	Into      string // the variable that gets the number; "" for none
}

// surveyTries is how often a question is asked in all, unless the node says otherwise:
// nobody owes an answer.
const surveyTries = 2

// defaultAnswers are the keys of a question that does not say.
const (
	lowestAnswer  = '1'
	highestAnswer = '5'
)

// survey begins with the first question.
func (c *call) survey() {
	c.s.Asking = 0
	c.askQuestion()
}

// askQuestion asks the present question, after what has to be said before; when
// there are no more, it says thanks.
func (c *call) askQuestion(before ...prompts.Key) {
	c.quiet()
	node := c.node()
	if c.s.Asking >= len(node.Questions) {
		c.thank(node)
		return
	}
	c.s.Phase = PhaseSurvey
	text, lang := c.words(node.Questions[c.s.Asking].Ask)
	var texts []string
	for _, key := range before {
		texts = append(texts, prompts.Message(lang, key))
	}
	c.say(lang, append(texts, text)...)
}

func (c *call) thank(node *Node) {
	text, lang := c.words(node.Thanks)
	if text == "" { // there is none, or nothing is left of it without the answers
		c.enter(node.Next)
		return
	}
	if node.Next == "" {
		c.leave(text, prompts.Message(lang, prompts.KeyGoodbye))
		return
	}
	c.s.Phase, c.s.Then = PhaseSpeaking, node.Next
	c.say(lang, text)
}

// surveyKey takes an answer; # goes on without one, * asks again.
func (c *call) surveyKey(key rune) {
	c.quiet()
	node := c.node()
	if c.s.Asking >= len(node.Questions) { // the document was changed under the call
		c.askQuestion()
		return
	}
	q := node.Questions[c.s.Asking]
	switch {
	case key >= q.Low && key <= q.High:
		c.note("survey.answer", map[string]any{"hotline": c.s.Hotline, "node": c.s.Node, "question": q.Name, "key": int(key - '0')})
		if q.Into != "" {
			c.setVar(q.Into, int(key-'0'))
		}
		c.nextQuestion()
	case key == '#':
		c.nextQuestion()
	case key == '*':
		c.askQuestion()
	default:
		c.surveyAgain(prompts.KeyNotUnderstood)
	}
}

// surveyAgain asks once more, or passes over the question.
func (c *call) surveyAgain(why prompts.Key) {
	if c.failedTooOften() {
		c.nextQuestion()
		return
	}
	c.askQuestion(why)
}

func (c *call) nextQuestion() {
	c.s.Asking++
	c.s.Tries = 0
	c.askQuestion()
}

// surveyTimeout is how long an answer is waited for, unless the node says otherwise.
const surveyTimeout = 5 * time.Second
