package ari

import (
	"context"
	"fmt"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

const (
	prefixFetch = "lk-fetch-"
	beyondEnd   = 3_600_000 // ms: more than any sound lasts
	fetchPoll   = 10 * time.Millisecond
)

// Fetch makes Asterisk get a sound that it plays over HTTP and keep it, so that it
// begins at once when somebody is to hear it. Asterisk has no request for that:
// the sound is played into a bridge in which nobody is, from beyond its end on.
// It blocks until Asterisk has the sound or has given up, which it does not tell.
// It needs no connection by Run.
func (c *Client) Fetch(ctx context.Context, media telephony.Media) (err error) {
	op := "fetch a sound"
	uris, err := mediaURIs([]telephony.Media{media})
	if err != nil {
		return permanent(op, err)
	}
	id := fmt.Sprintf("%s%s-%d", prefixFetch, c.opts.App, c.fetches.Add(1))
	bridge := segments("bridges", id)
	if err := c.rest.post(ctx, op, bridge, map[string]any{"type": "mixing"}, nil); err != nil && !telephony.IsExists(err) {
		return err
	}
	defer func() {
		left := unlessGone(c.rest.delete(context.WithoutCancel(ctx), op, bridge, nil))
		if err == nil {
			err = left
		}
	}()
	in := map[string]any{"media": uris, "offsetms": beyondEnd}
	if err := c.rest.post(ctx, op, bridge+segments("play", id), in, nil); err != nil {
		return err
	}
	tick := time.NewTicker(fetchPoll)
	defer tick.Stop()
	for {
		err := c.rest.get(ctx, op, segments("playbacks", id), nil, nil)
		if telephony.IsGone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return retryable(op, ctx.Err())
		}
	}
}
