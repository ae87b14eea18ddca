package dialplan

import "github.com/linekeeper/linekeeper/prompts"

// stands tells a caller that a promise exists, and lets them take it back. A place
// in line stays held until they decided.
func (c *call) stands(id string) {
	c.quiet()
	c.s.Phase, c.s.Standing = PhaseStanding, id
	c.say(c.s.Language, c.message(prompts.KeyCallbackExists), c.message(prompts.KeyCallbackCancel))
}

// standsKey takes the promise back by 9. Any other key, and silence, keep it.
func (c *call) standsKey(key rune) {
	switch key {
	case '9':
		c.cancelStanding()
	case '*':
		c.stands(c.s.Standing)
	default:
		c.keepStanding()
	}
}

func (c *call) keepStanding() {
	c.keepOlder()
	c.release() // the older promise has a place of its own
	c.sayThen(c.node().Next, c.message(prompts.KeyCallbackKept))
}

// keepOlder makes the older promise the one that this call ends with.
func (c *call) keepOlder() {
	c.dropTake()
	c.s.Promise, c.s.Standing, c.s.Asked = c.s.Standing, "", false
	c.outcome(ResultCallback)
}

// cancelStanding takes the older promise back. Who stands in line stays there.
func (c *call) cancelStanding() {
	c.quiet()
	c.do(CancelPromise{ID: c.s.Standing, ByCustomer: true})
	c.note("callback.taken_back", map[string]any{"callback": c.s.Standing})
	c.s.Standing, c.s.NoCall, c.s.Asked = "", true, false
	c.arranged(c.message(prompts.KeyCallbackCancelled))
}
