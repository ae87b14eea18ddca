package ari

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"github.com/linekeeper/linekeeper/telephony"
)

// Messages are recordings of one channel. Asterisk records them in the thread of
// the channel, and so tells their end before that of the channel.

// message is one that is being recorded.
type message struct {
	since   time.Time     // when Asterisk was asked for it
	silence time.Duration // that ends it
	stopped bool          // by us
}

// A message that silence has ended without a word: Asterisk says that a second of
// it was spoken (it rounds up, and cuts the silence off), so the time that it took
// must tell. beepTime is how long the tone and the request may take; a word takes
// longer.
//
// Of one that a hang-up ended Asterisk takes the silence, less 200 ms and rounded
// down, from the whole seconds that it lasted. So 0 says that nobody spoke, and 1
// may say so of all but the shortest: then there was more silence than speech.
const (
	beepTime   = 900 * time.Millisecond
	leastWords = time.Second
	hardlyLong = 2500 * time.Millisecond
)

// endMessage completes what Asterisk says of the end of a message.
func (t *tracker) endMessage(e telephony.RecordingFinished, now time.Time) telephony.RecordingFinished {
	m := t.messages[e.Name]
	delete(t.messages, e.Name)
	if m == nil || m.stopped || m.silence == 0 {
		e.Silent = false
		return e
	}
	took := now.Sub(m.since)
	if took < m.silence {
		e.Silent = e.Spoken == 0 || e.Spoken <= leastWords && took >= hardlyLong
	} else {
		e.Silent = e.Spoken <= leastWords && took < m.silence+beepTime
	}
	return e
}

// longestMessage bounds a message: more is a mistake.
const longestMessage = time.Hour

// RecordMessage implements telephony.Switch. The file is a WAV (8 kHz, 16 bit)
// in Asterisk's recording directory, the tone its sound "beep".
func (c *Client) RecordMessage(ctx context.Context, ch telephony.ChannelID, name string, limits telephony.RecordLimits) error {
	op := "record a message on " + string(ch)
	switch {
	case !plainFileName(name):
		return permanent(op, fmt.Errorf("name %q is not a plain file name of letters, digits, - and _", name))
	case limits.Longest <= 0 || limits.Longest > longestMessage || limits.Silence < 0:
		return permanent(op, errors.New("a message needs a limit of at most an hour"))
	}
	body := map[string]any{
		"name": name, "format": "wav", "ifExists": "overwrite", "beep": true,
		"maxDurationSeconds": wholeSeconds(limits.Longest), "maxSilenceSeconds": wholeSeconds(limits.Silence),
	}
	m := &message{since: time.Now(), silence: time.Duration(wholeSeconds(limits.Silence)) * time.Second}
	c.mu.Lock()
	before := c.track.messages[name]
	c.track.messages[name] = m
	c.mu.Unlock()
	err := c.rest.post(ctx, op, segments("channels", string(ch), "record"), body, nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil || c.track.messages[name] != m:
	case before != nil && telephony.IsExists(err):
		c.track.messages[name] = before
	default:
		delete(c.track.messages, name)
	}
	return err
}

// StopRecord implements telephony.Switch.
func (c *Client) StopRecord(ctx context.Context, name string) error {
	c.mu.Lock()
	if m := c.track.messages[name]; m != nil {
		m.stopped = true
	}
	c.mu.Unlock()
	return unlessGone(c.rest.post(ctx, "end message "+name, segments("recordings", "live", name, "stop"), nil, nil))
}

// RemoveRecording implements telephony.Switch.
func (c *Client) RemoveRecording(ctx context.Context, name string) error {
	return unlessGone(c.rest.delete(ctx, "delete recording "+name, segments("recordings", "stored", name), nil))
}

// haveRecordings refuses to play recordings that Asterisk does not have.
func (c *Client) haveRecordings(ctx context.Context, op string, media []telephony.Media) error {
	for _, m := range media {
		name, recording := strings.CutPrefix(string(m), "recording:")
		if !recording {
			continue
		}
		err := c.rest.get(ctx, op, segments("recordings", "stored", name), nil, nil)
		if telephony.IsGone(err) {
			return permanent(op, fmt.Errorf("there is no recording %q", name))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func wholeSeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// recordingOf maps the end of a recording.
func recordingOf(r ari.LiveRecordingData, e ari.EventData, failed bool) telephony.RecordingFinished {
	ch, message := strings.CutPrefix(r.TargetURI, "channel:")
	if !message {
		ch = ""
	}
	done := telephony.RecordingFinished{Name: r.Name, Channel: telephony.ChannelID(ch), Failed: failed, At: at(e)}
	if message {
		done.Spoken = time.Duration(r.Talking)
	}
	return done
}
