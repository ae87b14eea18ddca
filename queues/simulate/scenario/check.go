package scenario

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/callback"
)

// The bounds of a scenario, so that a slip of the pen does not run for hours.
const (
	mostReplications = 1000
	mostAgents       = 10_000
	mostCallers      = 2_000_000
)

// failPath reports a fault of what stands at a path; of what is missing, where it
// is missing from.
func (r *reader) failPath(path, hint, format string, args ...any) {
	at := path
	for r.at[at] == nil && at != "" {
		at = at[:max(0, lastStep.FindStringIndex(at)[0])]
	}
	r.fail(r.at[at], hint, format, args...)
}

// lastStep is the last key or index of a path.
var lastStep = regexp.MustCompile(`(\.?[^.\[\]]*|\[[0-9]+\])$`)

func (r *reader) has(path string) bool { return r.at[path] != nil }

// check finds what is wrong with a document in which each value can be read.
func (r *reader) check(d *document) {
	switch {
	case d.From >= d.To:
		r.failPath("to", "a day ends at 24:00 at the latest", "the day ends before it begins")
	case d.WarmUp >= d.length():
		r.failPath("warm_up", "the day has "+d.length().String(), "nothing is left to measure after the warm-up")
	}
	if d.Replications < 1 || d.Replications > mostReplications {
		r.failPath("replications", fmt.Sprintf("1 to %d", mostReplications), "%d days cannot be played", d.Replications)
	}
	if d.Seed < 0 {
		r.failPath("seed", "any number from 0 on", "%d is no seed", d.Seed)
	}
	for _, part := range []struct {
		key string
		n   int
	}{{"queues", len(d.Queues)}, {"callers", len(d.Callers)}, {"agents", len(d.Agents)}} {
		if part.n == 0 {
			r.failPath(part.key, "", "the scenario has no %s", part.key)
		}
	}
	known := slices.Sorted(maps.Keys(d.Queues))
	expected := 0.0
	for i := range d.Callers {
		expected += r.checkCallers(&d.Callers[i], fmt.Sprintf("callers[%d]", i), known, d)
	}
	if expected > mostCallers {
		r.failPath("callers", fmt.Sprintf("at most %d a day", mostCallers), "%.0f callers are too many", expected)
	}
	names := map[string]bool{}
	for i := range d.Agents {
		r.checkGroup(&d.Agents[i], fmt.Sprintf("agents[%d]", i), known, names)
	}
	if len(r.faults) == 0 {
		r.checkRules(d)
	}
}

// checkCallers gives how many callers are expected.
func (r *reader) checkCallers(c *callers, path string, known []string, d *document) float64 {
	r.known(c.Queue, path+".queue", "queue", known)
	if c.Talk.Law == nil {
		r.failPath(path+".talk", "a law like {exponential: 3m}", "%q is missing", "talk")
	}
	if c.Patience.Law == nil {
		r.failPath(path+".patience", "a law like {exponential: 5m}, or never", "%q is missing", "patience")
	}
	if len(c.PerHour) == 0 && len(c.Bursts) == 0 {
		r.failPath(path+".per_hour", "", "nobody calls: per_hour and bursts are missing")
	}
	sum := 0.0
	for i, p := range c.Priorities {
		if sum += float64(p.Share); sum > 1 {
			r.failPath(fmt.Sprintf("%s.priorities[%d].share", path, i), "", "the shares of the priorities are more than all callers")
		}
	}
	if d.Queues[c.Queue].WrapUpByAgent && c.WrapUp.Law == nil {
		r.failPath(path+".wrap_up", "a law like {exponential: 30s}", "%q is missing: the queue lets its agents end it", "wrap_up")
	}
	r.levels(c.Skills, path+".skills")
	if c.Callback != nil {
		r.checkOffer(c.Callback, path+".callback")
	}
	expected := 0.0
	for _, rate := range c.rates(d) {
		expected += max(0, rate.To-rate.From).Hours() * rate.PerHour
	}
	return expected
}

func (r *reader) checkOffer(o *offer, path string) {
	for _, key := range []string{"after", "accept", "answer"} {
		if !r.has(path + "." + key) {
			r.failPath(path+"."+key, "", "%q is missing", key)
		}
	}
	for _, err := range o.policy().Validate() {
		var wrong *callback.PolicyError
		if errors.As(err, &wrong) {
			r.failPath(path+"."+policyKeys[wrong.Field], "", "%s", wrong.Message)
		}
	}
}

// policyKeys are the keys of the fields of a callback.Policy.
var policyKeys = map[string]string{
	"MaxAttempts": "max_attempts", "RetryAfter": "retry_after", "RingTimeout": "ring_timeout",
	"ConfirmTimeout": "confirm_timeout", "AgentHold": "agent_hold",
}

func (r *reader) checkGroup(g *group, path string, known []string, names map[string]bool) {
	switch {
	case g.Name == "":
		r.failPath(path+".name", "", "a group of agents needs a name")
	case names[g.Name]:
		r.failPath(path+".name", "", "there is a group %q already", g.Name)
	}
	names[g.Name] = true
	if n := g.count(); n < 0 || n > mostAgents {
		r.failPath(path+".count", fmt.Sprintf("0 to %d", mostAgents), "a group cannot have %d agents", n)
	}
	for i, q := range g.Queues {
		r.known(q, fmt.Sprintf("%s.queues[%d]", path, i), "queue", known)
	}
	for i, b := range g.Breaks {
		if b.For <= 0 {
			r.failPath(fmt.Sprintf("%s.breaks[%d].for", path, i), "", "a break has a length")
		}
	}
	r.levels(g.Skills, path+".skills")
}

// known wants a word to be one of those that are known.
func (r *reader) known(word, path, what string, known []string) {
	switch {
	case word == "":
		r.failPath(path, "", "%q is missing", what)
	case !slices.Contains(known, word):
		r.failPath(path, hintOf(word, known), "there is no %s %q", what, word)
	}
}

func (r *reader) levels(skills map[string]int, path string) {
	for _, name := range slices.Sorted(maps.Keys(skills)) {
		if skills[name] < 1 || skills[name] > 10 {
			r.failPath(path+"."+name, "1 to 10", "%d is no level of a skill", skills[name])
		}
	}
}

// ruleFault is how a fault of the rules says what it is about.
var ruleFault = regexp.MustCompile(`^queue "([^"]*)"`)

// checkRules lets the engine say what is wrong with the rules.
func (r *reader) checkRules(d *document) {
	s := Scenario{doc: d}
	for _, err := range s.Rules().Check() {
		path := "agents"
		if m := ruleFault.FindStringSubmatch(err.Error()); m != nil {
			path = "queues." + m[1]
		}
		r.failPath(path, "", "%s", err)
	}
}

func (d *document) length() time.Duration { return time.Duration(d.To - d.From) }
