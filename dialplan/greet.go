package dialplan

import (
	"github.com/linekeeper/linekeeper/prompts"
)

// greetings is how often the customer whom we called is asked to press 1.
const greetings = 2

// greet tells the customer whom we called who calls, and asks for the key that
// tells a person from a machine.
func (c *call) greet() {
	c.quiet()
	c.s.Phase = PhaseGreeting
	title := c.doc.SpokenTitle(c.s.Language)
	c.say(c.s.Language,
		prompts.Greeting(c.s.Language, c.s.Caller.Name, title, prompts.Asked{Reason: c.s.Reason, At: c.s.AskedAt, Now: c.now}),
		c.message(prompts.KeyPressOneToConnect))
}

func (c *call) greetKey(key rune) {
	c.quiet()
	switch key {
	case '1':
		c.do(ConfirmPromise{})
		c.s.Held = true
		if c.s.Served {
			c.connect()
			return
		}
		c.s.Phase, c.s.WaitSince, c.s.HereSince, c.s.SaidAt = PhaseWaiting, c.now, c.now, c.now
		c.say(c.s.Language, c.message(prompts.KeyConnecting))
	case '9':
		c.do(DeclinePromise{})
		c.outcome(ResultIVR)
		c.leave(c.message(prompts.KeyGoodbye))
	case '*':
		c.greet()
	default:
		c.say(c.s.Language, c.message(prompts.KeyNotUnderstood), c.message(prompts.KeyPressOneToConnect))
	}
}

func (c *call) greetSilence() {
	c.s.Tries++
	if c.s.Tries < greetings {
		c.greet()
		return
	}
	c.do(NoKeyPromise{})
	c.outcome(ResultCallback)
	c.leave(c.message(prompts.KeyGoodbye))
}
