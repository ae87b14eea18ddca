package flowtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/dialplan"
)

// File is scripted conversations with one hotline.
type File struct {
	Name    string // as it was given to Read
	Hotline string // the document it is about, as the file names it; "" when it does not

	given         *yaml.Node
	conversations []script
}

// script is one conversation as it was written.
type script struct {
	name  string
	at    *yaml.Node
	given *yaml.Node
	steps []*yaml.Node
}

// Result is how one conversation went.
type Result struct {
	File   string
	Name   string
	Line   int                // where the conversation begins
	Faults dialplan.ErrorList // none when everything was as expected
	Steps  int                // that were played
	Lasted time.Duration      // in the conversation's own time
	Heard  []Heard
}

// OK says whether everything was as expected.
func (r Result) OK() bool { return len(r.Faults) == 0 }

// Read reads a file of conversations (YAML). The error is a dialplan.ErrorList.
func Read(name string, src []byte) (*File, error) {
	f := &File{Name: name}
	decoder := yaml.NewDecoder(bytes.NewReader(src))
	var root yaml.Node
	if err := decoder.Decode(&root); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("the file is empty")
		}
		return nil, dialplan.ErrorList{{File: name, Line: 1, Col: 1, Msg: strings.TrimPrefix(err.Error(), "yaml: ")}}
	}
	if err := f.read(root.Content[0]); err != nil {
		return nil, dialplan.ErrorList{fault(name, &root, err)}
	}
	return f, nil
}

func (f *File) read(root *yaml.Node) error {
	list, err := entries(root, "a file of conversations", []string{"hotline", "given", "conversations"})
	if err != nil {
		return err
	}
	for _, e := range list {
		switch e.key.Value {
		case "hotline":
			f.Hotline = e.value.Value
		case "given":
			f.given = e.value
		case "conversations":
			if err := f.scripts(e.value); err != nil {
				return at(e.value, err)
			}
		}
	}
	if len(f.conversations) == 0 {
		return at(root, errors.New(`there are no "conversations"`))
	}
	return nil
}

func (f *File) scripts(n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode {
		return errors.New(`"conversations" must be a list`)
	}
	seen := map[string]int{}
	for _, item := range n.Content {
		list, err := entries(item, "a conversation", []string{"name", "given", "steps"})
		if err != nil {
			return at(item, err)
		}
		s := script{at: item}
		for _, e := range list {
			switch e.key.Value {
			case "name":
				s.name, s.at = e.value.Value, e.value
			case "given":
				s.given = e.value
			case "steps":
				if e.value.Kind != yaml.SequenceNode {
					return at(e.value, errors.New(`"steps" must be a list`))
				}
				s.steps = e.value.Content
			}
		}
		switch {
		case s.name == "":
			return at(item, errors.New("a conversation needs a name"))
		case seen[s.name] > 0:
			return at(s.at, fmt.Errorf("conversation %q is here twice: the first is on line %d", s.name, seen[s.name]))
		case len(s.steps) == 0:
			return at(s.at, fmt.Errorf("conversation %q has no steps", s.name))
		}
		seen[s.name] = s.at.Line
		f.conversations = append(f.conversations, s)
	}
	return nil
}

// Run plays all conversations whose name contains only ("" is in all) with a
// document, and counts in cover what they were through.
func (f *File) Run(doc *dialplan.Document, cover *Coverage, only string) []Result {
	var results []Result
	for _, s := range f.conversations {
		if strings.Contains(s.name, only) {
			results = append(results, f.play(doc, s, cover))
		}
	}
	return results
}

// World is what the file says of the world around all its conversations.
func (f *File) World(doc *dialplan.Document) (World, error) {
	g := &givens{doc: doc}
	if err := g.read(f.given); err != nil {
		return World{}, dialplan.ErrorList{fault(f.Name, f.given, err)}
	}
	return g.World, nil
}

func (f *File) play(doc *dialplan.Document, s script, cover *Coverage) Result {
	r := Result{File: f.Name, Name: s.name, Line: s.at.Line}
	fail := func(n *yaml.Node, err error) {
		e := fault(f.Name, n, err)
		e.Msg = s.name + ": " + e.Msg
		r.Faults = append(r.Faults, e)
	}
	g := &givens{doc: doc}
	for _, given := range []*yaml.Node{f.given, s.given} {
		if err := g.read(given); err != nil {
			fail(s.at, err)
			return r
		}
	}
	c := &conversation{Player: New(doc, g.World)}
	c.seen = cover.step
	c.Start()
	for _, step := range s.steps {
		if err := c.step(step); err != nil {
			fail(step, err)
			break // what follows would only follow from this
		}
		r.Steps++
	}
	for _, what := range c.Unknown {
		fail(s.at, fmt.Errorf("the hotline asks for something that conversations cannot do yet: %s", what))
	}
	r.Lasted, r.Heard = c.now.Sub(c.begun), c.Heard
	return r
}

// step plays one step: a word, or a mapping of one verb to its value.
func (c *conversation) step(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		if _, check := checks[n.Value]; check {
			return at(n, fmt.Errorf("%q needs something to look for", n.Value))
		}
		return at(n, c.Do(n.Value, ""))
	}
	if n.Kind != yaml.MappingNode || len(n.Content) != 2 {
		return at(n, errors.New(`a step is one word, or one word with its value: "press: 1"`))
	}
	name, value := n.Content[0].Value, n.Content[1]
	if check := checks[name]; check != nil {
		return at(n.Content[0], check(c, value))
	}
	if value.Kind != yaml.ScalarNode {
		return at(value, fmt.Errorf("%q takes a single value", name))
	}
	text := value.Value
	if value.Tag == "!!null" {
		text = ""
	}
	return at(n.Content[0], c.Do(name, text))
}
