package simswitch

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// message is what is being recorded on one channel.
type message struct {
	rec     *Recording
	limits  telephony.RecordLimits
	longest *alarm
	silence *alarm
}

// RecordMessage records what is said into a channel, see telephony.Switch; what
// is said is what Phone.Speak says. The tone is heard as ToneBeep and takes no
// time.
func (s *Switch) RecordMessage(ctx context.Context, id telephony.ChannelID, name string, limits telephony.RecordLimits) error {
	return s.do(ctx, OpRecordMessage, name+" on "+string(id), func() error {
		c, err := s.arrived(id)
		switch {
		case err != nil:
			return err
		case !plainName(name):
			return refuse(telephony.KindPermanent, "not a plain file name: "+name)
		case limits.Longest <= 0 || limits.Silence < 0:
			return refuse(telephony.KindPermanent, "a message needs a limit")
		case s.recordingNamed(name) != nil && s.recordingNamed(name).Until.IsZero():
			return refuse(telephony.KindExists, "recording exists")
		}
		s.removeRecording(name)
		m := &message{rec: &Recording{Name: name, Channel: id, From: time.Now()}, limits: limits}
		s.recordings = append(s.recordings, m.rec)
		c.phone.heard = append(c.phone.heard, Heard{Media: ToneBeep, At: time.Now(), Complete: true})
		c.message = m
		m.longest = s.after(limits.Longest, func() { s.endMessage(c, m) })
		s.listen(c, m, 0)
		return nil
	})
}

// ToneBeep is what a phone hears before its message is recorded.
const ToneBeep telephony.Media = "tone:beep"

// listen waits for the silence that ends a message, after somebody spoke for as
// long as spoke; the lock is held.
func (s *Switch) listen(c *channel, m *message, spoke time.Duration) {
	m.silence.stop()
	if m.limits.Silence > 0 {
		m.silence = s.after(spoke+m.limits.Silence, func() { s.endMessage(c, m) })
	}
}

// endMessage ends a recording and says so; the lock is held. One that has ended,
// and nil, are allowed.
func (s *Switch) endMessage(c *channel, m *message) {
	if m == nil || c.message != m {
		return
	}
	c.message = nil
	m.longest.stop()
	m.silence.stop()
	m.rec.Until = time.Now()
	if c.ours() {
		s.emit(telephony.RecordingFinished{
			Name: m.rec.Name, Channel: c.ID, Silent: m.limits.Silence > 0 && m.rec.Spoken == 0, Spoken: m.rec.Spoken, At: m.rec.Until,
		})
	}
}

// StopRecord ends a message, see telephony.Switch.
func (s *Switch) StopRecord(ctx context.Context, name string) error {
	return s.do(ctx, OpStopRecord, name, func() error {
		for _, c := range s.channels {
			if m := c.message; m != nil && m.rec.Name == name {
				s.endMessage(c, m)
			}
		}
		return nil
	})
}

// RemoveRecording deletes a recording, see telephony.Switch.
func (s *Switch) RemoveRecording(ctx context.Context, name string) error {
	return s.do(ctx, OpRemoveRecording, name, func() error {
		if r := s.recordingNamed(name); r != nil && r.Until.IsZero() {
			return refuse(telephony.KindPermanent, "the recording goes on")
		}
		s.removeRecording(name)
		return nil
	})
}

// Speak lets the person at the phone speak from now on for a while. It is in the
// message that is being recorded, if there is one; a speech that is cut off by
// its end is in it as far as it came.
func (p *Phone) Speak(d time.Duration) {
	p.sw.update(func() {
		c := p.ch
		if p.ended || c.message == nil {
			return
		}
		c.message.rec.Spoken += d
		p.sw.listen(c, c.message, d)
	})
}

// recordingNamed finds a recording, or nil; the lock is held.
func (s *Switch) recordingNamed(name string) *Recording {
	i := slices.IndexFunc(s.recordings, func(r *Recording) bool { return r.Name == name })
	if i < 0 {
		return nil
	}
	return s.recordings[i]
}

func (s *Switch) removeRecording(name string) {
	s.recordings = slices.DeleteFunc(s.recordings, func(r *Recording) bool { return r.Name == name })
}

// duration is how long a medium plays; the lock is held.
func (s *Switch) duration(m telephony.Media) time.Duration {
	name, recording := strings.CutPrefix(string(m), "recording:")
	if !recording {
		return s.opts.Duration(m)
	}
	if r := s.recordingNamed(name); r != nil && !r.Until.IsZero() {
		return r.Until.Sub(r.From)
	}
	return -1
}

func plainName(name string) bool { return name != "" && !strings.ContainsAny(name, "/\\.\x00") }
