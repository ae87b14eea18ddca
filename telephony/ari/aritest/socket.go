package aritest

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"github.com/coder/websocket"
)

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	s.wg.Add(1)
	defer s.wg.Done()
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // Accept has answered
	}
	s.mu.Lock()
	deaf := s.deaf
	s.accepted++
	s.sockets = append(s.sockets, conn)
	s.notify()
	s.mu.Unlock()
	if deaf {
		<-s.ctx.Done() // nobody reads, so no ping is answered
	} else {
		for err == nil {
			_, _, err = conn.Read(s.ctx)
		}
	}
	_ = conn.CloseNow()
	s.mu.Lock()
	s.sockets = slices.DeleteFunc(s.sockets, func(c *websocket.Conn) bool { return c == conn })
	s.mu.Unlock()
}

// Send sends messages on the latest websocket, in order.
func (s *Server) Send(tb testing.TB, messages ...string) {
	tb.Helper()
	conn := s.latest(tb)
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	for _, m := range messages {
		if err := conn.Write(ctx, websocket.MessageText, []byte(m)); err != nil {
			tb.Fatalf("aritest: send: %v", err)
		}
	}
}

// SendLate sends messages on the latest websocket to a client that may have closed
// it: those from then on are lost.
func (s *Server) SendLate(tb testing.TB, messages ...string) {
	tb.Helper()
	conn := s.latest(tb)
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	for _, m := range messages {
		if conn.Write(ctx, websocket.MessageText, []byte(m)) != nil {
			return
		}
	}
}

// AwaitRead waits until the client has read everything that was sent on the
// latest websocket.
func (s *Server) AwaitRead(tb testing.TB) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	// The answer to a ping comes from the client's reader, in its turn.
	if err := s.latest(tb).Ping(ctx); err != nil {
		tb.Fatalf("aritest: await read: %v", err)
	}
}

// latest waits for a websocket: a client may know that it is connected before
// the server's side has noted it.
func (s *Server) latest(tb testing.TB) *websocket.Conn {
	tb.Helper()
	var conn *websocket.Conn
	s.await(tb, "a websocket", func() bool {
		if n := len(s.sockets); n > 0 {
			conn = s.sockets[n-1]
		}
		return conn != nil
	})
	return conn
}

// AwaitSockets waits until n websockets have been accepted since the start.
func (s *Server) AwaitSockets(tb testing.TB, n int) {
	tb.Helper()
	s.await(tb, "websockets", func() bool { return s.accepted >= n })
}

// Break cuts all websockets without a word.
func (s *Server) Break() {
	s.mu.Lock()
	sockets := s.sockets
	s.sockets = nil // so that nothing is sent on them
	s.mu.Unlock()
	for _, conn := range sockets {
		_ = conn.CloseNow()
	}
}

// SetDeaf makes the websockets accepted from now on half-open: they stay, but
// nothing is read from them and no ping is answered.
func (s *Server) SetDeaf(deaf bool) {
	s.mu.Lock()
	s.deaf = deaf
	s.mu.Unlock()
}
