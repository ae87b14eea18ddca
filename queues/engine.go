package queues

import "time"

// Engine decides for one queue or for several that share agents: Line where the
// switch distributes, acd.Group where linekeeper does. It is not safe for
// concurrent use; no method blocks.
type Engine interface {
	// Apply takes one event and answers with what should happen, in order.
	// Events about what the engine does not know (any more) change nothing. now
	// never goes back.
	Apply(ev Event, now time.Time) []Command
	// Place gives a place that has not left, as it was last saved.
	Place(id string) (Place, bool)
	// Places lists the places that have not left, as they were last saved.
	Places() []Place
	// View shows one queue; the zero View if the engine does not have it.
	View(queue string, now time.Time) View
}
