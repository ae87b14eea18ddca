package simswitch

import (
	"context"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// bridge is a mixing bridge.
type bridge struct {
	id      telephony.BridgeID
	members []*channel
}

// Recording is a file that the switch wrote, or is writing.
type Recording struct {
	Name    string
	Bridge  telephony.BridgeID // the latest one; "" for a message
	From    time.Time
	Until   time.Time           // zero while it lasts
	Parts   []Part              // who is to be heard in it, in the order of joining
	Rests   bool                // nobody is, by PauseRecord
	Channel telephony.ChannelID // of a message: who left it
	Spoken  time.Duration       // of a message: how long somebody spoke
}

// Part is the time that one channel was in the bridge of a recording.
type Part struct {
	Channel telephony.ChannelID
	From    time.Time
	Until   time.Time // zero while it lasts
}

// Bridge adds channels to a bridge, see telephony.Switch. As on Asterisk it
// blocks while one of them plays something; a channel in another bridge moves.
func (s *Switch) Bridge(ctx context.Context, id telephony.BridgeID, channels ...telephony.ChannelID) error {
	if err := s.waitQuiet(ctx, channels); err != nil {
		return failure(string(OpBridge)+" "+string(id), err)
	}
	return s.do(ctx, OpBridge, string(id), func() error {
		var legs []*channel
		for _, ch := range channels {
			c, err := s.arrived(ch)
			if err != nil {
				return err
			}
			legs = append(legs, c)
		}
		b := s.bridge(id)
		if b == nil {
			b = &bridge{id: id}
			s.bridges = append(s.bridges, b)
		}
		for _, c := range legs {
			if c.Bridge == id {
				continue
			}
			s.leaveBridge(c)
			c.Bridge = id
			b.members = append(b.members, c)
			c.phone.bridged = append(c.phone.bridged, id)
			for _, r := range s.recordingsOf(id) {
				if !r.Rests {
					r.Parts = append(r.Parts, Part{Channel: c.ID, From: time.Now()})
				}
			}
		}
		return nil
	})
}

// waitQuiet blocks until nothing plays on the channels or the link breaks.
func (s *Switch) waitQuiet(ctx context.Context, channels []telephony.ChannelID) error {
	return s.await(ctx, func() (bool, error) {
		for _, id := range channels {
			if c := s.channels[id]; c != nil && len(c.playing) > 0 && s.linked() {
				return false, nil
			}
		}
		return true, nil
	})
}

// Unbridge destroys a bridge, see telephony.Switch.
func (s *Switch) Unbridge(ctx context.Context, id telephony.BridgeID) error {
	return s.do(ctx, OpUnbridge, string(id), func() error {
		b := s.bridge(id)
		if b == nil {
			return nil
		}
		for _, c := range slices.Clone(b.members) {
			s.leaveBridge(c)
		}
		s.bridges = slices.DeleteFunc(s.bridges, func(x *bridge) bool { return x == b })
		for _, r := range s.recordingsOf(id) {
			r.Until = time.Now()
			s.emit(telephony.RecordingFinished{Name: r.Name, At: r.Until})
		}
		return nil
	})
}

// Unjoin takes a channel out of a bridge, see telephony.Switch.
func (s *Switch) Unjoin(ctx context.Context, id telephony.BridgeID, ch telephony.ChannelID) error {
	return s.do(ctx, OpUnjoin, string(ch)+" from "+string(id), func() error {
		if c := s.channels[ch]; c != nil && c.Bridge == id {
			s.leaveBridge(c)
		}
		return nil
	})
}

// Record records a bridge, see telephony.Switch. A name that is no plain file
// name gives an error of kind permanent.
func (s *Switch) Record(ctx context.Context, id telephony.BridgeID, name string) error {
	return s.do(ctx, OpRecord, string(id), func() error {
		i := slices.IndexFunc(s.recordings, func(r *Recording) bool { return r.Name == name })
		switch {
		case !plainName(name):
			return refuse(telephony.KindPermanent, "not a plain file name: "+name)
		case s.bridge(id) == nil:
			return refuse(telephony.KindGone, "bridge not found")
		case i >= 0 && s.recordings[i].Until.IsZero():
			return refuse(telephony.KindExists, "recording exists")
		case i < 0:
			i = len(s.recordings)
			s.recordings = append(s.recordings, &Recording{Name: name, From: time.Now()})
		}
		r := s.recordings[i]
		r.Bridge, r.Until, r.Rests = id, time.Time{}, false
		for _, c := range s.bridge(id).members {
			r.Parts = append(r.Parts, Part{Channel: c.ID, From: time.Now()})
		}
		return nil
	})
}

// PauseRecord lets a recording rest, see telephony.Switch.
func (s *Switch) PauseRecord(ctx context.Context, name string) error {
	return s.do(ctx, OpPauseRecord, name, func() error {
		if r := s.recordingNamed(name); r != nil && r.Until.IsZero() && r.Channel == "" {
			r.Rests = true
			for i := range r.Parts {
				r.end(i)
			}
		}
		return nil
	})
}

// ResumeRecord lets a recording go on, see telephony.Switch.
func (s *Switch) ResumeRecord(ctx context.Context, name string) error {
	return s.do(ctx, OpResumeRecord, name, func() error {
		r := s.recordingNamed(name)
		if r == nil || !r.Rests || !r.Until.IsZero() {
			return nil
		}
		r.Rests = false
		if b := s.bridge(r.Bridge); b != nil {
			for _, c := range b.members {
				r.Parts = append(r.Parts, Part{Channel: c.ID, From: time.Now()})
			}
		}
		return nil
	})
}

// end ends a part, unless it has ended.
func (r *Recording) end(part int) {
	if p := &r.Parts[part]; p.Until.IsZero() {
		p.Until = time.Now()
	}
}

// Recordings lists what was recorded so far, oldest first.
func (s *Switch) Recordings() []Recording {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Recording
	for _, r := range s.recordings {
		copied := *r
		copied.Parts = slices.Clone(r.Parts)
		out = append(out, copied)
	}
	return out
}

// bridge finds a bridge, or nil; the lock is held.
func (s *Switch) bridge(id telephony.BridgeID) *bridge {
	for _, b := range s.bridges {
		if b.id == id {
			return b
		}
	}
	return nil
}

// leaveBridge takes a channel out of its bridge, which stays; the lock is held.
func (s *Switch) leaveBridge(c *channel) {
	if b := s.bridge(c.Bridge); b != nil {
		b.members = slices.DeleteFunc(b.members, func(x *channel) bool { return x == c })
		for _, r := range s.recordingsOf(b.id) {
			for i := range r.Parts {
				if r.Parts[i].Channel == c.ID {
					r.end(i)
				}
			}
		}
	}
	c.Bridge = ""
}

// recordingsOf lists the recordings of a bridge that are going on; the lock is
// held.
func (s *Switch) recordingsOf(id telephony.BridgeID) []*Recording {
	var out []*Recording
	for _, r := range s.recordings {
		if r.Bridge == id && r.Until.IsZero() {
			out = append(out, r)
		}
	}
	return out
}
