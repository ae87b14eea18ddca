package acd

import "github.com/linekeeper/linekeeper/queues"

// step is something that moves a place from one state to another.
type step string

const (
	stepEnter  step = "enter"  // somebody is on the line: agents may be rung
	stepOffer  step = "offer"  // agents are rung
	stepMissed step = "missed" // none of them answered, or the offer was taken back
	stepAnswer step = "answer" // one of them answered
	stepReturn step = "return" // taken from the agent, into another queue
	stepRest   step = "rest"   // nobody is on the line, the place goes on
	stepLeave  step = "leave"  // the place is over
)

// states is the life of a place:
//
//	                     offer
//	           waiting ----------> offered
//	           ^ |  ^ <----------   |   |
//	     enter | |  |    missed     |   | answer
//	           | |  |               |   v
//	           | |   `------ return | - served
//	      rest | |                  |   |
//	           | v       rest       |   | rest
//	resting <--+--------------------'   |
//	   ^---------------------------------'        every state -- leave --> left
//
// A promise rests until its customer is on the line: it keeps its order and others
// wait behind it, but no agent is rung for it.
var states = map[queues.PlaceState]map[step]queues.PlaceState{
	queues.PlaceResting: {stepEnter: queues.PlaceWaiting, stepRest: queues.PlaceResting, stepLeave: queues.PlaceLeft},
	queues.PlaceWaiting: {stepOffer: queues.PlaceOffered, stepRest: queues.PlaceResting, stepLeave: queues.PlaceLeft},
	queues.PlaceOffered: {
		stepAnswer: queues.PlaceServed, stepMissed: queues.PlaceWaiting, stepRest: queues.PlaceResting, stepLeave: queues.PlaceLeft,
	},
	queues.PlaceServed: {stepReturn: queues.PlaceWaiting, stepRest: queues.PlaceResting, stepLeave: queues.PlaceLeft},
	queues.PlaceLeft:   {},
}

// step carries out a step and says whether the place's state allows it. The
// place is put where it belongs and saved.
func (g *Group) step(t *turn, s *spot, by step) bool {
	next, ok := states[s.State][by]
	if !ok {
		return false
	}
	s.State = next
	switch next {
	case queues.PlaceWaiting:
		s.EnterAfter, s.ServedAt, s.Agent, s.Channel = noTime, noTime, "", ""
		s.EnteredAt = t.now
	case queues.PlaceResting:
		s.ServedAt, s.Agent, s.Channel = noTime, "", ""
	case queues.PlaceLeft:
		s.EnterAfter = noTime
	}
	g.place(t, s)
	t.save(s)
	return true
}
