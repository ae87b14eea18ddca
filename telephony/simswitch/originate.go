package simswitch

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/linekeeper/linekeeper/telephony"
)

// Behaviour says what an endpoint does when it is dialled, by calling methods of
// Outgoing. It runs with the switch locked and must not call the switch or its
// phones; OnAnswer is the place for that.
type Behaviour func(*Outgoing)

// Outgoing is one attempt to reach an endpoint, in the hands of a Behaviour. The
// last word of Answer, Refuse and Invalid counts; without any it rings on.
type Outgoing struct {
	Request telephony.OriginateRequest

	ringAfter time.Duration
	after     time.Duration
	answer    bool
	cause     telephony.Cause
	decided   bool
	invalid   string
	passage   *Passage
	onAnswer  func(*Phone)
}

// RingAfter lets the phone begin to ring only after d; it is 0 by default.
func (o *Outgoing) RingAfter(d time.Duration) { o.ringAfter = d }

// Answer picks up after d, unless the request's Timeout is over before.
func (o *Outgoing) Answer(d time.Duration) { o.decided, o.answer, o.after = true, true, d }

// Refuse ends the attempt after d with a cause.
func (o *Outgoing) Refuse(d time.Duration, cause telephony.Cause) {
	o.decided, o.answer, o.after, o.cause = true, false, d, cause
}

// Invalid makes Originate return an error of kind permanent; no channel starts.
func (o *Outgoing) Invalid(reason string) { o.invalid = reason }

// Examined lets the leg go through each context of the switch's dialplan in this
// way instead of the context's own.
func (o *Outgoing) Examined(p Passage) { o.passage = &p }

// OnAnswer runs f in a goroutine of its own once the leg was answered, for
// instance to press keys or to hang up after a while.
func (o *Outgoing) OnAnswer(f func(*Phone)) { o.onAnswer = f }

// Answer is an endpoint that picks up after d.
func Answer(d time.Duration) Behaviour { return func(o *Outgoing) { o.Answer(d) } }

// Busy is an endpoint that is engaged, found out after d.
func Busy(d time.Duration) Behaviour { return Refuse(d, telephony.CauseBusy) }

// Reject is an endpoint that presses the red button after d.
func Reject(d time.Duration) Behaviour { return Refuse(d, telephony.CauseRejected) }

// Refuse is an endpoint that ends the attempt after d with a cause.
func Refuse(d time.Duration, cause telephony.Cause) Behaviour {
	return func(o *Outgoing) { o.Refuse(d, cause) }
}

// NoAnswer is an endpoint that rings until the request's Timeout is over.
func NoAnswer() Behaviour { return func(*Outgoing) {} }

// Invalid is an endpoint that the switch refuses to dial.
func Invalid(reason string) Behaviour { return func(o *Outgoing) { o.Invalid(reason) } }

// Sequence behaves differently at each attempt; the last one repeats. It is for
// one endpoint at a time and needs at least one step.
func Sequence(steps ...Behaviour) Behaviour {
	var (
		mu   sync.Mutex
		next int
	)
	return func(o *Outgoing) {
		mu.Lock()
		step := steps[min(next, len(steps)-1)]
		next++
		mu.Unlock()
		step(o)
	}
}

// Endpoint says what happens when exactly this endpoint is dialled, from now on.
// Endpoints without a behaviour are the phones of agents, or else refused as
// permanent errors.
func (s *Switch) Endpoint(endpoint string, b Behaviour) {
	s.update(func() { s.endpoints[endpoint] = b })
}

// Originate starts a channel, see telephony.Switch. An endpoint of the form
// "Local/QUEUE@linekeeper-queue/n" is a placeholder that enters a Queue.
func (s *Switch) Originate(ctx context.Context, req telephony.OriginateRequest) error {
	req.Args, req.Vars = slices.Clone(req.Args), maps.Clone(req.Vars)
	return s.do(ctx, OpOriginate, string(req.ID)+" to "+req.Endpoint, func() error {
		switch {
		case req.ID == "":
			return refuse(telephony.KindPermanent, "no channel id")
		case s.channels[req.ID] != nil:
			return refuse(telephony.KindExists, "channel exists")
		}
		if name, ok := placeholderQueue(req.Endpoint); ok {
			s.enterQueue(s.dial(req), name, req)
			return nil
		}
		behave, agent := s.endpoints[req.Endpoint], s.agent(req.Endpoint)
		switch {
		case behave != nil:
		case agent == nil:
			return refuse(telephony.KindPermanent, "no such endpoint")
		case agent.status() == telephony.MemberUnavailable: // as Asterisk says it
			return refuse(telephony.KindRetryable, "Allocation failed")
		default:
			s.ringPhone(s.dial(req), agent)
			return nil
		}
		o := &Outgoing{Request: req}
		behave(o)
		if o.invalid != "" {
			return refuse(telephony.KindPermanent, o.invalid)
		}
		s.follow(s.dial(req), o)
		return nil
	})
}

// dial makes the channel of a request and starts its ring time.
func (s *Switch) dial(req telephony.OriginateRequest) *channel {
	called, _, _ := strings.Cut(req.Endpoint, "@")
	c := s.newChannel(req.ID, called)
	c.originated = true
	c.args = req.Args
	_, c.Caller.Number, _ = strings.Cut(called, "/")
	c.phone.endpoint = req.Endpoint
	c.phone.shown = req.CallerID
	if req.Vars != nil {
		c.vars = maps.Clone(req.Vars)
	}
	if req.Timeout > 0 {
		c.ring = s.after(req.Timeout, func() { s.end(c, telephony.CauseNoAnswer) })
	}
	return c
}

// follow lets a leg live through what its endpoint decided.
func (s *Switch) follow(c *channel, o *Outgoing) {
	c.passage = o.passage
	decide := func() {
		switch {
		case !o.decided:
		case o.answer:
			if s.pickUp(c) && o.onAnswer != nil {
				go o.onAnswer(c.phone)
			}
		default:
			s.end(c, o.cause)
		}
	}
	begin := func() {
		s.setState(c, telephony.StateRinging)
		c.plan = s.after(max(o.after-o.ringAfter, 0), decide)
	}
	if o.ringAfter > 0 {
		c.plan = s.after(o.ringAfter, begin)
	} else {
		begin()
	}
}

// pickUp answers an originated leg. Without a listener the leg ends at once, as
// on Asterisk; it says whether the leg lives.
func (s *Switch) pickUp(c *channel) bool {
	c.ring.stop()
	s.setState(c, telephony.StateUp)
	if s.arrive(c, c.args) {
		return true
	}
	s.end(c, telephony.CauseNormal)
	return false
}
