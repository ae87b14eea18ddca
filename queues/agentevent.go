package queues

import "time"

// What happens to the agents of linekeeper's own distribution (engine
// linekeeper). An engine that does not have the agent ignores it.

// LogIn puts an agent on duty.
type LogIn struct{ Agent, By string }

// LogOut takes an agent off duty; a call that goes on is not ended by it.
type LogOut struct{ Agent, By string }

// Pause keeps calls from an agent until Unpause, or until the allowance of the
// reason is used up where there is one.
type Pause struct{ Agent, Reason, By string }

// Unpause ends a pause.
type Unpause struct{ Agent, By string }

// Ready ends an agent's wrap-up.
type Ready struct{ Agent, By string }

// PhoneSeen is what an agent's phone does, as the switch shows it.
type PhoneSeen struct {
	Phone string // "PJSIP/101"
	State PhoneState
}

// PhonesSeen is the whole truth about phones after a (re)connect: one that is
// not in it is unknown.
type PhonesSeen struct{ Phones []PhoneSeen }

// RestoreAgent puts an agent back as it was saved, at start, before any Restore.
type RestoreAgent struct{ Duty Duty }

// PhoneState is what a phone does.
type PhoneState string

// The states of a phone. An unknown one may be rung: some switches cannot tell.
const (
	PhoneUnknown PhoneState = "unknown"
	PhoneIdle    PhoneState = "idle"
	PhoneInUse   PhoneState = "in_use"
	PhoneRinging PhoneState = "ringing"
	PhoneOffline PhoneState = "offline"
)

// How an offer ended without an answer: Gone.Status.
const (
	OfferNoAnswer    = "no_answer"   // the agent let it ring
	OfferBusy        = "busy"        // the phone was in a call
	OfferRejected    = "rejected"    // the agent pressed reject
	OfferUnreachable = "unreachable" // the phone is not registered or does not answer the switch
	OfferFailed      = "failed"      // anything else
)

// Duty is what is kept of an agent across a restart. It is plain data.
type Duty struct {
	Agent     string                   `json:"agent"`
	On        bool                     `json:"on"`    // on duty; false also during the last call after a log-out
	Since     time.Time                `json:"since"` // of the log-in
	Paused    bool                     `json:"paused"`
	Reason    string                   `json:"reason,omitempty"`
	PausedAt  time.Time                `json:"paused_at,omitzero"`
	Until     time.Time                `json:"until,omitzero"`      // when the pause ends by itself, zero for never
	Rested    map[string]time.Duration `json:"rested,omitempty"`    // by reason: pauses that ended since the log-in, against the allowance
	FreeAt    time.Time                `json:"free_at,omitzero"`    // since when it is free: the end of the last call and wrap-up, or the log-in
	OfferedAt time.Time                `json:"offered_at,omitzero"` // when it was last rung
	WrapUp    time.Time                `json:"wrap_up,omitzero"`    // since when it is in wrap-up, zero for not
	Queue     string                   `json:"queue,omitempty"`     // of the present or last call
	Place     string                   `json:"place,omitempty"`     // that it is rung for, serves or works after, "" for none
	Channel   string                   `json:"channel,omitempty"`   // the leg by which it is rung or talks, "" for none
	Calls     int                      `json:"calls"`               // since the log-in
	TalkS     float64                  `json:"talk_s"`              // seconds, likewise
}

func (LogIn) queueEvent()        {}
func (LogOut) queueEvent()       {}
func (Pause) queueEvent()        {}
func (Unpause) queueEvent()      {}
func (Ready) queueEvent()        {}
func (PhoneSeen) queueEvent()    {}
func (PhonesSeen) queueEvent()   {}
func (RestoreAgent) queueEvent() {}
