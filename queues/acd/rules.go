package acd

import (
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// Strategy says which of the agents who may be rung is rung first.
type Strategy string

// The strategies. Agents of an earlier tier come before those of a later one, and
// all of them before agents who are lent. Ties are broken by who is free longest,
// then by id.
const (
	LongestIdle Strategy = "longest_idle" // the default: free longest
	RoundRobin  Strategy = "round_robin"  // offered a call longest ago
	FewestCalls Strategy = "fewest_calls" // fewest calls since the log-in
	LeastTalk   Strategy = "least_talk"   // least time talked since the log-in
	RingAll     Strategy = "ring_all"     // all at once, the first to answer takes it; who becomes free meanwhile is rung along
	TopDown     Strategy = "top_down"     // in the order in which the rules list them
	SkillBest   Strategy = "skill_best"   // the highest sum of levels in the skills that the place and the queue's tiers ask for
)

// Rules are how queues that share agents are served: plain data, checked by
// Check.
type Rules struct {
	Queues []Queue
	Agents []Agent
	// Reasons are the reasons of pauses that have an allowance: how long such
	// pauses may last in all since the log-in; then the agent is unpaused.
	Reasons map[string]time.Duration
}

// Agent is an operator of linekeeper's own distribution.
type Agent struct {
	ID     string // "ivan", also what the CLI takes
	Name   string // for people
	Phone  string // what is rung: "PJSIP/101"
	Skills []queues.Skill
	// Queues are those that it serves; empty: every queue for whose tiers it has
	// the skills.
	Queues []string
}

// Queue is how one queue is served. A zero field means its default. Its limits
// are for live callers: a promise is never thrown out, its place waits.
type Queue struct {
	Name     string
	Settings queues.Settings // of promises and estimates, as with engine asterisk
	Strategy Strategy        // default LongestIdle

	// Tiers say who serves it, from the first on; a tier opens for a place that
	// has waited After in this queue. Default: one tier, at once, everybody.
	Tiers []Tier

	RingTimeout time.Duration // how long an agent is rung; default 20 s
	RONAPause   time.Duration // how long an agent who let it ring or pressed it away is paused; default 0: until the agent ends it
	WrapUp      time.Duration // after each call; 0: none, unless WrapUpByAgent
	// WrapUpByAgent lets the agent end it (Ready) instead of the time alone; with
	// WrapUp 0 it lasts until then.
	WrapUpByAgent bool

	AtOnce     int           // the most agents who may serve it at once; 0: no limit
	MaxLength  int           // the most live callers who may wait; more are Full; 0: no limit
	MaxWait    time.Duration // the longest wait of a live caller in this queue, then Timeout; 0: no limit
	JoinEmpty  bool          // live callers may join while no agent is on duty; default: NoAgents
	LeaveEmpty bool          // live callers leave (NoAgents) when the last agent goes off duty

	Overflow []Overflow
	Borrow   *Borrow
}

// Tier is a circle of agents. An agent belongs to the first tier whose Skills
// it has.
type Tier struct {
	After  time.Duration  // since the place came into the queue; the first is 0, rising
	Skills []queues.Skill // all of them, at least at these levels; none: everybody who serves the queue
}

// Overflow moves a place to another queue of the same rules. The first of which
// one condition holds is carried out; zero fields are no condition. It is passed
// over while the other queue would turn the place away.
type Overflow struct {
	To       string
	After    time.Duration // a place has waited so long in this queue
	Length   int           // more than so many live callers wait: who joins now goes over
	EWT      time.Duration // the expected wait is longer: who joins now goes over
	NoAgents bool          // nobody who serves this queue is on duty: all go over
	Anew     bool          // the place's time begins anew; default: it keeps it
}

// Borrow lets agents of other queues who have the skills serve this queue while
// its expected wait is too long. They come after all tiers: for places for which
// the last tier is open, when none of the queue's own agents is free. Places of
// their own queues come first. They go back by themselves.
type Borrow struct {
	From   []string       // the queues whose agents may be lent
	Skills []queues.Skill // what a lent agent needs, besides what a place asks for
	Above  time.Duration  // begins when the expected wait of who joins is longer
	Below  time.Duration  // ends when it is shorter; default half of Above
	Keep   int            // so many free agents must be left to the lending queue
}
