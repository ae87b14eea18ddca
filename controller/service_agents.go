package controller

import (
	"context"
	"errors"
	"fmt"

	"github.com/linekeeper/linekeeper/queues"
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
			return a, &DeniedError{Message: fmt.Sprintf(
				"agent %q is the switch's (engine: asterisk): it logs in, pauses and goes on there, by phone or with `asterisk -rx 'queue pause member %s'`", o.Agent, a.ID)}
		}
	}
	return queues.Agent{}, fmt.Errorf("agent %q: %w", o.Agent, ErrUnknownAgent)
}

// Escalate takes a caller from the agent to another queue; queue "" means where
// the rules of the present queue escalate to. The caller keeps the context, the
// recording and the time of the place. It returns store.ErrNotFound for a call
// that is not known, an error that wraps ErrUnknownQueue, and *DeniedError if the
// call talks with nobody, nothing says where to, or the switch has the queue
// (engine asterisk).
func (c *Controller) Escalate(ctx context.Context, call, queue, by string) error {
	rec, err := c.Call(ctx, call)
	if err != nil {
		return err
	}
	if queue != "" && c.lines[queue] == nil {
		return fmt.Errorf("queue %q: %w", queue, ErrUnknownQueue)
	}
	if rec.Ended() {
		return &DeniedError{Message: fmt.Sprintf("call %s has ended", call)}
	}
	return &DeniedError{Message: fmt.Sprintf("queue %q is the switch's (engine: asterisk): its agents transfer a call with their phones", rec.Queue)}
}

// MovePlace puts who waits into another queue and shows the place as it is then.
// With keep it stands there by the time at which it was taken, otherwise behind
// all of its priority. It returns store.ErrNotFound for a place that is not open,
// an error that wraps ErrUnknownQueue, and *DeniedError if it cannot be moved.
func (c *Controller) MovePlace(ctx context.Context, place, queue string, keep bool, by string) (queues.Place, error) {
	if c.lines[queue] == nil {
		return queues.Place{}, fmt.Errorf("queue %q: %w", queue, ErrUnknownQueue)
	}
	views, err := c.Queues(ctx)
	if err != nil {
		return queues.Place{}, err
	}
	for _, v := range views {
		for _, p := range v.Places {
			if p.ID == place {
				return p.Place, &DeniedError{Message: fmt.Sprintf("queue %q is the switch's (engine: asterisk): who waits there cannot be moved", v.Queue)}
			}
		}
	}
	return queues.Place{}, fmt.Errorf("place %q: %w", place, store.ErrNotFound)
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
