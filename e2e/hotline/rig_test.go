package hotline_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/patience"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
	"github.com/linekeeper/linekeeper/prompts/marks"
)

// Numbers to call, see testdata/hotlines.
const (
	support = "600" // the whole way
	direct  = "610" // straight into queue "support"
	small   = "620" // straight into queue "small", which takes one
	brief   = "630" // straight into queue "brief", where nobody waits longer than briefWait
)

const briefWait = "2"

// most is how long anything may take that a test waits for.
const most = patience.Most

// rig is a stage of its own with shorthands that end the test when something
// does not come about.
type rig struct {
	*testing.T
	*stage.Stage
	tones int
}

// setUp opens a stage. A test runs beside others: most of its time it listens.
func setUp(t *testing.T, change ...func(*stage.Options)) *rig {
	t.Helper()
	members := []string{"PJSIP/101,0,Anna", "PJSIP/102,0,Boris", "PJSIP/103,0,Vera"}
	o := stage.Options{
		Install: install, Hotlines: "testdata/hotlines", Callers: "testdata/callers.csv",
		Asterisk: asterisk.Options{
			Queues: []asterisk.Queue{
				{Name: "support", Timeout: 3, Members: members},
				{Name: "small", MaxLen: 1, Members: members},
				{Name: "brief", Members: members},
			},
			// The first priority of an extension may be our own, the rest is the stub's.
			Extra: map[string]string{"extensions.conf": "[linekeeper-queue](+)\nexten => brief,1,Set(LINEKEEPER_TIMEOUT=" + briefWait + ")\n"},
		},
	}
	for _, f := range change {
		f(&o)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*most)
	defer cancel()
	s, err := stage.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{T: t, Stage: s}
	t.Cleanup(func() {
		r.noCrash()
		if t.Failed() {
			r.explain()
		}
		r.must(s.Close())
		t.Log(s.Proof)
	})
	return r
}

func (r *rig) must(err error) { r.Helper(); patience.Must(r.T, err) }

func (r *rig) soon() context.Context { return patience.Soon(r.T) }

func (r *rig) until(what string, cond func() bool) { r.Helper(); patience.Until(r.T, what, cond) }

// caller is somebody on the phone.
type caller struct {
	*softphone.Call
	r    *rig
	name string
	tone float64 // of this party's own voice
}

// tone gives a voice that no other party of the test has.
func (r *rig) tone() int {
	r.tones++
	return marks.PartyTones[(r.tones-1)%len(marks.PartyTones)]
}

// calls begins a call from a number and returns when it is answered.
func (r *rig) calls(from, to string) *caller {
	r.Helper()
	tone := r.tone()
	p, err := r.Phone(r.Context(), softphone.Options{User: from, Tone: tone})
	r.must(err)
	c, err := p.Call(r.soon(), to)
	r.must(err)
	return &caller{Call: c, r: r, name: from, tone: float64(tone)}
}

// operator is the phone of an agent.
type operator struct {
	*softphone.Phone
	r    *rig
	tone float64
}

// operator registers a phone and waits until queue "support" knows it is free.
func (r *rig) operator(account string, ring softphone.Policy) *operator {
	r.Helper()
	return r.operatorOf("support", account, ring)
}

// operatorOf registers a phone and waits until one of Asterisk's queues knows it
// is free.
func (r *rig) operatorOf(queue, account string, ring softphone.Policy) *operator {
	r.Helper()
	o := r.phone(account, ring)
	r.until(account+" is free", func() bool { return r.member(queue, account).State == "idle" })
	return o
}

// phone registers the phone of an account.
func (r *rig) phone(account string, ring softphone.Policy) *operator {
	r.Helper()
	tone := r.tone()
	p, err := r.Operator(r.Context(), account, tone, ring)
	r.must(err)
	return &operator{Phone: p, r: r, tone: float64(tone)}
}

// ring waits until the phone rings and gives the call unanswered.
func (o *operator) ring() *caller {
	o.r.Helper()
	return o.r.rings(o.Phone, o.tone)
}

// answer waits until the phone rings and picks it up.
func (o *operator) answer() *caller {
	o.r.Helper()
	c := o.ring()
	o.r.must(c.Answer(o.r.soon()))
	return c
}

func (r *rig) rings(p *softphone.Phone, tone float64) *caller {
	r.Helper()
	select {
	case c, open := <-p.Incoming():
		if !open {
			r.Fatalf("the phone of %s was closed", p.User())
		}
		return &caller{Call: c, r: r, name: p.User(), tone: tone}
	case <-r.soon().Done():
		r.Fatalf("the phone of %s does not ring", p.User())
		return nil
	}
}

// agent shows an operator in queue "support".
func (r *rig) agent(account string) api.Agent {
	r.Helper()
	return r.member("support", account)
}

// member shows an operator in one of Asterisk's queues.
func (r *rig) member(queue, account string) api.Agent {
	r.Helper()
	for _, a := range r.queue(queue).Agents {
		if a.ID == "PJSIP/"+account {
			return a
		}
	}
	return api.Agent{}
}

// hears waits for the next prompt with these words.
func (c *caller) hears(words string) softphone.Prompt {
	c.r.Helper()
	p, err := c.WaitHearText(c.r.soon(), words)
	if err != nil {
		c.r.Fatalf("%s: %v", c.name, err)
	}
	return p
}

// didNotHear checks the past.
func (c *caller) didNotHear(words string) {
	c.r.Helper()
	if slices.ContainsFunc(c.Heard(), func(p softphone.Prompt) bool { return strings.Contains(p.Text, words) }) {
		c.r.Errorf("%s heard %q", c.name, words)
	}
}

func (c *caller) presses(keys string) {
	c.r.Helper()
	c.r.must(c.Press(c.r.soon(), keys))
}

func (c *caller) hangsUp() {
	c.r.Helper()
	c.r.must(c.Hangup(c.r.soon()))
}

// letGo waits until the other side ends the call.
func (c *caller) letGo() {
	c.r.Helper()
	end, err := c.WaitEnded(c.r.soon())
	c.r.must(err)
	if end.By != softphone.Them {
		c.r.Errorf("the call of %s ended: %v", c.name, end)
	}
}

// talk proves that two parties hear each other.
func (r *rig) talk(a, b *caller) {
	r.Helper()
	r.must(a.WaitAnswered(r.soon()))
	r.must(b.WaitAnswered(r.soon()))
	a.Talk(true)
	b.Talk(true)
	r.must(a.WaitTone(r.soon(), b.tone))
	r.must(b.WaitTone(r.soon(), a.tone))
	a.Talk(false)
	b.Talk(false)
}

// stillThere fails when a call is over.
func (c *caller) stillThere() {
	c.r.Helper()
	select {
	case <-c.Done():
		c.r.Fatalf("%s was dropped: %v", c.name, c.EndCause())
	default:
	}
}

// threeInLine brings three callers into line while the operator talks to a fourth.
func (r *rig) threeInLine(o *operator) (busy, atOperator, a, b, c *caller) {
	r.Helper()
	busy = r.calls(fourth, direct)
	atOperator = o.ring()
	r.talk(busy, atOperator)
	a = r.calls(first, direct)
	a.hears("You are next in line.")
	b = r.calls(second, direct)
	b.hears("You are number two in line.")
	c = r.calls(third, direct)
	c.hears("You are number three in line.")
	return busy, atOperator, a, b, c
}
