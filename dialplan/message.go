package dialplan

import (
	"time"

	"github.com/linekeeper/linekeeper/prompts"
)

// A node of kind message records what the caller says, for somebody to hear it
// later. How a take is recorded, heard again and recorded anew is in leavemessage.go.

// defaultMessage is the longest message of a node that does not say.
const defaultMessage = 2 * time.Minute

// invitation is what is said before the tone: the node's own words, or those about
// a callback.
func (c *call) invitation(before ...prompts.Key) (texts []string, lang string) {
	text, lang := c.message(prompts.KeyMessageInvite), c.s.Language
	if n := c.node(); n.Kind == KindMessage {
		text, lang = c.words(n.Text)
	}
	for _, key := range before {
		texts = append(texts, prompts.Message(lang, key))
	}
	return append(texts, text), lang
}

// takeKept goes on after the caller decided for the take.
func (c *call) takeKept() {
	node := c.node()
	if node.Kind != KindMessage {
		c.note("callback.message_left", map[string]any{"takes": c.s.Takes})
		c.promise()
		return
	}
	c.storeMessage()
	c.sayThen(node.Next, c.message(prompts.KeyMessageKept))
}

// withoutTake goes on when there is none.
func (c *call) withoutTake() {
	node := c.node()
	switch {
	case node.Kind != KindMessage:
		c.promise()
	case node.Otherwise != "":
		c.enter(node.Otherwise)
	default:
		c.enter(node.Next)
	}
}

// storeMessage gives the take away: it is a message now.
func (c *call) storeMessage() {
	if c.s.Taking {
		c.s.TakeFor = c.now.Sub(c.s.TakeSince)
	}
	c.do(Keep{Take: c.s.Take, Node: c.s.Node, Hook: c.node().Hook, Length: c.s.TakeFor})
	c.s.Take, c.s.Taking, c.s.TakeEnding, c.s.Kept = 0, false, false, false
}

// messageHungUp keeps what was said by then: that is how most people end a message.
func (c *call) messageHungUp() {
	said := c.s.Take != 0 && (!c.s.Taking || c.now.Sub(c.s.TakeSince) >= leastMessage)
	if said {
		c.storeMessage()
	}
	c.depart()
}
