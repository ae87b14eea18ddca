package controller_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// listens is how long AMD() takes in these tests.
const listens = 3 * time.Second

// found is what AMD() says after it has listened; no words are a leg that never
// comes back.
func found(words ...string) simswitch.Passage {
	if len(words) == 0 {
		return simswitch.Passage{}
	}
	return simswitch.Passage{Lasts: listens, Args: append([]string{"callback-examined"}, words...)}
}

// underAMD calls a customer who answers after a second and is examined.
func underAMD(t *testing.T, then callback.MachineAction, way simswitch.Passage, test func(r *rig, p *simswitch.Phone)) {
	options := func(o *controller.Options) {
		o.Callbacks.Machines = controller.DetectAMD
		for name, p := range o.Callbacks.Policies {
			p.Machine, p.MaxAttempts = then, 1
			o.Callbacks.Policies[name] = p
		}
	}
	inBubbleWith(t, options, nil, func(r *rig) {
		r.sim.Context("linekeeper-machine", found("HUMAN", ""))
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(time.Second)
		r.sim.Endpoint(answersAlone, func(o *simswitch.Outgoing) {
			o.Answer(time.Second)
			o.Examined(way)
		})
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		r.until("it is answered", func() bool { return r.promise().State == callback.Answered })
		test(r, r.sim.Dialled(answersAlone)[0])
	})
}

// greeted checks that the question was heard once, so long after somebody picked up.
func (r *rig) greeted(p *simswitch.Phone, least, most time.Duration) {
	r.t.Helper()
	r.hears(p, "You asked us to call you back")
	n := 0
	for _, h := range p.Heard() {
		if strings.Contains(string(h.Media), "You asked us to call you back") {
			n++
		}
	}
	picked := r.events(callback.NoteAnswered)[0].At
	if took := p.Heard()[0].At.Sub(picked); n != 1 || took < least || took > most {
		r.t.Errorf("greeted %d times, %v after the answer, want once after %v to %v", n, took, least, most)
	}
}

// keeps lets a person press 1, talk, and hang up.
func (r *rig) keeps(p *simswitch.Phone) {
	r.t.Helper()
	time.Sleep(time.Second)
	p.Press("1")
	r.until("they talk", func() bool { return r.promise().State == callback.Connected })
	p.Hangup()
	r.until("the promise is kept", func() bool { return r.promise().State == callback.Done })
	if n := len(r.sim.Dialled(answersAlone)); n != 1 {
		r.t.Errorf("dialled %d times", n)
	}
}

func TestExaminedPersons(t *testing.T) {
	for _, status := range []string{"HUMAN", "NOTSURE", "HANGUP", ""} {
		t.Run(status, func(t *testing.T) {
			underAMD(t, callback.MachineHangUp, found(status, "x"), func(r *rig, p *simswitch.Phone) {
				p.Talk(true) // of itself no hint here, however long
				r.greeted(p, listens, listens+time.Second)
				time.Sleep(4 * time.Second)
				p.Talk(false)
				r.keeps(p)
				if n := len(r.events(callback.NoteMachine)); n > 0 {
					t.Errorf("taken for a machine %d times", n)
				}
			})
		})
	}
}

func TestExaminedMachineIsHungUpOn(t *testing.T) {
	underAMD(t, callback.MachineHangUp, found("MACHINE", "LONGGREETING-1500-1500"), func(r *rig, p *simswitch.Phone) {
		r.greeted(p, listens, listens+time.Second)
		r.machineLearned(p, "nobody pressed a key")
	})
}

func TestExaminedMachineIsLeftAMessage(t *testing.T) {
	underAMD(t, callback.MachineMessage, found("MACHINE", "MAXWORDS-3-3"), func(r *rig, p *simswitch.Phone) {
		p.Talk(true)
		r.until("it is taken for a machine", func() bool { return len(r.events(callback.NoteMachine)) == 1 })
		time.Sleep(3 * time.Second)
		for _, h := range p.Heard() {
			if strings.Contains(string(h.Media), "could not reach you") {
				t.Error("the message was spoken into the greeting")
			}
		}
		p.Talk(false)
		r.hears(p, "could not reach you")
		r.machineLearned(p, "message left")
	})
}

// What AMD() says is a hint: 1 says more.
func TestPersonExaminedAsAMachine(t *testing.T) {
	underAMD(t, callback.MachineHangUp, found("MACHINE", "INITIALSILENCE-2500-2500"), func(r *rig, p *simswitch.Phone) {
		r.greeted(p, listens, listens+time.Second)
		r.until("it is taken for a machine", func() bool { return len(r.events(callback.NoteMachine)) == 1 })
		r.keeps(p)
	})
}

func TestHangUpDuringTheExamination(t *testing.T) {
	underAMD(t, callback.MachineHangUp, found("HUMAN"), func(r *rig, p *simswitch.Phone) {
		time.Sleep(time.Second)
		p.Hangup()
		r.until("the attempt is over", func() bool { return !r.promise().Open() })
		last, _ := r.promise().Last()
		if last.Outcome != callback.OutcomeDeclined || len(p.Heard()) > 0 {
			t.Errorf("the attempt ended as %+v, and they heard %v", last, p.Heard())
		}
	})
}

func TestCancelDuringTheExamination(t *testing.T) {
	underAMD(t, callback.MachineHangUp, found("HUMAN"), func(r *rig, p *simswitch.Phone) {
		time.Sleep(time.Second)
		_, _, err := r.ctl.CancelCallback(r.ctx(), r.promise().ID, callback.ByOperator, "test")
		r.must(err)
		r.until("it is hung up", func() bool { over, _ := p.Ended(); return over })
		if len(p.Heard()) > 0 {
			t.Errorf("they heard %v", p.Heard())
		}
	})
}

func TestRestartDuringTheExamination(t *testing.T) {
	for name, away := range map[string]time.Duration{"back before": 500 * time.Millisecond, "too late": 2 * listens} {
		t.Run(name, func(t *testing.T) {
			underAMD(t, callback.MachineHangUp, found("MACHINE", "MAXWORDS-3-3"), func(r *rig, p *simswitch.Phone) {
				time.Sleep(time.Second)
				r.restart(away)
				if away > listens { // nobody was there when it came back
					r.until("the attempt is over", func() bool { return !r.promise().Open() })
					return
				}
				r.greeted(p, listens, listens+time.Second)
				r.until("it is taken for a machine", func() bool { return len(r.events(callback.NoteMachine)) == 1 })
				r.keeps(p)
			})
		})
	}
}

func TestGapDuringTheExamination(t *testing.T) {
	underAMD(t, callback.MachineHangUp, found("HUMAN"), func(r *rig, p *simswitch.Phone) {
		r.sim.Disconnect()
		time.Sleep(time.Second)
		r.sim.Reconnect()
		r.greeted(p, listens, listens+time.Second)
		r.keeps(p)
	})
}

func TestExaminationIsRefused(t *testing.T) {
	no := func(k telephony.Kind) error { return &telephony.Error{Kind: k, Err: errors.New("no")} }
	for name, tc := range map[string]struct {
		fault       simswitch.Fault
		least, most time.Duration
	}{
		"no such context":          {simswitch.Fault{Err: no(telephony.KindPermanent)}, 0, time.Second},
		"no answer":                {simswitch.Fault{Err: no(telephony.KindRetryable), Delay: 4 * time.Second}, 4 * time.Second, 5 * time.Second},
		"the answer is lost":       {simswitch.Fault{Err: no(telephony.KindRetryable), LostReply: true}, listens, listens + time.Second},
		"the answer is lost later": {simswitch.Fault{Err: no(telephony.KindRetryable), LostReply: true, Delay: time.Second}, listens, listens + time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			inBubbleWith(t, func(o *controller.Options) { o.Callbacks.Machines = controller.DetectAMD }, nil, func(r *rig) {
				tc.fault.Op = simswitch.OpLend
				r.sim.Inject(tc.fault)
				r.sim.Context("linekeeper-machine", found("HUMAN"))
				r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(time.Second)
				r.sim.Endpoint(answersAlone, simswitch.Answer(time.Second))
				_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
				r.must(err)
				r.until("it is answered", func() bool { return r.promise().State == callback.Answered })
				p := r.sim.Dialled(answersAlone)[0]
				r.greeted(p, tc.least, tc.most)
				r.keeps(p)
			})
		})
	}
}

func TestExaminationNeverEnds(t *testing.T) {
	underAMD(t, callback.MachineHangUp, found(), func(r *rig, p *simswitch.Phone) {
		r.until("the attempt is over", func() bool { return !r.promise().Open() })
		last, _ := r.promise().Last()
		if took := last.EndedAt.Sub(r.events(callback.NoteAnswered)[0].At); last.Outcome != callback.OutcomeNoKey || took > 11*time.Second {
			t.Errorf("the attempt ended after %v as %+v", took, last)
		}
		r.until("it is hung up", func() bool { over, _ := p.Ended(); return over })
	})
}
