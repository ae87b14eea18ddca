package dialplan

import (
	"time"

	"github.com/linekeeper/linekeeper/prompts"
)

// Lookup is a question to another system, which linekeeper.yaml has under its name.
type Lookup struct {
	Source string
	With   []Input
	Into   []Output
}

// Input is a value that goes with the question.
type Input struct {
	Name  string
	Value *Expression
}

// Output is a field of the answer and the variable that gets it.
type Output struct{ Variable, Field string }

// FetchResult is how a question ended.
type FetchResult string

// The results of a lookup. What is not there and what could not be asked are two things.
const (
	FetchFound    FetchResult = "found"
	FetchNotFound FetchResult = "not_found"
	FetchFailed   FetchResult = "failed"
)

const (
	defaultLookup = 2 * time.Second
	oneMoment     = time.Second // of silence, then the caller hears that we are busy
)

// lookup asks, and waits for the answer no longer than the node says.
//
//	fetching --1 s--> "one moment" --its end--> music
//	   any of them: answered, or the time is over --> next, not_found, failed
func (c *call) lookup(node *Node) {
	c.quiet()
	c.s.Phase, c.s.FetchSince = PhaseFetching, c.now
	with := map[string]Secret{}
	for _, in := range node.Lookup.With {
		with[in.Name] = Secret(c.plain(in.Value))
	}
	for _, out := range node.Lookup.Into {
		c.setVar(out.Variable, "") // nothing of an earlier answer may pass for this one's
	}
	c.s.Seq++
	c.s.Fetching = c.s.Seq
	c.do(Fetch{Seq: c.s.Seq, Source: node.Lookup.Source, With: with, Timeout: node.Timeout})
	c.timer(min(node.Timeout, oneMoment))
}

// fetchSilence says a word before the silence gets long, and gives up in time.
func (c *call) fetchSilence() {
	rest := c.node().Timeout - c.now.Sub(c.s.FetchSince)
	if rest <= 0 {
		c.fetched(Fetched{Seq: c.s.Fetching, Result: FetchFailed})
		return
	}
	c.say(c.s.Language, c.message(prompts.KeyOneMoment))
	c.timer(rest)
}

func (c *call) fetched(ev Fetched) {
	node := c.node()
	if c.s.Phase != PhaseFetching || ev.Seq != c.s.Fetching || node.Lookup == nil {
		return
	}
	c.stopTimer()
	c.s.Fetching = 0
	c.note("lookup.done", map[string]any{
		"node": c.s.Node, "source": node.Lookup.Source, "result": string(ev.Result), "ms": c.now.Sub(c.s.FetchSince).Milliseconds(),
	})
	to := node.Failed
	switch ev.Result {
	case FetchFound:
		to = node.Next
		c.keepAnswer(node, ev.Row)
	case FetchNotFound:
		if node.NotFound != "" {
			to = node.NotFound
		}
	}
	typed := c.takeTyped()
	switch {
	case to == "" && ev.Result != FetchFound:
		c.outcome(ResultFailed)
		c.leave(c.message(prompts.KeyTechnicalProblem), c.message(prompts.KeyGoodbye))
	case c.s.Saying != 0 && typed == "": // "one moment" is heard to its end
		c.s.Phase, c.s.Then = PhaseSpeaking, to
	default:
		c.music(false)
		c.enter(to)
		c.replay(typed)
	}
}

// keepAnswer puts the fields of an answer into variables. One that does not fit its
// variable leaves it empty, and is told by its name.
func (c *call) keepAnswer(node *Node, row map[string]string) {
	for _, out := range node.Lookup.Into {
		if value := row[out.Field]; !c.setVar(out.Variable, value) && value != "" {
			c.note("lookup.misfit", map[string]any{"node": c.s.Node, "source": node.Lookup.Source, "field": out.Field, "variable": out.Variable})
		}
	}
}

// plain is a value as another system takes it: numbers without an exponent, times by
// RFC 3339.
func (c *call) plain(e *Expression) string {
	if e == nil {
		return ""
	}
	switch v := saved(c.eval(e)).(type) {
	case string:
		return v
	case bool:
		if v {
			return "true"
		}
		return "false"
	case float64:
		return plainNumber(v)
	}
	return ""
}
