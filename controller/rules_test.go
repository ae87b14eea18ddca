package controller_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// byRules gives the rig's hotline other rules for callbacks.
func byRules(change func(*callback.Policy)) func(*controller.Options) {
	return func(o *controller.Options) {
		p := o.Callbacks.Policies["support"]
		change(&p)
		o.Callbacks.Policies["support"] = p
	}
}

// byDay are the hours from 9 to 20. A bubble begins at 3 in the morning of Moscow.
func byDay(p *callback.Policy) {
	p.Hours = &dialplan.Hours{Location: time.UTC}
	for day := range p.Hours.Week {
		p.Hours.Week[day] = []dialplan.Span{{From: 9 * 60, To: 20 * 60}}
	}
}

func (r *rig) rules(typ string) (rules []string) {
	for _, ev := range r.events(typ) {
		rules = append(rules, ev.Data["rule"].(string))
	}
	return rules
}

func TestAPromiseOfTheNightIsKeptInTheMorning(t *testing.T) {
	inBubbleWith(t, byRules(byDay), nil, func(r *rig) {
		const trunk = "PJSIP/+79160000002@trunk"
		anna, w := inLine(r)
		r.sim.Endpoint(trunk, func(o *simswitch.Outgoing) {
			o.Answer(5 * time.Second)
			o.OnAnswer(func(p *simswitch.Phone) { r.pressWhen(p, "press one", "1") })
		})
		r.hears(w[1], "call you back when your turn comes")
		w[1].Press("1")
		r.hears(w[1], "We will call you back at")
		w[1].Press("1")
		r.hears(w[1], "We will call you today after nine a.m., when your turn comes.")
		r.result("+79160000002", dialplan.ResultCallback)

		anna.Hangup()
		r.until("the first is served", func() bool { return len(w[0].Bridged()) > 0 })
		anna.Hangup()
		r.until("the last is served, for the promise rests", func() bool { return len(w[2].Bridged()) > 0 })
		anna.Hangup()
		r.restart(time.Hour)
		night := r.promise()
		opens := time.Date(2000, 1, 1, 6, 0, 0, 0, time.UTC)
		if !night.NotBefore.Equal(opens) || night.DelayedBy != callback.RuleHours || len(r.sim.Dialled(trunk)) > 0 {
			t.Fatalf("in the night it is %+v", night)
		}
		time.Sleep(time.Until(opens) - time.Minute)
		if len(r.sim.Dialled(trunk)) > 0 {
			t.Fatal("dialled in the night")
		}
		r.until("the promise is connected", func() bool { return r.promise().State == callback.Connected })
		cb := r.promise()
		if !cb.PlaceAt.Equal(night.PlaceAt) || cb.Attempts[0].At.Before(opens) || cb.Attempts[0].At.After(opens.Add(time.Minute)) {
			t.Errorf("kept as %+v", cb)
		}
		anna.Hangup()
		why, err := r.ctl.Why(r.ctx(), cb.ID)
		r.must(err)
		if !strings.Contains(strings.Join(why, "\n"), "by rule hours: Sat 03:00 in Europe/Moscow is outside of the calling hours") {
			t.Errorf("the story is:\n%s", strings.Join(why, "\n"))
		}
	})
}

func TestNoAgentIsRungForAPromiseWhenTheHoursAreOver(t *testing.T) {
	inBubbleWith(t, byRules(func(p *callback.Policy) {
		byDay(p)
		for day := range p.Hours.Week {
			p.Hours.Week[day] = []dialplan.Span{{From: 2 * 60, To: 3*60 + 15}}
		}
	}), nil, func(r *rig) {
		anna, w := inLine(r)
		r.hears(w[1], "call you back when your turn comes")
		w[1].Press("1")
		r.hears(w[1], "We will call you back at")
		w[1].Press("1")
		r.hears(w[1], "We will call you when your turn comes")
		r.result("+79160000002", dialplan.ResultCallback)
		r.until("the hours are over", func() bool { return len(r.rules("callback.delayed")) == 1 })
		if at := r.events("callback.delayed")[0].At; at.Format(time.TimeOnly) != "00:15:00" {
			t.Errorf("noticed at %s", at)
		}
		r.until("the place is out of the queue", func() bool { return len(r.queue.Waiting()) == 2 })
		anna.Hangup()
		r.until("the first is served", func() bool { return len(w[0].Bridged()) > 0 })
		anna.Hangup()
		r.until("the last is served", func() bool { return len(w[2].Bridged()) > 0 })
		anna.Hangup()
		time.Sleep(10 * time.Minute)
		if evs := r.events("callback.agent_took"); len(evs) > 0 || len(r.sim.Dialled("PJSIP/+79160000002@trunk")) > 0 {
			t.Errorf("an agent was rung for nobody, or the customer in the night: %+v", evs)
		}
	})
}

func TestTheNumberIsDialledNoOftenerThanTheCap(t *testing.T) {
	options := byRules(func(p *callback.Policy) { p.Caps.NumberDay, p.MaxAttempts = 2, 3 })
	inBubbleWith(t, options, nil, func(r *rig) {
		const trunk = "PJSIP/+79160000002@trunk"
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
		r.sim.Endpoint(trunk, func(o *simswitch.Outgoing) { o.Refuse(time.Second, telephony.CauseBusy) })
		r.until("the line knows Anna", func() bool { return len(r.line().Agents) == 1 })
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		r.until("it is delayed", func() bool { return r.promise().DelayedBy == callback.RuleNumberDay })
		first := r.promise().Attempts[0].At
		r.restart(time.Minute) // the count must not begin anew
		_, _, err = r.ctl.CancelCallback(r.ctx(), r.promise().ID, callback.ByOperator, "")
		r.must(err)
		_, err = r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		cbs, err := r.store.Callbacks(r.ctx(), store.CallbackFilter{Open: true})
		r.must(err)
		if len(cbs) != 1 || !cbs[0].NotBefore.Equal(first.Add(24*time.Hour)) || len(r.sim.Dialled(trunk)) != 2 {
			t.Fatalf("asked anew it is %+v, after %d dials", cbs, len(r.sim.Dialled(trunk)))
		}
		if got := strings.Join(r.rules("callback.delayed"), " "); got != "number_day number_day" {
			t.Errorf("the journal has the delays %s", got)
		}
	})
}

func TestOnlySoManyAreCalledAtOnce(t *testing.T) {
	inBubbleWith(t, byRules(func(p *callback.Policy) { p.Caps.InFlight = 1 }), nil, func(r *rig) {
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
		r.sim.Agent("PJSIP/102", "Boris").Login("support", 0)
		r.until("the line knows both", func() bool { return len(r.line().Agents) == 2 })
		most := int32(0)
		for _, number := range []string{"+79160000002", "+79160000003", "+79160000004"} {
			r.sim.Endpoint("PJSIP/"+number+"@trunk", func(o *simswitch.Outgoing) {
				o.Answer(20 * time.Second)
				o.OnAnswer(func(p *simswitch.Phone) { r.pressWhen(p, "press one", "9") })
			})
			_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: number})
			r.must(err)
		}
		r.until("all are called", func() bool {
			cbs, err := r.store.Callbacks(r.ctx(), store.CallbackFilter{})
			r.must(err)
			ringing, closed := int32(0), 0
			for _, cb := range cbs {
				if cb.InFlight() {
					ringing++
				}
				if !cb.Open() {
					closed++
				}
			}
			most = max(most, ringing)
			return closed == 3
		})
		if most != 1 {
			t.Errorf("%d were called at once, want 1", most)
		}
		if got := strings.Join(r.rules("callback.delayed"), " "); got != "in_flight in_flight" {
			t.Errorf("the journal has the delays %s", got)
		}
	})
}

func TestAListedNumberIsRefusedAtAskingAndBeforeTheDial(t *testing.T) {
	var listed atomic.Bool
	inBubbleWith(t, func(o *controller.Options) {
		o.Callbacks.DoNotCall = func(number string) bool { return listed.Load() && number == "+79160000002" }
	}, nil, func(r *rig) {
		asked, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		listed.Store(true)
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
		r.until("the promise is closed", func() bool { return r.promise().State == callback.Cancelled })
		if len(r.sim.Dialled("PJSIP/+79160000002@trunk")) > 0 {
			t.Error("a listed number was dialled")
		}
		_, err = r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		if err == nil || !strings.Contains(err.Error(), "+79160000002 is on the do-not-call list; remove it from the list") {
			t.Errorf("asked anew: %v", err)
		}
		evs := r.events("callback.refused")
		if len(evs) != 2 || evs[0].Callback != asked.Callback.ID || evs[1].Callback == "" || evs[1].Data["inputs"] != "listed: yes" {
			t.Errorf("the journal has %+v", evs)
		}
	})
}

func TestWhoIsServedByAnotherCallIsNotCalledBack(t *testing.T) {
	inBubbleWith(t, byRules(byDay), nil, func(r *rig) {
		asked, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		other, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000003"})
		r.must(err)
		_, err = r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		if err == nil || !strings.Contains(err.Error(), asked.Callback.ID) {
			t.Errorf("asked twice: %v", err)
		}
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0).AnswerAfter(time.Second)
		p := r.sim.Call("+79160000002", "600")
		r.hears(p, "Balance one")
		p.Press("2")
		r.until("they talk", func() bool { return len(p.Bridged()) > 0 })
		p.Hangup()
		call := r.result("+79160000002", dialplan.ResultAgent)
		r.until("the promise is closed", func() bool {
			cb, err := r.store.Callback(r.ctx(), asked.Callback.ID)
			r.must(err)
			return cb.State == callback.Cancelled
		})
		if cb, err := r.store.Callback(r.ctx(), other.Callback.ID); err != nil || cb.State != callback.Waiting {
			t.Errorf("the promise to somebody else is %s, %v", cb.State, err)
		}
		why, err := r.ctl.Why(r.ctx(), asked.Callback.ID)
		r.must(err)
		story := strings.Join(why, "\n")
		for _, want := range []string{"asked for again by +79160000002; this promise stands", "cancelled because the customer was served by another call: call " + call.ID} {
			if !strings.Contains(strings.ToLower(story), strings.ToLower(want)) {
				t.Errorf("no %q in the story:\n%s", want, story)
			}
		}
	})
}
