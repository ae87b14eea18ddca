package switch_test

import (
	"io"
	"net"
	"sync"
	"testing"
)

// link is the line between the driver and Asterisk: a TCP proxy that can be cut.
type link struct {
	listener net.Listener
	far      string
	wg       sync.WaitGroup

	mu    sync.Mutex
	down  bool
	conns map[net.Conn]struct{}
}

// cutter listens on loopback for what is meant for far, until the test ends.
func cutter(t *testing.T, far string) *link {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &link{listener: listener, far: far, conns: map[net.Conn]struct{}{}}
	l.wg.Go(l.accept)
	t.Cleanup(func() {
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
		l.cut()
		l.wg.Wait()
	})
	return l
}

func (l *link) addr() string { return l.listener.Addr().String() }

// cut ends all connections; new ones are accepted and ended at once, so that
// nobody else can take the port meanwhile.
func (l *link) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = true
	for conn := range l.conns {
		_ = conn.Close() // what is lost with it is the purpose
	}
}

func (l *link) mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = false
}

func (l *link) accept() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return // closed by the clean-up
		}
		l.wg.Go(func() { l.carry(near) })
	}
}

// carry copies both ways until either side ends or the link is cut.
func (l *link) carry(near net.Conn) {
	defer func() { _ = near.Close() }() // often closed already
	if !l.hold(near) {
		return
	}
	defer l.release(near)
	far, err := net.Dial("tcp4", l.far)
	if err != nil {
		return // the driver sees its connection end, as it would without a proxy
	}
	defer func() { _ = far.Close() }()
	if !l.hold(far) {
		return
	}
	defer l.release(far)
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{far, near}, {near, far}} {
		both.Go(func() {
			_, _ = io.Copy(way[0], way[1]) // its end is the news, not its error
			_ = near.Close()
			_ = far.Close()
		})
	}
	both.Wait()
}

// hold notes a connection so that cut finds it; false when the link is down.
func (l *link) hold(conn net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		return false
	}
	l.conns[conn] = struct{}{}
	return true
}

func (l *link) release(conn net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.conns, conn)
}
