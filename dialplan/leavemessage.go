package dialplan

import (
	"cmp"
	"time"

	"github.com/linekeeper/linekeeper/prompts"
)

// Message is how a caller can say what a callback is about.
type Message struct {
	Longest  time.Duration // of one take
	Required bool          // no promise without it
	Silence  time.Duration // of the caller, ends a take; 0 stands for messageSilence
}

const (
	messageSilence = 5 * time.Second  // of the caller, ends a take
	messageEnd     = 2 * time.Second  // for the switch to end a take that was stopped
	messageGrace   = 10 * time.Second // from the longest take to its end as the switch should have told it
	leastMessage   = 1500 * time.Millisecond
)

// messageRules are those of the present node; nil where no message is asked for.
func (c *call) messageRules() *Message {
	switch n := c.node(); n.Kind {
	case KindCallback, KindMessage:
		return n.Message
	case KindQueue:
		return n.Offer.Message
	}
	return nil
}

// aboutWhat asks for a message where the document wants one, and else for the
// promise. A message that was kept before is not asked for again.
func (c *call) aboutWhat() {
	if c.messageRules() == nil || c.s.Kept {
		c.promise()
		return
	}
	c.s.Tries = 0
	c.invite()
}

// invite asks the caller to speak after the tone.
func (c *call) invite(before ...prompts.Key) {
	c.quiet()
	c.s.Phase = PhaseRecording
	texts, lang := c.invitation(before...)
	c.say(lang, texts...)
}

// record begins a take.
func (c *call) record() {
	rules := c.messageRules()
	if rules == nil { // the document was changed under the call
		c.promise()
		return
	}
	c.dropTake()
	c.s.Takes++
	c.s.Take, c.s.Taking, c.s.TakeSince = c.s.Takes, true, c.now
	c.do(Record{Take: c.s.Take, Longest: rules.Longest, Silence: cmp.Or(rules.Silence, messageSilence)})
	c.timer(rules.Longest + messageGrace)
}

// recordKey ends the take by #, and begins anew by *. Before the tone any key
// skips the words.
func (c *call) recordKey(key rune) {
	switch {
	case !c.s.Taking && key == '*':
		c.invite()
	case !c.s.Taking:
		c.quiet()
		c.record()
	case c.s.TakeEnding:
	case key == '*':
		c.dropTake()
		c.invite()
	case key == '#':
		c.endTake()
	}
}

// endTake ends the take that is being recorded. One that was hardly begun holds
// nothing but the tone.
func (c *call) endTake() {
	c.quiet()
	if c.now.Sub(c.s.TakeSince) < leastMessage {
		c.silentTake()
		return
	}
	c.do(StopRecord{Take: c.s.Take})
	c.s.TakeEnding = true
	c.timer(messageEnd)
}

// takeOverdue goes on when the end of a take was not told.
func (c *call) takeOverdue() {
	if c.s.Taking && !c.s.TakeEnding {
		c.endTake()
		return
	}
	c.s.TakeFor = c.now.Sub(c.s.TakeSince)
	c.s.Taking, c.s.TakeEnding = false, false
	c.review()
}

func (c *call) recorded(ev Recorded) {
	if c.s.Phase != PhaseRecording || !c.s.Taking || ev.Take != c.s.Take {
		return
	}
	c.quiet()
	c.s.TakeFor = c.now.Sub(c.s.TakeSince)
	c.s.Taking, c.s.TakeEnding = false, false
	if ev.Silent || ev.Failed {
		c.silentTake()
		return
	}
	c.review()
}

// silentTake asks again, until the tries are used up.
func (c *call) silentTake() {
	c.dropTake()
	switch {
	case !c.failedTooOften():
		c.invite(prompts.KeyMessageSilent)
	case c.messageRules() != nil && c.messageRules().Required:
		c.arranged(c.message(prompts.KeyMessageMissing))
	default:
		c.withoutTake()
	}
}

// review plays the take back and asks what to do with it.
func (c *call) review() {
	c.s.Phase, c.s.Tries = PhaseReviewing, 0
	c.say(c.s.Language, c.message(c.reviewKeys()))
	say := c.out[len(c.out)-1].(Say)
	say.Take = c.s.Take
	c.out[len(c.out)-1] = say
}

func (c *call) reviewKeys() prompts.Key {
	if rules := c.messageRules(); rules != nil && rules.Required {
		return prompts.KeyMessageReviewNeeded
	}
	return prompts.KeyMessageReview
}

func (c *call) reviewKey(key rune) {
	c.quiet()
	switch {
	case key == '1':
		c.keepTake()
	case key == '2':
		c.dropTake()
		c.invite()
	case key == '3' && c.reviewKeys() == prompts.KeyMessageReview:
		c.dropTake()
		c.withoutTake()
	case key == '*':
		c.review()
	default:
		c.reviewAgain(prompts.KeyNotUnderstood)
	}
}

// reviewAgain asks once more; a caller who never decides has left the message.
func (c *call) reviewAgain(why prompts.Key) {
	if c.failedTooOften() {
		c.keepTake()
		return
	}
	c.say(c.s.Language, c.message(why), c.message(c.reviewKeys()))
}

func (c *call) keepTake() {
	c.quiet()
	c.s.Kept = true
	c.takeKept()
}

// dropTake deletes the take that no promise has.
func (c *call) dropTake() {
	if c.s.Take == 0 {
		return
	}
	if c.s.Taking {
		c.do(StopRecord{Take: c.s.Take})
	}
	c.do(Discard{Take: c.s.Take})
	c.s.Take, c.s.Taking, c.s.TakeEnding, c.s.Kept = 0, false, false, false
}

// messageCutOff is about a caller who hung up while a message was asked for. The
// number was confirmed, and what was said by then is kept: that is how people
// leave messages.
func (c *call) messageCutOff() {
	if rules := c.messageRules(); c.s.Take == 0 && rules != nil && rules.Required {
		c.depart()
		return
	}
	c.s.Taking, c.s.TakeEnding = false, false
	c.askPromise()
	c.end(ResultCallback)
	c.s.Phase = PhaseGone
}
