package dialplan

import (
	"slices"

	"github.com/linekeeper/linekeeper/prompts"
)

// started is the beginning of an incoming call.
func (c *call) started(ev Started) {
	if c.s.Phase != PhaseNew {
		return
	}
	c.s.Dialled = ev.Dialled
	c.remember(ev.History)
	c.speakByCountry()
	c.do(Answer{})
	if c.open(c.doc.Hours) {
		c.enter(c.doc.Start)
		return
	}
	c.whenClosed()
}

// asksHours says whether a node goes by the hours of the hotline.
func (d *Document) asksHours() bool {
	return slices.ContainsFunc(d.Order, func(name string) bool {
		n := d.Nodes[name]
		return n.Kind == KindHours && n.Hours == nil
	})
}

// hours is a node that goes by the time of day.
func (c *call) hours(node *Node) {
	h := node.Hours
	if h == nil {
		h = c.doc.Hours
	}
	if c.open(h) {
		c.enter(node.Open)
		return
	}
	c.closed()
	c.enter(node.Closed)
}

func (c *call) sayNode(node *Node) {
	text, lang := c.words(node.Text)
	if text == "" { // all of it was about what is not known
		c.enter(node.Next)
		return
	}
	if node.Hangup {
		c.lastWords(lang, text)
		return
	}
	c.s.Phase, c.s.Then = PhaseSpeaking, node.Next
	c.say(lang, text)
}

// sayThen speaks built-in words and goes on to a node, or says goodbye when
// there is none.
func (c *call) sayThen(next string, texts ...string) {
	if next == "" {
		c.leave(append(texts, c.message(prompts.KeyGoodbye))...)
		return
	}
	c.quiet()
	c.s.Phase, c.s.Then = PhaseSpeaking, next
	c.say(c.s.Language, texts...)
}

// sayKey cuts words short. A digit counts for the question that comes next, #
// only skips, and * hears the words again.
func (c *call) sayKey(key rune) {
	if c.operatorWhileSpeaking(key) {
		return
	}
	c.hush()
	node := c.node()
	if key == '*' && c.saysNode(node) {
		c.sayNode(node)
		return
	}
	c.enter(c.s.Then)
	if key != '#' && key != '*' {
		c.replay(string(key))
	}
}

// saysNode tells whether the words are the node's own, and not that the caller
// failed to get to it.
func (c *call) saysNode(node *Node) bool {
	return node.Kind == KindSay && c.s.Then == node.Next && node.sure(c.s.Caller)
}

// replay gives keys to the question that is asked now. What is not a question
// does not take them: nobody wants to leave the line by a key that was meant
// for a menu.
func (c *call) replay(keys string) {
	for _, key := range keys {
		switch c.s.Phase {
		case PhaseSpeaking, PhaseLookingUp, PhaseRecalling, PhasePausing, PhaseMenu, PhaseCollecting, PhaseVerifying, PhaseWhich, PhaseAccount, PhasePIN, PhaseCode, PhaseAnswer, PhaseConfirming, PhaseNumber:
			c.pressed(key)
		}
	}
}
