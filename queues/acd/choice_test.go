package acd

import (
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// TestStrategies lets three agents have had different pasts, and looks who is
// rung first and second.
func TestStrategies(t *testing.T) {
	t.Parallel()
	ru := func(level int) []queues.Skill { return []queues.Skill{{Name: "ru", Level: level}} }
	for strategy, wanted := range map[Strategy]string{
		"":          "ann", // free longest
		LongestIdle: "ann",
		RoundRobin:  "cid", // was never offered anything
		FewestCalls: "cid",
		LeastTalk:   "cid",
		TopDown:     "bob", // listed first
		SkillBest:   "bob", // speaks best
		RingAll:     "ann bob cid",
	} {
		t.Run(string(strategy), func(t *testing.T) {
			t.Parallel()
			d := open(t, Rules{
				Queues: []Queue{{Name: "support", Strategy: strategy, JoinEmpty: true}},
				Agents: []Agent{
					{ID: "bob", Phone: "1", Skills: ru(9)}, {ID: "ann", Phone: "2", Skills: ru(3)}, {ID: "cid", Phone: "3", Skills: ru(5)},
				},
			})
			for _, agent := range []string{"ann", "bob"} {
				d.logIn(agent)
				d.call("of-"+agent, "support")
				d.answer(agent)
				d.now = d.now.Add(time.Minute)
				d.gone(agent, "")
				d.do(queues.Pause{Agent: agent})
			}
			d.logIn("cid")
			d.do(queues.Unpause{Agent: "ann"}, queues.Unpause{Agent: "bob"})
			d.call("p1", "support", needs(queues.Skill{Name: "ru", Level: 2}))
			want(t, "who rings", d.ringing("p1"), wanted)
		})
	}
}

func TestRingAll(t *testing.T) {
	t.Parallel()
	r := support(func(q *Queue) { q.Strategy = RingAll })
	r.Agents = crew("ann", "bob", "cid")
	d := open(t, r)
	d.logIn("ann", "bob")
	d.call("p1", "support")
	d.call("p2", "support")
	want(t, "who rings for the first", d.ringing("p1"), "ann bob")
	want(t, "who rings for the second", d.ringing("p2"), "")
	d.logIn("cid")
	want(t, "who comes later gets the place that waits", d.ringing("p2"), "cid")
	d.gone("ann", queues.OfferBusy)
	want(t, "who rings for the first", d.ringing("p1"), "bob")
	d.pass(5 * time.Second)
	want(t, "ann is rung along again", d.ringing("p1"), "ann bob")
	d.answer("ann")
	want(t, "the others are let go", len(of[queues.Withdraw](d)), 1)
	want(t, "bob", d.ringing("p2"), "bob cid")
	d.gone("bob", queues.OfferNoAnswer)
	d.gone("cid", queues.OfferNoAnswer)
	want(t, "when nobody answers", d.place("p2"), "waiting in support")
}

// TestRingAllWidens: a tier that opens while others are being rung is rung along.
func TestRingAllWidens(t *testing.T) {
	t.Parallel()
	r := support(func(q *Queue) {
		q.Strategy, q.RingTimeout = RingAll, 30*time.Second
		q.Tiers = []Tier{{Skills: []queues.Skill{{Name: "en", Level: 2}}}, {After: 10 * time.Second}}
	})
	r.Agents[0].Skills = []queues.Skill{{Name: "en", Level: 2}}
	d := open(t, r)
	d.logIn("ann", "bob")
	d.call("p1", "support")
	want(t, "at first", d.ringing("p1"), "ann")
	d.pass(10 * time.Second)
	want(t, "when the tier opens", d.ringing("p1"), "ann bob")
}

func TestSkillsOfThePlace(t *testing.T) {
	t.Parallel()
	d := open(t, Rules{
		Queues: []Queue{{Name: "support", JoinEmpty: true}},
		Agents: []Agent{
			{ID: "ann", Phone: "1", Skills: []queues.Skill{{Name: "ru", Level: 5}}},
			{ID: "bob", Phone: "2", Skills: []queues.Skill{{Name: "en", Level: 5}, {Name: "ru", Level: 3}}},
		},
	})
	d.logIn("ann", "bob")
	d.call("p1", "support", needs(queues.Skill{Name: "en", Level: 5}, queues.Skill{Name: "en", Level: 2}))
	want(t, "the one who has it", d.ringing("p1"), "bob")
	want(t, "each skill once", d.saved["p1"].Skills, []queues.Skill{{Name: "en", Level: 5}})
	d.call("p2", "support", needs(queues.Skill{Name: "ru", Level: 6}))
	d.call("p3", "support", needs(queues.Skill{Name: "ru"}))
	want(t, "nobody has so much", d.place("p2"), "waiting in support")
	want(t, "others do not wait for that", d.ringing("p3"), "ann")
	want(t, "who is eligible", d.g.Eligible("bob", d.saved["p3"], d.now), true)
	want(t, "who is not", d.g.Eligible("bob", d.saved["p2"], d.now), false)
}

func TestPriority(t *testing.T) {
	t.Parallel()
	d := open(t, support())
	d.call("p1", "support")
	d.call("vip", "support", priority(10))
	d.call("p2", "support")
	d.logIn("ann")
	want(t, "who rings for the one that matters", d.ringing("vip"), "ann")
	d.logIn("bob")
	want(t, "then for the first", d.ringing("p1"), "bob")
}

func tiered() Rules {
	return Rules{
		Queues: []Queue{{Name: "support", JoinEmpty: true, Tiers: []Tier{
			{Skills: []queues.Skill{{Name: "expert", Level: 5}}}, {After: 30 * time.Second},
		}}},
		Agents: []Agent{
			{ID: "ann", Phone: "1", Skills: []queues.Skill{{Name: "expert", Level: 7}}},
			{ID: "bob", Phone: "2", Skills: []queues.Skill{{Name: "expert", Level: 2}}},
		},
	}
}

func TestTiersWidenWithTheWait(t *testing.T) {
	t.Parallel()
	d := open(t, tiered())
	d.logIn("bob", "ann")
	d.call("p1", "support")
	want(t, "the first tier comes first", d.ringing("p1"), "ann")
	want(t, "the tier in the journal", d.note("offer.made").Data["tier"], any(0))
	d.call("p2", "support")
	d.answer("ann")
	wake := of[queues.Wake](d)
	d.pass(29 * time.Second)
	want(t, "the second is not open yet", d.ringing("p2"), "")
	d.pass(time.Second)
	want(t, "now it is", d.ringing("p2"), "bob")
	want(t, "the tier in the journal", d.note("offer.made").Data["tier"], any(1))
	if len(wake) != 1 || !wake[0].At.Equal(d.saved["p2"].QueuedAt.Add(30*time.Second)) {
		t.Errorf("nobody is woken in time: %v", wake)
	}
}

func TestAnOlderPlaceThatCameLaterDoesNotOpenItsTierSooner(t *testing.T) {
	t.Parallel()
	r := tiered()
	r.Queues = append(r.Queues, Queue{Name: "sales", JoinEmpty: true})
	r.Agents = append(r.Agents, Agent{ID: "cid", Phone: "3", Queues: []string{"sales"}})
	d := open(t, r)
	d.call("old", "sales")
	d.pass(time.Minute)
	d.call("p1", "support")
	d.pass(20 * time.Second)
	d.do(queues.Move{PlaceID: "old", Queue: "support", Keep: true, Why: "order"})
	want(t, "it is the first", d.g.View("support", d.now).Places[0].ID, "old")
	d.logIn("bob")
	d.pass(11 * time.Second)
	want(t, "only the other one waited long enough here", d.ringing("p1"), "bob")
	want(t, "and this one not", d.ringing("old"), "")
	d.logIn("ann")
	want(t, "the first tier takes it", d.ringing("old"), "ann")
}

func TestAtOnce(t *testing.T) {
	t.Parallel()
	r := support(func(q *Queue) { q.AtOnce = 1 })
	d := open(t, r)
	d.logIn("ann", "bob")
	d.call("p1", "support")
	d.call("p2", "support")
	want(t, "one agent is enough", d.ringing("p1")+d.ringing("p2"), "ann")
	d.answer("ann")
	want(t, "while it talks, too", d.ringing("p2"), "")
	d.do(queues.Leave{PlaceID: "p1"})
	want(t, "then the next", d.ringing("p2"), "bob")
}

func TestOneCallAtATimeOverAllQueues(t *testing.T) {
	t.Parallel()
	d := open(t, Rules{Queues: []Queue{{Name: "a", JoinEmpty: true}, {Name: "b", JoinEmpty: true}}, Agents: crew("ann")})
	d.call("b1", "b")
	d.call("a1", "a")
	d.logIn("ann")
	want(t, "who came first, whatever the queue", d.ringing("b1")+d.ringing("a1"), "ann")
	want(t, "the place", d.place("b1"), "offered in b")
	d.answer("ann")
	d.gone("ann", "")
	want(t, "then the other", d.ringing("a1"), "ann")
}
