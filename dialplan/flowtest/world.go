package flowtest

import (
	"time"

	"github.com/linekeeper/linekeeper/callers"
)

// World is everything around a call: who calls, when, and what directories,
// queues and promises are like.
type World struct {
	Now       time.Time
	Number    string // of the caller, E.164; "" when withheld
	Dialled   string // the number called; "": the hotline's first
	Language  string // of a callback: the customer's; "": the hotline's
	Directory []Person
	Accounts  callers.Directory   // people beside Directory; may be nil
	History   callers.History     // of earlier calls of the caller
	Queues    map[string]Queue    // by name; a queue that is not here takes the place and says nothing
	Lookups   map[string]Answer   // by name; one that is not here finds nothing
	Transfers map[string]Answered // by node; who is not here picks up at once
	Callbacks Callbacks           // what becomes of promises
	Callback  *CustomerCall       // the call is one that linekeeper makes; nil: the caller dialled
	Clock     *time.Location      // by which Now is told, nil for UTC
}

// Person is a record of the directory.
type Person struct {
	callers.Record
	PIN  string // digits; "" for a person who has none
	Code string // digits that only this person has; "" for none
}

// Queue is how a queue treats the place of this call.
type Queue struct {
	Ahead    int           // places before
	Low      time.Duration // the expected wait; both 0: not known
	High     time.Duration
	Able     int           // agents who serve it
	Ends     string        // full, no_agents, timeout, unavailable: how the wait ends without an agent
	Answers  string        // or the name of the agent who takes the place
	After    time.Duration // after which either happens
	Speaking time.Duration // how long the agent talks; 0: until the script says
}

// Callbacks is what becomes of a promise that the caller wants.
type Callbacks struct {
	Refused  string // the rule that forbids it, "" for none
	Existing string // the id of the promise that stands already, "" for none
}

// CustomerCall is a call that linekeeper makes to keep a promise.
type CustomerCall struct {
	Queue  string
	Reason string // how the call was asked for, as callback.Reason has it
	Verify bool   // somebody asked in their name
}
