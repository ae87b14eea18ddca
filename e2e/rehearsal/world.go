package rehearsal

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/linekeeper/linekeeper/e2e/asterisk"
	"github.com/linekeeper/linekeeper/e2e/softphone"
	"github.com/linekeeper/linekeeper/e2e/stage"
)

// slowness is how long the other systems take when they are slow: longer than
// anybody may hear nothing.
const slowness = 3500 * time.Millisecond

// slowly ends the numbers of callers for whom the directory is slow.
const slowly = "99"

// newWorld is the other systems: a directory that knows nobody, and a warehouse.
func newWorld() *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /people", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.FormValue("number"), slowly) {
			sleep(r.Context())
		}
		_, _ = fmt.Fprintln(w, "[]")
	})
	mux.HandleFunc("GET /orders", func(w http.ResponseWriter, r *http.Request) {
		sleep(r.Context())
		_, _ = fmt.Fprintln(w, `{"state": "12"}`)
	})
	return httptest.NewServer(mux)
}

func sleep(ctx context.Context) {
	select {
	case <-time.After(slowness):
	case <-ctx.Done():
	}
}

// stageOptions is a stage on which all scenes can be played at the same time.
func stageOptions(o Options, dir string, world *httptest.Server) stage.Options {
	so := stage.Options{
		Install: o.Install, Hotlines: sub(dir, "hotlines"),
		Asterisk: asterisk.Options{MusicHz: musicHz, RTPPorts: 4000},
		Extra: fmt.Sprintf(`
callers:
  budget: 4s
  directories:
    - {name: people, kind: http, timeout: 4s, ask: {number: {url: "%[1]s/people?number={number}"}}}
    - {name: file, kind: csv, file: %[2]q}
lookups:
  warehouse: {timeout: 6s, http: {url: "%[1]s/orders?order={order}", optional: [order]}}
`, world.URL, sub(dir, "callers.csv")),
	}
	for _, queue := range []string{"talk", "calls"} {
		q := asterisk.Queue{Name: queue, Timeout: 30}
		for i := range agents {
			account := asterisk.Account{Name: fmt.Sprintf("%s%d", queue, i), Password: "rehearsal"}
			so.Asterisk.Operators = append(so.Asterisk.Operators, account)
			q.Members = append(q.Members, "PJSIP/"+account.Name)
		}
		so.Asterisk.Queues = append(so.Asterisk.Queues, q)
	}
	if o.Spoken {
		so.Voice = "command"
	}
	if o.HTTP {
		if address, err := free(); err == nil {
			so.Speech = stage.Keys{"deliver": "http", "http": stage.Keys{"listen": address, "url": "http://" + address}}
		}
	}
	return so
}

// free is an address that nobody listens on.
func free() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// agents serve each of the queues; those of queue talk let the phone ring for long,
// so that the caller hears the whole wait.
const (
	agents   = 3
	lateness = 7 * time.Second
	talking  = time.Second
)

// people registers the agents, who talk for a second and hang up, and the
// customers who are called back.
func (r *rehearsal) people(ctx context.Context) error {
	for queue, after := range map[string]time.Duration{"talk": lateness, "calls": 200 * time.Millisecond} {
		for i := range agents {
			p, err := r.Operator(ctx, fmt.Sprintf("%s%d", queue, i), agentTone, softphone.AutoAnswer(after))
			if err != nil {
				return err
			}
			r.calls.Go(func() { r.serve(p) })
		}
	}
	var err error
	if r.trunk, err = r.Trunk(ctx, softphone.Options{Keep: true}); err != nil {
		return err
	}
	r.watch(r.trunk)
	r.calls.Go(r.ring)
	return nil
}

// serve is what an agent does all day.
func (r *rehearsal) serve(p *softphone.Phone) {
	for c := range p.Incoming() {
		r.calls.Go(func() {
			if c.WaitAnswered(r.ctx) != nil {
				return // somebody else was faster
			}
			c.Talk(true)
			select {
			case <-time.After(talking):
			case <-c.Done():
			}
			_ = c.Hangup(r.ctx) // the caller tells how the talk ended
		})
	}
}

// ring hands calls to customers to whoever waits for one.
func (r *rehearsal) ring() {
	for c := range r.trunk.Incoming() {
		r.mu.Lock()
		wanted := r.waiting[c.Dialled()]
		r.mu.Unlock()
		if wanted != nil {
			wanted <- c
		}
	}
}
