package controller

import (
	"context"
	"time"

	"github.com/linekeeper/linekeeper/callers"
	"github.com/linekeeper/linekeeper/callers/chain"
	"github.com/linekeeper/linekeeper/store"
	"github.com/prometheus/client_golang/prometheus"
)

// inDirectory is what a look-up of the call happens in. Which directories failed
// is in the journal before what the look-up comes to.
func (k *call) inDirectory() (context.Context, context.CancelFunc) {
	ctx := callers.WithFailures(k.c.ctx, func(f callers.Failure) {
		k.box.post(func() {
			k.c.store(store.Batch{Events: []store.Event{k.event("directory.failed", map[string]any{
				"directory": f.Directory, "why": string(f.Why), "ms": f.Took.Milliseconds(),
			})}})
		})
	})
	return context.WithTimeout(ctx, directoryTimeout)
}

// directoryMetrics are those of the directories of callers.
type directoryMetrics struct {
	seconds *prometheus.HistogramVec
	asked   *prometheus.CounterVec
	records *prometheus.GaugeVec
	broken  *prometheus.GaugeVec
}

func newDirectoryMetrics() directoryMetrics {
	return directoryMetrics{
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "linekeeper_directory_seconds", Help: "Time of a look-up in a directory of callers, without those answered from its cache.", Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14)}, []string{"directory"}),
		asked:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "linekeeper_directory_lookups_total", Help: "Look-ups in a directory of callers by result."}, []string{"directory", "result"}),
		records: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "linekeeper_directory_records", Help: "Records of a file of callers in use."}, []string{"directory"}),
		broken:  prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "linekeeper_directory_file_broken", Help: "1 while a file of callers has faults or is missing, and its old records are in use."}, []string{"directory"}),
	}
}

func (m directoryMetrics) all() []prometheus.Collector {
	return []prometheus.Collector{m.seconds, m.asked, m.records, m.broken}
}

// outcome counts a look-up.
func (m directoryMetrics) outcome(o chain.Outcome) {
	result := string(o.Result)
	if o.Cached {
		result = "cached"
	}
	m.asked.WithLabelValues(o.Directory, result).Inc()
	if !o.Cached {
		m.seconds.WithLabelValues(o.Directory).Observe(o.Took.Seconds())
	}
}

// watched are directories that tell what becomes of each look-up.
type watched interface{ Watch(func(chain.Outcome)) }

// DirectoryFile shows how many records of a file of callers are in use, and
// whether the file as it is now could not be read. It is safe for concurrent use.
func (m *Metrics) DirectoryFile(directory string, records int, broken bool) {
	m.directories.records.WithLabelValues(directory).Set(float64(records))
	value := 0.0
	if broken {
		value = 1
	}
	m.directories.broken.WithLabelValues(directory).Set(value)
}

// directoryTimeout bounds look-ups for directories that have no budget of their own.
const directoryTimeout = 5 * time.Second
