package hotline_test

import (
	"slices"
	"testing"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

// agentsFirst runs a test with an agent of each engine, who answers by hand.
func agentsFirst(t *testing.T, test func(r *rig, agent *operator, hotline string)) {
	t.Parallel()
	for _, queue := range []string{"support", "sales"} {
		t.Run(queue, func(t *testing.T) {
			t.Parallel()
			r := setUpOwn(t, func(o *stage.Options) {
				o.Hotlines = "testdata/modes"
				delete(o.Queues, "tech")
				for _, a := range o.Agents {
					a["queues"] = []string{"sales"}
				}
			})
			agent := func() *operator {
				if queue == "support" {
					return r.operatorOf("support", "104", softphone.Ignore())
				}
				return r.onDuty("anna", softphone.Ignore())
			}()
			test(r, agent, queue)
		})
	}
}

func TestAgentIsCalledFirst(t *testing.T) {
	agentsFirst(t, func(r *rig, agent *operator, queue string) {
		trunk := r.trunk()
		_, err := r.Client.AddCallback(r.soon(), api.AddCallback{Number: first, Hotline: "agent_first_" + queue, Name: "Pjotr"})
		r.must(err)
		atAgent := agent.answer()
		if got := atAgent.RemoteNumber(); got != first {
			r.Errorf("the agent's phone shows %q, want %q", got, first)
		}
		atAgent.hears("A callback. We are calling the customer: Pjotr")
		customer := trunk.ring()
		customer.confirms()
		r.talk(customer, atAgent)
		customer.hangsUp()
		if cb := r.promiseIs("done"); len(cb.Attempts) != 1 || cb.Attempts[0].Outcome != "connected" {
			r.Errorf("the promise is %+v", cb)
		}
	})
}

func TestAgentDecidesFirst(t *testing.T) {
	agentsFirst(t, func(r *rig, agent *operator, queue string) {
		trunk := r.trunk()
		_, err := r.Client.AddCallback(r.soon(), api.AddCallback{Number: first, Hotline: "preview_" + queue, Name: "Pjotr"})
		r.must(err)
		for _, key := range []string{"2", "3"} { // later, and to somebody else
			atAgent := agent.answer()
			atAgent.hears("To call, press one. For later, press two. To pass it on, press three.")
			atAgent.presses(key)
			atAgent.hears("Thank you. You may hang up.")
			atAgent.letGo()
		}
		atAgent := agent.answer()
		atAgent.hears("A callback. Pjotr, number plus seven")
		if n := len(r.journal("callback.dialling")); n != 0 {
			r.Errorf("%d calls were made before the agent wanted one", n)
		}
		atAgent.presses("1")
		customer := trunk.ring()
		customer.confirms()
		r.talk(customer, atAgent)
		customer.hangsUp()
		r.promiseIs("done")
		var answers []string
		for _, ev := range r.journal("callback.previewed") {
			answer, _ := ev.Data["answer"].(string)
			answers = append(answers, answer)
		}
		if !slices.Equal(answers, []string{"postpone", "reject", "accept"}) {
			r.Errorf("the agent answered %v", answers)
		}
	})
}

// What a caller said after the tone is heard by the agent who is to call back.
func TestAgentHearsTheMessage(t *testing.T) {
	t.Parallel()
	r := setUpOwn(t, func(o *stage.Options) {
		o.Hotlines = "testdata/modes"
		delete(o.Queues, "tech")
		for _, a := range o.Agents {
			a["queues"] = []string{"sales"}
		}
	})
	agent, trunk := r.operatorOf("support", "104", softphone.Ignore()), r.trunk()
	c := r.calls(first, "654")
	c.confirmsNumber()
	c.hears("After the tone")
	c.speaks()
	c.presses("#")
	c.hears("To keep this message, press one.")
	c.presses("1")
	c.hears("We will call you when your turn comes.")
	c.hangsUp()

	atAgent := agent.answer()
	atAgent.hears("A callback.")
	atAgent.presses("*")
	r.must(atAgent.WaitTone(r.soon(), c.tone))
	atAgent.presses("1")
	customer := trunk.ring()
	customer.confirms()
	r.talk(customer, atAgent)
	customer.hangsUp()
	if cb := r.promiseIs("done"); cb.Reason != "instead" {
		r.Errorf("the promise is %+v", cb)
	}
}
