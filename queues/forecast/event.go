package forecast

import (
	"fmt"
	"math"
)

// Kind says what happened.
type Kind string

// The kinds of events. Join, Abandon, Connect, Complete and RNA name a call;
// all but Join and Abandon name an agent.
const (
	Login    Kind = "agent_login"
	Logout   Kind = "agent_logout"  // waits for the end of a call in progress
	Pause    Kind = "agent_pause"   // no new calls from now on
	Unpause  Kind = "agent_unpause" //
	Join     Kind = "join"
	Abandon  Kind = "abandon"  // the caller hung up
	Connect  Kind = "connect"  // the wait ends, the talk begins
	Complete Kind = "complete" // the talk ends, the wrap-up begins
	Ready    Kind = "ready"    // the wrap-up ends
	RNA      Kind = "rna"      // the agent let it ring; the call kept its place
)

// Event is one thing that happened in a queue. The names in JSON are those of
// the replay's contract, docs/estimates.md.
type Event struct {
	At       float64 `json:"t"` // seconds since any moment, never falling
	Kind     Kind    `json:"ev"`
	Call     string  `json:"call,omitempty"`
	Agent    string  `json:"agent,omitempty"`
	Priority int     `json:"priority,omitempty"` // of a Join: the higher is served first
	Callback bool    `json:"callback,omitempty"` // of a Join: a promise, which never hangs up
}

// Check gives an error when the event lacks what its kind needs.
func (ev Event) Check() error {
	call, agent := false, false
	switch ev.Kind {
	case Login, Logout, Pause, Unpause, Ready, Complete:
		agent = true
	case Join, Abandon:
		call = true
	case Connect, RNA:
		call, agent = true, true
	case "":
		return fmt.Errorf("event without a kind (ev)")
	default:
		return fmt.Errorf("unknown event %q", ev.Kind)
	}
	switch {
	case call && ev.Call == "":
		return fmt.Errorf("%s without a call", ev.Kind)
	case agent && ev.Agent == "":
		return fmt.Errorf("%s without an agent", ev.Kind)
	case math.IsNaN(ev.At) || math.IsInf(ev.At, 0):
		return fmt.Errorf("%s at a time that is no number", ev.Kind)
	}
	return nil
}
