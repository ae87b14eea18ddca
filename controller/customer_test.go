package controller_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// customer is somebody who wants to be called back.
type customer struct {
	number   string
	rnd      *rand.Rand              // of what their phone does; only with the switch locked
	wants    *controller.NewCallback // asked for outside of a call, nil for one who asks in line
	caller   *simswitch.Phone        // of the call in which they asked for it, nil for one who asks otherwise
	answered chan string             // the answer to wants: the id of the promise, "" when it was refused
}

func (c *customer) endpoint() string { return "PJSIP/" + c.number + "@trunk" }

// newCustomer asks for a callback in line, or lets an operator do it.
func (s *story) newCustomer() {
	c := &customer{
		number: fmt.Sprintf("+7916%07d", len(s.customers)+1), rnd: rand.New(rand.NewPCG(s.rnd.Uint64(), 4)), answered: make(chan string, 1),
	}
	s.customers = append(s.customers, c)
	s.sim.Endpoint(c.endpoint(), func(o *simswitch.Outgoing) { s.pickUp(c, o) })
	if s.rnd.IntN(2) == 0 {
		c.wants = &controller.NewCallback{Number: c.number, Hotline: s.hotline(), Key: c.number}
		if s.rnd.IntN(2) == 0 {
			c.wants.Reason = callback.ReasonWeb
			c.wants.Window.From = time.Now().Add(time.Duration(s.rnd.IntN(300)) * time.Second)
			if s.rnd.IntN(2) == 0 {
				c.wants.Verify = callback.VerifyByCall
			}
		}
		s.asks(c)
		return
	}
	s.asksInLine(c)
}

func (s *story) hotline() string {
	if s.own {
		return "desk"
	}
	return "support"
}

// asks lets somebody fill in a form, or tell an operator. Who gets no answer asks
// again, with the same key.
func (s *story) asks(c *customer) {
	s.beside(func(ctx context.Context, ctl *controller.Controller) {
		made, err := ctl.AddCallback(ctx, *c.wants)
		var refused *controller.RefusedError
		if err != nil && !(errors.As(err, &refused) && refused.Refusal.Rule != controller.RuleStore) {
			return // asked again later
		}
		select {
		case c.answered <- made.Callback.ID:
		default: // it was answered before
		}
	})
}

// asksInLine calls the hotline and presses the keys for a callback.
func (s *story) asksInLine(c *customer) {
	dialled, pressed := "600", 0
	if s.own {
		dialled, pressed = "700", 1
	}
	p := s.sim.Call(c.number, dialled)
	c.caller = p
	patience := time.Now().Add(time.Duration(30+s.rnd.IntN(120)) * time.Second)
	s.person(p, func() bool {
		switch {
		case time.Now().After(patience) && len(p.Bridged()) == 0:
			p.Hangup()
			return true
		case pressed == 0 && heard(p, "Balance one"):
			pressed++
			p.Press("2")
		case pressed == 1 && heard(p, "call you back when your turn comes"):
			pressed++
			p.Press("1")
		case pressed == 2 && heard(p, "We will call you back at"):
			pressed++
			p.Press("1")
		}
		return false
	})
}

// pickUp is what the customer's phone does when it is dialled.
func (s *story) pickUp(c *customer, o *simswitch.Outgoing) {
	rings := time.Duration(c.rnd.IntN(3000)) * time.Millisecond
	after := rings + time.Duration(c.rnd.IntN(10000))*time.Millisecond
	luck, patience := c.rnd.IntN(100), time.Duration(1+c.rnd.IntN(20))*time.Second
	o.RingAfter(rings)
	if s.amd {
		way := found([]string{"HUMAN", "MACHINE", "NOTSURE"}[c.rnd.IntN(3)])
		way.Lasts = time.Duration(500+c.rnd.IntN(4500)) * time.Millisecond
		o.Examined(way)
	}
	switch {
	case luck < 55: // wants to talk
		o.Answer(after)
		o.OnAnswer(func(p *simswitch.Phone) { s.keepPressing(p) })
	case luck < 62:
		o.Refuse(after, telephony.CauseBusy)
	case luck < 70: // nobody there
	case luck < 76: // a machine
		o.Answer(after)
	case luck < 82:
		o.Answer(after)
		o.OnAnswer(func(p *simswitch.Phone) { s.pressWhen(p, "press one", "9") })
	case luck < 90: // is in a hurry
		o.Answer(after)
		o.OnAnswer(func(p *simswitch.Phone) {
			s.keepPressing(p)
			end := time.Now().Add(patience)
			s.person(p, func() bool {
				if time.Now().After(end) {
					p.Hangup()
				}
				return len(p.Bridged()) > 0
			})
		})
	case luck < 96:
		o.Refuse(after, telephony.CauseRejected)
	default:
		o.Refuse(after, telephony.CauseCongestion)
	}
}
