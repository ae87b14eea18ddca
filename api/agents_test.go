package api

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// floor is two queues of the switch with one member in common, and two of
// linekeeper's own distribution with one agent in common.
func floor() []queues.View {
	ivan := queues.Agent{
		ID: "ivan", Name: "Ivan", State: queues.AgentWrapUp, Since: t0, Calls: 4, Queue: "sales", Place: "p576cvz32000aaaa",
		Until: t0.Add(30 * time.Second), TalkS: 310.25, Skills: []queues.Skill{{Name: "english", Level: 5}}, Phone: "PJSIP/201",
	}
	return []queues.View{
		{Queue: "billing", Engine: queues.EngineAsterisk, Agents: []queues.Agent{
			{ID: "PJSIP/101", Name: "Anna", State: queues.AgentPaused, Since: t0, Reason: "lunch", Calls: 1},
		}},
		{
			Queue: "sales", Engine: queues.EngineLinekeeper, At: t0,
			Agents: []queues.Agent{ivan, {ID: "olga", Name: "Anna", State: queues.AgentOff, Phone: "PJSIP/202"}},
			Places: []queues.PlaceView{{Place: queues.Place{ID: "p576cvz32000aaaa", State: queues.PlaceOffered, CallID: "c576cvz32000bbbb", TakenAt: t0}}},
		},
		{Queue: "support", Engine: queues.EngineAsterisk, Agents: []queues.Agent{
			{ID: "PJSIP/101", Name: "Anna", State: queues.AgentTalking, Since: t0.Add(time.Minute), Calls: 2},
		}},
		{
			Queue: "vip", Engine: queues.EngineLinekeeper, At: t0.Add(time.Minute), Agents: []queues.Agent{ivan},
			Places: []queues.PlaceView{{Place: queues.Place{ID: "p576cvz32000cccc", State: queues.PlaceResting, CallbackID: "b576cvz32000dddd", TakenAt: t0}, Ahead: 3}},
		},
	}
}

func theFloor() ([]queues.View, error) { return floor(), nil }

// onFloor is a daemon whose queues are those of floor.
func onFloor() *fake {
	return &fake{queues: theFloor, queue: func(name string) (queues.View, error) {
		for _, v := range floor() {
			if v.Queue == name {
				return v, nil
			}
		}
		return queues.View{}, controller.ErrUnknownQueue
	}}
}

// shownIvan is how he is shown.
func shownIvan(queue string, in ...string) Agent {
	until := t0.Add(30 * time.Second)
	return Agent{
		Queue: queue, ID: "ivan", Name: "Ivan", State: "wrapup", Since: t0, Calls: 4, Queues: in, Engine: "linekeeper", Phone: "PJSIP/201",
		Skills: []Skill{{"english", 5}}, Until: &until, TalkS: 310.3, CallQueue: "sales", Place: "p576cvz32000aaaa",
	}
}

func TestAgentsOfLinekeeperAreListedOnce(t *testing.T) {
	t.Parallel()
	c := client(t, onFloor())
	anna := func(queue, state, reason string, since time.Time, calls int) Agent {
		return Agent{
			Queue: queue, ID: "PJSIP/101", Name: "Anna", State: state, Since: since, Reason: reason, Calls: calls,
			Queues: []string{queue}, Engine: "asterisk", Skills: []Skill{},
		}
	}
	olga := Agent{Queue: "sales", ID: "olga", Name: "Anna", State: "logged_out", Queues: []string{"sales"}, Engine: "linekeeper", Skills: []Skill{}, Phone: "PJSIP/202"}
	got, err := c.Agents(t.Context(), "")
	want := []Agent{
		anna("billing", "paused", "lunch", t0, 1), shownIvan("", "sales", "vip"), olga,
		anna("support", "talking", "", t0.Add(time.Minute), 2),
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("all: %v (-want +got):\n%s", err, diff)
	}
	got, err = c.Agents(t.Context(), "vip")
	if diff := cmp.Diff([]Agent{shownIvan("vip", "vip")}, got); err != nil || diff != "" {
		t.Errorf("of one queue: %v (-want +got):\n%s", err, diff)
	}

	// One who is asked for is one agent, wherever it serves.
	both := anna("", "talking", "", t0.Add(time.Minute), 3)
	both.Queues = []string{"billing", "support"}
	for given, want := range map[string]Agent{
		"PJSIP/101": both, "101": both,
		"ivan": shownIvan("", "sales", "vip"), "IVAN": shownIvan("", "sales", "vip"), "201": shownIvan("", "sales", "vip"), "PJSIP/201": shownIvan("", "sales", "vip"),
		"olga": olga,
	} {
		got, err := c.Agent(t.Context(), given)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", given, err, diff)
		}
	}
	for given, want := range map[string]Error{
		"van":  {Code: CodeNotFound, Message: `agent "van": no such agent`},
		"anna": {Code: CodeAmbiguous, Message: `2 agents fit "anna": PJSIP/101, olga`},
	} {
		var e *Error
		if _, err := c.Agent(t.Context(), given); !errors.As(err, &e) || *e != want {
			t.Errorf("%s gives %v", given, err)
		}
	}
}

func TestOrders(t *testing.T) {
	t.Parallel()
	var asked controller.AgentOrder
	d := onFloor()
	d.orderAgent = func(o controller.AgentOrder) (queues.Agent, error) {
		asked = o
		idle := queues.Agent{ID: o.Agent, State: queues.AgentIdle, Since: t0}
		switch {
		case o.Agent == "PJSIP/101":
			return idle, &controller.DeniedError{Message: "agent Anna is the switch's"}
		case o.Do == controller.AgentLogin:
			return idle, &controller.DeniedError{Message: "is logged in already", Already: true}
		}
		return idle, nil
	}
	c := client(t, d)
	for _, do := range []controller.AgentAction{
		controller.AgentLogin, controller.AgentLogout, controller.AgentPause, controller.AgentUnpause, controller.AgentReady,
	} {
		got, err := c.OrderAgent(t.Context(), "201", do, "lunch")
		want := Ordered{
			Agent:   Agent{ID: "ivan", State: "idle", Since: t0, Queues: []string{"sales", "vip"}, Engine: "linekeeper", Skills: []Skill{}},
			Already: do == controller.AgentLogin,
		}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", do, err, diff)
		}
		if want := (controller.AgentOrder{Agent: "ivan", Do: do, Reason: "lunch", By: callback.ByOperator}); asked != want {
			t.Errorf("%s asks for %+v", do, asked)
		}
	}
	var e *Error
	if _, err := c.OrderAgent(t.Context(), "101", controller.AgentPause, "lunch"); !errors.As(err, &e) || *e != (Error{Code: CodeDenied, Message: "agent Anna is the switch's"}) {
		t.Errorf("the switch's own: %v", err)
	}
	if _, err := c.OrderAgent(t.Context(), "nobody", controller.AgentPause, "lunch"); !errors.As(err, &e) || e.Code != CodeNotFound {
		t.Errorf("nobody: %v", err)
	}
}

func TestPlacesThatEndAlikeAreNamed(t *testing.T) {
	t.Parallel()
	c := client(t, &fake{queues: func() ([]queues.View, error) {
		return []queues.View{{Places: []queues.PlaceView{
			{Place: queues.Place{ID: "p1", CallID: "c1-9x2f"}}, {Place: queues.Place{ID: "p2-9x2f"}}, {Place: queues.Place{ID: "p3-0000"}},
		}}}, nil
	}})
	var e *Error
	if _, err := c.MovePlace(t.Context(), "9x2f", "support", true); !errors.As(err, &e) || *e != (Error{Code: CodeAmbiguous, Message: `2 places fit "9x2f": p1, p2-9x2f`}) {
		t.Errorf("gives %v", err)
	}
}

func TestEscalate(t *testing.T) {
	t.Parallel()
	var asked []string
	talking := store.Call{ID: "c576cvz32000talk", StartedAt: t0, Queue: "support"}
	d := &fake{
		call: func(id string) (store.Call, error) {
			if id != talking.ID {
				return store.Call{}, notFound(id)
			}
			return talking, nil
		},
		calls: func(store.CallFilter) ([]store.Call, error) { return []store.Call{talking}, nil },
		escalate: func(call, queue, by string) error {
			asked = []string{call, queue, by}
			switch queue {
			case "nix":
				return fmt.Errorf("queue %q: %w", queue, controller.ErrUnknownQueue)
			case "":
				return &controller.DeniedError{Message: "the call talks with nobody"}
			}
			return nil
		},
	}
	c := client(t, d)
	got, err := c.Escalate(t.Context(), "talk", "level2")
	if err != nil || got.ID != talking.ID {
		t.Errorf("%+v, %v", got, err)
	}
	if diff := cmp.Diff([]string{talking.ID, "level2", callback.ByOperator}, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	for queue, want := range map[string]Error{
		"": {Code: CodeDenied, Message: "the call talks with nobody"}, "nix": {Code: CodeNotFound, Message: `queue "nix": no such queue`},
	} {
		var e *Error
		if _, err := c.Escalate(t.Context(), talking.ID, queue); !errors.As(err, &e) || *e != want {
			t.Errorf("to %q gives %v", queue, err)
		}
	}
	var e *Error
	if _, err := c.Escalate(t.Context(), "nowhere", "level2"); !errors.As(err, &e) || e.Code != CodeNotFound {
		t.Errorf("an unknown call gives %v", err)
	}
}

func TestMovePlace(t *testing.T) {
	t.Parallel()
	type ask struct {
		place, queue string
		keep         bool
		by           string
	}
	var asked ask
	d := onFloor()
	d.movePlace = func(place, queue string, keep bool, by string) (queues.Place, error) {
		asked = ask{place, queue, keep, by}
		if queue == "billing" {
			return queues.Place{}, &controller.DeniedError{Message: "billing takes no more callers"}
		}
		return queues.Place{ID: place, Queue: queue, State: queues.PlaceWaiting, TakenAt: t0}, nil
	}
	c := client(t, d)

	// The place is known by its own id, or by that of who holds it.
	for _, given := range []string{"p576cvz32000cccc", "b576cvz32000dddd", "cccc", "dddd"} {
		got, err := c.MovePlace(t.Context(), given, "vip", true)
		want := Moved{Queue: "vip", Place: Place{
			ID: "p576cvz32000cccc", State: "resting", Position: 4, Kind: "callback", TakenAt: t0, WaitedS: 60, Callback: "b576cvz32000dddd", Skills: []Skill{},
		}}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", given, err, diff)
		}
		if want := (ask{"p576cvz32000cccc", "vip", true, callback.ByOperator}); asked != want {
			t.Errorf("%s asks for %+v", given, asked)
		}
	}

	// Without a word about its time it keeps it.
	w := httptest.NewRecorder()
	New(d, prometheus.NewRegistry(), "").Handler().ServeHTTP(w, httptest.NewRequest("POST", "/v1/places/cccc/move", strings.NewReader(`{"queue":"vip"}`)))
	if w.Code != http.StatusOK || !asked.keep {
		t.Errorf("%d %s; asked for %+v", w.Code, w.Body, asked)
	}

	// It has left the new queue again: nothing is said about where it stands.
	got, err := c.MovePlace(t.Context(), "bbbb", "vip", false)
	if err != nil || asked != (ask{"p576cvz32000aaaa", "vip", false, callback.ByOperator}) || got.Place.ID != "p576cvz32000aaaa" || got.Place.Position != 0 {
		t.Errorf("%+v, %v; asked for %+v", got, err, asked)
	}
	for _, e := range []struct {
		place, queue string
		want         Error
	}{
		{"cccc", "billing", Error{Code: CodeDenied, Message: "billing takes no more callers"}},
		{"eeee", "vip", Error{Code: CodeNotFound, Message: `place "eeee": ` + store.ErrNotFound.Error()}},
		{"ccc", "vip", Error{Code: CodeNotFound, Message: `place "ccc": ` + store.ErrNotFound.Error()}},
		{"576cvz32000", "vip", Error{Code: CodeNotFound, Message: `place "576cvz32000": ` + store.ErrNotFound.Error()}},
		{"2000aaaa", "billing", Error{Code: CodeDenied, Message: "billing takes no more callers"}},
		{"cccc", "", Error{Code: CodeBadRequest, Message: "the queue to move to is missing"}},
	} {
		var got *Error
		if _, err := c.MovePlace(t.Context(), e.place, e.queue, true); !errors.As(err, &got) || *got != e.want {
			t.Errorf("%s to %q gives %v", e.place, e.queue, err)
		}
	}
}
