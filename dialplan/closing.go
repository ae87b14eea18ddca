package dialplan

import (
	"time"

	"github.com/linekeeper/linekeeper/prompts"
)

// Closing is an order that a hotline be closed, whatever its hours say.
type Closing struct {
	Until time.Time // when it ends by itself; zero: never
	Node  string    // where calls go; "" for where they go outside of the hours
}

// During gives the document as it is while an order stands, nil for none. Nodes
// are shared with the document itself.
func (d *Document) During(order *Closing) *Document {
	if order == nil {
		return d
	}
	closed := *d
	closed.closing = order
	return &closed
}

// ordered says whether the hotline is closed by order.
func (c *call) ordered() bool {
	order := c.doc.closing
	return order != nil && (order.Until.IsZero() || c.now.Before(order.Until))
}

// open says whether a node that goes by these hours finds them open; nil is always.
func (c *call) open(h *Hours) bool { return !c.ordered() && (h == nil || h.IsOpen(c.now)) }

// whenClosed is where a new call goes outside of the hours, or during an order.
func (c *call) whenClosed() {
	node := c.doc.Closed
	if c.ordered() && c.doc.Nodes[c.doc.closing.Node] != nil {
		node = c.doc.closing.Node
	}
	switch {
	case node != "":
		c.closed()
		c.enter(node)
	case c.doc.asksHours():
		// Its own nodes decide what closed hours mean.
		c.enter(c.doc.Start)
	default:
		c.closed()
		c.leave(c.message(prompts.KeyClosed), c.message(prompts.KeyGoodbye))
	}
}

func (c *call) closed() {
	c.outcome(ResultNoAgents)
	c.note("hours.closed", map[string]any{"hotline": c.doc.Hotline, "by_order": c.ordered()})
}
