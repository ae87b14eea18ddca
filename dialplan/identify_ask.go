package dialplan

import (
	"cmp"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/prompts"
)

// What identification asks the caller for: an account number and something that
// only its owner knows, or a code that is enough by itself. Words and behaviour
// are the same for a wrong account, a wrong secret and one that is locked.

// ask begins the present step of the identification with its first question. Who
// is known by number is asked for the secret alone. Before its first digit, *
// leads to the account: the phone may be somebody else's.
func (c *call) ask(why prompts.Key) {
	switch {
	case c.s.Wrong >= maxWrong:
		c.quiet()
		c.identifyFailed(cmp.Or(why, c.idStep().wrong()))
	case c.idStep().Method == ByCode:
		c.askSecret(why)
	case c.s.Caller.Known():
		c.s.Digits, c.s.Account = "", c.s.Caller.Account
		c.askSecret(why)
	default:
		c.askAccount(why)
	}
}

// askAccount begins account and secret from the start.
func (c *call) askAccount(why prompts.Key) {
	c.quiet()
	c.s.Phase, c.s.Digits, c.s.Account, c.s.secret = PhaseAccount, "", "", nil
	c.say(c.s.Language, c.message(why), c.message(prompts.KeyEnterAccount))
}

// accountKey collects the account number. # ends it, and skips the question
// when nothing was entered: not every caller has an account.
func (c *call) accountKey(key rune) {
	c.quiet()
	length := c.node().Account
	switch {
	case key == '*':
		c.askAccount("")
	case key == '#' && c.s.Digits == "":
		c.skipWay()
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

// skipWay goes on with the next step, for a caller who does not have what the
// present one asks for.
func (c *call) skipWay() {
	c.s.Way++
	c.s.Tries = 0
	c.nextWay("")
}

func (c *call) accountSilence() {
	if c.s.Digits == "" {
		c.askAgain(prompts.KeyNoInput)
		return
	}
	c.accountEntered(c.node().Account)
}

func (c *call) accountEntered(length Length) {
	if c.operatorAlone(c.s.Digits, 2) {
		return
	}
	if len(c.s.Digits) < length.Min {
		c.askAgain(c.idStep().wrong())
		return
	}
	c.s.Account, c.s.Digits = c.s.Digits, ""
	c.askSecret("")
}

// askSecret asks for the PIN, the code or the answer of the present step.
func (c *call) askSecret(why prompts.Key) {
	c.quiet()
	step := c.idStep()
	c.s.Phase, c.s.secret = PhasePIN, nil
	lang, text := c.s.Language, ""
	switch step.Method {
	case ByCode:
		c.s.Phase, text = PhaseCode, c.message(prompts.KeyEnterCode)
	case ByAnswer:
		c.s.Phase, text = PhaseAnswer, c.message(prompts.KeyEnterBirthDate)
	default:
		text = c.message(prompts.KeyEnterPIN)
	}
	if step.Text != nil {
		text, lang = step.Text.In(c.s.Language, c.doc.Language)
	}
	c.say(lang, prompts.Message(lang, why), text)
}

// secretLength is how many digits the present secret has.
func (c *call) secretLength() Length {
	if step := c.idStep(); step.Method == ByCode || step.Method == ByAnswer {
		return step.Digits
	}
	return c.node().PIN
}

// secretKey collects digits that are kept in memory only. * clears them, and goes
// back to the account when there is nothing to clear; # alone skips a code.
func (c *call) secretKey(key rune) {
	c.quiet()
	length, entered, code := c.secretLength(), c.s.secret.all(), c.s.Phase == PhaseCode
	switch {
	case key == '*' && entered == "" && !code:
		c.askAccount("")
	case key == '*':
		c.askSecret("")
	case key == '#' && entered == "" && code:
		c.skipWay()
	case key == '#' && entered == "":
		c.timer(c.node().Timeout)
	case key == '#':
		c.secretEntered(length)
	default:
		c.s.secret = &digits{entered + string(key)}
		if len(entered)+1 < length.Max {
			c.timer(c.node().Timeout)
			return
		}
		c.s.HashDue = true
		c.secretEntered(length)
	}
}

func (c *call) secretSilence() {
	if c.s.secret.all() == "" {
		c.askAgain(prompts.KeyNoInput)
		return
	}
	c.secretEntered(c.secretLength())
}

func (c *call) secretEntered(length Length) {
	entered, step := c.s.secret.all(), c.idStep()
	c.s.secret = nil
	if c.operatorAlone(entered, 2) {
		return
	}
	switch {
	case len(entered) < length.Min:
		c.askAgain(step.wrong())
		return
	case step.Format == FormatDate && !isDate(entered, c.now):
		c.formatAgain()
		return
	}
	c.s.Phase = PhaseChecking
	c.do(Check{Method: step.Method, Account: c.s.Account, Question: step.Question, Digits: Secret(entered)})
	c.await()
}

// isDate says whether the digits are a day of the calendar, as DDMMYYYY, that
// somebody alive can have been born on.
func isDate(entered string, now time.Time) bool {
	day, err := time.Parse("02012006", entered)
	return err == nil && day.Year() > now.Year()-130 && !day.After(now)
}

// formatAgain asks for a date anew that is none. Nothing was compared: it costs a
// try of this call and none of the account.
func (c *call) formatAgain() {
	c.s.Tries++
	if c.s.Tries >= c.node().Tries {
		c.failWay(prompts.KeyDateInvalid)
		return
	}
	c.askSecret(prompts.KeyDateInvalid)
}

func (c *call) checked(ev Checked) {
	if c.s.Phase != PhaseChecking {
		return
	}
	c.stopTimer()
	typed := c.takeTyped()
	step := c.idStep()
	switch {
	case ev.Failed:
		c.identifyFailed(prompts.KeyTechnicalProblem)
		return
	case !ev.OK:
		c.s.Wrong++
		c.identified(step.Method, ev)
		c.askAgain(step.wrong())
		return
	}
	c.remember(ev.History)
	c.meet(ev.Caller, step.Gives)
	c.identified(step.Method, ev)
	c.s.Way++
	c.nextWay("")
	c.replay(typed)
}

// wrong is what is said of an entry that fits nobody.
func (s IdentifyStep) wrong() prompts.Key {
	if s.Method == ByPIN {
		return prompts.KeyWrongPIN
	}
	return prompts.KeyNoMatch
}

// askAgain asks anew until the tries of the step are used up.
func (c *call) askAgain(why prompts.Key) {
	c.s.Tries++
	if c.s.Tries >= c.node().Tries {
		c.failWay(why)
		return
	}
	if step := c.idStep(); step.Method == ByPIN && c.s.Wrong < maxWrong {
		c.askAccount(why)
		return
	}
	c.ask(why)
}

// failWay gives the present step up.
func (c *call) failWay(why prompts.Key) {
	c.s.Way++
	c.s.Tries = 0
	c.nextWay(why)
}

// clearSecrets forgets what was pressed and not yet used.
func (c *call) clearSecrets() {
	c.s.secret, c.s.typed, c.s.among, c.s.HashDue = nil, nil, nil, false
}

// private says whether what the caller presses now must be in no recording: also
// while the directory is asked, for many press ahead.
func (c *call) private() bool {
	switch c.s.Phase {
	case PhaseLookingUp, PhaseWhich, PhaseRecalling, PhaseAccount, PhasePIN, PhaseCode, PhaseAnswer, PhaseChecking:
		return true
	case PhaseCollecting, PhaseVerifying:
		return c.node().Entry.Secret
	}
	return false
}

// keepPrivate tells when the keys of the caller begin to be private, before
// anything else is done, and when they are no longer, after all else.
func (c *call) keepPrivate() {
	on := c.private()
	if on == c.s.Private || c.s.Phase == PhaseEnded {
		return
	}
	c.s.Private = on
	if on {
		c.out = append([]Action{Private{On: true}}, c.out...)
		return
	}
	c.do(Private{})
}

// sure says whether a caller may hear what the node says.
func (n *Node) sure(who callers.Caller) bool { return who.Assurance >= n.Require }
