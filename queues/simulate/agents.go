package simulate

import (
	"time"

	"github.com/linekeeper/linekeeper/queues"
)

// agent is what an agent does by itself; the rest of it is in the engine.
type agent struct {
	*Worker
	last   queues.Duty // as the engine last saved it
	wrapUp float64     // seconds of work after the present call, negative: as the rules say
	freeAt time.Time   // when the present call and the work after it will be over
}

// staff plans the day of each agent.
func (w *world) staff() {
	w.endless = map[string]bool{}
	for _, q := range w.plan.Rules.Queues {
		w.endless[q.Name] = q.WrapUpByAgent && q.WrapUp == 0
	}
	for i := range w.plan.Staff {
		a := &agent{Worker: &w.plan.Staff[i], wrapUp: -1}
		w.agents[a.Agent] = a
		for _, s := range a.Duty {
			w.agenda.add(w.plan.Start.Add(s.From), func() { w.tell(queues.LogIn{Agent: a.Agent, By: by}) })
			w.agenda.add(w.plan.Start.Add(s.To), func() { w.tell(queues.LogOut{Agent: a.Agent, By: by}) })
		}
		for _, b := range a.Breaks {
			w.agenda.add(w.plan.Start.Add(b.From), func() { w.tell(queues.Pause{Agent: a.Agent, Reason: b.Reason, By: by}) })
			w.agenda.add(w.plan.Start.Add(b.To), func() { w.tell(queues.Unpause{Agent: a.Agent, By: by}) })
		}
	}
}

// by is who gave an order, for the journal.
const by = "simulation"

// ring lets an agent's phone ring; it answers or not.
func (w *world) ring(cmd queues.Ring) {
	a := w.agents[cmd.Agent]
	switch {
	case a == nil:
		w.fail("agent %q is rung, who is not on the staff", cmd.Agent)
		return
	case w.legs[cmd.Channel] != nil:
		w.fail("channel %s rings twice", cmd.Channel)
		return
	}
	l := &leg{place: cmd.Place.ID, agent: a}
	w.legs[cmd.Channel] = l
	lets, answers := w.rng.Float64() < a.NoAnswer, a.Answer.Draw(w.rng)
	if lets || cmd.Timeout > 0 && inTime(answers) >= cmd.Timeout {
		if cmd.Timeout > 0 { // a switch ends it by itself, if the engine does not
			w.after((cmd.Timeout + time.Second).Seconds(), func() { w.hangUpLeg(cmd.Channel) })
		}
		return
	}
	w.after(answers, func() {
		if w.legs[cmd.Channel] == l {
			l.answered = true
			w.tell(queues.Answered{PlaceID: l.place, Channel: cmd.Channel})
		}
	})
}

// hangUpLeg ends an agent's leg and tells the engine how.
func (w *world) hangUpLeg(channel string) {
	l := w.legs[channel]
	if l == nil {
		return
	}
	delete(w.legs, channel)
	status := queues.OfferNoAnswer
	if l.answered {
		status = ""
	}
	w.tell(queues.Gone{PlaceID: l.place, Channel: channel, Status: status})
}

// RONA is the reason of the pause of an agent who let a call ring.
const RONA = "rona"

// duty learns what became of an agent. Who begins to work after a call reports
// when that is done, if the rules leave it to the agent; at once, if nobody says
// how long it takes. Who is paused for letting a call ring reports back, too.
func (w *world) duty(a *agent, d queues.Duty) {
	if d.Paused && d.Reason == RONA && a.BackAfter > 0 && !d.PausedAt.Equal(a.last.PausedAt) {
		w.after(a.BackAfter, func() {
			if a.last.Paused && a.last.PausedAt.Equal(d.PausedAt) {
				w.tell(queues.Unpause{Agent: a.Agent, By: by})
			}
		})
	}
	began := !d.WrapUp.IsZero() && !d.WrapUp.Equal(a.last.WrapUp)
	a.last = d
	if !began || a.wrapUp < 0 && !w.endless[d.Queue] {
		return
	}
	since := d.WrapUp
	w.after(max(0, a.wrapUp), func() {
		if a.last.WrapUp.Equal(since) {
			w.tell(queues.Ready{Agent: a.Agent, By: by})
		}
	})
}
