package controller

import (
	"context"
	"hash/fnv"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/forecast"
	"github.com/linekeeper/linekeeper/store"
)

// When estimates are made.
const (
	estimateSoon  = 20 * time.Millisecond // after somebody came or went
	estimateEvery = time.Second           // and as long as somebody waits
	estimateShare = 20                    // the time between two is at least so many times what one takes
)

// What estimators remember of the journal at start.
const (
	memoryDays = 7
	memoryMost = 200_000 // entries
	memoryPage = 5_000
)

// estimator follows the queues of a line in the journal and makes estimates
// beside its engine, so that they delay no decision.
type estimator struct {
	l       *line
	box     *mailbox
	live    map[string]*forecast.Live // by queue
	pace    map[string]*callback.Pace // likewise: how long calls to customers take
	last    time.Time                 // when the last estimates were made
	took    time.Duration             // what they cost
	planned bool
	waiting bool // somebody did at the last
}

func newEstimator(l *line, settings map[string]queues.Settings) *estimator {
	e := &estimator{l: l, box: newMailbox(), live: map[string]*forecast.Live{}, pace: map[string]*callback.Pace{}}
	for name, s := range settings {
		seed := fnv.New64a()
		_, _ = seed.Write([]byte(name)) // never fails: package hash says so
		e.live[name] = forecast.NewLive(name, seed.Sum64())
		e.live[name].Presume(s.PriorHandleTime, s.PriorPatience)
		e.pace[name] = callback.NewPace(s.WithDefaults().DialLead)
	}
	return e
}

func (e *estimator) start(ctx context.Context) {
	e.box.post(func() { e.remember(ctx) })
	e.l.c.wg.Go(func() { e.box.run(ctx) })
}

// remember reads what the journal of the last days tells about the queues.
func (e *estimator) remember(ctx context.Context) {
	filter := store.EventFilter{Since: time.Now().AddDate(0, 0, -memoryDays), Newest: memoryMost, Limit: memoryPage}
	if e.l.own == nil {
		filter.Queue = e.l.queues[0] // agents of an own distribution are not of one queue
	}
	for range memoryMost / memoryPage {
		page, err := e.l.c.opts.Store.Events(ctx, filter)
		if err != nil {
			if ctx.Err() == nil {
				e.l.c.log.Warn("estimates begin without history", zap.Strings("queues", e.l.queues), zap.Error(err))
			}
			return
		}
		e.take(page)
		if len(page) < memoryPage {
			return
		}
		filter.AfterSeq = page[len(page)-1].Seq
	}
}

// take shows entries to all queues: each picks what is about it and its agents.
func (e *estimator) take(events []store.Event) {
	for _, ev := range events {
		for _, live := range e.live {
			live.Observe(ev)
		}
		if pace := e.pace[ev.Queue]; pace != nil {
			pace.Observe(ev)
		}
	}
}

// observe follows what was just written to the journal.
func (e *estimator) observe(events []store.Event) {
	if len(events) == 0 {
		return
	}
	e.box.post(func() {
		e.take(events)
		e.plan(estimateSoon)
	})
}

// reset takes the engine's word for how a queue stands, after a gap.
func (e *estimator) reset(v queues.View) {
	e.box.post(func() {
		places := make([]queues.Place, 0, len(v.Places))
		for _, p := range v.Places {
			places = append(places, p.Place)
		}
		e.live[v.Queue].Reset(v.Agents, places, v.At)
		e.plan(estimateSoon)
	})
}

// tick renews estimates while somebody waits: time alone changes them.
func (e *estimator) tick() {
	e.box.post(func() {
		if e.waiting && time.Since(e.last) >= estimateEvery {
			e.plan(0)
		}
	})
}

// plan makes estimates after a while; what changes until then is in them.
func (e *estimator) plan(soon time.Duration) {
	if e.planned {
		return
	}
	e.planned = true
	gap := estimateShare*e.took - time.Since(e.last)
	time.AfterFunc(max(soon, gap), func() { e.box.post(e.estimate) })
}

func (e *estimator) estimate() {
	e.planned, e.waiting = false, false
	begin := time.Now()
	for name, live := range e.live {
		joining, places := live.Estimates(begin)
		e.waiting = e.waiting || len(places) > 0
		ev := queues.Estimated{Queue: name, Joining: joining, Places: places, Lead: e.pace[name].Lead()}
		if len(places) > 0 {
			ev.Freeing = live.Freeing(ev.Lead, begin)
		}
		if alone, helped := live.Alone(begin); helped {
			ev.Alone = &alone
		}
		e.l.apply(ev)
	}
	e.last = time.Now()
	e.took = e.last.Sub(begin)
}
