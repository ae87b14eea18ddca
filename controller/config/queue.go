package config

import (
	"time"

	"github.com/linekeeper/linekeeper/queues/acd"
)

// The engines of a queue: who gives its calls to agents.
const (
	EngineAsterisk   = "asterisk"   // the default: the switch, by queues.conf
	EngineLinekeeper = "linekeeper" // linekeeper itself, by the rules here
)

// Queue tunes one queue; every key is optional. Keys that are zero have their
// default, which is told where they are used: queues.Settings and acd.Queue.
type Queue struct {
	Engine          string        `yaml:"engine"`
	PriorHandleTime time.Duration `yaml:"prior_handle_time"`
	DialLead        time.Duration `yaml:"dial_lead"`
	PromiseRetry    time.Duration `yaml:"promise_retry"`

	// Music is the class of hold music while waiting; "" is that of Config.
	Music string `yaml:"music"`
	// Record says that the switch records the conversations.
	Record   bool     `yaml:"record"`
	Escalate Escalate `yaml:"escalate"`
	// Whisper is the queue's spoken title by language; the agent hears it, and
	// who comes, before being connected. Empty: nothing is whispered.
	Whisper map[string]string `yaml:"whisper"`

	// The rest is for engine linekeeper; see acd.Queue.
	Strategy      acd.Strategy  `yaml:"strategy"`
	Tiers         []Tier        `yaml:"tiers"`
	RingTimeout   time.Duration `yaml:"ring_timeout"`
	RONAPause     time.Duration `yaml:"rona_pause"`
	WrapUp        time.Duration `yaml:"wrap_up"`
	WrapUpByAgent bool          `yaml:"wrap_up_by_agent"`
	AtOnce        int           `yaml:"at_once"`
	MaxLength     int           `yaml:"max_length"`
	MaxWait       time.Duration `yaml:"max_wait"`
	JoinEmpty     bool          `yaml:"join_empty"`
	LeaveEmpty    bool          `yaml:"leave_empty"`
	Overflow      []Overflow    `yaml:"overflow"`
	Borrow        *Borrow       `yaml:"borrow"`
}

// Escalate lets an agent pass the caller on to another queue, where the place
// keeps its time: the agent presses Keys during the conversation.
type Escalate struct {
	Keys string `yaml:"keys"` // "*2"; "" for no escalation
	To   string `yaml:"to"`
}

// Tier is a circle of agents; see acd.Tier.
type Tier struct {
	After  time.Duration  `yaml:"after"`
	Skills map[string]int `yaml:"skills"` // level by skill
}

// Overflow moves places to another queue; see acd.Overflow.
type Overflow struct {
	To       string        `yaml:"to"`
	After    time.Duration `yaml:"after"`
	Length   int           `yaml:"length"`
	EWT      time.Duration `yaml:"ewt"`
	NoAgents bool          `yaml:"no_agents"`
	Anew     bool          `yaml:"anew"`
}

// Borrow lets agents of other queues help out; see acd.Borrow.
type Borrow struct {
	From   []string       `yaml:"from"`
	Skills map[string]int `yaml:"skills"`
	Above  time.Duration  `yaml:"above"`
	Below  time.Duration  `yaml:"below"`
	Keep   int            `yaml:"keep"`
}

// Agent is an operator of queues with engine linekeeper; its key in the file is
// what the CLI calls it by.
type Agent struct {
	Name   string         `yaml:"name"`   // for people; default: the key
	Phone  string         `yaml:"phone"`  // what is rung: "PJSIP/101"
	Skills map[string]int `yaml:"skills"` // level by skill
	Queues []string       `yaml:"queues"` // none: every queue for whose tiers it has the skills
}

// AgentCodes are what agents dial on their phones to say what they do.
type AgentCodes struct {
	LogIn   string `yaml:"login"`
	LogOut  string `yaml:"logout"`
	Pause   string `yaml:"pause"`
	Unpause string `yaml:"unpause"`
	Ready   string `yaml:"ready"`
}
