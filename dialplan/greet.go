package dialplan

import (
	"time"

	"github.com/linekeeper/linekeeper/prompts"
)

// greetings is how often the customer whom we called is asked to press 1.
const greetings = 2

// longestGreeting is how long a machine may talk before it is left its message all
// the same.
const longestGreeting = 40 * time.Second

// greet tells the customer whom we called who calls, and asks for the key that
// tells a person from a machine.
func (c *call) greet() {
	c.quiet()
	c.s.Phase = PhaseGreeting
	c.s.Machine = false
	title := c.doc.SpokenTitle(c.s.Language)
	if c.s.Verify {
		c.say(c.s.Language, c.message(prompts.KeyVerifyGreeting, title), c.question())
		return
	}
	c.say(c.s.Language,
		prompts.Greeting(c.s.Language, c.s.Caller.Name, title, prompts.Asked{Reason: c.s.Reason, At: c.s.AskedAt, Now: c.now}),
		c.question())
}

// question is what the customer is to press a key for.
func (c *call) question() string {
	if c.s.Verify {
		return c.message(prompts.KeyPressOneToWant)
	}
	return c.message(prompts.KeyPressOneToConnect)
}

func (c *call) greetKey(key rune) {
	c.quiet()
	c.s.Machine = false
	switch key {
	case '1':
		c.do(ConfirmPromise{})
		if c.s.Verify {
			c.outcome(ResultCallback)
			c.leave(c.message(prompts.KeyVerifyThanks))
			return
		}
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
		c.say(c.s.Language, c.message(prompts.KeyNotUnderstood), c.question())
	}
}

// machineAnswered is silent until the machine is.
func (c *call) machineAnswered() {
	if c.s.Phase == PhaseGreeting {
		c.quiet()
		c.s.Machine = true
		c.timer(longestGreeting)
	}
}

func (c *call) machineSilent() {
	if c.s.Phase == PhaseGreeting && c.s.Machine && c.s.Saying == 0 {
		c.quiet()
		c.outcome(ResultCallback)
		c.say(c.s.Language, c.message(prompts.KeyMachineMessage, c.doc.SpokenTitle(c.s.Language)))
	}
}

func (c *call) greetSilence() {
	if c.s.Machine {
		c.machineSilent()
		return
	}
	c.s.Tries++
	if c.s.Tries < greetings {
		c.greet()
		return
	}
	c.do(NoKeyPromise{})
	c.outcome(ResultCallback)
	c.leave(c.message(prompts.KeyGoodbye))
}
