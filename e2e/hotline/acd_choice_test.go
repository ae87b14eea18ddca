package hotline_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

func TestSkills(t *testing.T) {
	t.Parallel()
	r := setUpOwn(t)
	boris := r.onDuty("boris", softphone.AutoAnswer(0)) // English at level 3
	busy := r.calls(fourth, sales)
	atBoris := boris.ring()
	r.talk(busy, atBoris)
	vera := r.onDuty("vera", softphone.AutoAnswer(0)) // English at level 1, and Russian

	// Level 1 will not do, so the caller waits beside a free agent.
	a := r.calls(first, english)
	a.hears("You are next in line.")
	if p := r.place("sales", first); len(p.Skills) != 1 || p.Skills[0].Name != "english" || p.Skills[0].Level != 2 {
		t.Errorf("the place asks for %+v", p.Skills)
	}
	// Who came later and asks for nothing is served before, and so is who asks for the caller's language.
	b := r.calls(second, sales)
	atVera := vera.ring()
	r.talk(b, atVera)
	atVera.hangsUp()
	c := r.calls(ivan, russian)
	atVera = vera.ring()
	if got := atVera.RemoteNumber(); got != ivan {
		t.Errorf("the agent's phone shows %q, want %q", got, ivan)
	}
	r.talk(c, atVera)
	a.stillThere()

	anna := r.onDuty("anna", softphone.AutoAnswer(0)) // no English
	d := r.calls(third, sales)
	atAnna := anna.ring()
	if got := atAnna.RemoteNumber(); got != third {
		t.Errorf("the agent's phone shows %q, want %q", got, third)
	}
	r.talk(d, atAnna)
	atBoris.hangsUp()
	atBoris = boris.ring()
	if got := atBoris.RemoteNumber(); got != first {
		t.Errorf("the agent's phone shows %q, want %q", got, first)
	}
	r.talk(a, atBoris)
	if got := r.offered(r.place("sales", first).ID); !cmp.Equal(got, []string{"boris"}) {
		t.Errorf("English was offered to %q", got)
	}
}

func TestTiersWiden(t *testing.T) {
	t.Parallel()
	const widen = 4 * time.Second
	r := setUpOwn(t, func(o *stage.Options) {
		o.Queues["sales"] = stage.Keys{"engine": "linekeeper", "tiers": []stage.Keys{
			{"skills": stage.Keys{"product": 4}}, {"after": widen.String(), "skills": stage.Keys{"product": 1}},
		}}
		o.Agents["vera"]["queues"] = []string{"tech"}
	})
	boris := r.onDuty("boris", softphone.AutoAnswer(0)) // longer free, but in the second tier
	anna := r.onDuty("anna", softphone.AutoAnswer(0))
	a := r.calls(first, sales)
	atAnna := anna.ring()
	r.talk(a, atAnna)

	b := r.calls(second, sales)
	b.hears("You are next in line.")
	taken := r.place("sales", second).TakenAt
	atBoris := boris.ring()
	if got := atBoris.StartedAt().Sub(taken); !about(got, widen) {
		t.Errorf("the second tier was rung after %v, want %v", got, widen)
	}
	r.talk(b, atBoris)
	var tiers []any
	for _, ev := range r.journal("offer.made") {
		tiers = append(tiers, ev.Data["tier"])
	}
	if len(tiers) != 2 || tiers[0] == tiers[1] {
		t.Errorf("the offers came from tiers %v", tiers)
	}
}

func TestWhoIsRungFirst(t *testing.T) {
	t.Parallel()
	r := setUpOwn(t, func(o *stage.Options) {
		o.Queues["tech"] = stage.Keys{"engine": "linekeeper", "strategy": "ring_all"}
		for _, id := range []string{"anna", "boris", "vera"} {
			o.Agents[id]["queues"] = []string{"sales", "tech"}
		}
	})
	vera, anna, boris := r.onDuty("vera", softphone.Ignore()), r.onDuty("anna", softphone.Ignore()), r.onDuty("boris", softphone.Ignore())
	crew := map[string]*operator{"vera": vera, "anna": anna, "boris": boris}

	// Free longest: as they came on duty, then as their calls ended.
	var at [3]*caller
	var calls [3]*caller
	for i, id := range []string{"vera", "anna", "boris"} {
		calls[i] = r.calls([]string{first, second, third}[i], sales)
		at[i] = crew[id].answer()
		r.talk(calls[i], at[i])
	}
	for _, i := range []int{1, 2, 0} {
		at[i].hangsUp()
		r.isAgent([]string{"vera", "anna", "boris"}[i], "idle")
	}
	var order []string
	for _, id := range []string{"anna", "boris", "vera"} {
		c := r.calls(fourth, sales)
		atAgent := crew[id].ring()
		order = append(order, id)
		c.hangsUp()
		atAgent.isOver()
		r.result(fourth, "abandoned")
		// Paused, so that the next in turn is rung; a call that nobody took changes no turn.
		r.cli("agent", "pause", id)
	}
	for _, id := range order {
		r.cli("agent", "unpause", id)
	}

	// All at once, and the first to answer has it.
	c := r.calls(first, tech)
	atVera, atAnna, atBoris := vera.ring(), anna.ring(), boris.ring()
	r.must(atAnna.Answer(r.soon()))
	atVera.letGo()
	atBoris.letGo()
	r.talk(c, atAnna)
	r.isAgent("vera", "idle")
	r.isAgent("boris", "idle")
	offered := r.offered(r.place("tech", first).ID)
	slices.Sort(offered)
	if diff := cmp.Diff([]string{"anna", "boris", "vera"}, offered); diff != "" {
		t.Errorf("rung were (-want +got):\n%s", diff)
	}
}
