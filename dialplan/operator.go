package dialplan

// Operator is the key that leads to an operator from wherever the caller is asked
// something or told something.
type Operator struct {
	Key  rune // '0' to '9'; 0 for none
	Node string
}

// operatorKey goes to the operator, if this is the key for it.
func (c *call) operatorKey(key rune) bool {
	o := c.doc.Operator
	if o.Key == 0 || key != o.Key || c.s.Outbound && c.s.Phase == PhaseGreeting {
		return false
	}
	c.note("operator.asked", map[string]any{"node": c.s.Node})
	c.takeTyped()
	c.enter(o.Node)
	return true
}

// operatorAlone goes to the operator when an entry is nothing but the key for it.
// Where an entry of one digit means something, the key is a digit like others.
func (c *call) operatorAlone(keys string, shortest int) bool {
	return shortest > 1 && len(keys) == 1 && c.operatorKey(rune(keys[0]))
}

// operatorWhileSpeaking goes to the operator while words are spoken, unless the
// question behind them gives the key a meaning of its own.
func (c *call) operatorWhileSpeaking(key rune) bool {
	if key != c.doc.Operator.Key || c.s.Node == c.doc.Operator.Node || c.s.Then == c.doc.Operator.Node {
		return false
	}
	at := c.doc.Nodes[c.s.Then]
	for range c.doc.Nodes {
		if at == nil {
			break
		}
		switch at.Kind {
		case KindMenu:
			if _, own := at.Keys[key]; own || at.acts(key) {
				return false
			}
			return c.operatorKey(key)
		case KindCollect, KindIdentify, KindCallback:
			return false // the first digit of an entry
		case KindSay, KindGoto, KindSet:
			at = c.doc.Nodes[at.Next]
			continue
		}
		break
	}
	return c.operatorKey(key)
}
