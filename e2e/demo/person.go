package main

import (
	"context"
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/e2e/softphone"
)

// The pace of people.
const (
	patience  = 45 * time.Second       // nothing in the play takes longer
	thinking  = 900 * time.Millisecond // from hearing a question to pressing a key
	reaching  = 1500 * time.Millisecond
	betweenUs = 150 * time.Millisecond // from key to key
)

// step is one thing that a person does.
type step func(ctx context.Context, p *person) error

// does goes through steps; the error says whose and which one failed.
func (p *person) does(ctx context.Context, steps ...step) error {
	for i, do := range steps {
		if err := do(ctx, p); err != nil {
			return fmt.Errorf("%s, step %d of %d: %w", p.name, i+1, len(steps), err)
		}
	}
	return nil
}

func (p *person) say(format string, args ...any) {
	p.play.tell.say(time.Now(), p.name, format, args...)
}

// calls dials the hotline and waits for the answer.
func calls(ctx context.Context, p *person) error {
	phone, err := p.play.phone(p.name, softphone.Options{User: p.number, Tone: p.tone, Pace: betweenUs, Listen: []float64{musicTone}})
	if err != nil {
		return err
	}
	p.phone = phone
	p.say("calls %s from %s", spaced(hotline), spaced(p.number))
	ctx, cancel := limit(ctx)
	defer cancel()
	p.call, err = phone.Call(ctx, hotline)
	return err
}

// hears waits for a text of which part is a part.
func hears(part string) step {
	return func(ctx context.Context, p *person) error {
		ctx, cancel := limit(ctx)
		defer cancel()
		_, err := p.call.WaitHearText(ctx, part)
		return err
	}
}

// presses thinks and presses keys; why says more to who reads along.
func presses(keys, why string) step {
	return func(ctx context.Context, p *person) error {
		if err := pause(ctx, thinking); err != nil {
			return err
		}
		p.say("presses %s (%s)", keys, why)
		ctx, cancel := limit(ctx)
		defer cancel()
		return p.call.Press(ctx, keys)
	}
}

// listens lets a time pass.
func listens(d time.Duration) step {
	return func(ctx context.Context, _ *person) error { return pause(ctx, d) }
}

// waitsUntil holds the person up until something stands in the journal.
func waitsUntil(what string, holds func(story) bool) step {
	return func(ctx context.Context, p *person) error { return p.play.journal.wait(ctx, what, holds) }
}

// hangsUp ends the call.
func hangsUp(ctx context.Context, p *person) error {
	p.say("hangs up")
	ctx, cancel := limit(ctx)
	defer cancel()
	return p.call.Hangup(ctx)
}

// staysToTheEnd waits until the hotline hangs up.
func staysToTheEnd(ctx context.Context, p *person) error {
	ctx, cancel := limit(ctx)
	defer cancel()
	end, err := p.call.WaitEnded(ctx)
	if err == nil && end.By != softphone.Them {
		err = fmt.Errorf("the call ended %v, not by the hotline", end)
	}
	return err
}

// talks hears the operator and answers her, for a while.
func talks(d time.Duration) step {
	return func(ctx context.Context, p *person) error {
		within, cancel := limit(ctx)
		defer cancel()
		if err := p.call.WaitTone(within, operatorTone); err != nil {
			return err
		}
		p.say("hears %s and talks with her", operatorName)
		p.call.Talk(true)
		defer p.call.Talk(false)
		return pause(ctx, d)
	}
}

// isCalledBack waits for the phone to ring, and answers it.
func isCalledBack(ctx context.Context, p *person) error {
	within, cancel := limit(ctx)
	defer cancel()
	select {
	case call, ok := <-p.phone.Incoming():
		if !ok {
			return fmt.Errorf("the phone was closed")
		}
		p.call = call
	case <-within.Done():
		return fmt.Errorf("wait for the phone to ring: %w", context.Cause(within))
	}
	if err := pause(ctx, reaching); err != nil {
		return err
	}
	p.say("picks up")
	return p.call.Answer(within)
}

func limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, patience, fmt.Errorf("not within %v", patience))
}
