package flowtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/dialplan"
)

// checks are the steps in which nothing happens, but something must be so.
var checks = map[string]func(c *conversation, value *yaml.Node) error{
	"hears":     (*conversation).hears,
	"not_hears": (*conversation).notHears,
	"expect":    (*conversation).expect,
}

// conversation is one that is being played.
type conversation struct {
	*Player
	said, offset int // what was heard up to here was matched already
	noted        int // likewise the notes
}

// plain is how words are compared: without case, with one space between them.
func plain(s string) string {
	return strings.ToLower(strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "ё", "е"))
}

// find looks for words in what was heard and not matched yet.
func (c *conversation) find(words string) bool {
	want := plain(words)
	for i := c.said; i < len(c.Heard); i++ {
		text := plain(c.Heard[i].Text)
		from := 0
		if i == c.said {
			from = min(c.offset, len(text))
		}
		if at := strings.Index(text[from:], want); at >= 0 {
			c.said, c.offset = i, from+at+len(want)
			return true
		}
	}
	return false
}

// hears listens to what is being said, until the words were there.
func (c *conversation) hears(value *yaml.Node) error {
	texts, err := words(value)
	if err != nil {
		return err
	}
	for _, text := range texts {
		for !c.find(text) {
			if !c.Listen() {
				return fmt.Errorf("the caller does not hear %q; %s", text, c.instead(text))
			}
		}
	}
	return nil
}

// instead tells what was heard since the words that were matched last.
func (c *conversation) instead(wanted string) string {
	var texts []string
	for i := c.said; i < len(c.Heard); i++ {
		if i == c.said && c.offset > 0 {
			if rest := strings.TrimSpace(tail(c.Heard[i].Text, c.offset)); rest != "" {
				texts = append(texts, fmt.Sprintf("%q", rest))
			}
			continue
		}
		texts = append(texts, fmt.Sprintf("%q", c.Heard[i].Text))
	}
	where := fmt.Sprintf(" (node %q, phase %q)", c.state.Node, c.state.Phase)
	if c.Over() {
		where = fmt.Sprintf(" (the call is over, result %q)", c.state.Result)
	}
	if len(texts) > 0 {
		return "what was heard: " + strings.Join(texts, ", ") + where
	}
	for i := len(c.Heard) - 1; i >= 0; i-- {
		if strings.Contains(plain(c.Heard[i].Text), plain(wanted)) {
			return fmt.Sprintf("nothing more was said; these words came before, at %s%s", clock(c.Heard[i].At), where)
		}
	}
	return "nothing more was said" + where
}

// tail is what follows in a text behind so many bytes of its plain form.
func tail(text string, offset int) string {
	words := strings.Fields(text)
	for i := range words {
		if len(plain(strings.Join(words[:i], " "))) >= offset {
			return strings.Join(words[i:], " ")
		}
	}
	return ""
}

func (c *conversation) notHears(value *yaml.Node) error {
	texts, err := words(value)
	if err != nil {
		return err
	}
	for _, text := range texts {
		for i := c.said; i < len(c.Heard); i++ {
			if strings.Contains(plain(c.Heard[i].Text), plain(text)) {
				return fmt.Errorf("the caller hears %q: %q", text, c.Heard[i].Text)
			}
		}
	}
	return nil
}

// words reads one text or a list of them.
func words(value *yaml.Node) ([]string, error) {
	var texts []string
	nodes := []*yaml.Node{value}
	if value != nil && value.Kind == yaml.SequenceNode {
		nodes = value.Content
	}
	for _, n := range nodes {
		if n == nil || n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" {
			return nil, fmt.Errorf("it needs the words, or a list of them")
		}
		texts = append(texts, n.Value)
	}
	return texts, nil
}

// facts are what can be expected of a call at any moment.
var facts = map[string]func(c *conversation) string{
	"node":      func(c *conversation) string { return c.state.Node },
	"phase":     func(c *conversation) string { return string(c.state.Phase) },
	"result":    func(c *conversation) string { return c.state.Result },
	"language":  func(c *conversation) string { return c.state.Language },
	"queue":     func(c *conversation) string { return c.state.Queue },
	"priority":  func(c *conversation) string { return fmt.Sprint(c.Priority) },
	"account":   func(c *conversation) string { return c.state.Caller.Account },
	"agent":     func(c *conversation) string { return c.state.AgentName },
	"over":      func(c *conversation) string { return fmt.Sprint(c.Over()) },
	"music":     func(c *conversation) string { return fmt.Sprint(c.state.Music) },
	"path":      func(c *conversation) string { return strings.Join(c.state.Path, " ") },
	"assurance": func(c *conversation) string { return c.state.Caller.Assurance.String() },
}

func (c *conversation) expect(value *yaml.Node) error {
	if value == nil || value.Kind != yaml.MappingNode {
		return fmt.Errorf("it needs a mapping, like {node: menu}")
	}
	for i := 0; i+1 < len(value.Content); i += 2 {
		key, want := value.Content[i].Value, value.Content[i+1]
		if key == "result" || key == "over" { // the last words are not cut short
			for (c.state.Phase == dialplan.PhaseLeaving || c.state.Machine) && c.Listen() {
				continue
			}
		}
		switch fact := facts[key]; {
		case key == "vars":
			if err := c.vars(want); err != nil {
				return at(value.Content[i], err)
			}
		case key == "notes":
			if err := c.notes(want); err != nil {
				return at(value.Content[i], err)
			}
		case fact == nil:
			known := append(slices.Sorted(maps.Keys(facts)), "notes", "vars")
			hint := dialplan.DidYouMean(key, known)
			if hint == "" {
				hint = "one of " + strings.Join(known, ", ")
			}
			return at(value.Content[i], fmt.Errorf("nothing is called %q (%s)", key, hint))
		case fact(c) != flat(want):
			return at(want, fmt.Errorf("%s is %q, not %q%s", key, fact(c), flat(want), c.late(key)))
		}
	}
	return nil
}

// late explains a result that is not there yet.
func (c *conversation) late(key string) string {
	if key == "result" && !c.Over() {
		return fmt.Sprintf(": the call goes on at node %q, phase %q", c.state.Node, c.state.Phase)
	}
	return ""
}

// flat is a single value, or a list of them with spaces between.
func flat(n *yaml.Node) string {
	if n.Kind != yaml.SequenceNode {
		return n.Value
	}
	var values []string
	for _, item := range n.Content {
		values = append(values, item.Value)
	}
	return strings.Join(values, " ")
}

// vars compares variables of the document, as the record of the call has them.
func (c *conversation) vars(want *yaml.Node) error {
	var state struct {
		Vars map[string]any `json:"vars"`
	}
	data, err := json.Marshal(c.state)
	if err == nil {
		err = json.Unmarshal(data, &state)
	}
	if err != nil {
		return fmt.Errorf("read the variables of the call: %w", err)
	}
	for i := 0; i+1 < len(want.Content); i += 2 {
		name := want.Content[i].Value
		got, set := state.Vars[name]
		switch {
		case !set && want.Content[i+1].Tag != "!!null":
			return at(want.Content[i], fmt.Errorf("the variable %q is not set", name))
		case set && fmt.Sprint(got) != want.Content[i+1].Value:
			return at(want.Content[i+1], fmt.Errorf("the variable %q is %v, not %s", name, got, want.Content[i+1].Value))
		}
	}
	return nil
}

// notes looks for entries of the journal, in their order, after those that were
// matched before.
func (c *conversation) notes(want *yaml.Node) error {
	items := []*yaml.Node{want}
	if want.Kind == yaml.SequenceNode {
		items = want.Content
	}
	for _, item := range items {
		i := slices.IndexFunc(c.Notes[c.noted:], func(n dialplan.Note) bool { return fits(n, item) })
		if i < 0 {
			var types []string
			for _, n := range c.Notes[c.noted:] {
				types = append(types, strings.TrimSuffix(fmt.Sprintf("%s %v", n.Type, n.Data), " map[]"))
			}
			return at(item, fmt.Errorf("the journal has no such entry; since the last one: %s", strings.Join(types, ", ")))
		}
		c.noted += i + 1
	}
	return nil
}

// fits says whether an entry is of a type, or has all values of a mapping.
func fits(n dialplan.Note, want *yaml.Node) bool {
	if want.Kind != yaml.MappingNode {
		return n.Type == want.Value
	}
	for i := 0; i+1 < len(want.Content); i += 2 {
		key, value := want.Content[i].Value, want.Content[i+1].Value
		got := n.Type
		if key != "type" {
			v, has := n.Data[key]
			if !has {
				return false
			}
			got = fmt.Sprint(v)
		}
		if got != value {
			return false
		}
	}
	return true
}
