package controller_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/controller"
	"github.com/linekeeper/linekeeper/store"
	"github.com/linekeeper/linekeeper/telephony/simswitch"
)

// answers makes a customer pick up and press a key.
func (r *rig) answers(number, key string) string {
	trunk := "PJSIP/" + number + "@trunk"
	r.sim.Endpoint(trunk, func(o *simswitch.Outgoing) {
		o.Answer(5 * time.Second)
		o.OnAnswer(func(p *simswitch.Phone) { r.pressWhen(p, "press one", key) })
	})
	return trunk
}

func TestNobodyIsDialledWhileTheQueueIsPaused(t *testing.T) {
	inBubble(t, func(r *rig) {
		trunk := r.answers("+79160000002", "1")
		anna := r.sim.Agent("PJSIP/101", "Anna")
		anna.Login("support", 0)
		r.until("the line knows Anna", func() bool { return len(r.line().Agents) == 1 })

		pause, already, err := r.ctl.PauseCallbacks(r.ctx(), "support", "operator", "no lines")
		r.must(err)
		if already || pause.By != "operator" || pause.Why != "no lines" || !pause.On {
			t.Errorf("paused as %+v, already %v", pause, already)
		}
		if _, already, err = r.ctl.PauseCallbacks(r.ctx(), "support", "somebody", ""); err != nil || !already {
			t.Errorf("paused again: already %v, %v", already, err)
		}
		_, err = r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		time.Sleep(40 * time.Minute)
		if cb := r.promise(); cb.State != callback.Waiting || cb.DelayedBy != callback.RulePaused || len(r.sim.Dialled(trunk)) > 0 {
			t.Fatalf("while paused: %+v, dialled %v", cb, r.sim.Dialled(trunk))
		}
		if got := r.rules("callback.delayed"); len(got) != 1 || got[0] != "paused" {
			t.Errorf("it was told as delayed by %v, want paused once", got)
		}
		if evs := r.events("callback.agent_took"); len(evs) > 0 {
			t.Errorf("an agent was rung for nobody: %+v", evs)
		}

		r.restart(time.Minute) // an order outlives the daemon
		anna.Login("support", 0)
		pauses, err := r.ctl.CallbackPauses(r.ctx())
		r.must(err)
		if diff := cmp.Diff([]callback.Pause{pause}, pauses); diff != "" {
			t.Errorf("after a restart (-want +got):\n%s", diff)
		}
		time.Sleep(20 * time.Minute)
		if len(r.sim.Dialled(trunk)) > 0 {
			t.Fatal("dialled while paused, after a restart")
		}

		lifted, already, err := r.ctl.ResumeCallbacks(r.ctx(), "support", "operator", "")
		r.must(err)
		if already || !lifted.Since.Equal(pause.Since) {
			t.Errorf("lifted %+v, already %v", lifted, already)
		}
		at := time.Now()
		r.until("the customer is dialled", func() bool { return len(r.sim.Dialled(trunk)) == 1 })
		if late := time.Since(at); late > 5*time.Second {
			t.Errorf("dialled %s after the pause was lifted", late)
		}
		r.until("they talk", func() bool { return r.promise().State == callback.Connected })
		anna.Hangup()
		if _, already, err = r.ctl.ResumeCallbacks(r.ctx(), "support", "operator", ""); err != nil || !already {
			t.Errorf("resumed again: already %v, %v", already, err)
		}
		evs := r.events("callback.resumed")
		if len(evs) != 1 || evs[0].Queue != "support" || evs[0].Data["paused_s"].(float64) < 3600 {
			t.Errorf("the journal has %+v", evs)
		}
	})
}

// A promise that stands in the switch's queue is taken out of it: no agent is rung
// for a customer who may not be called.
func TestAPauseTakesPromisesOutOfTheLine(t *testing.T) {
	inBubble(t, func(r *rig) {
		trunk := r.answers("+79160000002", "1")
		anna, w := inLine(r)
		r.hears(w[1], "call you back when your turn comes")
		w[1].Press("1")
		r.hears(w[1], "We will call you back at")
		w[1].Press("1")
		r.hears(w[1], "We will call you when your turn comes")
		r.result("+79160000002", "callback")
		was := r.promise().PlaceAt
		_, _, err := r.ctl.PauseCallbacks(r.ctx(), "support", "operator", "")
		r.must(err)
		r.until("the place is out of the queue", func() bool { return len(r.queue.Waiting()) == 2 })
		anna.Hangup()
		r.until("the first is served", func() bool { return len(w[0].Bridged()) > 0 })
		anna.Hangup()
		r.until("the last is served, before the promise", func() bool { return len(w[2].Bridged()) > 0 })
		anna.Hangup()
		_, _, err = r.ctl.ResumeCallbacks(r.ctx(), "support", "operator", "")
		r.must(err)
		r.until("the promise is kept", func() bool { return r.promise().State == callback.Connected })
		if cb := r.promise(); !cb.PlaceAt.Equal(was) || len(r.sim.Dialled(trunk)) != 1 {
			t.Errorf("kept as %+v", cb)
		}
		anna.Hangup()
	})
}

func TestPausesOfUnknownQueues(t *testing.T) {
	inBubble(t, func(r *rig) {
		if _, _, err := r.ctl.PauseCallbacks(r.ctx(), "nix", "operator", ""); !errors.Is(err, controller.ErrUnknownQueue) {
			t.Errorf("paused: %v", err)
		}
		if _, _, err := r.ctl.ResumeCallbacks(r.ctx(), "nix", "operator", ""); !errors.Is(err, controller.ErrUnknownQueue) {
			t.Errorf("resumed: %v", err)
		}
		if all, err := r.ctl.CallbackPauses(r.ctx()); err != nil || len(all) > 0 {
			t.Errorf("pauses: %+v, %v", all, err)
		}
	})
}

func TestOrdersThatDoNotFit(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.answers("+79160000002", "1")
		r.sim.Agent("PJSIP/101", "Anna").Login("support", 0)
		r.until("the line knows Anna", func() bool { return len(r.line().Agents) == 1 })
		_, err := r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		denied := func(id string, ev callback.Event, already bool, words string) {
			t.Helper()
			_, err := r.ctl.OrderCallback(r.ctx(), id, ev)
			var no *controller.DeniedError
			if !errors.As(err, &no) || no.Already != already || !strings.Contains(no.Message, words) {
				t.Errorf("%T: %v; want %q", ev, err, words)
			}
		}
		r.until("they talk", func() bool { return r.promise().State == callback.Connected })
		cb := r.promise()
		later := callback.Postpone{Until: time.Now().Add(time.Hour), By: callback.ByOperator}
		denied(cb.ID, later, false, "is connected: the conversation goes on, and nothing is left to order")
		denied(cb.ID, callback.Resolve{Outcome: callback.OutcomeFailed, By: "x"}, false, "only an uncertain one is resolved")
		r.until("the agent is there", func() bool { return len(r.events("callback.connected")) == 1 })
		_, closed, err := r.ctl.CancelCallback(r.ctx(), cb.ID, callback.ByOperator, "")
		var no *controller.DeniedError
		if closed || !errors.As(err, &no) {
			t.Errorf("cancelled in talk: closed %v, %v", closed, err)
		}
		r.sim.Agent("PJSIP/101", "Anna").Hangup()
		r.until("it is kept", func() bool { return r.promise().State == callback.Done })
		denied(cb.ID, later, true, "it is over since")
		denied(cb.ID, callback.Hasten{By: "x"}, true, "`linekeeper callback add +79160000002` promises a new call")
		if _, closed, err := r.ctl.CancelCallback(r.ctx(), cb.ID, callback.ByOperator, ""); err != nil || !closed {
			t.Errorf("cancelled when it was over: closed %v, %v", closed, err)
		}
		if _, err := r.ctl.OrderCallback(r.ctx(), "b-none", callback.Hasten{}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an unknown one: %v", err)
		}
	})
}

// The metrics tell the life of one promise, and begin anew with what the store has.
func TestMetricsOfPromises(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.answers("+79160000002", "1")
		anna := r.sim.Agent("PJSIP/101", "Anna")
		_, _, err := r.ctl.PauseCallbacks(r.ctx(), "support", "operator", "")
		r.must(err)
		_, err = r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+79160000002"})
		r.must(err)
		_, err = r.ctl.AddCallback(r.ctx(), controller.NewCallback{Number: "+15550000000"})
		if err == nil {
			t.Error("a number that may not be called is promised")
		}
		r.metrics(`
linekeeper_callback_delayed_total{queue="support",rule="paused"} 1
linekeeper_callback_oldest_overdue_seconds{queue="support"} 0
linekeeper_callback_paused{queue="support"} 1
linekeeper_callback_refused_total{queue="support",rule="prefix"} 1
linekeeper_callbacks{queue="support",state="waiting"} 1
linekeeper_callbacks_asked_total{queue="support",reason="operator"} 1
`)
		r.restart(time.Minute)
		r.metrics(`
linekeeper_callback_oldest_overdue_seconds{queue="support"} 0
linekeeper_callback_paused{queue="support"} 1
linekeeper_callbacks{queue="support",state="waiting"} 1
`)
		anna.Login("support", 0)
		_, _, err = r.ctl.ResumeCallbacks(r.ctx(), "support", "operator", "")
		r.must(err)
		r.until("they talk", func() bool { return r.promise().State == callback.Connected })
		anna.Hangup()
		r.until("it is kept", func() bool { return r.promise().State == callback.Done })
		r.metrics(`
linekeeper_callback_attempts_total{outcome="connected",queue="support"} 1
linekeeper_callback_oldest_overdue_seconds{queue="support"} 0
linekeeper_callback_paused{queue="support"} 0
linekeeper_callback_yes_to_agent_seconds_count{queue="support"} 1
linekeeper_callbacks_closed_total{queue="support",state="done"} 1
`)
	})
}

// metrics holds the metrics of promises against lines of Prometheus' text format,
// of which those that are left out must be 0 or not there.
func (r *rig) metrics(want string) {
	r.t.Helper()
	w := httptest.NewRecorder()
	promhttp.HandlerFor(r.ctl.Metrics().Registry, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	var got []string
	for line := range strings.Lines(w.Body.String()) {
		line = strings.TrimSpace(line)
		keep := strings.HasPrefix(line, "linekeeper_callback") && !strings.Contains(line, "_bucket{") && !strings.Contains(line, "_sum")
		if keep && (!strings.HasSuffix(line, " 0") || strings.Contains(line, "overdue") || strings.Contains(line, "paused{")) &&
			!strings.Contains(line, "agent_wait") && !strings.Contains(line, "wake_lateness") {
			got = append(got, line)
		}
	}
	if diff := cmp.Diff(strings.Fields(strings.ReplaceAll(strings.TrimSpace(want), " ", "=")), strings.Fields(strings.ReplaceAll(strings.Join(got, "\n"), " ", "="))); diff != "" {
		r.t.Errorf("metrics (-want +got):\n%s", diff)
	}
}
