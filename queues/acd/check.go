package acd

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// Fault is something wrong with the rules: where, what and the remedy.
type Fault struct {
	Queue  string // the queue that it concerns, "" for none
	Agent  string // the agent, likewise
	Reason string // the reason of a pause, likewise
	Field  string // the field, by its name in the configuration: "tiers", "overflow"
	What   string
	Remedy string
}

// Error gives the fault in one line.
func (f *Fault) Error() string {
	var where []string
	for _, part := range []struct{ word, name string }{{"queue", f.Queue}, {"agent", f.Agent}, {"pause", f.Reason}} {
		if part.name != "" {
			where = append(where, part.word+" "+part.name)
		}
	}
	if f.Field != "" {
		where = append(where, f.Field)
	}
	return strings.Join(where, ", ") + ": " + f.What + "; " + f.Remedy
}

// The range of a skill's level.
const (
	lowestLevel  = 1
	highestLevel = 10
)

// ronaReason is the reason of the pause of an agent who let it ring.
const ronaReason = "rona"

// checker collects the faults of rules.
type checker struct {
	Rules
	queues map[string]bool
	skills map[string]bool // that some agent has
	faults []error
}

// Check lists what is wrong with the rules, each as a *Fault that names the queue
// or the agent and the remedy; nil when nothing is.
func (r Rules) Check() []error {
	c := &checker{Rules: r, queues: map[string]bool{}, skills: map[string]bool{}}
	for _, q := range r.Queues {
		if c.queues[q.Name] {
			c.queue(q, "", "there are two queues of this name", "rename one of them")
		}
		c.queues[q.Name] = true
	}
	c.agents()
	for _, q := range r.Queues {
		c.limits(q)
		c.tiers(q)
		c.overflow(q)
		c.borrow(q)
		c.staff(q)
	}
	c.loops()
	c.reasons()
	return c.faults
}

func (c *checker) fail(f Fault) { c.faults = append(c.faults, &f) }

func (c *checker) queue(q Queue, field, what, remedy string) {
	c.fail(Fault{Queue: q.Name, Field: field, What: what, Remedy: remedy})
}

func (c *checker) agent(a Agent, field, what, remedy string) {
	c.fail(Fault{Agent: a.ID, Field: field, What: what, Remedy: remedy})
}

func (c *checker) agents() {
	ids, phones := map[string]bool{}, map[string]string{}
	for i, a := range c.Agents {
		if a.ID == "" {
			c.fail(Fault{Field: "agents", What: fmt.Sprintf("agent %d has no id", i+1), Remedy: "give it one"})
		}
		if ids[a.ID] {
			c.agent(a, "", "there are two agents with this id", "rename one of them")
		}
		ids[a.ID] = true
		switch other, taken := phones[a.Phone]; {
		case a.Phone == "":
			c.agent(a, "phone", "it has no phone", "name one, such as PJSIP/101")
		case taken:
			c.agent(a, "phone", a.Phone+" is also the phone of "+other, "give each a phone of its own")
		default:
			phones[a.Phone] = a.ID
		}
		c.levels(a.Skills, func(what, remedy string) { c.agent(a, "skills", what, remedy) })
		for _, s := range a.Skills {
			c.skills[s.Name] = true
		}
		for j, name := range a.Queues {
			if !c.queues[name] {
				c.agent(a, "queues", c.noQueue(name), "write one of these: "+c.names())
			}
			if slices.Contains(a.Queues[:j], name) {
				c.agent(a, "queues", name+" is listed twice", "remove one")
			}
		}
		c.duties(a)
	}
}

// duties finds agents who would never be rung.
func (c *checker) duties(a Agent) {
	serves := false
	for _, q := range c.Queues {
		_, ok := q.tierOf(a)
		serves = serves || ok
		if !ok && slices.Contains(a.Queues, q.Name) {
			c.agent(a, "queues", "it has the skills of no tier of "+q.Name, "give it skills of a tier, or take "+q.Name+" from its queues")
		}
	}
	if !serves && len(a.Queues) == 0 {
		c.agent(a, "skills", "no queue has a tier for whose skills these are enough", "give it skills of a tier of some queue")
	}
}

// levels checks a list of skills.
func (c *checker) levels(skills []queues.Skill, fail func(what, remedy string)) {
	for i, s := range skills {
		if s.Name == "" {
			fail("a skill has no name", "name it")
		}
		if s.Level < lowestLevel || s.Level > highestLevel {
			fail(fmt.Sprintf("level %d of %s is out of range", s.Level, s.Name), fmt.Sprintf("write %d to %d", lowestLevel, highestLevel))
		}
		if slices.ContainsFunc(skills[:i], func(o queues.Skill) bool { return o.Name == s.Name }) {
			fail(s.Name+" is listed twice", "keep one level of it")
		}
	}
}

// wanted checks the skills that somebody must have.
func (c *checker) wanted(q Queue, field string, skills []queues.Skill) {
	c.levels(skills, func(what, remedy string) { c.queue(q, field, what, remedy) })
	for _, s := range skills {
		if s.Name != "" && !c.skills[s.Name] {
			c.queue(q, field, "no agent has the skill "+s.Name, "correct its name, or give it to an agent")
		}
	}
}

func (c *checker) limits(q Queue) {
	if q.Name == "" {
		c.queue(q, "queues", "a queue has no name", "name it")
	}
	if q.Strategy != "" && !slices.Contains(strategies, q.Strategy) {
		c.queue(q, "strategy", fmt.Sprintf("there is no strategy %q", q.Strategy), "write one of these: "+join(strategies))
	}
	for _, d := range []struct {
		field string
		value time.Duration
	}{
		{"ring_timeout", q.RingTimeout}, {"rona_pause", q.RONAPause}, {"wrap_up", q.WrapUp}, {"max_wait", q.MaxWait},
	} {
		if d.value < 0 {
			c.queue(q, d.field, d.value.String()+" is negative", "write a time, or leave it out")
		}
	}
	for _, n := range []struct {
		field string
		value int
	}{{"at_once", q.AtOnce}, {"max_length", q.MaxLength}} {
		if n.value < 0 {
			c.queue(q, n.field, fmt.Sprintf("%d is negative", n.value), "write how many, or leave it out for no limit")
		}
	}
}

func (c *checker) tiers(q Queue) {
	for i, tier := range q.Tiers {
		nth := fmt.Sprintf("tier %d", i+1)
		switch {
		case i == 0 && tier.After != 0:
			c.queue(q, "tiers", "the first tier begins after "+tier.After.String(), "let it begin at 0, or nobody serves who has just come")
		case i > 0 && tier.After <= q.Tiers[i-1].After:
			c.queue(q, "tiers", fmt.Sprintf("%s begins after %v, tier %d after %v", nth, tier.After, i, q.Tiers[i-1].After),
				"let each tier begin later than the one before")
		}
		if i > 0 && len(q.Tiers[i-1].Skills) == 0 {
			c.queue(q, "tiers", fmt.Sprintf("nobody is left for %s, because tier %d asks for no skill and has everybody", nth, i),
				"ask for skills in the earlier tier")
		}
		c.wanted(q, "tiers", tier.Skills)
	}
}

// staff finds queues that nobody would ever serve.
func (c *checker) staff(q Queue) {
	if q.Borrow != nil || slices.ContainsFunc(q.Overflow, func(o Overflow) bool { return o.NoAgents }) {
		return
	}
	for _, a := range c.Agents {
		if _, ok := q.tierOf(a); ok {
			return
		}
	}
	c.queue(q, "tiers", "no agent serves it", "give agents its skills or list it among their queues")
}

func (c *checker) reasons() {
	for _, reason := range slices.Sorted(maps.Keys(c.Reasons)) {
		switch allowance := c.Reasons[reason]; {
		case reason == "":
			c.fail(Fault{Field: "pauses", What: "a reason has no name", Remedy: "name it"})
		case reason == ronaReason:
			c.fail(Fault{Reason: reason, What: "this is the pause of agents who let it ring", Remedy: "set rona_pause of the queue instead"})
		case allowance <= 0:
			c.fail(Fault{Reason: reason, What: "an allowance of " + allowance.String() + " allows nothing", Remedy: "write a time, or leave the reason out for no limit"})
		}
	}
}

func (c *checker) noQueue(name string) string { return fmt.Sprintf("there is no queue %q", name) }

func (c *checker) names() string {
	names := make([]string, 0, len(c.Queues))
	for _, q := range c.Queues {
		names = append(names, q.Name)
	}
	return join(names)
}

func join[S ~string](words []S) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return strings.Join(texts, ", ")
}
