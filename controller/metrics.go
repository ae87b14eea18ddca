package controller

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/linekeeper/linekeeper/dialplan"
	"github.com/linekeeper/linekeeper/queues"
	"github.com/linekeeper/linekeeper/store"
)

// Metrics are the daemon's Prometheus metrics, in a registry of their own.
type Metrics struct {
	Registry *prometheus.Registry

	live         *prometheus.GaugeVec
	calls        *prometheus.CounterVec
	refused      prometheus.Counter
	wait         *prometheus.HistogramVec
	places       *prometheus.GaugeVec
	agents       *prometheus.GaugeVec
	promises     promiseMetrics
	directories  directoryMetrics
	connected    prometheus.Gauge
	switchErrors *prometheus.CounterVec
	voiceErrors  prometheus.Counter
	commits      prometheus.Histogram
	commitErrors prometheus.Counter
	owed         *prometheus.GaugeVec
	dropped      *prometheus.CounterVec
	identified   *prometheus.CounterVec
	reloads      *prometheus.CounterVec
	faulty       prometheus.Gauge
}

func newMetrics() *Metrics {
	m := &Metrics{
		Registry:     prometheus.NewRegistry(),
		live:         prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "linekeeper_calls_live", Help: "Calls under way."}, []string{"hotline"}),
		calls:        prometheus.NewCounterVec(prometheus.CounterOpts{Name: "linekeeper_calls_total", Help: "Calls that ended."}, []string{"hotline", "direction", "result"}),
		refused:      prometheus.NewCounter(prometheus.CounterOpts{Name: "linekeeper_calls_refused_total", Help: "Calls to a number that no hotline has."}),
		wait:         prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "linekeeper_wait_seconds", Help: "Time from taking a place to the agent.", Buckets: []float64{1, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600}}, []string{"queue"}),
		places:       prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "linekeeper_places", Help: "Places in a queue by state."}, []string{"queue", "state"}),
		agents:       prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "linekeeper_agents", Help: "Agents of a queue by state."}, []string{"queue", "state"}),
		identified:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "linekeeper_identifications_total", Help: "PINs, codes and answers that callers entered, by what came of them; number is shown or withheld."}, []string{"method", "result", "number"}),
		reloads:      prometheus.NewCounterVec(prometheus.CounterOpts{Name: "linekeeper_hotline_documents_total", Help: "Hotline documents that a reload took or refused."}, []string{"result"}),
		faulty:       prometheus.NewGauge(prometheus.GaugeOpts{Name: "linekeeper_hotline_documents_refused", Help: "Hotline documents that the last reload refused; their hotlines go on with the former ones."}),
		promises:     newPromiseMetrics(),
		directories:  newDirectoryMetrics(),
		connected:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "linekeeper_switch_connected", Help: "1 while the switch is connected."}),
		switchErrors: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "linekeeper_switch_errors_total", Help: "Requests that the switch refused, by kind."}, []string{"kind"}),
		voiceErrors:  prometheus.NewCounter(prometheus.CounterOpts{Name: "linekeeper_voice_errors_total", Help: "Texts that could not be spoken."}),
		commits:      prometheus.NewHistogram(prometheus.HistogramOpts{Name: "linekeeper_store_commit_seconds", Help: "Time of one commit to the store.", Buckets: prometheus.ExponentialBuckets(0.0005, 2, 12)}),
		commitErrors: prometheus.NewCounter(prometheus.CounterOpts{Name: "linekeeper_store_commit_errors_total", Help: "Commits that failed."}),
		owed:         prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "linekeeper_store_owed", Help: "Records and journal entries that wait in memory to be stored."}, []string{"kind"}),
		dropped:      prometheus.NewCounterVec(prometheus.CounterOpts{Name: "linekeeper_store_dropped_total", Help: "Records and journal entries that were dropped because too much waited to be stored."}, []string{"kind"}),
	}
	m.Registry.MustRegister(m.identified, m.reloads, m.faulty, m.live, m.calls, m.refused, m.wait, m.places, m.agents,
		m.connected, m.switchErrors, m.voiceErrors, m.commits, m.commitErrors, m.owed, m.dropped,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.Registry.MustRegister(m.promises.all()...)
	m.Registry.MustRegister(m.directories.all()...)
	return m
}

func (m *Metrics) commit(d time.Duration, err error) {
	m.commits.Observe(d.Seconds())
	if err != nil {
		m.commitErrors.Inc()
	}
}

func (m *Metrics) callEnded(c store.Call) {
	m.calls.WithLabelValues(c.Hotline, string(c.Direction), c.Result).Inc()
}

func (m *Metrics) served(p queues.Place) {
	m.wait.WithLabelValues(p.Queue).Observe(p.ServedAt.Sub(p.TakenAt).Seconds())
}

// line shows how a queue stands.
func (m *Metrics) line(queue string, n queues.Counts) {
	for state, count := range map[string]int{
		"resting": n.Resting, "entering": n.Entering, "waiting": n.Waiting, "offered": n.Offered, "served": n.Served, "foreign": n.Foreign,
	} {
		m.places.WithLabelValues(queue, state).Set(float64(count))
	}
	for state, count := range map[string]int{
		"idle": n.Idle, "ringing": n.Ringing, "talking": n.Talking, "wrapup": n.WrapUp, "paused": n.Paused, "offline": n.Offline,
		"busy": n.Busy, "logged_out": n.Off,
	} {
		m.agents.WithLabelValues(queue, state).Set(float64(count))
	}
}

// Metrics gives the registry's owner.
func (c *Controller) Metrics() *Metrics { return c.met }

// identification counts an entry by which a caller wanted to be known.
func (m *Metrics) identification(method dialplan.Method, result, ani string) {
	number := "shown"
	if ani == "" {
		number = "withheld"
	}
	m.identified.WithLabelValues(string(method), result, number).Inc()
}
