package api

import (
	"context"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a Daemon of function fields; a nil one must not be called.
type fake struct {
	queues         func() ([]queues.View, error)
	queue          func(name string) (queues.View, error)
	call           func(id string) (store.Call, error)
	calls          func(f store.CallFilter) ([]store.Call, error)
	callback       func(id string) (callback.Callback, error)
	callbacks      func(f store.CallbackFilter) ([]callback.Callback, error)
	events         func(ctx context.Context, f store.EventFilter) ([]store.Event, error)
	why            func(id string) ([]string, error)
	addCallback    func(n controller.NewCallback) (controller.Asked, error)
	checkCallback  func(n controller.NewCallback) (controller.Asked, error)
	cancelCallback func(id, by, why string) (callback.Callback, bool, error)
	orderCallback  func(id string, ev callback.Event) (callback.Callback, error)
	pauses         []callback.Pause
	orderPause     func(on bool, queue, by, why string) (callback.Pause, bool, error)
	locks          []callers.Lock
	unlock         func(kind callers.LockKind, key, by string) (callers.Lock, bool, error)
	clock          *time.Location
	orderAgent     func(o controller.AgentOrder) (queues.Agent, error)
	escalate       func(call, queue, by string) error
	closeHotline   func(order store.Closing) (store.Closing, error)
	openHotline    func(name, by string) (store.Closing, bool, error)
	closings       []store.Closing
	card           func(id string) (controller.Card, error)
	past           func(of store.Person) (controller.Past, error)
	messageDone    func(recording, call, by string) error
	dispose        func(id string, d store.Disposition) (store.Call, error)
	movePlace      func(place, queue string, keep bool, by string) (queues.Place, error)
	health         controller.Health
	hotlines       []controller.HotlineVersion
	reload         func() (controller.Reloaded, error)
}

func (f *fake) Queues(context.Context) ([]queues.View, error) { return f.queues() }
func (f *fake) Queue(_ context.Context, name string) (queues.View, error) {
	return f.queue(name)
}
func (f *fake) Call(_ context.Context, id string) (store.Call, error) { return f.call(id) }
func (f *fake) Calls(_ context.Context, cf store.CallFilter) ([]store.Call, error) {
	return f.calls(cf)
}
func (f *fake) Callback(_ context.Context, id string) (callback.Callback, error) {
	return f.callback(id)
}
func (f *fake) Callbacks(_ context.Context, cf store.CallbackFilter) ([]callback.Callback, error) {
	return f.callbacks(cf)
}
func (f *fake) Events(ctx context.Context, ef store.EventFilter) ([]store.Event, error) {
	if f.events == nil && ef.Type == "survey.answer" {
		return nil, nil
	}
	return f.events(ctx, ef)
}

func (f *fake) MessageDone(_ context.Context, recording, call, by string) error {
	return f.messageDone(recording, call, by)
}

func (f *fake) Why(_ context.Context, id string) ([]string, error) { return f.why(id) }
func (f *fake) AddCallback(_ context.Context, n controller.NewCallback) (controller.Asked, error) {
	return f.addCallback(n)
}
func (f *fake) CheckCallback(_ context.Context, n controller.NewCallback) (controller.Asked, error) {
	return f.checkCallback(n)
}
func (f *fake) CancelCallback(_ context.Context, id, by, why string) (callback.Callback, bool, error) {
	return f.cancelCallback(id, by, why)
}
func (f *fake) OrderCallback(_ context.Context, id string, ev callback.Event) (callback.Callback, error) {
	return f.orderCallback(id, ev)
}
func (f *fake) CustomerClock(callback.Callback) *time.Location           { return f.clock }
func (f *fake) CallbackPauses(context.Context) ([]callback.Pause, error) { return f.pauses, nil }
func (f *fake) PauseCallbacks(_ context.Context, queue, by, why string) (callback.Pause, bool, error) {
	return f.orderPause(true, queue, by, why)
}
func (f *fake) ResumeCallbacks(_ context.Context, queue, by, why string) (callback.Pause, bool, error) {
	return f.orderPause(false, queue, by, why)
}
func (f *fake) OrderAgent(_ context.Context, o controller.AgentOrder) (queues.Agent, error) {
	return f.orderAgent(o)
}
func (f *fake) Escalate(_ context.Context, call, queue, by string) error {
	return f.escalate(call, queue, by)
}
func (f *fake) CloseHotline(_ context.Context, order store.Closing) (store.Closing, error) {
	return f.closeHotline(order)
}
func (f *fake) OpenHotline(_ context.Context, name, by string) (store.Closing, bool, error) {
	return f.openHotline(name, by)
}
func (f *fake) Closings() []store.Closing                                  { return f.closings }
func (f *fake) Card(_ context.Context, id string) (controller.Card, error) { return f.card(id) }
func (f *fake) Past(_ context.Context, of store.Person) (controller.Past, error) {
	return f.past(of)
}
func (f *fake) Dispose(_ context.Context, id string, d store.Disposition) (store.Call, error) {
	return f.dispose(id, d)
}
func (f *fake) MovePlace(_ context.Context, place, queue string, keep bool, by string) (queues.Place, error) {
	return f.movePlace(place, queue, keep, by)
}
func (f *fake) CallerLocks(context.Context) ([]callers.Lock, error) { return f.locks, nil }
func (f *fake) Forget(context.Context, store.Forgettable, string) (controller.Forgotten, error) {
	return controller.Forgotten{}, errors.New("not asked in these tests")
}

func (f *fake) UnlockCaller(_ context.Context, kind callers.LockKind, key, by string) (callers.Lock, bool, error) {
	return f.unlock(kind, key, by)
}
func (f *fake) Health(context.Context) controller.Health { return f.health }
func (f *fake) Hotlines(context.Context) ([]controller.HotlineVersion, error) {
	return f.hotlines, nil
}
func (f *fake) Reload(context.Context) (controller.Reloaded, error) { return f.reload() }

// serve runs a server for the daemon on a unix socket and gives its path.
func serve(t *testing.T, d Daemon) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lk.sock")
	l, err := ListenUnix(path)
	if err != nil {
		t.Fatal(err)
	}
	serveOn(t, l, New(d, prometheus.NewRegistry(), "1.2.3").Handler())
	return path
}

func serveOn(t *testing.T, l net.Listener, h http.Handler) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, l, h) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("serve ended with %v", err)
		}
	})
}

// client asks the daemon over a socket of its own.
func client(t *testing.T, d Daemon) *Client {
	t.Helper()
	c := NewClient(serve(t, d))
	t.Cleanup(c.Close)
	return c
}
