package ami

import (
	"context"
	"crypto/md5"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// conn is one connection that is logged in.
type conn struct {
	net     net.Conn
	parser  *parser
	version string
	prefix  string // of the ActionIDs
	ended   chan struct{}
	err     error // why it ended; read after ended is closed

	writing sync.Mutex // held for one whole action

	mu      sync.Mutex
	serial  int
	pending map[string]*call
	stale   map[string]bool // lists that nobody waits for any more
}

// call is an action whose answer is awaited.
type call struct {
	list     bool
	response Message
	items    []Message
	err      error
	done     chan struct{} // closed when response, items and err are final
}

// dial connects and logs in. early are events that came before the answer to
// the login.
func dial(ctx context.Context, o Options) (cn *conn, early []Message, err error) {
	ctx, cancel := context.WithTimeout(ctx, o.ConnectTimeout)
	defer cancel()
	nc, err := (&net.Dialer{}).DialContext(ctx, "tcp", o.Addr)
	if err != nil {
		return nil, nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = nc.Close() })
	defer func() {
		// Whoever closed it did so because ctx ended, which says more.
		if !stop() && err == nil {
			err = ctx.Err()
		}
		if err != nil {
			_ = nc.Close()
			if ctx.Err() != nil {
				err = ctx.Err()
			}
			cn = nil
		}
	}()
	if o.TLS != nil {
		config := o.TLS.Clone()
		if config.ServerName == "" {
			config.ServerName, _, _ = net.SplitHostPort(o.Addr)
		}
		secured := tls.Client(nc, config)
		if err := secured.HandshakeContext(ctx); err != nil {
			return nil, nil, err
		}
		nc = secured
	}
	cn = &conn{
		net: nc, parser: newParser(nc), prefix: "lk-" + rand.Text()[:8] + "-",
		ended: make(chan struct{}), pending: map[string]*call{}, stale: map[string]bool{},
	}
	early, err = cn.login(o)
	return cn, early, err
}

func (cn *conn) login(o Options) (early []Message, err error) {
	if cn.version, err = cn.parser.banner(); err != nil {
		return nil, fmt.Errorf("read the greeting: %w", err)
	}
	action := NewAction("Login", "Username", o.User, "Events", o.Events, "Secret", o.Secret)
	if !o.PlainLogin {
		challenge, err := cn.exchange(NewAction("Challenge", "AuthType", "MD5"), &early)
		if err != nil {
			return nil, fmt.Errorf("ask for a challenge: %w", err)
		}
		// MD5 is what the protocol knows; it keeps the secret off the wire.
		sum := md5.Sum([]byte(challenge.Get("Challenge") + o.Secret))
		action = NewAction("Login", "Username", o.User, "Events", o.Events,
			"AuthType", "MD5", "Key", hex.EncodeToString(sum[:]))
	}
	if _, err := cn.exchange(action, &early); err != nil {
		return nil, fmt.Errorf("log in as %s: %w", o.User, err)
	}
	return early, nil
}

// exchange sends an action and reads its answer, before there is a reader.
func (cn *conn) exchange(action Message, early *[]Message) (Message, error) {
	id := cn.nextID()
	if err := cn.write(action, id, time.Time{}); err != nil {
		return nil, err
	}
	for {
		m, err := cn.parser.next()
		if err != nil {
			return nil, err
		}
		if m.Get("ActionID") != id || m.Get("Response") == "" {
			*early = append(*early, m)
			continue
		}
		return m, refusal(m)
	}
}

func (cn *conn) nextID() string {
	cn.mu.Lock()
	defer cn.mu.Unlock()
	cn.serial++
	return cn.prefix + strconv.Itoa(cn.serial)
}

// write sends one action. Half an action would garble the next one, so an error
// ends the connection.
func (cn *conn) write(action Message, id string, deadline time.Time) error {
	m := append(Message{action[0], {"ActionID", id}}, action[1:]...)
	cn.writing.Lock()
	defer cn.writing.Unlock()
	if err := cn.net.SetWriteDeadline(deadline); err != nil {
		return err
	}
	if _, err := cn.net.Write(m.encode()); err != nil {
		cn.end(fmt.Errorf("send an action: %w", err))
		return err
	}
	return nil
}

// do sends an action and waits for its answer, and for the end of the list that
// follows if one is asked for.
func (cn *conn) do(ctx context.Context, action Message, list bool) (*call, error) {
	id := cn.nextID()
	cl := &call{list: list, done: make(chan struct{})}
	cn.mu.Lock()
	if cn.pending == nil {
		cn.mu.Unlock()
		return nil, errNotConnected
	}
	cn.pending[id] = cl
	cn.mu.Unlock()
	deadline, _ := ctx.Deadline()
	if err := cn.write(action, id, deadline); err != nil {
		cn.abandon(id, cl)
		return nil, err
	}
	select {
	case <-cl.done:
		return cl, cl.err
	case <-ctx.Done():
		cn.abandon(id, cl)
		return nil, ctx.Err()
	}
}

func (cn *conn) abandon(id string, cl *call) {
	cn.mu.Lock()
	defer cn.mu.Unlock()
	if _, waiting := cn.pending[id]; waiting {
		delete(cn.pending, id)
		cn.stale[id] = cl.list
	}
}

// answer gives a message to the call it belongs to and says whether there is or
// was one; other messages are events for everybody.
func (cn *conn) answer(m Message) bool {
	id := m.Get("ActionID")
	if !strings.HasPrefix(id, cn.prefix) {
		return false
	}
	cn.mu.Lock()
	defer cn.mu.Unlock()
	last := listEnds(m)
	cl := cn.pending[id]
	if cl == nil {
		list, known := cn.stale[id]
		if known && (!list || last || m.Get("Response") == "Error") {
			delete(cn.stale, id)
		}
		return known
	}
	switch {
	case m.Get("Response") != "":
		cl.response, cl.err = m, refusal(m)
		if cl.list && cl.err == nil && strings.EqualFold(m.Get("EventList"), "start") {
			return true
		}
	case !cl.list:
		return false // an event that this action caused
	case !last:
		cl.items = append(cl.items, m)
		return true
	case !strings.EqualFold(m.Get("EventList"), "Complete"):
		cl.err = errCancelled
	}
	delete(cn.pending, id)
	close(cl.done)
	return true
}

var errCancelled = errors.New("the list was cancelled")

// listEnds says whether an event ends a list: "EventList: Complete", or
// "cancelled" in either spelling.
func listEnds(m Message) bool {
	end := m.Get("EventList")
	return m.Name() != "" && (strings.EqualFold(end, "Complete") || strings.HasPrefix(strings.ToLower(end), "cancel"))
}

// end closes the connection and fails whatever waits for it. Only the first
// reason counts.
func (cn *conn) end(reason error) {
	cn.mu.Lock()
	defer cn.mu.Unlock()
	if cn.pending == nil {
		return
	}
	for _, cl := range cn.pending {
		cl.err = reason
		close(cl.done)
	}
	cn.pending, cn.err = nil, reason
	close(cn.ended)
	_ = cn.net.Close()
}

// sleepUntil waits for d and is false when done came first.
func sleepUntil(done <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-done:
		return false
	}
}
