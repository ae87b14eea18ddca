package softphone_test

import (
	"context"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emiago/diago"
	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
	"github.com/google/go-cmp/cmp"

	"github.com/linekeeper/linekeeper/e2e/softphone"
)

// registrar is a server that knows one account and can be told to fail.
type registrar struct {
	addr    string
	failing atomic.Bool
	expires chan string // of each accepted REGISTER: the expires parameter of its contact, or "kept"
}

func newRegistrar(t *testing.T) *registrar {
	t.Helper()
	ua, err := sipgo.NewUA()
	if err != nil {
		t.Fatal(err)
	}
	srv, err := sipgo.NewServer(ua)
	if err != nil {
		t.Fatal(err)
	}
	r := &registrar{expires: make(chan string, 100)}
	digest := diago.NewDigestServer()
	srv.OnRegister(func(req *sip.Request, tx sip.ServerTransaction) {
		if r.failing.Load() {
			_ = tx.Respond(sip.NewResponseFromRequest(req, sip.StatusServiceUnavailable, "Service Unavailable", nil))
			return
		}
		res, err := digest.AuthorizeRequest(req, diago.DigestAuth{Username: "alice", Password: "secret", Realm: "test"})
		if err == nil && res.StatusCode == sip.StatusOK {
			expires, ok := req.Contact().Params.Get("expires")
			if !ok {
				expires = "kept"
			}
			r.expires <- expires
		}
		_ = tx.Respond(res) // a lost answer makes the phone ask again
	})
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.addr = conn.LocalAddr().String()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.ServeUDP(conn)
	}()
	t.Cleanup(func() {
		_ = conn.Close()
		<-done
		_ = ua.Close()
		digest.Close()
	})
	return r
}

func (r *registrar) next(t *testing.T, ctx context.Context) string {
	t.Helper()
	select {
	case e := <-r.expires:
		return e
	case <-ctx.Done():
		t.Fatal("nobody registered")
		return ""
	}
}

func TestRegistrationIsKeptAndRemoved(t *testing.T) {
	t.Parallel()
	ctx := deadline(t)
	r := newRegistrar(t)
	p := phone(t, softphone.Options{User: "alice", Password: "secret", Server: r.addr, Expiry: time.Second})
	if err := p.Register(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Register(ctx); err == nil {
		t.Error("a second registration was begun")
	}
	for range 2 {
		if got := r.next(t, ctx); got != "kept" {
			t.Errorf("registered with expires %q, want none in the contact", got)
		}
	}
	r.failing.Store(true)
	kinds := []softphone.Kind{waitKind(t, ctx, p, softphone.Registered).Kind, waitKind(t, ctx, p, softphone.Unregistered).Kind}
	r.failing.Store(false)
	kinds = append(kinds, waitKind(t, ctx, p, softphone.Registered).Kind)
	if diff := cmp.Diff([]softphone.Kind{softphone.Registered, softphone.Unregistered, softphone.Registered}, kinds); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	last := ""
	for len(r.expires) > 0 {
		last = <-r.expires
	}
	if last != "0" {
		t.Errorf("the last registration has expires %q, want 0", last)
	}
}

func TestWrongPasswordIsRefused(t *testing.T) {
	t.Parallel()
	r := newRegistrar(t)
	p := phone(t, softphone.Options{User: "alice", Password: "guess", Server: r.addr})
	if err := p.Register(deadline(t)); err == nil {
		t.Error("registered with a wrong password")
	}
}
