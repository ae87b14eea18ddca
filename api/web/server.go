package web

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// Daemon is what the endpoint needs of the controller; its methods are those of
// controller.Controller and keep their contracts.
type Daemon interface {
	AddCallback(ctx context.Context, n controller.NewCallback) (controller.Asked, error)
	CancelCallback(ctx context.Context, id, by, why string) (cb callback.Callback, closed bool, err error)
	VerifyCallback(ctx context.Context, id, by string) (callback.Callback, error)
	CallbackByKey(ctx context.Context, key string) (callback.Callback, error)
	Callbacks(ctx context.Context, f store.CallbackFilter) ([]callback.Callback, error)
	NumberOf(hotline, number string) (string, bool)
	Queue(ctx context.Context, name string) (queues.View, error)
}

var _ Daemon = (*controller.Controller)(nil)

// Options say what forms may do. Daemon and Queues are needed.
type Options struct {
	Daemon   Daemon
	Language string   // of messages, when a form names none; "" is English
	Queues   []string // that forms may ask for; the first is meant when a form names none
	Hotlines []string // likewise; none: the only one that there is
	Origins  []string // of pages whose scripts may ask: "https://www.example.com"; "*" is any

	PerIP     []Rate // forms from one address (IPv4) or network (IPv6, /64)
	PerNumber []Rate // forms for one number
	Pending   int    // the most promises of forms that may be open; 0 stands for 1000
	Proxies   []netip.Prefix

	Challenge     Challenge // nil: none
	ChallengeOpen bool      // who cannot be checked because the service is away is let through

	Confirm callback.VerifyWay // how the owner of a number is asked; "": not at all
	// SendCode brings a code to the owner of a number; needed with VerifyByCode. It
	// must not keep the code, and may block until ctx ends.
	SendCode func(ctx context.Context, c Code) error

	Registry prometheus.Registerer // nil: no metrics
	// Failed hears of errors that strangers are not told; nil for nobody.
	Failed func(what string, err error)
}

// Code is a code on its way to the owner of a number.
type Code struct {
	Number   string `json:"number"` // E.164
	Code     string `json:"code"`   // six digits
	Language string `json:"language"`
	Callback string `json:"callback"` // id of the promise
}

// The limits of orders by token: guessing is hopeless anyhow.
const ordersPerHour = 60

const defaultPending = 1000

// sendAtOnce is how many codes are under way at most.
const sendAtOnce = 16

// sendTimeout ends the sending of a code.
const sendTimeout = 30 * time.Second

// settle is how long the answer to a form takes at least, so that its time does not
// tell what became of it.
const settle = 300 * time.Millisecond

// Server answers forms. Close it when its handler is used no more.
type Server struct {
	o       Options
	results *prometheus.CounterVec

	mu        sync.Mutex // guards what follows
	addresses *limiter
	numbers   *limiter
	orders    *limiter
	codes     *codes
	pending   int // promises of forms that were open when last looked, and those made since
	lookedAt  time.Time

	sending chan struct{} // a token for each code under way
	wg      sync.WaitGroup
	ctx     context.Context // ends the sending of codes
	cancel  context.CancelFunc
}

// New makes a server.
func New(o Options) (*Server, error) {
	switch {
	case o.Daemon == nil || len(o.Queues) == 0:
		return nil, errors.New("web: a daemon and the queues that forms may ask for are needed")
	case o.Confirm == callback.VerifyByCode && o.SendCode == nil:
		return nil, errors.New("web: codes need a way to be sent")
	}
	if o.Pending == 0 {
		o.Pending = defaultPending
	}
	if o.Failed == nil {
		o.Failed = func(string, error) {}
	}
	s := &Server{
		o: o, addresses: newLimiter(o.PerIP...), numbers: newLimiter(o.PerNumber...),
		orders: newLimiter(Rate{ordersPerHour, time.Hour}), codes: newCodes(o.Pending), sending: make(chan struct{}, sendAtOnce),
		results: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "linekeeper_web_requests_total", Help: "Requests of web forms, by what was answered.",
		}, []string{"result"}),
	}
	if o.Registry != nil {
		if err := o.Registry.Register(s.results); err != nil {
			return nil, err
		}
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s, nil
}

// Close ends the sending of codes and waits for it.
func (s *Server) Close() {
	s.cancel()
	s.wg.Wait()
}

// Handler serves the endpoint.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/callbacks", s.answer(s.ask))
	mux.HandleFunc("POST /v1/callbacks/{token}/cancel", s.answer(s.cancelByToken))
	if s.o.Confirm == callback.VerifyByCode {
		mux.HandleFunc("POST /v1/callbacks/{token}/confirm", s.answer(s.confirm))
	}
	mux.HandleFunc("/", s.answer(func(*http.Request) (int, any, error) {
		return 0, nil, &fault{http.StatusNotFound, codeNotFound, "there is nothing here"}
	}))
	return s.cors(mux)
}

// answer turns a value or an error into a response, and counts it.
func (s *Server) answer(f func(*http.Request) (status int, v any, err error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		status, v, err := f(r)
		if err != nil {
			result := fail(w, err)
			if result == codeUnavailable {
				s.o.Failed("a request of a form", err)
			}
			s.results.WithLabelValues(result).Inc()
			return
		}
		write(w, status, v)
		switch v := v.(type) {
		case Received:
			s.results.WithLabelValues(v.Status).Inc()
		case Done:
			s.results.WithLabelValues(v.Status).Inc()
		}
	}
}

// cors answers preflights and turns pages of other origins away. A request without
// an origin comes from no page: limits and challenge are all that hold it.
func (s *Server) cors(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Add("Vary", "Origin")
		origin := r.Header.Get("Origin")
		if origin != "" && !slices.Contains(s.o.Origins, origin) && !slices.Contains(s.o.Origins, "*") {
			s.results.WithLabelValues(codeOrigin).Inc()
			write(w, http.StatusForbidden, Error{Code: codeOrigin, Message: "pages of this origin may not ask for calls"})
			return
		}
		if origin != "" {
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Expose-Headers", "Retry-After")
		}
		if r.Method == http.MethodOptions {
			h.Set("Access-Control-Allow-Methods", "POST")
			h.Set("Access-Control-Allow-Headers", "Content-Type, Idempotency-Key")
			h.Set("Access-Control-Max-Age", "600")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}
