// Package scenario reads the documents that say what linekeeper simulate plays:
// queues and their rules, callers, agents and their day. It is pure; the file is
// read elsewhere.
package scenario

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/queues/simulate"
)

// Scenario is a document that was read.
type Scenario struct {
	File         string
	Title        string
	Seed         uint64
	Replications int
	Target       Target

	doc *document
	at  map[string]*yaml.Node // what stands at a path
}

// Target is a service level: this share of callers is to be answered within this
// time.
type Target struct {
	Share  float64 // 0 to 1
	Within time.Duration
}

// String writes it as "80/20": per cent, and seconds.
func (t Target) String() string { return fmt.Sprintf("%g/%g", t.Share*100, t.Within.Seconds()) }

// DefaultTarget is 80/20, the usual one.
var DefaultTarget = Target{Share: 0.8, Within: 20 * time.Second}

// DefaultReplications is how many days are drawn where nobody says.
const DefaultReplications = 20

// Parse reads a document. The error is a dialplan.ErrorList of all its faults,
// each with file, line and column; file is only used for that.
func Parse(file string, src []byte) (*Scenario, error) {
	r := &reader{file: file, at: map[string]*yaml.Node{}}
	doc := &document{
		Replications: DefaultReplications, Seed: 1, Target: target(DefaultTarget), To: clock(24 * time.Hour), Overtime: 2 * time.Hour,
	}
	if root := r.load(src); root != nil {
		r.read(root, doc)
		if len(r.faults) == 0 {
			r.check(doc)
		}
	}
	if len(r.faults) > 0 {
		slices.SortStableFunc(r.faults, func(a, b *dialplan.Error) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
		})
		return nil, r.faults
	}
	return &Scenario{
		File: file, Title: doc.Title, Seed: uint64(doc.Seed), Replications: doc.Replications, Target: Target(doc.Target), doc: doc, at: r.at,
	}, nil
}

// load gives the root of the one YAML document.
func (r *reader) load(src []byte) *yaml.Node {
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var root, second yaml.Node
	switch err := dec.Decode(&root); {
	case errors.Is(err, io.EOF), err == nil && len(root.Content) == 0:
		r.failAt(1, 1, "", "the document is empty")
		return nil
	case err != nil:
		line, msg := yamlFault(err)
		r.failAt(line, 1, "", "this is no YAML: %s", msg)
		return nil
	}
	if err := dec.Decode(&second); err == nil {
		r.fail(&second, "one file holds one scenario", "a second document begins here")
		return nil
	}
	return root.Content[0]
}

// Groups lists the names of the groups of agents, as written.
func (s *Scenario) Groups() []string {
	var names []string
	for _, g := range s.doc.Agents {
		names = append(names, g.Name)
	}
	return names
}

// Count is how many agents a group has.
func (s *Scenario) Count(group string) int {
	for _, g := range s.doc.Agents {
		if g.Name == group {
			return g.count()
		}
	}
	return 0
}

// Queues lists the names of the queues, sorted.
func (s *Scenario) Queues() []string {
	var names []string
	for _, q := range s.Rules().Queues {
		names = append(names, q.Name)
	}
	return names
}

// Change is what is played otherwise than written.
type Change struct {
	Counts map[string]int // agents by group
	Rules  *acd.Rules     // the queues of these instead of the document's; their agents are not taken
}

// Plan gives the day to play. The error says what a change does not fit.
func (s *Scenario) Plan(c Change) (*simulate.Plan, error) {
	p := s.plan(c)
	if err := p.Check(); err != nil {
		return nil, err
	}
	if errs := p.Rules.Check(); len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return p, nil
}
