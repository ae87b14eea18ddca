package controller_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/queues/acd"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// desk is an own distribution: queue desk with two agents, level2 with one.
func desk() acd.Rules {
	return acd.Rules{
		Queues: []acd.Queue{
			{Name: "desk", RingTimeout: 15 * time.Second, WrapUp: 10 * time.Second, Overflow: []acd.Overflow{{To: "level2", After: 5 * time.Minute}}},
			{Name: "level2", RingTimeout: 15 * time.Second, Settings: queues.Settings{DialLead: time.Second}},
		},
		Agents: []acd.Agent{
			{ID: "anna", Name: "Anna", Phone: "PJSIP/201", Queues: []string{"desk"}},
			{ID: "boris", Name: "Boris", Phone: "PJSIP/202", Queues: []string{"desk"}, Skills: []queues.Skill{{Name: "english", Level: 3}}},
			{ID: "vera", Name: "Vera", Phone: "PJSIP/203", Queues: []string{"level2"}},
		},
		Reasons: map[string]time.Duration{"lunch": 30 * time.Minute},
	}
}

// ownBubble is inBubble with an own distribution; the agents have phones, and
// nobody is on duty.
func ownBubble(t *testing.T, test func(r *rig)) {
	rules := desk()
	inBubbleWith(t, func(o *controller.Options) {
		o.Own = rules
		o.Codes = controller.Codes{
			"*22": controller.AgentLogin, "*23": controller.AgentLogout, "*24": controller.AgentPause,
			"*25": controller.AgentUnpause, "*26": controller.AgentReady,
		}
		o.Conversations = map[string]controller.Conversation{
			"desk":    {Title: map[string]string{"en": "the desk"}, EscalateKeys: "*2", EscalateTo: "level2", Record: true},
			"level2":  {Record: true, EscalateKeys: "*7", EscalateTo: "support"},
			"support": {EscalateKeys: "*2", EscalateTo: "level2"},
		}
	}, []string{"testdata/own/desk.yaml", "testdata/own/english.yaml"}, test)
}

// phone gives an agent's phone, which answers after a second.
func (r *rig) phone(n string) *simswitch.Agent {
	return r.sim.Agent("PJSIP/"+n, n).AnswerAfter(time.Second)
}

func (r *rig) order(agent string, do controller.AgentAction, reason string) queues.Agent {
	r.t.Helper()
	a, err := r.ctl.OrderAgent(r.ctx(), controller.AgentOrder{Agent: agent, Do: do, Reason: reason, By: "test"})
	r.must(err)
	return a
}

func (r *rig) agent(id string) queues.Agent {
	r.t.Helper()
	all, err := r.ctl.Agents(r.ctx())
	r.must(err)
	i := slices.IndexFunc(all, func(a queues.Agent) bool { return a.ID == id })
	if i < 0 {
		r.t.Fatalf("agent %s is not among %v", id, all)
	}
	return all[i]
}

func (r *rig) talks(p *simswitch.Phone, with string) {
	r.t.Helper()
	r.until("the caller talks with "+with, func() bool { return len(p.Bridged()) > 0 })
	calls, err := r.store.Calls(context.Background(), store.CallFilter{})
	r.must(err)
	for _, c := range calls {
		if c.Channel == string(p.ID()) && c.Agent != with {
			r.t.Errorf("the caller talks with %q, want %q", c.Agent, with)
		}
	}
}

func TestOwnAgentsServeInTurn(t *testing.T) {
	ownBubble(t, func(r *rig) {
		anna, boris := r.phone("201"), r.phone("202")
		r.order("anna", controller.AgentLogin, "")
		time.Sleep(5 * time.Second)
		r.order("boris", controller.AgentLogin, "")
		first := r.sim.Call("+79160000001", "700")
		time.Sleep(10 * time.Millisecond)
		second := r.sim.Call("+79160000002", "700")
		time.Sleep(10 * time.Millisecond)
		third := r.sim.Call("+79160000003", "700")
		r.talks(first, "Anna")
		r.talks(second, "Boris")
		r.hears(third, "next in line")
		if !agentHeard(anna, "the desk") {
			t.Error("Anna was not told who comes")
		}
		place := r.call("+79160000003").WaitFrom
		boris.Hangup()
		r.until("Boris works after the call", func() bool { return r.agent("boris").State == queues.AgentWrapUp })
		r.talks(third, "Boris")
		if w := r.call("+79160000003"); !w.WaitFrom.Equal(place) || w.WaitedS < 10 {
			t.Errorf("the third waited %.1f s since %v", w.WaitedS, w.WaitFrom)
		}
		r.hears(second, "Thank you.")
		r.result("+79160000002", dialplan.ResultAgent)
		anna.Hangup()
		boris.Hangup()
		r.result("+79160000001", dialplan.ResultAgent)
		r.result("+79160000003", dialplan.ResultAgent)
		if a := r.agent("anna"); a.Calls != 1 || a.TalkS < 5 {
			t.Errorf("Anna's sums are %+v", a)
		}
	})
}

func agentHeard(a *simswitch.Agent, words string) bool {
	p := a.Phone()
	return p != nil && heard(p, words)
}

func TestOwnRONAGoesToTheNext(t *testing.T) {
	ownBubble(t, func(r *rig) {
		r.phone("201").Miss(1)
		r.phone("202")
		r.order("anna", controller.AgentLogin, "")
		time.Sleep(time.Second)
		r.order("boris", controller.AgentLogin, "")
		p := r.sim.Call("+79160000001", "700")
		r.talks(p, "Boris")
		if a := r.agent("anna"); a.State != queues.AgentPaused || a.Reason != "rona" {
			t.Errorf("Anna is %s (%s)", a.State, a.Reason)
		}
		r.order("anna", controller.AgentUnpause, "")
		if a := r.agent("anna"); a.State != queues.AgentIdle {
			t.Errorf("Anna is %s after unpause", a.State)
		}
	})
}

func TestOwnEscalation(t *testing.T) {
	ownBubble(t, func(r *rig) {
		anna, vera := r.phone("201"), r.phone("203")
		r.order("anna", controller.AgentLogin, "")
		r.order("vera", controller.AgentLogin, "")
		p := r.sim.Call("+79160000001", "700")
		r.talks(p, "Anna")
		taken := r.events("place.taken")[0]
		vera.Miss(1)
		anna.Press("*2")
		r.hears(p, "stay on the line")
		r.until("Vera is paused for not answering", func() bool { return r.agent("vera").State == queues.AgentPaused })
		r.order("vera", controller.AgentUnpause, "")
		r.talks(p, "Vera")
		if got := r.agent("anna").State; got == queues.AgentTalking {
			t.Errorf("Anna is still %s", got)
		}
		moved := r.events("place.moved")
		if len(moved) != 1 || moved[0].Place != taken.Place || moved[0].Data["to"] != "level2" || moved[0].Data["kept"] != true {
			t.Errorf("moves: %+v", moved)
		}
		if n := len(r.events("place.taken")); n != 1 {
			t.Errorf("%d places were taken, want 1", n)
		}
		vera.Hangup()
		r.result("+79160000001", dialplan.ResultAgent)
		if rec := r.sim.Recordings(); len(rec) != 1 {
			t.Errorf("there are %d recordings, want one of both conversations", len(rec))
		}
	})
}

func TestOwnSkillsOfTheHotline(t *testing.T) {
	ownBubble(t, func(r *rig) {
		r.phone("201")
		r.phone("202")
		r.order("anna", controller.AgentLogin, "")
		time.Sleep(time.Minute)
		r.order("boris", controller.AgentLogin, "")
		p := r.sim.Call("+79160000001", "701")
		r.talks(p, "Boris")
	})
}

// threeWait brings three callers into line while Anna talks to another.
func threeWait(r *rig) (anna *simswitch.Agent, busy *simswitch.Phone, waiting []*simswitch.Phone) {
	anna = r.phone("201")
	r.order("anna", controller.AgentLogin, "")
	busy = r.sim.Call("+79160000009", "700")
	r.talks(busy, "Anna")
	for i := range 3 {
		waiting = append(waiting, r.sim.Call("+7916000000"+string(rune('1'+i)), "700"))
		time.Sleep(time.Second) // virtual: each comes later than the one before
	}
	return anna, busy, waiting
}

func TestOwnCallbackIsServedInItsTurn(t *testing.T) {
	ownBubble(t, func(r *rig) {
		anna, _, w := threeWait(r)
		r.sim.Endpoint("PJSIP/+79160000002@trunk", func(o *simswitch.Outgoing) {
			o.RingAfter(time.Second)
			o.Answer(3 * time.Second)
			o.OnAnswer(func(p *simswitch.Phone) { r.pressWhen(p, "press one", "1") })
		})
		r.hears(w[1], "call you back when your turn comes")
		w[1].Press("1")
		r.hears(w[1], "We will call you back at")
		w[1].Press("1")
		r.result("+79160000002", dialplan.ResultCallback)
		anna.TalkFor(30 * time.Second)
		anna.Hangup()
		r.result("+79160000001", dialplan.ResultAgent)
		r.result("+79160000003", dialplan.ResultAgent)
		r.until("the promise is kept", func() bool { return r.promise().State == callback.Done })
		if n := len(r.promise().Attempts); n != 1 {
			t.Errorf("the customer was dialled %d times", n)
		}
		taken, served := places(r.events("place.taken")), places(r.events("place.served"))
		if !slices.Equal(taken, served) {
			t.Errorf("served %v, want in the order of taking %v", served, taken)
		}
	})
}

// places lists the places that entries are about.
func places(events []store.Event) []string {
	var ids []string
	for _, ev := range events {
		ids = append(ids, ev.Place)
	}
	return ids
}

func TestOwnRestartKeepsOrderAndCalls(t *testing.T) {
	ownBubble(t, func(r *rig) {
		anna, busy, w := threeWait(r)
		before := r.queueOf("desk")
		r.restart(time.Second)
		r.until("Anna talks again", func() bool { return r.agent("anna").State == queues.AgentTalking })
		after := r.queueOf("desk")
		for i := range before.Places {
			if a, b := before.Places[i], after.Places[i]; a.ID != b.ID || !a.TakenAt.Equal(b.TakenAt) {
				t.Errorf("place %d was %s since %v, is %s since %v", i, a.ID, a.TakenAt, b.ID, b.TakenAt)
			}
		}
		if len(busy.Bridged()) < 1 {
			t.Error("the conversation did not survive")
		}
		anna.TalkFor(20 * time.Second)
		anna.Hangup()
		for i, p := range w {
			r.talks(p, "Anna")
			r.result("+7916000000"+string(rune('1'+i)), dialplan.ResultAgent)
		}
	})
}

func (r *rig) queueOf(name string) queues.View {
	r.t.Helper()
	v, err := r.ctl.Queue(r.ctx(), name)
	r.must(err)
	return v
}

func TestOwnOverflowKeepsTheTime(t *testing.T) {
	ownBubble(t, func(r *rig) {
		r.phone("201").Miss(-1)
		r.phone("203")
		r.order("anna", controller.AgentLogin, "")
		p := r.sim.Call("+79160000001", "700")
		r.hears(p, "next in line")
		r.order("anna", controller.AgentPause, "lunch")
		r.order("vera", controller.AgentLogin, "")
		r.talks(p, "Vera")
		c := r.call("+79160000001")
		if c.Queue != "level2" || c.WaitedS < 299 || c.WaitedS > 310 {
			t.Errorf("queue %q, waited %.1f s", c.Queue, c.WaitedS)
		}
	})
}

func TestAgentLogsInByPhone(t *testing.T) {
	ownBubble(t, func(r *rig) {
		anna := r.phone("201")
		dial := func(code, hears string) {
			t.Helper()
			p := anna.Dial(code)
			r.hears(p, hears)
			r.until("the call to the code ends", func() bool { over, _ := p.Ended(); return over })
		}
		dial("*24", "Please log in first")
		dial("*22", "logged in")
		dial("*22", "logged in already")
		dial("*24", "You are paused")
		if a := r.agent("anna"); a.State != queues.AgentPaused {
			t.Errorf("Anna is %s", a.State)
		}
		dial("*25", "pause is over")
		dial("*23", "logged out")
		if a := r.agent("anna"); a.State != queues.AgentOff {
			t.Errorf("Anna is %s", a.State)
		}
		p := r.phone("999").Dial("*22")
		r.until("a stranger's phone is told so", func() bool {
			return slices.ContainsFunc(p.Heard(), func(h simswitch.Heard) bool { return strings.Contains(string(h.Media), "phone") })
		})
	})
}

func TestDeniedOrdersSayWhy(t *testing.T) {
	ownBubble(t, func(r *rig) {
		for _, o := range []controller.AgentOrder{
			{Agent: "anna", Do: controller.AgentPause}, {Agent: "nobody", Do: controller.AgentLogin}, {Agent: "anna", Do: "dance"},
		} {
			if _, err := r.ctl.OrderAgent(context.Background(), o); err == nil || err.Error() == "" {
				t.Errorf("order %+v is not refused", o)
			}
		}
		synctest.Wait()
	})
}

func TestEscalationBetweenTheEnginesAndBack(t *testing.T) {
	ownBubble(t, func(r *rig) {
		olga := r.sim.Agent("PJSIP/101", "Olga").Login("support", 0).AnswerAfter(time.Second)
		vera := r.phone("203")
		p := r.sim.Call("+79160000001", "600")
		r.hears(p, "Balance one")
		p.Press("2")
		r.talks(p, "Olga")
		first := r.call("+79160000001").WaitFrom
		olga.Press("*2")
		r.until("Olga hears that nobody is there", func() bool { return agentHeard(olga, "Nobody is on duty there") })
		if len(p.Bridged()) == 0 {
			t.Error("the caller was taken from the agent for nothing")
		}
		r.order("vera", controller.AgentLogin, "")
		r.order("vera", controller.AgentPause, "lunch")
		olga.Press("*2")
		r.hears(p, "stay on the line")
		r.until("it stands in the other queue", func() bool { return len(r.queueOf("level2").Places) == 1 })
		if at := r.queueOf("level2").Places[0].TakenAt; !at.Equal(first) {
			t.Errorf("the place was taken at %v, is now of %v", first, at)
		}
		r.restart(2 * time.Second) // in the middle of it
		r.order("vera", controller.AgentUnpause, "")
		r.talks(p, "Vera")
		vera.Press("*7")
		r.until("it stands in the switch's queue or talks again", func() bool { return r.call("+79160000001").Queue == "support" })
		r.talks(p, "Olga")
		if c := r.call("+79160000001"); !c.WaitFrom.Equal(first) {
			t.Errorf("the wait began at %v, is now of %v", first, c.WaitFrom)
		}
		olga.Hangup()
		r.result("+79160000001", dialplan.ResultAgent)
		if n, m := len(r.events("place.taken")), len(r.events("place.left")); n != 1 || m != 1 {
			t.Errorf("%d places taken, %d left, want one of each", n, m)
		}
	})
}

func TestEscalationOfACustomerWhoWasCalledBack(t *testing.T) {
	ownBubble(t, func(r *rig) {
		anna, vera := r.phone("201"), r.phone("203")
		r.order("anna", controller.AgentLogin, "")
		r.sim.Endpoint("PJSIP/+79160000002@trunk", func(o *simswitch.Outgoing) {
			o.Answer(3 * time.Second)
			o.OnAnswer(func(p *simswitch.Phone) { r.pressWhen(p, "press one", "1") })
		})
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002", Hotline: "desk"})
		r.must(err)
		r.until("they talk", func() bool {
			return r.agent("anna").State == queues.AgentTalking && r.promise().State == callback.Connected
		})
		id := r.call("+79160000002").ID
		var denied *controller.DeniedError
		if err := r.ctl.Escalate(r.ctx(), id, "", "boss"); !errors.As(err, &denied) {
			t.Errorf("an escalation to nobody gives %v", err)
		}
		r.order("vera", controller.AgentLogin, "")
		r.order("vera", controller.AgentPause, "lunch")
		r.must(r.ctl.Escalate(r.ctx(), id, "", "boss"))
		r.until("the customer waits again", func() bool { return r.promise().SentOn })
		if got := r.agent("anna").State; got != queues.AgentWrapUp {
			t.Errorf("Anna is %s", got)
		}
		r.order("vera", controller.AgentUnpause, "")
		r.until("Vera talks", func() bool { return r.agent("vera").State == queues.AgentTalking && !r.promise().SentOn })
		anna.Hangup()
		vera.Hangup()
		r.until("the promise is kept", func() bool { return r.promise().State == callback.Done })
		if n := len(r.promise().Attempts); n != 1 {
			t.Errorf("the customer was dialled %d times", n)
		}
	})
}

func TestMovedBySomebody(t *testing.T) {
	ownBubble(t, func(r *rig) {
		r.phone("201").Miss(-1)
		r.order("anna", controller.AgentLogin, "")
		p := r.sim.Call("+79160000001", "700")
		r.hears(p, "next in line")
		place := r.queueOf("desk").Places[0]
		if _, err := r.ctl.MovePlace(r.ctx(), place.ID, "nowhere", true, "boss"); !errors.Is(err, controller.ErrUnknownQueue) {
			t.Errorf("a move to nowhere gives %v", err)
		}
		moved, err := r.ctl.MovePlace(r.ctx(), place.ID, "support", true, "boss")
		r.must(err)
		if moved.Queue != "support" || !moved.TakenAt.Equal(place.TakenAt) {
			t.Errorf("moved: %+v", moved)
		}
		r.until("the place is in the switch's queue or over", func() bool { return r.call("+79160000001").Queue == "support" })
		// Nobody serves it there, so the hotline goes on as it says.
		r.hears(p, "Nobody is here.")
		r.result("+79160000001", dialplan.ResultNoAgents)
	})
}

func TestAPlaceThatBeganAnewIsPromisedAsItStands(t *testing.T) {
	ownBubble(t, func(r *rig) {
		r.phone("201").Miss(-1)
		r.phone("203").Miss(-1)
		r.order("anna", controller.AgentLogin, "")
		r.order("vera", controller.AgentLogin, "")
		p := r.sim.Call("+79160000001", "700")
		r.hears(p, "next in line")
		place := r.queueOf("desk").Places[0]
		time.Sleep(3 * time.Second) // virtual: it has waited for a while
		moved, err := r.ctl.MovePlace(r.ctx(), place.ID, "level2", false, "boss")
		r.must(err)
		if !moved.TakenAt.After(place.TakenAt) {
			t.Fatalf("it counts from %v, and from %v after the move", place.TakenAt, moved.TakenAt)
		}
		r.restart(time.Second) // perhaps before the call has heard of the move
		r.sim.Endpoint("PJSIP/+79160000001@trunk", simswitch.NoAnswer())
		r.hears(p, "call you back when your turn comes")
		p.Press("1")
		r.hears(p, "We will call you back at")
		p.Press("1")
		r.result("+79160000001", dialplan.ResultCallback)
		if cb := r.promise(); cb.Queue != "level2" || !cb.PlaceAt.Equal(moved.TakenAt) {
			t.Errorf("the promise is for a place in %s from %v, want level2 from %v", cb.Queue, cb.PlaceAt, moved.TakenAt)
		}
		second, err := r.ctl.MovePlace(r.ctx(), place.ID, "desk", false, "boss")
		r.must(err)
		r.until("the promise knows of the second move", func() bool { return r.promise().Queue == "desk" })
		if cb := r.promise(); !cb.PlaceAt.Equal(second.TakenAt) {
			t.Errorf("the promise is for a place from %v, want %v", cb.PlaceAt, second.TakenAt)
		}
	})
}
