// Package amitest is a scripted manager interface of Asterisk for tests, on a
// loopback port, with every answer under the test's control.
package amitest

import (
	"bufio"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// The only credentials that a Server accepts.
const (
	User   = "lk"
	Secret = "se cret&1"
)

const challenge = "840415273"

// patience bounds every wait of a test on this server.
const patience = 60 * time.Second

// Request is one action as it came: its lines without the end.
type Request []string

// Get gives the first value of a key, or "".
func (r Request) Get(key string) string {
	for _, line := range r {
		if k, v, _ := strings.Cut(line, ": "); k == key {
			return v
		}
	}
	return ""
}

// Handler answers an action with messages, see Message. The action's ActionID
// is added to each of them.
type Handler func(Request) []string

// Server is the scripted manager. Its methods are safe for concurrent use.
type Server struct {
	// Addr is host:port.
	Addr string

	listener net.Listener
	wg       sync.WaitGroup

	mu       sync.Mutex
	handlers map[string]Handler
	requests []Request
	conns    []net.Conn
	changed  chan struct{} // closed and replaced when anything above changes
}

// New starts a server, which is closed when the test ends. Without handlers it
// logs in, answers Ping, and answers every other action with an error.
func New(tb testing.TB) *Server {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	return Serve(tb, l)
}

// Serve is New on a listener of the test's own, with TLS for example.
func Serve(tb testing.TB, l net.Listener) *Server {
	s := &Server{Addr: l.Addr().String(), listener: l, handlers: map[string]Handler{}, changed: make(chan struct{})}
	s.Handle("Challenge", func(Request) []string { return []string{Message("Response: Success", "Challenge: "+challenge)} })
	s.Handle("Login", s.login)
	s.Handle("Ping", func(Request) []string { return []string{Message("Response: Success", "Ping: Pong")} })
	s.wg.Go(s.accept)
	tb.Cleanup(func() {
		_ = l.Close()
		s.Break()
		s.wg.Wait()
	})
	return s
}

// Message joins lines to a message.
func Message(lines ...string) string { return strings.Join(lines, "\r\n") + "\r\n\r\n" }

// Handle answers actions of this name. A handler that returns nothing leaves
// the action without an answer.
func (s *Server) Handle(action string, h Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[action] = h
}

func (s *Server) login(r Request) []string {
	sum := md5.Sum([]byte(challenge + Secret))
	if r.Get("Username") != User || r.Get("Key") != hex.EncodeToString(sum[:]) && r.Get("Secret") != Secret {
		return []string{Message("Response: Error", "Message: Authentication failed")}
	}
	return []string{Message("Response: Success", "Message: Authentication accepted")}
}

func (s *Server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return // the test is over
		}
		s.wg.Go(func() { s.serve(conn) })
	}
}

func (s *Server) serve(conn net.Conn) {
	defer conn.Close()
	if _, err := io.WriteString(conn, "Asterisk Call Manager/11.0.0\r\n"); err != nil {
		return
	}
	lines := bufio.NewScanner(conn)
	var request Request
	for lines.Scan() {
		if lines.Text() != "" {
			request = append(request, lines.Text())
			continue
		}
		if !s.act(conn, request) {
			return
		}
		request = nil
	}
	s.change(func() {
		s.conns = slices.DeleteFunc(s.conns, func(c net.Conn) bool { return c == conn })
	})
}

func (s *Server) act(conn net.Conn, request Request) bool {
	action := request.Get("Action")
	s.mu.Lock()
	h := s.handlers[action]
	s.mu.Unlock()
	answers := []string{Message("Response: Error", "Message: Invalid/unknown command: "+action+".")}
	if h != nil {
		answers = h(request)
	}
	s.change(func() {
		s.requests = append(s.requests, request)
		if action == "Login" && strings.HasPrefix(answers[0], "Response: Success") {
			s.conns = append(s.conns, conn)
		}
	})
	for _, a := range answers {
		first, rest, _ := strings.Cut(a, "\r\n")
		if _, err := fmt.Fprintf(conn, "%s\r\nActionID: %s\r\n%s", first, request.Get("ActionID"), rest); err != nil {
			return false
		}
	}
	return true
}

func (s *Server) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
	close(s.changed)
	s.changed = make(chan struct{})
}

// Send sends text, such as Messages, on the latest connection that logged in.
func (s *Server) Send(tb testing.TB, text ...string) {
	tb.Helper()
	s.mu.Lock()
	var conn net.Conn
	if n := len(s.conns); n > 0 {
		conn = s.conns[n-1]
	}
	s.mu.Unlock()
	if conn == nil {
		tb.Fatal("amitest: nobody is logged in")
	}
	_ = conn.SetWriteDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(conn, strings.Join(text, "")); err != nil {
		tb.Fatalf("amitest: send: %v", err)
	}
}

// Break cuts all connections that logged in without a word.
func (s *Server) Break() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		_ = c.Close()
	}
}

// Requests gives the actions so far. Their answers may be on their way.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// AwaitRequests waits until n actions of a name have come, and gives the last.
func (s *Server) AwaitRequests(tb testing.TB, action string, n int) Request {
	tb.Helper()
	deadline := time.After(patience)
	for {
		s.mu.Lock()
		changed := s.changed
		var found []Request
		for _, r := range s.requests {
			if r.Get("Action") == action {
				found = append(found, r)
			}
		}
		s.mu.Unlock()
		if len(found) >= n {
			return found[len(found)-1]
		}
		select {
		case <-changed:
		case <-deadline:
			tb.Fatalf("amitest: waited in vain for %d of %s", n, action)
		}
	}
}
