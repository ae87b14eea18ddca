package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/linekeeper/linekeeper/api"
	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/callers/table"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/store/sqlite"
)

// t0 is when everything in the fixture happens.
var t0 = time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)

// fixture is a daemon without a switch: its records are in a real store, its
// queues stand still but for what operators order.
type fixture struct {
	*sqlite.Store
	mu       sync.Mutex
	views    []queues.View
	pauses   []callback.Pause
	closings []store.Closing
	locks    []callers.Lock
}

func (f *fixture) Queues(context.Context) ([]queues.View, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []queues.View
	for _, v := range f.views {
		v.Agents, v.Places = slices.Clone(v.Agents), slices.Clone(v.Places)
		out = append(out, v)
	}
	return out, nil
}

func (f *fixture) Queue(ctx context.Context, name string) (queues.View, error) {
	views, _ := f.Queues(ctx) // never fails
	for _, v := range views {
		if v.Queue == name {
			return v, nil
		}
	}
	return queues.View{}, fmt.Errorf("queue %q: %w", name, controller.ErrUnknownQueue)
}

func (f *fixture) Why(ctx context.Context, id string) ([]string, error) {
	cb, err := f.Callback(ctx, id)
	return callback.Why(cb, nil), err
}

func (f *fixture) AddCallback(ctx context.Context, n controller.NewCallback) (controller.Asked, error) {
	if found, err := f.CallbackByKey(ctx, n.Key); err == nil {
		return controller.Asked{Callback: found, Existing: true}, nil
	}
	cb, err := f.promise(n)
	if err != nil {
		return controller.Asked{}, err
	}
	return controller.Asked{Callback: cb}, f.Commit(ctx, store.Batch{Callbacks: []callback.Callback{cb}})
}

func (f *fixture) promise(n controller.NewCallback) (callback.Callback, error) {
	id := "b576cvz39000open"
	if n.Key != "" {
		id = fmt.Sprintf("b576cvz39%08x", crc32.ChecksumIEEE([]byte(n.Key)))
	}
	cb, refusal := callback.Ask(callback.Request{
		ID: id, Number: n.Number, Queue: "support", Hotline: "support", Name: n.Name, Reason: cmp.Or(n.Reason, callback.ReasonOperator), PlaceID: "p1",
		Campaign: n.Campaign, Key: n.Key, Window: n.Window,
	}, callback.Policy{Prefixes: []string{"+7"}}, nil, t0.Add(time.Hour))
	if refusal != nil {
		return cb, &controller.RefusedError{Refusal: *refusal}
	}
	return cb, nil
}

func (f *fixture) CheckCallback(_ context.Context, n controller.NewCallback) (controller.Asked, error) {
	_, err := f.promise(n)
	return controller.Asked{}, err
}

func (f *fixture) CancelCallback(ctx context.Context, id, by, why string) (callback.Callback, bool, error) {
	cb, err := f.Callback(ctx, id)
	if err != nil || !cb.Open() {
		return cb, true, err
	}
	cb.State, cb.EndedAt, cb.EndReason = callback.Cancelled, t0.Add(time.Hour), by+": "+why
	return cb, false, f.Commit(ctx, store.Batch{Callbacks: []callback.Callback{cb}})
}

func (f *fixture) OrderCallback(ctx context.Context, id string, ev callback.Event) (callback.Callback, error) {
	cb, err := f.Callback(ctx, id)
	if err != nil {
		return cb, err
	}
	after, _, err := callback.Step(cb, ev, callback.Policy{Prefixes: []string{"+7"}}, t0.Add(time.Hour))
	if err != nil {
		return cb, &controller.DeniedError{Message: err.Error()}
	}
	return after, f.Commit(ctx, store.Batch{Callbacks: []callback.Callback{after}})
}

func (f *fixture) CustomerClock(cb callback.Callback) *time.Location {
	return callback.Policy{}.Clock(cb.Callee())
}

func (f *fixture) CallbackPauses(context.Context) ([]callback.Pause, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.pauses), nil
}

func (f *fixture) PauseCallbacks(_ context.Context, queue, by, why string) (callback.Pause, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range f.pauses {
		if p.Queue == queue {
			return p, true, nil
		}
	}
	p := callback.Pause{Queue: queue, On: true, Since: t0.Add(20 * time.Minute), By: by, Why: why}
	f.pauses = append(f.pauses, p)
	return p, false, nil
}

func (f *fixture) ResumeCallbacks(_ context.Context, queue, _, _ string) (callback.Pause, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, p := range f.pauses {
		if p.Queue == queue {
			f.pauses = slices.Delete(f.pauses, i, i+1)
			return p, false, nil
		}
	}
	return callback.Pause{Queue: queue}, true, nil
}

func (f *fixture) CallerLocks(context.Context) ([]callers.Lock, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.locks), nil
}

func (f *fixture) Forget(ctx context.Context, p store.Forgettable, _ string) (out controller.Forgotten, err error) {
	out.Forgotten, err = f.Store.Forget(ctx, p)
	out.Alias = "forgotten-alias"
	var standing *store.StandingError
	if errors.As(err, &standing) {
		return out, &controller.DeniedError{Message: standing.Error()}
	}
	return out, err
}

func (f *fixture) UnlockCaller(_ context.Context, kind callers.LockKind, key, _ string) (callers.Lock, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, l := range f.locks {
		if l.Kind == kind && l.Key == key {
			f.locks = slices.Delete(f.locks, i, i+1)
			return l, false, nil
		}
	}
	return callers.Lock{Kind: kind, Key: key}, true, nil
}

func (f *fixture) Health(context.Context) controller.Health { return controller.Health{Store: true} }

func views() []queues.View {
	return []queues.View{
		{Queue: "billing", Engine: queues.EngineAsterisk, At: t0},
		{
			Queue: "support", Engine: queues.EngineAsterisk, At: t0.Add(10 * time.Minute),
			Joining: queues.Estimate{Known: true, Mean: 3 * time.Minute, Low: time.Minute, High: 6 * time.Minute},
			Places: []queues.PlaceView{
				{
					Place:    queues.Place{ID: "p576cvz32000aaaa", State: queues.PlaceWaiting, Number: "+79161234567", Name: "Иван Петров", Priority: 10, TakenAt: t0.Add(8 * time.Minute), CallID: "c576cvz32000live"},
					Estimate: queues.Estimate{Known: true, Mean: 65 * time.Second, Low: 20 * time.Second, High: 2 * time.Minute},
				},
				{Place: queues.Place{ID: "p576cvz32000bbbb", State: queues.PlaceResting, Number: "+79161234568", TakenAt: t0.Add(5 * time.Minute), CallbackID: "b576cvz32000open"}, Ahead: 2},
				{Place: queues.Place{ID: "p576cvz32000cccc", State: queues.PlaceServed, Number: "+79161234569", TakenAt: t0, ServedAt: t0.Add(125 * time.Second), Agent: "Anna", CallID: "c576cvz32000talk"}},
			},
			Foreign: []queues.ForeignView{{Channel: "PJSIP/7", Ahead: 1}},
			Agents: []queues.Agent{
				{ID: "PJSIP/101", Name: "Anna", State: queues.AgentTalking, Since: t0.Add(125 * time.Second), Calls: 3},
				{ID: "PJSIP/102", Name: "Boris", State: queues.AgentPaused, Since: t0, Reason: "lunch"},
			},
		},
	}
}

// records are what the store of the fixture holds.
func records() store.Batch {
	return store.Batch{
		Calls: []store.Call{
			{
				ID: "c576cvz32000done", Direction: store.DirectionIn, Channel: "1.1", Number: "600", Hotline: "support", StartedAt: t0, EndedAt: t0.Add(4 * time.Minute),
				Result: dialplan.ResultAgent, Queue: "support", WaitedS: 125, TalkedS: 42.4, Agent: "Anna", Recording: "c576cvz32000done",
				State: dialplan.State{
					ANI: "+79161234567", Node: "help", Path: []string{"greet", "menu", "help"},
					Caller: callers.Caller{Name: "Иван Петров", Account: "1001", Assurance: callers.AssurancePIN},
				},
			},
			{
				ID: "c576cvz32000live", Direction: store.DirectionIn, Channel: "1.2", Number: "600", Hotline: "support", StartedAt: t0.Add(8 * time.Minute), Queue: "support",
				// Names come from the network: this one tries to clear the screen.
				State: dialplan.State{Node: "help", Caller: callers.Caller{Name: "\x1b[2JEve\tEvil"}},
			},
		},
		Callbacks: []callback.Callback{
			{
				ID: "b576cvz32000kept", Number: "+79161234567", Name: "Иван Петров", Queue: "support", Hotline: "support", Reason: "in_line", CallID: "c576cvz32000done",
				AskedAt: t0, PlaceAt: t0.Add(-time.Minute), State: callback.Done, Agent: "Anna", ConnectedAt: t0.Add(7 * time.Minute), EndedAt: t0.Add(9 * time.Minute), Window: callback.Window{Until: t0.Add(5 * time.Minute)},
				Attempts: []callback.Attempt{
					{N: 1, Channel: "lk-cb-1", At: t0.Add(time.Minute), EndedAt: t0.Add(90 * time.Second), Outcome: callback.OutcomeBusy, Detail: "busy"},
					{N: 2, Channel: "lk-cb-2", At: t0.Add(6 * time.Minute), EndedAt: t0.Add(9 * time.Minute), Outcome: callback.OutcomeConnected},
				},
			},
			{
				ID: "b576cvz32000open", Number: "+79161234568", Queue: "support", Hotline: "support", Reason: "in_line",
				AskedAt: t0.Add(5 * time.Minute), PlaceAt: t0.Add(5 * time.Minute), State: callback.Waiting, Placed: true,
			},
			{ // its window ends when nobody runs these tests any more
				ID: "b576cvz31000held", Number: "+79161234571", Name: "Ольга Ким", Account: "1002", Queue: "support", Hotline: "support", Language: "ru",
				Reason: callback.ReasonWeb, AskedAt: t0.Add(-time.Hour), PlaceAt: t0, State: callback.Uncertain, Since: t0.Add(2 * time.Minute),
				Window: callback.Window{From: t0, Until: t0.AddDate(100, 0, 0)}, Zone: "Asia/Omsk", Campaign: "spring", Key: "form-77", Postponed: 1,
				About:     callback.About{Question: "Where is my parcel?", Message: "lk-b576cvz31000held", Path: []string{"menu", "help"}, Assurance: callers.AssurancePIN, WaitedS: 61},
				Attempts:  []callback.Attempt{{N: 1, Channel: "lk-cb-3", Epoch: 4, At: t0.Add(time.Minute), EndedAt: t0.Add(2 * time.Minute), Outcome: callback.OutcomeUnconfirmed}},
				EndReason: "whether the customer was called cannot be known",
			},
		},
		Events: []store.Event{
			{At: t0, Type: "call.started", Call: "c576cvz32000done", Data: map[string]any{"from": "+79161234567", "direction": "in"}},
			{At: t0.Add(30 * time.Second), Type: "place.taken", Call: "c576cvz32000done", Place: "p1", Queue: "support", Data: map[string]any{"ahead": 2, "estimate": nil}},
			{At: t0.Add(4 * time.Minute), Type: "call.ended", Call: "c576cvz32000done", Queue: "support", Agent: "Anna", Data: map[string]any{"result": "agent", "agent": "Anna"}},
		},
	}
}

// startDaemon serves the fixture on linekeeper.sock in the script's folder: with
// the switch's queues, with linekeeper's own distribution, with no records, or with
// what callers said and answered besides.
func startDaemon(ts *testscript.TestScript, neg bool, args []string) {
	kind := strings.Join(args, " ")
	if neg || kind != "" && kind != "empty" && kind != "own" && kind != "outside" {
		ts.Fatalf("usage: daemon [empty|own|outside]")
	}
	db, err := sqlite.Open(context.Background(), ts.MkAbs("daemon/lk.db"))
	ts.Check(err)
	ts.Defer(func() { ts.Check(db.Close()) })
	f := &fixture{Store: db, views: views(), locks: []callers.Lock{
		{Kind: callers.LockAccount, Key: "1001", Failures: 5, LastAt: t0, Until: t0.AddDate(100, 0, 0)},
		{Kind: callers.LockNumber, Key: "+79161234501", Failures: 5, LastAt: t0},
		{Kind: callers.LockAccount, Key: "1002", Failures: 6, LastAt: t0, Until: t0.Add(time.Minute)},
	}}
	if kind != "empty" {
		ts.Check(db.Commit(context.Background(), records()))
	}
	if kind == "outside" {
		ts.Check(db.Commit(context.Background(), store.Batch{Events: outsideEvents()}))
	}
	if kind == "own" {
		f.views = ownViews()
	}
	l, err := api.ListenUnix(filepath.Join(ts.Getenv("WORK"), "linekeeper.sock"))
	ts.Check(err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- api.Serve(ctx, l, api.New(f, prometheus.NewRegistry(), "1.2.3").WithBook(table.New(db, "RU")).Handler())
	}()
	ts.Defer(func() {
		cancel()
		ts.Check(<-done)
	})
}

// exitCode runs a command that must end with a code: code 3 linekeeper call list.
func exitCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N command [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
