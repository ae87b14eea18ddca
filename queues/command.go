package queues

import "time"

// Command is what should happen because of an event. The owner of the line
// carries commands out in order; Save comes before what it must precede.
type Command interface{ queueCommand() }

// Save asks that the place is stored before the next command is carried out.
type Save struct{ Place Place }

// Insert asks the switch to put a placeholder with this channel id into the
// queue, with the place's priority. Position is the slot it gets there, counted
// from 1 over all callers of the same or a higher priority, as the position
// parameter of Asterisk's Queue() counts; 0 means behind all of its priority.
type Insert struct {
	Place    Place
	Channel  string
	Position int
}

// Ring asks the switch to ring an agent for a place, with this channel id
// (engine linekeeper). The caller's number and name are shown; Answered, Gone or
// Refused follow. The engine itself ends it with a Withdraw after the ring time.
type Ring struct {
	Place   Place
	Channel string
	Agent   string        // id
	Phone   string        // "PJSIP/101"
	Timeout time.Duration // how long it will ring at most, for a switch that ends it by itself
}

// SaveAgent asks that what must outlive a restart is stored with the other
// changes of this turn.
type SaveAgent struct{ Duty Duty }

// Wake asks for a Tick at this time; a later Wake takes the place of the one
// before, and the zero time cancels it.
type Wake struct{ At time.Time }

// Moved tells the holder of a place that it stands in another queue now. A call
// that was talking with an agent waits again.
type Moved struct {
	Place Place  // Place.Queue is the new one
	From  string // the queue it was in
	Why   string // as in Move
}

// Handover gives a place to the engine that has its queue: Take, with everything
// kept, does it. The holder is told as with Moved. The engine that hands over
// knows the place no more.
type Handover struct {
	Place Place // Place.Queue is the new one
	From  string
	Why   string
}

// Withdraw asks the switch to take a placeholder out of the queue, or to let
// the agent go who is on it.
type Withdraw struct {
	Channel string
	Why     LeaveReason // "" when the place rests
}

// Update tells the holder of a place how it stands. It is sent when the number
// of places ahead or the spoken estimate changed.
type Update struct {
	Place    Place
	Ahead    int // places that are to be served before it; 0 means next in line
	Estimate Estimate
	Able     int // agents who serve it, now or after the call they are in
}

// Serve tells the holder of a place that an agent is on the placeholder.
type Serve struct {
	Place   Place
	Channel string
}

// Named tells the holder which agent it is; it may come before or after Serve.
type Named struct{ Place Place }

// Over tells the holder that the place ended (Place.Reason says how).
type Over struct{ Place Place }

// Due tells a promise that its place comes up: time to dial the customer. What it
// was decided from is for the journal.
type Due struct {
	Place    Place
	Ahead    int           // as in Update; 0 when an agent took the placeholder already
	Estimate Estimate      // of its wait
	Lead     time.Duration // how long the call is expected to take until the customer is there
	InFlight int           // customers of the queue who are being called for the agents of Free, this one among them
	Free     int           // agents who are free for them now, or else are expected to be within Lead
}

// Note is an entry for the journal.
type Note struct {
	Type    string // "place.taken", "place.served": see docs/journal.md
	PlaceID string
	At      time.Time
	Data    map[string]any
}

func (Save) queueCommand()      {}
func (Insert) queueCommand()    {}
func (Withdraw) queueCommand()  {}
func (Update) queueCommand()    {}
func (Serve) queueCommand()     {}
func (Named) queueCommand()     {}
func (Over) queueCommand()      {}
func (Due) queueCommand()       {}
func (Note) queueCommand()      {}
func (Ring) queueCommand()      {}
func (SaveAgent) queueCommand() {}
func (Wake) queueCommand()      {}
func (Moved) queueCommand()     {}
func (Handover) queueCommand()  {}
