package controller

import (
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/telephony"
)

// Whoever answers with more than a greeting is perhaps a machine. It is heard
// while the question is already being asked, so that nobody waits for it.
const (
	longGreeting = 3 * time.Second // people who answer are silent sooner
	afterBeep    = time.Second     // beside the second that ends talk: a machine's tone comes within it
)

// ear is what is heard of the customer's leg. It belongs to the promises' mailbox.
type ear struct {
	leg     string
	turn    int  // counts what began and ended, so that a timer knows whether it is late
	talking bool //
	message bool // is to be left when it is silent
}

// listen is the ear for the leg of the latest attempt.
func (p *promise) listen() *ear {
	last, _ := p.cb.Last()
	if p.ear.leg != last.Channel {
		p.ear = ear{leg: last.Channel, turn: p.ear.turn + 1}
	}
	return &p.ear
}

// talking takes what the switch heard on a channel.
func (s *promises) talking(ev telephony.Talking) {
	id, _, ok := callback.ParseChannelID(string(ev.ID))
	if !ok {
		return
	}
	s.on(id, func(p *promise) {
		e := p.listen()
		if e.leg != string(ev.ID) {
			return
		}
		e.turn++
		e.talking = ev.On
		switch {
		case ev.On && s.c.opts.Callbacks.Machines == DetectTalk:
			s.stillSo(p, longGreeting, func() { s.step(p, callback.Machine{Channel: e.leg}) })
		case !ev.On && e.message:
			s.stillSo(p, afterBeep, func() { s.speak(p) })
		}
	}, nothing)
}

// stillSo does something later, if neither talk began nor ended by then.
func (s *promises) stillSo(p *promise, after time.Duration, do func()) {
	id, leg, turn := p.cb.ID, p.ear.leg, p.ear.turn
	time.AfterFunc(after, func() {
		s.on(id, func(now *promise) {
			if now == p && p.ear.leg == leg && p.ear.turn == turn {
				do()
			}
		}, nothing)
	})
}

// leaveMessage waits for the end of the machine's greeting; the call does so not
// for ever.
func (s *promises) leaveMessage(p *promise) {
	e := p.listen()
	e.message = true
	s.toCustomer(p, func(k *call) { k.send(dialplan.MachineAnswered{}) })
	if !e.talking {
		s.stillSo(p, afterBeep, func() { s.speak(p) })
	}
}

// speak lets the message be spoken, once.
func (s *promises) speak(p *promise) {
	if !p.ear.message || p.cb.State != callback.Answered {
		return
	}
	p.ear.message = false
	s.toCustomer(p, func(k *call) { k.send(dialplan.MachineSilent{}) })
}
