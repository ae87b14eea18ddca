package acd

import (
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// Group distributes the callers of queues that share agents. It implements
// queues.Engine. It is not safe for concurrent use; no method blocks.
type Group struct {
	rules  Rules
	places map[string]queues.Place
}

var _ queues.Engine = (*Group)(nil)

// New gives a group that is served by these rules, with nobody on duty and
// nobody in line. Rules that Check finds fault with are served as well as may be.
func New(rules Rules) *Group {
	return &Group{rules: rules, places: map[string]queues.Place{}}
}

// Apply implements queues.Engine.
func (g *Group) Apply(ev queues.Event, now time.Time) []queues.Command { return nil }

// Place implements queues.Engine.
func (g *Group) Place(id string) (queues.Place, bool) {
	p, ok := g.places[id]
	return p, ok
}

// Places implements queues.Engine.
func (g *Group) Places() []queues.Place { return nil }

// View implements queues.Engine.
func (g *Group) View(queue string, now time.Time) queues.View { return queues.View{} }

// Agent shows one agent; ok is false for one that the rules do not name.
func (g *Group) Agent(id string) (agent queues.Agent, ok bool) { return queues.Agent{}, false }

// Queues lists the names of the group's queues in the order of the rules.
func (g *Group) Queues() []string {
	names := make([]string, 0, len(g.rules.Queues))
	for _, q := range g.rules.Queues {
		names = append(names, q.Name)
	}
	return names
}

// Allowed says why an operator's order (LogIn, LogOut, Pause, Unpause, Ready,
// Move) would not be carried out now, as a *Refusal; nil when it would. Of a
// Move into a queue that is not of the group it only says whether the place may
// leave.
func (g *Group) Allowed(ev queues.Event, now time.Time) error { return nil }

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

// Legs implements queues.Engine.
func (g *Group) Legs() []queues.Leg { return nil }
