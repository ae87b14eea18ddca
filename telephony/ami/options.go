package ami

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"
)

// Options say where Asterisk is and how patient to be. A zero duration stands
// for the default named beside it.
type Options struct {
	// Addr is host:port of manager.conf, "127.0.0.1:5038".
	Addr string
	// User and Secret are those of manager.conf. Both are required.
	User, Secret string
	// PlainLogin sends the secret as it is, for an Asterisk that does not offer
	// the MD5 challenge. Only with TLS is that safe beyond one machine.
	PlainLogin bool
	// TLS, unless nil, encrypts the connection (tlsenable in manager.conf).
	// An empty ServerName stands for the host in Addr.
	TLS *tls.Config
	// Events is the mask of wanted events, "on", "off" or classes such as
	// "call,agent". Default "on".
	Events string

	// ConnectTimeout bounds connecting and logging in together. Default 10 s.
	ConnectTimeout time.Duration
	// ActionTimeout bounds each action, also when the caller's context allows
	// more. Default 10 s.
	ActionTimeout time.Duration
	// PingEvery is the pause between two pings, PingTimeout how long the answer
	// may take. A dead connection is noticed within the sum of both.
	// Defaults 10 s and 5 s.
	PingEvery, PingTimeout time.Duration
	// BackoffBase and BackoffMax bound the pause before a reconnect: attempt n
	// (from 0) waits a random time between 0 and min(BackoffMax,
	// BackoffBase*2^n), "full jitter" as in Marc Brooker, "Exponential Backoff
	// And Jitter" (AWS Architecture Blog, 2015). A connection that stood for
	// BackoffMax begins the count anew. Defaults 200 ms and 10 s.
	BackoffBase, BackoffMax time.Duration
}

func (o Options) withDefaults() Options {
	if o.Events == "" {
		o.Events = "on"
	}
	for d, def := range map[*time.Duration]time.Duration{
		&o.ConnectTimeout: 10 * time.Second, &o.ActionTimeout: 10 * time.Second,
		&o.PingEvery: 10 * time.Second, &o.PingTimeout: 5 * time.Second,
		&o.BackoffBase: 200 * time.Millisecond, &o.BackoffMax: 10 * time.Second,
	} {
		if *d == 0 {
			*d = def
		}
	}
	return o
}

// check reports everything that is wrong, not only the first.
func (o Options) check() error {
	var errs []error
	if _, _, err := net.SplitHostPort(o.Addr); err != nil {
		errs = append(errs, fmt.Errorf("option Addr is not of the form host:port: %w", err))
	}
	if o.User == "" {
		errs = append(errs, errors.New("option User is required"))
	}
	if o.Secret == "" {
		errs = append(errs, errors.New("option Secret is required"))
	}
	for _, d := range []time.Duration{
		o.ConnectTimeout, o.ActionTimeout, o.PingEvery, o.PingTimeout, o.BackoffBase, o.BackoffMax,
	} {
		if d < 0 {
			errs = append(errs, fmt.Errorf("duration %v is negative", d))
		}
	}
	return errors.Join(errs...)
}
