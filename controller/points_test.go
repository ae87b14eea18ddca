package controller_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// TestKilledAtRandomPoints lets random stories of promises happen, kills the daemon
// at random points of them and starts it again, and asks what must hold wherever
// it died: see judge.
func TestKilledAtRandomPoints(t *testing.T) {
	for seed := range stories() {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { tellStory(t, uint64(seed)) })
	}
}

// stories is how many random stories are told; each is killed about five times.
func stories() int {
	if n, err := strconv.Atoi(os.Getenv("LINEKEEPER_STORIES")); err == nil {
		return n // more of them, when looking for trouble
	}
	return 20
}

// story is a random story of a few customers who want to be called back.
type story struct {
	*rig
	rnd       *rand.Rand
	own       bool // linekeeper's own distribution
	amd       bool // who answers is examined first
	m         *mortal
	quiet     bool // nothing goes wrong any more
	deaths    []string
	customers []*customer
	agents    []*simswitch.Agent
	policy    callback.Policy
}

func tellStory(t *testing.T, seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, 3))
	s := &story{rnd: rnd, own: rnd.IntN(2) == 0, amd: seed%3 == 2}
	s.policy = callback.Policy{
		Prefixes: []string{"+7"}, MaxAttempts: 1 + rnd.IntN(4), RetryAfter: time.Duration(30+rnd.IntN(300)) * time.Second,
		RingTimeout: 20 * time.Second, ConfirmTimeout: 10 * time.Second, AgentHold: time.Duration(5+rnd.IntN(30)) * time.Second,
		Uncertain: callback.UncertainPolicies()[rnd.IntN(3)],
	}
	documents := []string{}
	if s.own {
		documents = append(documents, "testdata/own/desk.yaml")
	}
	inBubbleWith(t, func(o *controller.Options) {
		if s.own {
			o.Own = desk()
		}
		if s.amd {
			o.Callbacks.Machines = controller.DetectAMD
		}
		for name := range o.Callbacks.Policies {
			o.Callbacks.Policies[name] = s.policy
		}
		if s.m == nil { // the first time; a channel of the bubble has to be made in it
			s.m = newMortal(0)
		}
		s.m.inhabit(o)
	}, documents, func(r *rig) {
		s.rig = r
		s.sim.Context("linekeeper-machine", found("HUMAN"))
		s.m.end = func() { r.stop() }
		s.hire()
		s.live(20 + rnd.IntN(20))
		s.evening()
		s.judge()
	})
}

// hire gives the queue agents; the third is of the queue that desk overflows to.
func (s *story) hire() {
	n, phones := 2, "10%d"
	if s.own {
		n, phones = 3, "20%d"
	}
	for i := range n {
		phone := fmt.Sprintf(phones, i+1)
		a := s.sim.Agent("PJSIP/"+phone, "Agent "+phone)
		a.AnswerAfter(time.Duration(1+s.rnd.IntN(5)) * time.Second).TalkFor(time.Duration(5+s.rnd.IntN(30)) * time.Second)
		if !s.own {
			a.Login("support", 0)
		}
		s.agents = append(s.agents, a)
		s.order(i, controller.AgentLogin)
	}
}

// beside does something that the daemon may not survive; whoever asked learns of
// an error, and goes on.
func (s *story) beside(do func(ctx context.Context, ctl *controller.Controller)) {
	ctl := s.ctl
	s.people.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		do(ctx, ctl)
	})
}

// order changes whether an agent takes calls.
func (s *story) order(i int, do controller.AgentAction) {
	if s.own {
		s.beside(func(ctx context.Context, ctl *controller.Controller) {
			_, _ = ctl.OrderAgent(ctx, controller.AgentOrder{Agent: staff[i], Do: do, By: "test"}) // may be denied, as things stand
		})
		return
	}
	switch do {
	case controller.AgentPause:
		s.agents[i].Pause("break")
	default:
		s.agents[i].Unpause()
	}
}

// live lets so many things happen, with the daemon dying in between.
func (s *story) live(things int) {
	for range things {
		one := s.rnd.IntN(len(s.agents))
		switch n := s.rnd.IntN(100); {
		case n < 30:
			s.newCustomer()
		case n < 45:
			s.mortally()
		case n < 53:
			s.order(one, controller.AgentPause)
		case n < 65:
			s.order(one, controller.AgentUnpause)
		case n < 70:
			s.agents[one].Hangup()
		case n < 75:
			s.agents[one].Miss(1)
		case n < 80:
			s.cancelOne()
		case n < 84:
			s.sim.Disconnect()
			s.pass(time.Duration(s.rnd.IntN(8000)) * time.Millisecond)
			s.sim.Reconnect()
		case n < 90:
			err := &telephony.Error{Kind: telephony.KindRetryable, Err: errDead}
			s.sim.Inject(simswitch.Fault{Op: simswitch.OpOriginate, Times: 1, Err: err, LostReply: s.rnd.IntN(2) == 0, Delay: time.Duration(s.rnd.IntN(8)) * time.Second})
		case n < 94:
			s.orderOne(callback.Waiting, callback.Postpone{Until: time.Now().Add(time.Duration(20+s.rnd.IntN(20)) * time.Minute), By: callback.ByOperator})
		case n < 97:
			s.resolveOne()
		}
		s.pass(time.Duration(s.rnd.IntN(20000)) * time.Millisecond)
	}
}

// mortally gives the daemon a number of points to live.
func (s *story) mortally() {
	points := 1 + s.rnd.IntN(60)
	if s.rnd.IntN(3) == 0 {
		points = 1 + s.rnd.IntN(6)
	}
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	if !s.m.dead {
		s.m.left = points
	}
}

// pass lets time pass; a daemon that dies meanwhile is started again after a
// while, perhaps to die at once.
func (s *story) pass(d time.Duration) {
	s.t.Helper()
	over := time.After(d)
	for {
		select {
		case <-over:
			return
		case <-s.m.died:
		}
		s.deaths = append(s.deaths, s.m.where)
		s.kill()
		away := time.Duration(s.rnd.IntN(5000)) * time.Millisecond
		if s.rnd.IntN(6) == 0 {
			away = time.Duration(s.rnd.IntN(90)) * time.Second
		}
		time.Sleep(away)
		s.sim.Reopen()
		points := 0
		if !s.quiet && s.rnd.IntN(2) == 0 {
			points = 1 + s.rnd.IntN(40)
		}
		s.m = newMortal(points)
		s.m.end = func() { s.stop() }
		s.start()
	}
}

// cancelOne ends a promise whose story is going on.
func (s *story) cancelOne() {
	s.beside(func(ctx context.Context, ctl *controller.Controller) {
		for _, cb := range s.promises() {
			if cb.Open() {
				_, _, _ = ctl.CancelCallback(ctx, cb.ID, callback.ByOperator, "test") // the daemon may be dead
				return
			}
		}
	})
}

// orderOne gives an order about a promise in a state, if there is one.
func (s *story) orderOne(in callback.State, ev callback.Event) {
	s.beside(func(ctx context.Context, ctl *controller.Controller) {
		for _, cb := range s.promises() {
			if cb.State == in {
				_, _ = ctl.OrderCallback(ctx, cb.ID, ev) // as above
				return
			}
		}
	})
}

// resolveOne says what became of an uncertain attempt, without knowing it.
func (s *story) resolveOne() {
	as := []callback.Outcome{callback.OutcomeNoAnswer, callback.OutcomeConnected, callback.OutcomeCancelled}
	s.orderOne(callback.Uncertain, callback.Resolve{Outcome: as[s.rnd.IntN(len(as))], By: callback.ByOperator})
}

// evening lets the daemon live, and everything come to its end.
func (s *story) evening() {
	s.m.mu.Lock()
	s.m.left, s.quiet = 0, true
	s.m.mu.Unlock()
	s.sim.Heal()
	for end := time.Now().Add(6 * time.Hour); ; s.pass(10 * time.Second) {
		for _, c := range s.customers {
			if c.wants != nil && len(c.answered) == 0 {
				s.asks(c)
			}
		}
		s.pass(time.Second)
		if s.policy.Uncertain == callback.HoldForOperator {
			s.resolveOne()
		}
		for i, a := range s.agents {
			a.Miss(0)
			if s.own {
				s.order(i, controller.AgentLogin)
			}
			s.order(i, controller.AgentUnpause)
		}
		open, err := s.store.Load(s.ctx())
		s.must(err)
		asleep, err := s.store.Callbacks(s.ctx(), store.CallbackFilter{Open: true})
		s.must(err)
		if len(open.Calls)+len(open.Places)+len(open.Callbacks)+len(asleep) == 0 {
			return
		}
		if time.Now().After(end) {
			(&day{rig: s.rig}).tell()
			s.t.Fatalf("something never ends; died at %q", s.deaths)
		}
	}
}
