package controller_test

import (
	"context"
	"errors"
	"sync"

	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
)

var errDead = errors.New("this daemon is dead")

// mortal lets one run of a daemon die at a point: nothing of it reaches the disk
// or the switch any more, as if the process had been killed there. Points are its
// steps, and the moments before and after each commit and each request.
type mortal struct {
	mu    sync.Mutex
	left  int    // points until it dies; 0 lets it live
	only  string // counts only this point; "" counts all
	dead  bool
	where string
	died  chan struct{} // closed when it dies
	end   func()        // stops what still runs; set before the daemon runs
}

func newMortal(points int) *mortal {
	return &mortal{left: points, died: make(chan struct{})}
}

// pass comes to a point and says whether the daemon lives on.
func (m *mortal) pass(point string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return false
	}
	if m.only != "" && m.only != point {
		return true
	}
	if m.left--; m.left == 0 {
		m.dead, m.where = true, point
		m.end()
		close(m.died)
		return false
	}
	return true
}

// do carries out one request or commit, unless the daemon is dead.
func (m *mortal) do(what string, f func() error) error {
	if !m.pass("before " + what) {
		return &telephony.Error{Op: what, Kind: telephony.KindRetryable, Err: errDead}
	}
	err := f()
	if !m.pass("after " + what) {
		return &telephony.Error{Op: what, Kind: telephony.KindRetryable, Err: errDead}
	}
	return err
}

// inhabit puts the daemon of these options at the mercy of m.
func (m *mortal) inhabit(o *controller.Options) {
	o.Switch, o.Store = mortalSwitch{o.Switch, m}, mortalStore{o.Store, m}
	o.At = func(s controller.Step, _ string) { m.pass(s.String()) }
}

type mortalStore struct {
	store.Store
	m *mortal
}

func (s mortalStore) Commit(ctx context.Context, b store.Batch) error {
	return s.m.do("commit", func() error { return s.Store.Commit(ctx, b) })
}

type mortalSwitch struct {
	telephony.Switch
	m *mortal
}

func (s mortalSwitch) Answer(ctx context.Context, ch telephony.ChannelID) error {
	return s.m.do("answer", func() error { return s.Switch.Answer(ctx, ch) })
}

func (s mortalSwitch) Play(ctx context.Context, ch telephony.ChannelID, id telephony.PlaybackID, media []telephony.Media) error {
	return s.m.do("play", func() error { return s.Switch.Play(ctx, ch, id, media) })
}

func (s mortalSwitch) StopPlay(ctx context.Context, id telephony.PlaybackID) error {
	return s.m.do("stop play", func() error { return s.Switch.StopPlay(ctx, id) })
}

func (s mortalSwitch) StartMusic(ctx context.Context, ch telephony.ChannelID, class string) error {
	return s.m.do("music", func() error { return s.Switch.StartMusic(ctx, ch, class) })
}

func (s mortalSwitch) StopMusic(ctx context.Context, ch telephony.ChannelID) error {
	return s.m.do("stop music", func() error { return s.Switch.StopMusic(ctx, ch) })
}

func (s mortalSwitch) Originate(ctx context.Context, req telephony.OriginateRequest) error {
	return s.m.do("originate", func() error { return s.Switch.Originate(ctx, req) })
}

func (s mortalSwitch) Bridge(ctx context.Context, id telephony.BridgeID, channels ...telephony.ChannelID) error {
	return s.m.do("bridge", func() error { return s.Switch.Bridge(ctx, id, channels...) })
}

func (s mortalSwitch) Unbridge(ctx context.Context, id telephony.BridgeID) error {
	return s.m.do("unbridge", func() error { return s.Switch.Unbridge(ctx, id) })
}

func (s mortalSwitch) Unjoin(ctx context.Context, id telephony.BridgeID, ch telephony.ChannelID) error {
	return s.m.do("unjoin", func() error { return s.Switch.Unjoin(ctx, id, ch) })
}

func (s mortalSwitch) Record(ctx context.Context, id telephony.BridgeID, name string) error {
	return s.m.do("record", func() error { return s.Switch.Record(ctx, id, name) })
}

func (s mortalSwitch) PauseRecord(ctx context.Context, name string) error {
	return s.m.do("pause recording", func() error { return s.Switch.PauseRecord(ctx, name) })
}

func (s mortalSwitch) ResumeRecord(ctx context.Context, name string) error {
	return s.m.do("resume recording", func() error { return s.Switch.ResumeRecord(ctx, name) })
}

func (s mortalSwitch) RecordMessage(ctx context.Context, ch telephony.ChannelID, name string, limits telephony.RecordLimits) error {
	return s.m.do("record a message", func() error { return s.Switch.RecordMessage(ctx, ch, name, limits) })
}

func (s mortalSwitch) StopRecord(ctx context.Context, name string) error {
	return s.m.do("stop recording", func() error { return s.Switch.StopRecord(ctx, name) })
}

func (s mortalSwitch) RemoveRecording(ctx context.Context, name string) error {
	return s.m.do("remove recording", func() error { return s.Switch.RemoveRecording(ctx, name) })
}

func (s mortalSwitch) Hangup(ctx context.Context, ch telephony.ChannelID, cause telephony.Cause) error {
	return s.m.do("hang up", func() error { return s.Switch.Hangup(ctx, ch, cause) })
}
