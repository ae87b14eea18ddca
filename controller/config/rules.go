package config

import (
	"maps"
	"slices"

	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/acd"
)

// Settings are those of the queue that both engines have.
func (q Queue) Settings() queues.Settings {
	return queues.Settings{DialLead: q.DialLead, PromiseRetry: q.PromiseRetry, PriorHandleTime: q.PriorHandleTime}
}

// Rules are how the queues with engine linekeeper are served: those in the order
// of their names, and the agents in the order in which the file lists them.
func (c *Config) Rules() acd.Rules {
	r := acd.Rules{Reasons: c.Pauses}
	for _, name := range c.QueuesOf(EngineLinekeeper) {
		r.Queues = append(r.Queues, c.Queues[name].rules(name))
	}
	for _, id := range c.agentIDs() {
		a := c.Agents[id]
		if a.Name == "" {
			a.Name = id
		}
		r.Agents = append(r.Agents, acd.Agent{
			ID: id, Name: a.Name, Phone: a.Phone, Skills: skillList(a.Skills), Queues: slices.Clone(a.Queues),
		})
	}
	return r
}

// QueuesOf lists the queues that have this engine, sorted.
func (c *Config) QueuesOf(engine string) []string {
	var names []string
	for name, q := range c.Queues {
		if q.Engine == engine || q.Engine == "" && engine == EngineAsterisk {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Skills gives the highest level of each skill that an agent of a queue has, or
// one that may be lent to it: by queue and skill; nil for a queue whose agents
// the switch knows.
func (c *Config) Skills() map[string]map[string]int {
	best := make(map[string]map[string]int, len(c.Queues))
	for name, q := range c.Queues {
		if q.Engine != EngineLinekeeper {
			best[name] = nil
			continue
		}
		from := []string{name}
		if q.Borrow != nil {
			from = append(from, q.Borrow.From...)
		}
		best[name] = map[string]int{}
		for _, a := range c.Agents {
			serves := func(queue string) bool { return slices.Contains(from, queue) }
			if len(a.Queues) > 0 && !slices.ContainsFunc(a.Queues, serves) {
				continue
			}
			for skill, level := range a.Skills {
				best[name][skill] = max(best[name][skill], level)
			}
		}
	}
	return best
}

// agentIDs lists the agents as they are written; those of a configuration that
// was not parsed, by name.
func (c *Config) agentIDs() []string {
	ids := slices.DeleteFunc(slices.Clone(c.agents), func(id string) bool { _, ok := c.Agents[id]; return !ok })
	for _, id := range slices.Sorted(maps.Keys(c.Agents)) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (q Queue) rules(name string) acd.Queue {
	r := acd.Queue{
		Name: name, Settings: q.Settings(), Strategy: q.Strategy,
		RingTimeout: q.RingTimeout, RONAPause: q.RONAPause, WrapUp: q.WrapUp, WrapUpByAgent: q.WrapUpByAgent,
		AtOnce: q.AtOnce, MaxLength: q.MaxLength, MaxWait: q.MaxWait, JoinEmpty: q.JoinEmpty, LeaveEmpty: q.LeaveEmpty,
	}
	for _, t := range q.Tiers {
		r.Tiers = append(r.Tiers, acd.Tier{After: t.After, Skills: skillList(t.Skills)})
	}
	for _, o := range q.Overflow {
		r.Overflow = append(r.Overflow, acd.Overflow(o))
	}
	if b := q.Borrow; b != nil {
		r.Borrow = &acd.Borrow{
			From: slices.Clone(b.From), Skills: skillList(b.Skills), Above: b.Above, Below: b.Below, Keep: b.Keep,
		}
	}
	return r
}

// skillList sorts skills by name.
func skillList(levels map[string]int) []queues.Skill {
	var skills []queues.Skill
	for _, name := range slices.Sorted(maps.Keys(levels)) {
		skills = append(skills, queues.Skill{Name: name, Level: levels[name]})
	}
	return skills
}
