package simswitch

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// channel is one live leg.
type channel struct {
	telephony.Channel
	order      int
	originated bool     // ours before it arrives
	away       bool     // ours, and in the switch's own dialplan
	passage    *Passage // through that dialplan, nil for the context's own
	args       []string
	vars       map[string]string
	phone      *Phone
	place      *place // set on a placeholder
	offer      *offer // set on a leg to an agent's phone
	dialler    *Agent // set on a call that an agent dialled
	ring       *alarm // the end of the ring time of an originated leg
	plan       *alarm // the next step of an originated leg's behaviour, or the end of a passage

	playing []*playback // the first one is heard, the others wait their turn
	message *message    // that is being recorded, or nil
	quiet   chan struct{}
	music   bool
	class   string
}

func (c *channel) ours() bool { return c.Arrived || c.originated || c.away }

// heard says whether the switch tells what is said and pressed on the channel.
func (c *channel) heard() bool { return c.Arrived || c.away }

// newChannel adds a channel to the switch; the lock is held.
func (s *Switch) newChannel(id telephony.ChannelID, tech string) *channel {
	s.seq++
	if id == "" {
		id = telephony.ChannelID("sim-" + strconv.Itoa(s.seq))
	}
	c := &channel{
		order:   s.seq,
		vars:    map[string]string{},
		Channel: telephony.Channel{ID: id, Name: fmt.Sprintf("%s-%08x", tech, s.seq)},
	}
	c.phone = &Phone{sw: s, id: id, ch: c, from: time.Now()}
	s.channels[id] = c
	s.phones = append(s.phones, c.phone)
	return c
}

// setState moves a channel on and says so; the lock is held.
func (s *Switch) setState(c *channel, state telephony.ChannelState) {
	if c.State == state {
		return
	}
	c.State = state
	if c.ours() {
		s.emit(telephony.ChannelChanged{Channel: c.Channel, At: time.Now()})
	}
}

// arrive puts a channel under linekeeper's control. It says false when nobody
// listens, which is when Asterisk's Stasis() fails; the lock is held.
func (s *Switch) arrive(c *channel, args []string) bool {
	if !s.linked() {
		return false
	}
	c.Arrived, c.away = true, false
	c.args = slices.Clone(args)
	s.emit(telephony.ChannelArrived{Channel: c.Channel, Args: slices.Clone(args), At: time.Now()})
	return true
}

// end removes a channel with all that hangs on it; the lock is held. A channel
// that has ended already stays as it is.
func (s *Switch) end(c *channel, cause telephony.Cause) {
	if s.channels[c.ID] != c {
		return
	}
	delete(s.channels, c.ID)
	c.ring.stop()
	c.plan.stop()
	switch {
	case c.place != nil:
		s.dropPlace(c.place)
	case c.offer != nil:
		s.legEnded(c.offer)
	case c.dialler != nil:
		c.dialler.hungUp()
	}
	s.silence(c)
	s.endMessage(c, c.message)
	s.leaveBridge(c)
	c.music = false
	c.phone.ended, c.phone.cause, c.phone.to = true, cause, time.Now()
	if c.ours() {
		s.emit(telephony.ChannelEnded{ID: c.ID, Cause: cause, At: time.Now()})
	}
}

// live finds a channel or says that it is gone; the lock is held.
func (s *Switch) live(id telephony.ChannelID) (*channel, error) {
	if c, ok := s.channels[id]; ok {
		return c, nil
	}
	return nil, refuse(telephony.KindGone, "channel not found")
}

// arrived finds a channel that is under linekeeper's control; the lock is held.
func (s *Switch) arrived(id telephony.ChannelID) (*channel, error) {
	c, err := s.live(id)
	if err == nil && !c.Arrived {
		return nil, refuse(telephony.KindRetryable, "channel is not under control yet")
	}
	return c, err
}

// Answer picks up an incoming channel, see telephony.Switch.
func (s *Switch) Answer(ctx context.Context, id telephony.ChannelID) error {
	return s.do(ctx, OpAnswer, string(id), func() error {
		c, err := s.arrived(id)
		if err == nil {
			s.setState(c, telephony.StateUp)
		}
		return err
	})
}

// Hangup ends a channel, see telephony.Switch.
func (s *Switch) Hangup(ctx context.Context, id telephony.ChannelID, cause telephony.Cause) error {
	return s.do(ctx, OpHangup, string(id), func() error {
		if c, err := s.live(id); err == nil {
			s.end(c, cause)
		}
		return nil
	})
}

// SetVariable sets a channel variable, see telephony.Switch.
func (s *Switch) SetVariable(ctx context.Context, id telephony.ChannelID, name, value string) error {
	return s.do(ctx, OpSetVariable, name+" of "+string(id), func() error {
		c, err := s.live(id)
		if err == nil {
			c.vars[name] = value
		}
		return err
	})
}

// Variable reads a channel variable, see telephony.Switch.
func (s *Switch) Variable(ctx context.Context, id telephony.ChannelID, name string) (string, error) {
	var value string
	err := s.do(ctx, OpVariable, name+" of "+string(id), func() error {
		c, err := s.live(id)
		if err == nil {
			value = c.vars[name]
		}
		return err
	})
	return value, err
}

// Snapshot lists what is linekeeper's, see telephony.Switch. Channels come in
// the order in which they came to be.
func (s *Switch) Snapshot(ctx context.Context) (telephony.Snapshot, error) {
	var snap telephony.Snapshot
	err := s.do(ctx, OpSnapshot, "", func() error {
		snap = s.snapshot()
		return nil
	})
	return snap, err
}

func (s *Switch) snapshot() telephony.Snapshot {
	var snap telephony.Snapshot
	byAge := func(a, b *channel) int { return cmp.Compare(a.order, b.order) }
	for _, c := range slices.SortedFunc(maps.Values(s.channels), byAge) {
		if c.ours() {
			snap.Channels = append(snap.Channels, c.Channel)
		}
	}
	for _, b := range s.bridges {
		out := telephony.Bridge{ID: b.id}
		for _, c := range b.members {
			out.Channels = append(out.Channels, c.ID)
		}
		snap.Bridges = append(snap.Bridges, out)
	}
	return snap
}
