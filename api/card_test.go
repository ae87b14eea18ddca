package api

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

func TestCard(t *testing.T) {
	t.Parallel()
	call := store.Call{ID: "c576cvz32000card", StartedAt: t0, Queue: "support", State: dialplan.State{
		ANI: "+79161234501", Language: "ru", Vars: map[string]any{"order": "17"},
		Caller: callers.Caller{
			Account: "1001", Name: "Ivan", VIP: true, Assurance: callers.AssuranceAnswer, Fields: map[string]string{"plan": "gold"},
			Balance: &callers.Money{Minor: 152350, Currency: "RUB"},
		},
	}}
	d := &fake{
		call:  func(string) (store.Call, error) { return call, nil },
		calls: func(store.CallFilter) ([]store.Call, error) { return []store.Call{call}, nil },
		card: func(id string) (controller.Card, error) {
			if id != call.ID {
				return controller.Card{}, store.ErrNotFound
			}
			return controller.Card{
				Call: call, At: t0.Add(time.Minute), Promise: &callback.Callback{ID: "b1", About: callback.About{Question: "the invoice"}},
				Place:   &queues.PlaceView{Place: queues.Place{ID: "p1", TakenAt: t0}, Ahead: 2},
				History: callers.History{CallsToday: 3, LastAt: t0.Add(-time.Hour), LastDisposition: "order"},
				Calls:   []store.Call{{ID: "c0"}},
			}, nil
		},
	}
	got, err := client(t, d).Card(t.Context(), "card")
	if err != nil {
		t.Fatal(err)
	}
	if got.Call.ID != call.ID || got.Question != "the invoice" || got.Place == nil || got.Place.Position != 3 || got.Place.WaitedS != 60 ||
		got.Promise == nil || len(got.Calls) != 1 || len(got.Promises) != 0 {
		t.Errorf("the card is %+v", got)
	}
	want := CardCaller{
		Number: "+79161234501", Account: "1001", Name: "Ivan", Language: "ru", VIP: true, Assurance: "answer", Balance: "1523.50 RUB",
		Fields: map[string]string{"plan": "gold"},
	}
	if diff := cmp.Diff(want, got.Caller); diff != "" {
		t.Errorf("the caller (-want +got):\n%s", diff)
	}
	if h := got.History; h.CallsToday != 3 || h.LastAt == nil || h.LastDisposition != "order" {
		t.Errorf("the history is %+v", h)
	}
	if diff := cmp.Diff(map[string]any{"order": "17"}, got.Vars); diff != "" {
		t.Errorf("the variables (-want +got):\n%s", diff)
	}
	empty, err := json.Marshal(showCard(controller.Card{Call: store.Call{ID: "c1"}}))
	if err != nil || strings.Contains(string(empty), `"vars":null`) || strings.Contains(string(empty), `"calls":null`) || strings.Contains(string(empty), `"fields":null`) {
		t.Errorf("a card of nobody is %s, %v", empty, err)
	}
}
