// Package aritest is a scripted Asterisk for tests: the REST interface and the
// websocket of ARI on a loopback port, with every answer under the test's
// control. It can do what a real Asterisk does only on bad days: send malformed
// events, stop reading, answer slowly or with errors.
package aritest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// The only credentials that a Server accepts.
const (
	User     = "lk"
	Password = "se cret&1"
)

// patience bounds every wait of a test on this server.
const patience = 60 * time.Second

// Request is one REST request as it came.
type Request struct {
	Method string
	Path   string // as it was escaped on the wire, without the leading "/ari"
	Query  string // raw
	Body   string
}

// Server is the scripted Asterisk. Its methods are safe for concurrent use.
type Server struct {
	// URL is the address of the interface, ending with /ari.
	URL string

	http *httptest.Server
	wg   sync.WaitGroup
	ctx  context.Context
	stop context.CancelFunc

	mu       sync.Mutex
	scripts  []script
	requests []Request
	state    map[string][]json.RawMessage
	sockets  []*websocket.Conn // alive
	accepted int
	deaf     bool
	changed  chan struct{} // closed and replaced whenever accepted or requests change
}

type script struct {
	pattern string
	handler http.HandlerFunc
}

// New starts a server, which is closed when the test ends. Without scripts it
// accepts websockets, lists what SetChannels and SetBridges say, and answers
// every other request with 204.
func New(tb testing.TB) *Server {
	tb.Helper()
	s := &Server{state: map[string][]json.RawMessage{}, changed: make(chan struct{})}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = s.http.URL + "/ari"
	tb.Cleanup(func() {
		s.stop()
		s.Break()
		s.http.CloseClientConnections()
		s.http.Close()
		s.wg.Wait()
	})
	return s
}

// Handle answers the requests that match a pattern of http.ServeMux, such as
// "POST /ari/channels/{id}/answer". A later Handle goes before earlier ones;
// a handler nil takes the scripts of this pattern back.
func (s *Server) Handle(pattern string, handler http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if handler == nil {
		s.scripts = slices.DeleteFunc(s.scripts, func(sc script) bool { return sc.pattern == pattern })
		return
	}
	s.scripts = append(s.scripts, script{pattern, handler})
}

// Answer is a handler that sends a status and a JSON body.
func Answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// SetChannels says what GET /channels lists: JSON objects, see Channel.
func (s *Server) SetChannels(channels ...string) { s.set("channels", channels) }

// SetBridges says what GET /bridges lists: JSON objects, see Bridge.
func (s *Server) SetBridges(bridges ...string) { s.set("bridges", bridges) }

// SetSubscribed says which channel ids GET /applications/APP lists.
func (s *Server) SetSubscribed(ids ...string) {
	quoted := make([]string, len(ids))
	for i, id := range ids {
		quoted[i] = quote(id)
	}
	s.set("subscribed", quoted)
}

func (s *Server) set(what string, items []string) {
	raw := make([]json.RawMessage, len(items))
	for i, it := range items {
		raw[i] = json.RawMessage(it)
	}
	s.mu.Lock()
	s.state[what] = raw
	s.mu.Unlock()
}

func (s *Server) list(what string) []json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]json.RawMessage{}, s.state[what]...)
}

// Requests gives the REST requests so far, without those of the websocket.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if user, password, _ := r.BasicAuth(); user != User || password != Password {
		Answer(http.StatusUnauthorized, `{"message":"Authentication required"}`)(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.mu.Lock()
	if r.URL.Path != "/ari/events" {
		s.requests = append(s.requests, Request{
			Method: r.Method, Path: r.URL.EscapedPath()[len("/ari"):], Query: r.URL.RawQuery, Body: string(body),
		})
		s.notify()
	}
	scripts := append([]script(nil), s.scripts...)
	s.mu.Unlock()
	for _, sc := range slices.Backward(scripts) {
		mux := http.NewServeMux()
		mux.HandleFunc(sc.pattern, sc.handler)
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ari/events", s.serveSocket)
	mux.HandleFunc("GET /ari/applications/{app}", func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, map[string]any{"name": r.PathValue("app"), "channel_ids": s.list("subscribed")})
	})
	mux.HandleFunc("GET /ari/channels", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, s.list("channels")) })
	mux.HandleFunc("GET /ari/bridges", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, s.list("bridges")) })
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.ServeHTTP(w, r)
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// notify wakes everybody who waits for a change. The caller holds s.mu.
func (s *Server) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// await waits until done says so; done is called with s.mu held.
func (s *Server) await(tb testing.TB, what string, done func() bool) {
	tb.Helper()
	deadline := time.After(patience)
	for {
		s.mu.Lock()
		ok, changed := done(), s.changed
		s.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			tb.Fatalf("aritest: waited in vain for %s", what)
		}
	}
}

// AwaitRequest waits until a request with this method and path has come, and
// gives the first such.
func (s *Server) AwaitRequest(tb testing.TB, method, path string) Request {
	tb.Helper()
	var found Request
	s.await(tb, method+" "+path, func() bool {
		i := slices.IndexFunc(s.requests, func(r Request) bool { return r.Method == method && r.Path == path })
		if i >= 0 {
			found = s.requests[i]
		}
		return i >= 0
	})
	return found
}

// AwaitRequests waits until at least count requests with this method and path
// have come.
func (s *Server) AwaitRequests(tb testing.TB, method, path string, count int) {
	tb.Helper()
	s.await(tb, method+" "+path, func() bool {
		n := 0
		for _, r := range s.requests {
			if r.Method == method && r.Path == path {
				n++
			}
		}
		return n >= count
	})
}
