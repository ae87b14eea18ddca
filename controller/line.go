package controller

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/forecast"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
)

// tickEvery is how often a line looks at the clock: for re-entries that fell
// due and for estimates that changed by waiting alone.
const tickEvery = time.Second

// line owns one queue. Its engine decides in the mailbox; requests to the
// switch run one after another in a second one, so that a slow switch delays
// no decision.
type line struct {
	c    *Controller
	name string
	box  *mailbox
	work *mailbox
	q    *queues.Line
	live *forecast.Live
}

func newLine(c *Controller, name string, s queues.Settings) *line {
	live := forecast.NewLive(name, 1)
	live.Presume(s.PriorHandleTime, s.PriorPatience)
	return &line{c: c, name: name, box: newMailbox(), work: newMailbox(), q: queues.New(name, s), live: live}
}

// line finds a queue's owner; every queue of a hotline has one (New checks it).
func (c *Controller) line(name string) *line { return c.lines[name] }

func (l *line) start(ctx context.Context) {
	l.c.wg.Go(func() { l.box.run(ctx) })
	l.c.wg.Go(func() { l.work.run(ctx) })
	l.c.wg.Go(func() {
		tick := time.NewTicker(tickEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				l.box.post(func() {
					l.step(queues.Tick{})
					l.estimate()
					l.c.met.line(l.q.View(l.name, time.Now()))
				})
			case <-ctx.Done():
				return
			}
		}
	})
}

// apply hands an event to the line.
func (l *line) apply(ev queues.Event) { l.box.post(func() { l.step(ev) }) }

// ifHeld hands an event to the line if the place is still held by this promise,
// or, without one, by this call: whoever handed a place over has no say in it.
func (l *line) ifHeld(place, call, callback string, ev queues.Event) {
	l.box.post(func() {
		p, ok := l.q.Place(place)
		if ok && p.CallbackID == callback && (callback != "" || p.CallID == call) {
			l.step(ev)
		}
	})
}

// step decides, stores, acts.
func (l *line) step(ev queues.Event) {
	cmds := l.q.Apply(ev, time.Now())
	var b store.Batch
	for _, cmd := range cmds {
		switch cmd := cmd.(type) {
		case queues.Save:
			b.Places = append(b.Places, cmd.Place)
		case queues.Note:
			ev := l.note(cmd)
			b.Events = append(b.Events, ev)
			l.live.Observe(forecast.Entry{At: ev.At, Type: ev.Type, Place: ev.Place, Agent: ev.Agent, Queue: ev.Queue, Data: ev.Data})
		}
	}
	if len(b.Places)+len(b.Events) > 0 {
		if err := l.c.commit(b); err != nil {
			l.c.log.Error("the line goes on although its records are not stored", zap.String("queue", l.name))
		}
	}
	for _, cmd := range cmds {
		l.perform(cmd)
	}
}

// estimate renews the estimates of all who wait.
func (l *line) estimate() {
	joining, places := l.live.Estimates(time.Now())
	l.step(queues.Estimated{Queue: l.name, Joining: joining, Places: places})
}

func (l *line) note(n queues.Note) store.Event {
	text := func(key string) string { s, _ := n.Data[key].(string); return s }
	return store.Event{
		At: n.At, Type: n.Type, Place: n.PlaceID, Queue: l.name, Data: n.Data,
		Call: text("call"), Callback: text("callback"), Agent: text("agent"),
	}
}

func (l *line) perform(cmd queues.Command) {
	switch cmd := cmd.(type) {
	case queues.Insert:
		l.insert(cmd)
	case queues.Withdraw:
		l.withdraw(cmd.Channel)
	case queues.Update:
		l.holder(cmd.Place, func(k *call) {
			k.send(queuesUpdate(cmd))
		}, func(p *promises) { p.update(cmd) })
	case queues.Serve:
		l.c.met.served(cmd.Place)
		l.holder(cmd.Place, func(k *call) { k.served(cmd.Place, cmd.Channel) }, func(p *promises) { p.served(cmd.Place, cmd.Channel) })
	case queues.Named:
		l.holder(cmd.Place, func(k *call) { k.box.post(func() { k.named(cmd.Place) }) }, func(p *promises) { p.named(cmd.Place) })
	case queues.Over:
		id := cmd.Place.ID
		l.c.main.post(func() { delete(l.c.queueOf, id) })
		l.holder(cmd.Place, func(k *call) { k.over(cmd.Place) }, func(p *promises) { p.over(cmd.Place) })
	case queues.Due:
		l.c.promises.due(cmd)
	}
}

// holder sends to whoever holds a place: the promise if there is one, else the
// live call.
func (l *line) holder(p queues.Place, live func(*call), promised func(*promises)) {
	if p.CallbackID != "" {
		promised(l.c.promises)
		return
	}
	id := p.CallID
	l.c.main.post(func() {
		if k := l.c.calls[id]; k != nil {
			live(k)
		}
	})
}

// insert asks the switch for a placeholder in its queue. The owner of the
// placeholder's events is made known first.
func (l *line) insert(cmd queues.Insert) {
	p := cmd.Place
	l.c.main.post(func() { l.c.queueOf[p.ID] = l.name })
	req := telephony.OriginateRequest{
		ID:       telephony.ChannelID(cmd.Channel),
		Endpoint: "Local/" + l.name + "@linekeeper-queue/n",
		CallerID: telephony.CallerID{Name: p.Name, Number: p.Number},
		Args:     []string{"place", p.ID},
		Vars:     placeholderVars(p, cmd.Position),
	}
	l.work.post(func() {
		err := l.c.onSwitch("enter the queue", func(ctx context.Context) error { return l.c.opts.Switch.Originate(ctx, req) })
		if err != nil && !telephony.IsExists(err) {
			l.apply(queues.Refused{
				PlaceID: p.ID, Channel: cmd.Channel,
				Retryable: telephony.KindOf(err) == telephony.KindRetryable, Err: err.Error(),
			})
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
		l.work.post(func() {
			_ = l.c.onSwitch("leave the queue", func(ctx context.Context) error {
				return l.c.opts.Switch.Hangup(ctx, telephony.ChannelID(channel), telephony.CauseNormal)
			})
		})
	})
}

// tell plays a sentence to an agent who waits on a placeholder.
func (l *line) tell(leg, id, lang, text string) {
	l.work.post(func() {
		ctx, cancel := context.WithTimeout(l.c.ctx, voiceTimeout)
		defer cancel()
		m, err := l.c.opts.Voice.Media(ctx, lang, text)
		if err != nil {
			l.c.met.voiceErrors.Inc()
			l.c.log.Error("a text could not be spoken", zap.String("text", text), zap.Error(err))
			return
		}
		_ = l.c.onSwitch("tell the agent", func(ctx context.Context) error {
			return l.c.opts.Switch.Play(ctx, telephony.ChannelID(leg), telephony.PlaybackID(id), []telephony.Media{m})
		})
	})
}

// hushAgent stops what an agent hears, before the customer is connected.
func (l *line) hushAgent(id string) {
	l.work.post(func() {
		_ = l.c.onSwitch("stop speech", func(ctx context.Context) error {
			return l.c.opts.Switch.StopPlay(ctx, telephony.PlaybackID(id))
		})
	})
}
