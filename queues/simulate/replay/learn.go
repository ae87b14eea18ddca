// Package replay turns the journal of a real day into a plan that plays it again:
// the same callers at the same times, agents on duty when they were, and laws that
// are learned from the day for what it does not show. It is pure.
package replay

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/journal"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/queues/simulate"
)

// Options say which day it is.
type Options struct {
	From, To time.Time
	Target   time.Duration // of the service level
	Slots    int           // parts of the day's course
	Queue    string        // measure only its callers; "" for all
	// Rules are those by which the queues are to be served; agents that they do not
	// name keep the skills that the journal shows. nil: as the journal shows.
	Rules *acd.Rules
}

// Day is what was learned.
type Day struct {
	Plan     *simulate.Plan
	Measured simulate.Report
	Assumed  []string // what the journal does not show, in words
	hours    map[string]time.Duration
}

// ErrNoCallers says that nobody took a place on that day.
var ErrNoCallers = errors.New("the journal has no callers in that time")

// Learn reads the journal, in its order. Entries before the day tell who was on
// duty when it began, and entries after it what became of its last callers.
func Learn(entries []journal.Entry, o Options) (*Day, error) {
	l := &learner{
		o: o, spots: map[string]*spot{}, staff: map[string]*agent{}, habits: map[string]*habits{}, rings: map[string]time.Time{},
		shown: map[string]acd.Queue{},
	}
	meter := simulate.NewMeter(simulate.Window{From: o.From, To: o.To, Target: o.Target, Slots: o.Slots, Queue: o.Queue})
	for _, e := range entries {
		meter.Add(e)
		l.add(e)
	}
	if len(l.order) == 0 {
		return nil, fmt.Errorf("%w (%s to %s)", ErrNoCallers, o.From.Format(time.DateTime), o.To.Format(time.DateTime))
	}
	d := &Day{Measured: meter.Report(), hours: map[string]time.Duration{}}
	p := &simulate.Plan{
		Start: o.From, Length: o.To.Sub(o.From), Overtime: 2 * time.Hour, Estimates: 5 * time.Second,
		Habits: map[string]simulate.Habits{},
	}
	d.Plan = p
	l.callers(d)
	l.rules(d)
	l.duties(d)
	if len(p.Staff) == 0 {
		return nil, errors.New("the journal shows no agent on duty in that time: it needs entries agent.state, also from before the day")
	}
	return d, p.Check()
}

// learner collects what the journal shows.
type learner struct {
	o      Options
	spots  map[string]*spot
	order  []*spot
	staff  map[string]*agent
	habits map[string]*habits // by queue
	phones phones
	rings  map[string]time.Time // offers under way, by channel
	shown  map[string]acd.Queue // rules as the journal shows them
}

// spot is a live caller's place.
type spot struct {
	simulate.Known
	taken   time.Time
	settled bool
}

// habits are what callers of one queue did.
type habits struct {
	talks, wraps simulate.Empirical
	waits        []simulate.Wait // until the caller hung up
	chosen       []simulate.Wait // until it chose to be called back
	promises     int
}

func (l *learner) of(queue string) *habits {
	h := l.habits[queue]
	if h == nil {
		h = &habits{}
		l.habits[queue] = h
	}
	return h
}

func (l *learner) add(e journal.Entry) {
	switch e.Type {
	case "place.taken":
		l.taken(e)
	case "place.served", "place.converted", "place.left":
		if s := l.spots[e.Place]; s != nil {
			l.wentOn(s, e)
		}
	case "agent.state":
		l.state(e)
	case "agent.opened":
		l.opened(e)
	case "queue.opened":
		l.queueOpened(e)
	case "offer.made":
		l.rings[e.Text("channel")] = e.At
	case "offer.ended":
		l.offerEnded(e)
	default:
		l.phones.add(e)
	}
}

func (l *learner) taken(e journal.Entry) {
	at := e.At
	if taken, ok := e.Moment("taken_at"); ok {
		at = taken
	}
	if e.Callback != "" || l.spots[e.Place] != nil || at.Before(l.o.From) || !at.Before(l.o.To) {
		return
	}
	priority, _ := e.Number("priority")
	s := &spot{taken: at, Known: simulate.Known{
		At: at.Sub(l.o.From), Queue: e.Queue, Priority: int(priority), Skills: simulate.Skills(e, "skills"), End: simulate.EndOther,
	}}
	l.spots[e.Place] = s
	l.order = append(l.order, s)
	l.of(e.Queue)
}

// wentOn learns how the wait ended, and how long the talk lasted.
func (l *learner) wentOn(s *spot, e journal.Entry) {
	talked, _ := e.Number("talked_s")
	if s.settled {
		if e.Type == "place.left" && s.End == simulate.EndServed && talked > 0 {
			s.Talked = talked
			l.of(s.Queue).talks = append(l.of(s.Queue).talks, talked)
		}
		return
	}
	s.settled, s.Waited = true, max(0, e.At.Sub(s.taken).Seconds())
	switch {
	case e.Type == "place.served":
		s.End = simulate.EndServed
	case e.Type == "place.converted":
		s.End = simulate.EndPromised
	case e.Text("reason") == string(queues.LeftAbandoned):
		s.End = simulate.EndHungUp
	}
	h := l.of(s.Queue)
	h.waits = append(h.waits, simulate.Wait{Seconds: s.Waited, Ended: s.End == simulate.EndHungUp})
	h.chosen = append(h.chosen, simulate.Wait{Seconds: s.Waited, Ended: s.End == simulate.EndPromised})
	if s.End == simulate.EndPromised {
		h.promises++
	}
}

// usualTalk is taken where no talk was seen, in seconds.
const usualTalk = 180.0

// callers gives the plan its callers and their laws.
func (l *learner) callers(d *Day) {
	for _, s := range l.order {
		d.Plan.Known = append(d.Plan.Known, s.Known)
	}
	slices.SortStableFunc(d.Plan.Known, func(a, b simulate.Known) int { return cmp.Compare(a.At, b.At) })
	offer := l.phones.offer()
	var all habits
	for _, h := range l.habits {
		all.talks = append(all.talks, h.talks...)
	}
	slices.Sort(all.talks)
	for _, q := range slices.Sorted(maps.Keys(l.habits)) {
		h := l.habits[q]
		known := simulate.Habits{Talk: h.talks, Patience: simulate.NewSurvival(h.waits), Offer: offer}
		switch {
		case len(h.talks) > 0:
		case len(all.talks) > 0:
			known.Talk = all.talks
			d.assume("queue %s: no talk was seen; those of the other queues are taken", q)
		default:
			known.Talk = simulate.Exponential(usualTalk)
			d.assume("queue %s: no talk was seen; 3 minutes are taken", q)
		}
		if h.promises > 0 {
			known.Promise = simulate.NewSurvival(h.chosen).Ending()
		}
		if len(h.wraps) > 0 {
			known.WrapUp = h.wraps
		}
		d.Plan.Habits[q] = known
	}
}

func (d *Day) assume(format string, args ...any) {
	d.Assumed = append(d.Assumed, fmt.Sprintf(format, args...))
}
