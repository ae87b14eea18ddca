package dialplan

import (
	"slices"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/prompts"
)

// identify finds out who is calling by the steps of the node, in their order,
// until the caller is known as surely as the node wants.
func (c *call) identify() {
	c.s.Way, c.s.Tries = 0, 0
	c.nextWay("")
}

// nextWay begins the present step of the identification, or the next one that
// could help, after it was said why the one before did not.
func (c *call) nextWay(why prompts.Key) {
	node := c.node()
	for ; c.s.Way < len(node.Steps); c.s.Way++ {
		if c.identifiedFor(node) {
			break
		}
		step := node.Steps[c.s.Way]
		switch {
		case step.Method == ByOperator:
			c.askByOperator(step)
		case !c.helps(step, node):
		case step.Method == ByANI:
			c.lookUp()
			return
		default:
			c.ask(why)
			return
		}
	}
	c.quiet()
	if c.identifiedFor(node) {
		c.passed(node)
		return
	}
	c.identifyFailed(why)
}

// identifiedFor says whether the caller is known as surely as the node wants.
func (c *call) identifiedFor(node *Node) bool {
	return c.s.Caller.Known() && c.s.Caller.Assurance >= node.goal()
}

// goal is how sure the node wants to be: as it requires, and else as sure as the
// weakest of its steps makes.
func (n *Node) goal() callers.Assurance {
	if n.Require > callers.AssuranceNone || n.Kind != KindIdentify {
		return n.Require
	}
	goal := callers.AssurancePIN
	for _, step := range n.Steps {
		if step.Method != ByOperator {
			goal = min(goal, step.Gives)
		}
	}
	return goal
}

// helps says whether a step would bring the caller further.
func (c *call) helps(step IdentifyStep, node *Node) bool {
	switch {
	case step.Method == ByANI:
		return !c.s.Caller.Known() || c.s.Caller.Assurance < step.Gives
	case c.s.Caller.Known():
		return step.Gives >= node.goal()
	}
	return true
}

// idStep is the present step of the identification. A document that was changed
// under a call may no longer have it.
func (c *call) idStep() IdentifyStep {
	if steps := c.node().Steps; c.s.Way < len(steps) {
		return steps[c.s.Way]
	}
	return pinStep
}

// lookUp asks whose number it is that the call comes from.
func (c *call) lookUp() {
	if c.s.ANI == "" {
		c.identified(ByANI, Checked{})
		c.s.Way++
		c.nextWay("")
		return
	}
	c.quiet()
	c.s.Phase = PhaseLookingUp
	c.do(LookUp{Number: c.s.ANI})
	c.await()
}

func (c *call) lookedUp(ev LookedUp) {
	if c.s.Phase != PhaseLookingUp {
		return
	}
	c.stopTimer()
	typed := c.takeTyped()
	switch {
	case ev.Found:
		c.remember(ev.History)
		// A number can be spoofed, whatever the directory thinks of it.
		c.meet(ev.Caller, callers.AssuranceANI)
		c.identified(ByANI, Checked{OK: true})
		c.s.Way++
		c.nextWay("")
	case len(ev.Several) > 1:
		c.askWhich(ev.Several, "")
	default:
		c.identified(ByANI, Checked{})
		c.s.Way++
		c.nextWay("")
	}
	c.replay(typed)
}

// remember takes over what is known of earlier calls.
func (c *call) remember(h callers.History) {
	if h != (callers.History{}) {
		c.s.History = h
	}
}

func (c *call) takeTyped() string {
	typed := c.s.typed.all()
	c.s.typed = nil
	return typed
}

// meet takes over what the directory knows.
func (c *call) meet(who callers.Caller, assurance callers.Assurance) {
	c.s.Caller = who
	c.s.Caller.Assurance = assurance
	c.s.Question = ""
	if c.s.Caller.Number == "" {
		c.s.Caller.Number = c.s.ANI
	}
	if slices.Contains(prompts.Languages(), who.Language) && !c.s.LanguageKept {
		c.s.Language = who.Language
	}
}

// identified puts a step that was tried into the journal, without digits.
func (c *call) identified(method Method, ev Checked) {
	data := map[string]any{"method": string(method), "ok": ev.OK, "assurance": c.s.Caller.Assurance.String()}
	if method == ByAnswer {
		data["question"] = c.idStep().Question
	}
	if ev.Locked {
		data["locked"] = true
	}
	c.note("identify", data)
}

// passed goes on with a caller who is known well enough.
func (c *call) passed(node *Node) {
	c.s.Account, c.s.Tries, c.s.Digits, c.s.secret = "", 0, "", nil
	if node.Kind == KindIdentify {
		c.enter(node.Known)
		return
	}
	c.arrive(node)
}

// askByOperator leaves the question to the agent, who sees it with the call.
func (c *call) askByOperator(step IdentifyStep) {
	text, _ := step.Text.In(c.doc.Language, c.doc.Language)
	if text == "" {
		text = prompts.Message(c.doc.Language, prompts.KeyAskWhoCalls)
	}
	c.s.Question = text
	c.identified(ByOperator, Checked{})
}

// identifyFailed goes on without knowing who it is: from an identify node to
// its unknown branch, from a node that requires more to where it says, or back
// to the menu the caller came from.
func (c *call) identifyFailed(why prompts.Key) {
	c.takeTyped()
	c.s.HashDue = false
	node := c.node()
	next := node.Refused
	if node.Kind == KindIdentify && (next == "" || node.Require == callers.AssuranceNone) {
		next = node.Unknown
	}
	if n := len(c.s.Menus); next == "" && node.Require > callers.AssuranceNone && n > 0 && c.s.Menus[n-1] != node.Name {
		next = c.s.Menus[n-1]
	}
	c.s.Digits, c.s.Account, c.s.secret = "", "", nil
	if why == "" {
		c.enter(next)
		return
	}
	c.sayThen(next, c.message(why))
}
