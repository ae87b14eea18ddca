package ari

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/backoff"
)

// connection makes one connection and serves it until it ends, which it always
// does with an error. stood says whether it got as far as Connected.
func (c *Client) connection(ctx context.Context) (stood bool, err error) {
	conn, err := c.dial(ctx)
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	var wg sync.WaitGroup
	defer func() {
		cancel(nil)
		_ = conn.CloseNow() // the error that ended the connection says more
		wg.Wait()
		stood = c.disconnected()
		if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
			err = cause
		}
	}()
	wg.Go(func() { cancel(c.read(ctx, conn, &wg)) })
	wg.Go(func() { cancel(c.ping(ctx, conn)) })
	unwatched, err := c.resync(ctx)
	if err != nil {
		cancel(err)
		return false, err
	}
	for _, id := range unwatched {
		wg.Go(func() { c.watch(ctx, id) })
	}
	for _, name := range c.recorded("") {
		wg.Go(func() { c.revive(ctx, name) })
	}
	<-ctx.Done()
	return true, context.Cause(ctx)
}

func (c *Client) dial(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, c.opts.ConnectTimeout)
	defer cancel()
	credentials := base64.StdEncoding.EncodeToString([]byte(c.opts.User + ":" + c.opts.Password))
	address := "ws" + strings.TrimPrefix(c.opts.BaseURL, "http") + "/events?" + url.Values{"app": {c.opts.App}}.Encode()
	conn, resp, err := websocket.Dial(ctx, address, &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: c.rest.client.Transport},
		HTTPHeader: http.Header{"Authorization": {"Basic " + credentials}},
	})
	switch {
	case err == nil:
		conn.SetReadLimit(readLimit)
		return conn, nil
	case resp != nil && resp.StatusCode != http.StatusSwitchingProtocols:
		return nil, fmt.Errorf("connect to Asterisk: %s", resp.Status)
	}
	return nil, fmt.Errorf("connect to Asterisk: %w", bare(err))
}

// read appends to memory until the connection ends. What it starts is in wg.
func (c *Client) read(ctx context.Context, conn *websocket.Conn, wg *sync.WaitGroup) error {
	for {
		_, data, err := conn.Read(ctx)
		if err != nil {
			return fmt.Errorf("read events: %w", err)
		}
		follow, replaced := c.receive(data)
		if replaced {
			return ErrReplaced
		}
		if follow != nil {
			wg.Go(func() { follow(ctx) })
		}
	}
}

// ping notices a connection that is dead although nothing said so.
func (c *Client) ping(ctx context.Context, conn *websocket.Conn) error {
	for backoff.Sleep(ctx, c.opts.PingEvery) {
		pingCtx, cancel := context.WithTimeout(ctx, c.opts.PingTimeout)
		err := conn.Ping(pingCtx)
		cancel()
		if err != nil {
			return fmt.Errorf("ping Asterisk: %w", err)
		}
	}
	return ctx.Err()
}

// resync tells Asterisk which events we want, reads what there is, and opens
// the stream with Connected. It gives the channels that must be watched.
func (c *Client) resync(ctx context.Context) (unwatched []telephony.ChannelID, err error) {
	type allowed struct {
		Type string `json:"type"`
	}
	var filter struct {
		Allowed []allowed `json:"allowed"`
	}
	for _, t := range mappedTypes {
		filter.Allowed = append(filter.Allowed, allowed{t})
	}
	err = c.rest.put(ctx, "set the event filter", segments("applications", c.opts.App, "eventFilter"), filter)
	if err != nil {
		return nil, err
	}
	// Only what was there before the snapshot can be missed in it.
	c.mu.Lock()
	settled := c.track.settled()
	c.mu.Unlock()
	lost, err := c.lostPlaybacks(ctx)
	if err != nil {
		return nil, err
	}
	snap, err := c.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return c.connected(snap, settled, lost), nil
}

// connected opens the stream: the snapshot, what was held back, and the ends of
// playbacks that nobody heard of. It gives the channels that must be watched.
func (c *Client) connected(snap telephony.Snapshot, settled []telephony.ChannelID, lost map[telephony.PlaybackID]telephony.ChannelID) []telephony.ChannelID {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.track.compare(snap, settled)
	clear(c.track.supplied)
	c.mailbox.Push(telephony.Connected{Snapshot: snap})
	c.mailbox.Push(c.held...)
	c.held, c.ready = nil, true
	if c.before {
		c.stats.Reconnects++
	}
	c.before = true
	for id, ch := range lost {
		if c.track.playbacks[id] == nil { // its end was among the held
			continue
		}
		c.mailbox.Push(c.track.supply(id, ch, time.Now()))
	}
	return c.track.unwatched(snap, c.opts.IDPrefix)
}

// disconnected closes the stream and says whether it was open. What a resync
// that failed held back is true all the same and is delivered.
func (c *Client) disconnected() (stood bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	stood = c.ready
	c.mailbox.Push(c.held...)
	c.held, c.ready = nil, false
	clear(c.track.away) // whoever comes back in the gap does so unheard
	return stood
}
