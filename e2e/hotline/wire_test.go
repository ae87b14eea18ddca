package hotline_test

import (
	"io"
	"net"
	"sync"
	"testing"
)

// wire passes TCP connections on, until it is cut: then those that are open
// break, and new ones are refused.
type wire struct {
	t *testing.T

	mu     sync.Mutex
	to     string
	at     string // the address it listens on, the same after mend
	l      net.Listener
	open   map[net.Conn]struct{}
	passes sync.WaitGroup
}

func newWire(t *testing.T) *wire {
	w := &wire{t: t, open: map[net.Conn]struct{}{}}
	t.Cleanup(func() {
		w.cut()
		w.passes.Wait()
	})
	return w
}

// listen begins to pass connections on to an address and says where.
func (w *wire) listen(to string) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.to, w.at = to, l.Addr().String()
	w.serve(l)
	return w.at, nil
}

// serve accepts until the listener is closed. mu is held.
func (w *wire) serve(l net.Listener) {
	w.l = l
	w.passes.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return // cut
			}
			w.passes.Go(func() { w.pass(conn) })
		}
	})
}

func (w *wire) pass(near net.Conn) {
	far, err := net.Dial("tcp", w.to)
	if err != nil {
		_ = near.Close() // the other side sees that there is nobody
		return
	}
	if !w.keep(near, far) {
		return
	}
	w.passes.Go(func() { w.copy(near, far) })
	w.copy(far, near)
}

// keep remembers a pair of connections; false when the wire was cut meanwhile.
func (w *wire) keep(pair ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range pair {
		if w.l == nil {
			_ = c.Close()
			continue
		}
		w.open[c] = struct{}{}
	}
	return w.l != nil
}

// copy passes one direction on and takes both connections down at its end.
func (w *wire) copy(to, from net.Conn) {
	_, _ = io.Copy(to, from) // an error is the end, like any other
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range []net.Conn{to, from} {
		_ = c.Close()
		delete(w.open, c)
	}
}

// cut breaks every connection and refuses new ones.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.l != nil {
		_ = w.l.Close()
		w.l = nil
	}
	for c := range w.open {
		_ = c.Close()
	}
}

// mend lets connections through again.
func (w *wire) mend() {
	w.t.Helper()
	l, err := net.Listen("tcp", w.at)
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.serve(l)
}
