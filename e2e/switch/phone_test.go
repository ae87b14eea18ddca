package switch_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/prompts/marks"
	"github.com/linekeeper/linekeeper/telephony/switchtest"
)

// deaf is how long a phone listens before it is sure that nobody is to be heard. A
// tone that reaches it does so within 300 ms.
const deaf = 1500 * time.Millisecond

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
