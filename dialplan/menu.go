package dialplan

import (
	"slices"

	"github.com/linekeeper/linekeeper/prompts"
)

// askMenu speaks the menu, after what has to be said before.
func (c *call) askMenu(before ...prompts.Key) {
	c.quiet()
	c.s.Phase = PhaseMenu
	text, lang := c.words(c.node().Text)
	var texts []string
	for _, key := range before {
		texts = append(texts, prompts.Message(lang, key))
	}
	c.say(lang, append(texts, text)...)
}

// pushMenu remembers the way into menus. Coming to a menu that was passed
// forgets what lay behind it, so * never leads forth and back for ever.
func (c *call) pushMenu(name string) {
	if i := slices.Index(c.s.Menus, name); i >= 0 {
		c.s.Menus = c.s.Menus[:i]
	}
	c.s.Menus = append(c.s.Menus, name)
}

// menuKey takes a choice. Unless the document gives it a meaning, * goes back to
// the menu before, and repeats the first one.
func (c *call) menuKey(key rune) {
	c.quiet()
	node := c.node()
	if to, ok := node.Keys[key]; ok {
		c.note("menu.choice", map[string]any{"node": c.s.Node, "key": string(key)})
		c.enter(to)
		return
	}
	if node.acts(key) {
		c.note("menu.choice", map[string]any{"node": c.s.Node, "key": string(key)})
		if lang := node.Actions[key].Language; lang != "" {
			c.speak(lang, "key")
		}
		c.s.Tries = 0
		c.askMenu()
		return
	}
	if c.operatorKey(key) {
		return
	}
	if key != '*' {
		c.menuFailed(prompts.KeyNotUnderstood, node.Otherwise)
		return
	}
	if n := len(c.s.Menus); n > 1 {
		c.enter(c.s.Menus[n-2])
		return
	}
	c.askMenu()
}

func (c *call) menuSilence() {
	c.note("menu.no_input", map[string]any{"node": c.s.Node})
	node := c.node()
	if node.NoInput != "" {
		c.menuFailed(prompts.KeyNoInput, node.NoInput)
		return
	}
	c.menuFailed(prompts.KeyNoInput, node.Otherwise)
}

// menuFailed asks again until the tries are used up.
func (c *call) menuFailed(why prompts.Key, otherwise string) {
	c.s.Tries++
	if c.s.Tries >= c.node().Tries {
		c.enter(otherwise)
		return
	}
	c.askMenu(why)
}
