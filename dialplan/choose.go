package dialplan

import (
	"strconv"
	"time"

	"github.com/linekeeper/linekeeper/prompts"
)

// What is asked between the number and the promise: whether there is one already,
// and at what time the call is wanted.

// agreed goes on after the caller said yes to the number.
func (c *call) agreed() {
	c.note("callback.confirmed_number", map[string]any{"own": c.s.Number == c.s.ANI})
	c.s.Slot, c.s.SlotsAfter = Slot{}, time.Time{}
	if c.slots() == nil && c.messageRules() == nil {
		c.promise()
		return
	}
	c.enquire()
}

// slots are those of the present node; only a callback node has them.
func (c *call) slots() *Slots {
	if n := c.node(); n.Kind == KindCallback {
		return n.Slots
	}
	return nil
}

// enquire asks what a promise would come to, before the caller is asked for more.
func (c *call) enquire() {
	c.quiet()
	c.s.Phase, c.s.Offered = PhaseAsking, nil
	ask := Enquire{Queue: c.promisedFrom(), Number: c.s.Number}
	if s := c.slots(); s != nil {
		all := s.Candidates(c.doc.Hours, c.now)
		if ask.Slots = after(all, c.s.SlotsAfter); len(ask.Slots) == 0 {
			ask.Slots = all // once round
		}
		ask.Capacity, ask.Want = s.Capacity, s.Offer
	}
	c.do(ask)
	c.await()
}

func (c *call) enquired(ev Enquired) {
	if c.s.Phase != PhaseAsking {
		return
	}
	c.quiet()
	switch {
	case ev.Existing != "":
		c.stands(ev.Existing)
	case ev.Refused != "":
		c.s.NoCall = true
		c.arranged(c.message(prompts.KeyCallbackRefused))
	case len(ev.Slots) > 0 && c.slots() != nil:
		c.s.Offered, c.s.Tries = ev.Slots, 0
		c.askSlot()
	default:
		c.aboutWhat()
	}
}

// The keys of the choice of a time: as soon as possible, then the slots that were
// told, then other ones.
const (
	keySoon      = '1'
	keyFirstSlot = '2'
	keyOther     = '9'
)

// askSlot tells the times that can be chosen.
func (c *call) askSlot(before ...prompts.Key) {
	c.quiet()
	c.s.Phase = PhaseChoosing
	var texts []string
	for _, key := range before {
		texts = append(texts, c.message(key))
	}
	if c.s.SlotTaken {
		texts = append(texts, c.message(prompts.KeySlotTaken))
		c.s.SlotTaken = false
	}
	texts = append(texts, c.message(prompts.KeySlotSoon))
	for i, slot := range c.s.Offered {
		key := strconv.Itoa(int(keyFirstSlot-'0') + i)
		texts = append(texts, c.message(prompts.KeySlotOffer, prompts.Slot{From: slot.From, Until: slot.Until, Now: c.now}, key))
	}
	c.say(c.s.Language, append(texts, c.message(prompts.KeySlotOther))...)
}

func (c *call) slotKey(key rune) {
	c.quiet()
	chosen := int(key - keyFirstSlot)
	switch {
	case key == keySoon:
		c.aboutWhat()
	case key == keyOther && len(c.s.Offered) > 0:
		c.s.SlotsAfter = c.s.Offered[len(c.s.Offered)-1].From
		c.enquire()
	case key == '*':
		c.askSlot()
	case key >= keyFirstSlot && key < keyOther && chosen < len(c.s.Offered):
		c.s.Slot = c.s.Offered[chosen]
		c.note("callback.slot_chosen", map[string]any{"from": c.s.Slot.From.Format(time.RFC3339), "until": c.s.Slot.Until.Format(time.RFC3339)})
		c.aboutWhat()
	default:
		c.slotAgain(prompts.KeyNotUnderstood)
	}
}

func (c *call) slotAgain(why prompts.Key) {
	if c.failedTooOften() {
		c.arranged(c.message(why))
		return
	}
	c.askSlot(why)
}

// slotFull goes on after somebody else took the last of a slot.
func (c *call) slotFull() {
	c.s.Slot, c.s.SlotsAfter, c.s.SlotTaken = Slot{}, time.Time{}, true
	c.enquire()
}
