package acd

import (
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// Refusal says in plain words why an order is not carried out, and what to do.
type Refusal struct {
	Message string
	Remedy  string
	Already bool // it is so already, so nothing is left to do
}

// Error gives message and remedy in one line.
func (r *Refusal) Error() string {
	if r.Remedy == "" {
		return r.Message
	}
	return r.Message + "; " + r.Remedy
}

// Allowed says why an operator's order (LogIn, LogOut, Pause, Unpause, Ready,
// Move) would not be carried out now, as a *Refusal; nil when it would. Of a Move
// into a queue that is not of the group it only says whether the place may leave.
func (g *Group) Allowed(ev queues.Event, now time.Time) error {
	var r *Refusal
	switch ev := ev.(type) {
	case queues.LogIn:
		r = g.order(ev.Agent, (*agent).mayLogIn)
	case queues.LogOut:
		r = g.order(ev.Agent, (*agent).mayLogOut)
	case queues.Pause:
		r = g.order(ev.Agent, func(a *agent) *Refusal { return g.mayPause(a, ev.Reason, now) })
	case queues.Unpause:
		r = g.order(ev.Agent, (*agent).mayUnpause)
	case queues.Ready:
		r = g.order(ev.Agent, g.mayBeReady)
	case queues.Move:
		r = g.mayMove(ev)
	}
	if r == nil { // or a nil *Refusal would be an error
		return nil
	}
	return r
}

func (g *Group) order(id string, may func(*agent) *Refusal) *Refusal {
	a := g.ids[id]
	if a == nil {
		return &Refusal{Message: fmt.Sprintf("there is no agent %q", id), Remedy: "see the agents in the configuration"}
	}
	return may(a)
}

func (a *agent) mayLogIn() *Refusal {
	if a.duty.On {
		return &Refusal{Message: a.rule.ID + " is logged in already", Already: true}
	}
	return nil
}

func (a *agent) mayLogOut() *Refusal {
	if !a.duty.On {
		return &Refusal{Message: a.rule.ID + " is logged out already", Already: true}
	}
	return nil
}

func (a *agent) mustBeOn() *Refusal {
	if !a.duty.On {
		return &Refusal{Message: a.rule.ID + " is logged out", Remedy: "log in first"}
	}
	return nil
}

func (g *Group) mayPause(a *agent, reason string, now time.Time) *Refusal {
	if r := a.mustBeOn(); r != nil {
		return r
	}
	if a.duty.Paused && a.duty.Reason == reason {
		return &Refusal{Message: a.rule.ID + " is paused already", Already: true}
	}
	if left, limited := g.allowance(a, reason); limited && left <= 0 {
		return &Refusal{
			Message: fmt.Sprintf("%s has used up the %v for pauses with reason %s", a.rule.ID, g.rules.Reasons[reason], reason),
			Remedy:  "pause with another reason; the allowance begins anew at the next log-in",
		}
	}
	return nil
}

func (a *agent) mayUnpause() *Refusal {
	if r := a.mustBeOn(); r != nil {
		return r
	}
	if !a.duty.Paused {
		return &Refusal{Message: a.rule.ID + " is not paused", Already: true}
	}
	return nil
}

func (g *Group) mayBeReady(a *agent) *Refusal {
	if r := a.mustBeOn(); r != nil {
		return r
	}
	if a.state != queues.AgentWrapUp {
		if a.state == queues.AgentTalking {
			return &Refusal{Message: a.rule.ID + " is in a call", Remedy: "hang up first"}
		}
		return &Refusal{Message: a.rule.ID + " is not in wrap-up", Already: true}
	}
	if q := g.named[a.duty.Queue]; q != nil && !q.rule.WrapUpByAgent {
		return &Refusal{
			Message: fmt.Sprintf("wrap-up after calls of %s lasts %v and is not ended by the agent", q.rule.Name, q.rule.WrapUp),
			Remedy:  "wait, or set wrap_up_by_agent of the queue",
		}
	}
	return nil
}

func (g *Group) mayMove(ev queues.Move) *Refusal {
	s := g.spots[ev.PlaceID]
	switch {
	case s == nil:
		return &Refusal{Message: fmt.Sprintf("there is no place %q in line", ev.PlaceID), Remedy: "it may have been served or have left; see the queue"}
	case ev.Queue == "":
		return &Refusal{Message: "no queue is named", Remedy: "name the queue to move to"}
	case ev.Queue == s.Queue:
		return &Refusal{Message: fmt.Sprintf("place %s is in %s already", s.ID, s.Queue), Already: true}
	}
	return nil
}
