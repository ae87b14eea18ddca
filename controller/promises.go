package controller

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// promises owns every promise. Its engine is callback.Step. It decides many steps,
// stores them in one commit, and acts after it (promises_commit.go). Promises that
// sleep stay on disk until shortly before they wake (promises_sleep.go). Requests
// to the switch run in workers, those about one promise always in the same one.
type promises struct {
	c      *Controller
	box    *mailbox
	work   []*mailbox
	all    map[string]*promise // whose place is held, that wake soon, or that were just spoken to; by id
	closed recent              // ids of those that were closed a short while ago

	staged []*change         // decided, not on disk yet
	clock  schedule          // when each is to be looked at again
	timer  *time.Timer       // for the soonest of these
	looked time.Time         // when that was last done
	asleep map[string]asleep // by queue
	awake  map[string]int    // by queue: how many are in all
	most   int               // are awake at once
	share  int               // steps that share a commit at most
	ready  bool              // they have been compared with the switch

	ledger callback.Ledger // who was dialled when
	flying flying
	pauses map[string]callback.Pause // by queue: those that are on
}

// promise is one open promise and what belongs to it only while the daemon runs.
type promise struct {
	cb       callback.Callback
	agentLeg string   // the placeholder's leg with an agent on it, "" for none
	agent    string   // that agent's name, when known
	told     []string // playbacks that the agent hears
	says     int      // how many there were
	shown    string   // the leg with the agent who was asked what to do, "" for none
	ear      ear
	bridging bool // the customer's call was asked to bridge the two, and has not told of it
	unsure   bool // what the switch shows of it is to be looked at again

	queue   string   // for which it is counted
	busy    bool     // a step is being stored: what comes meanwhile waits in later
	later   []errand //
	pausing bool     // NotBefore ends a pause: so much time is to pass, whatever the clocks say
	alarm   alarm    // when it is to be looked at again
}

// errand is something to be done with a promise; none is done instead when there
// is no such open promise (err nil) or when it could not be read.
type errand struct {
	task func(p *promise)
	none func(err error)
}

// dialWorkers is how many requests to the switch about promises are under way at once.
const dialWorkers = 16

func newPromises(c *Controller) *promises {
	s := &promises{
		c: c, box: newMailbox(), all: map[string]*promise{}, flying: flying{map[string]int{}, map[string]int{}},
		pauses: map[string]callback.Pause{}, asleep: map[string]asleep{}, awake: map[string]int{}, most: mostAwake, share: mostStaged, clock: newSchedule(c.opts.Clock),
	}
	for range dialWorkers {
		s.work = append(s.work, newMailbox())
	}
	s.box.between = s.between
	return s
}

func (s *promises) start(ctx context.Context) {
	s.c.wg.Go(func() {
		s.box.post(s.look)
		s.box.run(ctx)
		if s.timer != nil {
			s.timer.Stop()
		}
	})
	for _, w := range s.work {
		s.c.wg.Go(func() { w.run(ctx) })
	}
}

// now is the time of the clock on the wall, which may be put forward or back.
func (s *promises) now() time.Time { return s.clock.now() }

// send hands an event to a promise; a promise that is closed hears nothing.
func (s *promises) send(id string, ev callback.Event) {
	s.on(id, func(p *promise) { s.step(p, ev) }, nil)
}

// on runs a task with a promise, once what was decided before about it is on disk.
// One that sleeps is read from disk. none, which may be nil, is called when it is
// closed or unknown; where it is nil, a promise that cannot be read is tried again.
func (s *promises) on(id string, task func(p *promise), none func(err error)) {
	s.box.post(func() { s.with(id, errand{task, none}) })
}

// with is on within the mailbox.
func (s *promises) with(id string, e errand) {
	p, err := s.find(id)
	switch {
	case err != nil && e.none == nil:
		s.c.log.Error("a promise could not be read; what happened to it is told again", zap.String("callback", id), zap.Error(err))
		time.AfterFunc(storeRetry, func() { s.on(id, e.task, e.none) })
	case p == nil:
		if e.none != nil {
			e.none(err)
		}
	case p.busy:
		p.later = append(p.later, e)
	default:
		e.task(p)
		if !p.busy {
			s.settleDown(p)
		}
	}
}

// step decides, stores, acts. It returns when the step is decided; see stepThen.
func (s *promises) step(p *promise, ev callback.Event) { s.stepThen(p, ev, nil) }

// stepThen is step, and goes on with then, which may be nil, when what the step asks
// for was done. A step that cannot be stored is decided anew after storeRetry, until
// it can. What is not on disk is not acted upon.
func (s *promises) stepThen(p *promise, ev callback.Event, then func()) {
	if p.busy {
		p.later = append(p.later, errand{task: func(p *promise) { s.stepThen(p, ev, then) }})
		return
	}
	if err := s.decide(p, ev, s.now(), then, nil); err != nil {
		s.c.log.Debug("a promise had no use for an event", zap.String("callback", p.cb.ID), zap.Error(err))
	}
}

// decide gives an event to the engine and stages the change. reply, when there is
// one, hears that it is on disk or why it is not, and then it is not tried again.
func (s *promises) decide(p *promise, ev callback.Event, now time.Time, then func(), reply func(error)) error {
	cb, cmds, err := callback.Step(p.cb, ev, s.policy(p.cb), now)
	if err != nil {
		return err
	}
	if n := len(cb.Attempts); n > len(p.cb.Attempts) {
		cb.Attempts[n-1].Epoch = s.c.opts.Store.Epoch()
	}
	if cb.State != p.cb.State {
		p.unsure = false // something was heard of it
	}
	m := momentOf(p.cb, cb, ev)
	s.c.at(m.decided, cb.ID)
	b := store.Batch{Callbacks: []callback.Callback{cb}}
	for _, cmd := range cmds {
		if n, ok := cmd.(callback.Note); ok {
			b.Events = append(b.Events, s.note(cb, n))
		}
	}
	s.stage(&change{p: p, before: p.cb, ev: ev, at: m.stored, batch: b, cmds: cmds, then: then, reply: reply}, cb)
	return nil
}

func (s *promises) note(cb callback.Callback, n callback.Note) store.Event {
	return store.Event{
		At: n.At, Type: n.Type, Call: cb.CallID, Place: cb.PlaceID, Callback: n.CallbackID,
		Queue: cb.Queue, Agent: cb.Agent, Data: n.Data,
	}
}

// order gives an event to a promise by somebody's word, and returns when that is on
// disk. closed says that the promise was over already. An error of callback.Step
// says that the event makes no sense now. It blocks; never call it in a mailbox.
func (s *promises) order(ctx context.Context, id string, ev callback.Event) (closed bool, err error) {
	type answer struct {
		closed bool
		err    error
	}
	told := make(chan answer, 1)
	task := func(p *promise) {
		err := s.decide(p, ev, s.now(), nil, func(err error) { told <- answer{err: err} })
		if err != nil {
			told <- answer{err: err}
		}
	}
	if !s.box.post(func() { s.with(id, errand{task, func(err error) { told <- answer{err == nil, err} }}) }) {
		return false, ErrStopped
	}
	select {
	case a := <-told:
		return a.closed, a.err
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// placeOf is the place that a promise holds, as a line takes it.
func placeOf(cb callback.Callback) queues.Place {
	return queues.Place{
		ID: cb.PlaceID, Queue: cb.Queue, CallbackID: cb.ID, Number: cb.Number, Name: cb.Name,
		Priority: cb.Priority, TakenAt: cb.PlaceAt, Display: displayOf(cb),
	}
}

func (s *promises) perform(p *promise, cmd callback.Command) {
	cb, l := p.cb, s.c.line(p.cb.Queue)
	if l == nil { // no longer configured: nobody waits there, and nobody is dialled for it
		return
	}
	switch cmd := cmd.(type) {
	case callback.Dial:
		s.dial(cb, cmd)
	case callback.Greet:
		s.greet(p, cmd)
	case callback.LeaveMessage:
		s.leaveMessage(p)
	case callback.HangUpCustomer:
		s.letCustomerGo(cmd)
	case callback.TakePlace:
		l.apply(queues.Take{Place: placeOf(cb), Hold: true})
	case callback.EnterPlace:
		s.attach(p, l)
		l.apply(queues.Enter{PlaceID: cb.PlaceID, Alone: cb.State == callback.Waiting})
	case callback.RestPlace:
		l.ifHeld(cb.PlaceID, "", cb.ID, queues.Rest{PlaceID: cb.PlaceID})
	case callback.LeavePlace:
		l.ifHeld(cmd.PlaceID, "", cb.ID, queues.Leave{PlaceID: cmd.PlaceID, Reason: queues.LeaveReason(cmd.Reason)})
	case callback.TellAgent:
		s.tellAgent(p, l)
	case callback.Preview:
		s.preview(p, l)
	case callback.ReleaseAgent:
		s.c.farewell(p) // RestPlace or LeavePlace follows
		p.agentGone()
	case callback.ConnectAgent:
		s.connectAgent(p, l)
	case callback.LookAgain:
		p.unsure = true
		s.c.lookAgain()
	case callback.Wake:
		s.wake(p, cmd.At)
	case callback.Note: // in the journal already
	}
}

// agentGone forgets the agent who was on the placeholder.
func (p *promise) agentGone() {
	p.agentLeg, p.agent, p.told, p.shown, p.bridging = "", "", nil, "", false
}
