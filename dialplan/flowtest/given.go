package flowtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/prompts"
)

// given reads one key of "given" into the world.
type given func(g *givens, n *yaml.Node) error

// givens is a world in the making.
type givens struct {
	World
	doc *dialplan.Document
}

// givenKeys are what can be given.
func givenKeys() map[string]given {
	return map[string]given{
		"time": func(g *givens, n *yaml.Node) (err error) { g.Now, err = readTime(n, Zone(g.doc)); return err },
		"caller": func(g *givens, n *yaml.Node) error {
			number, err := ReadNumber(n.Value, g.doc)
			g.Number = number
			return at(n, err)
		},
		"called":    func(g *givens, n *yaml.Node) error { return decode(n, &g.Dialled) },
		"directory": (*givens).directory,
		"queues":    (*givens).queues,
		"lookups":   (*givens).lookups,
		"transfers": (*givens).transfers,
		"callbacks": (*givens).callbacks,
		"callback":  (*givens).callback,
		"history":   (*givens).history,
		"language": func(g *givens, n *yaml.Node) error {
			if !slices.Contains(prompts.Languages(), n.Value) {
				return fmt.Errorf("unknown language %q", n.Value)
			}
			g.Language = n.Value
			return nil
		},
	}
}

// read takes over what a mapping says; nil says nothing.
func (g *givens) read(n *yaml.Node) error {
	if n == nil {
		return nil
	}
	readers := givenKeys()
	list, err := entries(n, `"given"`, slices.Sorted(maps.Keys(readers)))
	if err != nil {
		return err
	}
	for _, e := range list {
		if err := readers[e.key.Value](g, e.value); err != nil {
			return at(e.value, err)
		}
	}
	return nil
}

// ReadNumber brings a caller's number to E.164 as a hotline understands it; "" and
// "withheld" are no number.
func ReadNumber(v string, doc *dialplan.Document) (string, error) {
	if v == "" || v == "withheld" {
		return "", nil
	}
	number, ok := callers.Normalize(v, doc.Country)
	if !ok {
		return "", fmt.Errorf("%q is no phone number: write it like +79161234567, or \"withheld\"", v)
	}
	return number, nil
}

func (g *givens) directory(n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode {
		return fmt.Errorf(`"directory" must be a list of records`)
	}
	g.Directory = nil
	for _, item := range n.Content {
		one, err := g.person(item)
		if err != nil {
			return at(item, err)
		}
		g.Directory = append(g.Directory, one...)
	}
	return nil
}

var personKeys = []string{"account", "name", "number", "numbers", "pin", "code", "language", "time_zone", "vip", "balance", "fields", "answers"}

// person reads a record: one for each of its numbers.
func (g *givens) person(n *yaml.Node) ([]Person, error) {
	list, err := entries(n, "a record", personKeys)
	if err != nil {
		return nil, err
	}
	var one Person
	var numbers []*yaml.Node
	for _, e := range list {
		switch v := e.value; e.key.Value {
		case "account":
			one.Account = v.Value
		case "name":
			one.Name = v.Value
		case "number", "numbers":
			numbers = []*yaml.Node{v}
			if v.Kind == yaml.SequenceNode {
				numbers = v.Content
			}
		case "pin":
			one.PIN = v.Value
		case "code":
			one.Code = v.Value
		case "language":
			if !slices.Contains(prompts.Languages(), v.Value) {
				return nil, at(v, fmt.Errorf("unknown language %q", v.Value))
			}
			one.Language = v.Value
		case "time_zone":
			one.TimeZone = v.Value
		case "vip":
			err = decode(v, &one.VIP)
		case "balance":
			amount, code, _ := strings.Cut(v.Value, " ")
			money, wrong := callers.ParseMoney(amount, strings.TrimSpace(code))
			one.Balance, err = &money, at(v, wrong)
		case "fields":
			err = decode(v, &one.Fields)
		case "answers":
			err = decode(v, &one.Answers)
		}
		if err != nil {
			return nil, err
		}
	}
	if one.Account == "" {
		return nil, fmt.Errorf("a record needs an account")
	}
	people := []Person{}
	for _, v := range numbers {
		with := one
		if with.Number, err = ReadNumber(v.Value, g.doc); err != nil {
			return nil, at(v, err)
		}
		people = append(people, with)
	}
	if len(people) == 0 {
		people = append(people, one)
	}
	return people, nil
}

func (g *givens) queues(n *yaml.Node) error {
	list, err := entries(n, `"queues"`, g.doc.Queues())
	if err != nil {
		return err
	}
	if g.Queues == nil {
		g.Queues = map[string]Queue{}
	}
	for _, e := range list {
		q, err := readQueue(e.value)
		if err != nil {
			return at(e.value, err)
		}
		g.Queues[e.key.Value] = q
	}
	return nil
}

// readQueue reads how a queue treats the place: a word, or a mapping.
func readQueue(n *yaml.Node) (Queue, error) {
	if n.Kind == yaml.ScalarNode {
		return ReadOutcome(n.Value)
	}
	list, err := entries(n, "a queue", []string{"ahead", "wait", "agents", "ends", "answers", "after", "talks"})
	if err != nil {
		return Queue{}, err
	}
	var q Queue
	for _, e := range list {
		v := e.value
		switch e.key.Value {
		case "ahead":
			err = decode(v, &q.Ahead)
		case "agents":
			err = decode(v, &q.Able)
		case "wait":
			q.Low, q.High, err = readSpan(v.Value)
		case "ends":
			var ends Queue
			ends, err = ReadOutcome(v.Value)
			q.Ends = ends.Ends
		case "answers":
			q.Answers = v.Value
		case "after":
			q.After, err = readDuration(v.Value)
		case "talks":
			q.Speaking, err = readDuration(v.Value)
		}
		if err != nil {
			return Queue{}, at(v, err)
		}
	}
	return q, nil
}

// ReadOutcome reads how a wait ends at once: full, no_agents, timeout, unavailable.
func ReadOutcome(v string) (Queue, error) {
	if _, ok := Reasons[v]; !ok {
		return Queue{}, fmt.Errorf("%q is no end of a wait: one of full, no_agents, timeout, unavailable", v)
	}
	return Queue{Ends: v}, nil
}

// historyKeys are what documents know of earlier calls.
var historyKeys = map[string]func(h *callers.History) any{
	"calls_today":      func(h *callers.History) any { return &h.CallsToday },
	"calls_week":       func(h *callers.History) any { return &h.CallsWeek },
	"last_queue":       func(h *callers.History) any { return &h.LastQueue },
	"last_result":      func(h *callers.History) any { return &h.LastResult },
	"last_agent":       func(h *callers.History) any { return &h.LastAgent },
	"last_disposition": func(h *callers.History) any { return &h.LastDisposition },
	"callbacks_open":   func(h *callers.History) any { return &h.CallbacksOpen },
	"callbacks_kept":   func(h *callers.History) any { return &h.CallbacksKept },
}

func (g *givens) history(n *yaml.Node) error {
	list, err := entries(n, `"history"`, append(slices.Sorted(maps.Keys(historyKeys)), "last_at"))
	if err != nil {
		return err
	}
	g.History = callers.History{}
	for _, e := range list {
		if e.key.Value == "last_at" {
			g.History.LastAt, err = readTime(e.value, Zone(g.doc))
		} else {
			err = decode(e.value, historyKeys[e.key.Value](&g.History))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (g *givens) callbacks(n *yaml.Node) error {
	list, err := entries(n, `"callbacks"`, []string{"refused", "existing"})
	if err != nil {
		return err
	}
	g.Callbacks = Callbacks{}
	for _, e := range list {
		if e.key.Value == "refused" {
			g.Callbacks.Refused = e.value.Value
		} else {
			g.Callbacks.Existing = e.value.Value
		}
	}
	return nil
}

func (g *givens) callback(n *yaml.Node) error {
	list, err := entries(n, `"callback"`, []string{"queue", "reason", "verify"})
	if err != nil {
		return err
	}
	call := CustomerCall{}
	if queues := g.doc.Queues(); len(queues) > 0 {
		call.Queue = queues[0]
	}
	for _, e := range list {
		switch e.key.Value {
		case "queue":
			if call.Queue = e.value.Value; !slices.Contains(g.doc.Queues(), call.Queue) {
				return at(e.value, fmt.Errorf("the hotline has no queue %q (one of %s)", call.Queue, strings.Join(g.doc.Queues(), ", ")))
			}
		case "reason":
			call.Reason = e.value.Value
		case "verify":
			if err := decode(e.value, &call.Verify); err != nil {
				return err
			}
		}
	}
	g.World.Callback = &call
	return nil
}
