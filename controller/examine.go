package controller

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/telephony"
)

// Detection is how it is told that a machine answered.
type Detection string

// The detections. Each gives no more than a hint.
const (
	DetectOff  Detection = "off"  // as "": not at all
	DetectTalk Detection = "talk" // who talks on and on while the question is being asked
	DetectAMD  Detection = "amd"  // Asterisk's AMD() listens before the question, in silence
)

// hears says whether the switch is to tell who talks. With AMD() that shows when
// a machine's greeting is over.
func (d Detection) hears() bool { return d == DetectTalk || d == DetectAMD }

// machineContext is where the dialplan runs AMD(), argExamined the first argument
// with which channels come back from there; its result follows.
const (
	machineContext = "linekeeper-machine"
	argExamined    = "callback-examined"
)

// examLimit is how long a leg may be examined: AMD() decides within 5 s, unless
// amd.conf says otherwise. It is hung up on then, as nothing can be played on it.
const examLimit = 10 * time.Second

// examination is that of a customer's leg by the switch. Main mailbox.
type examination struct {
	left  bool // the leg is in the switch's dialplan
	over  bool // it came back, or was not taken
	limit *time.Timer
}

// mayGreet says whether the leg of an attempt may be greeted now. One that is to
// be examined is sent away for it; its promise greets it when it is back.
func (c *Controller) mayGreet(leg telephony.ChannelID) bool {
	x, hungUp := c.exams[leg], c.arriving[leg]
	switch {
	case x != nil:
		return x.over
	case c.opts.Callbacks.Machines != DetectAMD, hungUp:
		return true
	}
	id, _, _ := ownedBy(leg, prefixCust)
	c.expect(leg)
	c.promises.workFor(id).post(func() {
		ctx, cancel := context.WithTimeout(c.ctx, switchTimeout)
		defer cancel()
		err := c.opts.Switch.Lend(ctx, leg, telephony.Extension{Context: machineContext})
		c.main.post(func() { c.sent(leg, err) })
	})
	return false
}

// expect waits for a leg that is in the switch's dialplan, or will be.
func (c *Controller) expect(leg telephony.ChannelID) *examination {
	x := &examination{}
	x.limit = time.AfterFunc(examLimit, func() {
		c.main.post(func() {
			if c.exams[leg] == x && !x.over {
				c.log.Warn("a customer does not come back from context "+machineContext+" and is hung up on", zap.String("channel", string(leg)))
				c.promises.neverBack(leg)
			}
		})
	})
	c.exams[leg] = x
	return x
}

// sent takes what the switch said to the request to examine.
func (c *Controller) sent(leg telephony.ChannelID, err error) {
	x := c.exams[leg]
	switch {
	case err == nil, x == nil, x.over:
	case telephony.IsGone(err):
		c.noExam(leg) // the promise hears of the end
	case x.left: // it was taken all the same
	default:
		c.met.switchErrors.WithLabelValues(telephony.KindOf(err).String()).Inc()
		c.notHeard(err.Error())
		x.end()
		c.promises.examined(leg, false)
	}
}

// examined takes a leg that came back, with the result of AMD().
func (c *Controller) examined(leg telephony.ChannelID, result []string) {
	x := c.exams[leg]
	if x == nil { // sent by the last run
		x = c.expect(leg)
	}
	x.end()
	status := ""
	if len(result) > 0 {
		status = result[0]
	}
	if status == "" {
		c.notHeard("AMD() gave no result: is app_amd.so loaded?")
	}
	c.log.Debug("a customer was examined", zap.String("channel", string(leg)), zap.Strings("result", result))
	c.promises.examined(leg, status == "MACHINE")
}

// sayAgain begins anew what nobody could hear.
func (k *call) sayAgain() {
	k.box.post(func() {
		k.playing = ""
		k.step(dialplan.Resumed{})
	})
}

// notHeard says once that machines are not told apart.
func (c *Controller) notHeard(why string) {
	if !c.unheard {
		c.unheard = true
		c.log.Warn("customers are greeted without looking for machines; this is said once", zap.String("why", why))
	}
}

// noExam forgets an examination, if there is one.
func (c *Controller) noExam(leg telephony.ChannelID) {
	x := c.exams[leg]
	if x == nil {
		return
	}
	delete(c.exams, leg)
	if !x.over { // nobody greets it
		delete(c.arriving, leg)
	}
	x.end()
}

func (x *examination) end() {
	x.limit.Stop()
	x.over = true
}

// compareExams looks for legs in the switch's dialplan. Those of the last run
// come back by themselves.
func (c *Controller) compareExams(now onSwitchNow) {
	for leg := range c.exams {
		if !now.alive(string(leg)) {
			c.noExam(leg)
		}
	}
	for leg, ch := range now {
		_, _, customer := ownedBy(leg, prefixCust)
		if customer && now.away(string(leg)) && c.byLeg[ch.ID] == nil && c.exams[leg] == nil {
			c.expect(leg).left = true
		}
	}
}

// examined goes on with a leg that the switch has listened to.
func (s *promises) examined(leg telephony.ChannelID, machine bool) {
	id, n, _ := ownedBy(leg, prefixCust)
	over := func() { s.c.hangupLater(leg) } // a leg of a promise that is over
	s.on(id, func(p *promise) {
		last, _ := p.cb.Last()
		if len(p.cb.Attempts) != n {
			over()
			return
		}
		if p.cb.State == callback.Answered {
			s.greet(p, callback.Greet{Channel: string(leg), Verify: last.Verify})
		} else {
			s.step(p, callback.PickedUp{Channel: string(leg)}) // the last run had not heard of it
		}
		if machine {
			s.step(p, callback.Machine{Channel: string(leg)})
		}
	}, func(error) { over() })
}

// neverBack ends an attempt whose leg stays in the switch's dialplan.
func (s *promises) neverBack(leg telephony.ChannelID) {
	id, _, _ := ownedBy(leg, prefixCust)
	s.on(id, func(p *promise) { s.step(p, callback.NoKey{Channel: string(leg)}) }, func(error) { s.c.hangupLater(leg) })
}
