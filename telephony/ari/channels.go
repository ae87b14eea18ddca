package ari

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/linekeeper/linekeeper/telephony"
)

var (
	errNoID       = errors.New("no id")
	errPlaybackID = errors.New("a playback with this id has not ended yet")
)

// Answer implements telephony.Switch.
func (c *Client) Answer(ctx context.Context, ch telephony.ChannelID) error {
	return c.rest.post(ctx, "answer "+string(ch), segments("channels", string(ch), "answer"), nil, nil)
}

// StartMusic implements telephony.Switch.
func (c *Client) StartMusic(ctx context.Context, ch telephony.ChannelID, class string) error {
	body := map[string]any{}
	if class != "" {
		body["mohClass"] = class
	}
	return c.rest.post(ctx, "start music on "+string(ch), segments("channels", string(ch), "moh"), body, nil)
}

// StopMusic implements telephony.Switch.
func (c *Client) StopMusic(ctx context.Context, ch telephony.ChannelID) error {
	return c.rest.delete(ctx, "stop music on "+string(ch), segments("channels", string(ch), "moh"), nil)
}

// Lend implements telephony.Switch. Asterisk takes any extension and hangs up when
// there is none, so the function DIALPLAN_EXISTS (module func_dialplan) is asked
// before; where it cannot be, the channel stays.
func (c *Client) Lend(ctx context.Context, ch telephony.ChannelID, to telephony.Extension) error {
	op := "lend " + string(ch)
	to = to.OrDefaults()
	for what, name := range map[string]string{"context": to.Context, "extension": to.Number} {
		if name == "" || strings.ContainsAny(name, ",()${}[] ") {
			return permanent(op, fmt.Errorf("%q is no %s", name, what))
		}
	}
	there, err := c.Variable(ctx, ch, fmt.Sprintf("DIALPLAN_EXISTS(%s,%s,%d)", to.Context, to.Number, to.Priority))
	var refused *refusedError
	switch {
	case telephony.IsGone(err):
		return err
	case errors.As(err, &refused):
		return permanent(op, fmt.Errorf("it cannot be known whether the dialplan has the context %s: %w; is func_dialplan.so loaded?", to.Context, err))
	case err != nil:
		return err
	case there != "1":
		return permanent(op, fmt.Errorf("the dialplan has no extension %s with priority %d in the context %s", to.Number, to.Priority, to.Context))
	}
	body := map[string]any{"context": to.Context, "extension": to.Number, "priority": to.Priority}
	return c.rest.post(ctx, op, segments("channels", string(ch), "continue"), body, nil)
}

// Hangup implements telephony.Switch. CauseUnknown is sent as CauseNormal.
func (c *Client) Hangup(ctx context.Context, ch telephony.ChannelID, cause telephony.Cause) error {
	op := "hang up " + string(ch)
	if cause < 0 || cause > 127 {
		return permanent(op, fmt.Errorf("cause %d is not one of Q.850", int(cause)))
	}
	if cause == telephony.CauseUnknown {
		cause = telephony.CauseNormal
	}
	c.mu.Lock()
	c.track.hangUp(ch, cause)
	c.mu.Unlock()
	query := url.Values{"reason_code": {strconv.Itoa(int(cause))}}
	return unlessGone(c.rest.delete(ctx, op, segments("channels", string(ch)), query))
}

// SetVariable implements telephony.Switch.
func (c *Client) SetVariable(ctx context.Context, ch telephony.ChannelID, name, value string) error {
	body := map[string]any{"variable": name, "value": value}
	return c.rest.post(ctx, fmt.Sprintf("set %s of %s", name, ch), segments("channels", string(ch), "variable"), body, nil)
}

// Variable implements telephony.Switch. Functions such as "CALLERID(num)" are
// read the same way.
func (c *Client) Variable(ctx context.Context, ch telephony.ChannelID, name string) (string, error) {
	var out struct {
		Value string `json:"value"`
	}
	err := c.rest.get(ctx, fmt.Sprintf("read %s of %s", name, ch),
		segments("channels", string(ch), "variable"), url.Values{"variable": {name}}, &out)
	var refused *refusedError
	if errors.As(err, &refused) && strings.Contains(refused.words, "variable was not found") {
		return "", nil
	}
	return out.Value, err
}
