package config

import (
	"errors"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/dialplan"
)

// callbackKeys are the keys of what Policy.Validate finds fault with.
var callbackKeys = map[string]string{
	"Prefixes": "prefixes", "Types": "types", "Blocked": "blocked", "Caps": "caps", "Hours": "hours", "CutOff": "cut_off", "Ahead": "ahead",
	"RetryAfter": "retry_after", "MaxAttempts": "max_attempts", "RingTimeout": "ring_timeout",
	"ConfirmTimeout": "confirm_timeout", "AgentHold": "agent_hold", "Uncertain": "uncertain",
	"Mode": "mode", "Retries": "retries", "Expire": "expire", "Machine": "machine.then",
}

// callbacks reads the calling hours and checks the rules by which is dialled.
func (c *checker) callbacks() {
	if node := find(c.root, "callbacks", "hours"); node != nil && c.Callbacks.Hours != nil {
		h, err := dialplan.ReadHours(c.file, node)
		var faults dialplan.ErrorList
		if errors.As(err, &faults) {
			for _, f := range faults {
				c.faults = append(c.faults, &fault{file: c.file, line: f.Line, key: "callbacks.hours", err: wordsOf(f)})
			}
		}
		c.Callbacks.hours = h
	}
	if d := c.Callbacks.Machine.Detect; !slices.Contains([]string{"", "talk", "amd", "off"}, d) {
		c.fail("callbacks.machine.detect", "%q is neither \"talk\", \"amd\" nor \"off\"", d)
	}
	c.groups()
	for _, err := range c.Callbacks.Rules().Validate() {
		var bad *callback.PolicyError
		if errors.As(err, &bad) && callbackKeys[bad.Field] != "" { // groups has told the others
			c.fail("callbacks."+callbackKeys[bad.Field], "%s", bad.Message)
		}
	}
}

// wordsOf is a fault of a document without the place, which a fault has itself.
func wordsOf(f *dialplan.Error) error {
	if f.Hint == "" {
		return errors.New(f.Msg)
	}
	return errors.New(f.Msg + " (" + f.Hint + ")")
}

// find gives the value at a path of keys, nil when there is none.
func find(n *yaml.Node, path ...string) *yaml.Node {
	for n != nil && (n.Kind == yaml.DocumentNode || n.Kind == yaml.AliasNode) {
		if n.Kind == yaml.AliasNode {
			n = n.Alias
		} else if n = n.Content[0]; len(path) == 0 {
			break
		}
	}
	if len(path) == 0 || n == nil {
		return n
	}
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == path[0] {
			return find(n.Content[i+1], path[1:]...)
		}
	}
	return nil
}
