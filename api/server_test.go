package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

var t0 = time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)

func notFound(id string) error { return fmt.Errorf("record %q: %w", id, store.ErrNotFound) }

func TestCall(t *testing.T) {
	t.Parallel()
	rec := store.Call{
		ID: "c0000000100002222", Direction: store.DirectionIn, Channel: "1700.1", Number: "600", Hotline: "support",
		StartedAt: t0.In(time.FixedZone("", 3*3600)), EndedAt: t0.Add(time.Minute), Result: "agent", Queue: "support",
		WaitedS: 12.3456, TalkedS: 30, Agent: "Anna", CallbackID: "b1",
		State: dialplan.State{
			ANI: "+79161234567", Node: "help", Path: []string{"greet", "help"},
			Caller: callers.Caller{Name: "Ivan", Account: "1001", Assurance: callers.AssurancePIN},
		},
	}
	c := client(t, &fake{call: func(id string) (store.Call, error) {
		if id != rec.ID {
			return store.Call{}, notFound(id)
		}
		return rec, nil
	}, calls: func(store.CallFilter) ([]store.Call, error) { return []store.Call{rec}, nil }})
	end := t0.Add(time.Minute)
	want := Call{
		ID: rec.ID, Direction: "in", From: "+79161234567", Number: "600", Hotline: "support", StartedAt: t0, EndedAt: &end,
		Result: "agent", Caller: "Ivan", Account: "1001", Assurance: "pin", Queue: "support", WaitedS: 12.3, TalkedS: 30,
		Agent: "Anna", Callback: "b1", Node: "help", Path: []string{"greet", "help"},
	}
	for _, id := range []string{rec.ID, "2222", "00002222"} {
		got, err := c.Call(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
	for _, id := range []string{"222", "2223", "a/b?c#d"} { // too short, another, and one that needs escaping
		var e *Error
		if _, err := c.Call(t.Context(), id); !errors.As(err, &e) || e.Code != CodeNotFound || !strings.Contains(e.Message, id) {
			t.Errorf("%s gives %v", id, err)
		}
	}
}

func TestEndingsOfIDsMustBeUnique(t *testing.T) {
	t.Parallel()
	c := client(t, &fake{
		callback: func(id string) (callback.Callback, error) { return callback.Callback{}, notFound(id) },
		callbacks: func(f store.CallbackFilter) ([]callback.Callback, error) {
			return []callback.Callback{{ID: "b2-9x2f"}, {ID: "b1-9x2f"}, {ID: "b3-0000"}}, nil
		},
	})
	var e *Error
	_, err := c.Why(t.Context(), "9x2f")
	if !errors.As(err, &e) || e.Code != CodeAmbiguous {
		t.Fatalf("gives %v", err)
	}
	if want := `2 callbacks end with "9x2f": b2-9x2f, b1-9x2f`; e.Message != want {
		t.Errorf("says %s\nwant %s", e.Message, want)
	}
}

func TestFiltersReachTheStore(t *testing.T) {
	t.Parallel()
	var calls store.CallFilter
	var cbs store.CallbackFilter
	c := client(t, &fake{
		calls:     func(f store.CallFilter) ([]store.Call, error) { calls = f; return nil, nil },
		callbacks: func(f store.CallbackFilter) ([]callback.Callback, error) { cbs = f; return nil, nil },
	})
	gotCalls, err := c.Calls(t.Context(), CallFilter{
		Live: true, Hotline: "клиника & co", Number: "+79161234567", Result: "ivr", Since: t0.Add(time.Millisecond), Limit: 7,
	})
	if err != nil || gotCalls == nil {
		t.Errorf("an empty list is %v, %v", gotCalls, err)
	}
	want := store.CallFilter{Live: true, Hotline: "клиника & co", Number: "+79161234567", Result: "ivr", Since: t0.Add(time.Millisecond), Limit: 7}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	asked := CallbackFilter{
		Open: true, States: []string{"waiting", "uncertain"}, Queue: "q", Number: "+79161234567", Account: "a&b", Campaign: "spring", Reason: "web",
		DueBefore: t0, Since: t0.Add(time.Minute), Until: t0.Add(time.Hour), Limit: 3,
	}
	if _, err := c.Callbacks(t.Context(), asked); err != nil {
		t.Error(err)
	}
	wantCB := store.CallbackFilter{
		Open: true, States: []callback.State{callback.Waiting, callback.Uncertain}, Queue: "q", Number: "+79161234567", Account: "a&b",
		Campaign: "spring", Reason: callback.ReasonWeb, DueBefore: t0, AskedSince: t0.Add(time.Minute), AskedBefore: t0.Add(time.Hour),
		Limit: 4, // one more tells whether there are more
	}
	if diff := cmp.Diff(wantCB, cbs); diff != "" {
		t.Errorf("callbacks (-want +got):\n%s", diff)
	}
}

func TestErrorsHaveCodeAndStatus(t *testing.T) {
	t.Parallel()
	refusal := &controller.RefusedError{Refusal: callback.Refusal{Message: "no prefix fits", Remedy: "add one"}}
	boom := errors.New("disk on fire")
	d := &fake{
		calls: func(store.CallFilter) ([]store.Call, error) { return nil, boom },
		queue: func(name string) (queues.View, error) {
			if name == "late" {
				return queues.View{}, context.DeadlineExceeded
			}
			return queues.View{}, fmt.Errorf("queue %q: %w", name, controller.ErrUnknownQueue)
		},
		queues:      func() ([]queues.View, error) { return nil, controller.ErrStopped },
		addCallback: func(controller.NewCallback) (controller.Asked, error) { return controller.Asked{}, refusal },
		events:      func(context.Context, store.EventFilter) ([]store.Event, error) { return nil, boom },
	}
	h := New(d, prometheus.NewRegistry(), "").Handler()
	for _, c := range []struct {
		method, target, body string
		status               int
		want                 string
	}{
		{"GET", "/v1/calls", "", 500, `{"code":"internal","message":"disk on fire"}`},
		{"GET", "/v1/calls?limit=-1", "", 400, `{"code":"bad_request","message":"limit=\"-1\" is not a whole number from 0"}`},
		{"GET", "/v1/calls?live=maybe&limit=x", "", 400, `{"code":"bad_request","message":"live=\"maybe\" is neither true nor false"}`},
		{"GET", "/v1/calls?since=today", "", 400, `{"code":"bad_request","message":"since=\"today\" is not a time like 2026-01-31T09:00:00Z"}`},
		{"GET", "/v1/calls?number=89161234567", "", 400, `{"code":"bad_request","message":"number=\"89161234567\" is not an international number like +79161234567"}`},
		{"GET", "/v1/calls?result=good", "", 400, `{"code":"bad_request","message":"result=\"good\" is none of ivr, agent, transferred, abandoned, callback, no_agents, failed"}`},
		{"GET", "/v1/callbacks?state=open", "", 400, `{"code":"bad_request","message":"state=\"open\" is none of waiting, shown, dialling, ringing, answered, confirmed, connected, done, given_up, cancelled, uncertain"}`},
		{"GET", "/v1/journal?follow=x", "", 400, `{"code":"bad_request","message":"follow=\"x\" is neither true nor false"}`},
		{"GET", "/v1/journal", "", 500, `{"code":"internal","message":"disk on fire"}`},
		{"GET", "/v1/queues/nix", "", 404, `{"code":"not_found","message":"queue \"nix\": no such queue"}`},
		{"GET", "/v1/agents?queue=nix", "", 404, `{"code":"not_found","message":"queue \"nix\": no such queue"}`},
		{"GET", "/v1/queues/late", "", 503, `{"code":"unavailable","message":"context deadline exceeded"}`},
		{"GET", "/v1/queues", "", 503, `{"code":"unavailable","message":"linekeeper is stopping"}`},
		{"POST", "/v1/callbacks", `{"number":"1"}`, 422, `{"code":"refused","message":"no prefix fits; add one","remedy":"add one"}`},
		{"POST", "/v1/callbacks", ``, 400, `{"code":"bad_request","message":"the number to call is missing"}`},
		{"POST", "/v1/callbacks", `{"nummer":"1"}`, 400, `{"code":"bad_request","message":"the body is not the JSON that is wanted: json: unknown field \"nummer\""}`},
		{"POST", "/v1/callbacks", `{"number":"` + strings.Repeat("1", maxBody) + `"}`, 400, `{"code":"bad_request","message":"the body is not the JSON that is wanted: http: request body too large"}`},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(c.method, c.target, strings.NewReader(c.body)))
		if got := strings.TrimSpace(w.Body.String()); w.Code != c.status || got != c.want {
			t.Errorf("%s %s: %d %s\nwant %d %s", c.method, c.target, w.Code, got, c.status, c.want)
		}
	}
}

func TestAddAndCancel(t *testing.T) {
	t.Parallel()
	var asked controller.NewCallback
	var cancelled []string
	cb := callback.Callback{ID: "b1", Number: "+79161234567", State: callback.Waiting, AskedAt: t0, PlaceAt: t0}
	c := client(t, &fake{
		addCallback: func(n controller.NewCallback) (controller.Asked, error) {
			asked = n
			return controller.Asked{Callback: cb}, nil
		},
		callback: func(string) (callback.Callback, error) { return cb, nil },
		cancelCallback: func(id, by, why string) (callback.Callback, bool, error) {
			cancelled = []string{id, by, why}
			return cb, true, nil
		},
		why: func(id string) ([]string, error) { return []string{"09:00:00 Asked."}, nil },
	})
	got, err := c.AddCallback(t.Context(), AddCallback{Number: "8 916 123 45 67", Hotline: "h", Queue: "q", Name: "Иван"})
	if err != nil {
		t.Fatal(err)
	}
	want := Asked{
		Callback: Callback{
			ID: "b1", Number: "+79161234567", State: "waiting", AskedAt: t0, PlaceAt: t0, Attempts: []Attempt{},
			Mode: "customer_first", Path: []string{}, Assurance: "none",
		},
		Notes: []string{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("added (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(controller.NewCallback{Number: "8 916 123 45 67", Hotline: "h", Queue: "q", Name: "Иван"}, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	done, err := c.CancelCallback(t.Context(), "b1", "served by mail")
	if err != nil || !done.AlreadyClosed || done.Callback.ID != "b1" {
		t.Errorf("cancelled: %+v, %v", done, err)
	}
	if diff := cmp.Diff([]string{"b1", callback.ByOperator, "served by mail"}, cancelled); diff != "" {
		t.Errorf("cancel (-want +got):\n%s", diff)
	}
	story, err := c.Why(t.Context(), "b1")
	if diff := cmp.Diff(Story{ID: "b1", Story: []string{"09:00:00 Asked."}}, story); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestPublicServesMetricsAndHealthOnly(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	reg.MustRegister(prometheus.NewGauge(prometheus.GaugeOpts{Name: "linekeeper_probe", Help: "A probe."}))
	d := &fake{health: controller.Health{Switch: true, Store: true}}
	srv := httptest.NewServer(New(d, reg, "").Public())
	defer srv.Close()
	defer srv.Client().CloseIdleConnections()
	for _, c := range []struct {
		path   string
		status int
		want   string
	}{
		{"/metrics", 200, "linekeeper_probe 0"},
		{"/healthz", 200, `{"status":"ok"}`},
		{"/readyz", 503, `{"switch":true,"queues":false,"store":true}`},
		{"/v1/calls", 404, "404"},
		{"/v1/journal", 404, "404"},
	} {
		resp, err := srv.Client().Get(srv.URL + c.path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if resp.Body.Close() != nil || err != nil || resp.StatusCode != c.status || !strings.Contains(string(body), c.want) {
			t.Errorf("%s: %d %s %v", c.path, resp.StatusCode, body, err)
		}
	}
	d.health.Queues = true
	resp, err := srv.Client().Get(srv.URL + "/readyz")
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("ready: %v, %v", resp.Status, err)
	}
	_ = resp.Body.Close()
}
