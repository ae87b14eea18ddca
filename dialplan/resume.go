package dialplan

import "github.com/linekeeper/linekeeper/prompts"

// resumed begins the present phase again, so that the caller hears something
// sensible. Entries start over: digits of a PIN are gone, and half a number in
// the memory of a caller is worth nothing.
func (c *call) resumed() {
	c.s.Saying, c.s.Timing, c.s.Music = 0, 0, false
	c.clearSecrets()
	c.s.Private = !c.private() // so that the recording is told anew
	node := c.node()
	switch c.s.Phase {
	case PhaseNew:
		if c.s.Outbound {
			c.greet()
		} else {
			c.started(Started{Dialled: c.s.Dialled, History: c.s.History})
		}
	case PhaseSpeaking:
		if c.saysNode(node) {
			c.sayNode(node)
		} else {
			c.enter(c.s.Then)
		}
	case PhaseLookingUp, PhaseWhich:
		c.lookUp()
	case PhaseRecalling:
		c.recall()
	case PhaseMenu:
		if node.Kind == KindMenu {
			c.askMenu()
		} else {
			c.broken()
		}
	case PhaseAccount, PhasePIN, PhaseCode, PhaseAnswer, PhaseChecking:
		c.ask("")
	case PhaseWaiting:
		c.s.SaidAt = c.now
		position, wait := c.standing(node)
		c.say(c.s.Language, c.message(prompts.KeyStillWaiting), position, wait)
	case PhaseConfirming:
		c.askConfirm("")
	case PhaseNumber:
		c.askNumber("")
	case PhaseAsking, PhaseChoosing:
		c.enquire() // the times of before may be taken
	case PhaseRecording:
		if c.s.Taking {
			c.endTake() // what was said meanwhile is in it
		} else {
			c.invite()
		}
	case PhaseReviewing:
		c.review()
	case PhaseStanding:
		c.stands(c.s.Standing)
	case PhaseFetching:
		if node.Kind == KindLookup {
			c.lookup(node)
		} else {
			c.broken()
		}
	case PhaseSurvey:
		c.askQuestion()
	case PhaseDialling, PhasePutThrough, PhaseLent:
		c.resumeTransfer()
	case PhasePromising:
		// It may have been stored before: then the answer is that it exists.
		c.askPromise()
		c.await()
	case PhaseCollecting, PhaseVerifying:
		if node.Kind == KindCollect {
			c.collect() // a secret entry is gone, and half of another is worth nothing
		} else {
			c.broken()
		}
	case PhasePausing:
		c.pause(node)
	case PhaseGreeting:
		c.greet()
	case PhaseLeaving:
		c.leave(c.message(prompts.KeyGoodbye))
	case PhaseGone:
		c.askForWhoIsGone()
	case PhaseConnected:
		// The switch kept them talking.
	default:
		c.broken()
	}
}

// askForWhoIsGone asks anew for the promise of a caller who hung up before its
// answer, which a restart lost. If it was stored, the answer is that it exists.
func (c *call) askForWhoIsGone() {
	if c.s.Result == ResultAbandoned {
		c.abandon()
		return
	}
	c.askPromise()
}
