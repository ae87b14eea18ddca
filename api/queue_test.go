package api

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/linekeeper/linekeeper/queues"
)

func TestQueue(t *testing.T) {
	t.Parallel()
	view := queues.View{
		Queue: "support", Engine: queues.EngineAsterisk, At: t0.Add(time.Minute),
		Places: []queues.PlaceView{
			{
				Place: queues.Place{ID: "p1", State: queues.PlaceWaiting, Number: "+79161234567", Name: "Ivan", Priority: 10, TakenAt: t0, CallID: "c1"},
				Ahead: 0, Estimate: queues.Estimate{Known: true, Mean: 61240 * time.Millisecond, Low: 30 * time.Second, High: 2 * time.Minute},
			},
			{Place: queues.Place{ID: "p2", State: queues.PlaceResting, TakenAt: t0.Add(30 * time.Second), CallbackID: "b1", Skills: []queues.Skill{{Name: "english", Level: 3}}}, Ahead: 2},
			{Place: queues.Place{ID: "p0", State: queues.PlaceServed, TakenAt: t0.Add(-time.Minute), ServedAt: t0, Agent: "Anna", CallID: "c0"}},
		},
		Foreign: []queues.ForeignView{{Channel: "PJSIP/9", Ahead: 1}},
		Agents:  []queues.Agent{{ID: "PJSIP/101", Name: "Anna", State: queues.AgentTalking, Since: t0, Calls: 3}},
	}
	d := &fake{
		queue:  func(string) (queues.View, error) { return view, nil },
		queues: func() ([]queues.View, error) { return []queues.View{view, {Queue: "empty"}}, nil },
	}
	c := client(t, d)
	anna := Agent{Queue: "support", ID: "PJSIP/101", Name: "Anna", State: "talking", Since: t0, Calls: 3, Queues: []string{"support"}, Engine: "asterisk", Skills: []Skill{}}
	want := Queue{
		Name: "support", Engine: "asterisk", Waiting: 3, Foreign: 1, Agents: []Agent{anna},
		Places: []Place{
			{
				ID: "p1", State: "waiting", Position: 1, Kind: "call", Number: "+79161234567", Name: "Ivan", Priority: 10, TakenAt: t0,
				WaitedS: 60, EWT: &EWT{MeanS: 61.2, LowS: 30, HighS: 120}, Call: "c1", Skills: []Skill{},
			},
			{ID: "p2", State: "resting", Position: 3, Kind: "callback", TakenAt: t0.Add(30 * time.Second), WaitedS: 30, Callback: "b1", Skills: []Skill{{Name: "english", Level: 3}}},
			{ID: "p0", State: "served", Kind: "call", TakenAt: t0.Add(-time.Minute), WaitedS: 60, Agent: "Anna", Call: "c0", Skills: []Skill{}},
		},
	}
	got, err := c.Queue(t.Context(), "support")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	all, err := c.Queues(t.Context())
	if err != nil || len(all) != 2 || all[1].Places == nil || all[1].Agents == nil {
		t.Errorf("all: %+v, %v", all, err)
	}
	for _, queue := range []string{"", "support"} {
		agents, err := c.Agents(t.Context(), queue)
		if diff := cmp.Diff([]Agent{anna}, agents); err != nil || diff != "" {
			t.Errorf("agents of %q: %v (-want +got):\n%s", queue, err, diff)
		}
	}
}

// What is not known is null, and lists are never null: that is the contract.
func TestNullRules(t *testing.T) {
	t.Parallel()
	d := &fake{queue: func(string) (queues.View, error) {
		return queues.View{Queue: "empty", Engine: queues.EngineLinekeeper}, nil
	}}
	w := httptest.NewRecorder()
	New(d, prometheus.NewRegistry(), "").Handler().ServeHTTP(w, httptest.NewRequest("GET", "/v1/queues/empty", nil))
	if got, want := strings.TrimSpace(w.Body.String()), `{"name":"empty","engine":"linekeeper","waiting":0,"places":[],"foreign":0,"agents":[],"ewt":null,"paused":null}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	call, err := json.Marshal(showCall(storeCall))
	if err != nil || !strings.Contains(string(call), `"ended_at":null`) || !strings.Contains(string(call), `"path":[]`) {
		t.Errorf("%s, %v", call, err)
	}
}
