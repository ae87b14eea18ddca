package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/queues"
)

// agentStates are the states of agents, the nearest to a caller first: the first
// of those that a member has in several queues of the switch says what it does.
var agentStates = []queues.AgentState{
	queues.AgentTalking, queues.AgentRinging, queues.AgentWrapUp, queues.AgentBusy, queues.AgentIdle,
	queues.AgentPaused, queues.AgentOffline, queues.AgentOff,
}

// AgentStates are the words in Agent.State.
func AgentStates() []string {
	return show(agentStates, func(s queues.AgentState) string { return string(s) })
}

func (s *Server) agents(r *http.Request) (any, error) {
	if name := r.URL.Query().Get("queue"); name != "" {
		v, err := s.daemon.Queue(r.Context(), name)
		return showQueue(v).Agents, err
	}
	views, err := s.daemon.Queues(r.Context())
	return listed(views), err
}

func (s *Server) agent(r *http.Request) (any, error) {
	return s.findAgent(r.Context(), r.PathValue("id"))
}

// order gives the handler of one action.
func (s *Server) order(do controller.AgentAction) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		var body OrderAgent
		if err := read(r, &body); err != nil {
			return nil, err
		}
		was, err := s.findAgent(r.Context(), r.PathValue("id"))
		if err != nil {
			return nil, err
		}
		a, err := s.daemon.OrderAgent(r.Context(), controller.AgentOrder{
			Agent: was.ID, Do: do, Reason: body.Reason, By: callback.ByOperator,
		})
		var denied *controller.DeniedError
		already := errors.As(err, &denied) && denied.Already
		if already {
			err = nil
		}
		return Ordered{Agent: showAgent(a, was.Engine, was.Queues...), Already: already}, err
	}
}

// listed gives linekeeper's own agents once each, in their first queue's place,
// and members of the switch's queues once for each queue: there they are paused
// and counted by queue.
func listed(views []queues.View) []Agent {
	return gather(views, func(a Agent) bool { return a.Engine == queues.EngineLinekeeper })
}

// once gives every agent once.
func once(views []queues.View) []Agent {
	return gather(views, func(Agent) bool { return true })
}

// gather makes one agent of what several queues show of it, where whole says so.
func gather(views []queues.View, whole func(Agent) bool) []Agent {
	type identity struct{ engine, id string }
	agents, at := []Agent{}, map[identity]int{}
	for _, v := range views {
		for _, a := range showQueue(v).Agents {
			key := identity{a.Engine, a.ID}
			i, seen := at[key]
			if seen && whole(a) {
				agents[i] = merge(agents[i], a)
				continue
			}
			at[key], agents = len(agents), append(agents, a)
		}
	}
	return agents
}

// merge makes one agent of two. linekeeper shows the same agent in every queue.
// A member of several of the switch's queues does what it does in that one where
// it is nearest to a caller, and its calls are added up.
func merge(a, b Agent) Agent {
	out := a
	if a.Engine != queues.EngineLinekeeper {
		if rank(b) < rank(a) {
			out = b
		}
		out.Calls = a.Calls + b.Calls
	}
	out.Queue, out.Queues = "", append(a.Queues, b.Queues...)
	return out
}

func rank(a Agent) int { return slices.Index(agentStates, queues.AgentState(a.State)) }

// findAgent looks an agent up: by id or else by name, by phone, or by what
// follows the slash of an id or phone ("101" of "PJSIP/101"), or else by an
// ending of the id.
func (s *Server) findAgent(ctx context.Context, given string) (Agent, error) {
	views, err := s.daemon.Queues(ctx)
	if err != nil {
		return Agent{}, err
	}
	agents := once(views)
	for _, fits := range []func(Agent) bool{
		func(a Agent) bool { return a.ID == given },
		func(a Agent) bool {
			return strings.EqualFold(a.Name, given) || a.Phone == given || extension(a.ID) == given || extension(a.Phone) == given
		},
		func(a Agent) bool { return len(given) >= minEnding && strings.HasSuffix(a.ID, given) },
	} {
		var found []Agent
		for _, a := range agents {
			if fits(a) {
				found = append(found, a)
			}
		}
		if len(found) == 1 {
			return found[0], nil
		}
		if len(found) > 1 {
			return Agent{}, &ambiguousError{what: "agents fit", given: given, ids: show(found, func(a Agent) string { return a.ID })}
		}
	}
	return Agent{}, fmt.Errorf("agent %q: %w", given, controller.ErrUnknownAgent)
}

// extension is what follows the slash of an interface, "" if there is none.
func extension(iface string) string {
	_, ext, _ := strings.Cut(iface, "/")
	return ext
}

func showAgent(a queues.Agent, engine string, in ...string) Agent {
	out := Agent{
		ID: a.ID, Name: a.Name, State: string(a.State), Since: a.Since.UTC(), Reason: a.Reason, Calls: a.Calls,
		Queues: append([]string{}, in...), Engine: engine, Phone: a.Phone, Skills: show(a.Skills, showSkill), Until: when(a.Until),
		TalkS: round(a.TalkS), CallQueue: a.Queue, Place: a.Place,
	}
	if len(in) == 1 {
		out.Queue = in[0]
	}
	return out
}
