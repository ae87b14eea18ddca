package dialplan

import (
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// IfLonger is where callers are led whose expected wait is beyond a limit. Their
// place is held all the way.
type IfLonger struct {
	Than time.Duration
	Next string // "": the queue has no such branch
}

// weigh looks at the first estimate of a wait, which may be so long that something
// else is offered at once, and says whether the offer is due.
func (c *call) weigh() (offer bool) {
	if c.s.Weighed || !c.s.Estimate.Known || c.s.Phase != PhaseWaiting || c.s.Outbound {
		return false
	}
	c.s.Weighed = true
	node := c.node()
	expected := c.s.Estimate.Mean
	if node.Offer.Over > 0 && expected > node.Offer.Over {
		c.s.OfferSoon = true
	}
	if node.Longer.Next != "" && expected > node.Longer.Than {
		c.note("wait.too_long", map[string]any{"queue": c.s.Queue, "expected_s": int(expected.Seconds())})
		c.stepAside(node.Longer.Next)
	}
	return c.s.OfferSoon
}

// stepAside goes through other nodes while the place is held. An agent who comes
// meanwhile is connected, and a queue node of the same queue leads back into line.
func (c *call) stepAside(to string) {
	c.s.Aside = c.s.Node
	c.enter(to)
}

// backInLine takes up the wait again at a node of the same queue, and says whether
// this was one.
func (c *call) backInLine(node *Node) bool {
	from := c.doc.Nodes[c.s.Aside]
	if c.s.Aside == "" || from == nil || node.Queue != from.Queue {
		return false
	}
	c.s.Aside = ""
	if !c.s.Held {
		lost := c.s.Lost
		c.s.Lost = ""
		c.waitOver(lost)
		return true
	}
	c.s.Phase, c.s.Number = PhaseWaiting, ""
	c.rest()
	return true
}

// lostAside notes that the place of a caller who stepped aside ended.
func (c *call) lostAside(reason queues.LeaveReason) {
	if c.s.Aside != "" && c.s.Held {
		c.s.Held, c.s.Lost = false, reason
	}
}

// holdsAside says whether going to a node keeps the place.
func (c *call) holdsAside(to *Node) bool {
	if c.s.Aside == "" || to == nil {
		return false
	}
	if to.Kind == KindTransfer {
		return false // who is put through to somebody else waits no more
	}
	if to.Kind != KindQueue {
		return true
	}
	from := c.doc.Nodes[c.s.Aside]
	return from != nil && to.Queue == from.Queue
}
