package controller

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/prompts"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/telephony"
)

// Conversation is what happens around the conversations of one queue.
type Conversation struct {
	// Music is the class of hold music while waiting; "" is that of Options.
	Music string
	// Title is the queue's spoken name by language. The agent hears it with the
	// caller's name and wait before the two are connected; without it, nothing.
	Title map[string]string
	// EscalateKeys are what an agent presses to send the caller on to EscalateTo,
	// where the place keeps its time; "" for none.
	EscalateKeys string
	EscalateTo   string
	// Record lets the switch write down conversations, from the first agent to the
	// last, under the call's id.
	Record bool
}

// whispered is what an agent hears of the customer of a promise.
type whispered struct {
	brief   prompts.Brief
	message string // the recording that the customer left, "" for none
}

// served is told by the line or the promises: the agent is on this leg. Where
// the queue says so, the agent hears who it is before the two are connected; of is
// nil for a live caller.
func (k *call) served(p queues.Place, leg string, of *whispered) {
	k.box.post(func() {
		again := leg == k.rec.AgentLeg && !k.rec.TalkFrom.IsZero()
		k.rec.AgentLeg = leg
		k.named(p)
		if of == nil {
			of = &whispered{brief: k.brief(p)}
		}
		switch {
		case k.ended:
		case again:
			k.connect() // told anew after a restart: whether they were bridged before it is not known
		case !k.whisper(of):
			k.step(dialplan.PlaceServed{Agent: k.rec.Agent})
		}
	})
}

// whisper tells the agent whom the switch is about to connect, and says whether
// there is something to tell. The conversation begins when it is told, or cannot
// be, or when the agent presses a key. Until then the customer hears music.
func (k *call) whisper(of *whispered) bool {
	lang := k.rec.State.Language
	text := of.brief.Whisper(lang)
	if text == "" {
		return false
	}
	k.whispers++
	id := telephony.PlaybackID(fmt.Sprintf("%s%s-whisper-%d", prefixPlay, k.id, k.whispers))
	k.whispering = id
	leg := telephony.ChannelID(k.rec.AgentLeg)
	var message []telephony.Media
	if of.message != "" {
		message = append(message, telephony.RecordingMedia(of.message))
	}
	k.c.main.post(func() { k.c.whispers[id] = k })
	k.c.listen(string(leg), func(rune) {
		k.c.listen(string(leg), nil)
		k.c.wg.Go(func() {
			_ = k.c.onSwitch("stop speech", func(ctx context.Context) error { return k.c.opts.Switch.StopPlay(ctx, id) })
			k.heard(id)
		})
	})
	k.c.wg.Go(func() {
		if err := k.c.playText(leg, id, lang, text, message...); err != nil {
			k.heard(id) // connected without a word
		}
	})
	return true
}

// heard is told by the router: the agent has heard it. The agent may be gone by
// now; then the line says so.
func (k *call) heard(id telephony.PlaybackID) {
	k.c.main.post(func() { delete(k.c.whispers, id) })
	k.box.post(func() {
		if id == k.whispering {
			k.whispering = ""
			k.c.listen(k.rec.AgentLeg, nil)
			k.step(dialplan.PlaceServed{Agent: k.rec.Agent})
		}
	})
}

func (c Conversation) title(lang string) string {
	if t := c.Title[lang]; t != "" {
		return t
	}
	return c.Title["en"]
}

// moved is told when the place went to another queue, by a rule or because the
// agent or a supervisor sent the caller on.
func (k *call) moved(p queues.Place, from, why string) {
	k.box.post(func() {
		talking := !k.rec.TalkFrom.IsZero()
		k.rec.Queue, k.rec.PlaceAt = p.Queue, p.TakenAt
		k.whispering = ""
		if !talking && k.rec.AgentLeg == "" {
			k.step(dialplan.Moved{Queue: p.Queue})
			return
		}
		k.endTalk(time.Now())
		by := k.rec.Agent
		k.rec.AgentLeg, k.rec.Agent, k.rec.TalkFrom = "", "", time.Time{}
		k.logger().Info("the caller was sent on", zap.String("from", from), zap.String("to", p.Queue), zap.String("why", why))
		k.step(dialplan.Escalated{Queue: p.Queue, By: by})
	})
}

// keyGap is how long the keys of one order of an agent may be apart.
const keyGap = 3 * time.Second

// agentKeys collects what the agent of a call presses.
type agentKeys struct {
	pressed string
	last    time.Time
}

// agentPressed follows the keys of an agent in a conversation. It runs in the
// main mailbox.
func (c *Controller) agentPressed(leg telephony.ChannelID, key rune, at time.Time) {
	if hears := c.listeners[leg]; hears != nil {
		hears(key)
		return
	}
	place, _, ok := ownedBy(leg, prefixPlace)
	l := c.lines[c.queueOf[place]]
	if !ok || l == nil {
		return
	}
	conv := c.opts.Conversations[c.queueOf[place]]
	if conv.EscalateKeys == "" || conv.EscalateTo == "" {
		return
	}
	keys := c.keys[leg]
	if at.Sub(keys.last) > keyGap {
		keys.pressed = ""
	}
	keys.pressed, keys.last = keys.pressed+string(key), at
	if !strings.HasSuffix(keys.pressed, conv.EscalateKeys) {
		c.keys[leg] = keys
		return
	}
	delete(c.keys, leg)
	c.wg.Go(func() { c.sendOn(l, place, leg, conv.EscalateTo) })
}

// sendOn moves the caller of an agent who pressed the keys for it. Where nobody
// would take the caller, both go on talking, and the agent is told.
func (c *Controller) sendOn(l *line, place string, leg telephony.ChannelID, to string) {
	ctx, cancel := context.WithTimeout(c.ctx, switchTimeout)
	defer cancel()
	var denied *DeniedError
	if err := c.staffed(ctx, to); errors.As(err, &denied) {
		c.log.Info("an agent could not send a caller on", zap.String("place", place), zap.String("why", denied.Message))
		id := telephony.PlaybackID(fmt.Sprintf("%s%s-nobody", prefixPlay, place))
		lang := c.agentLanguage()
		_ = c.playText(leg, id, lang, prompts.Message(lang, prompts.KeyAgentNobodyThere)) // said in the log
		return
	}
	l.box.post(func() {
		if p, ok := l.q.Place(place); ok && p.Channel == string(leg) && p.State == queues.PlaceServed {
			l.step(queues.Move{PlaceID: place, Queue: to, Keep: true, Why: whyEscalated, By: p.Agent})
		}
	})
}

// staffed gives a *DeniedError when no agent of a queue is on duty: who is sent
// there from a conversation would be turned away.
func (c *Controller) staffed(ctx context.Context, queue string) error {
	l := c.line(queue)
	n, err := ask(ctx, l.box, func() queues.Counts { return l.q.Counts(queue) })
	if err != nil {
		return err
	}
	if n.Idle+n.Ringing+n.Talking+n.WrapUp+n.Paused+n.Busy == 0 {
		return &DeniedError{Message: fmt.Sprintf("no agent of queue %q is on duty; the caller stays with the agent", queue)}
	}
	return nil
}

// whyEscalated is the Why of a Move that sends a caller on from an agent.
const whyEscalated = "escalated"
