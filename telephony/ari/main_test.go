package ari

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/linekeeper/linekeeper/telephony"
	"github.com/linekeeper/linekeeper/telephony/ari/aritest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait of these tests.
const patience = 60 * time.Second

func options(s *aritest.Server) Options {
	return Options{
		BaseURL: s.URL, User: aritest.User, Password: aritest.Password, App: "linekeeper",
		BackoffBase: time.Millisecond, BackoffMax: 10 * time.Millisecond,
	}
}

func newClient(t *testing.T, o Options) *Client {
	t.Helper()
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.rest.client.CloseIdleConnections)
	return c
}

// run starts Run and gives its result; Run is over when the test ends.
func run(t *testing.T, c *Client) <-chan error {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	result, over := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(over)
		result <- c.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-over
	})
	return result
}

// next takes the next event, which must be of type T.
func next[T telephony.Event](t *testing.T, c *Client) T {
	t.Helper()
	select {
	case ev, ok := <-c.Events():
		if !ok {
			t.Fatalf("events are closed, want %T", *new(T))
		}
		got, ok := ev.(T)
		if !ok {
			t.Fatalf("event is %#v, want a %T", ev, *new(T))
		}
		return got
	case <-time.After(patience):
		t.Fatalf("no event, want a %T; %+v", *new(T), c.Stats())
	}
	panic("unreachable")
}

// connect runs a client against a server and takes the first Connected.
func connect(t *testing.T, s *aritest.Server, o Options) (*Client, telephony.Connected) {
	t.Helper()
	c := newClient(t, o)
	run(t, c)
	return c, next[telephony.Connected](t, c)
}

func ctx(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}
