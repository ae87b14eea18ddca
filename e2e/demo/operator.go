package main

import (
	"context"
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/e2e/softphone"
)

// talk is how the operator deals with one customer.
type talk struct {
	lasts   time.Duration
	hangsUp bool // the operator does; otherwise the customer
	missed  bool // the operator does not pick up before the customer gives up
}

// operator is Anna at her phone.
type operator struct {
	play  *playing
	phone *softphone.Phone
}

// logIn registers the phone, which is all that an operator has to do.
func (o *operator) logIn(ctx context.Context) error {
	account, err := o.play.account(operatorAccount)
	if err != nil {
		return err
	}
	o.phone, err = o.play.phone(operatorName, softphone.Options{
		User: account.Name, Password: account.Password, Tone: operatorTone, Lines: 1,
	})
	if err != nil {
		return err
	}
	o.say("comes to work: her phone %s registers", account.Name)
	return o.phone.Register(ctx)
}

func (o *operator) say(format string, args ...any) {
	o.play.tell.say(time.Now(), operatorName, format, args...)
}

// serves takes calls, one after another, from whoever rings, until everybody was
// served whom she does not miss.
func (o *operator) serves(ctx context.Context, talks map[string]talk) error {
	left := 0
	for _, t := range talks {
		if !t.missed {
			left++
		}
	}
	for left > 0 {
		within, cancel := limit(ctx)
		var call *softphone.Call
		select {
		case call = <-o.phone.Incoming():
		case <-within.Done():
			cancel()
			return fmt.Errorf("%s waits for the phone to ring: %w", operatorName, context.Cause(within))
		}
		cancel()
		if call == nil {
			return fmt.Errorf("%s's phone was closed", operatorName)
		}
		spoke, err := o.serve(ctx, call, talks)
		if err != nil {
			return fmt.Errorf("%s with %s: %w", operatorName, call.RemoteNumber(), err)
		}
		if spoke {
			left--
		}
	}
	return nil
}

// serve is one call, and says whether they spoke. The caller must be one of the cast by
// the number on the display, and must be heard.
func (o *operator) serve(ctx context.Context, call *softphone.Call, talks map[string]talk) (spoke bool, err error) {
	who := o.play.byNumber(call.RemoteNumber())
	if who == nil {
		return false, fmt.Errorf("the display shows nobody's number: %q", call.RemoteNumber())
	}
	plan, expected := talks[who.number]
	if !expected {
		return false, fmt.Errorf("%s has no reason to be connected", who.name)
	}
	within, cancel := limit(ctx)
	defer cancel()
	if plan.missed {
		_, err := call.WaitEnded(within)
		o.say("comes too late: the phone stops ringing")
		return false, err
	}
	if err := pause(ctx, reaching); err != nil {
		return false, err
	}
	o.say("picks up")
	if err := call.Answer(within); err != nil {
		return false, err
	}
	call.Talk(true)
	if err := call.WaitTone(within, float64(who.tone)); err != nil {
		return false, err
	}
	o.say("hears %s", who.name)
	if !plan.hangsUp {
		_, err := call.WaitEnded(within)
		return true, err
	}
	if err := pause(ctx, plan.lasts); err != nil {
		return false, err
	}
	o.say("hangs up")
	return true, call.Hangup(within)
}
