package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

//go:embed handover.yaml
var handoverHotlines string

// plain is a queue that linekeeper has nothing to do with: app_queue alone.
const plain = `[phones](+)
exten => 700,1,Answer()
 same => n,Queue(plain)
 same => n,Hangup()
`

// way is one way from a free agent to the next caller.
type way struct{ name, number string }

var ways = []way{{"app_queue alone", "700"}, {"engine asterisk", "701"}, {"engine linekeeper", "702"}}

// comparison says how the ways are compared.
type comparison struct {
	agents  int // who serve all ways, one way at a time
	waiting int // callers in line at every moment
	turns   int // of each way, in rotation
	each    int // handovers measured in a turn
	talkMin time.Duration
	talkMax time.Duration // one conversation lasts at random between the two
}

// handover is one comparison under way.
type handover struct {
	comparison
	*stage.Stage
	say  func(format string, a ...any)
	line *softphone.Phone // the phone that all callers share

	mu      sync.Mutex
	callers map[string]*softphone.Call // by number
	made    int
	now     int // index of the way whose turn it is
	want    int // handovers of this turn still to be measured
	over    chan struct{}
	samples [][]sample // by way
	lost    []string

	work sync.WaitGroup
}

// sample is one handover: from the end of an agent's conversation on.
type sample struct {
	rings time.Duration // to the next ring of the agent's phone
	heard time.Duration // to the agent's voice at the next caller's phone
}

// compare does everything and leaves nothing behind.
func (p comparison) compare(ctx context.Context, install asterisk.Install, say func(string, ...any)) (_ *table, err error) {
	dir, err := os.MkdirTemp("", "lk-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the hotlines: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	for i, text := range strings.SplitAfter(handoverHotlines, "\n---\n") {
		file := filepath.Join(dir, fmt.Sprintf("handover%d.yaml", i))
		if err := os.WriteFile(file, []byte(strings.TrimSuffix(text, "---\n")), 0o600); err != nil {
			return nil, fmt.Errorf("write the hotlines: %w", err)
		}
	}
	o := stage.Options{Install: install, Hotlines: dir, Agents: map[string]stage.Keys{}, Queues: map[string]stage.Keys{
		"own": {"engine": "linekeeper", "ring_timeout": "15s", "strategy": "round_robin"},
	}}
	var members []string
	for i := range p.agents {
		name := fmt.Sprintf("agent%02d", i+1)
		o.Asterisk.Operators = append(o.Asterisk.Operators, asterisk.Account{Name: name, Password: "bench"})
		o.Agents[name] = stage.Keys{"phone": "PJSIP/" + name}
		members = append(members, "PJSIP/"+name)
	}
	o.Asterisk.Queues = []asterisk.Queue{{Name: "plain", Members: members}, {Name: "switch", Members: members}}
	o.Asterisk.Extra = map[string]string{"extensions.conf": plain}
	h := &handover{comparison: p, say: say, callers: map[string]*softphone.Call{}, samples: make([][]sample, len(ways))}
	if h.Stage, err = stage.Open(ctx, o); err != nil {
		return nil, err
	}
	result := &table{comparison: p, version: h.Asterisk.Version}
	defer func() {
		err = errors.Join(err, h.Close())
		result.proof = h.Proof
		h.work.Wait()
	}()
	if err := h.open(ctx); err != nil {
		return nil, err
	}
	for turn := range p.turns * len(ways) {
		// Whoever is first in one round is last in another.
		if err := h.turn(ctx, (turn+turn/len(ways))%len(ways)); err != nil {
			return nil, err
		}
	}
	result.samples, result.lost = h.samples, h.lost
	return result, nil
}

// open brings the agents to work.
func (h *handover) open(ctx context.Context) error {
	for i, a := range h.Asterisk.Operators {
		// A tone that neither music nor prompts have.
		tone := 900 + 50*(i%2)
		p, err := h.Operator(ctx, a.Name, tone, softphone.Ignore())
		if err != nil {
			return err
		}
		if err := h.LogIn(ctx, a.Name); err != nil {
			return err
		}
		h.work.Go(func() { h.serve(ctx, p, float64(tone)) })
	}
	var err error
	h.line, err = h.Phone(ctx, softphone.Options{User: "callers"})
	return err
}

// turn lets the agents serve the callers of one way.
func (h *handover) turn(ctx context.Context, which int) error {
	h.mu.Lock()
	h.now, h.want, h.over = which, h.each, make(chan struct{})
	over := h.over
	h.mu.Unlock()
	h.say("%s: %d handovers", ways[which].name, h.each)
	for range h.agents + h.waiting {
		if err := h.dial(); err != nil {
			return err
		}
	}
	select {
	case <-over:
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", ways[which].name, context.Cause(ctx))
	}
	h.mu.Lock()
	var all sync.WaitGroup
	for _, c := range h.callers {
		all.Go(func() { _ = c.Hangup(ctx) }) // an agent may have been quicker
	}
	clear(h.callers)
	h.mu.Unlock()
	all.Wait()
	return h.quiet(ctx)
}

// quiet waits until no call is left on Asterisk and in linekeeper.
func (h *handover) quiet(ctx context.Context) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		text, err := h.Asterisk.CLI(ctx, "core show channels count")
		if err != nil {
			return err
		}
		if strings.Contains(text, "0 active channels") {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("wait until no call is left: %w: %s", context.Cause(ctx), text)
		}
	}
}

// dial brings one more caller into line. When the turn is over it does nothing.
func (h *handover) dial() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.want == 0 {
		return nil
	}
	h.made++
	number := callerNumber(h.made)
	c, err := h.line.Dial(ways[h.now].number, softphone.Caller{Number: number})
	h.callers[number] = c
	return err
}

// serve is an agent's day.
func (h *handover) serve(ctx context.Context, p *softphone.Phone, tone float64) {
	var free time.Time // since the end of the conversation before, in the same turn
	for c := range p.Incoming() {
		number := c.RemoteNumber()
		h.mu.Lock()
		caller := h.callers[number]
		h.mu.Unlock()
		if caller == nil { // the turn ended while the phone began to ring
			free = time.Time{}
			_ = c.Hangup(ctx)
			continue
		}
		heard := make(chan time.Time, 1)
		h.work.Go(func() {
			at, err := caller.WaitToneBegan(ctx, tone)
			if err == nil {
				heard <- at
			}
			close(heard)
		})
		if c.Answer(ctx) != nil {
			free = time.Time{}
			continue
		}
		c.Talk(true)
		if at, ok := <-heard; ok && caller.StartedAt().Before(free) {
			h.measured(sample{rings: c.StartedAt().Sub(free), heard: at.Sub(free)})
		} else if !ok {
			h.lose(number, caller)
		}
		_ = pause(ctx, h.talkMin+rand.N(h.talkMax-h.talkMin))
		free = time.Now()
		_ = c.Hangup(ctx) // the caller may have been quicker
		h.work.Go(func() { h.replace(ctx, number, caller) })
	}
}

// measured books a handover and ends the turn with the last.
func (h *handover) measured(s sample) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.want == 0 {
		return
	}
	h.samples[h.now] = append(h.samples[h.now], s)
	if h.want--; h.want == 0 {
		close(h.over)
	}
}

// lose notes a caller who was dropped; one who is let go at the end of a turn is
// not in the books any more.
func (h *handover) lose(number string, c *softphone.Call) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.callers[number] != nil {
		h.lost = append(h.lost, fmt.Sprintf("%s: %s: %v", ways[h.now].name, number, c.EndCause()))
	}
}

// replace lets another caller come for one who was served.
func (h *handover) replace(ctx context.Context, number string, c *softphone.Call) {
	h.mu.Lock()
	delete(h.callers, number)
	h.mu.Unlock()
	_ = c.Hangup(ctx)
	if err := h.dial(); err != nil {
		h.lose(number, c)
	}
}
