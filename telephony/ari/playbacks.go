package ari

import (
	"context"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// Asterisk ends every playback with an event, also those that a hang-up cuts
// off, except when nobody listens. What follows supplies those ends, so that a
// consumer who waits for one never waits for ever.

// endPlaybacks gives the ends that Asterisk still owes for a channel which is
// gone or no longer ours.
func (t *tracker) endPlaybacks(ch telephony.ChannelID, at time.Time) []telephony.Event {
	var evs []telephony.Event
	for id, p := range t.playbacks {
		switch {
		case p.channel != ch:
		case p.accepted:
			evs = append(evs, t.supply(id, ch, at))
		default:
			p.over = true
		}
	}
	return evs
}

// supply makes the end of a playback in Asterisk's place. Should Asterisk's own
// come after all, it is swallowed.
func (t *tracker) supply(id telephony.PlaybackID, ch telephony.ChannelID, at time.Time) telephony.Event {
	delete(t.playbacks, id)
	t.supplied[id] = true
	return telephony.PlaybackFinished{ID: id, Channel: ch, Failed: true, At: at}
}

// owed lists the accepted playbacks.
func (t *tracker) owed() map[telephony.PlaybackID]telephony.ChannelID {
	owed := map[telephony.PlaybackID]telephony.ChannelID{}
	for id, p := range t.playbacks {
		if p.accepted {
			owed[id] = p.channel
		}
	}
	return owed
}

// lostPlaybacks asks Asterisk which playbacks ended while nobody listened.
func (c *Client) lostPlaybacks(ctx context.Context) (map[telephony.PlaybackID]telephony.ChannelID, error) {
	c.mu.Lock()
	owed := c.track.owed()
	c.mu.Unlock()
	lost := map[telephony.PlaybackID]telephony.ChannelID{}
	for id, ch := range owed {
		err := c.rest.get(ctx, "look for playback "+string(id), segments("playbacks", string(id)), nil, nil)
		switch {
		case telephony.IsGone(err):
			lost[id] = ch
		case err != nil:
			return nil, err
		}
	}
	return lost, nil
}

// Play implements telephony.Switch. Media schemes that Asterisk does not know, and
// recordings that do not exist, are refused here, since it would accept them and
// never report an end.
// "silence:N" becomes sound files of Asterisk's core set, so it is in whole
// seconds. An id whose playback has not ended gives KindExists. Failed in
// PlaybackFinished is that of the last media, and true when a hang-up cut the
// playback off.
func (c *Client) Play(ctx context.Context, ch telephony.ChannelID, id telephony.PlaybackID, media []telephony.Media) error {
	op := "play on " + string(ch)
	uris, err := mediaURIs(media)
	if err != nil {
		return permanent(op, err)
	}
	if id == "" {
		return permanent(op, errNoID)
	}
	if err := c.haveRecordings(ctx, op, media); err != nil {
		return err
	}
	c.mu.Lock()
	if _, busy := c.track.playbacks[id]; busy {
		c.mu.Unlock()
		return &telephony.Error{Op: op, Kind: telephony.KindExists, Err: errPlaybackID}
	}
	p := &playback{channel: ch}
	c.track.playbacks[id] = p
	delete(c.track.supplied, id)
	c.mu.Unlock()

	err = c.rest.post(ctx, op, segments("channels", string(ch), "play", string(id)), map[string]any{"media": uris}, nil)

	c.mu.Lock()
	defer c.mu.Unlock()
	if c.track.playbacks[id] != p { // its end arrived already
		return err
	}
	switch {
	case err != nil:
		delete(c.track.playbacks, id)
	case p.over:
		c.emit(c.track.supply(id, ch, time.Now()))
	default:
		p.accepted = true
	}
	return err
}

// StopPlay implements telephony.Switch.
func (c *Client) StopPlay(ctx context.Context, id telephony.PlaybackID) error {
	return unlessGone(c.rest.delete(ctx, "stop playback "+string(id), segments("playbacks", string(id)), nil))
}
