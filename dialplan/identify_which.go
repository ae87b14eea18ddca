package dialplan

import (
	"strings"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/prompts"
)

// Several people share a number. Whoever calls from it may be a stranger, so no
// name is told: the caller enters the end of an account number, which only says
// which record is meant, and makes no surer of it than the number does.

// whichDigits are how many digits of the end of an account number are asked for.
// Shorter account numbers are entered whole.
const whichDigits = 4

// people are the records of one number. They are kept in memory only: after a
// restart the directory is asked again.
type people struct{ all []callers.Caller }

// list gives the records, none for nil.
func (p *people) list() []callers.Caller {
	if p == nil {
		return nil
	}
	return p.all
}

func (c *call) askWhich(among []callers.Caller, why prompts.Key) {
	c.quiet()
	c.s.Phase, c.s.Digits, c.s.among = PhaseWhich, "", &people{among}
	c.say(c.s.Language, c.message(why), c.message(prompts.KeyWhichAccount))
}

// whichKey collects the end of the account number. # ends it, and goes on with
// the next step when nothing was entered.
func (c *call) whichKey(key rune) {
	c.quiet()
	switch {
	case key == '*':
		c.askWhich(c.s.among.list(), "")
	case key == '#' && c.s.Digits == "":
		c.noneOfThem("")
	case key == '#':
		c.whichEntered()
	default:
		c.s.Digits += string(key)
		if len(c.s.Digits) < c.node().Account.Max {
			c.timer(c.node().Timeout)
			return
		}
		c.s.HashDue = true
		c.whichEntered()
	}
}

func (c *call) whichSilence() {
	switch {
	case c.s.Digits == "":
		c.whichAgain(prompts.KeyNoInput)
	default:
		c.whichEntered()
	}
}

func (c *call) whichEntered() {
	if c.operatorAlone(c.s.Digits, 2) {
		return
	}
	var meant []callers.Caller
	for _, who := range c.s.among.list() {
		if who.Account == c.s.Digits || len(c.s.Digits) >= whichDigits && strings.HasSuffix(who.Account, c.s.Digits) {
			meant = append(meant, who)
		}
	}
	if len(meant) != 1 {
		c.whichAgain(prompts.KeyNoMatch)
		return
	}
	c.s.Digits, c.s.among, c.s.Tries = "", nil, 0
	c.meet(meant[0], callers.AssuranceANI)
	c.identified(ByANI, Checked{OK: true})
	c.s.Way++
	c.recall()
}

// recall asks for the earlier calls of who was chosen: Started told those of all who
// have the number.
func (c *call) recall() {
	c.quiet()
	c.s.Phase = PhaseRecalling
	c.do(Recall{Account: c.s.Caller.Account})
	c.await()
}

func (c *call) recalled(ev Recalled) {
	if c.s.Phase != PhaseRecalling {
		return
	}
	c.stopTimer()
	c.remember(ev.History)
	typed := c.takeTyped()
	c.nextWay("")
	c.replay(typed)
}

func (c *call) whichAgain(why prompts.Key) {
	if c.failedTooOften() {
		c.noneOfThem(why)
		return
	}
	c.askWhich(c.s.among.list(), why)
}

// noneOfThem goes on with the next step, as for a number that nobody has.
func (c *call) noneOfThem(why prompts.Key) {
	c.s.Digits, c.s.among, c.s.Tries = "", nil, 0
	c.identified(ByANI, Checked{})
	c.s.Way++
	c.nextWay(why)
}
