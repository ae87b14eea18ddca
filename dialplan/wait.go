package dialplan

import (
	"time"

	"github.com/linekeeper/linekeeper/prompts"
	"github.com/linekeeper/linekeeper/queues"
)

// rest is waiting: music, and a timer for what is to be said next.
func (c *call) rest() {
	if c.s.Saying != 0 {
		return // Spoken comes back here
	}
	node := c.node()
	first := c.firstAt()
	if !first.IsZero() && !first.After(c.now) && c.announce(node, "") {
		return // the line said it while something else was being spoken
	}
	offer, announce, consent := c.offerAt(node), c.announceAt(node), c.consentAt()
	switch {
	case !offer.IsZero() && !offer.After(c.now):
		c.offer(node)
		return
	case !consent.IsZero() && !consent.After(c.now):
		c.seekConsent()
		return
	case !announce.IsZero() && !announce.After(c.now):
		c.announce(node, c.message(prompts.KeyStillWaiting))
		return
	}
	c.music(true)
	if first = c.firstAt(); !first.After(c.now) {
		first = time.Time{} // there was nothing to say
	}
	next := soonest(first, offer, announce, consent)
	if next.IsZero() {
		c.stopTimer()
		return
	}
	c.timer(next.Sub(c.now))
}

// firstWord is how long the caller hears nothing of the place because the
// estimate of the wait, which is made beside the line, is not there yet.
const firstWord = time.Second

// firstAt is when the caller is told for the first time how the place stands,
// zero when that was done or the line has not said it.
func (c *call) firstAt() time.Time {
	switch {
	case !c.s.SaidAt.IsZero() || c.s.Ahead < 0:
		return time.Time{}
	case c.s.Ahead == 0 || c.s.Estimate.Known:
		return c.now
	}
	return c.s.hereSince().Add(firstWord)
}

// soonest gives the first of the moments that are not zero.
func soonest(moments ...time.Time) time.Time {
	var first time.Time
	for _, m := range moments {
		if !m.IsZero() && (first.IsZero() || m.Before(first)) {
			first = m
		}
	}
	return first
}

// announceAt is when the next announcement is due, zero for never.
func (c *call) announceAt(node *Node) time.Time {
	switch {
	case node.Announce.Every <= 0:
		return time.Time{}
	case c.s.SaidAt.IsZero():
		return c.s.hereSince().Add(node.Announce.Every)
	}
	return c.s.SaidAt.Add(node.Announce.Every)
}

// offerAt is when the callback is to be offered, zero for never.
func (c *call) offerAt(node *Node) time.Time {
	switch {
	case !c.offers(node):
		return time.Time{}
	case c.s.OfferedAt.IsZero():
		return c.offerFrom(node)
	case node.Offer.Every <= 0:
		return time.Time{}
	}
	return c.s.OfferedAt.Add(node.Offer.Every)
}

// offers says whether this wait can be ended by a callback. Whom we called back
// is not offered to be called back.
func (c *call) offers(node *Node) bool {
	return node.Kind == KindQueue && node.Offer.Key != 0 && !c.s.Outbound && !c.offerFrom(node).IsZero()
}

// offerFrom is from when on the offer counts, spoken or not; zero for never.
func (c *call) offerFrom(node *Node) time.Time {
	switch {
	case c.s.OfferSoon:
		return c.s.hereSince()
	case node.Offer.After <= 0:
		return time.Time{}
	}
	return c.s.hereSince().Add(node.Offer.After)
}

func (c *call) offer(node *Node) {
	c.stopTimer()
	c.s.OfferedAt = c.now
	c.note("callback.offered", map[string]any{"queue": c.s.Queue, "ahead": c.s.Ahead})
	c.say(c.s.Language, c.message(prompts.KeyOfferCallback, string(node.Offer.Key)))
}

// announce tells position and wait, or the other words when neither is known. It
// says whether there was anything to tell.
func (c *call) announce(node *Node, otherwise string) bool {
	first := c.s.SaidAt.IsZero()
	c.s.SaidAt = c.now
	position, wait := c.standing(node)
	if position == "" && wait == "" {
		position = otherwise
	}
	if position == "" && wait == "" && first {
		return false // nothing honest can be said yet; the music goes on
	}
	c.quiet()
	c.say(c.s.Language, position, wait)
	return true
}

// standing puts into words what is known of position and wait, and remembers
// what was quoted, so that a quote never rises by itself.
func (c *call) standing(node *Node) (position, wait string) {
	if c.s.Ahead < 0 {
		return "", ""
	}
	if node.Announce.Position || c.s.Ahead == 0 {
		position = c.message(prompts.KeyQueuePosition, c.s.Ahead)
	}
	quote := queues.NextQuote(c.s.Quoted, c.s.QuotedAt, c.s.Estimate, c.s.Ahead, c.s.Able < c.s.QuotedFor)
	if quote.Kind != queues.QuoteNothing {
		c.s.Quoted, c.s.QuotedAt, c.s.QuotedFor = quote, c.s.Ahead, c.s.Able
		c.note("wait.quoted", map[string]any{"ahead": c.s.Ahead, "kind": string(quote.Kind), "low": quote.Low, "high": quote.High})
	}
	return position, c.message(prompts.KeyWaitQuote, quote)
}

func (c *call) placeUpdate(ev PlaceUpdate) {
	c.s.Ahead, c.s.Estimate, c.s.Able = ev.Ahead, ev.Estimate, ev.Able
	long := c.weigh()
	if c.s.Phase == PhaseWaiting && (c.s.SaidAt.IsZero() || long) && c.s.Saying == 0 {
		c.rest()
	}
}

// waitKey takes the key of the offer from the time on that it is made, spoken or
// not. Other keys only end what is being said.
func (c *call) waitKey(key rune) {
	node := c.node()
	if c.consentKey(key) {
		return
	}
	if c.offers(node) && key == node.Offer.Key && !c.now.Before(c.offerFrom(node)) {
		c.quiet()
		if c.s.OfferedAt.IsZero() {
			c.s.OfferedAt = c.now
		}
		c.s.Tries = 0
		c.arrange()
		return
	}
	if c.s.Saying != 0 {
		c.hush()
		c.rest()
	}
}

// placeServed brings caller and agent together, whatever was being said: the
// agent is there, and that is better than any callback.
func (c *call) placeServed(ev PlaceServed) {
	switch {
	case c.s.Phase == PhaseGreeting:
		c.s.Served, c.s.AgentName = true, ev.Agent
	case c.s.Phase == PhaseGone:
		// Nobody is there any more to talk with.
	case c.s.Phase == PhaseConnected && ev.Agent != "":
		c.s.AgentName = ev.Agent // the name can come after the agent
	case c.s.Held:
		c.s.AgentName = ev.Agent
		c.connect()
	}
}

func (c *call) connect() {
	c.quiet()
	c.music(false)
	c.dropTake()
	if c.s.Aside != "" {
		c.s.Node, c.s.Aside = c.s.Aside, ""
	}
	c.s.Phase, c.s.Held, c.s.Served, c.s.Ousted, c.s.Standing = PhaseConnected, false, false, false, ""
	c.s.Digits = ""
	c.clearSecrets()
	c.outcome(ResultAgent)
	c.do(Connect{})
}

// maxAgentsLost is how many agents a wait may lose. More mean that the switch
// cannot connect people, and ringing on would keep all agents busy for nothing.
const maxAgentsLost = 3

// promised says whether the place is that of the promise which this call keeps.
// Later on the call may take one of its own.
func (s *State) promised() bool { return s.Outbound && !s.Joined }

// agentLost goes back to waiting. The place of a call that we made is the
// promise's, which takes it again by itself.
func (c *call) agentLost() {
	c.s.Phase, c.s.Held, c.s.AgentName, c.s.Outcome = PhaseWaiting, true, "", ""
	if c.s.Agents++; c.s.Agents >= maxAgentsLost {
		c.waitOver(queues.LeftFailed)
		return
	}
	if !c.s.promised() {
		c.do(TakePlace{Queue: c.s.Queue, Priority: c.priority(c.node()), Keep: true, Skills: c.skills(c.node())})
	}
	c.rest()
}

// placeOver ends the wait without an agent. Who is just arranging a callback
// goes on with that, and gets a new place.
func (c *call) placeOver(reason queues.LeaveReason) {
	switch c.s.Phase {
	case PhaseWaiting:
		c.waitOver(reason)
	case PhaseConfirming, PhaseNumber, PhaseAsking, PhaseChoosing, PhaseRecording, PhaseReviewing, PhaseStanding, PhasePromising:
		if c.s.Held {
			c.s.Held, c.s.Lost = false, reason
		}
	case PhaseConnected:
		c.agentLeft()
	case PhaseGreeting:
		c.s.Served = false
	case PhaseGone:
		c.s.Held = false
	default:
		c.lostAside(reason)
	}
}

func (c *call) waitOver(reason queues.LeaveReason) {
	c.quiet()
	c.music(false)
	c.s.Held = false
	node := c.node()
	if c.s.Outbound && c.s.Outcome == "" {
		node = &Node{} // its branches are for people who called us; the promise lives on
	}
	next, message, result := node.Broken, prompts.KeyTechnicalProblem, ResultFailed
	switch reason {
	case queues.LeftFull:
		next, message, result = node.Full, prompts.KeyQueueFull, ResultNoAgents
	case queues.LeftNoAgents:
		next, message, result = node.NoAgents, prompts.KeyNoAgents, ResultNoAgents
	case queues.LeftTimeout:
		next, message, result = node.TooLong, prompts.KeyWaitTooLong, ResultNoAgents
	}
	c.s.Ousted = reason == queues.LeftFull || reason == queues.LeftNoAgents || reason == queues.LeftTimeout
	c.s.Ousted = c.s.Ousted && !c.s.promised() // its time is the promise's, which lives on
	c.outcome(result)
	if next != "" {
		c.enter(next)
		return
	}
	c.leave(c.message(message), c.message(prompts.KeyGoodbye))
}

func (c *call) agentLeft() {
	if next := c.node().After; next != "" {
		c.enter(next)
		return
	}
	c.leave(c.message(prompts.KeyAgentLeft), c.message(prompts.KeyGoodbye))
}
