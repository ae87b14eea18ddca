package dialplan

import "slices"

// Dialogue is a part of a document that is called with arguments and returns a
// value. Its nodes are named "dialogue.node".
type Dialogue struct {
	Name   string
	Params []Variable
	Start  string // full name of its first node

	line, col int
}

// Argument gives a parameter of a dialogue a value.
type Argument struct {
	Param string
	To    *Expression
}

// Frame is a dialogue that the call is in: where it was called, and with what.
// No dialogue can be in two frames of a call, for a document whose dialogues call
// themselves is refused.
type Frame struct {
	Dialogue string         `json:"dialogue"`
	Call     string         `json:"call"`           // the call node
	Args     map[string]any `json:"args,omitempty"` // by parameter, as in State.Vars; none that is secret
}

// argName is how a parameter is called where names of all dialogues meet.
func argName(dialogue, param string) string { return "args." + dialogue + "." + param }

// callDialogue begins a dialogue. All arguments are computed before it is there.
func (c *call) callDialogue(node *Node) {
	d := c.doc.Dialogues[node.Calls]
	if d == nil {
		c.broken()
		return
	}
	frame := Frame{Dialogue: d.Name, Call: node.Name}
	for _, p := range d.Params {
		i := slices.IndexFunc(node.With, func(a Argument) bool { return a.Param == p.Name })
		if i < 0 {
			continue
		}
		v, ok := p.Kind.value(c.eval(node.With[i].To))
		switch {
		case !ok:
		case p.Secret:
			c.s.secrets = c.s.secrets.with(argName(d.Name, p.Name), v)
		default:
			if frame.Args == nil {
				frame.Args = map[string]any{}
			}
			frame.Args[p.Name] = saved(v)
		}
	}
	c.s.Frames = append(c.s.Frames, frame)
	c.enter(d.Start)
}

// returns ends a dialogue and goes on behind the node that called it.
func (c *call) returns(node *Node) {
	n := len(c.s.Frames)
	if n == 0 || c.s.Frames[n-1].Dialogue != node.Dialogue {
		c.broken()
		return
	}
	value := c.eval(node.Return)
	caller := c.doc.Nodes[c.s.Frames[n-1].Call]
	if caller == nil {
		c.broken()
		return
	}
	if caller.Into != "" {
		c.setVar(caller.Into, value)
	}
	c.enter(caller.Next)
}

// settle ends the dialogues that a node does not belong to, when the call gets
// there. It says whether the node can be entered at all: in a dialogue that was
// not called nothing has a value.
func (c *call) settle(node *Node) bool {
	n := len(c.s.Frames)
	for n > 0 && c.s.Frames[n-1].Dialogue != node.Dialogue {
		n--
	}
	for _, left := range c.s.Frames[n:] {
		if d := c.doc.Dialogues[left.Dialogue]; d != nil {
			for _, p := range d.Params {
				c.s.secrets = c.s.secrets.without(argName(d.Name, p.Name))
			}
		}
		c.s.Menus = slices.DeleteFunc(c.s.Menus, func(name string) bool {
			m := c.doc.Nodes[name]
			return m == nil || m.Dialogue == left.Dialogue
		})
	}
	c.s.Frames = c.s.Frames[:n]
	return n > 0 || node.Dialogue == ""
}

// argsEnv is the arguments of the present dialogue.
func (c *call) argsEnv(dialogue string) map[string]any {
	env := map[string]any{}
	d := c.doc.Dialogues[dialogue]
	if d == nil {
		return env
	}
	var given map[string]any
	for _, f := range c.s.Frames {
		if f.Dialogue == dialogue {
			given = f.Args
		}
	}
	for _, p := range d.Params {
		held, ok := given[p.Name]
		if p.Secret {
			held, ok = c.s.secrets.get(argName(dialogue, p.Name))
		}
		env[p.Name] = p.Kind.zero()
		if ok {
			if v, fits := p.Kind.value(held); fits {
				env[p.Name] = v
			}
		}
	}
	return env
}
