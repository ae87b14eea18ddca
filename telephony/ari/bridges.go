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
	return err
}

// Unbridge implements telephony.Switch. It stops the bridge's recordings
// first: Asterisk reports no end of a recording whose bridge is destroyed.
func (c *Client) Unbridge(ctx context.Context, id telephony.BridgeID) error {
	op := "unbridge " + string(id)
	c.mu.Lock()
	names := append([]string(nil), c.track.recordings[id]...)
	c.mu.Unlock()
	var stopped error
	for _, name := range names {
		err := c.rest.post(ctx, op, segments("recordings", "live", name, "stop"), nil, nil)
		stopped = errors.Join(stopped, unlessGone(err))
	}
	if err := unlessGone(c.rest.delete(ctx, op, segments("bridges", string(id)), nil)); err != nil {
		return err
	}
	c.mu.Lock()
	delete(c.track.recordings, id)
	c.mu.Unlock()
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

// Record implements telephony.Switch. The file is a WAV (8 kHz, 16 bit) in
// Asterisk's recording directory; a finished one of the same name is replaced.
// RecordingFinished is sent when Unbridge of the same Client ends it; a bridge
// that was destroyed otherwise ends its recording without an event.
func (c *Client) Record(ctx context.Context, id telephony.BridgeID, name string) error {
	op := "record bridge " + string(id)
	if !plainFileName(name) {
		return permanent(op, fmt.Errorf("name %q is not a plain file name of letters, digits, - and _", name))
	}
	c.mu.Lock()
	c.track.recordings[id] = append(c.track.recordings[id], name)
	c.mu.Unlock()
	body := map[string]any{"name": name, "format": "wav", "ifExists": "overwrite"}
	err := c.rest.post(ctx, op, segments("bridges", string(id), "record"), body, nil)
	if err != nil && !telephony.IsExists(err) {
		c.mu.Lock()
		c.track.forgetRecording(name)
		c.mu.Unlock()
	}
	return err
}

func plainFileName(name string) bool {
	const allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return name != "" && len(name) <= 200 && strings.Trim(name, allowed) == ""
}
