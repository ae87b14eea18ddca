package controller

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// promises owns every open promise. Its engine is callback.Step; requests to the
// switch run one after another in a second mailbox.
type promises struct {
	c    *Controller
	box  *mailbox
	work *mailbox
	all  map[string]*promise // open ones, by id

	ledger callback.Ledger // who was dialled when
	flying map[string]int  // by queue: customers who are being called
}

// promise is one open promise and what belongs to it only while the daemon runs.
type promise struct {
	cb       callback.Callback
	agentLeg string // the placeholder's leg with an agent on it, "" for none
	agent    string // that agent's name, when known
	told     string // playback that the agent hears, "" for none
	timer    *time.Timer
}

func newPromises(c *Controller) *promises {
	return &promises{c: c, box: newMailbox(), work: newMailbox(), all: map[string]*promise{}, flying: map[string]int{}}
}

func (s *promises) start(ctx context.Context) {
	s.c.wg.Go(func() {
		s.box.run(ctx)
		for _, p := range s.all {
			p.stop()
		}
	})
	s.c.wg.Go(func() { s.work.run(ctx) })
}

func (p *promise) stop() {
	if p.timer != nil {
		p.timer.Stop()
	}
}

// send hands an event to a promise; a promise that is closed hears nothing.
func (s *promises) send(id string, ev callback.Event) {
	s.box.post(func() {
		if p := s.all[id]; p != nil {
			s.step(p, ev)
		}
	})
}

// step gives a promise an event. What cannot be stored is tried again.
func (s *promises) step(p *promise, ev callback.Event) {
	switch err := s.try(p, ev); {
	case err == nil:
	case errors.Is(err, callback.ErrTransition):
		s.c.log.Debug("a promise had no use for an event", zap.String("callback", p.cb.ID), zap.Error(err))
	default:
		// What is not on disk must not be dialled. The promise stays as it was, and
		// the same event is given to it again.
		s.c.log.Error("a promise could not be stored; nothing is dialled", zap.String("callback", p.cb.ID), zap.Error(err))
		id := p.cb.ID
		time.AfterFunc(storeRetry, func() { s.send(id, ev) })
	}
}

// try decides, stores, acts. It returns an error that wraps callback.ErrTransition
// when the event makes no sense, or that of the store; then nothing happened.
func (s *promises) try(p *promise, ev callback.Event) error {
	before := p.cb.State
	cb, cmds, err := callback.Step(p.cb, ev, s.policy(p.cb), time.Now())
	if err != nil {
		return err
	}
	m := momentOf(p.cb, cb, ev)
	s.c.at(m.decided, cb.ID)
	b := store.Batch{Callbacks: []callback.Callback{cb}}
	for _, cmd := range cmds {
		if n, ok := cmd.(callback.Note); ok {
			b.Events = append(b.Events, s.note(cb, n))
		}
	}
	if err := s.c.commit(b); err != nil {
		return err
	}
	s.c.at(m.stored, cb.ID)
	s.c.met.promiseStep(p.cb, cb)
	s.count(p.cb, cb)
	p.cb = cb
	for _, cmd := range cmds {
		s.perform(p, cmd)
	}
	if !cb.Open() && before != cb.State {
		p.stop()
		delete(s.all, cb.ID)
	}
	return nil
}

func (s *promises) note(cb callback.Callback, n callback.Note) store.Event {
	return store.Event{
		At: n.At, Type: n.Type, Call: cb.CallID, Place: cb.PlaceID, Callback: n.CallbackID,
		Queue: cb.Queue, Agent: cb.Agent, Data: n.Data,
	}
}

// askRequest is what a caller or an operator asks for.
type askRequest struct {
	callback.Request     // ID is made; an empty PlaceID asks for a new place
	Ahead            int // in line when it was asked for
}

type askReply struct {
	Callback callback.Callback
	Refusal  *callback.Refusal
	// NotBefore is that of the promise, by the customer's clock.
	NotBefore time.Time
}

// ask makes a promise and calls back with it or with the refusal. A promise
// that could not be stored is refused: nothing is promised that a restart forgets.
func (s *promises) ask(r askRequest, reply func(askReply)) {
	s.box.post(func() {
		answer := s.make(r)
		reply(answer)
		s.c.at(StepAskedTold, answer.Callback.ID)
	})
}

func (s *promises) make(r askRequest) askReply {
	now := time.Now()
	req := r.Request
	req.ID, req.Position = newID("b", now), r.Ahead+1
	if req.KeepPlace = req.PlaceID != ""; !req.KeepPlace {
		req.PlaceID, req.Position = newID("p", now), 0
	}
	open := make([]callback.Callback, 0, len(s.all))
	for _, p := range s.all {
		open = append(open, p.cb)
	}
	p := s.policy(callback.Callback{Number: r.Number, Queue: r.Queue, Hotline: r.Hotline})
	cb, refusal := callback.Ask(req, p, open, now)
	if refusal != nil {
		n := callback.RefusedNote(req, *refusal, now)
		_ = s.c.commit(store.Batch{Events: []store.Event{{
			At: n.At, Type: n.Type, Call: r.CallID, Callback: n.CallbackID, Queue: r.Queue, Data: n.Data,
		}}})
		return askReply{Refusal: refusal}
	}
	s.c.at(StepAskedDecided, cb.ID)
	b := store.Batch{
		Callbacks: []callback.Callback{cb},
		Events:    []store.Event{s.note(cb, callback.AskedNote(cb, req))},
	}
	if n, delayed := callback.DelayedNote(cb, p); delayed {
		b.Events = append(b.Events, s.note(cb, n))
	}
	if err := s.c.commit(b); err != nil {
		return askReply{Refusal: &callback.Refusal{
			Rule: "store", Message: "the promise could not be stored: " + err.Error(), Remedy: "see the daemon's log; free disk space or repair the database",
		}}
	}
	s.c.at(StepAskedStored, cb.ID)
	made := &promise{cb: cb}
	s.all[cb.ID] = made
	s.c.met.promiseStep(callback.Callback{}, cb)
	switch l := s.c.line(cb.Queue); {
	case req.KeepPlace:
		l.apply(queues.Convert{PlaceID: cb.PlaceID, CallbackID: cb.ID})
	case cb.Placed:
		l.apply(queues.Take{Place: placeOf(cb), Hold: true})
	}
	s.hold(made, p)
	s.c.at(StepAskedHanded, cb.ID)
	reply := askReply{Callback: cb}
	if !cb.NotBefore.IsZero() && cb.DelayedBy != callback.RulePaused { // nobody knows when a pause ends
		reply.NotBefore = cb.NotBefore.In(p.Clock(cb.Callee()))
	}
	return reply
}

// placeOf is the place that a promise holds, as a line takes it.
func placeOf(cb callback.Callback) queues.Place {
	return queues.Place{
		ID: cb.PlaceID, Queue: cb.Queue, CallbackID: cb.ID, Number: cb.Number, Name: cb.Name,
		Priority: cb.Priority, TakenAt: cb.PlaceAt,
	}
}

func (s *promises) perform(p *promise, cmd callback.Command) {
	cb, l := p.cb, s.c.line(p.cb.Queue)
	switch cmd := cmd.(type) {
	case callback.Dial:
		s.dial(cb, cmd)
	case callback.Greet:
		s.greet(p, cmd.Channel)
	case callback.HangUpCustomer:
		s.letCustomerGo(cmd)
	case callback.TakePlace:
		l.apply(queues.Take{Place: placeOf(cb), Hold: true})
	case callback.EnterPlace:
		s.attach(p, l)
		l.apply(queues.Enter{PlaceID: cb.PlaceID})
	case callback.RestPlace:
		l.ifHeld(cb.PlaceID, "", cb.ID, queues.Rest{PlaceID: cb.PlaceID})
	case callback.LeavePlace:
		l.ifHeld(cb.PlaceID, "", cb.ID, queues.Leave{PlaceID: cb.PlaceID, Reason: queues.LeaveReason(cmd.Reason)})
	case callback.TellAgent:
		s.tellAgent(p, l)
	case callback.ReleaseAgent:
		s.c.farewell(p) // RestPlace or LeavePlace follows
		p.agentGone()
	case callback.ConnectAgent:
		s.connectAgent(p, l)
	case callback.Wake:
		p.wake(s, cmd.At)
	case callback.Note: // in the journal already
	}
}

// agentGone forgets the agent who was on the placeholder.
func (p *promise) agentGone() { p.agentLeg, p.agent, p.told = "", "", "" }

func (p *promise) wake(s *promises, at time.Time) {
	p.stop()
	id := p.cb.ID
	p.timer = time.AfterFunc(time.Until(at), func() { s.send(id, callback.Tick{}) })
}
