package dialplan

import "github.com/linekeeper/linekeeper/prompts"

// moved follows the place to another queue. What was quoted is void: the wait
// there is another one, and may be longer. It is told with the next announcement.
func (c *call) moved(queue string) {
	switch {
	case c.s.Phase == PhaseConnected:
		c.escalated(Escalated{Queue: queue})
	case c.s.Phase == PhaseGreeting:
		c.s.Queue, c.s.Served, c.s.AgentName = queue, false, "" // an agent who was there is let go
	case c.s.Held:
		c.unquoted(queue)
	}
}

// escalated takes the caller out of the conversation, back into line. The place
// is the same one as before, and so is the time since when the caller has it.
func (c *call) escalated(ev Escalated) {
	if c.s.Phase != PhaseConnected {
		c.moved(ev.Queue)
		return
	}
	data := map[string]any{"to": ev.Queue}
	if ev.By != "" {
		data["by"] = ev.By
	}
	c.note("call.escalated", data)
	c.do(Part{})
	c.s.Phase, c.s.Held = PhaseWaiting, true
	c.stand(ev.Queue)
	c.say(c.s.Language, c.message(prompts.KeyEscalated))
}
