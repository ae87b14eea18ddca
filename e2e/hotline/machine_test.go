package hotline_test

import (
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

// detects lets Asterisk tell that a machine answered: "talk" by who talks on and
// on after answering, "amd" by AMD().
func detects(how, then string) func(*stage.Options) {
	return func(o *stage.Options) {
		o.Callbacks.More = stage.Keys{"machine": stage.Keys{"detect": how, "then": then}}
	}
}

// greets is an answering machine: a greeting of 5 s, and a tone.
func (c *caller) greets() {
	c.says(5 * time.Second)
	select {
	case <-time.After(400 * time.Millisecond):
	case <-c.r.Context().Done():
	}
	c.says(500 * time.Millisecond)
}

// says talks for so long.
func (c *caller) says(d time.Duration) {
	c.Talk(true)
	defer c.Talk(false)
	select {
	case <-time.After(d):
	case <-c.r.Context().Done():
	}
}

func TestMachineIsLeftAMessage(t *testing.T) {
	t.Parallel()
	r := setUp(t, detects("talk", "message"))
	anna, trunk := r.operator("101", softphone.Ignore()), r.trunk()
	_, err := r.Client.AddCallback(r.soon(), api.AddCallback{Number: first, Hotline: "direct"})
	r.must(err)
	machine := trunk.ring()
	r.must(machine.Answer(r.soon()))
	machine.greets()
	machine.hears("You asked us to call you back, and we could not reach you.")
	machine.letGo()
	r.machineWas(anna, "message left")
}

func TestMachineIsHungUpOn(t *testing.T) {
	t.Parallel()
	r := setUp(t, detects("talk", "hang_up"))
	anna, trunk := r.operator("101", softphone.Ignore()), r.trunk()
	_, err := r.Client.AddCallback(r.soon(), api.AddCallback{Number: first, Hotline: "direct"})
	r.must(err)
	machine := trunk.ring()
	r.must(machine.Answer(r.soon()))
	machine.Talk(true)
	machine.letGo()
	r.machineWas(anna, "nobody pressed a key")

	// A person who talks as long is none, once they press 1.
	again := trunk.ring()
	r.must(again.Answer(r.soon()))
	again.hears("You asked us to call you back.")
	again.Talk(true)
	r.until("it is taken for a machine", func() bool { return len(r.journal("callback.machine")) == 2 })
	anna.SetOnRing(softphone.AutoAnswer(0))
	again.presses("1")
	r.talk(again, anna.ring())
	again.hangsUp()
	r.promiseIs("done")
}

// AMD() listens before anybody is spoken to.
func TestAsteriskExaminesWhoAnswers(t *testing.T) {
	t.Parallel()
	soon := func(o *stage.Options) {
		o.Callbacks.More["retries"] = stage.Keys{"machine": stage.Keys{"after": "1s"}}
	}
	r := setUp(t, detects("amd", "message"), soon)
	anna, trunk := r.operator("101", softphone.Ignore()), r.trunk()
	_, err := r.Client.AddCallback(r.soon(), api.AddCallback{Number: first, Hotline: "direct"})
	r.must(err)
	machine := trunk.ring()
	r.must(machine.Answer(r.soon()))
	machine.greets()
	machine.hears("You asked us to call you back, and we could not reach you.")
	machine.letGo()
	r.machineWas(anna, "message left")

	person := trunk.ring()
	r.must(person.Answer(r.soon()))
	picked := time.Now()
	person.says(400 * time.Millisecond)
	person.hears(hello)
	t.Logf("greeted %v after answering", time.Since(picked).Round(10*time.Millisecond))
	anna.SetOnRing(softphone.AutoAnswer(0))
	person.presses("1")
	r.talk(person, anna.ring())
	person.hangsUp()
	r.promiseIs("done")
	if n := len(r.journal("callback.machine")); n != 1 {
		t.Errorf("%d were taken for machines, want the first", n)
	}
	if n := len(r.journal("callback.answered")); n != 2 {
		t.Errorf("the journal tells of %d answers, want 2", n)
	}
}

// machineWas looks at the first attempt.
func (r *rig) machineWas(anna *operator, detail string) {
	r.Helper()
	r.until("the attempt is over", func() bool {
		cbs := r.promises()
		return len(cbs) == 1 && len(cbs[0].Attempts) > 0 && cbs[0].Attempts[0].EndedAt != nil
	})
	if a := r.promises()[0].Attempts[0]; a.Outcome != "machine" || a.Detail != detail {
		r.Errorf("the attempt ended as %+v", a)
	}
	if n := len(anna.Calls()); n > 0 {
		r.Errorf("an operator was rung %d times for a machine", n)
	}
}
