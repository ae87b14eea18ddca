package simulate

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/queues"
)

// guest is a caller on this day, and later the customer of a promise.
type guest struct {
	caller
	place, call string // ids
	onLine      bool   // waits or talks with the phone at the ear
	talking     bool   // with an agent
	talks       int    // conversations begun, so that an old one's end is not that of a new one
	calls       int    // made by or to this person
	number      string
	through     bool // nothing more will come of it

	promise  callback.Callback // its zero value as long as there is none
	policy   callback.Policy
	customer string // the leg to the customer that lives, "" for none
	agentLeg string // the agent who waits for the customer or talks, "" for none
	ticks    int    // the promise's last Wake

	rng  *rand.Rand // what this person makes of calls, whatever the rules are
	next *response  // to the next call, nil when it is not drawn yet
}

// invite plans the arrivals.
func (w *world) invite(all []caller) {
	w.left = len(all)
	for i := range all {
		w.agenda.add(w.plan.Start.Add(all[i].at), func() { w.arrive(i, &all[i]) })
	}
}

func (w *world) arrive(i int, c *caller) {
	g := &guest{caller: *c, onLine: true, calls: 1, number: fmt.Sprintf("+7900%07d", i+1)}
	g.place, g.call = fmt.Sprintf("p%06d", i+1), fmt.Sprintf("c%06d", i+1)
	g.rng = rand.New(rand.NewPCG(w.seed, uint64(i)))
	w.guests[g.place] = g
	w.tell(queues.Take{Place: queues.Place{
		ID: g.place, Queue: g.queue, CallID: g.call, Number: g.number, Priority: g.priority, Skills: g.skills, TakenAt: w.now,
	}})
	w.after(g.patience, func() {
		if g.onLine && !g.talking && g.promise.ID == "" {
			w.tell(queues.Leave{PlaceID: g.place, Reason: queues.LeftAbandoned})
		}
	})
	w.after(g.caller.promise, func() {
		if g.onLine && !g.talking {
			w.ask(g)
		}
	})
}

// serve puts a caller and an agent together. A customer who is not on the line is
// called first.
func (w *world) serve(p queues.Place, channel string) {
	g, l := w.guests[p.ID], w.legs[channel]
	if g == nil || l == nil || !l.answered {
		w.fail("place %s is served by channel %s, which did not answer", p.ID, channel)
		return
	}
	if g.promise.ID != "" {
		g.agentLeg = channel
		w.step(g, callback.AgentTook{})
		return
	}
	w.talk(g, channel, func() { w.tell(queues.Leave{PlaceID: g.place, Reason: queues.LeftServed}) })
}

// talk lets a conversation take its time, and then end.
func (w *world) talk(g *guest, channel string, end func()) {
	g.talking = true
	g.talks++
	mine := g.talks
	agent := w.legs[channel].agent
	agent.wrapUp = g.wrapUp
	agent.freeAt = w.now.Add(inTime(g.caller.talk) + w.afterwards(g))
	w.after(g.caller.talk, func() {
		if g.talking && g.talks == mine && g.onLine {
			end()
		}
	})
}

// afterwards is how long the work after a guest's call takes.
func (w *world) afterwards(g *guest) time.Duration {
	if g.wrapUp >= 0 {
		return inTime(g.wrapUp)
	}
	for i := range w.plan.Rules.Queues {
		if q := &w.plan.Rules.Queues[i]; q.Name == g.queue {
			return q.WrapUp
		}
	}
	return 0
}

// over takes note that a place ended.
func (w *world) over(p queues.Place) {
	g := w.guests[p.ID]
	if g == nil {
		return
	}
	if g.promise.ID != "" && g.promise.Open() {
		w.placeOver(g, p)
		return
	}
	g.onLine, g.talking = false, false
	w.leave(g)
}

// leave is the end of a person's day.
func (w *world) leave(g *guest) {
	if !g.through {
		g.through = true
		w.left--
	}
}
