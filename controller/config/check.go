package config

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/prompts"
	"github.com/linekeeper/linekeeper/queues/acd"
)

// checker finds what is wrong with a configuration that could be decoded.
type checker struct {
	*Config
	file   string
	root   *yaml.Node
	lines  map[string]int // of each key, by its dotted path
	agents []string       // as written
	faults []*fault
}

func newChecker(file string, cfg *Config, root *yaml.Node) *checker {
	c := &checker{Config: cfg, file: file, root: root, lines: map[string]int{}}
	if len(root.Content) > 0 {
		c.walk("", root.Content[0], false)
	}
	return c
}

// walk remembers where each key is written. An alias is followed once: within
// another one it could lead round and round.
func (c *checker) walk(path string, n *yaml.Node, aliased bool) {
	if n.Kind == yaml.AliasNode && !aliased {
		n, aliased = n.Alias, true
	}
	if n.Kind == yaml.SequenceNode {
		for i, item := range n.Content {
			inner := path + "." + strconv.Itoa(i)
			c.lines[inner] = item.Line
			c.walk(inner, item, aliased)
		}
		return
	}
	if n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i].Value
		if key == "<<" {
			c.walk(path, n.Content[i+1], aliased)
			continue
		}
		if path == "agents" {
			c.agents = append(c.agents, key)
		}
		inner := strings.TrimPrefix(path+"."+key, ".")
		c.lines[inner] = n.Content[i].Line
		c.walk(inner, n.Content[i+1], aliased)
	}
}

func (c *checker) wrote(key string) bool { return c.lines[key] > 0 }

// fail reports a fault of a key.
func (c *checker) fail(key, format string, args ...any) {
	c.faults = append(c.faults, &fault{file: c.file, line: lineAt(c.lines, key), key: key, err: fmt.Errorf(format, args...)})
}

// lineAt is the line of a key, or of what it is missing from.
func lineAt(lines map[string]int, key string) int {
	for key != "" && lines[key] == 0 {
		key = key[:max(strings.LastIndexByte(key, '.'), 0)]
	}
	return lines[key]
}

// check gives all faults. Where something could not be decoded, a key that is
// missing is likely one of those, and what stands there was not read.
func (c *checker) check(undecoded []*fault) []*fault {
	need := func(ok bool, key, format string, args ...any) {
		if !ok {
			c.fail(key, format, args...)
		}
	}
	need(c.Hotlines != "", "hotlines", "name the folder of the hotline documents")
	need(len(c.Queues) > 0, "queues", "name at least one queue, as in queues.conf")
	need(slices.Contains([]string{"", "count", "hold", "ask"}, c.Callbacks.Uncertain), "callbacks.uncertain", "use \"count\", \"hold\" or \"ask\"")
	need(len(c.Callbacks.Prefixes) == 0 || c.Callbacks.Endpoint != "", "callbacks.endpoint", "say how customers are dialled, such as \"PJSIP/{number}@trunk\"")
	c.callbacks()
	c.directories()
	for _, s := range []struct {
		key string
		val Secret
	}{{"asterisk.ari.password", c.Asterisk.ARI.Password}, {"asterisk.ami.password", c.Asterisk.AMI.Password}} {
		if _, err := s.val.Reveal(); err != nil {
			c.fail(s.key, "%w", err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Queues)) {
		c.queue(name, c.Queues[name])
	}
	c.duty()
	c.rules()
	c.voice()
	c.recordings()
	c.lock()
	c.web()
	c.hooks()
	c.lookups()
	c.transfers()
	if len(undecoded) == 0 {
		return c.faults
	}
	return slices.DeleteFunc(c.faults, func(f *fault) bool {
		onLine := func(u *fault) bool { return u.line == f.line || u.line == 0 }
		return !c.wrote(f.key) || slices.ContainsFunc(undecoded, onLine)
	})
}

// rules checks how linekeeper distributes.
func (c *checker) rules() {
	if len(c.QueuesOf(EngineLinekeeper)) == 0 {
		return // whatever there is of agents, duty tells what to do about it
	}
	for _, err := range c.Rules().Check() {
		var f *acd.Fault
		if !errors.As(err, &f) {
			c.faults = append(c.faults, &fault{file: c.file, err: err})
			continue
		}
		key := f.Field
		switch {
		case f.Queue != "":
			key = "queues." + f.Queue + "." + f.Field
		case f.Agent != "":
			key = "agents." + f.Agent + "." + f.Field
		case f.Reason != "":
			key = "pauses." + f.Reason
		}
		c.fail(strings.TrimSuffix(key, "."), "%s; %s", f.What, f.Remedy)
	}
}

// ofLinekeeper are the keys of a queue that say how linekeeper distributes. The
// switch would not know of them.
var ofLinekeeper = []string{
	"strategy", "tiers", "ring_timeout", "rona_pause", "wrap_up", "wrap_up_by_agent", "at_once", "max_length", "max_wait",
	"join_empty", "leave_empty", "overflow", "borrow",
}

func (c *checker) queue(name string, q Queue) {
	key := func(k string) string { return "queues." + name + "." + k }
	switch q.Engine {
	case EngineLinekeeper:
	case EngineAsterisk:
		for _, k := range ofLinekeeper {
			if c.wrote(key(k)) {
				c.fail(key(k), "Asterisk distributes this queue by queues.conf; remove the key, or write \"engine: linekeeper\"")
			}
		}
	default:
		c.fail(key("engine"), "%s", unknown("engine", q.Engine, []string{EngineAsterisk, EngineLinekeeper}))
	}
	for k, d := range map[string]time.Duration{
		"prior_handle_time": q.PriorHandleTime, "dial_lead": q.DialLead, "promise_retry": q.PromiseRetry,
	} {
		if d < 0 {
			c.fail(key(k), "%v is negative; write a time, or leave it out", d)
		}
	}
	c.escalate(name, q.Escalate)
	for _, lang := range slices.Sorted(maps.Keys(q.Whisper)) {
		switch {
		case !slices.Contains(prompts.Languages(), lang):
			c.fail(key("whisper."+lang), "%s", unknown("language", lang, prompts.Languages()))
		case strings.TrimSpace(q.Whisper[lang]) == "":
			c.fail(key("whisper."+lang), "write what the queue is called in a sentence")
		}
	}
}

var (
	agentKeys = regexp.MustCompile(`^[0-9*#]{1,4}$`)
	agentCode = regexp.MustCompile(`^[0-9*#]{2,8}$`)
)

func (c *checker) escalate(name string, e Escalate) {
	key := "queues." + name + ".escalate"
	if e == (Escalate{}) && !c.wrote(key) {
		return
	}
	if !agentKeys.MatchString(e.Keys) {
		c.fail(key+".keys", "%q are no keys to press; write 1 to 4 of 0 to 9, * and #, such as \"*2\"", e.Keys)
	}
	_, there := c.Queues[e.To]
	switch {
	case e.To == "":
		c.fail(key+".to", "name the queue to which the caller goes")
	case e.To == name:
		c.fail(key+".to", "the caller is in this queue already; name another one")
	case !there:
		c.fail(key+".to", "%s", unknown("queue", e.To, slices.Sorted(maps.Keys(c.Queues))))
	}
}

// duty checks what agents are and what they dial.
func (c *checker) duty() {
	if len(c.QueuesOf(EngineLinekeeper)) == 0 {
		for _, key := range []string{"agents", "pauses", "agent_codes"} {
			if c.wrote(key) {
				c.fail(key, "no queue has \"engine: linekeeper\", and the agents of the others are members in queues.conf")
			}
		}
	}
	codes, taken := c.AgentCodes, map[string]string{}
	for _, code := range []struct{ key, dialled string }{
		{"login", codes.LogIn}, {"logout", codes.LogOut}, {"pause", codes.Pause}, {"unpause", codes.Unpause}, {"ready", codes.Ready},
	} {
		key := "agent_codes." + code.key
		switch other := taken[code.dialled]; {
		case !agentCode.MatchString(code.dialled):
			c.fail(key, "%q cannot be dialled; write 2 to 8 of 0 to 9, * and #, such as \"*22\"", code.dialled)
		case other != "":
			c.fail(key, "%q is also the code of %q; write another one", code.dialled, other)
		}
		taken[code.dialled] = code.key
	}
}

// unknown says that a word is not among those that are known, and what to write.
func unknown(what, word string, known []string) string {
	hint := dialplan.DidYouMean(word, known)
	if hint == "" {
		hint = "one of " + strings.Join(known, ", ")
	}
	return fmt.Sprintf("there is no %s %q (%s)", what, word, hint)
}
