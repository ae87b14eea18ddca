package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// Daemon is what the API needs of the controller; its methods are those of
// controller.Controller and keep their contracts.
type Daemon interface {
	Queues(ctx context.Context) ([]queues.View, error)
	Queue(ctx context.Context, name string) (queues.View, error)
	Call(ctx context.Context, id string) (store.Call, error)
	Calls(ctx context.Context, f store.CallFilter) ([]store.Call, error)
	Callback(ctx context.Context, id string) (callback.Callback, error)
	Callbacks(ctx context.Context, f store.CallbackFilter) ([]callback.Callback, error)
	Events(ctx context.Context, f store.EventFilter) ([]store.Event, error)
	Why(ctx context.Context, id string) ([]string, error)
	AddCallback(ctx context.Context, n controller.NewCallback) (controller.Asked, error)
	CheckCallback(ctx context.Context, n controller.NewCallback) (controller.Asked, error)
	CancelCallback(ctx context.Context, id, by, why string) (cb callback.Callback, closed bool, err error)
	OrderCallback(ctx context.Context, id string, ev callback.Event) (callback.Callback, error)
	CustomerClock(cb callback.Callback) *time.Location
	CallbackPauses(ctx context.Context) ([]callback.Pause, error)
	PauseCallbacks(ctx context.Context, queue, by, why string) (callback.Pause, bool, error)
	ResumeCallbacks(ctx context.Context, queue, by, why string) (callback.Pause, bool, error)
	OrderAgent(ctx context.Context, o controller.AgentOrder) (queues.Agent, error)
	CloseHotline(ctx context.Context, order store.Closing) (store.Closing, error)
	OpenHotline(ctx context.Context, name, by string) (lifted store.Closing, already bool, err error)
	Closings() []store.Closing
	Escalate(ctx context.Context, call, queue, by string) error
	Card(ctx context.Context, id string) (controller.Card, error)
	Past(ctx context.Context, of store.Person) (controller.Past, error)
	MessageDone(ctx context.Context, recording, call, by string) error
	Dispose(ctx context.Context, id string, d store.Disposition) (store.Call, error)
	MovePlace(ctx context.Context, place, queue string, keep bool, by string) (queues.Place, error)
	CallerLocks(ctx context.Context) ([]callers.Lock, error)
	Forget(ctx context.Context, p store.Forgettable, by string) (controller.Forgotten, error)
	UnlockCaller(ctx context.Context, kind callers.LockKind, key, by string) (was callers.Lock, already bool, err error)
	Health(ctx context.Context) controller.Health
	Hotlines(ctx context.Context) ([]controller.HotlineVersion, error)
	Reload(ctx context.Context) (controller.Reloaded, error)
}

var _ Daemon = (*controller.Controller)(nil)

// Server answers for one daemon.
type Server struct {
	daemon   Daemon
	registry *prometheus.Registry
	version  string
	book     Book // nil where the table is not used
}

// New makes a server; version is what /v1/version tells.
func New(d Daemon, registry *prometheus.Registry, version string) *Server {
	return &Server{daemon: d, registry: registry, version: version}
}

// Handler serves everything: for the unix socket, whose file mode says who may.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	s.public(mux)
	mux.HandleFunc("GET /v1/version", answer(func(*http.Request) (any, error) { return Version{s.version}, nil }))
	mux.HandleFunc("GET /v1/hotlines", answer(s.hotlines))
	mux.HandleFunc("POST /v1/hotlines/reload", answer(s.reload))
	mux.HandleFunc("GET /v1/calls", answer(s.calls))
	mux.HandleFunc("GET /v1/calls/{id}", answer(s.call))
	mux.HandleFunc("GET /v1/messages", answer(s.messages))
	mux.HandleFunc("GET /v1/messages/{recording}", answer(s.message))
	mux.HandleFunc("GET /v1/surveys", answer(s.surveys))
	mux.HandleFunc("POST /v1/messages/{recording}/done", answer(s.messageDone))
	mux.HandleFunc("GET /v1/queues", answer(s.queues))
	mux.HandleFunc("GET /v1/queues/{name}", answer(s.queue))
	mux.HandleFunc("GET /v1/agents", answer(s.agents))
	mux.HandleFunc("GET /v1/agents/{id}", answer(s.agent))
	mux.HandleFunc("POST /v1/agents/{id}/login", answer(s.order(controller.AgentLogin)))
	mux.HandleFunc("POST /v1/agents/{id}/logout", answer(s.order(controller.AgentLogout)))
	mux.HandleFunc("POST /v1/agents/{id}/pause", answer(s.order(controller.AgentPause)))
	mux.HandleFunc("POST /v1/agents/{id}/unpause", answer(s.order(controller.AgentUnpause)))
	mux.HandleFunc("POST /v1/agents/{id}/ready", answer(s.order(controller.AgentReady)))
	mux.HandleFunc("GET /v1/closings", answer(s.closings))
	mux.HandleFunc("POST /v1/hotlines/{name}/close", answer(s.closeHotline))
	mux.HandleFunc("POST /v1/hotlines/{name}/open", answer(s.openHotline))
	mux.HandleFunc("GET /v1/calls/{id}/card", answer(s.card))
	mux.HandleFunc("POST /v1/calls/{id}/escalate", answer(s.escalate))
	mux.HandleFunc("POST /v1/calls/{id}/disposition", answer(s.dispose))
	mux.HandleFunc("POST /v1/places/{id}/move", answer(s.movePlace))
	mux.HandleFunc("GET /v1/callbacks", s.callbacks)
	mux.HandleFunc("POST /v1/callbacks", s.addCallback)
	mux.HandleFunc("POST /v1/callbacks/import", s.importCallbacks)
	mux.HandleFunc("GET /v1/callbacks/stats", answer(s.stats))
	mux.HandleFunc("GET /v1/callbacks/{id}", answer(s.callback))
	mux.HandleFunc("GET /v1/callbacks/{id}/why", answer(s.why))
	mux.HandleFunc("POST /v1/callbacks/{id}/cancel", answer(s.cancel))
	mux.HandleFunc("POST /v1/callbacks/{id}/postpone", answer(s.postpone))
	mux.HandleFunc("POST /v1/callbacks/{id}/retry", answer(s.retry))
	mux.HandleFunc("POST /v1/callbacks/{id}/resolve", answer(s.resolve))
	mux.HandleFunc("GET /v1/callers", s.withBook(s.entries))
	mux.HandleFunc("POST /v1/callers/import", s.withBook(s.importEntries))
	mux.HandleFunc("POST /v1/callers/prune", s.withBook(s.pruneEntries))
	mux.HandleFunc("POST /v1/callers/forget", answer(s.forget))
	mux.HandleFunc("GET /v1/callers/{who}", answer(s.known))
	mux.HandleFunc("POST /v1/callers/{account}/pin", s.withBook(s.setPIN))
	mux.HandleFunc("GET /v1/callers/locks", answer(s.callerLocks))
	mux.HandleFunc("POST /v1/callers/{account}/unlock", answer(s.unlockAccount))
	mux.HandleFunc("POST /v1/callers/numbers/{number}/unlock", answer(s.unlockNumber))
	mux.HandleFunc("GET /v1/pauses", answer(s.listPauses))
	mux.HandleFunc("POST /v1/queues/{name}/callbacks/pause", answer(orderPause(s.daemon.PauseCallbacks)))
	mux.HandleFunc("POST /v1/queues/{name}/callbacks/resume", answer(orderPause(s.daemon.ResumeCallbacks)))
	mux.HandleFunc("GET /v1/journal", s.journal)
	return mux
}

// Public serves metrics and health only: for TCP, where anybody may ask.
func (s *Server) Public() http.Handler {
	mux := http.NewServeMux()
	s.public(mux)
	return mux
}

func (s *Server) public(mux *http.ServeMux) {
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		write(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		h := s.daemon.Health(r.Context())
		status := http.StatusOK
		if !h.Ready() {
			status = http.StatusServiceUnavailable
		}
		write(w, status, h)
	})
}

// answer turns a value or an error into a response.
func answer(f func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := f(r)
		if err != nil {
			writeError(w, err)
			return
		}
		write(w, http.StatusOK, v)
	}
}

// badRequest is an error of whoever asks.
type badRequest struct{ error }

func writeError(w http.ResponseWriter, err error) {
	status, code := http.StatusInternalServerError, CodeInternal
	var refused *controller.RefusedError
	var bad badRequest
	var several *ambiguousError
	var denied *controller.DeniedError
	switch {
	case errors.As(err, &bad):
		status, code = http.StatusBadRequest, CodeBadRequest
	case errors.As(err, &several):
		status, code = http.StatusConflict, CodeAmbiguous
	case errors.As(err, &refused):
		status, code = http.StatusUnprocessableEntity, CodeRefused
		switch {
		case refused.Refusal.ExistingID != "":
			status = http.StatusConflict
		case refused.Refusal.Rule == controller.RuleStore:
			status, code = http.StatusServiceUnavailable, CodeUnavailable
		}
	case errors.As(err, &denied):
		status, code = http.StatusConflict, CodeDenied
	case errors.Is(err, store.ErrNotFound), errors.Is(err, controller.ErrUnknownQueue),
		errors.Is(err, controller.ErrUnknownHotline), errors.Is(err, controller.ErrUnknownAgent):
		status, code = http.StatusNotFound, CodeNotFound
	case errors.Is(err, controller.ErrStopped), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		status, code = http.StatusServiceUnavailable, CodeUnavailable
	}
	body := Error{Code: code, Message: err.Error()}
	if refused != nil {
		body.Rule, body.Remedy, body.Callback = string(refused.Refusal.Rule), refused.Refusal.Remedy, refused.Refusal.ExistingID
	}
	write(w, status, body)
}

func write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the other end hung up; nobody is left to tell
}
