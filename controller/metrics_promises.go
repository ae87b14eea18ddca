package controller

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/linekeeper/linekeeper/callback"
	"github.com/linekeeper/linekeeper/store"
)

// promiseMetrics are what is measured of promises. Labels are words of the
// configuration and of the state machine, so their number is bounded.
type promiseMetrics struct {
	open     *prometheus.GaugeVec
	asked    *prometheus.CounterVec
	closed   *prometheus.CounterVec
	attempts *prometheus.CounterVec
	refused  *prometheus.CounterVec
	delayed  *prometheus.CounterVec
	yes      *prometheus.HistogramVec
	agent    *prometheus.HistogramVec
	late     *prometheus.HistogramVec
	wake     prometheus.Histogram
	pauses   *prometheus.GaugeVec
}

// seconds of people who wait for each other, and of promises that are late.
var (
	peopleWait  = []float64{0.5, 1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 300}
	promiseLate = []float64{0, 60, 300, 900, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 24 * 3600}
	wakeLate    = []float64{0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 300, 3600}
)

func newPromiseMetrics() promiseMetrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	histogram := func(name, help string, buckets []float64) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, []string{"queue"})
	}
	return promiseMetrics{
		open: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "linekeeper_callbacks", Help: "Promises to which something may still happen, by queue and state, those that sleep on disk too.",
		}, []string{"queue", "state"}),
		asked:    counter("linekeeper_callbacks_asked_total", "Promises that were made, by how they were asked for.", "queue", "reason"),
		closed:   counter("linekeeper_callbacks_closed_total", "Promises that ended, by state.", "queue", "state"),
		attempts: counter("linekeeper_callback_attempts_total", "Attempts to reach a customer that ended, by outcome.", "queue", "outcome"),
		refused:  counter("linekeeper_callback_refused_total", "Promises that were refused, or closed before a dial, by rule.", "queue", "rule"),
		delayed:  counter("linekeeper_callback_delayed_total", "Calls that were put off, by rule.", "queue", "rule"),
		yes:      histogram("linekeeper_callback_yes_to_agent_seconds", "Time from the customer's yes to the agent.", peopleWait),
		agent:    histogram("linekeeper_callback_agent_wait_seconds", "Time that an agent waited for the customer of a promise, reached or not.", peopleWait),
		late:     histogram("linekeeper_callback_dial_lateness_seconds", "By how much the first dial came after the end of the promised window; 0 within it.", promiseLate),
		wake: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "linekeeper_callback_wake_lateness_seconds", Help: "By how much a promise that rested was looked at after its time.", Buckets: wakeLate,
		}),
		pauses: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "linekeeper_callback_paused", Help: "1 while nobody is dialled for the queue by order.",
		}, []string{"queue"}),
	}
}

func (m promiseMetrics) all() []prometheus.Collector {
	return []prometheus.Collector{m.open, m.asked, m.closed, m.attempts, m.refused, m.delayed, m.yes, m.agent, m.late, m.wake, m.pauses}
}

// promisesFound begins with what the store holds.
func (m *Metrics) promisesFound(counts []store.CallbackCount) {
	for _, c := range counts {
		if (callback.Callback{State: c.State}).Open() {
			m.promises.open.WithLabelValues(c.Queue, string(c.State)).Set(float64(c.N))
		}
	}
}

// stored counts a change that is on disk.
func (m *Metrics) stored(ch *change) {
	for _, ev := range ch.batch.Events {
		rule := ev.Text("rule")
		switch ev.Type {
		case callback.NoteRefused:
			m.promises.refused.WithLabelValues(ev.Queue, rule).Inc()
		case callback.NoteDelayed:
			m.promises.delayed.WithLabelValues(ev.Queue, rule).Inc()
		}
	}
	switch {
	case ch.made:
		m.promises.open.WithLabelValues(ch.p.cb.Queue, string(ch.p.cb.State)).Inc()
		m.promises.asked.WithLabelValues(ch.p.cb.Queue, string(ch.p.cb.Reason)).Inc()
	case ch.p != nil:
		m.promiseStep(ch.before, ch.p.cb, ch.cmds)
	}
}

// promiseStep counts what a step changed of a promise.
func (m *Metrics) promiseStep(before, after callback.Callback, cmds []callback.Command) {
	of := m.promises
	if before.Open() {
		of.open.WithLabelValues(before.Queue, string(before.State)).Dec()
	}
	switch {
	case after.Open():
		of.open.WithLabelValues(after.Queue, string(after.State)).Inc()
	case before.Open():
		of.closed.WithLabelValues(after.Queue, string(after.State)).Inc()
	}
	for i, a := range after.Attempts {
		if pending := i >= len(before.Attempts) || before.Attempts[i].EndedAt.IsZero(); pending && !a.EndedAt.IsZero() {
			of.attempts.WithLabelValues(after.Queue, string(a.Outcome)).Inc()
		}
	}
	if len(after.Attempts) == 1 && len(before.Attempts) == 0 && !after.Window.Until.IsZero() {
		of.late.WithLabelValues(after.Queue).Observe(max(0, after.Attempts[0].At.Sub(after.Window.Until).Seconds()))
	}
	if before.State == callback.Confirmed && after.State == callback.Connected {
		of.yes.WithLabelValues(after.Queue).Observe(after.ConnectedAt.Sub(before.Since).Seconds())
	}
	if before.AgentWaiting() && !after.AgentWaiting() {
		of.agent.WithLabelValues(after.Queue).Observe(time.Since(before.AgentSince).Seconds())
	}
	for _, cmd := range cmds {
		if _, woken := cmd.(callback.TakePlace); woken && before.State == callback.Waiting && !before.NotBefore.IsZero() {
			of.wake.Observe(max(0, time.Since(before.NotBefore).Seconds()))
		}
	}
}

func (m *Metrics) paused(queue string, on bool) {
	value := 0.0
	if on {
		value = 1
	}
	m.promises.pauses.WithLabelValues(queue).Set(value)
}

// overdue measures, when it is asked, how long the oldest promise of each queue is
// past the time that it was promised by.
type overdue struct {
	s    *promises
	desc *prometheus.Desc
}

// overdueTimeout bounds how long a scrape waits for the promises' owner.
const overdueTimeout = time.Second

func newOverdue(s *promises) *overdue {
	return &overdue{s, prometheus.NewDesc("linekeeper_callback_oldest_overdue_seconds",
		"How long ago the window ended of the promise that is overdue longest and not kept yet; 0 when none is.", []string{"queue"}, nil)}
}

// Describe gives the one metric there is.
func (o *overdue) Describe(ch chan<- *prometheus.Desc) { ch <- o.desc }

// Collect asks the owner; a daemon that stops has nothing to tell.
func (o *overdue) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), overdueTimeout)
	defer cancel()
	oldest, err := ask(ctx, o.s.box, func() map[string]time.Duration { return o.s.overdue(time.Now()) })
	if err != nil {
		return
	}
	for queue, d := range oldest {
		ch <- prometheus.MustNewConstMetric(o.desc, prometheus.GaugeValue, d.Seconds(), queue)
	}
}

// overdue is by how much the oldest promise of each queue is late. A promise in
// talk is kept.
func (s *promises) overdue(now time.Time) map[string]time.Duration {
	oldest := map[string]time.Duration{}
	for queue := range s.c.lines {
		oldest[queue] = 0
	}
	for _, p := range s.all {
		if until := p.cb.Window.Until; !until.IsZero() && p.cb.State != callback.Connected {
			oldest[p.cb.Queue] = max(oldest[p.cb.Queue], now.Sub(until))
		}
	}
	return oldest
}
