package flowtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/dialplan"
)

// placed is a fault with its place in the script.
type placed struct {
	node *yaml.Node
	err  error
}

func (p *placed) Error() string { return p.err.Error() }
func (p *placed) Unwrap() error { return p.err }

// at gives a fault its place, unless it has one.
func at(n *yaml.Node, err error) error {
	var has *placed
	if err == nil || errors.As(err, &has) {
		return err
	}
	return &placed{n, err}
}

// fault is an error as editors understand it.
func fault(file string, n *yaml.Node, err error) *dialplan.Error {
	var has *placed
	if errors.As(err, &has) {
		n, err = has.node, has.err
	}
	return &dialplan.Error{File: file, Line: max(n.Line, 1), Col: max(n.Column, 1), Msg: err.Error()}
}

// entry is one key of a mapping.
type entry struct{ key, value *yaml.Node }

// entries reads a mapping whose keys must be among the known ones; nil allows any.
func entries(n *yaml.Node, what string, known []string) ([]entry, error) {
	if n.Kind != yaml.MappingNode {
		return nil, at(n, fmt.Errorf("%s must be a mapping", what))
	}
	var list []entry
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		e := entry{n.Content[i], n.Content[i+1]}
		switch name := e.key.Value; {
		case seen[name]:
			return nil, at(e.key, fmt.Errorf("key %q is here twice", name))
		case known != nil && !slices.Contains(known, name):
			hint := dialplan.DidYouMean(name, known)
			if hint == "" {
				hint = "one of " + strings.Join(known, ", ")
			}
			return nil, at(e.key, fmt.Errorf("unknown key %q (%s)", name, hint))
		}
		seen[e.key.Value] = true
		list = append(list, e)
	}
	return list, nil
}

// decode reads a value into something, and places the fault.
func decode(n *yaml.Node, into any) error {
	if err := n.Decode(into); err != nil {
		return at(n, fmt.Errorf("it cannot be %q", n.Value))
	}
	return nil
}

// readTime reads "2026-11-23 12:00", by the clock of the hotline, or RFC 3339.
func readTime(n *yaml.Node, zone *time.Location) (time.Time, error) {
	return at2(n)(ReadTime(n.Value, zone))
}

// at2 places the fault of a function with a result.
func at2(n *yaml.Node) func(time.Time, error) (time.Time, error) {
	return func(t time.Time, err error) (time.Time, error) { return t, at(n, err) }
}

// ReadTime reads "2026-11-23 12:00" or "2026-11-23 12:00:30" by the clock of a
// zone, or RFC 3339 with its own.
func ReadTime(v string, zone *time.Location) (time.Time, error) {
	for _, layout := range []string{"2006-01-02 15:04", time.DateTime} {
		if t, err := time.ParseInLocation(layout, v, zone); err == nil {
			return t, nil
		}
	}
	if t, err := time.Parse(time.RFC3339, v); err == nil {
		return t, nil
	}
	return time.Time{}, fmt.Errorf("%q is no time: write it like \"2026-11-23 12:00\"", v)
}

// clock shows how far a conversation had come.
func clock(d time.Duration) string { return d.Round(100 * time.Millisecond).String() }
