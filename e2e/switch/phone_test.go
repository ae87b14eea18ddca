package switch_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/prompts/marks"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/switchtest"
)

// deaf is how long a phone listens before it is sure that nobody is to be heard. A
// tone that reaches it does so within 300 ms.
const deaf = 1500 * time.Millisecond

// toneHeard is how long a tone must sound to count.
const toneHeard = 200 * time.Millisecond

// operatorTone is what operators play, a tone that no caller has.
const operatorTone = 1250

// beep is the frequency of Asterisk's sound of that name.
const beep = 700

// phone makes a phone that ends with the test.
func phone(t *testing.T, opts softphone.Options) *softphone.Phone {
	t.Helper()
	p, err := softphone.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// caller is a phone that has called.
type caller struct {
	t    *testing.T
	call *softphone.Call
	as   string
	hz   float64
}

// Caller implements switchtest.Rig.
func (r *rig) Caller(t *testing.T, dialed string) switchtest.Phone {
	t.Helper()
	c := &caller{t: t, as: r.numbers.next()}
	tone := marks.PartyTones[int(r.numbers.last.Load())%len(marks.PartyTones)]
	c.hz = float64(tone)
	p := phone(t, softphone.Options{User: c.as, Server: r.asterisk.SIPAddr, Tone: tone})
	var err error
	if c.call, err = p.Dial(dialed, softphone.Caller{}); err != nil {
		t.Fatal(err)
	}
	return c
}

// Operator implements switchtest.Rig.
func (r *rig) Operator(t *testing.T, code string) switchtest.Phone {
	t.Helper()
	call, err := r.operator.Dial(code, softphone.Caller{})
	if err != nil {
		t.Fatal(err)
	}
	return &caller{t: t, as: r.operator.User(), call: call, hz: operatorTone}
}

// Callee implements switchtest.Rig.
func (r *rig) Callee(t *testing.T, near telephony.ChannelID) switchtest.Phone {
	t.Helper()
	calls := r.operator.Calls()
	if len(calls) == 0 {
		t.Fatalf("the operator is in no call, want that of %s", near)
	}
	latest := slices.MaxFunc(calls, func(a, b *softphone.Call) int { return a.StartedAt().Compare(b.StartedAt()) })
	return &caller{t: t, as: r.operator.User(), call: latest, hz: operatorTone}
}

// HeardAll implements switchtest.Phone: a medium's mark is at its beginning, and
// is not recognised when a part of it is missing.
func (c *caller) HeardAll(ctx context.Context, m telephony.Media) error {
	_, err := c.call.WaitHearText(ctx, strings.TrimPrefix(string(m), "sound:"))
	return err
}

// Speak implements switchtest.Phone: the voice is the phone's tone. It begins when
// the beep that comes before is over.
func (c *caller) Speak(d time.Duration) {
	if err := c.call.WaitTone(c.t.Context(), beep); err != nil {
		c.t.Errorf("%s waits for the beep: %v", c.as, err)
	}
	c.call.Talk(true)
	defer c.call.Talk(false)
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.t.Context().Done():
	}
}

// HearsSaid implements switchtest.Phone.
func (c *caller) HearsSaid(ctx context.Context, other switchtest.Phone) error {
	them, ok := other.(*caller)
	if !ok {
		return errors.New("hear a phone of another rig")
	}
	return c.call.WaitTone(ctx, them.hz)
}

// Number implements switchtest.Phone.
func (c *caller) Number() string { return c.as }

// Press implements switchtest.Phone.
func (c *caller) Press(keys string) {
	if err := c.call.Press(c.t.Context(), keys); err != nil {
		c.t.Errorf("%s presses %s: %v", c.as, keys, err)
	}
}

// Hangup implements switchtest.Phone.
func (c *caller) Hangup() {
	if err := c.call.Hangup(c.t.Context()); err != nil {
		c.t.Errorf("%s hangs up: %v", c.as, err)
	}
}

// WaitAnswered implements switchtest.Phone.
func (c *caller) WaitAnswered(ctx context.Context) error { return c.call.WaitAnswered(ctx) }

// WaitEnded implements switchtest.Phone.
func (c *caller) WaitEnded(ctx context.Context) error {
	_, err := c.call.WaitEnded(ctx)
	return err
}

// Hears implements switchtest.Phone. The other phone talks only meanwhile.
func (c *caller) Hears(ctx context.Context, other switchtest.Phone) (bool, error) {
	them, ok := other.(*caller)
	if !ok {
		return false, errors.New("hear a phone of another rig")
	}
	them.call.Talk(true)
	defer them.call.Talk(false)
	sure, cancel := context.WithTimeout(ctx, deaf)
	defer cancel()
	err := c.call.WaitTone(sure, them.hz)
	switch {
	case err == nil:
		return true, nil
	case ctx.Err() == nil && sure.Err() != nil:
		return false, nil
	}
	return false, err
}
