package ari

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/backoff"
)

// Asterisk ends the recording of a bridge that nobody is left in (seen on
// 22.10.1), and the port promises that it goes on. So its end is kept back, and
// the same file is appended to once somebody is in the bridge again: the silence
// between is not in it.

// recording is one Record whose bridge stands.
type recording struct {
	bridge telephony.BridgeID
	turn   chan struct{} // held by whoever asks Asterisk about it: one at a time

	// Guarded by the client's lock.
	paused bool      // Asterisk ended it
	rests  bool      // by PauseRecord
	failed bool      // a part of it is missing
	since  time.Time // when the present piece began
	tries  int       // pieces in a row that ended soon
}

func (r *recording) take(ctx context.Context) error {
	select {
	case r.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *recording) release() { <-r.turn }

// pause takes the end of a piece and says whether it was a recording of ours.
func (t *tracker) pause(e telephony.RecordingFinished) bool {
	r := t.recordings[e.Name]
	if r == nil {
		return false
	}
	r.paused = true
	r.failed = r.failed || e.Failed
	return true
}

// recorded lists the recordings of a bridge, of all bridges when it is "".
func (t *tracker) recorded(id telephony.BridgeID) []string {
	var names []string
	for name, r := range t.recordings {
		if id == "" || r.bridge == id {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (c *Client) recorded(id telephony.BridgeID) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.track.recorded(id)
}

// Record implements telephony.Switch. The file is a WAV (8 kHz, 16 bit) in
// Asterisk's recording directory. RecordingFinished is sent when Unbridge of the
// same Client ends it, or when the bridge is found gone; Failed in it means that
// a part is missing. Pauses in which nobody was in the bridge are not in the
// file. Who calls it anew after a restart has the pieces to come appended too.
func (c *Client) Record(ctx context.Context, id telephony.BridgeID, name string) error {
	op := "record bridge " + string(id)
	if !plainFileName(name) {
		return permanent(op, fmt.Errorf("name %q is not a plain file name of letters, digits, - and _", name))
	}
	r := &recording{bridge: id, turn: make(chan struct{}, 1), since: time.Now()}
	r.turn <- struct{}{}
	defer r.release()
	c.mu.Lock()
	if other := c.track.recordings[name]; other != nil && other.bridge == id {
		c.mu.Unlock()
		return &telephony.Error{Op: op, Kind: telephony.KindExists, Err: errRecording}
	}
	c.track.recordings[name] = r
	c.mu.Unlock()
	err := c.record(ctx, op, id, name)
	if err != nil && !telephony.IsExists(err) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.track.recordings[name] == r {
			delete(c.track.recordings, name)
		}
	}
	return err
}

// rests says whether a recording is not to go on by itself.
func (c *Client) rests(r *recording) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return r.rests
}

// PauseRecord implements telephony.Switch. It ends the present piece: a recording
// that Asterisk itself holds tells no end any more once everybody has left the
// bridge meanwhile, and cannot be stopped (seen on 22.10.1). The file goes on with
// the next piece.
func (c *Client) PauseRecord(ctx context.Context, name string) error {
	op := "pause recording " + name
	r, ended, err := c.setRest(ctx, op, name, true)
	if err != nil {
		return err
	}
	if r != nil {
		defer r.release()
	}
	if ended {
		return nil // and does not go on when somebody comes
	}
	return unlessGone(c.rest.post(ctx, op, segments("recordings", "live", name, "stop"), nil, nil))
}

// ResumeRecord implements telephony.Switch. It knows only recordings that Record
// of the same Client was asked for.
func (c *Client) ResumeRecord(ctx context.Context, name string) error {
	r, ended, err := c.setRest(ctx, "resume recording "+name, name, false)
	if r == nil || err != nil {
		return err
	}
	r.release()
	if ended {
		c.resume(ctx, name)
	}
	return nil // else the end of the piece is on its way, and the next one follows it
}

// setRest notes whether a recording rests, and says whether Asterisk has ended its
// present piece. The turn of what is found is taken.
func (c *Client) setRest(ctx context.Context, op, name string, rests bool) (r *recording, ended bool, err error) {
	c.mu.Lock()
	r = c.track.recordings[name]
	c.mu.Unlock()
	if r == nil {
		return nil, false, nil
	}
	if err := r.take(ctx); err != nil {
		return nil, false, retryable(op, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	r.rests = rests
	return r, r.paused, nil
}

var errRecording = errors.New("a recording of this name goes on")

func (c *Client) record(ctx context.Context, op string, id telephony.BridgeID, name string) error {
	body := map[string]any{"name": name, "format": "wav", "ifExists": "append"}
	return c.rest.post(ctx, op, segments("bridges", string(id), "record"), body, nil)
}

func plainFileName(name string) bool {
	const allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return name != "" && len(name) <= 200 && strings.Trim(name, allowed) == ""
}

// resumeAttempts is how often a recording that cannot go on is tried at once;
// the next channel in its bridge tries again.
const resumeAttempts = 6

// resume lets a recording go on that Asterisk ended, if somebody is in its
// bridge. A part that is missing for good is told at its end.
func (c *Client) resume(ctx context.Context, name string) {
	c.mu.Lock()
	r := c.track.recordings[name]
	c.mu.Unlock()
	if r == nil || r.take(ctx) != nil {
		return
	}
	defer r.release()
	var err error
	for attempt := range resumeAttempts {
		if !c.isPaused(name, r) {
			return
		}
		if err = c.resumeOnce(ctx, name, r); err == nil {
			return
		}
		if !backoff.Sleep(ctx, backoff.FullJitter(c.opts.BackoffBase, c.opts.BackoffMax, attempt)) {
			break
		}
	}
	c.mu.Lock()
	r.failed = true
	c.mu.Unlock()
}

// isPaused says whether a recording is still known and waits to go on.
func (c *Client) isPaused(name string, r *recording) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.track.recordings[name] == r && r.paused
}

func (c *Client) resumeOnce(ctx context.Context, name string, r *recording) error {
	op := "go on recording bridge " + string(r.bridge)
	var b ari.BridgeData
	err := c.rest.get(ctx, op, segments("bridges", string(r.bridge)), nil, &b)
	switch {
	case telephony.IsGone(err):
		c.finish(name, r)
		return nil
	case err != nil:
		return err
	case len(b.ChannelIDs) == 0: // whoever comes next resumes it
		return nil
	case c.rests(r): // ResumeRecord does
		return nil
	}
	// Its end may be told before the answer is here, and is news then.
	c.mu.Lock()
	r.paused, r.since = false, time.Now()
	c.mu.Unlock()
	// An id in use is the piece before, of which Asterisk has told the end and
	// not yet forgotten the name.
	if err = c.record(ctx, op, r.bridge, name); err != nil {
		c.mu.Lock()
		r.paused = true
		c.mu.Unlock()
	}
	return err
}

// resumeLater is resume after Asterisk told the end of a piece. One that goes on
// ending by itself is not tried without rest.
func (c *Client) resumeLater(ctx context.Context, name string) {
	c.mu.Lock()
	r, wait := c.track.recordings[name], time.Duration(0)
	if r != nil {
		if time.Since(r.since) > c.opts.BackoffMax {
			r.tries = 0
		}
		if r.tries > 0 {
			wait = backoff.FullJitter(c.opts.BackoffBase, c.opts.BackoffMax, r.tries-1)
		}
		r.tries++
	}
	c.mu.Unlock()
	if backoff.Sleep(ctx, wait) {
		c.resume(ctx, name)
	}
}

// revive looks whether a recording ended while nobody listened.
func (c *Client) revive(ctx context.Context, name string) {
	err := c.rest.get(ctx, "look for recording "+name, segments("recordings", "live", name), nil, nil)
	if telephony.IsGone(err) {
		c.mu.Lock()
		c.track.pause(telephony.RecordingFinished{Name: name})
		c.mu.Unlock()
		c.resume(ctx, name)
	}
}

// stopRecordings ends what is recorded in a bridge before it is destroyed:
// Asterisk reports no end of a recording whose bridge is gone. paused are those
// that had ended already.
func (c *Client) stopRecordings(ctx context.Context, op string, id telephony.BridgeID) (paused map[string]*recording, err error) {
	paused = map[string]*recording{}
	for _, name := range c.recorded(id) {
		c.mu.Lock()
		r := c.track.recordings[name]
		c.mu.Unlock()
		if r == nil {
			continue
		}
		if err := r.take(ctx); err != nil {
			return paused, retryable(op, err)
		}
		c.mu.Lock()
		if r.paused {
			paused[name] = r
		} else {
			delete(c.track.recordings, name) // so that its end is told
		}
		c.mu.Unlock()
		if paused[name] == nil {
			stop := c.rest.post(ctx, op, segments("recordings", "live", name, "stop"), nil, nil)
			err = errors.Join(err, unlessGone(stop))
		}
		r.release()
	}
	return paused, err
}

// finish tells the end of a recording that Asterisk ended before.
func (c *Client) finish(name string, r *recording) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.track.recordings[name] == r {
		delete(c.track.recordings, name)
		c.emit(telephony.RecordingFinished{Name: name, Failed: r.failed, At: time.Now()})
	}
}
