package hotline_test

import (
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

func TestAgentSaysByPhoneWhatItDoes(t *testing.T) {
	t.Parallel()
	r := setUpOwn(t)
	c := r.calls(first, sales)
	c.hears("Nobody is here.")
	c.letGo()
	r.result(first, "no_agents")

	anna := r.phone("101", softphone.Ignore())
	anna.dials("*24", "Please log in first.")
	anna.dials("*22", "You are logged in.")
	anna.dials("*22", "You are logged in already.")
	r.isAgent("anna", "idle")
	anna.dials("*24", "You are paused.")
	r.isAgent("anna", "paused")

	a := r.calls(second, sales)
	a.hears("You are next in line.")
	b := r.calls(third, sales)
	b.hears("You are number two in line.")
	if calls := anna.Calls(); len(calls) != 0 || len(r.journal("offer.made")) != 0 {
		t.Errorf("an agent was rung in the pause: %+v", calls)
	}
	anna.dials("*25", "The pause is over.")
	atAnna := anna.answer()
	if got := atAnna.RemoteNumber(); got != second {
		t.Errorf("the agent's phone shows %q, want %q", got, second)
	}
	r.talk(a, atAnna)

	// To log out ends no conversation, and nobody is rung after it.
	r.cli("agent", "logout", "Anna")
	r.talk(a, atAnna)
	atAnna.hangsUp()
	a.hears("Thank you.")
	r.isAgent("anna", "logged_out")
	b.stillThere()
	anna.dials("*23", "You are logged out already.")
	r.cli("agent", "login", "anna")
	r.talk(b, anna.answer())
	b.hangsUp()
	r.result(third, "agent")

	// A phone that is no agent's is refused, and so is an agent of Asterisk.
	r.phone("104", softphone.Ignore()).dials("*22", "This is not an agent's phone.")
	if got := r.journal("call.refused"); len(got) != 1 {
		t.Errorf("the journal has %+v, want one refusal", got)
	}
	if out, err := r.CLI(r.soon(), "agent", "login", "PJSIP/104"); err == nil {
		t.Errorf("Asterisk's agent was logged in: %s", out)
	}
}

func TestPhoneInAPrivateCallIsNotRung(t *testing.T) {
	t.Parallel()
	r := setUpOwn(t)
	anna := r.onDuty("anna", softphone.Ignore())
	friend := r.phone("104", softphone.AutoAnswer(0))
	private, err := anna.Call(r.soon(), "104")
	r.must(err)
	friend.ring()
	r.isAgent("anna", "busy")

	a := r.calls(first, sales)
	a.hears("You are next in line.")
	b := r.calls(second, sales)
	b.hears("You are number two in line.")
	if got := r.journal("offer.made"); len(got) != 0 {
		t.Errorf("a phone in a private call was rung: %+v", got)
	}
	r.must(private.Hangup(r.soon()))
	over := time.Now()
	atAnna := anna.ring()
	if got := atAnna.StartedAt().Sub(over); !about(got, 0) {
		t.Errorf("it rings %v after the private call", got)
	}
	if got := atAnna.RemoteNumber(); got != first {
		t.Errorf("the agent's phone shows %q, want %q", got, first)
	}
	r.must(atAnna.Answer(r.soon()))
	r.talk(a, atAnna)
}

func TestAgentWhoDoesNotAnswer(t *testing.T) {
	t.Parallel()
	const ring = 2 * time.Second
	r := setUpOwn(t, func(o *stage.Options) {
		o.Queues["sales"] = stage.Keys{"engine": "linekeeper", "ring_timeout": ring.String(), "rona_pause": "10s"}
	})
	anna := r.onDuty("anna", softphone.Ignore())
	boris := r.onDuty("boris", softphone.Ignore())
	a := r.calls(first, sales)
	atAnna := anna.ring()
	b := r.calls(second, sales)
	atBoris := boris.ring()
	if got := []string{atAnna.RemoteNumber(), atBoris.RemoteNumber()}; got[0] != first || got[1] != second {
		t.Fatalf("the phones show %q", got)
	}
	before := r.place("sales", first)

	// Boris answers the second; nobody is left for the first when Anna lets it ring.
	r.must(atBoris.Answer(r.soon()))
	r.talk(b, atBoris)
	missed := atAnna.StartedAt()
	atAnna.isOver()
	if got := time.Since(missed); !about(got, ring) {
		t.Errorf("the phone rang for %v", got)
	}
	paused := r.isAgent("anna", "paused")
	if paused.Reason == "" || paused.Until == nil {
		t.Errorf("the agent who let it ring is %+v", paused)
	}
	r.keepsPlace("sales", first, before)

	// The next agent at once: Boris, as soon as he is free, and when he declines, Vera.
	vera := r.phone("103", softphone.Ignore())
	r.cli("agent", "login", "vera")
	atVera := vera.ring()
	r.cli("agent", "pause", "vera")
	atVera.isOver()
	r.cli("agent", "unpause", "vera")
	atVera = vera.ring()
	atBoris.hangsUp()
	r.isAgent("boris", "idle")
	r.must(atVera.Reject(r.soon(), 603))
	declined := time.Now()
	atBoris = boris.ring()
	if got := atBoris.StartedAt().Sub(declined); atBoris.RemoteNumber() != first || !about(got, 0) {
		t.Errorf("%s rings after %v, want the first at once", atBoris.RemoteNumber(), got)
	}
	r.keepsPlace("sales", first, before)
	r.must(atBoris.Answer(r.soon()))
	r.talk(a, atBoris)

	// Anna's pause ends by itself.
	if got := r.isAgent("anna", "idle").Since.Sub(paused.Since); !about(got, 10*time.Second) {
		t.Errorf("the pause took %v", got)
	}
	whys := map[string]int{}
	for _, ev := range r.journal("offer.ended") {
		whys[text(ev.Data["why"])]++
	}
	if whys["no_answer"] != 1 || whys["rejected"] != 1 || whys["cancelled"] != 1 || whys["answered"] != 2 {
		t.Errorf("the offers ended so: %v", whys)
	}
}

func TestLimitsOfAgents(t *testing.T) {
	t.Parallel()
	r := setUpOwn(t, func(o *stage.Options) {
		o.Queues["sales"] = stage.Keys{"engine": "linekeeper", "at_once": 1}
		o.Agents["anna"]["queues"] = []string{"sales", "tech"}
		o.Agents["boris"]["queues"] = []string{"sales", "tech"}
		o.Extra = "pauses: {tea: 3s}\n"
	})
	anna, boris := r.onDuty("anna", softphone.AutoAnswer(0)), r.onDuty("boris", softphone.AutoAnswer(0))
	a := r.calls(first, sales)
	atAnna := anna.ring()
	r.talk(a, atAnna)

	// One at once serves sales: the next waits beside a free agent, who serves tech.
	b := r.calls(second, sales)
	b.hears("You are next in line.")
	c := r.calls(third, tech)
	atBoris := boris.ring()
	if got := atBoris.RemoteNumber(); got != third {
		t.Errorf("the agent's phone shows %q, want %q", got, third)
	}
	r.talk(c, atBoris)
	atBoris.hangsUp()

	// A pause ends with its allowance, and there is no more of it.
	r.cli("agent", "pause", "boris", "--reason", "tea")
	paused := r.isAgent("boris", "paused")
	if got := r.isAgent("boris", "idle").Since.Sub(paused.Since); paused.Reason != "tea" || !about(got, 3*time.Second) {
		t.Errorf("the pause took %v: %+v", got, paused)
	}
	if out, err := r.CLI(r.soon(), "agent", "pause", "boris", "--reason", "tea"); err == nil {
		t.Errorf("there was more tea: %s", out)
	}
	r.cli("agent", "pause", "boris", "--reason", "fire")
	b.stillThere()
	atAnna.hangsUp()
	r.talk(b, anna.ring())
}

func TestWorkAfterACall(t *testing.T) {
	t.Parallel()
	const work = 3 * time.Second
	r := setUpOwn(t, func(o *stage.Options) {
		o.Queues["sales"] = stage.Keys{"engine": "linekeeper", "wrap_up": work.String()}
		o.Queues["tech"] = stage.Keys{"engine": "linekeeper", "wrap_up_by_agent": true}
		o.Agents["boris"]["queues"] = []string{"tech"}
	})
	anna := r.onDuty("anna", softphone.AutoAnswer(0))
	boris := r.onDuty("boris", softphone.AutoAnswer(0))
	a, b := r.calls(first, sales), r.calls(second, tech)
	atAnna, atBoris := anna.ring(), boris.ring()
	r.talk(a, atAnna)
	r.talk(b, atBoris)
	c, d := r.calls(third, sales), r.calls(fourth, tech)
	c.hears("You are next in line.")
	d.hears("You are next in line.")

	// The caller hangs up: the time begins.
	a.hangsUp()
	atAnna.isOver()
	over := time.Now()
	atBoris.hangsUp()
	working := r.isAgent("anna", "wrapup")
	if working.Until == nil || !about(working.Until.Sub(working.Since), work) {
		t.Errorf("the agent after the call is %+v", working)
	}
	if after := r.isAgent("boris", "wrapup"); after.Until != nil {
		t.Errorf("the work that the agent ends is %+v", after)
	}
	atAnna = anna.ring()
	if got := atAnna.StartedAt().Sub(over); !about(got, work) {
		t.Errorf("the next call rings %v after the one before, want %v", got, work)
	}
	r.talk(c, atAnna)

	// The other one ends it by phone.
	if calls := boris.Calls(); len(calls) != 0 {
		t.Errorf("an agent was rung at work: %+v", calls)
	}
	boris.dials("*26", "You are ready for the next call.")
	over = time.Now()
	atBoris = boris.ring()
	if got := atBoris.StartedAt().Sub(over); !about(got, 0) {
		t.Errorf("the next call rings %v after the agent was ready", got)
	}
	r.talk(d, atBoris)
}
