package dialplan

import "github.com/linekeeper/linekeeper/prompts"

// outcome remembers what the call came to so far. What weighs more stays: a
// talk with an agent is not undone by a queue that is full afterwards.
func (c *call) outcome(result string) {
	weight := map[string]int{ResultNoAgents: 1, ResultFailed: 1, ResultIVR: 1, ResultCallback: 2, ResultTransferred: 3, ResultAgent: 4}
	if weight[result] >= weight[c.s.Outcome] {
		c.s.Outcome = result
	}
}

// leave speaks last words and hangs up when they were heard. Keys do not cut
// them short: a key pressed twice would cut the caller off.
func (c *call) leave(texts ...string) {
	c.quiet()
	c.dropTake()
	c.lastWords(c.s.Language, texts...)
}

// lastWords are spoken without a place: no agent is to meet somebody who was just
// told goodbye.
func (c *call) lastWords(lang string, texts ...string) {
	c.release()
	c.s.Aside, c.s.Phase, c.s.Then = "", PhaseLeaving, ""
	c.say(lang, texts...)
}

// broken says that something is wrong on our side and ends the call.
func (c *call) broken() {
	c.outcome(ResultFailed)
	c.leave(c.message(prompts.KeyTechnicalProblem), c.message(prompts.KeyGoodbye))
}

func (c *call) hangup() {
	c.release()
	c.end(c.result())
	c.do(Hangup{})
}

func (c *call) end(result string) {
	c.s.Phase, c.s.Result = PhaseEnded, result
	c.s.Saying, c.s.Timing, c.s.Music = 0, 0, false
	c.clearSecrets()
}

func (c *call) result() string {
	if c.s.Outcome == "" {
		return ResultIVR
	}
	return c.s.Outcome
}

// hungUp is the end by the caller.
func (c *call) hungUp() {
	switch c.s.Phase {
	case PhaseGone:
		return
	case PhasePromising:
		// The promise may be stored by now. Its answer says who has the place.
		c.end(ResultCallback)
		c.s.Phase = PhaseGone
		return
	case PhaseRecording, PhaseReviewing:
		if c.node().Kind == KindMessage {
			c.messageHungUp()
		} else {
			c.messageCutOff()
		}
		return
	case PhaseStanding:
		c.keepOlder()
		c.depart()
		return
	}
	if c.abandons() {
		c.abandon()
		return
	}
	c.depart()
}

// depart gives up what the call still holds and says how it ended.
func (c *call) depart() {
	waited := c.s.Held || c.s.Phase == PhaseGreeting || c.s.Outbound && c.s.Phase == PhaseNew
	result := c.result()
	if waited && result != ResultAgent && result != ResultCallback && result != ResultTransferred {
		result = ResultAbandoned
	}
	c.dropTake()
	c.hangUpDial()
	if c.s.Phase == PhaseConnected {
		c.do(LeavePlace{}) // the agent is on it and must be let go
	}
	c.release()
	c.end(result)
}
