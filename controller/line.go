package controller

import (
	"context"
	"hash/fnv"
	"maps"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/store"
)

// tickEvery is how often a line looks at the clock: for re-entries that fell
// due, and to tell holders in turn. What has a moment of its own asks for it with
// Wake.
const tickEvery = time.Second

// line owns an engine: that of one queue of the switch, or that of all queues
// which share agents in linekeeper's own distribution. The engine decides in the
// mailbox; requests to the switch run in others, so that a slow switch delays no
// decision.
type line struct {
	c      *Controller
	queues []string        // that it serves, sorted
	own    *acd.Group      // the engine where linekeeper distributes; nil where the switch does
	agents map[string]bool // that the group has, by id
	box    *mailbox
	works  []*mailbox // requests about one channel always run in the same one
	q      queues.Engine
	est    *estimator
	wake   *time.Timer
	staged []decided // not on disk yet
}

// ownWorkers is how many requests to the switch an own distribution has under
// way at once; where the switch distributes, the order in which callers are given
// to it matters, and there is one.
const ownWorkers = 8

func newLine(c *Controller, name string, s queues.Settings) *line {
	return assemble(c, queues.New(name, s), 1, map[string]queues.Settings{name: s})
}

func newGroup(c *Controller, rules acd.Rules) *line {
	settings := map[string]queues.Settings{}
	for _, q := range rules.Queues {
		settings[q.Name] = q.Settings
	}
	g := acd.New(rules)
	l := assemble(c, g, ownWorkers, settings)
	l.own, l.agents = g, map[string]bool{}
	for _, a := range rules.Agents {
		l.agents[a.ID] = true
	}
	return l
}

func assemble(c *Controller, engine queues.Engine, workers int, settings map[string]queues.Settings) *line {
	l := &line{c: c, queues: slices.Sorted(maps.Keys(settings)), box: newMailbox(), q: engine}
	for range workers {
		l.works = append(l.works, newMailbox())
	}
	l.est = newEstimator(l, settings)
	l.box.between = func(last bool) {
		if last || len(l.staged) >= mostStaged {
			l.flush()
		}
	}
	return l
}

// line finds a queue's owner; every queue of a hotline has one (New checks it).
func (c *Controller) line(name string) *line { return c.lines[name] }

// serves says whether a queue is this line's.
func (l *line) serves(queue string) bool { return slices.Contains(l.queues, queue) }

// work gives the mailbox for requests about a channel.
func (l *line) work(channel string) *mailbox {
	if len(l.works) == 1 {
		return l.works[0]
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(channel)) // never fails: package hash says so
	return l.works[h.Sum32()%uint32(len(l.works))]
}

func (l *line) start(ctx context.Context) {
	l.c.wg.Go(func() {
		l.box.run(ctx)
		if l.wake != nil {
			l.wake.Stop()
		}
	})
	for _, w := range l.works {
		l.c.wg.Go(func() { w.run(ctx) })
	}
	l.est.start(ctx)
	l.c.wg.Go(func() {
		tick := time.NewTicker(tickEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				l.box.post(func() {
					l.step(queues.Tick{})
					for _, name := range l.queues {
						l.c.met.line(name, l.q.Counts(name))
					}
				})
				l.est.tick()
			case <-ctx.Done():
				return
			}
		}
	})
}

// apply hands an event to the line.
func (l *line) apply(ev queues.Event) { l.box.post(func() { l.step(ev) }) }

// ifHeld hands an event to the line if the place is still held by this promise,
// or, without one, by this call: whoever handed a place over has no say in it. A
// place that went to another line meanwhile is looked for there.
func (l *line) ifHeld(place, call, callback string, ev queues.Event) {
	l.box.post(func() {
		p, ok := l.q.Place(place)
		switch {
		case ok && p.CallbackID == callback && (callback != "" || p.CallID == call):
			l.step(ev)
		case !ok:
			l.c.main.post(func() {
				if now := l.c.lines[l.c.queueOf[place]]; now != nil && now != l {
					now.ifHeld(place, call, callback, ev)
				}
			})
		}
	})
}

// decided is what an event led to, before it is stored.
type decided struct {
	cmds  []queues.Command
	batch store.Batch
}

// step decides; the commands are given at once. They are stored and carried out with
// those of the events that came meanwhile, in their order, before the mailbox rests.
func (l *line) step(ev queues.Event) []queues.Command {
	d := decided{cmds: l.q.Apply(ev, time.Now())}
	for _, cmd := range d.cmds {
		switch cmd := cmd.(type) {
		case queues.Save:
			d.batch.Places = append(d.batch.Places, cmd.Place)
		case queues.Handover:
			d.batch.Places = append(d.batch.Places, cmd.Place)
		case queues.SaveAgent:
			d.batch.Agents = append(d.batch.Agents, cmd.Duty)
		case queues.Note:
			d.batch.Events = append(d.batch.Events, l.note(cmd))
		}
	}
	if d.stores() {
		l.at(StepPlaceDecided, d.batch.Places)
	}
	l.staged = append(l.staged, d)
	return d.cmds
}

func (d decided) stores() bool {
	return len(d.batch.Places)+len(d.batch.Agents)+len(d.batch.Events) > 0
}

// flush stores what was decided, in one commit, and acts.
func (l *line) flush() {
	for len(l.staged) > 0 {
		group := l.staged
		l.staged = nil
		var all decided
		for _, d := range group {
			all.batch.Places = append(all.batch.Places, d.batch.Places...)
			all.batch.Agents = append(all.batch.Agents, d.batch.Agents...)
			all.batch.Events = append(all.batch.Events, d.batch.Events...)
		}
		if all.stores() {
			if !l.c.store(all.batch) { // the line goes on although a disk is full
				return // but rings nobody when another linekeeper has the places
			}
			l.at(StepPlaceStored, all.batch.Places)
		}
		for _, d := range group {
			l.est.observe(d.batch.Events)
			l.tellOthers(d.batch.Events)
			for _, cmd := range d.cmds {
				l.perform(cmd)
			}
		}
	}
}

// at tells whoever watches that places of promises are at a step.
func (l *line) at(s Step, places []queues.Place) {
	for _, p := range places {
		l.c.at(s, p.CallbackID)
	}
}

// tellOthers shows entries about queues of another line to its estimator: a place
// that goes there.
func (l *line) tellOthers(events []store.Event) {
	for i, ev := range events {
		if to := l.c.lines[ev.Queue]; to != nil && to != l {
			to.est.observe(events[i : i+1])
		}
	}
}

func (l *line) note(n queues.Note) store.Event {
	text := func(key string) string { s, _ := n.Data[key].(string); return s }
	return store.Event{
		At: n.At, Type: n.Type, Place: n.PlaceID, Queue: text("queue"), Data: n.Data,
		Call: text("call"), Callback: text("callback"), Agent: text("agent"),
	}
}

func (l *line) perform(cmd queues.Command) {
	switch cmd := cmd.(type) {
	case queues.Save:
		if p := cmd.Place; p.State != queues.PlaceLeft {
			l.c.main.post(func() { l.c.queueOf[p.ID] = p.Queue })
		}
	case queues.Insert:
		l.insert(cmd)
	case queues.Ring:
		l.ring(cmd)
	case queues.Withdraw:
		l.withdraw(cmd.Channel)
	case queues.Wake:
		l.wakeAt(cmd.At)
	case queues.Update:
		l.holder(cmd.Place, func(k *call) {
			k.send(queuesUpdate(cmd))
		}, func(p *promises) { p.update(cmd) })
	case queues.Serve:
		l.c.met.served(cmd.Place)
		l.holder(cmd.Place, func(k *call) { k.served(cmd.Place, cmd.Channel, nil) }, func(p *promises) { p.served(cmd.Place, cmd.Channel) })
	case queues.Named:
		l.holder(cmd.Place, func(k *call) { k.box.post(func() { k.named(cmd.Place) }) }, func(p *promises) { p.named(cmd.Place) })
	case queues.Over:
		id := cmd.Place.ID
		l.c.main.post(func() { delete(l.c.queueOf, id) })
		l.holder(cmd.Place, func(k *call) { k.over(cmd.Place) }, func(p *promises) { p.over(cmd.Place) })
	case queues.Due:
		l.c.promises.due(cmd)
	case queues.Moved:
		l.moved(cmd.Place, cmd.From, cmd.Why)
	case queues.Handover:
		l.handOver(cmd)
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

// wakeAt plans a Tick.
func (l *line) wakeAt(at time.Time) {
	if l.wake != nil {
		l.wake.Stop()
		l.wake = nil
	}
	if !at.IsZero() {
		l.wake = time.AfterFunc(time.Until(at), func() { l.apply(queues.Tick{}) })
	}
}

// moved tells the holder of a place that it stands in another queue.
func (l *line) moved(p queues.Place, from, why string) {
	l.c.main.post(func() { l.c.queueOf[p.ID] = p.Queue })
	l.holder(p, func(k *call) { k.moved(p, from, why) }, func(s *promises) { s.moved(p, from, why) })
}

// handOver gives a place to the line that has its queue now.
func (l *line) handOver(cmd queues.Handover) {
	p := cmd.Place
	to := l.c.line(p.Queue)
	if to == nil { // the one who asked for it made sure that there is one
		l.c.log.Error("a place was moved to a queue that nobody has", zap.String("place", p.ID), zap.String("queue", p.Queue))
		return
	}
	l.moved(p, cmd.From, cmd.Why)
	to.apply(queues.Take{Place: p, Hold: p.CallbackID != "" && p.CallID == ""})
}
