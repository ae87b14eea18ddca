package dialplan

// Case is one way out of a branch.
type Case struct {
	If   *Expression
	Then string
}

// Assignment gives a variable a value.
type Assignment struct {
	Var string
	To  *Expression
}

// branch goes the way of the first case that holds.
func (c *call) branch(node *Node) {
	to, taken := node.Otherwise, 0
	for i, one := range node.Cases {
		if c.holds(one.If) {
			to, taken = one.Then, i+1
			break
		}
	}
	c.note("branch.taken", map[string]any{"node": node.Name, "to": to, "case": taken})
	c.enter(to)
}

// set gives variables their values, each knowing those before it.
func (c *call) set(node *Node) {
	for _, a := range node.Sets {
		c.setVar(a.Var, c.eval(a.To))
	}
	if node.Language != "" {
		c.speak(node.Language, "set")
	}
	c.enter(node.Next)
}

// pause lets time pass, with music or in silence. Keys are kept for the question
// that comes next.
func (c *call) pause(node *Node) {
	c.s.Phase = PhasePausing
	c.music(node.Music)
	c.timer(node.Pause)
}

func (c *call) paused() {
	node := c.node()
	if next := c.doc.Nodes[node.Next]; next == nil || next.Kind != KindQueue && next.Kind != KindWait {
		c.music(false)
	}
	typed := c.takeTyped()
	c.enter(node.Next)
	c.replay(typed)
}

// keep remembers a key for the question that comes next.
func (c *call) keep(key rune) {
	if typed := c.s.typed.all(); len(typed) < maxTyped {
		c.s.typed = &digits{typed + string(key)}
	}
}
