package api

import (
	"math"
	"time"

	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

func showCall(c store.Call) Call {
	return Call{
		ID: c.ID, Direction: string(c.Direction), From: c.State.ANI, Number: c.Number, Hotline: c.Hotline,
		StartedAt: c.StartedAt.UTC(), EndedAt: when(c.EndedAt), Result: c.Result, Caller: c.State.Caller.Name,
		Account: c.State.Caller.Account, Assurance: c.State.Caller.Assurance.String(), Queue: c.Queue,
		WaitedS: round(c.WaitedS), TalkedS: round(c.TalkedS), Agent: c.Agent, Callback: c.CallbackID,
		Node: c.State.Node, Path: append([]string{}, c.State.Path...),
		Recording: c.Recording, Disposition: showDisposition(c.Disposition),
	}
}

func showDisposition(d *store.Disposition) *Disposition {
	if d == nil {
		return nil
	}
	return &Disposition{Code: d.Code, Note: d.Note, By: d.By, At: d.At.UTC()}
}

func showQueue(v queues.View) Queue {
	q := Queue{Name: v.Queue, Engine: v.Engine, Places: []Place{}, Agents: []Agent{}, Foreign: len(v.Foreign), Waiting: len(v.Foreign)}
	for _, p := range v.Places {
		if p.State != queues.PlaceServed {
			q.Waiting++
		}
		q.Places = append(q.Places, showPlace(p, v.At))
	}
	for _, a := range v.Agents {
		q.Agents = append(q.Agents, showAgent(a, v.Engine, v.Queue))
	}
	q.EWT = ewt(v.Joining)
	return q
}

func showPlace(p queues.PlaceView, at time.Time) Place {
	out := Place{
		ID: p.ID, State: string(p.State), Kind: "call", Number: p.Number, Name: p.Name, Priority: p.Priority,
		TakenAt: p.TakenAt.UTC(), Agent: p.Agent, Call: p.CallID, Callback: p.CallbackID, Skills: show(p.Skills, showSkill),
	}
	if p.CallbackID != "" {
		out.Kind = "callback"
	}
	if p.State == queues.PlaceServed {
		out.WaitedS = round(p.ServedAt.Sub(p.TakenAt).Seconds())
	} else {
		out.Position, out.WaitedS, out.EWT = p.Ahead+1, round(at.Sub(p.TakenAt).Seconds()), ewt(p.Estimate)
	}
	return out
}

func showSkill(s queues.Skill) Skill { return Skill{Name: s.Name, Level: s.Level} }

func ewt(e queues.Estimate) *EWT {
	if !e.Known {
		return nil
	}
	return &EWT{MeanS: round(e.Mean.Seconds()), LowS: round(e.Low.Seconds()), HighS: round(e.High.Seconds())}
}

func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// round keeps tenths of a second: more would pretend to more than is known.
func round(s float64) float64 { return math.Round(s*10) / 10 }

func showEvent(ev store.Event) Event {
	ev.At = ev.At.UTC()
	return ev
}

// show converts a list; it is never null in JSON.
func show[A, B any](in []A, f func(A) B) []B {
	out := make([]B, 0, len(in))
	for _, v := range in {
		out = append(out, f(v))
	}
	return out
}
