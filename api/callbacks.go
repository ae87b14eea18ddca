package api

import "time"

// Callback is a promise as it is shown.
type Callback struct {
	ID          string     `json:"id"`
	Number      string     `json:"number"`
	Name        string     `json:"name"`
	Queue       string     `json:"queue"`
	Hotline     string     `json:"hotline"`
	State       string     `json:"state"`
	Reason      string     `json:"reason"` // one of CallbackReasons
	AskedAt     time.Time  `json:"asked_at"`
	PlaceAt     time.Time  `json:"place_at"`
	NotBefore   *time.Time `json:"not_before"`
	Attempts    []Attempt  `json:"attempts"`
	ConnectedAt *time.Time `json:"connected_at"`
	EndedAt     *time.Time `json:"ended_at"`
	Agent       string     `json:"agent"`
	EndReason   string     `json:"end_reason"`
	Call        string     `json:"call"`         // the call in which it was asked for
	DelayedBy   string     `json:"delayed_by"`   // the rule that NotBefore comes from
	WindowFrom  *time.Time `json:"window_from"`  // the customer wants the call from then on
	WindowUntil *time.Time `json:"window_until"` // and it was promised by then
	LateS       float64    `json:"late_s"`       // by how much it missed WindowUntil, until now or until the talk
	Mode        string     `json:"mode"`         // customer_first, agent_first, preview
	Language    string     `json:"language"`
	Account     string     `json:"account"`
	Priority    int        `json:"priority"`
	Question    string     `json:"question"`    // as the customer typed it
	Message     string     `json:"message"`     // name of the spoken message in the switch's recording folder
	MessageURL  string     `json:"message_url"` // where ARI gives it, below the address of ARI
	Path        []string   `json:"path"`        // nodes of the first call, oldest first
	Assurance   string     `json:"assurance"`   // of who asked: none, ani, pin
	WaitedS     float64    `json:"waited_s"`    // in the first call
	Zone        string     `json:"zone"`        // IANA name, "" when only the number tells
	Campaign    string     `json:"campaign"`
	Key         string     `json:"key"`       // that whoever asked chose
	Verify      string     `json:"verify"`    // how the owner of the number has yet to say yes, "" when that is not asked
	Postponed   int        `json:"postponed"` // how often it was put off
	Rejected    int        `json:"rejected"`  // how often agents rejected it since it last waited
	Paused      *Pause     `json:"paused"`    // of its queue, while it is open
	Position    int        `json:"position"`  // in line, from 1; 0 when it holds no place now, and in lists
	EWT         *EWT       `json:"ewt"`       // until its turn; null when it cannot be known, and in lists
}

// Attempt is one try to reach a customer.
type Attempt struct {
	At      time.Time  `json:"at"`
	Outcome string     `json:"outcome"`
	Detail  string     `json:"detail"`
	N       int        `json:"n"` // from 1
	EndedAt *time.Time `json:"ended_at"`
	Channel string     `json:"channel"` // on the switch
	Epoch   int64      `json:"epoch"`   // the run of the daemon that dialled; 0 when not known
	Verify  bool       `json:"verify"`  // it asked the owner of the number for a yes
	Machine *time.Time `json:"machine"` // when the switch took who answered for a machine; null when not, or a key was pressed
}

// Pause is an order to dial nobody for a queue.
type Pause struct {
	Queue string    `json:"queue"`
	Since time.Time `json:"since"`
	By    string    `json:"by"`
	Why   string    `json:"why"`
}

// PostponeCallback is the body of POST /v1/callbacks/ID/postpone.
type PostponeCallback struct {
	Until string `json:"until"`          // "2h", "16:00", "tomorrow 16:00", "2026-02-01 16:00", or RFC 3339
	Zone  string `json:"zone,omitempty"` // IANA name of the clock that Until is read from; "" for the customer's
	Anew  bool   `json:"anew,omitempty"` // the place is given up, and a new one counts from Until
	Why   string `json:"why,omitempty"`
}

// Postponed is its answer.
type Postponed struct {
	Callback Callback  `json:"callback"`
	Until    time.Time `json:"until"`
	Local    string    `json:"local"` // the same by the clock of Zone, in words: "Sun 2026-02-01 16:00"
	Zone     string    `json:"zone"`  // IANA name
}

// ResolveCallback is the body of POST /v1/callbacks/ID/resolve.
type ResolveCallback struct {
	As string `json:"as"` // one of Resolutions
}

// PauseCallbacks is the body of POST /v1/queues/NAME/callbacks/pause and of
// resume; it may be left out.
type PauseCallbacks struct {
	Why string `json:"why,omitempty"`
}

// PauseOrdered is the answer to both. Already says that nothing was left to do.
type PauseOrdered struct {
	Pause   Pause `json:"pause"` // that stands, or was lifted
	Already bool  `json:"already"`
}
