package api

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

func TestPagesOfCallbacks(t *testing.T) {
	t.Parallel()
	all := []callback.Callback{{ID: "b0005"}, {ID: "b0004"}, {ID: "b0003"}, {ID: "b0002"}, {ID: "b0001"}}
	c := client(t, &fake{
		callback: func(id string) (callback.Callback, error) {
			for _, cb := range all {
				if cb.ID == id {
					return cb, nil
				}
			}
			return callback.Callback{}, notFound(id)
		},
		callbacks: func(f store.CallbackFilter) ([]callback.Callback, error) {
			rest := all
			for f.After != "" && len(rest) > 0 {
				found := rest[0].ID == f.After
				rest = rest[1:]
				if found {
					break
				}
			}
			return rest[:min(len(rest), f.Limit)], nil
		},
	})
	var pages []string
	f := CallbackFilter{Limit: 2}
	for more := true; more; more = f.After != "" {
		page, next, err := c.CallbackPage(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, cb := range page {
			ids = append(ids, cb.ID)
		}
		pages = append(pages, strings.Join(ids, " "))
		f.After = next
	}
	if diff := cmp.Diff([]string{"b0005 b0004", "b0003 b0002", "b0001"}, pages); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	page, next, err := c.CallbackPage(t.Context(), CallbackFilter{Limit: 5})
	if err != nil || len(page) != 5 || next != "" {
		t.Errorf("a page of all has %d, next %q, %v", len(page), next, err)
	}
	if page, _, err = c.CallbackPage(t.Context(), CallbackFilter{After: "0002"}); err != nil || len(page) != 1 {
		t.Errorf("after the ending of an id there are %d, %v", len(page), err)
	}
	var e *Error
	if _, _, err = c.CallbackPage(t.Context(), CallbackFilter{After: "b9999"}); !errors.As(err, &e) || e.Code != CodeNotFound {
		t.Errorf("after one that is not there: %v", err)
	}
	if _, _, err = c.CallbackPage(t.Context(), CallbackFilter{Limit: 10_001}); !errors.As(err, &e) || e.Code != CodeBadRequest {
		t.Errorf("a page that is too large: %v", err)
	}
}

func TestShowTellsEverything(t *testing.T) {
	t.Parallel()
	cb := callback.Callback{
		ID: "b0001", Number: "+79161234567", Queue: "support", Hotline: "h", Language: "ru", Account: "1001", Priority: 3,
		Reason: callback.ReasonWeb, State: callback.Waiting, Placed: true, AskedAt: t0, PlaceAt: t0, NotBefore: t0.Add(time.Hour),
		DelayedBy: callback.RuleHours, Window: callback.Window{From: t0, Until: t0.Add(2 * time.Hour)}, Mode: callback.AgentFirst,
		Zone: "Asia/Omsk", Campaign: "spring", Key: "k1", Postponed: 2, Rejected: 1, Verify: callback.VerifyByCall,
		About: callback.About{Question: "Where is it?", Message: "lk/msg 1", Path: []string{"menu", "help"}, Assurance: callers.AssurancePIN, WaitedS: 61.25},
		Attempts: []callback.Attempt{{
			N: 1, Channel: "lk-cb-b0001-1", Epoch: 7, At: t0, EndedAt: t0.Add(time.Minute), Outcome: callback.OutcomeBusy, Detail: "busy", Machine: t0.Add(time.Second),
		}},
	}
	pause := callback.Pause{Queue: "support", On: true, Since: t0, By: "operator", Why: "flu"}
	c := client(t, &fake{
		callback: func(string) (callback.Callback, error) { return cb, nil },
		pauses:   []callback.Pause{pause},
		queue: func(string) (queues.View, error) {
			return queues.View{Queue: "support", At: t0, Places: []queues.PlaceView{
				{Place: queues.Place{CallbackID: "b0001", State: queues.PlaceResting}, Ahead: 2, Estimate: queues.Estimate{Known: true, Mean: time.Minute}},
			}}, nil
		},
	})
	got, err := c.Callback(t.Context(), "b0001")
	if err != nil {
		t.Fatal(err)
	}
	if got.LateS < 1000 {
		t.Errorf("a window that ended in January is %v s late", got.LateS)
	}
	got.LateS = 0
	at := func(d time.Duration) *time.Time { t := t0.Add(d); return &t }
	want := Callback{
		ID: "b0001", Number: "+79161234567", Queue: "support", Hotline: "h", Language: "ru", Account: "1001", Priority: 3,
		Reason: "web", State: "waiting", AskedAt: t0, PlaceAt: t0, NotBefore: at(time.Hour), DelayedBy: "hours",
		WindowFrom: at(0), WindowUntil: at(2 * time.Hour), Mode: "agent_first", Zone: "Asia/Omsk", Campaign: "spring", Key: "k1",
		Postponed: 2, Rejected: 1, Verify: "call", Question: "Where is it?", Message: "lk/msg 1", MessageURL: "recordings/stored/lk%2Fmsg%201/file",
		Path: []string{"menu", "help"}, Assurance: "pin", WaitedS: 61.3,
		Attempts: []Attempt{{At: t0, Outcome: "busy", Detail: "busy", N: 1, EndedAt: at(time.Minute), Channel: "lk-cb-b0001-1", Epoch: 7, Machine: at(time.Second)}},
		Paused:   &Pause{Queue: "support", Since: t0, By: "operator", Why: "flu"}, Position: 3, EWT: &EWT{MeanS: 60},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLate(t *testing.T) {
	t.Parallel()
	until := t0.Add(time.Hour)
	now := t0.Add(3 * time.Hour)
	for _, c := range []struct {
		name string
		cb   callback.Callback
		want float64
	}{
		{"no window", callback.Callback{State: callback.Waiting}, 0},
		{"open", callback.Callback{State: callback.Waiting, Window: callback.Window{Until: until}}, 7200},
		{"open, in time", callback.Callback{State: callback.Waiting, Window: callback.Window{Until: now.Add(time.Second)}}, 0},
		{"kept late", callback.Callback{State: callback.Done, ConnectedAt: until.Add(time.Minute), Window: callback.Window{Until: until}}, 60},
		{"kept in time", callback.Callback{State: callback.Done, ConnectedAt: until, Window: callback.Window{Until: until}}, 0},
		{"never kept", callback.Callback{State: callback.GivenUp, EndedAt: now, Window: callback.Window{Until: until}}, 0},
	} {
		if got := late(c.cb, now); got != c.want {
			t.Errorf("%s: %v s, want %v", c.name, got, c.want)
		}
	}
}

func TestOrdersForPromises(t *testing.T) {
	t.Parallel()
	var orders []any
	cb := callback.Callback{ID: "b0001", State: callback.Waiting}
	moscow := zone(t, "Europe/Moscow")
	d := &fake{
		clock:    moscow,
		callback: func(string) (callback.Callback, error) { return cb, nil },
		orderCallback: func(id string, ev callback.Event) (callback.Callback, error) {
			orders = append(orders, id, ev)
			return cb, nil
		},
		orderPause: func(on bool, queue, by, why string) (callback.Pause, bool, error) {
			orders = append(orders, on, queue, by, why)
			return callback.Pause{Queue: queue, On: true, Since: t0, By: by, Why: why}, !on, nil
		},
	}
	c := client(t, d)
	put, err := c.PostponeCallback(t.Context(), "b0001", PostponeCallback{Until: "2h", Anew: true, Why: "at work"})
	if err != nil || put.Zone != "Europe/Moscow" || put.Local != put.Until.In(moscow).Format("Mon 2006-01-02 15:04") || put.Callback.ID != "b0001" {
		t.Errorf("postponed: %+v, %v", put, err)
	}
	far, err := c.PostponeCallback(t.Context(), "b0001", PostponeCallback{Until: "16:00", Zone: "Asia/Tokyo"})
	if err != nil || !strings.HasSuffix(far.Local, " 16:00") || far.Until.Hour() != 7 {
		t.Errorf("postponed by the clock of Tokyo: %+v, %v", far, err)
	}
	if _, err := c.RetryCallback(t.Context(), "b0001"); err != nil {
		t.Error(err)
	}
	for _, as := range Resolutions() {
		if _, err := c.ResolveCallback(t.Context(), "b0001", as); err != nil {
			t.Error(err)
		}
	}
	paused, err := c.PauseCallbacks(t.Context(), "a/b c", "flu")
	if want := (PauseOrdered{Pause: Pause{Queue: "a/b c", Since: t0, By: "operator", Why: "flu"}}); err != nil || paused != want {
		t.Errorf("paused: %+v, %v", paused, err)
	}
	if resumed, err := c.ResumeCallbacks(t.Context(), "q", ""); err != nil || !resumed.Already {
		t.Errorf("resumed: %+v, %v", resumed, err)
	}
	want := []any{
		"b0001", callback.Postpone{Until: put.Until, Anew: true, By: "operator", Why: "at work"},
		"b0001", callback.Postpone{Until: far.Until, By: "operator"},
		"b0001", callback.Hasten{By: "operator"},
		"b0001", callback.Resolve{Outcome: callback.OutcomeConnected, By: "operator"},
		"b0001", callback.Resolve{Outcome: callback.OutcomeFailed, By: "operator"},
		"b0001", callback.Resolve{Outcome: callback.OutcomeCancelled, By: "operator"},
		true, "a/b c", "operator", "flu",
		false, "q", "operator", "",
	}
	for i, o := range orders {
		if p, ok := o.(callback.Postpone); ok {
			p.Until = p.Until.UTC()
			orders[i] = p
		}
	}
	if diff := cmp.Diff(want, orders); diff != "" {
		t.Errorf("orders (-want +got):\n%s", diff)
	}
}

func TestOrdersThatAreWrong(t *testing.T) {
	t.Parallel()
	denied := &controller.DeniedError{Message: "callback b0001 is done: it is over"}
	h := New(&fake{
		clock:         time.UTC,
		callback:      func(string) (callback.Callback, error) { return callback.Callback{ID: "b0001"}, nil },
		orderCallback: func(string, callback.Event) (callback.Callback, error) { return callback.Callback{}, denied },
	}, prometheus.NewRegistry(), "").Handler()
	for _, c := range []struct {
		path, body string
		status     int
		want       string
	}{
		{"b0001/postpone", `{"until": "soon"}`, 400, "is no time: write 2h"},
		{"b0001/postpone", `{"until": "2001-01-01 10:00"}`, 400, "that has passed"},
		{"b0001/postpone", `{"until": "2h", "zone": "Mars/Base"}`, 400, "write an IANA name like Europe/Moscow"},
		{"b0001/postpone", `{"until": "2h"}`, 409, "callback b0001 is done"},
		{"b0001/retry", ``, 409, "callback b0001 is done"},
		{"b0001/resolve", `{}`, 400, `\"\" is none of reached, failed, cancelled`},
		{"b0001/resolve", `{"as": "lost"}`, 400, `\"lost\" is none of reached, failed, cancelled`},
		{"b0001/resolve", `{"as": "failed"}`, 409, "callback b0001 is done"},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", "/v1/callbacks/"+c.path, strings.NewReader(c.body)))
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s %s: %d %s", c.path, c.body, w.Code, w.Body)
		}
	}
}
