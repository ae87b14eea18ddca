package stage

import (
	"fmt"
	"io"
	"net"
	"sync"
)

// Wire passes TCP connections on, until it is cut: then those that are open
// break, and new ones are refused. Its methods are safe for concurrent use.
type Wire struct {
	mu     sync.Mutex
	to     string
	at     string // the address it listens on, the same after Mend
	l      net.Listener
	open   map[net.Conn]struct{}
	passes sync.WaitGroup
}

// NewWire makes a wire that leads nowhere yet. The caller must Close it.
func NewWire() *Wire { return &Wire{open: map[net.Conn]struct{}{}} }

// Listen begins to pass connections on to an address and says where, on
// loopback. It fits Options.ARIVia and AMIVia.
func (w *Wire) Listen(to string) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listen in place of %s: %w", to, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.to, w.at = to, l.Addr().String()
	w.serve(l)
	return w.at, nil
}

// serve accepts until the listener is closed. mu is held.
func (w *Wire) serve(l net.Listener) {
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

func (w *Wire) pass(near net.Conn) {
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
func (w *Wire) keep(pair ...net.Conn) bool {
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
func (w *Wire) copy(to, from net.Conn) {
	_, _ = io.Copy(to, from) // an error is the end, like any other
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range []net.Conn{to, from} {
		_ = c.Close()
		delete(w.open, c)
	}
}

// Cut breaks every connection and refuses new ones.
func (w *Wire) Cut() {
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

// Mend lets connections through again after Cut.
func (w *Wire) Mend() error {
	l, err := net.Listen("tcp", w.at)
	if err != nil {
		return fmt.Errorf("mend the wire at %s: %w", w.at, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.serve(l)
	return nil
}

// Close cuts the wire for good and waits until nothing passes any more.
func (w *Wire) Close() {
	w.Cut()
	w.passes.Wait()
}
