package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// ownViews are two queues of linekeeper's own distribution, which share an agent.
func ownViews() []queues.View {
	at := t0.Add(10 * time.Minute)
	ivan := queues.Agent{
		ID: "ivan", Name: "Ivan Petrov", State: queues.AgentWrapUp, Since: at.Add(-20 * time.Second), Calls: 3,
		Queue: "support", Place: "p576cvz32000done", Until: at.Add(10 * time.Second), TalkS: 425, Phone: "PJSIP/101",
		Skills: []queues.Skill{{Name: "english", Level: 5}, {Name: "mortgage", Level: 2}},
	}
	olga := queues.Agent{
		ID: "olga", Name: "Olga Kim", State: queues.AgentTalking, Since: at.Add(-time.Minute), Calls: 1,
		Queue: "support", Place: "p576cvz32000cccc", TalkS: 60, Phone: "PJSIP/102",
	}
	pavel := queues.Agent{ID: "pavel", Name: "Pavel Orlov", State: queues.AgentOff, Since: t0, Phone: "PJSIP/103"}
	rita := queues.Agent{ID: "rita", Name: "Rita Blum", State: queues.AgentRinging, Since: at, Queue: "support", Place: "p576cvz32000aaaa", Phone: "PJSIP/104"}
	return []queues.View{
		{Queue: "billing", Engine: queues.EngineLinekeeper, At: at, Agents: []queues.Agent{ivan, pavel}},
		{
			Queue: "support", Engine: queues.EngineLinekeeper, At: at, Agents: []queues.Agent{ivan, olga, rita},
			Joining: queues.Estimate{Known: true, Mean: 3 * time.Minute, Low: time.Minute, High: 6 * time.Minute},
			Places: []queues.PlaceView{
				{
					Place: queues.Place{ID: "p576cvz32000aaaa", State: queues.PlaceOffered, Number: "+79161234567", TakenAt: t0.Add(8 * time.Minute), CallID: "c576cvz32000ring"},
				},
				{
					Place: queues.Place{
						ID: "p576cvz32000bbbb", State: queues.PlaceWaiting, Number: "+79161234568", TakenAt: t0.Add(9 * time.Minute), CallID: "c576cvz32000next",
						Skills: []queues.Skill{{Name: "english", Level: 3}},
					},
					Ahead: 1,
				},
				{Place: queues.Place{ID: "p576cvz32000cccc", State: queues.PlaceServed, Number: "+79161234569", TakenAt: t0, ServedAt: t0.Add(9 * time.Minute), Agent: "Olga Kim", CallID: "c576cvz32000live"}},
			},
		},
	}
}

// OrderAgent knows three answers: done, so already, and no.
func (f *fixture) OrderAgent(_ context.Context, o controller.AgentOrder) (queues.Agent, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	to := queues.AgentIdle
	switch o.Do {
	case controller.AgentLogout:
		to = queues.AgentOff
	case controller.AgentPause:
		to = queues.AgentPaused
	}
	var ordered queues.Agent
	for _, v := range f.views {
		i := slices.IndexFunc(v.Agents, func(a queues.Agent) bool { return a.ID == o.Agent })
		if i < 0 {
			continue
		}
		a := v.Agents[i]
		switch {
		case v.Engine == queues.EngineAsterisk:
			return a, &controller.DeniedError{Message: fmt.Sprintf("agent %q is the switch's (engine: asterisk): pause it there", a.Name)}
		case a.State == queues.AgentOff && o.Do == controller.AgentPause:
			return a, &controller.DeniedError{Message: fmt.Sprintf("%s is not logged in; log in first", a.Name)}
		case ordered.ID == "" && a.State == to && a.Reason == o.Reason:
			return a, &controller.DeniedError{Message: fmt.Sprintf("%s is %s already", a.Name, a.State), Already: true}
		}
		a.State, a.Reason, a.Until = to, o.Reason, time.Time{}
		v.Agents[i], ordered = a, a
	}
	return ordered, nil
}

func (f *fixture) CloseHotline(_ context.Context, order store.Closing) (store.Closing, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if order.Hotline != "support" {
		return order, fmt.Errorf("%w: %q is none of [support]", controller.ErrUnknownHotline, order.Hotline)
	}
	order.Since = t0
	f.closings = []store.Closing{order}
	return order, nil
}

func (f *fixture) OpenHotline(context.Context, string, string) (store.Closing, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.closings) == 0 {
		return store.Closing{Hotline: "support"}, true, nil
	}
	lifted := f.closings[0]
	f.closings = nil
	return lifted, false, nil
}

func (f *fixture) Closings() []store.Closing {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.closings)
}

func (f *fixture) Card(ctx context.Context, id string) (controller.Card, error) {
	rec, err := f.Call(ctx, id)
	if err != nil {
		return controller.Card{}, err
	}
	card := controller.Card{Call: rec, At: t0.Add(time.Hour)}
	if rec.State.Caller.Account == "" {
		return card, nil
	}
	card.History = callers.History{CallsToday: 1, CallsWeek: 2, LastAt: t0, LastQueue: "support", LastResult: "agent", LastAgent: "Anna", LastDisposition: "order", CallbacksOpen: 1}
	if card.Calls, err = f.Calls(ctx, store.CallFilter{Of: store.Person{Account: rec.State.Caller.Account}}); err != nil {
		return card, err
	}
	card.Promises, err = f.Callbacks(ctx, store.CallbackFilter{Of: store.Person{Number: rec.State.ANI}})
	return card, err
}

func (f *fixture) Past(ctx context.Context, of store.Person) (past controller.Past, err error) {
	if past.Calls, err = f.Calls(ctx, store.CallFilter{Of: of}); err != nil || len(past.Calls) == 0 {
		return past, err
	}
	past.History = callers.History{CallsToday: 1, CallsWeek: 2, LastAt: t0, LastQueue: "support", LastResult: "agent", LastAgent: "Anna", LastDisposition: "order", CallbacksKept: 1}
	past.Promises, err = f.Callbacks(ctx, store.CallbackFilter{Of: of})
	return past, err
}

func (f *fixture) MessageDone(ctx context.Context, recording, call, by string) error {
	return f.Store.Commit(ctx, store.Batch{Events: []store.Event{{
		At: time.Now(), Type: "message.done", Call: call, Data: map[string]any{"recording": recording, "by": by},
	}}})
}

func (f *fixture) Dispose(ctx context.Context, id string, d store.Disposition) (store.Call, error) {
	rec, err := f.Call(ctx, id)
	if err != nil {
		return rec, err
	}
	if d.Code == "nix" {
		return rec, &controller.DeniedError{Message: `the disposition "nix" is none of order, complaint (dispositions in the configuration)`}
	}
	d.At = t0.Add(time.Hour)
	rec.Disposition = &d
	return rec, f.Commit(ctx, store.Batch{Calls: []store.Call{rec}})
}

func (f *fixture) Escalate(ctx context.Context, call, queue, by string) error {
	views, _ := f.Queues(ctx) // never fails
	for _, v := range views {
		for _, p := range v.Places {
			if p.CallID == call && p.State == queues.PlaceServed && queue != "" {
				_, err := f.MovePlace(ctx, p.ID, queue, true, by)
				return err
			}
		}
	}
	return &controller.DeniedError{Message: fmt.Sprintf("call %s talks with no agent, or its queue does not say where to: name the queue", call)}
}

func (f *fixture) MovePlace(_ context.Context, place, queue string, keep bool, _ string) (queues.Place, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	to := slices.IndexFunc(f.views, func(v queues.View) bool { return v.Queue == queue })
	if to < 0 {
		return queues.Place{}, fmt.Errorf("queue %q: %w", queue, controller.ErrUnknownQueue)
	}
	for i, v := range f.views {
		at := slices.IndexFunc(v.Places, func(p queues.PlaceView) bool { return p.ID == place })
		if at < 0 {
			continue
		}
		moved := v.Places[at]
		f.views[i].Places = slices.Delete(slices.Clone(v.Places), at, at+1)
		moved.Queue, moved.State, moved.Ahead = queue, queues.PlaceWaiting, 0
		if !keep {
			moved.Ahead = len(f.views[to].Places)
		}
		f.views[to].Places = append(f.views[to].Places, moved)
		return moved.Place, nil
	}
	return queues.Place{}, fmt.Errorf("place %q: %w", place, store.ErrNotFound)
}

func (f *fixture) Hotlines(context.Context) ([]controller.HotlineVersion, error) {
	return []controller.HotlineVersion{
		{Hotline: "support", Version: "5f1d2a77c0de", File: "hotlines/support.yaml", Numbers: []string{"+78005550101", "600"}, Since: t0, State: controller.VersionCurrent, Calls: 2},
		{Hotline: "support", Version: "0ld2a77c0de1", File: "hotlines/support.yaml", Numbers: []string{"600"}, Since: t0.Add(-time.Hour), State: controller.VersionOld, Calls: 1},
	}, nil
}

func (f *fixture) Reload(context.Context) (controller.Reloaded, error) {
	return controller.Reloaded{
		Loaded:  []*dialplan.Document{{Hotline: "clinic", Version: "c11n1c000001", File: "hotlines/clinic.yaml"}},
		Removed: []string{"spring"},
		Refused: []controller.Refused{{
			File: "hotlines/support.yaml", Hotline: "support", Version: "5f1d2a77c0de",
			Err: errors.New("hotlines/support.yaml:6:26: unknown key \"nxet\" (did you mean \"next\"?)"),
		}},
	}, nil
}

// outsideEvents are messages and answers to surveys.
func outsideEvents() []store.Event {
	const done, live = "c576cvz32000done", "c576cvz32000live"
	answer := func(call, question string, key int) store.Event {
		return store.Event{At: t0.Add(5 * time.Minute), Type: "survey.answer", Call: call, Queue: "support", Data: map[string]any{
			"hotline": "support", "node": "how", "question": question, "key": key,
		}}
	}
	return []store.Event{
		{At: t0.Add(3 * time.Minute), Type: "message.left", Call: done, Data: map[string]any{
			"recording": done + "-message-1", "length_s": 12.0, "hotline": "support", "node": "leave", "from": "+79161234567", "account": "1001",
		}},
		{At: t0.Add(9 * time.Minute), Type: "message.left", Call: live, Data: map[string]any{
			"recording": live + "-message-2", "length_s": 8.5, "hotline": "support", "node": "leave",
		}},
		{At: t0.Add(time.Hour), Type: "message.done", Call: done, Data: map[string]any{"recording": done + "-message-1", "by": "operator"}},
		answer(done, "score", 5), answer(done, "again", 1), answer(live, "score", 4), answer(live, "score", 5),
	}
}
