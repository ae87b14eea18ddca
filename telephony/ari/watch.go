package ari

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/backoff"
)

// Asterisk tells an application the end of each channel that it originated. Of
// a channel that came by Stasis() it tells nothing once that has left Stasis, and
// a hang-up is such a leaving: StasisEnd is the last event, and it has no cause
// (seen on 22.10.1). So we subscribe to each of these channels by name, which
// lasts until Asterisk has destroyed it.

// watch is what is known of the subscription to one channel.
type watch struct {
	sure bool // Asterisk will tell its end
	lost bool // Asterisk could not subscribe: the channel was gone
	left bool // it is not in Stasis now

	cause telephony.Cause // with which we hang up; 0 when we do not
}

// end is the event that Asterisk does not send.
func (w *watch) end(id telephony.ChannelID, at time.Time) telephony.ChannelEnded {
	return telephony.ChannelEnded{ID: id, Cause: w.cause, At: at}
}

// hangUp notes why we hang a channel up.
func (t *tracker) hangUp(id telephony.ChannelID, cause telephony.Cause) {
	if w := t.watches[id]; w != nil {
		w.cause = cause
	}
}

// mustWatch notes a channel that arrived and says whether to subscribe to it.
func (t *tracker) mustWatch(id telephony.ChannelID, prefix string) bool {
	if t.watches[id] != nil || t.ours(id, prefix) {
		return false
	}
	t.watches[id] = &watch{}
	return true
}

// unwatched gives the channels of a snapshot that must be watched: those that
// arrived while nobody listened, or for an earlier process, and those whose
// subscription a broken connection left open.
func (t *tracker) unwatched(snap telephony.Snapshot, prefix string) []telephony.ChannelID {
	var ids []telephony.ChannelID
	for _, ch := range snap.Channels {
		w := t.watches[ch.ID]
		if ch.Arrived && t.mustWatch(ch.ID, prefix) || w != nil && !w.sure && !w.lost {
			ids = append(ids, ch.ID)
		}
	}
	return ids
}

// leave gives the end of a channel that has left Stasis, if Asterisk will not.
func (t *tracker) leave(id telephony.ChannelID, at time.Time) []telephony.Event {
	w := t.watches[id]
	if w == nil {
		return nil
	}
	w.left = true
	if !w.lost {
		return nil
	}
	t.forget(id)
	return []telephony.Event{w.end(id, at)}
}

// watch subscribes to a channel, and tries again until that is done, the
// channel is gone or the connection ends; then the next resync goes on.
func (c *Client) watch(ctx context.Context, id telephony.ChannelID) {
	query := url.Values{"eventSource": {"channel:" + string(id)}}
	for attempt := 0; ; attempt++ {
		err := c.rest.do(ctx, "watch "+string(id), http.MethodPost, segments("applications", c.opts.App, "subscription"), query, nil, nil)
		if err == nil || telephony.KindOf(err) != telephony.KindRetryable {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.watched(id, err == nil)
			return
		}
		if !backoff.Sleep(ctx, backoff.FullJitter(c.opts.BackoffBase, c.opts.BackoffMax, attempt)) {
			return
		}
	}
}

// watched notes how a subscription went. The caller holds c.mu.
func (c *Client) watched(id telephony.ChannelID, sure bool) {
	w := c.track.watches[id]
	if w == nil { // it ended meanwhile
		return
	}
	w.sure, w.lost = sure, !sure
	if w.lost && w.left {
		c.track.forget(id)
		c.emit(w.end(id, time.Now()))
	}
}
