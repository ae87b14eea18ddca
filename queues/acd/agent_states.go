package acd

import "github.com/linekeeper/linekeeper/queues"

// agentStep is something that moves an agent from one state to another.
type agentStep string

const (
	agentRing   agentStep = "ring"   // it is rung for a place
	agentAnswer agentStep = "answer" // it answered
	agentWrap   agentStep = "wrap"   // the call is over, the work after it begins
	agentRest   agentStep = "rest"   // it has nothing in hand, or what keeps it from calls changed
)

// atRest stands for the five states of an agent who has nothing in hand: the
// first of logged_out, paused, offline, busy and idle that holds; see resting.
const atRest queues.AgentState = "at_rest"

// agentStates is the life of an agent:
//
//	            rest
//	       .------------------ wrapup
//	       v                     ^
//	    (at rest) <-----------.  | wrap
//	logged_out, paused,  rest  \ |
//	offline, busy, idle <----- talking
//	            |  ^             ^
//	       ring |  | rest        | answer
//	            v  |             |
//	          ringing -----------'
//
// Only who is idle is rung. A log-out or a pause takes an agent out of a ringing,
// but not out of a call: it holds when the call is over. A log-out ends the work
// after a call.
var agentStates = map[queues.AgentState]map[agentStep]queues.AgentState{
	queues.AgentOff:     {agentRest: atRest},
	queues.AgentPaused:  {agentRest: atRest},
	queues.AgentOffline: {agentRest: atRest},
	queues.AgentBusy:    {agentRest: atRest},
	queues.AgentIdle:    {agentRing: queues.AgentRinging, agentRest: atRest},
	queues.AgentRinging: {agentAnswer: queues.AgentTalking, agentRest: atRest},
	queues.AgentTalking: {agentWrap: queues.AgentWrapUp, agentRest: atRest},
	queues.AgentWrapUp:  {agentRest: atRest},
}

// resting says what an agent can do who has nothing in hand.
func (a *agent) resting() queues.AgentState {
	switch {
	case !a.duty.On:
		return queues.AgentOff
	case a.duty.Paused:
		return queues.AgentPaused
	case a.phone == queues.PhoneOffline:
		return queues.AgentOffline
	case a.phone == queues.PhoneInUse, a.phone == queues.PhoneRinging:
		return queues.AgentBusy
	}
	return queues.AgentIdle
}

// stepAgent carries out a step and says whether the agent's state allows it. The
// agent is counted, put among those who can be rung if it is one, and saved if the
// state changed.
func (g *Group) stepAgent(t *turn, a *agent, by agentStep) bool {
	next, ok := agentStates[a.state][by]
	if !ok {
		return false
	}
	if next == atRest {
		next = a.resting()
	}
	g.become(t, a, next)
	return true
}

// become puts an agent into a state.
func (g *Group) become(t *turn, a *agent, next queues.AgentState) {
	reason := ""
	if next == queues.AgentPaused {
		reason = a.duty.Reason
	}
	changed := next != a.state || reason != a.reason
	if changed {
		a.state, a.reason, a.since = next, reason, t.now
	}
	g.count(t, a)
	if changed {
		t.saveAgent(a)
		noteAgent(t, a)
	}
}
