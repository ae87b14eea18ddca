package ari

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/linekeeper/linekeeper/telephony"
)

// Bridge implements telephony.Switch. When the channels cannot be added, a
// bridge that this call created is destroyed again.
func (c *Client) Bridge(ctx context.Context, id telephony.BridgeID, channels ...telephony.ChannelID) error {
	op := "bridge " + string(id)
	if id == "" {
		return permanent(op, errNoID)
	}
	path := segments("bridges", string(id))
	err := c.rest.post(ctx, op, path, map[string]any{"type": "mixing"}, nil)
	created := err == nil
	if err != nil && !telephony.IsExists(err) {
		return err
	}
	if len(channels) == 0 {
		return nil
	}
	err = c.rest.post(ctx, op, path+"/addChannel", map[string]any{"channel": channels}, nil)
	if err != nil && created {
		// The caller's context may be what ended the attempt.
		undo := unlessGone(c.rest.delete(context.WithoutCancel(ctx), op, path, nil))
		if undo != nil {
			err = &telephony.Error{Op: op, Kind: telephony.KindOf(err), Err: errors.Join(err, undo)}
		}
	}
	if err != nil {
		return err
	}
	for _, name := range c.recorded(id) {
		c.resume(ctx, name)
	}
	return nil
}

// Unbridge implements telephony.Switch. It stops the bridge's recordings first.
func (c *Client) Unbridge(ctx context.Context, id telephony.BridgeID) error {
	op := "unbridge " + string(id)
	paused, stopped := c.stopRecordings(ctx, op, id)
	if err := unlessGone(c.rest.delete(ctx, op, segments("bridges", string(id)), nil)); err != nil {
		return err
	}
	for name, r := range paused {
		c.finish(name, r)
	}
	if stopped != nil {
		return &telephony.Error{Op: op, Kind: telephony.KindOf(stopped), Err: stopped}
	}
	return nil
}

// Unjoin implements telephony.Switch.
func (c *Client) Unjoin(ctx context.Context, id telephony.BridgeID, ch telephony.ChannelID) error {
	op := fmt.Sprintf("take %s out of bridge %s", ch, id)
	if id == "" || ch == "" {
		return permanent(op, errNoID)
	}
	err := c.rest.post(ctx, op, segments("bridges", string(id), "removeChannel"), map[string]any{"channel": ch}, nil)
	var refused *refusedError
	if errors.As(err, &refused) && strings.Contains(refused.words, "not in this bridge") {
		return nil
	}
	return unlessGone(err)
}
