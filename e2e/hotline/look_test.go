package hotline_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/linekeeper/linekeeper/api"
)

// What the daemon shows, asked as the CLI asks.

func (r *rig) queue(name string) api.Queue {
	r.Helper()
	q, err := r.Client.Queue(r.soon(), name)
	r.must(err)
	return q
}

// call is the newest call from a number; the zero Call if there is none.
func (r *rig) call(number string) api.Call {
	r.Helper()
	calls, err := r.Client.Calls(r.soon(), api.CallFilter{Number: number, Limit: 1})
	r.must(err)
	if len(calls) == 0 {
		return api.Call{}
	}
	return calls[0]
}

// result waits until the newest call from a number is over and says how it ended.
func (r *rig) result(number, want string) api.Call {
	r.Helper()
	r.until("the call from "+number+" is over", func() bool { return r.call(number).EndedAt != nil })
	c := r.call(number)
	if c.Result != want {
		r.Errorf("the call from %s ended as %q, want %q: %+v", number, c.Result, want, c)
	}
	return c
}

// promises are all callbacks, the oldest first.
func (r *rig) promises() []api.Callback {
	r.Helper()
	cbs, err := r.Client.Callbacks(r.soon(), api.CallbackFilter{})
	r.must(err)
	for i, j := 0, len(cbs)-1; i < j; i, j = i+1, j-1 {
		cbs[i], cbs[j] = cbs[j], cbs[i]
	}
	return cbs
}

// promise is the only callback.
func (r *rig) promise() api.Callback {
	r.Helper()
	cbs := r.promises()
	if len(cbs) != 1 {
		r.Fatalf("there are %d promises, want one: %+v", len(cbs), cbs)
	}
	return cbs[0]
}

// promiseIs waits until the only callback is in a state.
func (r *rig) promiseIs(state string) api.Callback {
	r.Helper()
	r.until("the promise is "+state, func() bool { return r.promise().State == state })
	return r.promise()
}

// journal lists the entries of a type.
func (r *rig) journal(typ string) []api.Event {
	r.Helper()
	var out []api.Event
	r.must(r.Client.Journal(r.soon(), api.JournalFilter{Type: typ}, func(ev api.Event) error {
		out = append(out, ev)
		return nil
	}))
	return out
}

// waiting waits until so many places of queue "support" are not served yet and,
// as far as they are not promises, stand in Asterisk's queue.
func (r *rig) waiting(n int) api.Queue {
	r.Helper()
	return r.waitingIn("support", n)
}

// waitingIn is waiting for any queue.
func (r *rig) waitingIn(name string, n int) api.Queue {
	r.Helper()
	var q api.Queue
	r.until("the right number waits", func() bool {
		q = r.queue(name)
		for _, p := range q.Places {
			if (p.State == "resting" || p.State == "entering") && p.Kind == "call" {
				return false
			}
		}
		return q.Waiting == n
	})
	return q
}

// queueLog gives the entries of Asterisk's own queue_log for an event, as fields:
// time, id, queue, agent, event and what belongs to it.
func (r *rig) queueLog(event string) [][]string {
	r.Helper()
	text, err := os.ReadFile(filepath.Join(filepath.Dir(r.Asterisk.LogFile), "queue_log"))
	r.must(err)
	var out [][]string
	for line := range strings.Lines(string(text)) {
		if f := strings.Split(strings.TrimSpace(line), "|"); len(f) > 4 && f[4] == event {
			out = append(out, f)
		}
	}
	return out
}

// noCrash looks into the daemon's log for what a test would not see otherwise: a
// race, when the daemon was built to find them, or the end of a goroutine.
func (r *rig) noCrash() {
	log, err := os.ReadFile(r.LogFile)
	if err != nil {
		r.Error(err)
	}
	for _, sign := range []string{"DATA RACE", "panic: ", "fatal error: "} {
		if strings.Contains(string(log), sign) {
			r.Errorf("the daemon's log has %q", sign)
		}
	}
}

// explain writes down what a failed test needs to be understood.
func (r *rig) explain() {
	var text strings.Builder
	if err := r.Logs(&text); err != nil {
		r.Log(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), most)
	defer cancel()
	err := r.Client.Journal(ctx, api.JournalFilter{}, func(ev api.Event) error {
		fmt.Fprintf(&text, "%s %s call=%s place=%s callback=%s agent=%s %v\n",
			ev.At.Format("05.000"), ev.Type, ev.Call, ev.Place, ev.Callback, ev.Agent, ev.Data)
		return nil
	})
	if err != nil {
		r.Log(err)
	}
	log, err := os.ReadFile(filepath.Join(filepath.Dir(r.Asterisk.LogFile), "queue_log"))
	if err != nil {
		r.Log(err)
	}
	r.Logf("%s--- queue_log\n%s", text.String(), log)
}
