package ari

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Options say where Asterisk is and how patient to be. A zero duration or
// number stands for the default named beside it.
type Options struct {
	// BaseURL is the address of the interface, "http://127.0.0.1:8088/ari".
	// http and https are accepted; credentials do not belong in it.
	BaseURL string
	// User and Password are those of ari.conf. Both are required.
	User, Password string
	// App is the name of the Stasis application, as the dialplan calls it.
	// One controller at a time holds it.
	App string
	// IDPrefix marks the ids of channels and bridges that linekeeper chose, so
	// that those left by an earlier process are found again. Default "lk-".
	IDPrefix string

	// RequestTimeout bounds each REST request, also when the caller's context
	// allows more. Default 5 s.
	RequestTimeout time.Duration
	// ConnectTimeout bounds the websocket handshake. Default 10 s.
	ConnectTimeout time.Duration
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
	// MaxConns bounds the REST connections open at once; requests beyond wait.
	// It should stay below sessionlimit in http.conf (100 by default), beyond
	// which Asterisk refuses connections. Default 32.
	MaxConns int
	// LocalFormats are the codecs of originated Local channels. Without them
	// Asterisk offers all and converts to 192 kHz and back.
	// Default "ulaw,alaw,slin".
	LocalFormats string
}

// readLimit bounds one websocket message and one REST answer, in bytes. The
// list of channels of a big Asterisk is the largest; 10,000 channels are 6 MB.
const readLimit = 64 << 20

func (o Options) withDefaults() Options {
	setString(&o.IDPrefix, "lk-")
	setString(&o.LocalFormats, "ulaw,alaw,slin")
	setDuration(&o.RequestTimeout, 5*time.Second)
	setDuration(&o.ConnectTimeout, 10*time.Second)
	setDuration(&o.PingEvery, 10*time.Second)
	setDuration(&o.PingTimeout, 5*time.Second)
	setDuration(&o.BackoffBase, 200*time.Millisecond)
	setDuration(&o.BackoffMax, 10*time.Second)
	if o.MaxConns == 0 {
		o.MaxConns = 32
	}
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	return o
}

// check reports everything that is wrong, not only the first.
func (o Options) check() error {
	var errs []error
	u, err := url.Parse(o.BaseURL)
	switch {
	case err != nil:
		// The parser's error repeats the address, which might hold a password.
		errs = append(errs, errors.New("option BaseURL is not a valid address"))
	case u.User != nil:
		errs = append(errs, errors.New("option BaseURL must not hold credentials: use User and Password"))
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		errs = append(errs, fmt.Errorf("option BaseURL %q is not of the form http://host:port/ari", o.BaseURL))
	case u.RawQuery != "" || u.Fragment != "":
		errs = append(errs, fmt.Errorf("option BaseURL %q must end with the path", o.BaseURL))
	}
	if o.User == "" || strings.Contains(o.User, ":") {
		errs = append(errs, errors.New("option User is required and must not hold a colon"))
	}
	if o.Password == "" {
		errs = append(errs, errors.New("option Password is required"))
	}
	// A comma or space would name several applications or break the dialplan's call.
	if o.App == "" || strings.ContainsAny(o.App, ", \t\r\n\"\\()") {
		errs = append(errs, fmt.Errorf("option App %q is not a plain application name", o.App))
	}
	for name, d := range map[string]time.Duration{
		"RequestTimeout": o.RequestTimeout, "ConnectTimeout": o.ConnectTimeout, "PingEvery": o.PingEvery,
		"PingTimeout": o.PingTimeout, "BackoffBase": o.BackoffBase, "BackoffMax": o.BackoffMax,
	} {
		if d < 0 {
			errs = append(errs, fmt.Errorf("option %s is negative", name))
		}
	}
	if o.MaxConns < 0 {
		errs = append(errs, errors.New("option MaxConns is negative"))
	}
	return errors.Join(errs...)
}

func setString(s *string, def string) {
	if *s == "" {
		*s = def
	}
}

func setDuration(d *time.Duration, def time.Duration) {
	if *d == 0 {
		*d = def
	}
}
