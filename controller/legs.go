package controller

import (
	"context"
	"time"

	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/telephony"
)

// What a line asks of the switch: placeholders in its queues, agents' phones.

// insert asks the switch for a placeholder in its queue. Who owns the
// placeholder's events was made known when the place was saved.
func (l *line) insert(cmd queues.Insert) {
	p := cmd.Place
	l.originate(p, cmd.Channel, "enter the queue", telephony.OriginateRequest{
		ID:       telephony.ChannelID(cmd.Channel),
		Endpoint: "Local/" + p.Queue + "@linekeeper-queue/n",
		CallerID: telephony.CallerID{Name: p.Name, Number: p.Number},
		Args:     []string{"place", p.ID},
		Vars:     placeholderVars(p, cmd.Position),
	})
}

// ringGrace is how much longer than the engine the switch would let a phone
// ring, should nobody end it.
const ringGrace = 5 * time.Second

// ring asks the switch to ring an agent.
func (l *line) ring(cmd queues.Ring) {
	p := cmd.Place
	l.originate(p, cmd.Channel, "ring the agent", telephony.OriginateRequest{
		ID:       telephony.ChannelID(cmd.Channel),
		Endpoint: cmd.Phone,
		CallerID: telephony.CallerID{Name: p.Name, Number: p.Number},
		Timeout:  cmd.Timeout + ringGrace,
		Args:     []string{"place", p.ID},
		Vars:     p.Display,
	})
}

func (l *line) originate(p queues.Place, channel, what string, req telephony.OriginateRequest) {
	l.work(channel).post(func() {
		l.c.at(StepLegAsking, p.CallbackID)
		err := l.c.onSwitch(what, func(ctx context.Context) error { return l.c.opts.Switch.Originate(ctx, req) })
		l.c.at(StepLegAnswered, p.CallbackID)
		if err != nil && !telephony.IsExists(err) {
			l.apply(queues.Refused{
				PlaceID: p.ID, Channel: channel,
				Retryable: telephony.KindOf(err) == telephony.KindRetryable, Err: err.Error(),
			})
			if telephony.KindOf(err) == telephony.KindRetryable {
				l.c.lookAgain() // should it get through after all
			}
		}
	})
}

func (l *line) withdraw(channel string) {
	if channel == "" {
		return
	}
	l.c.main.post(func() {
		if l.c.saysFarewell(telephony.ChannelID(channel)) {
			return // hung up after the last word
		}
		l.work(channel).post(func() {
			_ = l.c.onSwitch("let the agent's leg go", func(ctx context.Context) error {
				return l.c.opts.Switch.Hangup(ctx, telephony.ChannelID(channel), telephony.CauseNormal)
			})
		})
	})
}

// tell plays a sentence, and what follows it, to an agent who waits on a leg.
func (l *line) tell(leg, id, lang, text string, more ...telephony.Media) {
	l.work(leg).post(func() {
		media, err := l.c.media(lang, text, more)
		if err != nil || len(media) == 0 {
			return // said in the log
		}
		_ = l.c.onSwitch("tell the agent", func(ctx context.Context) error {
			return l.c.opts.Switch.Play(ctx, telephony.ChannelID(leg), telephony.PlaybackID(id), media)
		})
	})
}

// hushAgent stops what an agent hears, before the customer is connected.
func (l *line) hushAgent(leg, id string) {
	l.work(leg).post(func() {
		_ = l.c.onSwitch("stop speech", func(ctx context.Context) error {
			return l.c.opts.Switch.StopPlay(ctx, telephony.PlaybackID(id))
		})
	})
}
