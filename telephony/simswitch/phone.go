package simswitch

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// Phone is the far end of a channel: a caller's phone, or the phone that
// answered a leg which linekeeper originated. It outlives its channel.
type Phone struct {
	sw       *Switch
	id       telephony.ChannelID
	ch       *channel
	endpoint string             // what was dialled; "" for a caller
	shown    telephony.CallerID // what the display shows; empty for a caller

	// Guarded by the switch's lock.
	fellBack bool
	ended    bool
	cause    telephony.Cause
	from, to time.Time // when the call began and ended
	heard    []Heard
	scanned  int // how much of heard WaitHear has passed
	bridged  []telephony.BridgeID
}

// Heard is one medium that a phone heard.
type Heard struct {
	Media    telephony.Media
	At       time.Time // when it began
	Complete bool      // it was heard to its end
}

// errHungUp is what waiting on a phone gives when its call is over.
var errHungUp = errors.New("the call has ended")

// Call lets somebody dial a number that belongs to linekeeper. The channel
// arrives with the arguments "hotline" and the number, as the dialplan stub
// gives them. While nobody listens the call falls back to the switch's own
// dialplan instead and is never linekeeper's.
func (s *Switch) Call(from, dialed string) *Phone {
	var p *Phone
	s.update(func() {
		c := s.newChannel("", "SIM/"+from)
		p = c.phone
		c.State = telephony.StateRinging
		c.Caller = telephony.CallerID{Number: from}
		c.Dialed = dialed
		c.Language = s.opts.Language
		p.fellBack = !s.arrive(c, []string{"hotline", dialed})
	})
	return p
}

// Phone finds the phone of a channel, also of one that has ended, or nil. Of
// several channels that had this id one after another it is the newest.
func (s *Switch) Phone(id telephony.ChannelID) *Phone {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range slices.Backward(s.phones) {
		if p.id == id {
			return p
		}
	}
	return nil
}

// Dialled lists the phones of all legs that were originated to an endpoint,
// oldest first: how often was it rung?
func (s *Switch) Dialled(endpoint string) []*Phone {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*Phone
	for _, p := range s.phones {
		if p.endpoint == endpoint {
			out = append(out, p)
		}
	}
	return out
}

// ID is the channel's id.
func (p *Phone) ID() telephony.ChannelID { return p.id }

// Shown is the caller id on the phone's display; empty on a caller's phone.
func (p *Phone) Shown() telephony.CallerID { return p.shown }

// Press sends keys, one after another without a pause. Keys of a call that is
// over or not under linekeeper's control go nowhere.
func (p *Phone) Press(keys string) {
	p.sw.update(func() {
		for _, key := range keys {
			if c := p.ch; !p.ended && c.heard() {
				p.sw.emit(telephony.DigitReceived{ID: c.ID, Digit: key, At: time.Now()})
			}
		}
	})
}

// Talk begins or ends to talk, on a leg that was originated with
// telephony.VarTalking; on any other, nobody notices.
func (p *Phone) Talk(on bool) {
	p.sw.update(func() {
		if c := p.ch; !p.ended && c.heard() && c.vars[telephony.VarTalking] != "" {
			p.sw.emit(telephony.Talking{ID: c.ID, On: on, At: time.Now()})
		}
	})
}

// Hangup puts the receiver down; a call that is over stays as it is.
func (p *Phone) Hangup() {
	p.sw.update(func() { p.sw.end(p.ch, telephony.CauseNormal) })
}

// Redirect sends the call back to the switch's own dialplan, as an operator can
// on the switch's console: ChannelLeft comes and the channel lives on.
func (p *Phone) Redirect() {
	p.sw.update(func() {
		if c := p.ch; !p.ended && c.Arrived {
			c.originated = false
			p.sw.leave(c)
		}
	})
}

// FellBack says whether the call came while nobody listened.
func (p *Phone) FellBack() bool { return get(p, func() bool { return p.fellBack }) }

// Answered says whether the call is up now.
func (p *Phone) Answered() bool { return get(p, func() bool { return p.up() }) }

// Ended says whether the call is over, and why.
func (p *Phone) Ended() (bool, telephony.Cause) {
	p.sw.mu.Lock()
	defer p.sw.mu.Unlock()
	return p.ended, p.cause
}

// Lasted says from when to when there was a call on this phone, the ringing
// included; to is zero while there is one.
func (p *Phone) Lasted() (from, to time.Time) {
	p.sw.mu.Lock()
	defer p.sw.mu.Unlock()
	return p.from, p.to
}

// Heard lists everything that was played to this phone, oldest first, including
// what is heard now. Hold music is not in it.
func (p *Phone) Heard() []Heard { return get(p, func() []Heard { return slices.Clone(p.heard) }) }

// MusicOn says whether hold music is heard now: it was started, nothing plays
// over it and the call is in no bridge.
func (p *Phone) MusicOn() bool {
	return get(p, func() bool { return p.ch.music && len(p.ch.playing) == 0 && p.ch.Bridge == "" })
}

// Bridged lists the other channels of the bridge that the call is in now.
func (p *Phone) Bridged() []telephony.ChannelID {
	return get(p, func() []telephony.ChannelID {
		var out []telephony.ChannelID
		if b := p.sw.bridge(p.ch.Bridge); b != nil {
			for _, c := range b.members {
				if c != p.ch {
					out = append(out, c.ID)
				}
			}
		}
		return out
	})
}

// Bridges lists every bridge that the call was ever put in, in order.
func (p *Phone) Bridges() []telephony.BridgeID {
	return get(p, func() []telephony.BridgeID { return slices.Clone(p.bridged) })
}

// Hears says whether what is said into the other phone is heard in this one:
// both calls are up and in one bridge.
func (p *Phone) Hears(other *Phone) bool {
	return get(p, func() bool {
		return p != other && p.up() && other.up() && p.ch.Bridge != "" && p.ch.Bridge == other.ch.Bridge
	})
}

// WaitHear blocks until the medium begins on this phone. It goes through what is
// heard like a reader: each call begins after the medium that the one before
// found. It fails when the call ends first or with the context's error.
func (p *Phone) WaitHear(ctx context.Context, m telephony.Media) error {
	return p.wait(ctx, func() bool {
		for i := p.scanned; i < len(p.heard); i++ {
			if p.heard[i].Media == m {
				p.scanned = i + 1
				return true
			}
		}
		return false
	})
}

// WaitAnswered blocks until the call is up. It fails like WaitHear.
func (p *Phone) WaitAnswered(ctx context.Context) error { return p.wait(ctx, p.up) }

// WaitBridged blocks until the call is in a bridge with another channel. It
// fails like WaitHear.
func (p *Phone) WaitBridged(ctx context.Context) error {
	return p.wait(ctx, func() bool {
		b := p.sw.bridge(p.ch.Bridge)
		return b != nil && len(b.members) > 1
	})
}

// WaitMusic blocks until hold music was started for the call. It fails like
// WaitHear.
func (p *Phone) WaitMusic(ctx context.Context) error {
	return p.wait(ctx, func() bool { return p.ch.music })
}

// WaitEnded blocks until the call is over and says why it ended.
func (p *Phone) WaitEnded(ctx context.Context) (telephony.Cause, error) {
	var cause telephony.Cause
	err := p.sw.await(ctx, func() (bool, error) {
		cause = p.cause
		return p.ended, nil
	})
	return cause, err
}

// wait blocks until cond, called locked, is true.
func (p *Phone) wait(ctx context.Context, cond func() bool) error {
	return p.sw.await(ctx, func() (bool, error) {
		switch {
		case cond():
			return true, nil
		case p.ended:
			return false, errHungUp
		}
		return false, nil
	})
}

// up says whether the call is answered and lives; the lock is held.
func (p *Phone) up() bool { return !p.ended && p.ch.State == telephony.StateUp }

// get reads something with the switch locked.
func get[T any](p *Phone, f func() T) T {
	p.sw.mu.Lock()
	defer p.sw.mu.Unlock()
	return f()
}
