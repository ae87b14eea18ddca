package dialplan

import (
	"time"

	"github.com/linekeeper/linekeeper/prompts"
)

// Entry is what the caller keys in at a collect node.
type Entry struct {
	Digits   Length
	End      rune // '#' or '*'
	Secret   bool // kept in memory only
	Readback hole // by which filter it is read back; none when it has no name
	Confirm  bool // and confirmed by 1, corrected by 2
}

// entered is the digits so far.
func (c *call) entered(node *Node) string {
	if node.Entry.Secret {
		return c.s.secret.all()
	}
	return c.s.Digits
}

func (c *call) enterDigits(node *Node, keys string) {
	if !node.Entry.Secret {
		c.s.Digits = keys
		return
	}
	c.s.secret = nil
	if keys != "" {
		c.s.secret = &digits{keys}
	}
}

// collect asks for the entry, after what has to be said before.
func (c *call) collect(before ...prompts.Key) {
	c.quiet()
	node := c.node()
	c.s.Phase = PhaseCollecting
	c.enterDigits(node, "")
	text, lang := c.words(node.Text)
	var texts []string
	for _, key := range before {
		texts = append(texts, prompts.Message(lang, key))
	}
	c.say(lang, append(texts, text)...)
}

// collectKey takes one key of the entry. Unless it ends the entry, * clears it,
// and goes back to the menu before when there is nothing to clear.
func (c *call) collectKey(key rune) {
	c.quiet()
	node := c.node()
	keys := c.entered(node)
	switch {
	case key == node.Entry.End && keys == "":
		c.collectFailed(prompts.KeyNoInput)
	case key == node.Entry.End:
		c.collected()
	case key == '*' && keys == "" && len(c.s.Menus) > 0:
		c.enter(c.s.Menus[len(c.s.Menus)-1])
	case key == '*':
		c.collect()
	case key == '#':
		c.timer(node.Timeout)
	default:
		keys += string(key)
		c.enterDigits(node, keys)
		if len(keys) < node.Entry.Digits.Max {
			c.timer(node.Timeout)
			return
		}
		c.s.HashDue = node.Entry.End == '#'
		c.collected()
	}
}

func (c *call) collectSilence() {
	if c.entered(c.node()) == "" {
		c.collectFailed(prompts.KeyNoInput)
		return
	}
	c.collected()
}

// collected takes the entry, when it is one.
func (c *call) collected() {
	node := c.node()
	keys := c.entered(node)
	if c.operatorAlone(keys, node.Entry.Digits.Min) {
		return
	}
	value, wrong := c.entryValue(node, keys)
	c.note("collect.entered", map[string]any{"node": node.Name, "digits": len(keys), "taken": wrong == ""})
	if wrong != "" {
		c.collectFailed(wrong)
		return
	}
	said := ""
	if back := node.Entry.Readback; back.filter != "" {
		words, err := prompts.Filter(c.s.Language, back.filter, value, back.arg)
		if err != nil { // a phone number that is none, for example
			c.collectFailed(prompts.KeyEntryWrong)
			return
		}
		said = c.message(prompts.KeyYouEntered, words)
	}
	if node.Entry.Confirm {
		c.s.Phase = PhaseVerifying
		c.say(c.s.Language, said, c.message(prompts.KeyConfirmEntry))
		return
	}
	c.takeEntry(node, value)
	if said == "" {
		c.enter(node.Next)
		return
	}
	c.s.Phase, c.s.Then = PhaseSpeaking, node.Next
	c.say(c.s.Language, said)
}

// entryValue is what the digits mean for the variable, or why they mean nothing.
func (c *call) entryValue(node *Node, keys string) (value any, wrong prompts.Key) {
	if len(keys) < node.Entry.Digits.Min {
		return nil, prompts.KeyEntryShort
	}
	kind := c.doc.Vars[node.Into].Kind
	if kind == KindTime || node.Entry.Readback.filter == "date" {
		day, err := time.ParseInLocation("02012006", keys, c.doc.Clock())
		if err != nil {
			return nil, prompts.KeyDateInvalid
		}
		return day, ""
	}
	value, ok := kind.value(keys)
	if !ok {
		return nil, prompts.KeyEntryWrong
	}
	return value, ""
}

// takeEntry puts the entry into its variable. A date that a text is to hold stays
// as it was keyed in.
func (c *call) takeEntry(node *Node, value any) {
	keys := c.entered(node)
	if c.doc.Vars[node.Into].Kind == KindText {
		value = keys
	}
	c.enterDigits(node, "")
	c.setVar(node.Into, value)
}

// verifyKey confirms an entry by 1 and asks for another by 2.
func (c *call) verifyKey(key rune) {
	c.quiet()
	node := c.node()
	switch {
	case key == '1':
		value, wrong := c.entryValue(node, c.entered(node))
		if wrong != "" { // the document was changed under the call
			c.collectFailed(wrong)
			return
		}
		c.takeEntry(node, value)
		c.enter(node.Next)
	case key == '2':
		c.collect()
	case key == '*':
		c.collected()
	case c.operatorKey(key):
	default:
		c.verifyAgain(prompts.KeyNotUnderstood)
	}
}

// verifyAgain asks once more whether the entry is right.
func (c *call) verifyAgain(why prompts.Key) {
	if c.failedTooOften() {
		c.leaveCollect(why)
		return
	}
	c.say(c.s.Language, c.message(why), c.message(prompts.KeyConfirmEntry))
}

// collectFailed asks anew until the tries are used up.
func (c *call) collectFailed(why prompts.Key) {
	if why == prompts.KeyNoInput {
		c.note("collect.no_input", map[string]any{"node": c.s.Node})
	}
	c.s.HashDue = false
	if c.failedTooOften() {
		c.leaveCollect(why)
		return
	}
	c.collect(why)
}

func (c *call) leaveCollect(why prompts.Key) {
	node := c.node()
	c.enterDigits(node, "")
	if why == prompts.KeyNoInput && node.NoInput != "" {
		c.enter(node.NoInput)
		return
	}
	c.enter(node.Otherwise)
}
