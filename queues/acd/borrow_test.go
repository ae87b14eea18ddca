package acd

import (
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// lending are two queues: sales may borrow those of support who know how to sell.
func lending(keep int) Rules {
	sell := []queues.Skill{{Name: "sell", Level: 3}}
	return Rules{
		Queues: []Queue{
			{Name: "sales", JoinEmpty: true, Borrow: &Borrow{From: []string{"support"}, Skills: sell, Above: time.Minute, Keep: keep}},
			{Name: "support", JoinEmpty: true},
		},
		Agents: []Agent{
			{ID: "sam", Phone: "1", Queues: []string{"sales"}},
			{ID: "ann", Phone: "2", Queues: []string{"support"}, Skills: sell},
			{ID: "bob", Phone: "3", Queues: []string{"support"}},
			{ID: "cid", Phone: "4", Queues: []string{"support"}, Skills: []queues.Skill{{Name: "sell", Level: 2}}},
		},
	}
}

func TestBorrowing(t *testing.T) {
	t.Parallel()
	d := open(t, lending(0))
	d.logIn("ann", "bob", "cid")
	d.call("s1", "sales")
	want(t, "support does not serve sales", d.ringing("s1"), "")
	d.do(estimateOf("sales", time.Minute))
	want(t, "not at the target", d.ringing("s1"), "")
	d.do(estimateOf("sales", 61*time.Second))
	want(t, "who may be lent", d.ringing("s1"), "ann")
	n := d.note("queue.borrowing").Data
	want(t, "the journal", []any{n["on"], n["ewt_s"], n["queue"]}, []any{true, 61.0, "sales"})
	want(t, "the tier is behind all", d.note("offer.made").Data["tier"], any(1))
	d.call("s2", "sales")
	want(t, "nobody else may", d.ringing("s2"), "")
	d.call("u1", "support")
	d.call("u2", "support")
	d.call("u3", "support")
	d.answer("ann")
	d.gone("ann", "")
	want(t, "her own queue comes first, though the other came sooner", d.ringing("u3"), "ann")
	d.do(estimateOf("sales", 30*time.Second))
	want(t, "between the two it goes on", len(d.notes()), 0)
	d.answer("ann")
	d.do(estimateOf("sales", 29*time.Second))
	want(t, "it is over", d.note("queue.borrowing").Data["on"], any(false))
	d.gone("ann", "")
	want(t, "she is back", d.ringing("s2"), "")
	want(t, "who is eligible", d.g.Eligible("ann", d.saved["s2"], d.now), false)
	d.logIn("sam")
	want(t, "sales serves itself", d.ringing("s2"), "sam")
}

func TestAgentsOfTheQueueComeBeforeThoseWhoAreLent(t *testing.T) {
	t.Parallel()
	d := open(t, lending(0))
	d.logIn("ann", "sam")
	d.do(estimateOf("sales", time.Hour))
	d.call("s1", "sales")
	want(t, "her own first", d.ringing("s1"), "sam")
	want(t, "who is eligible", d.g.Eligible("ann", d.saved["s1"], d.now), true)
	d.call("s2", "sales")
	want(t, "then who is lent", d.ringing("s2"), "ann")
}

func TestTheLenderKeepsSomeFree(t *testing.T) {
	t.Parallel()
	d := open(t, lending(1))
	d.logIn("ann")
	d.do(estimateOf("sales", time.Hour))
	d.call("s1", "sales")
	want(t, "the last one is kept", d.ringing("s1"), "")
	d.logIn("bob")
	want(t, "now another is free", d.ringing("s1"), "ann")
	want(t, "bob stays", d.state("bob"), queues.AgentIdle)
}

func TestAPlaceOfferedToALentAgentGoesOnAfterRONA(t *testing.T) {
	t.Parallel()
	d := open(t, lending(0))
	d.logIn("ann")
	d.do(estimateOf("sales", time.Hour))
	d.call("s1", "sales")
	d.logIn("sam")
	d.gone("ann", queues.OfferNoAnswer)
	want(t, "who rings", d.ringing("s1"), "sam")
	want(t, "ann", d.state("ann"), queues.AgentPaused)
}
