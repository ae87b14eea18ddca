package acd

import (
	"testing"
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// levels2 are two levels of support: ann is in the first, bob in the second.
func levels2() Rules {
	agents := crew("ann", "bob")
	agents[0].Queues, agents[1].Queues = []string{"level1"}, []string{"level2"}
	return Rules{
		Queues: []Queue{{Name: "level1", JoinEmpty: true, WrapUp: 10 * time.Second}, {Name: "level2", JoinEmpty: true, MaxLength: 1}},
		Agents: agents,
	}
}

func TestEscalation(t *testing.T) {
	t.Parallel()
	d := open(t, levels2())
	d.logIn("ann")
	taken := d.now
	d.call("p1", "level1")
	d.answer("ann")
	d.call("other", "level2")
	d.pass(time.Minute)
	d.do(queues.Move{PlaceID: "p1", Queue: "level2", Keep: true, Why: "escalated", By: "ann"})
	want(t, "the agent's leg is ended", of[queues.Withdraw](d)[0].Channel, "lk-place-p1-1")
	want(t, "the agent works after the call", d.state("ann"), queues.AgentWrapUp)
	want(t, "the caller waits again, although the queue is full", d.place("p1"), "waiting in level2")
	want(t, "since", d.saved["p1"].TakenAt, taken)
	want(t, "in this queue since", d.saved["p1"].QueuedAt, d.now)
	want(t, "nobody has it", d.saved["p1"].Agent+d.saved["p1"].Channel, "")
	n := d.note("place.moved").Data
	want(t, "the journal", []any{n["by"], n["why"], n["kept"]}, []any{"ann", "escalated", true})
	a, _ := d.g.Agent("ann")
	if a.TalkS < 60 || a.TalkS > 61 {
		t.Errorf("ann talked %v s", a.TalkS)
	}
	d.logIn("bob")
	want(t, "who came first is first", d.ringing("p1"), "bob")
	want(t, "under a new channel", d.leg("bob").channel, "lk-place-p1-2")
	d.answer("bob")
	want(t, "who has it now", d.saved["p1"].Agent, "BOB")
}

func TestMoves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		before func(*desk)
		keep   bool
		place  string
	}{
		{"waiting", func(*desk) {}, true, "waiting in level2"},
		{"to the end", func(*desk) {}, false, "waiting in level2"},
		{"while rung for", func(d *desk) { d.logIn("ann") }, true, "waiting in level2"},
		{"a promise", func(d *desk) { d.do(queues.Convert{PlaceID: "p1", CallbackID: "b1"}) }, true, "resting in level2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := open(t, levels2())
			d.call("p1", "level1")
			d.call("later", "level2")
			c.before(d)
			taken := d.saved["p1"].TakenAt
			d.do(queues.Move{PlaceID: "p1", Queue: "level2", Keep: c.keep, Why: "order", By: "operator"})
			want(t, "the place", d.place("p1"), c.place)
			want(t, "it keeps its time", d.saved["p1"].TakenAt.Equal(taken), c.keep)
			first := map[bool]string{true: "p1", false: "later"}[c.keep]
			want(t, "the first", d.g.View("level2", d.now).Places[0].ID, first)
			want(t, "nobody is left in the old queue", len(d.g.View("level1", d.now).Places), 0)
			d.do(queues.Move{PlaceID: "p1", Queue: "level2", Why: "order"})
			want(t, "there it is already", len(d.cmds), 0)
		})
	}
}

func TestHandover(t *testing.T) {
	t.Parallel()
	d := open(t, levels2())
	d.logIn("ann")
	taken := d.now
	d.call("p1", "level1", priority(3))
	d.answer("ann")
	d.pass(time.Minute)
	d.do(queues.Move{PlaceID: "p1", Queue: "asterisk queue", Keep: true, Why: "order"})
	handed := of[queues.Handover](d)
	if len(handed) != 1 || handed[0].From != "level1" || handed[0].Place.Queue != "asterisk queue" || handed[0].Place.Channel != "" {
		t.Fatalf("handed over: %+v", handed)
	}
	want(t, "it is saved as it is handed over", d.saved["p1"], handed[0].Place)
	if _, ok := d.g.Place("p1"); ok {
		t.Error("it is still known here")
	}
	want(t, "the agent is let go", of[queues.Withdraw](d)[0].Channel, "lk-place-p1-1")
	want(t, "the agent works after the call", d.state("ann"), queues.AgentWrapUp)

	// The other way round: another engine hands it over to this one.
	back := handed[0].Place
	back.Queue = "level2"
	d.do(queues.Take{Place: back})
	p, _ := d.g.Place("p1")
	want(t, "it waits", d.place("p1"), "waiting in level2")
	want(t, "since", p.TakenAt, taken)
	want(t, "its priority", p.Priority, 3)
	want(t, "its moves", p.Moves, 1)
	want(t, "the journal has it already", d.notes(), nil)
	d.logIn("bob")
	want(t, "channels do not repeat", d.leg("bob").channel, "lk-place-p1-2")
}
