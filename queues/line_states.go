package queues

// step is something that moves a place from one state to another.
type step string

const (
	stepInsert step = "insert" // the switch is asked to take a placeholder
	stepJoined step = "joined" // the switch shows the placeholder in its queue
	stepAnswer step = "answer" // an agent took the placeholder
	stepRest   step = "rest"   // the placeholder is withdrawn or lost, the place goes on
	stepLeave  step = "leave"  // the place is over
)

// states is the life of a place:
//
//	              joined
//	 entering ------------> waiting
//	  ^    |\                /  |
//	  |    | \    answer    /   |
//	insert |  `--> served <'    |
//	  |   rest       |          |
//	  |    |       rest       rest
//	  |    v         v          |
//	 resting <------------------'        every state -- leave --> left
//
// A place rests when its holder wishes (Rest), while it waits to enter again
// after its placeholder was lost, and when the queue did not want a promise now.
var states = map[PlaceState]map[step]PlaceState{
	PlaceResting:  {stepInsert: PlaceEntering, stepRest: PlaceResting, stepLeave: PlaceLeft},
	PlaceEntering: {stepJoined: PlaceWaiting, stepAnswer: PlaceServed, stepRest: PlaceResting, stepLeave: PlaceLeft},
	PlaceWaiting:  {stepAnswer: PlaceServed, stepRest: PlaceResting, stepLeave: PlaceLeft},
	PlaceServed:   {stepRest: PlaceResting, stepLeave: PlaceLeft},
	PlaceLeft:     {},
}

// move carries out a step and says whether the place's state allows it.
func (l *Line) move(s *spot, by step) bool {
	next, ok := states[s.State][by]
	if !ok {
		return false
	}
	l.setState(s, next)
	return true
}

// setState keeps the order and the index of channels true to the state.
func (l *Line) setState(s *spot, next PlaceState) {
	was := s.State
	s.State = next
	if was.inserted() && !next.inserted() {
		l.queueOut(s.Channel)
	}
	switch {
	case was.unserved() && !next.unserved():
		l.order = removeSpot(l.order, s)
	case !was.unserved() && next.unserved():
		l.order = insertSpot(l.order, s)
	}
	switch next {
	case PlaceResting:
		delete(l.channels, s.Channel)
		s.Channel = ""
	case PlaceLeft:
		delete(l.channels, s.Channel)
		delete(l.spots, s.ID)
		if s.CallbackID != "" {
			l.entries[s.ID] = s.Entry
		}
	}
}

// unserved says whether a place in this state still looks forward to an agent.
func (s PlaceState) unserved() bool {
	return s == PlaceResting || s == PlaceEntering || s == PlaceWaiting
}

// inserted says whether a placeholder was given to the switch and no agent took
// it yet.
func (s PlaceState) inserted() bool { return s == PlaceEntering || s == PlaceWaiting }

// promise says whether nobody is on the line: a promise whose customer has not
// confirmed yet.
func (s *spot) promise() bool { return s.CallbackID != "" && s.CallID == "" }

// counts says whether others wait behind this place: it stands in the switch's
// queue or enters it by itself. One that rests until it is asked does not.
func (s *spot) counts() bool {
	return s.State.inserted() || s.State == PlaceResting && !s.EnterAfter.IsZero()
}
