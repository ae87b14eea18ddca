package flowtest

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/linekeeper/linekeeper/dialplan"
)

// Answer is what a lookup gives.
type Answer struct {
	Result dialplan.FetchResult // "" stands for FetchFound
	Row    map[string]string    // fields of the answer
	After  time.Duration
}

// Answered is how it goes with whom the caller is put through to.
type Answered struct {
	Result   dialplan.TransferResult // "" or TransferOver: picked up
	After    time.Duration           // of ringing, or of being lent to the switch's dialplan
	Speaking time.Duration           // how long they talk, when it was picked up
}

// fetch answers as the world says; a lookup that is not there finds nothing.
func (p *Player) fetch(a dialplan.Fetch) {
	answer, known := p.World.Lookups[a.Source]
	ev := dialplan.Fetched{Seq: a.Seq, Result: answer.Result, Row: answer.Row}
	switch {
	case !known:
		ev.Result = dialplan.FetchNotFound
	case answer.Result == "":
		ev.Result = dialplan.FetchFound
	}
	p.later(due{at: p.now.Add(answer.After), ev: ev})
}

// ring lets whom the caller is put through to pick up, unless the world says otherwise.
func (p *Player) ring(a dialplan.Dial) {
	way := p.World.Transfers[p.state.Node]
	if way.Result != "" && way.Result != dialplan.TransferOver {
		p.later(due{at: p.now.Add(way.After), ev: dialplan.DialOver{Seq: a.Seq, Result: way.Result}})
		return
	}
	p.later(due{at: p.now.Add(way.After), ev: dialplan.DialAnswered{Seq: a.Seq}})
	p.later(due{at: p.now.Add(way.After + max(way.Speaking, time.Second)), ev: dialplan.DialOver{Seq: a.Seq, Result: dialplan.TransferOver}})
}

func (p *Player) lend(dialplan.Lend) {
	way := p.World.Transfers[p.state.Node]
	p.later(due{at: p.now.Add(max(way.After, time.Second)), ev: dialplan.Returned{Result: string(way.Result)}})
}

// lookups reads the answers of other systems by the name of the lookup.
func (g *givens) lookups(n *yaml.Node) error {
	var asked []string
	for _, node := range g.doc.Nodes {
		if node.Lookup != nil && !slices.Contains(asked, node.Lookup.Source) {
			asked = append(asked, node.Lookup.Source)
		}
	}
	slices.Sort(asked)
	list, err := entries(n, `"lookups"`, asked)
	if err != nil {
		return err
	}
	if g.Lookups == nil {
		g.Lookups = map[string]Answer{}
	}
	for _, e := range list {
		a, err := readAnswer(e.value)
		if err != nil {
			return at(e.value, err)
		}
		g.Lookups[e.key.Value] = a
	}
	return nil
}

// readAnswer reads not_found or failed, or the fields of what was found.
func readAnswer(n *yaml.Node) (a Answer, err error) {
	if n.Kind == yaml.ScalarNode {
		return a, oneResult(n.Value, &a.Result, dialplan.FetchNotFound, dialplan.FetchFailed)
	}
	list, err := entries(n, "an answer", []string{"found", "result", "after"})
	if err != nil {
		return a, err
	}
	for _, e := range list {
		switch e.key.Value {
		case "found":
			err = decode(e.value, &a.Row)
		case "result":
			err = oneResult(e.value.Value, &a.Result, dialplan.FetchNotFound, dialplan.FetchFailed)
		case "after":
			a.After, err = readDuration(e.value.Value)
		}
		if err != nil {
			return a, at(e.value, err)
		}
	}
	return a, nil
}

// transfers reads how it goes at each transfer node.
func (g *givens) transfers(n *yaml.Node) error {
	var nodes []string
	for _, name := range slices.Sorted(maps.Keys(g.doc.Nodes)) {
		if g.doc.Nodes[name].Kind == dialplan.KindTransfer {
			nodes = append(nodes, name)
		}
	}
	list, err := entries(n, `"transfers"`, nodes)
	if err != nil {
		return err
	}
	if g.Transfers == nil {
		g.Transfers = map[string]Answered{}
	}
	for _, e := range list {
		way, err := readAnswered(e.value)
		if err != nil {
			return at(e.value, err)
		}
		g.Transfers[e.key.Value] = way
	}
	return nil
}

func readAnswered(n *yaml.Node) (way Answered, err error) {
	known := []dialplan.TransferResult{dialplan.TransferBusy, dialplan.TransferNoAnswer, dialplan.TransferFailed, dialplan.TransferOver}
	if n.Kind == yaml.ScalarNode {
		return way, oneResult(n.Value, &way.Result, known...)
	}
	list, err := entries(n, "a transfer", []string{"ends", "after", "talks"})
	if err != nil {
		return way, err
	}
	for _, e := range list {
		switch e.key.Value {
		case "ends":
			err = oneResult(e.value.Value, &way.Result, known...)
		case "after":
			way.After, err = readDuration(e.value.Value)
		case "talks":
			way.Speaking, err = readDuration(e.value.Value)
		}
		if err != nil {
			return way, at(e.value, err)
		}
	}
	return way, nil
}

// oneResult reads a word out of a set.
func oneResult[T ~string](word string, into *T, known ...T) error {
	if !slices.Contains(known, T(word)) {
		return fmt.Errorf("unknown result %q: one of %v", word, known)
	}
	*into = T(word)
	return nil
}
