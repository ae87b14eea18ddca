package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

//go:embed hotline.yaml
var hotline []byte

const (
	number = "600"
	queue  = "bench"
)

// load is a bench under way.
type load struct {
	plan
	*stage.Stage
	say    func(format string, a ...any)
	meter  meter
	report *report

	line    *softphone.Phone // the phone that all callers share
	talkers []*softphone.Call
	waiters []*softphone.Call

	mu    sync.Mutex
	until time.Duration // how long an operator talks with whoever comes; 0 until the caller hangs up
	done  sync.WaitGroup
}

// carryOut does everything and leaves nothing behind.
func (p plan) carryOut(ctx context.Context, install asterisk.Install, say func(string, ...any)) (_ *report, err error) {
	dir, err := os.MkdirTemp("", "lk-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the hotline: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.WriteFile(filepath.Join(dir, "bench.yaml"), hotline, 0o600); err != nil {
		return nil, fmt.Errorf("write the hotline: %w", err)
	}
	l := &load{plan: p, report: &report{plan: p}, say: say}
	options := asterisk.Options{RTPPorts: 4*(p.callers+2*p.operators) + 100}
	q := asterisk.Queue{Name: queue}
	for i := range p.operators {
		account := asterisk.Account{Name: fmt.Sprintf("agent%02d", i+1), Password: "bench"}
		options.Operators = append(options.Operators, account)
		q.Members = append(q.Members, "PJSIP/"+account.Name)
	}
	options.Queues = []asterisk.Queue{q}
	if l.Stage, err = stage.Open(ctx, stage.Options{Install: install, Asterisk: options, Hotlines: dir}); err != nil {
		return nil, err
	}
	defer func() {
		err = errors.Join(err, l.Close())
		l.report.proof = l.Proof
		l.done.Wait()
	}()
	l.report.version = l.Asterisk.Version
	l.meter = meter{daemon: l.DaemonPID(), asterisk: l.Asterisk.PID()}
	for _, phase := range []func(context.Context) error{l.open, l.arrive, l.wait, l.serve, l.leave, l.judge} {
		if err := phase(ctx); err != nil {
			return nil, err
		}
	}
	return l.report, nil
}

// arrive lets everybody call, at an even pace.
func (l *load) arrive(ctx context.Context) error {
	l.say("%d callers arrive, %d a second", l.callers, l.rate)
	if _, err := l.meter.next("set-up"); err != nil {
		return err
	}
	pace := time.NewTicker(time.Second / time.Duration(l.rate))
	defer pace.Stop()
	for i := range l.callers {
		c, err := l.dial(i)
		if err != nil {
			return err
		}
		l.waiters = append(l.waiters, c)
		select {
		case <-pace.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	if err := l.poll(ctx, "all wait", func(q api.Queue) bool {
		l.report.peak = max(l.report.peak, q.Waiting)
		return q.Waiting == l.callers
	}); err != nil {
		return err
	}
	for i, c := range l.waiters {
		if _, err := c.WaitHear(ctx, func(softphone.Prompt) bool { return true }); err != nil {
			l.lose("caller %d heard nothing: %v", i, err)
			continue
		}
		l.report.sound = append(l.report.sound, c.FirstSoundAt().Sub(c.StartedAt()))
	}
	return l.measured("arrival")
}

func (l *load) measured(name string) error {
	s, err := l.meter.next(name)
	l.report.spans = append(l.report.spans, s)
	return err
}

// wait is the time in which nothing happens but waiting.
func (l *load) wait(ctx context.Context) error {
	l.say("all wait for %s", l.hold)
	if err := pause(ctx, l.hold); err != nil {
		return err
	}
	return l.measured("waiting")
}

// serve lets the operators take whoever is next.
func (l *load) serve(ctx context.Context) error {
	if l.plan.serve == 0 {
		return nil
	}
	l.say("%d operators serve for %s", l.operators, l.plan.serve)
	l.mu.Lock()
	l.until = l.talk
	l.mu.Unlock()
	for _, c := range l.talkers {
		if err := c.Hangup(ctx); err != nil {
			return fmt.Errorf("end a conversation: %w", err)
		}
	}
	if err := pause(ctx, l.plan.serve); err != nil {
		return err
	}
	return l.measured("serving")
}

// leave lets everybody hang up who is still there.
func (l *load) leave(ctx context.Context) error {
	l.say("everybody hangs up")
	var all sync.WaitGroup
	for _, c := range append(l.talkers, l.waiters...) {
		all.Go(func() { _ = c.Hangup(ctx) }) // judge looks at how each ended
	}
	all.Wait()
	if err := l.poll(ctx, "nobody is in line", func(q api.Queue) bool { return len(q.Places) == 0 }); err != nil {
		return err
	}
	return l.measured("leaving")
}

// poll waits until the queue is as it should be.
func (l *load) poll(ctx context.Context, what string, is func(api.Queue) bool) error {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		q, err := l.Client.Queue(ctx, queue)
		if err != nil {
			return fmt.Errorf("wait until %s: %w", what, err)
		}
		if is(q) {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("wait until %s (%d wait): %w", what, q.Waiting, context.Cause(ctx))
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
