package hotline_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

func TestCrashOfTheOwnDistribution(t *testing.T) {
	t.Parallel()
	r := setUpOwn(t)
	anna, trunk := r.onDuty("anna", softphone.AutoAnswer(0)), r.trunk()
	busy := r.calls(fourth, sales)
	atAnna := anna.ring()
	r.talk(busy, atAnna)
	boris := r.onDuty("boris", softphone.Ignore())
	a := r.calls(first, sales)
	ringing := boris.ring()
	b := r.calls(second, sales)
	b.hears("You are number two in line.")
	c := r.calls(third, sales)
	c.hears("You are number three in line.")
	b.asksForCallback()
	before := standings(r.waitingIn("sales", 3))

	r.crash()
	if diff := cmp.Diff(before, standings(r.waitingIn("sales", 3))); diff != "" {
		t.Errorf("the line changed (-before +after):\n%s", diff)
	}
	for _, waiter := range []*caller{a, c, busy} {
		waiter.stillThere()
	}
	r.isAgent("anna", "talking")
	r.talk(busy, atAnna)

	// The phone rings anew for the same caller, when the call that was to nobody is gone.
	ringing.isOver()
	atBoris := boris.ring()
	if got := atBoris.RemoteNumber(); got != first {
		t.Errorf("the agent's phone shows %q, want %q", got, first)
	}
	r.must(atBoris.Answer(r.soon()))
	r.talk(a, atBoris)
	atAnna.hangsUp()
	busy.hears("Thank you.")
	customer := trunk.ring()
	customer.confirms()
	atAnna = anna.ring()
	r.talk(customer, atAnna)

	// Once more, with everybody in conversation, and one hangs up while nobody looks.
	r.crash(atAnna.hangsUp)
	customer.hears("Thank you.")
	r.talk(a, atBoris)
	atAnna = anna.ring()
	if got := atAnna.RemoteNumber(); got != third {
		t.Errorf("the agent's phone shows %q, want %q", got, third)
	}
	r.talk(c, atAnna)
	c.hangsUp()
	a.hangsUp()
	for _, number := range []string{first, third, fourth} {
		r.result(number, "agent")
	}
	if cb := r.promiseIs("done"); len(cb.Attempts) != 1 || !cb.PlaceAt.Equal(before[1].TakenAt) {
		t.Errorf("the promise is %+v", cb)
	}
	r.isAgent("anna", "idle")
	r.isAgent("boris", "idle")
}

func TestPromiseOfTheOwnDistribution(t *testing.T) {
	t.Parallel()
	r := setUpOwn(t)
	anna, trunk := r.onDuty("anna", softphone.AutoAnswer(0)), r.trunk()
	busy := r.calls(fourth, sales)
	atAnna := anna.ring()
	r.talk(busy, atAnna)
	a := r.calls(first, sales)
	a.hears("You are next in line.")
	b := r.calls(second, sales)
	b.hears("You are number two in line.")
	c := r.calls(third, sales)
	c.hears("You are number three in line.")
	before := r.waitingIn("sales", 3)
	b.asksForCallback()
	r.keepsPlace("sales", second, before.Places[1])

	// Between the one who came before and the one who came later.
	atAnna.hangsUp()
	atAnna = anna.ring()
	r.talk(a, atAnna)
	atAnna.hangsUp()
	customer := trunk.ring()
	if got := customer.Dialled(); got != second {
		t.Errorf("%s was dialled, want %s", got, second)
	}
	customer.confirms()
	atAnna = anna.ring()
	if got := atAnna.RemoteNumber(); got != second {
		t.Errorf("the agent's phone shows %q, want the customer %q", got, second)
	}
	r.talk(customer, atAnna)
	atAnna.hangsUp()
	customer.hears("Thank you.")
	r.talk(c, anna.ring())
	cb := r.promiseIs("done")
	if len(cb.Attempts) != 1 || cb.Attempts[0].Outcome != "connected" || cb.Agent != "Anna" || !cb.PlaceAt.Equal(before.Places[1].TakenAt) {
		t.Errorf("the promise is %+v", cb)
	}
}

// bothLines brings two callers into line with each engine while one agent of each
// talks, and gives those in line as they were.
func (r *rig) bothLines(anna, gleb *operator) (talking, atAgents [2]*caller, lines [2][2]*caller) {
	r.Helper()
	numbers := [2][3]string{{fourth, first, second}, {olga, third, fifth}}
	for i, o := range []*operator{anna, gleb} {
		line := []string{sales, viaSwitch}[i]
		talking[i] = r.calls(numbers[i][0], line)
		atAgents[i] = o.ring()
		r.talk(talking[i], atAgents[i])
		for j := range lines[i] {
			lines[i][j] = r.calls(numbers[i][j+1], line)
			lines[i][j].hears([]string{"You are next in line.", "You are number two in line."}[j])
		}
	}
	return talking, atAgents, lines
}

// oneOfAsterisk is a stage where one agent of each engine is enough.
func oneOfAsterisk(o *stage.Options) {
	o.Asterisk.Queues = []asterisk.Queue{{Name: "support", Timeout: 15, Members: []string{"PJSIP/104,0,Gleb"}}}
}

func TestReloadOfAsterisk(t *testing.T) {
	t.Parallel()
	r := setUpOwn(t, oneOfAsterisk)
	anna, gleb := r.onDuty("anna", softphone.AutoAnswer(0)), r.operatorOf("support", "104", softphone.AutoAnswer(0))
	talking, atAgents, lines := r.bothLines(anna, gleb)
	before := slices.Concat(standings(r.waitingIn("sales", 2)), standings(r.waitingIn("support", 2)))
	for _, command := range []string{"module reload app_queue.so", "queue reload all", "core reload"} {
		_, err := r.Asterisk.CLI(r.soon(), command)
		r.must(err)
	}
	after := slices.Concat(standings(r.waitingIn("sales", 2)), standings(r.waitingIn("support", 2)))
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the lines changed (-before +after):\n%s", diff)
	}
	for i, o := range []*operator{anna, gleb} {
		r.talk(talking[i], atAgents[i])
		at := atAgents[i]
		for _, next := range lines[i] {
			next.stillThere()
			at.hangsUp()
			at = o.ring()
			if got := at.RemoteNumber(); got != next.name {
				t.Errorf("the agent's phone shows %q, want %q", got, next.name)
			}
			r.talk(next, at)
		}
	}
}

func TestLostLinkToTheQueues(t *testing.T) {
	t.Parallel()
	w := stage.NewWire()
	t.Cleanup(w.Close)
	r := setUpOwn(t, oneOfAsterisk, func(o *stage.Options) { o.AMIVia = w.Listen })
	anna, gleb := r.onDuty("anna", softphone.AutoAnswer(0)), r.operatorOf("support", "104", softphone.AutoAnswer(0))
	_, atAgents, lines := r.bothLines(anna, gleb)
	w.Cut()
	r.until("Asterisk knows that nobody listens", func() bool { return !r.listensToQueues() })

	// Agents are found without that link, and what it did not tell is made up for.
	atAgents[0].hangsUp()
	atAnna := anna.ring()
	r.talk(lines[0][0], atAnna)
	atAgents[1].hangsUp()
	atGleb := gleb.ring()
	r.talk(lines[1][0], atGleb)
	// Nobody knows that the phone is in use: it is rung, and says so.
	boris := r.phone("102", softphone.Ignore())
	private, err := boris.Call(r.soon(), viaSwitch)
	r.must(err)
	r.cli("agent", "login", "boris")
	r.until("the phone is found busy", func() bool {
		ended := r.journal("offer.ended")
		return text(ended[len(ended)-1].Data["why"]) == "busy"
	})
	r.must(w.Mend())
	r.until("the daemon listens again", r.listensToQueues)
	r.isAgent("boris", "busy")
	lines[0][1].stillThere()
	r.must(private.Hangup(r.soon()))
	atBoris := boris.answer()
	if got := atBoris.RemoteNumber(); got != second {
		t.Errorf("the agent's phone shows %q, want %q", got, second)
	}
	r.talk(lines[0][1], atBoris)
	atGleb.hangsUp()
	atGleb = gleb.ring()
	r.talk(lines[1][1], atGleb)
}

// listensToQueues says whether Asterisk has a connection over which it tells of its queues.
func (r *rig) listensToQueues() bool {
	r.Helper()
	out, err := r.Asterisk.CLI(r.soon(), "manager show connected")
	r.must(err)
	return strings.Contains(out, r.Asterisk.AMIUser+" ")
}
