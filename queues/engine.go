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
	// Legs lists what the engine takes to be on the switch for its places:
	// placeholders, agents who are being rung, agents who talk. Whoever finds
	// another leg of a place there may end it.
	Legs() []Leg
	// View shows one queue; the zero View if the engine does not have it.
	View(queue string, now time.Time) View
	// Counts sums one queue up, without the cost of a View.
	Counts(queue string) Counts
}

// The engines by name: View.Engine and the key of the configuration.
const (
	EngineAsterisk   = "asterisk"   // Line: the switch distributes
	EngineLinekeeper = "linekeeper" // acd.Group: linekeeper does
)

// Leg is one leg that was asked of the switch for a place.
type Leg struct {
	PlaceID string
	Channel string
	Asked   time.Time // when; before this moment has settled, its absence means nothing
}
