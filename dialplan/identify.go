package dialplan

import (
	"slices"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/prompts"
)

// identify finds out who is calling: by number when there is one, else by
// account and PIN.
func (c *call) identify(node *Node) {
	byANI := slices.Contains(node.Methods, ByANI)
	switch {
	case c.s.Caller.Assurance >= callers.AssurancePIN, byANI && c.s.Caller.Known():
		c.enter(node.Known)
	case byANI && c.s.ANI != "":
		c.quiet()
		c.s.Phase = PhaseLookingUp
		c.do(LookUp{Number: c.s.ANI})
		c.timer(answerTimeout)
	default:
		c.notByANI(node)
	}
}

func (c *call) notByANI(node *Node) {
	if slices.Contains(node.Methods, ByANI) {
		c.identified(ByANI, false)
	}
	if slices.Contains(node.Methods, ByPIN) {
		c.askAccount()
		return
	}
	c.enter(node.Unknown)
}

func (c *call) lookedUp(ev LookedUp) {
	if c.s.Phase != PhaseLookingUp {
		return
	}
	c.stopTimer()
	typed := c.takeTyped()
	node := c.node()
	if ev.Found {
		// A number can be spoofed, whatever the directory thinks of it.
		c.meet(ev.Caller, callers.AssuranceANI)
		c.identified(ByANI, true)
		c.enter(node.Known)
	} else {
		c.notByANI(node)
	}
	c.replay(typed)
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
	if c.s.Caller.Number == "" {
		c.s.Caller.Number = c.s.ANI
	}
	if slices.Contains(prompts.Languages(), who.Language) {
		c.s.Language = who.Language
	}
}

func (c *call) identified(method Method, ok bool) {
	c.note("identify", map[string]any{"method": string(method), "ok": ok, "assurance": c.s.Caller.Assurance.String()})
}

// askIdentity asks for the PIN alone where the number has told the account
// already, and for both of everybody else. Before the first digit of the PIN, *
// leads to the account: the phone may be somebody else's.
func (c *call) askIdentity() {
	if !c.s.Caller.Known() || c.s.WrongPINs >= maxWrongPINs {
		c.askAccount()
		return
	}
	c.s.Digits, c.s.Account = "", c.s.Caller.Account
	c.askPIN()
}

// askAccount begins account and PIN from the start.
func (c *call) askAccount(before ...string) {
	c.quiet()
	if c.s.WrongPINs >= maxWrongPINs {
		c.identifyFailed(c.message(prompts.KeyWrongPIN))
		return
	}
	c.s.Phase, c.s.Digits, c.s.Account, c.s.pin = PhaseAccount, "", "", nil
	c.say(c.s.Language, append(before, c.message(prompts.KeyEnterAccount))...)
}

// accountKey collects the account number. # ends it, and skips the question
// when nothing was entered: not every caller has an account.
func (c *call) accountKey(key rune) {
	c.quiet()
	length := c.node().Account
	switch {
	case key == '*':
		c.askAccount()
	case key == '#' && c.s.Digits == "":
		c.identifyFailed("")
	case key == '#':
		c.accountEntered(length)
	default:
		c.s.Digits += string(key)
		if len(c.s.Digits) < length.Max {
			c.timer(c.node().Timeout)
			return
		}
		c.s.HashDue = true
		c.accountEntered(length)
	}
}

func (c *call) accountSilence() {
	if c.s.Digits == "" {
		c.identifyAgain(prompts.KeyNoInput)
		return
	}
	c.accountEntered(c.node().Account)
}

func (c *call) accountEntered(length Length) {
	if len(c.s.Digits) < length.Min {
		c.identifyAgain(prompts.KeyWrongPIN)
		return
	}
	c.s.Account, c.s.Digits = c.s.Digits, ""
	c.askPIN()
}

func (c *call) askPIN() {
	c.quiet()
	c.s.Phase, c.s.pin = PhasePIN, nil
	c.say(c.s.Language, c.message(prompts.KeyEnterPIN))
}

// pinKey collects the PIN. * clears it, and goes back to the account when there
// is nothing to clear.
func (c *call) pinKey(key rune) {
	c.quiet()
	node, pin := c.node(), c.s.pin.all()
	switch {
	case key == '*' && pin == "":
		c.askAccount()
	case key == '*':
		c.askPIN()
	case key == '#' && pin == "":
		c.timer(node.Timeout)
	case key == '#':
		c.pinEntered(node.PIN)
	default:
		c.s.pin = &digits{pin + string(key)}
		if len(pin)+1 < node.PIN.Max {
			c.timer(node.Timeout)
			return
		}
		c.s.HashDue = true
		c.pinEntered(node.PIN)
	}
}

func (c *call) pinSilence() {
	if c.s.pin.all() == "" {
		c.identifyAgain(prompts.KeyNoInput)
		return
	}
	c.pinEntered(c.node().PIN)
}

func (c *call) pinEntered(length Length) {
	pin := c.s.pin.all()
	c.s.pin = nil
	if len(pin) < length.Min {
		c.identifyAgain(prompts.KeyWrongPIN)
		return
	}
	c.s.Phase = PhaseChecking
	c.do(CheckPIN{Account: c.s.Account, PIN: Secret(pin)})
	c.timer(answerTimeout)
}

func (c *call) pinChecked(ev PINChecked) {
	if c.s.Phase != PhaseChecking {
		return
	}
	c.stopTimer()
	typed := c.takeTyped()
	if !ev.OK {
		c.s.WrongPINs++
		c.identified(ByPIN, false)
		c.identifyAgain(prompts.KeyWrongPIN)
		return
	}
	c.meet(ev.Caller, callers.AssurancePIN)
	c.identified(ByPIN, true)
	c.s.Account, c.s.Tries = "", 0
	if node := c.node(); node.Kind == KindIdentify {
		c.enter(node.Known)
	} else {
		c.arrive(node)
	}
	c.replay(typed)
}

// identifyAgain asks anew until the tries are used up.
func (c *call) identifyAgain(why prompts.Key) {
	c.s.Tries++
	if c.s.Tries >= c.node().Tries {
		c.identifyFailed(c.message(why))
		return
	}
	c.askAccount(c.message(why))
}

// identifyFailed goes on without knowing who it is: from an identify node to
// its unknown branch, from a node that requires a PIN to where it says, or back
// to the menu the caller came from.
func (c *call) identifyFailed(word string) {
	c.takeTyped()
	c.s.HashDue = false
	node := c.node()
	next := node.Refused
	if node.Kind == KindIdentify && !node.RequirePIN {
		next = node.Unknown
	}
	if n := len(c.s.Menus); next == "" && node.RequirePIN && n > 0 && c.s.Menus[n-1] != node.Name {
		next = c.s.Menus[n-1]
	}
	c.s.Digits, c.s.Account, c.s.pin = "", "", nil
	if word == "" {
		c.enter(next)
		return
	}
	c.sayThen(next, word)
}
