package controller

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/store"
)

// What operators and supervisors ask of the daemon about agents and about who
// stands where. Every method is safe for concurrent use and blocks until the
// owner of what is asked for has answered or ctx ends.

// ErrUnknownAgent says that no queue has an agent of that id or name.
var ErrUnknownAgent = errors.New("no such agent")

// DeniedError is an order that cannot be carried out as things stand. Message is
// for people: what is in the way, and what to do instead.
type DeniedError struct {
	Message string
	Already bool // it is so already, so nothing is left to do
}

func (e *DeniedError) Error() string { return e.Message }

// AgentAction is what an agent can be told to do.
type AgentAction string

// The actions of an AgentOrder. Each may be asked for again without harm.
const (
	AgentLogin   AgentAction = "login"   // go on duty
	AgentLogout  AgentAction = "logout"  // go off duty; a call that goes on is not ended
	AgentPause   AgentAction = "pause"   // take no calls until unpaused, or until the allowance of the reason is used up
	AgentUnpause AgentAction = "unpause" // end a pause
	AgentReady   AgentAction = "ready"   // end the wrap-up
)

// AgentOrder is what somebody asks of an agent.
type AgentOrder struct {
	Agent  string // id or name
	Do     AgentAction
	Reason string // of a pause, may be ""
	By     string // who asks, for the journal: "operator", or the agent itself
}

// OrderAgent carries out an order and shows the agent as it is then. It returns
// an error that wraps ErrUnknownAgent if nobody is called so, and *DeniedError,
// with the agent, if the switch has it (engine asterisk) or things stand against
// the order.
func (c *Controller) OrderAgent(ctx context.Context, o AgentOrder) (queues.Agent, error) {
	agents, err := c.Agents(ctx)
	if err != nil {
		return queues.Agent{}, err
	}
	for _, a := range agents {
		if a.ID == o.Agent || a.Name == o.Agent {
			return c.order(ctx, a, o)
		}
	}
	return queues.Agent{}, fmt.Errorf("agent %q: %w", o.Agent, ErrUnknownAgent)
}

// order carries out an order about an agent that is known.
func (c *Controller) order(ctx context.Context, a queues.Agent, o AgentOrder) (queues.Agent, error) {
	ev := o.event(a.ID)
	if ev == nil {
		return a, fmt.Errorf("agent %q: %q is none of login, logout, pause, unpause, ready", o.Agent, o.Do)
	}
	for _, l := range c.all {
		if !l.agents[a.ID] {
			continue
		}
		var refusal error
		after, err := ask(ctx, l.box, func() queues.Agent {
			if refusal = l.own.Allowed(ev, time.Now()); refusal == nil {
				l.step(ev)
				l.flush() // who gave the order hears of it when it stands on disk
			}
			now, _ := l.own.Agent(a.ID)
			return now
		})
		if err != nil || refusal == nil {
			return after, err
		}
		denied := &DeniedError{Message: refusal.Error()}
		var r *acd.Refusal
		if errors.As(refusal, &r) {
			denied.Already = r.Already
		}
		return after, denied
	}
	return a, &DeniedError{Message: fmt.Sprintf(
		"agent %q is the switch's (engine: asterisk): it logs in, pauses and goes on there, by phone or with `asterisk -rx 'queue pause member %s'`", o.Agent, a.ID)}
}

func (o AgentOrder) event(id string) queues.Event {
	switch o.Do {
	case AgentLogin:
		return queues.LogIn{Agent: id, By: o.By}
	case AgentLogout:
		return queues.LogOut{Agent: id, By: o.By}
	case AgentPause:
		return queues.Pause{Agent: id, Reason: o.Reason, By: o.By}
	case AgentUnpause:
		return queues.Unpause{Agent: id, By: o.By}
	case AgentReady:
		return queues.Ready{Agent: id, By: o.By}
	}
	return nil
}

// Escalate takes a caller from the agent to another queue; queue "" means where
// the rules of the present queue escalate to. The caller keeps the context, the
// recording and the time of the place. It returns store.ErrNotFound for a call
// that is not known, an error that wraps ErrUnknownQueue, and *DeniedError if the
// call talks with nobody, nothing says where to, or nobody is on duty there.
func (c *Controller) Escalate(ctx context.Context, call, queue, by string) error {
	rec, err := c.Call(ctx, call)
	if err != nil {
		return err
	}
	if queue == "" {
		queue = c.opts.Conversations[rec.Queue].EscalateTo
	}
	switch {
	case rec.Ended():
		return &DeniedError{Message: fmt.Sprintf("call %s has ended", call)}
	case rec.AgentLeg == "":
		return &DeniedError{Message: fmt.Sprintf("call %s talks with no agent; a caller who waits is moved with `linekeeper queue move`", call)}
	case queue == "":
		return &DeniedError{Message: fmt.Sprintf("queue %q has no queue to escalate to: name one, or set queues.%s.escalate.to", rec.Queue, rec.Queue)}
	case c.lines[queue] == nil:
		return fmt.Errorf("queue %q: %w", queue, ErrUnknownQueue)
	}
	if err := c.staffed(ctx, queue); err != nil {
		return err
	}
	_, err = c.move(ctx, queues.Move{PlaceID: rec.PlaceID, Queue: queue, Keep: true, Why: whyEscalated, By: by})
	return err
}

// MovePlace puts who waits into another queue and shows the place as it is then.
// With keep it stands there by the time at which it was taken, otherwise behind
// all of its priority. It returns store.ErrNotFound for a place that is not open,
// an error that wraps ErrUnknownQueue, and *DeniedError if it cannot be moved.
func (c *Controller) MovePlace(ctx context.Context, place, queue string, keep bool, by string) (queues.Place, error) {
	if c.lines[queue] == nil {
		return queues.Place{}, fmt.Errorf("queue %q: %w", queue, ErrUnknownQueue)
	}
	return c.move(ctx, queues.Move{PlaceID: place, Queue: queue, Keep: keep, Why: whyOrder, By: by})
}

// whyOrder is the Why of a Move that somebody asked for.
const whyOrder = "order"

// move finds the line that has a place and moves it from there.
func (c *Controller) move(ctx context.Context, ev queues.Move) (queues.Place, error) {
	l, err := ask(ctx, c.main, func() *line { return c.lines[c.queueOf[ev.PlaceID]] })
	if err != nil {
		return queues.Place{}, err
	}
	if l == nil {
		return queues.Place{}, fmt.Errorf("place %q: %w", ev.PlaceID, store.ErrNotFound)
	}
	var moveErr error
	after, err := ask(ctx, l.box, func() queues.Place {
		p, ok := l.q.Place(ev.PlaceID)
		switch {
		case !ok:
			moveErr = fmt.Errorf("place %q: %w", ev.PlaceID, store.ErrNotFound)
		case p.State == queues.PlaceServed && ev.Why != whyEscalated:
			moveErr = &DeniedError{Message: fmt.Sprintf("place %s is being served; `linekeeper call escalate %s` sends the caller on", p.ID, p.CallID)}
		case p.State != queues.PlaceServed && ev.Why == whyEscalated:
			moveErr = &DeniedError{Message: fmt.Sprintf("nobody talks with the caller of place %s; `linekeeper queue move` moves who waits", p.ID)}
		case p.Queue == ev.Queue && ev.Why != whyEscalated:
			moveErr = &DeniedError{Message: fmt.Sprintf("place %s is in queue %q already", p.ID, p.Queue)}
		default:
			for _, cmd := range l.step(ev) {
				switch cmd := cmd.(type) {
				case queues.Moved:
					p = cmd.Place
				case queues.Handover:
					p = cmd.Place
				}
			}
			l.flush()
		}
		return p
	})
	if err != nil {
		return queues.Place{}, err
	}
	return after, moveErr
}

// Agents shows every agent once, those of the first queue first: an agent of
// several of the switch's queues (engine asterisk) as the first of them has it.
func (c *Controller) Agents(ctx context.Context) ([]queues.Agent, error) {
	views, err := c.Queues(ctx)
	if err != nil {
		return nil, err
	}
	var agents []queues.Agent
	seen := map[string]bool{}
	for _, v := range views {
		for _, a := range v.Agents {
			if !seen[a.ID] {
				seen[a.ID], agents = true, append(agents, a)
			}
		}
	}
	return agents, nil
}
