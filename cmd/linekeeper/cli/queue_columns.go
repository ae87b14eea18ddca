package cli

import (
	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/queues"
)

func queueColumns() []column[api.Queue] {
	agents := func(state queues.AgentState) func(api.Queue) cell {
		return func(q api.Queue) cell { return number(count(q, state)) }
	}
	return []column[api.Queue]{
		{"QUEUE", func(q api.Queue) cell { return text(q.Name) }},
		{"WAITING", func(q api.Queue) cell { return number(q.Waiting) }},
		{"CALLBACKS", func(q api.Queue) cell {
			n := 0
			for _, p := range q.Places {
				if p.Kind == "callback" && p.State != "served" {
					n++
				}
			}
			return number(n)
		}},
		{"EWT", func(q api.Queue) cell { return wait(q.EWT) }},
		{"IDLE", agents(queues.AgentIdle)},
		{"RINGING", agents(queues.AgentRinging)},
		{"TALKING", agents(queues.AgentTalking)},
		{"WRAPUP", agents(queues.AgentWrapUp)},
		{"PAUSED", agents(queues.AgentPaused)},
		{"OFFLINE", agents(queues.AgentOffline)},
	}
}

// queueExtras matter where linekeeper gives the calls, or where nobody is called back.
func (e *env) queueExtras() []column[api.Queue] {
	agents := func(state queues.AgentState) func(api.Queue) cell {
		return func(q api.Queue) cell {
			n := count(q, state)
			if n == 0 {
				return cell{"-", "0"}
			}
			return number(n)
		}
	}
	return []column[api.Queue]{
		{"BUSY", agents(queues.AgentBusy)},
		{"LOGGED OUT", agents(queues.AgentOff)},
		{"ENGINE", func(q api.Queue) cell {
			if q.Engine == queues.EngineAsterisk {
				return cell{"-", q.Engine}
			}
			return text(q.Engine)
		}},
		{"CALLBACKS PAUSED", func(q api.Queue) cell { return e.pause(q.Paused) }},
	}
}

// count says how many agents of a queue are in a state.
func count(q api.Queue, state queues.AgentState) int {
	n := 0
	for _, a := range q.Agents {
		if a.State == string(state) {
			n++
		}
	}
	return n
}

func (e *env) placeColumns() []column[place] {
	return []column[place]{
		{"POS", func(p place) cell {
			if p.Position == 0 {
				return cell{"-", "0"}
			}
			return number(p.Position)
		}},
		{"KIND", func(p place) cell { return text(p.Kind) }},
		{"NUMBER", func(p place) cell { return text(p.Number) }},
		{"NAME", func(p place) cell { return text(p.Name) }},
		{"PRIO", func(p place) cell { return number(p.Priority) }},
		{"TAKEN", func(p place) cell { return e.moment(p.TakenAt) }},
		{"WAITED", func(p place) cell { return span(p.WaitedS) }},
		{"EWT", func(p place) cell { return wait(p.EWT) }},
		{"STATE", func(p place) cell { return text(p.State) }},
		{"AGENT", func(p place) cell { return text(p.Agent) }},
		{"CALL", func(p place) cell { return text(p.Call) }},
		{"CALLBACK", func(p place) cell { return text(p.Callback) }},
	}
}

// placeExtras are known of places of linekeeper's own distribution only.
func placeExtras() []column[place] {
	return []column[place]{{"SKILLS", func(p place) cell { return skills(p.Skills) }}}
}
