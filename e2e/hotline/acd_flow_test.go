package hotline_test

import (
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

func TestOverflow(t *testing.T) {
	t.Parallel()
	const after = 3 * time.Second
	r := setUpOwn(t, func(o *stage.Options) {
		o.Queues["sales"] = stage.Keys{"engine": "linekeeper", "overflow": []stage.Keys{
			{"to": "tech", "after": after.String()}, {"to": "tech", "no_agents": true},
		}}
		o.Agents["boris"]["queues"] = []string{"tech"}
	})
	anna, boris := r.onDuty("anna", softphone.AutoAnswer(0)), r.onDuty("boris", softphone.AutoAnswer(0))
	busy := r.calls(fourth, sales)
	atAnna := anna.ring()
	r.talk(busy, atAnna)

	// By the wait.
	a := r.calls(first, sales)
	a.hears("You are next in line.")
	before := r.place("sales", first)
	atBoris := boris.ring()
	if got := atBoris.StartedAt().Sub(before.TakenAt); atBoris.RemoteNumber() != first || !about(got, after) {
		t.Errorf("%s rings in the other queue after %v, want the first after %v", atBoris.RemoteNumber(), got, after)
	}
	r.talk(a, atBoris)
	r.keepsPlace("tech", first, before)

	// Who came first to the other queue, though in this one, is served first.
	b := r.calls(second, sales)
	b.hears("You are next in line.")
	before = r.place("sales", second)
	c := r.calls(third, tech)
	c.hears("You are next in line.")
	r.keepsPlace("tech", second, before)
	c.hears("You are number two in line.")

	// By the agents: nobody is left, so who comes goes over at once.
	atAnna.hangsUp()
	r.cli("agent", "logout", "anna")
	d := r.calls(fourth, sales)
	d.hears("You are number three in line.")
	moved := r.journal("place.moved")
	if len(moved) < 2 {
		t.Fatalf("the journal has %+v", moved)
	}
	for _, ev := range moved {
		if ev.Data["from"] != "sales" || ev.Data["to"] != "tech" || ev.Data["kept"] != true || text(ev.Data["why"]) == "" {
			t.Errorf("a place was moved so: %+v", ev)
		}
	}
	atBoris.hangsUp()
	for _, next := range []*caller{b, c, d} {
		atBoris = boris.ring()
		if got := atBoris.RemoteNumber(); got != next.name {
			t.Errorf("the agent's phone shows %q, want %q", got, next.name)
		}
		r.talk(next, atBoris)
		atBoris.hangsUp()
	}
}

func TestBorrowing(t *testing.T) {
	t.Parallel()
	r := setUpOwn(t, func(o *stage.Options) {
		o.Queues["sales"] = stage.Keys{"engine": "linekeeper", "borrow": stage.Keys{
			"from": []string{"tech"}, "skills": stage.Keys{"english": 1}, "above": "20s",
		}}
		o.Agents["boris"]["queues"] = []string{"tech"}
	})
	anna, boris := r.onDuty("anna", softphone.AutoAnswer(0)), r.onDuty("boris", softphone.AutoAnswer(0))
	a := r.calls(first, sales)
	atAnna := anna.ring()
	r.talk(a, atAnna)

	// Anna talks, so the wait would be near the handle time of a minute: Boris helps out.
	b := r.calls(second, sales)
	atBoris := boris.ring()
	if got := atBoris.RemoteNumber(); got != second {
		t.Errorf("the lent agent's phone shows %q, want %q", got, second)
	}
	r.talk(b, atBoris)
	r.until("borrowing is on", func() bool {
		on := r.journal("queue.borrowing")
		return len(on) == 1 && on[0].Queue == "sales" && on[0].Data["on"] == true
	})

	// With both free nobody would wait: it ends by itself.
	atAnna.hangsUp()
	atBoris.hangsUp()
	r.until("borrowing is over", func() bool {
		all := r.journal("queue.borrowing")
		return len(all) == 2 && all[1].Data["on"] == false
	})
	// Boris serves his own queue, and is longer free than Anna after her next call.
	c := r.calls(third, tech)
	atBoris = boris.ring()
	r.talk(c, atBoris)
	atBoris.hangsUp()
	d := r.calls(fourth, sales)
	atAnna = anna.ring()
	r.talk(d, atAnna)
	r.isAgent("boris", "idle")
}

func TestLimitsOfAQueue(t *testing.T) {
	t.Parallel()
	r := setUpOwn(t, func(o *stage.Options) {
		o.Queues["sales"] = stage.Keys{"engine": "linekeeper", "max_length": 1, "leave_empty": true}
		o.Queues["tech"] = stage.Keys{"engine": "linekeeper", "max_wait": "2s", "join_empty": true}
	})
	anna := r.onDuty("anna", softphone.Ignore())
	r.cli("agent", "pause", "anna")
	a := r.calls(first, sales)
	a.hears("You are next in line.")
	b := r.calls(second, sales)
	b.hears("We are full.")
	b.letGo()
	r.result(second, "no_agents")

	c := r.calls(third, tech)
	c.hears("You are next in line.")
	c.hears("It takes too long.")
	c.letGo()
	r.result(third, "no_agents")

	anna.dials("*23", "You are logged out.")
	a.hears("Nobody is here.")
	a.letGo()
	r.result(first, "no_agents")
	for _, name := range []string{"sales", "tech"} {
		r.until("nobody is left in "+name, func() bool { return len(r.queue(name).Places) == 0 })
	}
}
