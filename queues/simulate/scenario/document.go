package scenario

import "time"

// document is the YAML. docs/simulate.md explains every key.
type document struct {
	Title        string           `yaml:"title"`
	From         clock            `yaml:"from"`
	To           clock            `yaml:"to"`
	WarmUp       time.Duration    `yaml:"warm_up"`
	Overtime     time.Duration    `yaml:"overtime"`
	Target       target           `yaml:"target"`
	Replications int              `yaml:"replications"`
	Seed         int              `yaml:"seed"`
	Queues       map[string]queue `yaml:"queues"`
	Callers      []callers        `yaml:"callers"`
	Agents       []group          `yaml:"agents"`
}

// callers are those of one kind.
type callers struct {
	Queue      string         `yaml:"queue"`
	PerHour    rates          `yaml:"per_hour"`
	Bursts     []burst        `yaml:"bursts"`
	Talk       law            `yaml:"talk"`
	WrapUp     law            `yaml:"wrap_up"`
	Patience   law            `yaml:"patience"`
	Priorities []priority     `yaml:"priorities"`
	Skills     map[string]int `yaml:"skills"`
	Callback   *offer         `yaml:"callback"`
}

// burst is callers who come besides the others.
type burst struct {
	At      clock         `yaml:"at"`
	For     time.Duration `yaml:"for"`
	PerHour float64       `yaml:"per_hour"`
}

type priority struct {
	Priority int   `yaml:"priority"`
	Share    share `yaml:"share"`
}

// offer is the offer to be called back.
type offer struct {
	After          time.Duration `yaml:"after"`
	Accept         share         `yaml:"accept"`
	Answer         share         `yaml:"answer"`
	Rings          law           `yaml:"rings"`
	Confirm        share         `yaml:"confirm"`
	Decides        law           `yaml:"decides"`
	MaxAttempts    int           `yaml:"max_attempts"`
	RetryAfter     time.Duration `yaml:"retry_after"`
	RingTimeout    time.Duration `yaml:"ring_timeout"`
	ConfirmTimeout time.Duration `yaml:"confirm_timeout"`
	AgentHold      time.Duration `yaml:"agent_hold"`
}

// group is agents who have the same day.
type group struct {
	Name      string         `yaml:"name"`
	Count     *int           `yaml:"count"`
	Duty      []span         `yaml:"duty"`
	Breaks    []rest         `yaml:"breaks"`
	Skills    map[string]int `yaml:"skills"`
	Queues    []string       `yaml:"queues"`
	Answers   law            `yaml:"answers"`
	NoAnswer  share          `yaml:"no_answer"`
	BackAfter time.Duration  `yaml:"back_after"`
}

func (g *group) count() int {
	if g.Count == nil {
		return 1
	}
	return *g.Count
}

// rest is a break. Each agent of the group after the first takes it Stagger later.
type rest struct {
	At      clock         `yaml:"at"`
	For     time.Duration `yaml:"for"`
	Stagger time.Duration `yaml:"stagger"`
	Reason  string        `yaml:"reason"`
}

// queue has the keys of a queue with engine linekeeper in linekeeper.yaml.
type queue struct {
	Strategy      string        `yaml:"strategy"`
	Tiers         []tier        `yaml:"tiers"`
	RingTimeout   time.Duration `yaml:"ring_timeout"`
	RONAPause     time.Duration `yaml:"rona_pause"`
	WrapUp        time.Duration `yaml:"wrap_up"`
	WrapUpByAgent bool          `yaml:"wrap_up_by_agent"`
	AtOnce        int           `yaml:"at_once"`
	MaxLength     int           `yaml:"max_length"`
	MaxWait       time.Duration `yaml:"max_wait"`
	JoinEmpty     bool          `yaml:"join_empty"`
	LeaveEmpty    bool          `yaml:"leave_empty"`
	Overflow      []overflow    `yaml:"overflow"`
	Borrow        *borrow       `yaml:"borrow"`
	DialLead      time.Duration `yaml:"dial_lead"`
	PromiseRetry  time.Duration `yaml:"promise_retry"`
}

type tier struct {
	After  time.Duration  `yaml:"after"`
	Skills map[string]int `yaml:"skills"`
}

type overflow struct {
	To       string        `yaml:"to"`
	After    time.Duration `yaml:"after"`
	Length   int           `yaml:"length"`
	EWT      time.Duration `yaml:"ewt"`
	NoAgents bool          `yaml:"no_agents"`
	Anew     bool          `yaml:"anew"`
}

type borrow struct {
	From   []string       `yaml:"from"`
	Skills map[string]int `yaml:"skills"`
	Above  time.Duration  `yaml:"above"`
	Below  time.Duration  `yaml:"below"`
	Keep   int            `yaml:"keep"`
}
