package dialplan

import (
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/prompts"
)

const maxNumberDigits = 18 // 15 of E.164 and an international prefix

// sources is where the number may come from at the present node.
func (c *call) sources() []NumberSource {
	if node := c.node(); node.Kind == KindQueue {
		return node.Offer.Number
	}
	return c.node().Number
}

// arrange begins the talk about a callback, from the line or at a node of its
// own. A place in line stays held all the time.
func (c *call) arrange() {
	switch {
	case slices.Contains(c.sources(), FromANI) && c.s.ANI != "":
		c.s.Number = c.s.ANI
		c.askConfirm("")
	case slices.Contains(c.sources(), FromAsk):
		c.askNumber("")
	default: // only the number of the call would do, and it is withheld
		c.arranged(c.message(prompts.KeyCallbackRefused))
	}
}

// askConfirm reads the number back.
func (c *call) askConfirm(before prompts.Key) {
	c.quiet()
	c.s.Phase = PhaseConfirming
	question := prompts.KeyConfirmOwnNumber
	if slices.Contains(c.sources(), FromAsk) {
		question = prompts.KeyConfirmNumber
	}
	c.say(c.s.Language, c.message(before), c.message(question, c.s.Number))
}

func (c *call) confirmKey(key rune) {
	c.quiet()
	switch {
	case key == '1':
		c.agreed()
	case key == '2' && slices.Contains(c.sources(), FromAsk):
		c.askNumber("")
	case key == '*':
		c.askConfirm("")
	default:
		c.confirmAgain(prompts.KeyNotUnderstood)
	}
}

func (c *call) confirmAgain(why prompts.Key) {
	if c.failedTooOften() {
		c.arranged(c.message(why))
		return
	}
	c.askConfirm(why)
}

// failedTooOften counts a try and says whether there is none left.
func (c *call) failedTooOften() bool {
	c.s.Tries++
	return c.s.Tries >= c.node().Tries
}

func (c *call) askNumber(before prompts.Key) {
	c.quiet()
	c.s.Phase, c.s.Digits = PhaseNumber, ""
	c.say(c.s.Language, c.message(before), c.message(prompts.KeyEnterNumber))
}

func (c *call) numberKey(key rune) {
	c.quiet()
	switch {
	case key == '*':
		c.askNumber("")
	case key == '#':
		c.numberEntered()
	default:
		c.s.Digits += string(key)
		if len(c.s.Digits) < maxNumberDigits {
			c.timer(defaultTimeout)
			return
		}
		c.s.HashDue = true
		c.numberEntered()
	}
}

func (c *call) numberSilence() {
	if c.s.Digits == "" {
		c.numberAgain(prompts.KeyNoInput)
		return
	}
	c.numberEntered()
}

// numberEntered reads the number as people of the hotline's country write it,
// or else with the country code in front, for a phone has no plus.
func (c *call) numberEntered() {
	number, ok := callers.Normalize(c.s.Digits, c.doc.Country)
	if !ok {
		number, ok = callers.Normalize("+"+c.s.Digits, c.doc.Country)
	}
	if !ok {
		c.numberAgain(prompts.KeyNumberInvalid)
		return
	}
	c.s.Number, c.s.Digits = number, ""
	c.askConfirm("")
}

func (c *call) numberAgain(why prompts.Key) {
	c.s.Digits = ""
	if c.failedTooOften() {
		c.arranged(c.message(why))
		return
	}
	c.askNumber(why)
}

// promise asks for the callback that the caller has confirmed.
func (c *call) promise() {
	c.quiet()
	c.s.Phase = PhasePromising
	c.askPromise()
	c.await()
}

func (c *call) askPromise() {
	ask := Promise{Queue: c.promisedFrom(), Number: c.s.Number, Slot: c.s.Slot, Take: c.s.Take}
	if s := c.slots(); s != nil && c.s.Slot != (Slot{}) {
		ask.Capacity = s.Capacity
	}
	// A call at another time has a place of that time, and one from another queue
	// has one there.
	ask.KeepPlace = c.s.Held && ask.Queue == c.s.Queue && c.s.Slot == (Slot{})
	c.s.Asked = ask.KeepPlace
	c.do(ask)
}

// promisedFrom is the queue that the call is promised from: where the place stands
// by now, if there is one.
func (c *call) promisedFrom() string {
	node := c.node()
	if node.Kind != KindCallback {
		return c.s.Queue
	}
	if from := c.doc.Nodes[c.s.Aside]; c.s.Held && from != nil && from.Queue == node.Queue {
		return c.s.Queue
	}
	return node.Queue
}

// promised ends the wait. An answer that comes late, after the caller was told
// of a problem, still counts while the caller waits in the same line: the
// promise has the place. Otherwise it is taken back.
func (c *call) promised(ev Promised) {
	switch c.s.Phase {
	case PhasePromising, PhaseGone:
	case PhaseWaiting, PhaseConfirming, PhaseNumber:
		if !c.s.Asked {
			c.takeBack(ev)
			return
		}
	default:
		c.takeBack(ev)
		return
	}
	if ev.Existing && c.s.Phase != PhaseGone {
		c.stands(ev.ID)
		return
	}
	c.s.Promise = ev.ID
	if c.s.Phase == PhaseGone {
		c.promisedGone(ev)
		return
	}
	c.outcome(ResultCallback)
	word := c.message(prompts.KeyCallbackPromised)
	switch {
	case c.s.Slot != (Slot{}) && !ev.NotBefore.After(c.s.Slot.From):
		word = c.message(prompts.KeyCallbackSlot, prompts.Slot{From: c.s.Slot.From, Until: c.s.Slot.Until, Now: c.now})
	case ev.NotBefore.Sub(c.now) >= laterToTell, ev.notToday(c.now):
		word = c.message(prompts.KeyCallbackLater, prompts.Later{At: ev.NotBefore, Now: c.now})
	}
	if c.s.Asked {
		c.s.Held = false // the promise has the place
	}
	c.release()
	c.forgetWish()
	c.sayThen(c.node().Next, word)
}

// promisedGone ends a call whose caller hung up before the answer.
func (c *call) promisedGone(ev Promised) {
	if c.s.Asked && !ev.Existing {
		c.s.Held = false
	}
	c.release()
	c.forgetWish()
	c.end(c.s.Result)
}

// forgetWish forgets what was chosen for a promise that was made.
func (c *call) forgetWish() {
	c.s.Asked, c.s.Slot, c.s.Offered = false, Slot{}, nil
	c.s.Take, c.s.Taking, c.s.TakeEnding, c.s.Kept = 0, false, false, false
}

// laterToTell is from when on a caller is told that the call comes later than
// the turn in line might.
const laterToTell = time.Hour

// notToday says that the call comes on another day than now, by the customer's
// calendar.
func (ev Promised) notToday(now time.Time) bool {
	local := now.In(ev.NotBefore.Location())
	return ev.NotBefore.After(now) && ev.NotBefore.Format(time.DateOnly) != local.Format(time.DateOnly)
}

// takeBack cancels a promise that nobody waits for any more: an agent was
// faster, or the caller went another way.
func (c *call) takeBack(ev Promised) {
	if !ev.Existing {
		c.do(CancelPromise{ID: ev.ID})
	}
}

func (c *call) promiseRefused(rule string) {
	switch c.s.Phase {
	case PhasePromising:
		switch rule {
		case RuleSlotFull:
			c.slotFull()
		case RuleStore:
			c.arranged(c.message(prompts.KeyTechnicalProblem))
		default:
			c.s.NoCall = true
			c.arranged(c.message(prompts.KeyCallbackRefused))
		}
	case PhaseGone:
		if c.s.Result == ResultAbandoned {
			c.release()
			c.end(ResultAbandoned)
			return
		}
		c.s.Phase = PhaseWaiting // which is what the caller hung up from, as it turns out
		if !c.s.Held {
			c.s.Phase = PhaseSpeaking
		}
		c.depart()
	}
}

// arranged ends the talk about a callback without one: back to the line, or to
// where the wait would have ended by now, or on to the next node.
func (c *call) arranged(word string) {
	c.quiet()
	c.dropTake()
	c.s.Digits, c.s.Number, c.s.HashDue = "", "", false
	c.s.Slot, c.s.Offered, c.s.SlotTaken = Slot{}, nil, false
	node := c.node()
	switch {
	case node.Kind != KindQueue:
		next := node.Otherwise
		if next == "" {
			next = node.Next
		}
		c.sayThen(next, word)
	case c.s.Held:
		c.s.Phase = PhaseWaiting
		c.say(c.s.Language, word)
	default:
		c.waitOver(c.s.Lost)
	}
}
