package simswitch

import (
	"context"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// Passage is how a channel goes through a context of the switch's own dialplan.
type Passage struct {
	Lasts time.Duration
	Args  []string // with which the channel comes back; nil: it never does, and is up until somebody hangs up
}

// Context adds a context to the switch's own dialplan, for Lend.
func (s *Switch) Context(name string, p Passage) {
	s.update(func() { s.contexts[name] = p })
}

// Lend sends a channel through a context, see telephony.Switch; all its extensions are
// the same. A channel that comes back while nobody listens ends, as the dialplan of
// linekeeper says.
func (s *Switch) Lend(ctx context.Context, id telephony.ChannelID, to telephony.Extension) error {
	return s.do(ctx, OpLend, string(id), func() error {
		c, err := s.arrived(id)
		if err != nil {
			return err
		}
		way, found := s.contexts[to.Context]
		if !found {
			return refuse(telephony.KindPermanent, "no such context")
		}
		if c.passage != nil {
			way = *c.passage
		}
		c.away = true
		s.leave(c)
		if way.Args == nil {
			return nil
		}
		c.plan = s.after(way.Lasts, func() {
			if !s.arrive(c, way.Args) {
				s.end(c, telephony.CauseNormal)
			}
		})
		return nil
	})
}

// leave takes a channel out of linekeeper's control; the lock is held.
func (s *Switch) leave(c *channel) {
	s.silence(c)
	s.endMessage(c, c.message)
	s.leaveBridge(c)
	c.Arrived, c.music, c.class = false, false, ""
	s.emit(telephony.ChannelLeft{ID: c.ID, At: time.Now()})
}
