package simswitch

import (
	"context"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// playback is a list of media on a channel.
type playback struct {
	id    telephony.PlaybackID
	ch    *channel
	media []telephony.Media // still to be heard; the first one is heard now
	timer *alarm
	heard int // index in the phone's list of what is heard now
}

// Play starts media on a channel or queues them, see telephony.Switch. An id in
// use gives an error of kind exists, an empty list one of kind permanent.
func (s *Switch) Play(ctx context.Context, id telephony.ChannelID, pid telephony.PlaybackID, media []telephony.Media) error {
	return s.do(ctx, OpPlay, string(pid)+" on "+string(id), func() error {
		c, err := s.arrived(id)
		switch {
		case err != nil:
			return err
		case len(media) == 0:
			return refuse(telephony.KindPermanent, "no media")
		case s.playbacks[pid] != nil:
			return refuse(telephony.KindExists, "playback exists")
		}
		p := &playback{id: pid, ch: c, media: slices.Clone(media)}
		s.playbacks[pid] = p
		c.playing = append(c.playing, p)
		if len(c.playing) == 1 {
			c.quiet = make(chan struct{})
			s.playNext(p)
		}
		return nil
	})
}

// StopPlay ends a playback, see telephony.Switch.
func (s *Switch) StopPlay(ctx context.Context, pid telephony.PlaybackID) error {
	return s.do(ctx, OpStopPlay, string(pid), func() error {
		if p := s.playbacks[pid]; p != nil {
			s.finish(p, false)
		}
		return nil
	})
}

// playNext starts the first of the media that are left; the lock is held.
func (s *Switch) playNext(p *playback) {
	if len(p.media) == 0 {
		s.finish(p, false)
		return
	}
	d := s.duration(p.media[0])
	if d < 0 {
		s.finish(p, true)
		return
	}
	phone := p.ch.phone
	phone.heard = append(phone.heard, Heard{Media: p.media[0], At: time.Now()})
	p.heard = len(phone.heard) - 1
	if d == Forever {
		return
	}
	p.timer = s.after(d, func() {
		phone.heard[p.heard].Complete = true
		p.media = p.media[1:]
		s.playNext(p)
	})
}

// finish ends a playback and starts the next one that waits on the channel; the
// lock is held.
func (s *Switch) finish(p *playback, failed bool) {
	p.timer.stop()
	delete(s.playbacks, p.id)
	c := p.ch
	i := slices.Index(c.playing, p)
	c.playing = slices.Delete(c.playing, i, i+1)
	if c.ours() {
		s.emit(telephony.PlaybackFinished{ID: p.id, Channel: c.ID, Failed: failed, At: time.Now()})
	}
	switch {
	case len(c.playing) == 0:
		close(c.quiet)
		c.quiet = nil
	case i == 0:
		s.playNext(c.playing[0])
	}
}

// silence ends all playbacks of a channel, without starting those that wait;
// the lock is held.
func (s *Switch) silence(c *channel) {
	waiting := c.playing
	if len(waiting) == 0 {
		return
	}
	c.playing = nil
	close(c.quiet)
	c.quiet = nil
	for _, p := range waiting {
		p.timer.stop()
		delete(s.playbacks, p.id)
		s.emit(telephony.PlaybackFinished{ID: p.id, Channel: c.ID, At: time.Now()})
	}
}

// StartMusic plays hold music, see telephony.Switch.
func (s *Switch) StartMusic(ctx context.Context, id telephony.ChannelID, class string) error {
	return s.do(ctx, OpStartMusic, "on "+string(id), func() error {
		c, err := s.arrived(id)
		if err == nil {
			c.music, c.class = true, class
		}
		return err
	})
}

// StopMusic ends hold music, see telephony.Switch.
func (s *Switch) StopMusic(ctx context.Context, id telephony.ChannelID) error {
	return s.do(ctx, OpStopMusic, "on "+string(id), func() error {
		c, err := s.arrived(id)
		if err == nil {
			c.music, c.class = false, ""
		}
		return err
	})
}
