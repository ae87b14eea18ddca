package simulate

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/linekeeper/linekeeper/journal"
)

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

// at makes an entry so many seconds after noon.
func at(seconds float64, kind, place string, data map[string]any) journal.Entry {
	e := journal.Entry{At: noon.Add(inTime(seconds)), Type: kind, Place: place, Data: data}
	e.Queue, e.Callback = e.Text("queue"), e.Text("callback")
	return e
}

func TestMeter(t *testing.T) {
	t.Parallel()
	q := func(more ...any) map[string]any {
		data := map[string]any{"queue": "line"}
		for i := 0; i < len(more); i += 2 {
			data[more[i].(string)] = more[i+1]
		}
		return data
	}
	m := NewMeter(Window{From: noon, To: noon.Add(10 * time.Minute), Target: 20 * time.Second, Slots: 2})
	for _, e := range []journal.Entry{
		at(-60, "agent.state", "", q("agent", "a", "state", "idle")),
		at(-60, "place.taken", "early", q()),
		at(-30, "place.left", "early", q("reason", "abandoned")),
		at(0, "place.taken", "p1", q()),
		at(5, "place.estimated", "p1", q("mean_s", 12.0, "low_s", 4.0, "high_s", 30.0)),
		at(10, "place.served", "p1", q()),
		at(10, "agent.state", "", q("agent", "a", "state", "talking")),
		at(20, "place.taken", "p2", q()),
		at(60, "place.taken", "p3", q()),
		at(90, "place.left", "p2", q("reason", "abandoned")),
		at(130, "place.left", "p1", q("reason", "served")),
		at(130, "agent.state", "", q("agent", "a", "state", "wrapup")),
		at(160, "place.served", "p3", q()),
		at(160, "agent.state", "", q("agent", "a", "state", "talking")),
		at(190, "agent.state", "", q("agent", "a", "state", "paused")),
		at(300, "place.taken", "p4", q()),
		at(300, "place.left", "p4", q("reason", "full")),
		at(320, "place.taken", "p5", q()),
		at(350, "callback.asked", "p5", q("callback", "b5")),
		at(350, "place.converted", "p5", q("callback", "b5")),
		at(490, "agent.state", "", q("agent", "a", "state", "idle")),
		at(500, "callback.connected", "p5", q("callback", "b5")),
		at(560, "callback.done", "p5", q("callback", "b5")),
		at(570, "place.taken", "p6", q()),
		at(580, "callback.asked", "p7", q("callback", "b7")),
		at(590, "place.taken", "p7", q("callback", "b7")),
		at(640, "callback.given_up", "p7", q("callback", "b7")),
		at(700, "place.taken", "late", q()),
	} {
		m.Add(e)
	}
	got := m.Report()
	want := Figures{
		Calls: 6, Served: 2, HungUp: 1, TurnedAway: 1, Within: 1.0 / 4, Waiting: 3.0 / 4, ASA: 55, Longest: 100, Abandoned: 1.0 / 4,
		Promised: 2, Kept: 1, GivenUp: 1, CallbackIn: 150, Unfinished: 1, ToldInside: 1, ToldBias: 2,
		// Of 600 s the agent was paused for 300; it talked for 150 and worked for 30.
		Occupancy: 180.0 / 300, AgentHours: 300.0 / 3600,
	}
	near := cmpopts.EquateApprox(0, 1e-9)
	if diff := cmp.Diff(want, got.Total, near); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
	if got.Queues["line"][ASA] != 55 || len(got.Queues) != 1 {
		t.Errorf("queues %v", got.Queues)
	}
	wantCourse := []Slot{
		{Calls: 3, Counted: 3, Within: 1, Length: (10.0 + 70 + 100) / 300},
		{Calls: 3, Counted: 1, Length: (30.0 + 30) / 300},
	}
	if diff := cmp.Diff(wantCourse, got.Course, near); diff != "" {
		t.Errorf("course (-want +got):\n%s", diff)
	}
}

func TestMeterOfNobody(t *testing.T) {
	t.Parallel()
	r := NewMeter(Window{From: noon, To: noon.Add(time.Hour)}).Report()
	for _, m := range []Measure{Within, ASA, Longest, Occupancy, Abandoned} {
		if v, ok := r.Total[m]; ok {
			t.Errorf("%s of nobody is %v", m, v)
		}
	}
	s := Summarize([]Report{r, r}, Level)
	if c := s.Total[Calls]; c.Mean != 0 || c.Half != 0 {
		t.Errorf("calls %+v", c)
	}
	if _, ok := s.Total[ASA]; ok {
		t.Error("a mean of nobody has a range")
	}
	if math.IsNaN(s.Total[AgentHours].Mean) {
		t.Error("nobody's hours are no number")
	}
}
