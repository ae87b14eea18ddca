package main

import (
	"context"
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/e2e/softphone"
)

// open brings the operators to work and gives each somebody to talk to.
func (l *load) open(ctx context.Context) error {
	for _, a := range l.Asterisk.Operators {
		p, err := l.Operator(ctx, a.Name, 0, softphone.AutoAnswer(0))
		if err != nil {
			return err
		}
		l.done.Go(func() { l.work(ctx, p) })
	}
	if err := l.poll(ctx, "all operators are free", func(q api.Queue) bool {
		free := 0
		for _, a := range q.Agents {
			if a.State == "idle" {
				free++
			}
		}
		return free == l.operators
	}); err != nil {
		return err
	}
	var err error
	if l.line, err = l.Phone(ctx, softphone.Options{User: "callers"}); err != nil {
		return err
	}
	for i := range l.operators {
		c, err := l.dial(l.callers + i)
		if err != nil {
			return err
		}
		l.talkers = append(l.talkers, c)
	}
	return l.poll(ctx, "all operators talk", func(q api.Queue) bool {
		talking := 0
		for _, a := range q.Agents {
			if a.State == "talking" {
				talking++
			}
		}
		return talking == l.operators && q.Waiting == 0
	})
}

// work is an operator's day.
func (l *load) work(ctx context.Context, p *softphone.Phone) {
	for c := range p.Incoming() {
		if c.WaitAnswered(ctx) != nil {
			continue
		}
		l.mu.Lock()
		talk := l.until
		l.mu.Unlock()
		var enough <-chan time.Time
		if talk > 0 {
			enough = time.After(talk)
		}
		select {
		case <-enough:
			_ = c.Hangup(ctx) // the caller may have been quicker
		case <-c.Done():
		}
	}
}

func (l *load) dial(i int) (*softphone.Call, error) {
	return l.line.Dial(number, softphone.Caller{Number: callerNumber(i)})
}

func callerNumber(i int) string { return fmt.Sprintf("+7916%07d", i) }
